#pragma once

#include "sim/run/run.h"
#include "sim/scenario/scenario.h"
#include "sim/store/run_record.h"

#include <string>
#include <vector>

namespace sim {

/// What is kept of a run of `scenario`: for the run library and for reports. `folder` is where the
/// CSV files are that the scenario names.
RunRecord recordRun(const Scenario& scenario, const std::vector<FaultSpec>& interventions,
                    const RunResult& result, const std::string& folder);

} // namespace sim
