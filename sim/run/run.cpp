#include "sim/run/run.h"

#include "sim/observe/witness_search.h"
#include "sim/run/build.h"
#include "sim/run/timeline.h"

#include <algorithm>
#include <utility>

namespace sim {
namespace {

constexpr std::uint64_t eventsPerSlice = 500'000; ///< between two calls of `progress`

/// Runs up to the last violation and keeps what belongs to each verdict's first one.
std::vector<Witness> witnessesOf(const std::shared_ptr<const Plan>& plan,
                                 const std::vector<Verdict>& verdicts) {
    WitnessSearch search(verdicts);
    Recorder recorder([&](std::span<const TraceRecord> records) {
        for (const TraceRecord& record : records) {
            search.take(record);
        }
    });
    World world(plan);
    world.run(search.end(), recorder);
    return search.witnesses(plan->catalogue);
}

bool anyViolated(const std::vector<Verdict>& verdicts) {
    return std::ranges::any_of(verdicts,
                               [](const auto& verdict) { return verdict.violations > 0; });
}

} // namespace

RunResult runScenario(const Scenario& scenario, const RunOptions& options) {
    const auto plan = build(scenario, options.interventions);
    World world(plan);
    Observers observers(plan->declared, plan->catalogue, {.ledger = false});
    Recorder recorder([&](std::span<const TraceRecord> records) {
        observers.take(records);
        if (options.trace) {
            options.trace(records);
        }
    });
    const Instant until = options.until.value_or(start + scenario.duration);
    RunResult result;
    while (world.runSome(until, eventsPerSlice, recorder)) {
        if (options.progress && !options.progress(world.now(), world.events())) {
            break;
        }
    }
    result.end = world.now();
    result.atRest = world.isAtRest();
    result.standsStill = world.standsStill();
    result.events = world.events();
    result.fingerprint = observers.fingerprint.text();
    result.metrics = observers.metrics.summaryAt(result.end);
    result.verdicts = observers.checks.verdicts(result.end, result.atRest);
    result.series = observers.series;
    result.series->passTo(result.end);
    result.catalogue = plan->catalogue;
    result.witnesses.resize(result.verdicts.size());
    if (anyViolated(result.verdicts)) {
        result.witnesses = witnessesOf(plan, result.verdicts);
    }
    return result;
}

} // namespace sim
