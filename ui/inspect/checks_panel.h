#pragma once

#include "sim/kernel/catalogue.h"
#include "sim/scenario/scenario.h"
#include "ui/common/frame_feed.h"
#include "ui/inspect/fact_browser.h"
#include "ui/inspect/verdict_model.h"

#include <QWidget>

#include <memory>
#include <optional>

class QComboBox;
class QLabel;
class QSortFilterProxyModel;
class QTreeView;

namespace ui {

/// What the run is judged by, and how it stands: one row for each check, and for the one chosen the
/// witness in plain words and fact by fact.
class ChecksPanel : public QWidget {
    Q_OBJECT

public:
    explicit ChecksPanel(QWidget* parent = nullptr);

    void setScenario(const sim::Scenario& scenario,
                     std::shared_ptr<const sim::Catalogue> catalogue);
    void setFrame(const FramePtr& frame) { m_feed->take(frame); }

signals:
    void witnessPicked(const sim::Verdict& verdict, const sim::Witness& witness);
    void instantPicked(sim::Instant at);
    void messagePicked(sim::MessageId message);

protected:
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeTop();
    QWidget* makeBody();
    void refresh(const sim::Frame& frame);
    void refreshCount();
    void refreshDetail();
    void pickCurrent();
    std::optional<sim::Verdict> current() const;

    FrameFeed* m_feed;
    VerdictModel* m_model;
    QSortFilterProxyModel* m_filter;
    QComboBox* m_states = nullptr;
    QLabel* m_count = nullptr;
    QTreeView* m_list = nullptr;
    FactBrowser* m_detail = nullptr;
    sim::Verdict m_explained; ///< the verdict that m_witness is of
    sim::Witness m_witness;
    std::shared_ptr<const sim::Catalogue> m_catalogue;
};

} // namespace ui
