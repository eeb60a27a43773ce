#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace sim {

/// The largest distance between the samples' distribution and `cdf`, times the square root of their
/// number (Kolmogorov and Smirnov). Above 1.95 once in a thousand times where the law is right.
template <typename Cdf> double distanceFromLaw(std::vector<double> samples, Cdf cdf) {
    std::sort(samples.begin(), samples.end());
    const auto count = static_cast<double>(samples.size());
    double distance = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const double expected = cdf(samples[i]);
        const auto below = static_cast<double>(i);
        distance = std::max({distance, expected - below / count, (below + 1) / count - expected});
    }
    return distance * std::sqrt(count);
}
inline constexpr double distanceMax = 1.95;

struct Moments {
    double mean;
    double variance;
};
inline Moments momentsOf(const std::vector<double>& samples) {
    const auto count = static_cast<double>(samples.size());
    double sum = 0;
    for (const double x : samples) {
        sum += x;
    }
    double squares = 0;
    for (const double x : samples) {
        squares += (x - sum / count) * (x - sum / count);
    }
    return {sum / count, squares / count};
}

/// The sum of (found - expected)^2 / expected, where all are expected equally often.
inline double chiSquare(const std::vector<std::size_t>& found, double expected) {
    double sum = 0;
    for (const std::size_t count : found) {
        const double apart = static_cast<double>(count) - expected;
        sum += apart * apart / expected;
    }
    return sum;
}

} // namespace sim
