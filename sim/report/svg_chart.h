#pragma once

#include "sim/report/report.h"

#include <string>
#include <vector>

namespace sim {

/// The chart as an SVG element with axes, a legend, and the bands that lie in its time. Colours
/// come from the page's style (line-0 ... line-6, axis, grid, band), so that it follows its theme.
///
/// More points than the picture has columns are drawn as the least and the greatest of each
/// column: no peak gets lost.
std::string svgChart(const ReportChart& chart, const std::vector<ReportBand>& bands, Instant end);

/// Round steps for an axis: the multiples of 1, 2 or 5 times a power of ten from 0 up to at least
/// `max`, about `count` of them. Requires max > 0 and count > 0.
std::vector<double> axisSteps(double max, int count);

} // namespace sim
