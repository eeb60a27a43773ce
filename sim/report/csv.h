#pragma once

#include "sim/store/run_record.h"

#include <string>
#include <vector>

namespace sim {

/// Metrics as CSV (RFC 4180): component, metric, value, unit; with all digits of the values.
std::string metricsCsv(const std::vector<MetricRow>& metrics);

/// Series as CSV: component, series, unit, seconds, value; one line for each point.
std::string seriesCsv(const std::vector<SeriesRecord>& series);

/// One field, quoted where it has to be.
std::string csvField(const std::string& text);

} // namespace sim
