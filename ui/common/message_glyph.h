#pragma once

#include "sim/base/ids.h"
#include "ui/common/palette.h"

#include <QPainterPath>
#include <QPointF>

#include <cstdint>

class QPainter;

namespace ui {

/// The shape of a message says its event type; after five types they come again.
enum class Shape : std::uint8_t { Circle, Square, Diamond, Triangle, Hexagon };

Shape shapeOf(sim::TypeId type);

/// What a message looks like anywhere on the screen.
struct MessageGlyph {
    sim::KeyId key = sim::noKey; ///< says its colour: keyInk()
    Shape shape = Shape::Circle;
    int rings = 0;        ///< 1: redelivered, 2: a duplicate or republished
    bool hollow = false;  ///< unacknowledged, or an acknowledgement
    bool flagged = false; ///< out of order, doubled or stale: `!` in the verdict's colour
    bool operator==(const MessageGlyph&) const = default;
};

/// The look of a copy with these marks (MessageFlag bits): one ring when redelivered, two when it
/// is not the first publish of its event.
MessageGlyph glyphOf(sim::KeyId key, sim::TypeId type, std::uint8_t flags);

/// The usual width of a message at zoom 1, in pixels.
inline constexpr double messageSize = 10;

/// The outline of a shape, `size` wide, around `centre`.
QPainterPath shapePath(Shape shape, QPointF centre, double size);

/// Rings reach `size` * 0.95 from the centre.
void paintGlyph(QPainter& painter, const Palette& palette, const MessageGlyph& glyph,
                QPointF centre, double size = messageSize);

} // namespace ui
