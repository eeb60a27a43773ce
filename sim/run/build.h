#pragma once

#include "sim/model/plan.h"
#include "sim/scenario/scenario.h"

#include <memory>
#include <vector>

namespace sim {

/// Resolves every name of a scenario and makes ready what a run asks for. The only way from a
/// Scenario to something that runs. Requires a scenario that validation found no problem in, and
/// interventions whose targets it has.
std::shared_ptr<const Plan> build(const Scenario& scenario,
                                  const std::vector<FaultSpec>& interventions = {});

/// The same plan with one fault more, after the others.
std::shared_ptr<const Plan> withFault(const Plan& plan, const FaultSpec& fault);

} // namespace sim
