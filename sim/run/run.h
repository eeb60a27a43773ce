#pragma once

#include "sim/observe/metrics_summary.h"
#include "sim/observe/series.h"
#include "sim/observe/verdict.h"
#include "sim/scenario/scenario.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sim {

struct RunOptions {
    std::vector<FaultSpec> interventions;
    std::optional<Instant> until; ///< absent: the scenario's duration
    /// Called now and then with the simulated time and the events so far; false ends the run there.
    std::function<bool(Instant, std::uint64_t)> progress;
    /// Gets every record, oldest first.
    std::function<void(std::span<const TraceRecord>)> trace;
};

/// What a run came to.
struct RunResult {
    Instant end{};            ///< simulated up to here
    bool atRest = false;      ///< nothing more would have happened
    bool standsStill = false; ///< too many events at `end`: see World::standsStill()
    std::uint64_t events = 0;
    std::string fingerprint; ///< of all records: equal runs have equal ones
    MetricsSummary metrics;
    std::vector<Verdict> verdicts;
    std::vector<Witness> witnesses; ///< by verdict; empty where nothing was violated
    std::optional<Series> series;   ///< absent where it was not asked for
    Catalogue catalogue;
};

/// Runs a scenario from its start with nothing stored. A verdict's witness is got by running once
/// more up to the violation, keeping only what belongs to it. Requires a scenario without problems.
RunResult runScenario(const Scenario& scenario, const RunOptions& options = {});

} // namespace sim
