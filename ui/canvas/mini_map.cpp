#include "ui/canvas/mini_map.h"

#include "ui/canvas/canvas_view.h"

#include <QMouseEvent>
#include <QPainter>

namespace ui {

namespace {
constexpr QSize mapSize(188, 124);
constexpr double inset = 8;
} // namespace

MiniMap::MiniMap(CanvasView& view) : QWidget(&view), m_view(view) {
    setAccessibleName(tr("Overview"));
    resize(mapSize);
    setCursor(Qt::PointingHandCursor);
    connect(&view, &CanvasView::viewportChanged, this, &MiniMap::follow);
    hide();
}

bool MiniMap::isNeeded() const {
    const CanvasLayout& layout = m_view.content().layout;
    const QRectF seen = m_view.viewport().toCanvas(QRectF(m_view.rect()));
    return !layout.cards.empty() && !seen.contains(layout.bounds);
}

void MiniMap::follow() {
    move(m_view.width() - width() - 12, m_view.height() - height() - 12);
    setVisible(isNeeded());
    update();
}

QTransform MiniMap::toMap() const {
    const QRectF bounds = m_view.content().layout.bounds;
    const double scale = std::min((width() - 2 * inset) / std::max(bounds.width(), 1.0),
                                  (height() - 2 * inset) / std::max(bounds.height(), 1.0));
    QTransform transform;
    transform.translate(width() / 2.0, height() / 2.0);
    transform.scale(scale, scale);
    transform.translate(-bounds.center().x(), -bounds.center().y());
    return transform;
}

void MiniMap::paintEvent(QPaintEvent* /*event*/) {
    const Palette& colours = ui::palette(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colours.border, 1));
    painter.setBrush(colours.surface);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    painter.setClipRect(rect().adjusted(2, 2, -2, -2));
    const QTransform transform = toMap();
    painter.setPen(Qt::NoPen);
    painter.setBrush(colours.mutedText);
    for (const QRectF& card : m_view.content().layout.cards) {
        painter.drawRect(transform.mapRect(card));
    }
    QColor glass = colours.accent;
    glass.setAlpha(36);
    painter.setPen(QPen(colours.accent, 1.5));
    painter.setBrush(glass);
    painter.drawRect(transform.mapRect(m_view.viewport().toCanvas(QRectF(m_view.rect()))));
}

void MiniMap::mousePressEvent(QMouseEvent* event) { goTo(event->position()); }

void MiniMap::mouseMoveEvent(QMouseEvent* event) { goTo(event->position()); }

void MiniMap::goTo(QPointF place) { m_view.centreOn(toMap().inverted().map(place)); }

} // namespace ui
