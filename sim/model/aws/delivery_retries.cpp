#include "sim/model/aws/delivery_retries.h"

#include "sim/base/distribution.h"
#include "sim/base/exact_math.h"

namespace sim {

std::optional<Duration> deliveryRetryDelay(std::uint32_t failures) {
    constexpr std::uint32_t atOnce = 3;
    constexpr std::uint32_t shortly = atOnce + 2;
    constexpr std::uint32_t growing = shortly + 10;
    constexpr std::uint32_t triesMax = 100'015;
    constexpr double second = 1e9;
    constexpr double longest = 20;
    if (failures > triesMax) {
        return std::nullopt;
    }
    if (failures <= atOnce) {
        return Duration{};
    }
    if (failures <= shortly) {
        return 1s;
    }
    if (failures <= growing) {
        const double step = static_cast<double>(failures - shortly - 1) / 9;
        return Distribution::wholeDuration(second * exactPow(longest, step));
    }
    return 20s;
}

} // namespace sim
