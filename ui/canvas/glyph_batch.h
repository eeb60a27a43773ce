#pragma once

#include "ui/common/message_glyph.h"

#include <QPixmap>
#include <QPointF>
#include <QTransform>

#include <cstdint>
#include <unordered_map>
#include <vector>

class QPainter;

namespace ui {

/// Draws many messages quickly: each look is painted once into a picture of its own, and stamped
/// from then on at whole device pixels.
class GlyphBatch {
public:
    /// Begins a layer. `toScreen` maps the canvas to the painter's own pixels.
    void begin(const Palette& palette, const QTransform& toScreen, double pixelRatio);
    /// In canvas coordinates, `size` wide at zoom 1. `opacity` 0..1.
    void add(const MessageGlyph& glyph, QPointF centre, double size = messageSize,
             double opacity = 1);
    /// Draws what was added and forgets it; the painter's transformation is not used.
    void flush(QPainter& painter);

private:
    struct Stamp {
        const QPixmap* pixmap;
        QPointF corner;
        double opacity;
    };

    const QPixmap& pixmapOf(const MessageGlyph& glyph, int pixels);

    const Palette* m_palette = nullptr;
    QTransform m_toScreen;
    double m_pixelRatio = 1;
    std::unordered_map<std::uint64_t, QPixmap> m_pixmaps; ///< addresses stay while it grows
    std::vector<Stamp> m_stamps;
};

} // namespace ui
