#pragma once

#include "app/commands.h"
#include "sim/base/result.h"
#include "sim/report/report.h"
#include "sim/scenario/scenario.h"
#include "sim/store/run_record.h"

#include <string>
#include <vector>

namespace app {

/// One line for each problem: "shop.json: /components/2/prefetch: found -1; ..." Returns badInput.
int printProblems(const sim::Problems& problems, const std::string& file, const Console& console);

/// What a broker would take, and nobody means: a line each.
void printWarnings(const sim::Scenario& scenario, const std::string& file, const Console& console);

/// Verdicts with their witnesses, one after the other.
void printVerdicts(const std::vector<sim::VerdictRecord>& verdicts, const Console& console);

/// The table with its columns in line. Lines in which every number is 0 are left out; empty where
/// that leaves none.
std::string alignedTable(const sim::ReportTable& table);

/// The metrics of a run as aligned tables, with an empty line before each.
void printMetrics(const std::vector<sim::ReportTable>& tables, const Console& console);

/// How many columns the text takes on a terminal: characters, not bytes.
std::size_t columnsOf(const std::string& text);

} // namespace app
