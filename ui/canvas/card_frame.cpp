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
    paintLine(painter, {left, place.top() + 7, width, 18}, qText(entry.id), Type::Name,
              palette.text);
    paintLine(painter, {left, place.top() + 24, width, 16}, captionText(entry.spec), Type::Small,
              palette.mutedText);
    painter.restore();
}

void paintCardHalo(QPainter& painter, const Palette& palette, const QRectF& place, bool selected) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QColor colour = palette.accent;
    colour.setAlpha(selected ? 255 : 120);
    painter.setPen(QPen(colour, selected ? 2 : 1));
    painter.setBrush(Qt::NoBrush);
    const double out = selected ? 2.5 : 0;
    painter.drawRoundedRect(place.adjusted(-out, -out, out, out), cardRadius + out,
                            cardRadius + out);
    painter.restore();
}

} // namespace ui
