#pragma once

#include <cmath>
#include <cstdint>

namespace sim {

/// A probability in cases of a million, as Chance::happens() takes it.
inline std::uint32_t odds(double probability) {
    constexpr double perMillion = 1e6;
    return static_cast<std::uint32_t>(std::llround(probability * perMillion));
}

} // namespace sim
