#include "ui/canvas/canvas_view.h"

#include "ui/canvas/hover_text.h"
#include "ui/canvas/mini_map.h"
#include "ui/document/document.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <cmath>

namespace ui {

namespace {

constexpr double pointerSlack = 4; // pixels that the pointer may miss by

QPointF positionOf(const sim::Scenario& scenario, sim::ComponentId card) {
    const sim::Position& position = scenario.components[index(card)].position;
    return {position.x, position.y};
}

} // namespace

CanvasView::CanvasView(Document& document, QWidget* parent)
    : QWidget(parent)
    , m_document(document) {
    setAccessibleName(tr("Canvas"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setMinimumSize(320, 200);
    connect(&document, &Document::replaced, this, &CanvasView::documentReplaced);
    connect(&document, &Document::changed, this, &CanvasView::documentChanged);
    new MiniMap(*this);
    documentReplaced();
    documentChanged();
}

void CanvasView::setFrame(const std::shared_ptr<const sim::Frame>& frame) {
    const auto settingsOf = [](const auto& one) {
        return one ? one->view.settings : decltype(one->view.settings){};
    };
    if (settingsOf(m_content.frame) != settingsOf(frame)) {
        m_painter.invalidate(); // captions are in the still picture
    }
    m_content.frame = frame;
    refresh();
}

void CanvasView::setFaults(const std::vector<sim::FaultSpec>& faults) {
    m_content.faults = faults;
    update();
}

void CanvasView::select(const Target& target) {
    if (m_content.selected == target) {
        return;
    }
    m_content.selected = target;
    m_painter.invalidate();
    update();
    emit selectionChanged(target);
}

void CanvasView::light(const Spotlight& light) {
    m_content.spotlight = light;
    m_painter.invalidate();
    update();
}

void CanvasView::putOut(const Spotlight& light) {
    if (m_content.spotlight == light) {
        m_content.spotlight.reset();
        m_painter.invalidate();
        update();
    }
}

void CanvasView::letGo() {
    if (m_content.spotlight.has_value()) {
        putOut(Spotlight(*m_content.spotlight));
    }
    select({});
}

void CanvasView::reveal(sim::ComponentId component) {
    const QRectF& card = m_content.layout.cards.at(index(component));
    if (!m_viewport.toCanvas(QRectF(rect())).contains(card)) {
        centreOn(card.center());
    }
}

void CanvasView::fit() {
    m_viewport.fit(m_content.layout.bounds, size());
    m_fitted = true;
    viewportMoved();
}

void CanvasView::arrange() {
    m_document.edit(tr("Arrange"), [](sim::Scenario& scenario) { scenario = arranged(scenario); });
    fit();
}

void CanvasView::zoomIn() {
    m_viewport.zoomAt(rect().center(), 1.25);
    m_fitted = false;
    viewportMoved();
}

void CanvasView::zoomOut() {
    m_viewport.zoomAt(rect().center(), 0.8);
    m_fitted = false;
    viewportMoved();
}

void CanvasView::centreOn(QPointF canvas) {
    m_viewport.centreOn(canvas, size());
    m_fitted = false;
    viewportMoved();
}

void CanvasView::documentReplaced() {
    m_content.frame.reset();
    m_content.faults.clear();
    m_content.selected = {};
    m_content.hovered = {};
    m_content.spotlight.reset();
    m_fitted = true;
}

void CanvasView::documentChanged() {
    const sim::Scenario& scenario = m_document.scenario();
    if (scenario.components.size() != m_content.scenario.components.size() ||
        scenario.links.size() != m_content.scenario.links.size()) {
        m_content.frame.reset(); // its ids mean other things now; the next run brings a new one
        m_content.tally = {};
        m_content.spotlight.reset();
    }
    m_content.scenario = scenario;
    m_content.layout = layoutOf(m_content.scenario);
    m_painter.invalidate();
    if (m_fitted && !m_drag.has_value()) {
        fit();
    }
    refresh();
}

/// Computes the picture anew from what is known.
void CanvasView::refresh() {
    m_content.picture = {};
    if (m_content.frame) {
        const sim::Instant at = m_content.frame->at;
        m_content.tally.follow(m_content.frame->log, at);
        m_content.picture =
            pictureOf(m_content.scenario, *m_content.frame, m_content.tally, at, m_fade);
    } else {
        m_content.tally = {};
    }
    update();
}

void CanvasView::viewportMoved() {
    m_painter.invalidate();
    update();
    emit viewportChanged();
}

void CanvasView::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    m_painter.paint(painter, ui::palette(palette()), m_content, m_viewport, size(),
                    devicePixelRatioF());
}

void CanvasView::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    if (m_fitted) {
        fit();
    }
    viewportMoved();
}

void CanvasView::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        documentChanged(); // cards are as large as their text
    } else if (event->type() == QEvent::PaletteChange) {
        m_painter.invalidate();
        update();
    }
}

bool CanvasView::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        return showToolTip(help->pos(), help->globalPos());
    }
    return QWidget::event(event);
}

bool CanvasView::showToolTip(QPointF screen, QPoint global) {
    const QString text = hoverText(m_content, targetAt(screen));
    text.isEmpty() ? QToolTip::hideText() : QToolTip::showText(global, text, this);
    return true;
}

