#pragma once

#include <QColor>
#include <QFont>
#include <QRectF>
#include <QString>

class QPainter;

namespace ui {

/// Type on the canvas, in pixels at zoom 1.
enum class Type : std::uint8_t { Name, Body, Small };

QFont canvasFont(Type type);

/// One line, cut in its middle where it is too long for `place`.
void paintLine(QPainter& painter, const QRectF& place, const QString& text, Type type,
               const QColor& colour, Qt::Alignment alignment = Qt::AlignLeft | Qt::AlignVCenter);

double lineWidth(const QString& text, Type type);

/// A rounded pill with a text in its middle, for labels and badges.
struct Pill {
    QColor fill;
    QColor edge;
    QColor text;
};
void paintPill(QPainter& painter, const QRectF& place, const QString& text, const Pill& look);

/// Slanting lines over what is out of order.
void paintHatch(QPainter& painter, const QRectF& place, double radius, QColor colour);

} // namespace ui
