#pragma once

#include "sim/kernel/catalogue.h"
#include "sim/scenario/scenario.h"
#include "ui/common/frame_feed.h"
#include "ui/inspect/message_facts.h"

#include <QWidget>

#include <memory>
#include <optional>

namespace ui {

class FactBrowser;

/// One message: its envelope, its headers, and its journey so far.
class MessagePanel : public QWidget {
    Q_OBJECT

public:
    explicit MessagePanel(QWidget* parent = nullptr);

    void setScenario(const sim::Scenario& scenario,
                     std::shared_ptr<const sim::Catalogue> catalogue);
    void setFrame(const FramePtr& frame) { m_feed->take(frame); }
    void choose(sim::MessageId message);
    void chooseNothing();

signals:
    void instantPicked(sim::Instant at);
    void messagePicked(sim::MessageId message);
    void componentPicked(sim::ComponentId component);

protected:
    void changeEvent(QEvent* event) override;

private:
    void refresh(const sim::Frame& frame);
    void showNothing();

    FrameFeed* m_feed;
    FactBrowser* m_text;
    sim::Scenario m_scenario;
    std::shared_ptr<const sim::Catalogue> m_catalogue;
    std::optional<MessageFacts> m_facts;
};

} // namespace ui
