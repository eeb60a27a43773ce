#pragma once

#include "tests/support/situation.h"

#include <cstdint>

namespace sim {

/// A valid scenario with a topology, clients, strategies and faults that all depend on `seed`: some
/// 30 s of traffic and then quiet, so that what can come to rest does. Handlers take at least a
/// millisecond, so that no loop turns within an instant.
Situation randomSituation(std::uint64_t seed, bool shuffled = true);

/// How many seeds a law is tried with: MILLRACE_SEEDS in the environment, or `usually`.
std::uint64_t seedsToTry(std::uint64_t usually);

inline constexpr Duration randomEnd = 40s;

} // namespace sim
