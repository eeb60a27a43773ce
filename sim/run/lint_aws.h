#pragma once

#include "sim/base/result.h"
#include "sim/model/plan.h"

namespace sim {

/// What is likely meant otherwise of SQS queues, SNS topics and those who use them.
void lintAws(const Plan& plan, Problems& problems);

} // namespace sim
