#pragma once

#include <QRectF>

#include <vector>

namespace ui {

/// Moves `cards` to the right and down until all that stood apart as `usual` stand apart again,
/// with the gaps they had there or the widest that is needed. Order and alignment stay: of two
/// cards, none overtakes the other, and cards in one row or column stay in it, also while one of
/// them is moved up or down. Nothing moves where every card has its usual size. Both have the same
/// length and, pairwise, the same centres. Costs the square of it.
void keepApart(const std::vector<QRectF>& usual, std::vector<QRectF>& cards);

} // namespace ui
