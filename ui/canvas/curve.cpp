#include "ui/canvas/curve.h"

#include <QLineF>

#include <algorithm>
#include <limits>

namespace ui {

namespace {

constexpr int pieces = 48;

double distanceToPiece(QPointF point, QPointF from, QPointF to) {
    const QPointF way = to - from;
    const double square = QPointF::dotProduct(way, way);
    const double share = square > 0 ? QPointF::dotProduct(point - from, way) / square : 0;
    return QLineF(point, from + std::clamp(share, 0.0, 1.0) * way).length();
}

} // namespace

Curve::Curve(const QPainterPath& path) : m_length(path.length()) {
    m_points.reserve(pieces + 1);
    for (int i = 0; i <= pieces; ++i) {
        const double share = path.percentAtLength(m_length * i / pieces);
        m_points << path.pointAtPercent(std::clamp(share, 0.0, 1.0));
    }
}

QPointF Curve::at(double along) const {
    if (m_points.isEmpty()) {
        return {};
    }
    const double place = std::clamp(along, 0.0, 1.0) * pieces;
    const auto before = std::min(static_cast<qsizetype>(place), qsizetype{pieces - 1});
    const double share = place - static_cast<double>(before);
    return m_points[before] * (1 - share) + m_points[before + 1] * share;
}

QPointF Curve::directionAt(double along) const {
    const QPointF way = at(along + 0.02) - at(along - 0.02);
    const double length = QLineF(QPointF(), way).length();
    return length > 0 ? way / length : QPointF(1, 0);
}

double Curve::distanceTo(QPointF point) const {
    double least = std::numeric_limits<double>::infinity();
    for (qsizetype i = 1; i < m_points.size(); ++i) {
        least = std::min(least, distanceToPiece(point, m_points[i - 1], m_points[i]));
    }
    return least;
}

} // namespace ui
