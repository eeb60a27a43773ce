#pragma once

#include "sim/base/random.h"
#include "sim/scenario/scenario.h"

namespace sim {

/// Gives the broker policies, and has them changed while it runs: a few times, for a while or for
/// good, once or again and again. Adds faults at the end.
void changePolicies(Scenario& scenario, RandomStream& random);

/// Makes the processes of some classic queues slow, and a producer so fast that it runs out of
/// credit.
void slowDown(Scenario& scenario, RandomStream& random);

/// Has queues purged and deleted, lets some consumers ask for each message, and others give back
/// several at once. Adds faults at the end.
void operate(Scenario& scenario, RandomStream& random);

} // namespace sim
