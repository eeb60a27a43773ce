#include "ui/canvas/ink.h"

#include "ui/common/text.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

namespace ui {

QFont canvasFont(Type type) {
    QFont font;
    switch (type) {
    case Type::Name:
        font.setPixelSize(13);
        font.setWeight(QFont::DemiBold);
        return font;
    case Type::Body:
        font.setPixelSize(12);
        return font;
    case Type::Small:
        font.setPixelSize(11);
        return font;
    }
    return font;
}

void paintLine(QPainter& painter, const QRectF& place, const QString& text, Type type,
               const QColor& colour, Qt::Alignment alignment) {
    const QFont font = canvasFont(type);
    painter.setFont(font);
    painter.setPen(colour);
    painter.drawText(place, static_cast<int>(alignment) | Qt::TextSingleLine,
                     elideMiddle(text, QFontMetricsF(font), place.width()));
}

double lineWidth(const QString& text, Type type) {
    return QFontMetricsF(canvasFont(type)).horizontalAdvance(text);
}

void paintPill(QPainter& painter, const QRectF& place, const QString& text, const Pill& look) {
    painter.setPen(QPen(look.edge, 1));
    painter.setBrush(look.fill);
    painter.drawRoundedRect(place, place.height() / 2, place.height() / 2);
    paintLine(painter, place.adjusted(5, 0, -5, 0), text, Type::Small, look.text, Qt::AlignCenter);
}

void paintHatch(QPainter& painter, const QRectF& place, double radius, QColor colour) {
    QPainterPath outline;
    outline.addRoundedRect(place, radius, radius);
    painter.save();
    painter.setClipPath(outline, Qt::IntersectClip);
    painter.setPen(QPen(colour, 1.5));
    for (double x = place.left() - place.height(); x < place.right(); x += 7) {
        painter.drawLine(QPointF(x, place.bottom()), QPointF(x + place.height(), place.top()));
    }
    painter.restore();
}

} // namespace ui
