#pragma once

#include "sim/base/result.h"
#include "sim/model/plan.h"
#include "sim/run/message_flow.h"

namespace sim {

/// What a consumer that acknowledges in batches waits for in vain, or does too early.
void lintBatches(const Plan& plan, Problems& problems);

/// Names each way round that shovels make once, at its first queue. Links of federated exchanges
/// count hops, and those of federated queues rest where nobody consumes.
void lintShovels(const Plan& plan, const MessageFlow& flow, Problems& problems);

} // namespace sim
