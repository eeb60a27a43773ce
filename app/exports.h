#pragma once

#include "sim/base/result.h"
#include "sim/scenario/scenario.h"
#include "sim/store/run_record.h"

#include <string>
#include <vector>

namespace app {

/// The outcome of a run as JSON: title, seed, fingerprint, verdicts, metrics, Little's law at every
/// queue and so on. Instants are text with units; metrics in seconds, the sums of Little's law in
/// message seconds; what is no number is null.
std::string outcomeJson(const sim::RunRecord& run);

/// The outcome of a run as an HTML page.
std::string outcomeHtml(const sim::Scenario& scenario,
                        const std::vector<sim::FaultSpec>& interventions,
                        const sim::RunRecord& run);

/// A kept run's scenario, with problems as those of the kept text.
sim::Result<sim::Scenario> scenarioOf(const sim::RunRecord& run);
sim::Result<std::vector<sim::FaultSpec>> interventionsOf(const sim::RunRecord& run);

} // namespace app
