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
    const QString hint = QObject::tr("Open a lesson from the library, or drop a scenario or a "
                                     "RabbitMQ definitions file here.");
    const double line = lineHeight() * 1.2;
    const double middle = size.height() / 2.0;
    paintLine(painter, QRectF(0, middle - line, size.width(), line),
              QObject::tr("Nothing here yet"), Type::Name, palette.text, Qt::AlignCenter);
    painter.setFont(canvasFont(Type::Body, 1));
    painter.setPen(palette.mutedText);
    painter.drawText(QRectF(12, middle + 4, size.width() - 24, middle - 8),
                     static_cast<int>(Qt::AlignHCenter | Qt::AlignTop) | Qt::TextWordWrap, hint);
}

double strengthOf(const CanvasContent& content, const Route& route) {
    return strengthOf(content.spotlight, route);
}

double strengthOf(const CanvasContent& content, std::size_t card) {
    return strengthOf(content.spotlight, static_cast<sim::ComponentId>(card));
}

void paintFaultyRoutes(QPainter& painter, const Palette& palette, const CanvasContent& content) {
    for (const Route& route : content.layout.routes) {
        const QString word = faultsOn(content, route);
        if (!word.isEmpty()) {
            painter.setOpacity(strengthOf(content, route));
            paintFaultyRoute(painter, palette, route, word);
        }
    }
}

void paintStates(QPainter& painter, const Palette& palette, const CanvasContent& content,
                 GlyphBatch& batch, const QRectF& visible) {
    CardStatePainter states(painter, palette, batch, content.tally, content.picture.at,
                            content.spotlight);
    for (std::size_t i = 0; i < content.layout.cards.size(); ++i) {
        const QRectF& card = content.layout.cards[i];
        const sim::ComponentView* view = content.viewOf(i);
        if (view == nullptr || !visible.intersects(card)) {
            continue;
        }
        painter.setOpacity(strengthOf(content, i));
        states.paint(static_cast<sim::ComponentId>(i), content.specOf(i), *view, card);
        states.paintFaults(faultsOn(content, i), card);
    }
    painter.setOpacity(1);
    batch.flush(painter);
}

void paintMessageHalos(QPainter& painter, const CanvasContent& content, sim::MessageId message,
                       const QColor& colour) {
    QColor fill = colour;
    fill.setAlpha(60);
    painter.setPen(QPen(colour, 2));
    painter.setBrush(fill);
    for (const QPointF place : placesOf(content, message)) {
        painter.drawEllipse(place, haloRadius, haloRadius);
    }
}

/// Around the messages of a witness, and around the selected one.
void paintMessageHalos(QPainter& painter, const Palette& palette, const CanvasContent& content) {
    if (content.spotlight.has_value()) {
        for (const sim::MessageId message : content.spotlight->messages) {
            paintMessageHalos(painter, content, message, palette.violated);
        }
    }
    if (const auto* message = std::get_if<sim::MessageId>(&content.selected)) {
        paintMessageHalos(painter, content, *message, palette.accent);
    }
}

/// Over what cards show, under the messages.
void paintNameLabels(QPainter& painter, const Palette& palette, const CanvasContent& content,
                     const std::vector<NameLabel>& labels) {
    painter.save();
    painter.resetTransform();
    for (const NameLabel& label : labels) {
        painter.setOpacity(strengthOf(content, label.card));
        paintNameLabel(painter, palette, label, palette.border);
    }
    painter.restore();
}

/// Says at the top what is lit, and how to have everything back.
void paintLitTitle(QPainter& painter, const Palette& palette, const Spotlight& light, int room) {
    const QString text = QObject::tr("%1 · Esc shows everything").arg(light.title);
    const double width = std::min(lineWidth(text, Type::Small) + 24, room - 24.0);
    painter.setRenderHint(QPainter::Antialiasing);
    paintPill(painter, QRectF((room - width) / 2, 12, width, lineHeight() + 6), text,
              {palette.surface, light.path ? palette.accent : palette.violated, palette.text});
}

void paintHovered(QPainter& painter, const Palette& palette, const CanvasContent& content) {
    const auto* card = std::get_if<sim::ComponentId>(&content.hovered);
    if (card != nullptr && index(*card) < content.layout.cards.size()) {
        paintCardHalo(painter, palette, content.layout.cards[index(*card)], CardHalo::Hovered);
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
    paintNameLabels(painter, palette, content, m_labels);
    painter.setOpacity(content.spotlight.has_value() ? faint : 1);
    paintHeaps(painter, palette, content.layout, content.picture);
    painter.setOpacity(1);
    MessageLayer().paintPulses(painter, palette, content.layout, content.picture);
    paintMessageHalos(painter, palette, content);
    MessageLayer().paint(painter, palette, m_batch, content.layout, content.picture,
                         viewport.zoom(), content.spotlight);
    painter.restore();
    if (const auto name = hoveredName(content, viewport, size)) {
        paintNameLabel(painter, palette, *name, palette.accent);
    }
    if (content.spotlight.has_value()) {
        paintLitTitle(painter, palette, *content.spotlight, size.width());
    }
}

void CanvasPainter::paintStill(const Palette& palette, const CanvasContent& content,
                               const Viewport& viewport, QSize size, double pixelRatio) {
    m_still = QPixmap(size * pixelRatio);
    m_still.setDevicePixelRatio(pixelRatio);
    m_still.fill(palette.window);
    QPainter painter(&m_still);
    painter.setTransform(viewport.toScreen(), true);
    for (const Route& route : content.layout.routes) {
        painter.setOpacity(strengthOf(content, route));
        paintRoute(painter, palette, route,
                   isSelected(content, route.link) || isPath(content.spotlight, route));
    }
    for (const Route& route : content.layout.routes) {
        painter.setOpacity(strengthOf(content, route));
        paintRouteLabel(painter, palette, route);
    }
    for (std::size_t i = 0; i < content.layout.cards.size(); ++i) {
        const QRectF& card = content.layout.cards[i];
        painter.setOpacity(strengthOf(content, i));
        paintCardFrame(painter, palette, content.scenario.components[i].id, content.specOf(i), card);
        const bool isLit = content.spotlight.has_value() && strengthOf(content, i) == 1;
        if (isSelected(content, i) || (isLit && content.spotlight->path)) {
            paintCardHalo(painter, palette, card, CardHalo::Selected);
        } else if (isLit) {
            paintCardHalo(painter, palette, card, CardHalo::Lit);
        }
    }
    m_labels = nameLabels(content, viewport, size);
}

} // namespace ui
