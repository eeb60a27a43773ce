#pragma once

#include <QPainterPath>
#include <QPolygonF>

namespace ui {

/// A curve as points at equal distances, so that a place on it costs one look-up.
class Curve {
public:
    Curve() = default;
    explicit Curve(const QPainterPath& path);

    /// `along` from 0 at the beginning to 1 at the end; what lies outside is clamped.
    QPointF at(double along) const;
    /// Unit vector of the direction of travel.
    QPointF directionAt(double along) const;
    double length() const { return m_length; }
    /// Equally spaced, the beginning first. Empty for a curve made from nothing.
    const QPolygonF& points() const { return m_points; }
    /// The least distance from `point` to the curve.
    double distanceTo(QPointF point) const;

private:
    QPolygonF m_points;
    double m_length = 0;
};

} // namespace ui
