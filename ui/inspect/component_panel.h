#pragma once

#include "sim/kernel/catalogue.h"
#include "sim/scenario/scenario.h"
#include "ui/common/frame_feed.h"
#include "ui/inspect/edit.h"

#include <QWidget>

#include <memory>
#include <optional>
#include <variant>

class QLabel;
class QTabWidget;

namespace ui {

class FactBrowser;
class PropertyForm;

/// The inspector of one component or link: its state now, its parameters, its contract.
class ComponentPanel : public QWidget {
    Q_OBJECT

public:
    explicit ComponentPanel(QWidget* parent = nullptr);

    /// How parameters are changed; without one they can only be read.
    void setEdit(Edit edit) { m_edit = std::move(edit); }
    /// The scenario being edited. What is chosen stays chosen while it is still there.
    void setScenario(const sim::Scenario& scenario,
                     std::shared_ptr<const sim::Catalogue> catalogue);
    void setFrame(const FramePtr& frame) { m_feed->take(frame); }

    void choose(sim::ComponentId component);
    void choose(sim::LinkId link);
    void chooseNothing();
    /// Brings the contract of the chosen component to the front. False: none is chosen.
    bool showContractTab();

signals:
    void messagePicked(sim::MessageId message);
    void instantPicked(sim::Instant at);
    void componentPicked(sim::ComponentId component);

protected:
    void changeEvent(QEvent* event) override;

private:
    using Chosen = std::variant<std::monostate, sim::ComponentId, sim::LinkId>;

    const sim::ComponentEntry* component() const;
    const sim::LinkSpec* link() const;
    void chooseThat(Chosen chosen);
    void showChosen();
    void showHead();
    void showForm();
    void showContract();
    void showProblems();
    void refresh(const sim::Frame& frame);
    void takeEdit(const QString& what);

    FrameFeed* m_feed;
    Edit m_edit;
    QLabel* m_name;
    QLabel* m_caption;
    QTabWidget* m_tabs;
    FactBrowser* m_state;
    PropertyForm* m_form;
    FactBrowser* m_contract;
    sim::Scenario m_scenario;
    std::shared_ptr<const sim::Catalogue> m_catalogue;
    Chosen m_chosen;
    sim::ComponentEntry m_entry; ///< what the form edits, when a component is chosen
    sim::LinkSpec m_link;        ///< what the form edits, when a link is chosen
};

} // namespace ui
