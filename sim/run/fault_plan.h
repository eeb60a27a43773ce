#pragma once

#include "sim/model/plan.h"

namespace sim {

/// Resolves the target of a fault and adds it to the plan, after the others. Requires that the
/// plan's links and nodes are made and that the fault's targets are among them.
void addFault(Plan& plan, const FaultSpec& spec);

/// What a fault is called: its name, or its kind and target.
std::string faultTitle(const FaultSpec& fault);

} // namespace sim
