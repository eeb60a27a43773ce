#pragma once

#include "sim/base/ids.h"

#include <QObject>

namespace ui {

class ChecksPanel;
class ComponentPanel;
class FaultPanel;
class LedgerPanel;
class MainWindow;
class MessagePanel;
class MetricsPanel;
class SeriesPanel;
class TracePanel;
struct HeapPlace;

/// The panels around the canvas, in their docks: each gets the scenario and every frame, and what
/// is picked in one is shown in all.
class Panels : public QObject {
    Q_OBJECT

public:
    /// Adds the docks to the window, which owns the panels.
    explicit Panels(MainWindow& window);

    /// Brings the checks to the front.
    void showChecks();

private:
    void place();
    void connectRun();
    void connectPicks();
    void setScenario();
    void pickComponent(sim::ComponentId component);
    void pickLink(sim::LinkId link);
    void pickMessage(sim::MessageId message);
    void pickHeap(const ui::HeapPlace& heap);

    template <typename Do> void each(Do work);

    MainWindow& m_window;
    ComponentPanel* m_component;
    MessagePanel* m_message;
    FaultPanel* m_faults;
    ChecksPanel* m_checks;
    LedgerPanel* m_ledger;
    MetricsPanel* m_metrics;
    SeriesPanel* m_series;
    TracePanel* m_trace;
};

} // namespace ui
