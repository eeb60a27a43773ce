#include "ui/canvas/card_painter.h"
#include "ui/canvas/ink.h"
#include "ui/canvas/layout.h"
#include "ui/common/component_text.h"
#include "ui/common/icon.h"
#include "ui/common/text.h"

#include <QPainter>

namespace ui {

namespace {

constexpr double iconsFrom = 0.45; // zoom below which an icon is a blot
constexpr double nameMargin = 6;   // of a name that has no icon beside it

void paintSurface(QPainter& painter, const Palette& palette, const QRectF& place) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(QColor(0, 0, 0, palette.theme == Theme::Dark ? 60 : 14));
    painter.drawRoundedRect(place.translated(0, 1.5).adjusted(-0.5, 0, 0.5, 0.5), cardRadius,
                            cardRadius);
    painter.setPen(QPen(palette.border, 1));
    painter.setBrush(palette.surface);
    painter.drawRoundedRect(place, cardRadius, cardRadius);
}

/// Beside the icon.
double nameRoom(const QRectF& card) { return card.width() - nameIndent() - cardPadding; }

/// Without it.
double nameRoomAlone(const QRectF& card) { return card.width() - 2 * nameMargin; }

} // namespace

bool holdsName(const QRectF& card, const QString& name, double zoom) {
    const double room = zoom < captionsFrom ? nameRoomAlone(card) : nameRoom(card);
    return zoom >= namesFrom() && nameWidthLeast(zoom, name) <= room;
}

void paintCardFrame(QPainter& painter, const Palette& palette, const std::string& id,
                    const sim::ComponentSpec& spec, const QRectF& place) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    paintSurface(painter, palette, place);
    const double header = headerHeight();
    const QString name = qText(id);
    const double left = place.left() + nameIndent();
    const double width = nameRoom(place);
    const double zoom = zoomOf(painter);
    if (zoom < namesFrom()) {
        painter.restore();
        return;
    }
    if (zoom < iconsFrom || (zoom < captionsFrom && nameWidthLeast(zoom, name) > width)) {
        paintLine(painter, {place.left() + nameMargin, place.top(), nameRoomAlone(place), header},
                  name, Type::Name, palette.text);
        painter.restore();
        return;
    }
    const double side = iconSize();
    const QRectF icon(place.left() + cardPadding, place.top() + (header - side) / 2, side, side);
    paintIcon(painter, iconName(spec), palette.mutedText, icon);
    if (zoom < captionsFrom) {
        paintLine(painter, {left, place.top(), width, header}, name, Type::Name, palette.text);
    } else {
        const double line = lineHeight();
        const double middle = place.top() + header / 2 + 1;
        paintLine(painter, {left, middle - line, width, line}, name, Type::Name, palette.text);
        paintLine(painter, {left, middle, width, line}, captionText(spec), Type::Small,
                  palette.mutedText);
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
