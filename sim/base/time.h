#pragma once

#include <chrono>
#include <cstdint>

namespace sim {

/// The simulated clock: whole nanoseconds since the start of the run, in 64 bits with a sign.
/// It has no now() on purpose: the only source of time is the event being handled.
struct SimClock {
    using rep = std::int64_t;
    using period = std::nano;
    using duration = std::chrono::nanoseconds;
    using time_point = std::chrono::time_point<SimClock>;
    static constexpr bool is_steady = true;
};

using Duration = SimClock::duration;
using Instant = SimClock::time_point;

/// The first instant of every run.
inline constexpr Instant start{};
/// An instant that does not come.
inline constexpr Instant never = Instant::max();

/// The longest duration and the latest instant that a scenario may name: ten years. Sums of a few
/// of them cannot overflow.
inline constexpr Duration durationMax = std::chrono::hours{24 * 3653};

using namespace std::chrono_literals;

} // namespace sim
