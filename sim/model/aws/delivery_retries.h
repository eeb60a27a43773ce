#pragma once

#include "sim/base/time.h"

#include <cstdint>
#include <optional>

namespace sim {

/// How long an SNS topic waits before it tries again to deliver to an SQS queue that did not
/// answer: 3 times at once, twice after 1 s, 10 times after 1 s to 20 s, then every 20 s; 100 015
/// tries in all.
/// Source: https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
/// Not modelled: the jitter; delivery policies, which only HTTP endpoints have. That the backoff
/// grows by the same factor from step to step is ours: the guide calls it exponential.
std::optional<Duration> deliveryRetryDelay(std::uint32_t failures);

} // namespace sim
