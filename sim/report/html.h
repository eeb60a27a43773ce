#pragma once

#include "sim/report/report.h"

#include <string>

namespace sim {

/// The report as one HTML file that needs nothing else: no script, no font, no picture from
/// elsewhere. Follows the reader's light or dark theme, prints on paper, and shows every text of
/// the scenario as text.
std::string htmlReport(const Report& report);

} // namespace sim
