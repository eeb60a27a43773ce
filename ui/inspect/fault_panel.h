#pragma once

#include "sim/kernel/catalogue.h"
#include "sim/scenario/scenario.h"
#include "ui/common/fault_history.h"
#include "ui/common/frame_feed.h"

#include <QMenu>
#include <QWidget>

#include <memory>
#include <vector>

class QComboBox;
class QLabel;
class QPushButton;

namespace ui {

class FactBrowser;
class PropertyForm;

/// Injects faults into the run by hand: every kind, with its parameters, at the instant that is
/// shown. Below stands what struck the run so far.
class FaultPanel : public QWidget {
    Q_OBJECT

public:
    explicit FaultPanel(QWidget* parent = nullptr);

    void setScenario(const sim::Scenario& scenario,
                     std::shared_ptr<const sim::Catalogue> catalogue);
    void setFrame(const FramePtr& frame) { m_feed->take(frame); }

    /// The faults that fit, ready to be injected, for a context menu. The caller owns the menu.
    QMenu* faultMenu(sim::ComponentId component, QWidget* parent);
    QMenu* faultMenu(sim::LinkId link, QWidget* parent);

    /// Shows the fault in the form, to be looked at and changed before it is injected.
    void prepare(const sim::FaultSpec& fault);

signals:
    /// `when.at` is the instant of the newest frame.
    void faultRequested(const sim::FaultSpec& fault);
    /// The form shows a fault that was asked for elsewhere: the panel should be seen.
    void shown();
    void instantPicked(sim::Instant at);

protected:
    void changeEvent(QEvent* event) override;

private:
    QMenu* menuOf(const std::vector<sim::FaultSpec>& faults, QWidget* parent);
    void chooseKind(int kind);
    void showForm();
    void showProblems();
    void inject(sim::FaultSpec fault);
    void refresh(const sim::Frame& frame);
    void showHistory();
    QString spanRow(const FaultSpan& span) const;
    QString titleOf(std::uint32_t fault) const;
    sim::Instant now() const;

    FrameFeed* m_feed;
    QComboBox* m_kinds;
    QLabel* m_help;
    PropertyForm* m_form;
    QPushButton* m_inject;
    FactBrowser* m_list;
    sim::Scenario m_scenario;
    std::shared_ptr<const sim::Catalogue> m_catalogue;
    std::vector<sim::FaultSpec> m_choices; ///< one for each kind, as the user left it
    std::vector<sim::FaultSpec>
        m_interventions;    ///< of the newest frame; they follow the scenario's own
    sim::FaultSpec m_fault; ///< what the form edits
    FaultHistory m_history;
};

} // namespace ui
