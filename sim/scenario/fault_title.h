#pragma once

#include "sim/scenario/fault_spec.h"

#include <string>

namespace sim {

/// What a fault is called: its name, or its kind and what it is on: "crash of billing", "loss shop
/// > orders". Traces contain it.
std::string faultTitle(const FaultSpec& fault);

/// Whether it is something that an operator does, and no failure.
bool isOperation(const FaultSpec& fault);

} // namespace sim
