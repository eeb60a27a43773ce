#pragma once

#include "sim/base/random.h"
#include "sim/scenario/scenario.h"

namespace sim {

/// Adds a topic, queues, services that send, publish and poll, and faults on their links.
void addAws(Scenario& scenario, RandomStream& random);

} // namespace sim
