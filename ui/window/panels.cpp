#include "ui/window/panels.h"

#include "ui/canvas/canvas_view.h"
#include "ui/canvas/message_layer.h"
#include "ui/canvas/spotlight.h"
#include "ui/inspect/checks_panel.h"
#include "ui/inspect/component_panel.h"
#include "ui/inspect/fault_panel.h"
#include "ui/inspect/ledger_panel.h"
#include "ui/inspect/message_panel.h"
#include "ui/inspect/metrics_panel.h"
#include "ui/inspect/route_panel.h"
#include "ui/inspect/trace_panel.h"
#include "ui/plots/series_panel.h"
#include "ui/window/main_window.h"

#include <QDockWidget>
#include <QMenu>

namespace ui {
namespace {

/// Brings the dock that holds a panel to the front of its tabs.
void raise(QWidget* panel) {
    QWidget* around = panel->parentWidget();
    while (around != nullptr && qobject_cast<QDockWidget*>(around) == nullptr) {
        around = around->parentWidget();
    }
    if (around != nullptr) {
        around->show();
        around->raise();
    }
}

} // namespace

template <typename Do> void Panels::forEachPanel(Do call) {
    call(m_component);
    call(m_message);
    call(m_faults);
    call(m_series);
    call(m_trace);
    call(m_ledger);
    call(m_checks);
    call(m_metrics);
}

template <typename Panel> void Panels::followInstants(Panel* panel) {
    connect(panel, &Panel::instantPicked, &m_window.player(), &Player::seek);
}

template <typename Panel> void Panels::followMessages(Panel* panel) {
    connect(panel, &Panel::messagePicked, this, &Panels::showMessage);
}

template <typename Panel> void Panels::followComponents(Panel* panel) {
    connect(panel, &Panel::componentPicked, this, &Panels::showComponent);
}

Panels::Panels(MainWindow& window)
    : QObject(&window)
    , m_window(window)
    , m_component(new ComponentPanel)
    , m_message(new MessagePanel)
    , m_faults(new FaultPanel)
    , m_series(new SeriesPanel)
    , m_trace(new TracePanel)
    , m_ledger(new LedgerPanel)
    , m_checks(new ChecksPanel)
    , m_metrics(new MetricsPanel)
    , m_route(new RoutePanel) {
    addDocks();
    connectCanvas();
    m_component->setEdit(
        [&window](const QString& label, const std::function<void(sim::Scenario&)>& change) {
            window.document().edit(label, change);
        });
    connect(m_faults, &FaultPanel::faultRequested, &window.player(), &Player::inject);
    connect(m_faults, &FaultPanel::shown, this, [this] { raise(m_faults); });
    connect(&window.document(), &Document::replaced, this, &Panels::chooseNothing);
    followInstants(m_component);
    followInstants(m_message);
    followInstants(m_faults);
    followInstants(m_series);
    followInstants(m_trace);
    followInstants(m_checks);
    followMessages(m_component);
    followMessages(m_trace);
    followMessages(m_ledger);
    followMessages(m_checks);
    followComponents(m_message);
    followComponents(m_trace);
    followComponents(m_ledger);
    connect(m_checks, &ChecksPanel::witnessPicked, this, &Panels::showWitness);
    connect(m_route, &RoutePanel::shown, this, [this] { raise(m_route); });
    connect(m_route, &RoutePanel::answered, this, &Panels::lightPaths);
    connect(m_route, &RoutePanel::componentPicked, this, [this](sim::ComponentId component) {
        m_window.canvas().select(component); // the answer stays in front
        m_window.canvas().reveal(component);
    });
}

void Panels::addDocks() {
    const auto right = Qt::RightDockWidgetArea;
    QDockWidget* inspector =
        m_window.addPanel(right, QStringLiteral("inspector"), tr("Inspector"), m_component);
    QDockWidget* message =
        m_window.addPanel(right, QStringLiteral("message"), tr("Message"), m_message);
    QDockWidget* faults =
        m_window.addPanel(right, QStringLiteral("faults"), tr("Faults"), m_faults);
    QDockWidget* route = m_window.addPanel(right, QStringLiteral("route"), tr("Route"), m_route);
    m_window.tabifyDockWidget(inspector, message);
    m_window.tabifyDockWidget(message, faults);
    m_window.tabifyDockWidget(faults, route);
    route->hide(); // until something is asked
    connect(route, &QDockWidget::visibilityChanged, m_route, &RoutePanel::setSeen);
    inspector->raise();
    const auto bottom = Qt::BottomDockWidgetArea;
    QDockWidget* checks =
        m_window.addPanel(bottom, QStringLiteral("checks"), tr("Checks"), m_checks);
    m_window.addPanel(bottom, QStringLiteral("plots"), tr("Plots"), m_series);
    m_window.addPanel(bottom, QStringLiteral("log"), tr("Log"), m_trace);
    m_window.addPanel(bottom, QStringLiteral("ledger"), tr("Ledger"), m_ledger);
    m_window.addPanel(bottom, QStringLiteral("metrics"), tr("Metrics"), m_metrics);
    checks->raise();
}

void Panels::connectCanvas() {
    CanvasView& canvas = m_window.canvas();
    followComponents(&canvas);
    followMessages(&canvas);
    connect(&canvas, &CanvasView::linkPicked, this, &Panels::showLink);
    connect(&canvas, &CanvasView::heapPicked, this, &Panels::showHeap);
    connect(&canvas, &CanvasView::menuRequested, this, &Panels::showMenu);
}

void Panels::begin() {
    auto catalogue = m_window.player().catalogue();
    if (catalogue == nullptr) { // no run: nothing is known of the frames before
        catalogue = std::make_shared<const sim::Catalogue>();
    }
    const sim::Scenario& scenario = m_window.document().scenario();
    forEachPanel([&](auto* panel) {
        panel->setFrame(nullptr);
        panel->setScenario(scenario, catalogue);
    });
    m_route->setScenario(scenario);
}

void Panels::setFrame(const FramePtr& frame) {
    if (frame == nullptr) {
        return; // no run: the panels keep what they showed last
    }
    forEachPanel([&](auto* panel) { panel->setFrame(frame); });
    m_series->setPlayhead(frame->at);
    m_trace->setPlayhead(frame->at);
}

/// What was chosen in another document is not in this one.
void Panels::chooseNothing() {
    m_component->chooseNothing();
    m_message->chooseNothing();
    m_route->chooseNothing();
    m_series->choose(std::nullopt);
}

void Panels::showComponent(sim::ComponentId component) {
    m_window.canvas().select(component);
    m_window.canvas().reveal(component);
    m_component->choose(component);
    m_series->choose(component);
    raise(m_component);
}

void Panels::showLink(sim::LinkId link) {
    m_component->choose(link);
    raise(m_component);
}

void Panels::showMessage(sim::MessageId message) {
    m_window.canvas().select(message);
    m_message->choose(message);
    raise(m_message);
}

void Panels::showHeap(const HeapPlace& heap) {
    const auto& heaps = m_window.canvas().content().picture.heaps;
    const auto found = std::ranges::find(heaps, heap, &Heap::place);
    m_trace->filterHeap(heap, found == heaps.end() ? QString() : heapText(*found));
    raise(m_trace);
}

void Panels::showChecks() { raise(m_checks); }

void Panels::showWitness(const sim::Verdict& verdict, const sim::Witness& witness) {
    m_window.player().pause();
    m_window.player().seek(verdict.at);
    m_window.canvas().light(spotlightOn(verdict, witness));
    if (!verdict.messages.empty()) {
        m_message->choose(verdict.messages.front());
    }
}

void Panels::showRoute() {
    const Target& selected = m_window.canvas().content().selected;
    const auto* component = std::get_if<sim::ComponentId>(&selected);
    const auto* link = std::get_if<sim::LinkId>(&selected);
    const bool asked = (component != nullptr && m_route->askAbout(*component)) ||
                       (link != nullptr && m_route->askAbout(*link));
    if (!asked) {
        m_route->askAnything();
    }
}

/// Shows on the canvas what the panel tells, as long as it is seen.
void Panels::lightPaths() {
    CanvasView& canvas = m_window.canvas();
    if (!m_route->answer()) {
        canvas.putOut(m_paths);
        return;
    }
    std::optional<Route> from;
    if (const auto link = m_route->publishedOn()) {
        from = canvas.content().layout.routes.at(index(*link));
    }
    m_paths = spotlightOn(m_route->title(), *m_route->answer(), from);
    canvas.light(m_paths);
}

void Panels::showFacts(const QString& text) {
    m_trace->filterText(text);
    raise(m_trace);
}

bool Panels::showContract() {
    const bool shown = m_component->showContractTab();
    if (shown) {
        raise(m_component);
    }
    return shown;
}

void Panels::showMenu(const Target& target, QPoint place) {
    const auto* component = std::get_if<sim::ComponentId>(&target);
    const auto* link = std::get_if<sim::LinkId>(&target);
    QMenu* menu = component != nullptr ? m_faults->faultMenu(*component, &m_window)
                  : link != nullptr    ? m_faults->faultMenu(*link, &m_window)
                                       : nullptr;
    if (menu == nullptr) {
        return;
    }
    menu->addSeparator();
    component != nullptr ? m_route->addTo(*menu, *component) : m_route->addTo(*menu, *link);
    if (component != nullptr) {
        menu->addAction(tr("Contract"), this, &Panels::showContract);
    }
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->popup(place);
}

} // namespace ui
