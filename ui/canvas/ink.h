#pragma once

#include <QColor>
#include <QFont>
#include <QRectF>
#include <QString>

class QPainter;

namespace ui {

/// Type on the canvas, in sizes that follow the application's. On a canvas zoomed out it grows, as
/// far as there is room, so that it can still be read; what could not be read even so is not
/// painted.
enum class Type : std::uint8_t { Name, Body, Small };

/// By so much does type grow at most, but for names, which then have the header to themselves.
inline constexpr double typeGrowthMax = 1.35;
/// Below this zoom a card's header has room for its name alone.
inline constexpr double captionsFrom = 0.6;

/// Of the canvas that the painter paints on.
double zoomOf(const QPainter& painter);
/// How much small type and pills grow there.
double typeGrowth(const QPainter& painter);

/// Whether type that has its full size there could be read; else it is not painted.
bool isLegible(const QPainter& painter, Type type);

QFont canvasFont(Type type, double zoom);

/// One line; where it is too long for `place` it does not grow, and is cut in its middle.
void paintLine(QPainter& painter, const QRectF& place, const QString& text, Type type,
               const QColor& colour, Qt::Alignment alignment = Qt::AlignLeft | Qt::AlignVCenter);

/// Below this zoom a card cannot hold a name that can be read; see nameLabels().
double namesFrom();

/// How wide a name is at the smallest size that it takes at a zoom.
double nameWidthLeast(double zoom, const QString& name);

/// At zoom 1.
double lineWidth(const QString& text, Type type);

/// A rounded pill with a text in its middle, for labels and badges; it grows with its text.
struct Pill {
    QColor fill;
    QColor edge;
    QColor text;
};
void paintPill(QPainter& painter, const QRectF& place, const QString& text, const Pill& look);

/// Slanting lines over what is out of order.
void paintHatch(QPainter& painter, const QRectF& place, double radius, QColor colour);

} // namespace ui
