#pragma once

#include "ui/canvas/content.h"
#include "ui/common/frame_feed.h"
#include "ui/document/document.h"
#include "ui/playback/player.h"

#include <QObject>

namespace ui {

class CanvasView;
class ChecksPanel;
class ComponentPanel;
class FaultPanel;
class LedgerPanel;
class MainWindow;
class MessagePanel;
class MetricsPanel;
class RoutePanel;
class SeriesPanel;
class TimelineBar;
class TracePanel;

/// The panels around the canvas: made, put into docks and tied to the run. Whatever is picked in
/// one is shown in the others, and an instant picked anywhere moves the one playhead.
class Panels : public QObject {
    Q_OBJECT

public:
    /// Requires a window that has its canvas and timeline.
    explicit Panels(MainWindow& window);

    /// Another run or another state of its faults begins.
    void begin();
    void setFrame(const FramePtr& frame);

    ChecksPanel& checks() { return *m_checks; }
    ComponentPanel& component() { return *m_component; }
    MessagePanel& message() { return *m_message; }
    FaultPanel& faults() { return *m_faults; }
    TracePanel& trace() { return *m_trace; }
    RoutePanel& route() { return *m_route; }

public slots:
    void showComponent(sim::ComponentId component);
    void showLink(sim::LinkId link);
    void showMessage(sim::MessageId message);
    /// Lists what fell onto the heap.
    void showHeap(const ui::HeapPlace& heap);
    void showChecks();
    /// Goes to the moment of a violation and lights what it is made of.
    void showWitness(const sim::Verdict& verdict, const sim::Witness& witness);
    /// Asks where a message goes that is published to what is selected, or to anything.
    void showRoute();
    /// Lists the facts that say something.
    void showFacts(const QString& text);
    /// The contract card of the selected component. False: none is selected.
    bool showContract();
    /// What can be done with a thing on the canvas, in a menu.
    void showMenu(const ui::Target& target, QPoint place);

private:
    void addDocks();
    void connectCanvas();
    void chooseNothing();
    void lightPaths();
    template <typename Panel> void followInstants(Panel* panel);
    template <typename Panel> void followMessages(Panel* panel);
    template <typename Panel> void followComponents(Panel* panel);
    template <typename Do> void forEachPanel(Do call);

    MainWindow& m_window;
    ComponentPanel* m_component;
    MessagePanel* m_message;
    FaultPanel* m_faults;
    SeriesPanel* m_series;
    TracePanel* m_trace;
    LedgerPanel* m_ledger;
    ChecksPanel* m_checks;
    MetricsPanel* m_metrics;
    RoutePanel* m_route;
    Spotlight m_paths; ///< lit for m_route
};

} // namespace ui
