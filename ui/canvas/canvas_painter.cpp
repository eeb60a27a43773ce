#include "ui/canvas/canvas_painter.h"

#include "ui/canvas/card_painter.h"
#include "ui/canvas/ink.h"
#include "ui/canvas/link_painter.h"
#include "ui/canvas/message_layer.h"

#include <QObject>
#include <QPainter>

namespace ui {

namespace {

constexpr double haloRadius = 10;

void paintEmpty(QPainter& painter, const Palette& palette, QSize size) {
    paintLine(painter, QRectF(0, size.height() / 2.0 - 24, size.width(), 20),
              QObject::tr("Nothing here yet"), Type::Name, palette.text, Qt::AlignCenter);
    paintLine(painter, QRectF(0, size.height() / 2.0, size.width(), 20),
              QObject::tr("Open a lesson from the library, or drop a scenario or a RabbitMQ "
                          "definitions file here."),
              Type::Body, palette.mutedText, Qt::AlignCenter);
}

void paintFaultyRoutes(QPainter& painter, const Palette& palette, const CanvasContent& content) {
    for (const Route& route : content.layout.routes) {
        const QString word = faultsOn(content, route);
        if (!word.isEmpty()) {
            paintFaultyRoute(painter, palette, route, word);
        }
    }
}

void paintStates(QPainter& painter, const Palette& palette, const CanvasContent& content,
                 GlyphBatch& batch, const QRectF& visible) {
    CardStatePainter states(painter, palette, batch, content.tally, content.picture.at);
    for (std::size_t i = 0; i < content.layout.cards.size(); ++i) {
        const QRectF& card = content.layout.cards[i];
        const sim::ComponentView* view = content.viewOf(i);
        if (view == nullptr || !visible.intersects(card)) {
            continue;
        }
        states.paint(static_cast<sim::ComponentId>(i), content.scenario.components[i].spec, *view,
                     card);
        states.paintFaults(faultsOn(content, i), card);
    }
    batch.flush(painter);
}

void paintMessageHalos(QPainter& painter, const Palette& palette, const CanvasContent& content) {
    const auto* message = std::get_if<sim::MessageId>(&content.selected);
    if (message == nullptr) {
        return;
    }
    QColor fill = palette.accent;
    fill.setAlpha(60);
    painter.setPen(QPen(palette.accent, 2));
    painter.setBrush(fill);
    for (const QPointF place : placesOf(content, *message)) {
        painter.drawEllipse(place, haloRadius, haloRadius);
    }
}

void paintHovered(QPainter& painter, const Palette& palette, const CanvasContent& content) {
    const auto* card = std::get_if<sim::ComponentId>(&content.hovered);
    if (card != nullptr && index(*card) < content.layout.cards.size()) {
        paintCardHalo(painter, palette, content.layout.cards[index(*card)], false);
    }
}

bool isSelected(const CanvasContent& content, sim::LinkId link) {
    return link != sim::noLink && content.selected == Target(link);
}

bool isSelected(const CanvasContent& content, std::size_t card) {
    return content.selected == Target(static_cast<sim::ComponentId>(card));
}

} // namespace

void CanvasPainter::paint(QPainter& painter, const Palette& palette, const CanvasContent& content,
                          const Viewport& viewport, QSize size, double pixelRatio) {
    if (m_still.isNull() || m_still.size() != size * pixelRatio) {
        paintStill(palette, content, viewport, size, pixelRatio);
    }
    painter.drawPixmap(0, 0, m_still);
    if (content.scenario.components.empty()) {
        paintEmpty(painter, palette, size);
        return;
    }
    m_batch.begin(palette, viewport.toScreen(), pixelRatio);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setTransform(viewport.toScreen(), true);
    const QRectF visible = viewport.toCanvas(QRectF(QPointF(), QSizeF(size)));
    paintFaultyRoutes(painter, palette, content);
    paintStates(painter, palette, content, m_batch, visible);
    paintHovered(painter, palette, content);
    paintHeaps(painter, palette, content.layout, content.picture);
    MessageLayer().paintPulses(painter, palette, content.layout, content.picture);
    paintMessageHalos(painter, palette, content);
    MessageLayer().paint(painter, palette, m_batch, content.layout, content.picture,
                         viewport.zoom());
    painter.restore();
}

void CanvasPainter::paintStill(const Palette& palette, const CanvasContent& content,
                               const Viewport& viewport, QSize size, double pixelRatio) {
    m_still = QPixmap(size * pixelRatio);
    m_still.setDevicePixelRatio(pixelRatio);
    m_still.fill(palette.window);
    QPainter painter(&m_still);
    painter.setTransform(viewport.toScreen(), true);
    for (const Route& route : content.layout.routes) {
        paintRoute(painter, palette, route, isSelected(content, route.link));
    }
    for (const Route& route : content.layout.routes) {
        paintRouteLabel(painter, palette, route);
    }
    for (std::size_t i = 0; i < content.layout.cards.size(); ++i) {
        paintCardFrame(painter, palette, content.scenario.components[i], content.layout.cards[i]);
        if (isSelected(content, i)) {
            paintCardHalo(painter, palette, content.layout.cards[i], true);
        }
    }
}

} // namespace ui
