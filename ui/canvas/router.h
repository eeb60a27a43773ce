#pragma once

#include "ui/canvas/layout.h"

namespace ui {

/// Draws the curves and places the labels of `routes` between the cards, whose rectangles are
/// indexed by ComponentId: ends spread over a card's side in the order of the other ends, parallel
/// routes keep apart, and a route goes round cards where one of its detours does.
void drawRoutes(const std::vector<QRectF>& cards, std::vector<Route>& routes);

/// The size of the pill around a label, at zoom 1.
QSizeF labelSize(const QString& label);

/// What a pill shows of its label.
QString labelText(const QString& label);

} // namespace ui
