#pragma once

#include "sim/base/result.h"
#include "sim/scenario/scenario.h"

#include <set>
#include <string>

namespace sim {

/// Everything that keeps the scenario from being run: ranges, references, names, and what fits
/// together; empty where there is nothing. A real broker accepts what passes, apart from what is
/// not simulated yet.
Problems validate(const Scenario& scenario);

/// The same, for a scenario of which these components (by position) could not be read: what refers
/// to them is taken to be right.
Problems validate(const Scenario& scenario, const std::set<std::size_t>& unread);

} // namespace sim
