#pragma once

#include "sim/scenario/scenario.h"

#include <string>

namespace sim {

/// The scenario's components and links as an SVG element, each card where the canvas has it.
/// Binding keys stand on their links; where dead letters and unroutable messages go is dashed.
/// Colours come from the page's style (card and kind classes, link, aside).
std::string svgTopology(const Scenario& scenario);

} // namespace sim
