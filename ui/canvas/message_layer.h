#pragma once

#include "ui/canvas/glyph_batch.h"
#include "ui/canvas/layout.h"
#include "ui/canvas/spotlight.h"
#include "ui/playback/picture.h"

#include <optional>

class QPainter;

namespace ui {

/// Everything that moves between cards: one layer, no items.
class MessageLayer {
public:
    /// `zoom` decides about version numbers; where there is a spotlight, what it leaves out is
    /// faint.
    void paint(QPainter& painter, const Palette& palette, GlyphBatch& batch,
               const CanvasLayout& layout, const Picture& picture, double zoom,
               const std::optional<Spotlight>& light = std::nullopt) const;

    /// The effects on cards: a short ring where something was applied.
    void paintPulses(QPainter& painter, const Palette& palette, const CanvasLayout& layout,
                     const Picture& picture) const;
};

/// Where a dot is on the canvas.
QPointF placeOf(const Dot& dot, const CanvasLayout& layout);

/// The topmost dot within `radius` of a point; acknowledgements do not count.
const Dot* dotAt(const Picture& picture, const CanvasLayout& layout, QPointF point, double radius);

/// Where the pile of a heap lies, with its count: the `n`-th of those at the same card.
QRectF heapPlace(const Heap& heap, int n, const CanvasLayout& layout);

/// All of them, in the order of picture.heaps.
std::vector<QRectF> heapPlaces(const Picture& picture, const CanvasLayout& layout);

void paintHeaps(QPainter& painter, const Palette& palette, const CanvasLayout& layout,
                const Picture& picture);

/// "12 expired".
QString heapText(const Heap& heap);

} // namespace ui
