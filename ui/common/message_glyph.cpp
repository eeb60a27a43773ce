#include "ui/common/message_glyph.h"

#include "sim/kernel/trace_record.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ui {

namespace {

constexpr int shapes = 5;

/// A regular polygon whose first corner points at `turn` radians from straight up.
QPainterPath polygonPath(int corners, QPointF centre, double radius, double turn = 0) {
    QPainterPath path;
    for (int i = 0; i < corners; ++i) {
        const double angle = turn + 2 * std::numbers::pi * i / corners;
        const QPointF corner = centre + radius * QPointF(std::sin(angle), -std::cos(angle));
        i == 0 ? path.moveTo(corner) : path.lineTo(corner);
    }
    path.closeSubpath();
    return path;
}

void paintRings(QPainter& painter, const QColor& ink, int rings, QPointF centre, double size) {
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(ink, std::max(size * 0.11, 1.0)));
    for (int ring = 1; ring <= rings; ++ring) {
        const double radius = size * (0.52 + 0.21 * ring);
        painter.drawEllipse(centre, radius, radius);
    }
}

void paintFlag(QPainter& painter, const Palette& palette, QPointF centre, double size) {
    const QPointF corner = centre + QPointF(size * 0.55, -size * 0.55);
    const double radius = std::max(size * 0.42, 4.0);
    painter.setPen(QPen(palette.surface, 1));
    painter.setBrush(palette.violated);
    painter.drawEllipse(corner, radius, radius);
    painter.setPen(QPen(palette.surface, radius * 0.36, Qt::SolidLine, Qt::FlatCap));
    painter.drawLine(corner + QPointF(0, -radius * 0.62), corner + QPointF(0, radius * 0.14));
    painter.drawLine(corner + QPointF(0, radius * 0.3), corner + QPointF(0, radius * 0.62));
}

} // namespace

Shape shapeOf(sim::TypeId type) {
    return type == sim::noType ? Shape::Circle : static_cast<Shape>(sim::index(type) % shapes);
}

MessageGlyph glyphOf(sim::KeyId key, sim::TypeId type, std::uint8_t flags) {
    const bool again = (flags & sim::Republished) != 0;
    const bool redelivered = (flags & sim::Redelivered) != 0;
    return {.key = key, .shape = shapeOf(type), .rings = again ? 2 : redelivered ? 1 : 0};
}

QPainterPath shapePath(Shape shape, QPointF centre, double size) {
    const double radius = size / 2;
    QPainterPath path;
    switch (shape) {
    case Shape::Circle:
        path.addEllipse(centre, radius, radius);
        return path;
    case Shape::Square:
        path.addRoundedRect({centre - QPointF(radius, radius) * 0.9, QSizeF(size, size) * 0.9},
                            size * 0.12, size * 0.12);
        return path;
    case Shape::Diamond:
        return polygonPath(4, centre, radius * 1.15);
    case Shape::Triangle:
        return polygonPath(3, centre + QPointF(0, radius * 0.15), radius * 1.2);
    case Shape::Hexagon:
        return polygonPath(6, centre, radius * 1.05, std::numbers::pi / 6);
    }
    return path;
}

void paintGlyph(QPainter& painter, const Palette& palette, const MessageGlyph& glyph,
                QPointF centre, double size) {
    const KeyInk ink = keyInk(palette, glyph.key);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const double line = std::max(size * 0.15, 1.0);
    painter.setPen(glyph.hollow ? QPen(ink.fill, line) : QPen(Qt::NoPen));
    painter.setBrush(glyph.hollow ? palette.surface : ink.fill);
    painter.drawPath(shapePath(glyph.shape, centre, glyph.hollow ? size - line : size));
    if (ink.core) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(glyph.hollow ? ink.fill : QColor(Qt::white));
        painter.drawEllipse(centre, size * 0.17, size * 0.17);
    }
    paintRings(painter, ink.fill, glyph.rings, centre, size);
    if (glyph.flagged) {
        paintFlag(painter, palette, centre, size);
    }
    painter.restore();
}

} // namespace ui
