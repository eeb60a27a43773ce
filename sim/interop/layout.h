#pragma once

#include "sim/scenario/scenario.h"

namespace sim {

/// Size of a component's card on the canvas at zoom 1, in pixels: what the layout keeps free.
inline constexpr double cardWidth = 200;
inline constexpr double cardHeight = 120;

/// Gives every component its place: layers from left to right along the flow of messages,
/// producers leftmost, few crossings, cards well apart; parts that do not hang together side by
/// side. All coordinates are positive.
///
/// Uses Graphviz' dot, which keeps its state in globals: one call at a time. A graph of more than
/// `dotMax` components, for which dot would take minutes, is laid out in plain columns by distance
/// from the producers.
void layOut(Scenario& scenario);
inline constexpr std::size_t dotMax = 1500;

} // namespace sim