Target CanvasView::targetAt(QPointF screen) const {
    return ui::targetAt(m_content, m_viewport.toCanvas(screen), pointerSlack / m_viewport.zoom());
}

void CanvasView::wheelEvent(QWheelEvent* event) {
    m_viewport.zoomAt(event->position(), std::pow(1.0015, event->angleDelta().y()));
    m_fitted = false;
    viewportMoved();
}

void CanvasView::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::RightButton) {
        return;
    }
    m_drag = Drag{.card = {}, .grabbed = event->position(), .began = event->position()};
    const bool pans = event->button() == Qt::MiddleButton;
    const Target target = pans ? Target() : targetAt(event->position());
    if (const auto* card = std::get_if<sim::ComponentId>(&target)) {
        m_drag->card = *card;
        m_drag->grabbed =
            m_viewport.toCanvas(event->position()) - positionOf(m_content.scenario, *card);
        ++m_gesture;
    }
    if (!pans) {
        std::holds_alternative<std::monostate>(target) ? letGo() : select(target);
        announce(target);
    }
}

/// Tells the panels what was picked.
void CanvasView::announce(const Target& target) {
    if (const auto* card = std::get_if<sim::ComponentId>(&target)) {
        emit componentPicked(*card);
    } else if (const auto* link = std::get_if<sim::LinkId>(&target)) {
        emit linkPicked(*link);
    } else if (const auto* message = std::get_if<sim::MessageId>(&target)) {
        emit messagePicked(*message);
    } else if (const auto* heap = std::get_if<HeapTarget>(&target)) {
        emit heapPicked(heap->place);
    }
}

void CanvasView::mouseMoveEvent(QMouseEvent* event) {
    if (!m_drag.has_value()) {
        const Target target = targetAt(event->position());
        setCursor(std::holds_alternative<std::monostate>(target) ? Qt::ArrowCursor
                                                                 : Qt::PointingHandCursor);
        if (!(m_content.hovered == target)) {
            m_content.hovered = target;
            update();
        }
        return;
    }
    const QPointF way = event->position() - m_drag->began;
    if (!m_drag->moved && way.manhattanLength() < QApplication::startDragDistance()) {
        return;
    }
    m_drag->moved = true;
    if (m_drag->card.has_value()) {
        dragCard(event->position());
        return;
    }
    m_viewport.pan(event->position() - m_drag->grabbed);
    m_drag->grabbed = event->position();
    m_fitted = false;
    viewportMoved();
}

void CanvasView::dragCard(QPointF screen) {
    const QPointF centre = m_viewport.toCanvas(screen) - m_drag->grabbed;
    moveCard(*m_drag->card, centre, QStringLiteral("drag %1").arg(m_gesture));
}

void CanvasView::moveCard(sim::ComponentId card, QPointF centre, const QString& gesture) {
    if (index(card) >= m_document.scenario().components.size()) {
        return; // the document changed under the gesture
    }
    const sim::Position place{onGrid(centre.x()), onGrid(centre.y())};
    m_document.edit(
        tr("Move"),
        [&](sim::Scenario& scenario) { scenario.components[index(card)].position = place; },
        gesture);
}

void CanvasView::mouseReleaseEvent(QMouseEvent* /*event*/) { m_drag.reset(); }

void CanvasView::mouseDoubleClickEvent(QMouseEvent* event) {
    if (std::holds_alternative<std::monostate>(targetAt(event->position()))) {
        fit();
    }
}

void CanvasView::leaveEvent(QEvent* /*event*/) {
    m_content.hovered = {};
    update();
}

void CanvasView::contextMenuEvent(QContextMenuEvent* event) {
    const Target target = targetAt(event->pos());
    select(target);
    announce(target);
    emit menuRequested(target, event->globalPos());
}

void CanvasView::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
    case Qt::Key_Escape:
        letGo();
        return;
    case Qt::Key_F:
        fit();
        return;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoomIn();
        return;
    case Qt::Key_Minus:
        zoomOut();
        return;
    case Qt::Key_Left:
        nudge({-cardGrid, 0});
        return;
    case Qt::Key_Right:
        nudge({cardGrid, 0});
        return;
    case Qt::Key_Up:
        nudge({0, -cardGrid});
        return;
    case Qt::Key_Down:
        nudge({0, cardGrid});
        return;
    case Qt::Key_N:
        selectNext(1);
        return;
    case Qt::Key_P:
        selectNext(-1);
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

/// Moves the selected card, or the canvas where none is.
void CanvasView::nudge(QPointF way) {
    if (const auto* card = std::get_if<sim::ComponentId>(&m_content.selected)) {
        moveCard(*card, positionOf(m_document.scenario(), *card) + way,
                 QStringLiteral("nudge %1").arg(index(*card)));
        return;
    }
    m_viewport.pan(-way * 5);
    m_fitted = false;
    viewportMoved();
}

void CanvasView::selectNext(int step) {
    const auto count = static_cast<int>(m_content.layout.cards.size());
    if (count == 0) {
        return;
    }
    const auto* card = std::get_if<sim::ComponentId>(&m_content.selected);
    const int now = card != nullptr ? static_cast<int>(index(*card)) : (step > 0 ? -1 : count);
    const auto next = static_cast<sim::ComponentId>((now + step + count) % count);
    select(next);
    announce(next);
}

} // namespace ui
