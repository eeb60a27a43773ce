#pragma once

#include "ui/canvas/content.h"
#include "ui/canvas/glyph_batch.h"
#include "ui/canvas/name_labels.h"
#include "ui/canvas/viewport.h"

#include <QPixmap>

#include <vector>

class QPainter;

namespace ui {

/// Paints the canvas. What does not move (cards, links, labels) is kept as a picture and painted
/// again only when it or the viewport changed.
class CanvasPainter {
public:
    /// Fills a window of `size` pixels.
    void paint(QPainter& painter, const Palette& palette, const CanvasContent& content,
               const Viewport& viewport, QSize size, double pixelRatio);

    /// Forgets the kept picture: scenario, selection, theme or viewport changed.
    void invalidate() { m_still = QPixmap(); }

private:
    void paintStill(const Palette& palette, const CanvasContent& content, const Viewport& viewport,
                    QSize size, double pixelRatio);

    GlyphBatch m_batch;
    QPixmap m_still;
    std::vector<NameLabel> m_labels; ///< as long as the kept picture holds
};

} // namespace ui
