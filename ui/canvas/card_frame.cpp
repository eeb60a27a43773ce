#include "ui/canvas/card_painter.h"
#include "ui/canvas/ink.h"
#include "ui/canvas/layout.h"
#include "ui/common/component_text.h"
#include "ui/common/icon.h"
#include "ui/common/text.h"

#include <QPainter>

namespace ui {

namespace {

constexpr double iconSize = 20;

void paintSurface(QPainter& painter, const Palette& palette, const QRectF& place) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(QColor(0, 0, 0, palette.theme == Theme::Dark ? 60 : 14));
    painter.drawRoundedRect(place.translated(0, 1.5).adjusted(-0.5, 0, 0.5, 0.5), cardRadius,
                            cardRadius);
    painter.setPen(QPen(palette.border, 1));
    painter.setBrush(palette.surface);
    painter.drawRoundedRect(place, cardRadius, cardRadius);
}

} // namespace

void paintCardFrame(QPainter& painter, const Palette& palette, const sim::ComponentEntry& entry,
                    const QRectF& place) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    paintSurface(painter, palette, place);
    const QRectF icon(place.left() + cardPadding, place.top() + 13, iconSize, iconSize);
    paintIcon(painter, iconName(entry.spec), palette.mutedText, icon);
    const double left = icon.right() + 9;
    const double width = place.right() - cardPadding - left;
    if (zoomOf(painter) < captionsFrom) {
        paintLine(painter, {left, place.top(), width, headerHeight}, qText(entry.id), Type::Name,
                  palette.text);
    } else {
        paintLine(painter, {left, place.top() + 5, width, 20}, qText(entry.id), Type::Name,
                  palette.text);
        paintLine(painter, {left, place.top() + 24, width, 18}, captionText(entry.spec),
                  Type::Small, palette.mutedText);
    }
    painter.restore();
}

void paintCardHalo(QPainter& painter, const Palette& palette, const QRectF& place, CardHalo why) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const bool hovered = why == CardHalo::Hovered;
    QColor colour = why == CardHalo::Lit ? palette.violated : palette.accent;
    colour.setAlpha(hovered ? 120 : 255);
    painter.setPen(QPen(colour, hovered ? 1 : 2));
    painter.setBrush(Qt::NoBrush);
    const double out = hovered ? 0 : 2.5;
    painter.drawRoundedRect(place.adjusted(-out, -out, out, out), cardRadius + out,
                            cardRadius + out);
    painter.restore();
}

} // namespace ui
