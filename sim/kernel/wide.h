#pragma once

#include "sim/kernel/few_events.h"
#include "sim/kernel/instructions.h"

#include <cstddef>
#include <cstdint>

namespace sim {

/// Buckets up to this size are ranked; larger ones are sorted the ordinary way.
inline constexpr std::size_t rankedMax = 16;

/// Sorts a bucket by key, keeping the order among equals.
///
/// Requires count <= rankedMax; rankedMax readable places at `in` and writable ones at `out`, apart
/// from each other. All keys lie in [base, base + 2^bits). Places of `out` past `count` are spoilt.
void sortBucket(const Event* in, std::size_t count, std::int64_t base, int bits, Event* out,
                Instructions instructions);

} // namespace sim
