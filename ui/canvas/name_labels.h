#pragma once

#include "ui/canvas/content.h"
#include "ui/canvas/viewport.h"

#include <QRectF>
#include <QSizeF>
#include <QString>

#include <cstddef>
#include <optional>
#include <vector>

class QPainter;

namespace ui {

/// A card's name written over the canvas, in letters of their usual size at every zoom.
struct NameLabel {
    std::size_t card = 0;
    QString text;
    QRectF place; ///< in the window
};

/// As on a map: on a canvas zoomed out so far that cards cannot hold their names, those of them
/// that have room. What is selected or lit comes first, then what has most links; no label touches
/// another. Empty where cards hold their names.
std::vector<NameLabel> nameLabels(const CanvasContent& content, const Viewport& viewport,
                                  QSizeF window);

/// The whole name of the card under the pointer; none where the card shows it whole itself.
std::optional<NameLabel> hoveredName(const CanvasContent& content, const Viewport& viewport,
                                     QSizeF window);

/// Paints in the window's pixels.
void paintNameLabel(QPainter& painter, const Palette& palette, const NameLabel& label,
                    const QColor& edge);

} // namespace ui
