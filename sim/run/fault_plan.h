#pragma once

#include "sim/model/plan.h"

namespace sim {

/// Resolves the target of a fault and adds it to the plan, after the others. Requires that the
/// plan's links and nodes are made and that the fault's targets are among them.
void addFault(Plan& plan, const FaultSpec& spec);

} // namespace sim
