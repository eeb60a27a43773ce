#include "ui/canvas/link_painter.h"

#include "ui/canvas/ink.h"
#include "ui/canvas/router.h"

#include <QPainter>

namespace ui {

namespace {

constexpr double arrowLength = 8;

bool isImplied(const Route& route) {
    return route.kind == Route::Kind::DeadLetter || route.kind == Route::Kind::Alternate;
}

void paintArrowhead(QPainter& painter, const Route& route, const QColor& colour) {
    const QPointF tip = route.curve.at(1);
    const QPointF way = route.curve.directionAt(0.985);
    const QPointF across(-way.y(), way.x());
    const QPointF back = tip - way * arrowLength;
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawPolygon(
        QPolygonF{tip, back + across * arrowLength * 0.5, back - across * arrowLength * 0.5});
}

void paintCurve(QPainter& painter, const Route& route, const QPen& pen) {
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    painter.drawPolyline(route.curve.points());
    paintArrowhead(painter, route, pen.color());
}

} // namespace

void paintRoute(QPainter& painter, const Palette& palette, const Route& route, bool selected) {
    const QColor colour = selected ? palette.accent : palette.outline;
    paintCurve(painter, route,
               QPen(colour, selected ? 2.5 : 1.5, isImplied(route) ? Qt::DotLine : Qt::SolidLine,
                    Qt::RoundCap));
}

void paintRouteLabel(QPainter& painter, const Palette& palette, const Route& route) {
    if (route.label.isEmpty()) {
        return;
    }
    QSizeF size = labelSize(route.label);
    const double room = route.curve.length() * 0.8 / typeGrowth(painter); // the line stays seen
    if (room < size.width() && room < 3 * size.height()) {
        return; // a few letters of it would say nothing; the tooltip has all of it
    }
    size.setWidth(std::min(size.width(), std::max(room, size.height())));
    painter.setRenderHint(QPainter::Antialiasing);
    paintPill(painter, QRectF(route.labelAt - QPointF(size.width(), size.height()) / 2, size),
              labelText(route.label), {palette.window, palette.border, palette.mutedText});
}

void paintFaultyRoute(QPainter& painter, const Palette& palette, const Route& route,
                      const QString& word) {
    QColor back = palette.window;
    paintCurve(painter, route, QPen(back, 2.5));
    paintCurve(painter, route, QPen(palette.warning, 2, Qt::DashLine, Qt::FlatCap));
    const double width = lineWidth(word, Type::Small) + 16;
    const QPointF middle = route.curve.at(route.label.isEmpty() ? 0.5 : 0.25);
    const QSizeF size(width, lineHeight());
    paintPill(painter, QRectF(middle - QPointF(size.width(), size.height()) / 2, size), word,
              {palette.surface, palette.warning, palette.warning});
}

} // namespace ui
