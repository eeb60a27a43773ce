#include "ui/window/panels.h"

#include "ui/canvas/canvas_view.h"
#include "ui/inspect/checks_panel.h"
#include "ui/inspect/component_panel.h"
#include "ui/inspect/fault_panel.h"
#include "ui/inspect/ledger_panel.h"
#include "ui/inspect/message_panel.h"
#include "ui/inspect/metrics_panel.h"
#include "ui/inspect/trace_panel.h"
#include "ui/plots/series_panel.h"
#include "ui/window/main_window.h"

#include <QDockWidget>

#include <type_traits>

namespace ui {

namespace {

void bringUp(QWidget& panel) {
    if (auto* dock = qobject_cast<QDockWidget*>(panel.parentWidget())) {
        dock->show();
        dock->raise();
    }
}

} // namespace

Panels::Panels(MainWindow& window)
    : QObject(&window)
    , m_window(window)
    , m_component(new ComponentPanel)
    , m_message(new MessagePanel)
    , m_faults(new FaultPanel)
    , m_checks(new ChecksPanel)
    , m_ledger(new LedgerPanel)
    , m_metrics(new MetricsPanel)
    , m_series(new SeriesPanel)
    , m_trace(new TracePanel) {
    place();
    connectRun();
    connectPicks();
    m_component->setEdit([this](const QString& label, const auto& change) {
        m_window.document().edit(label, change);
    });
}

/// Does something with each panel.
template <typename Do> void Panels::each(Do work) {
    work(*m_component);
    work(*m_message);
    work(*m_faults);
    work(*m_checks);
    work(*m_ledger);
    work(*m_metrics);
    work(*m_series);
    work(*m_trace);
}

void Panels::place() {
    const auto right = [&](const char* name, const QString& title, QWidget* panel) {
        return m_window.addPanel(Qt::RightDockWidgetArea, QString::fromUtf8(name), title, panel);
    };
    QDockWidget* inspector = right("inspector", tr("Inspector"), m_component);
    m_window.tabifyDockWidget(inspector, right("message", tr("Message"), m_message));
    m_window.tabifyDockWidget(inspector, right("faults", tr("Faults"), m_faults));
    inspector->raise();
    const auto below = [&](const char* name, const QString& title, QWidget* panel) {
        return m_window.addPanel(Qt::BottomDockWidgetArea, QString::fromUtf8(name), title, panel);
    };
    QDockWidget* checks = below("checks", tr("Checks"), m_checks);
    below("plots", tr("Plots"), m_series);
    below("metrics", tr("Metrics"), m_metrics);
    below("ledger", tr("Ledger"), m_ledger);
    below("log", tr("Log"), m_trace);
    checks->raise();
    m_window.resizeDocks({inspector}, {320}, Qt::Horizontal);
    m_window.resizeDocks({checks}, {220}, Qt::Vertical);
}

void Panels::connectRun() {
    Player& player = m_window.player();
    connect(&m_window.document(), &Document::changed, this, &Panels::setScenario);
    connect(&player, &Player::opened, this, &Panels::setScenario);
    each([&](auto& panel) {
        connect(&player, &Player::framed, &panel,
                [&panel](const FramePtr& frame) { panel.setFrame(frame); });
    });
    connect(&player, &Player::framed, m_trace,
            [this] { m_trace->setPlayhead(m_window.player().playhead()); });
    connect(&player, &Player::framed, m_series,
            [this] { m_series->setPlayhead(m_window.player().playhead()); });
    connect(m_faults, &FaultPanel::faultRequested, &player, &Player::inject);
}

void Panels::connectPicks() {
    each([&](auto& panel) {
        using Panel = std::remove_reference_t<decltype(panel)>;
        if constexpr (requires { &Panel::instantPicked; }) {
            connect(&panel, &Panel::instantPicked, &m_window.player(), &Player::seek);
        }
        if constexpr (requires { &Panel::messagePicked; }) {
            connect(&panel, &Panel::messagePicked, this, &Panels::pickMessage);
        }
        if constexpr (requires { &Panel::componentPicked; }) {
            connect(&panel, &Panel::componentPicked, this, &Panels::pickComponent);
        }
    });
    const CanvasView& canvas = m_window.canvas();
    connect(&canvas, &CanvasView::componentPicked, this, &Panels::pickComponent);
    connect(&canvas, &CanvasView::linkPicked, this, &Panels::pickLink);
    connect(&canvas, &CanvasView::messagePicked, this, &Panels::pickMessage);
    connect(&canvas, &CanvasView::heapPicked, this, &Panels::pickHeap);
}

void Panels::setScenario() {
    each([&](auto& panel) {
        panel.setScenario(m_window.document().scenario(), m_window.player().catalogue());
    });
}

void Panels::pickComponent(sim::ComponentId component) {
    m_window.canvas().select(component);
    m_component->choose(component);
    m_series->choose(component);
    bringUp(*m_component);
}

void Panels::pickLink(sim::LinkId link) {
    m_component->choose(link);
    bringUp(*m_component);
}

void Panels::pickMessage(sim::MessageId message) {
    m_window.canvas().select(message);
    m_message->choose(message);
    bringUp(*m_message);
}

void Panels::pickHeap(const HeapPlace& heap) {
    m_trace->filterComponent(heap.at);
    bringUp(*m_trace);
}

void Panels::showChecks() { bringUp(*m_checks); }

} // namespace ui
