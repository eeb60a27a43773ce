#pragma once

#include "sim/base/check.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sim {

/// A stream of random numbers that is a value: 8 bytes, copied with the state that draws from it.
///
/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA
/// 2014): a counter with an odd step, mixed. Period 2^64. Streams are stretches of one circle, so
/// streams started at hashed seeds overlap with a probability of about (numbers drawn) / 2^64 for
/// each pair. Not for secrets.
class RandomStream {
public:
    explicit RandomStream(std::uint64_t seed) : m_state(seed) {}

    /// 64 fair bits.
    [[gnu::always_inline]] std::uint64_t next() {
        m_state += 0x9e3779b97f4a7c15;
        std::uint64_t z = m_state;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    /// A whole number from 0 to bound - 1, each exactly as likely (Lemire, "Fast random integer
    /// generation in an interval", 2019). Requires bound > 0.
    [[gnu::always_inline]] std::uint64_t below(std::uint64_t bound) {
        SIM_CHECK(bound > 0);
        Wide product = static_cast<Wide>(next()) * bound;
        if (static_cast<std::uint64_t>(product) < bound) [[unlikely]] {
            const std::uint64_t unfair = (0 - bound) % bound;
            while (static_cast<std::uint64_t>(product) < unfair) {
                product = static_cast<Wide>(next()) * bound;
            }
        }
        return static_cast<std::uint64_t>(product >> 64);
    }

    /// True in `perMillion` of a million cases. Draws nothing where there is nothing to decide: at
    /// 0 and at 1'000'000.
    bool chance(std::uint32_t perMillion) {
        constexpr std::uint32_t always = 1'000'000;
        if (perMillion == 0 || perMillion >= always) {
            return perMillion != 0;
        }
        return below(always) < perMillion;
    }

    /// Uniform between 0 and 1, never 0 and never 1; 52 bits.
    double unit() { return (static_cast<double>(next() >> 12) + 0.5) * 0x1p-52; }

    /// Exponential with mean 1; may be 0.
    double exponential();

    /// Normal with mean 0 and standard deviation 1.
    double normal();

    bool operator==(const RandomStream&) const = default;

private:
    __extension__ using Wide = unsigned __int128;

    double exponentialAside(std::uint64_t bits, double base);
    double normalAside(std::uint64_t bits);
    double normalTail();

    std::uint64_t m_state;
};

/// The stream for one purpose of one component of a run: "orders", "service time". It depends on
/// nothing else, so that a further component does not change the luck of the others, and two
/// branches of a run see the same numbers.
RandomStream streamFor(std::uint64_t seed, std::string_view component, std::string_view purpose);

/// The area under a falling density, cut into 256 layers of equal area (Marsaglia and Tsang, "The
/// ziggurat method for generating random variables", 2000). Layer 0 also stands for the tail.
///
/// A draw takes its layer from bits 0 to 7, its sign from bit 8, and its place from bits 11 to 63:
/// apart, because the original takes layer and place from the same bits (Doornik 2005).
struct Ziggurat {
    static constexpr std::size_t layers = 256;
    std::array<double, layers> widthPerPlace; ///< width of a layer / 2^53
    std::array<std::uint64_t, layers> sure;   ///< places below are under the curve for sure
    std::array<double, layers + 1> height;    ///< density at the layer's lower edge
};
extern const Ziggurat exponentialZiggurat;
extern const Ziggurat normalZiggurat;

[[gnu::always_inline]] inline double RandomStream::exponential() {
    const std::uint64_t bits = next();
    const std::uint64_t place = bits >> 11;
    const std::size_t layer = bits & 255;
    if (place < exponentialZiggurat.sure[layer]) [[likely]] {
        return static_cast<double>(static_cast<std::int64_t>(place)) *
               exponentialZiggurat.widthPerPlace[layer];
    }
    return exponentialAside(bits, 0);
}

[[gnu::always_inline]] inline double RandomStream::normal() {
    const std::uint64_t bits = next();
    const std::uint64_t place = bits >> 11;
    const std::size_t layer = bits & 255;
    if (place < normalZiggurat.sure[layer]) [[likely]] {
        const double size = static_cast<double>(static_cast<std::int64_t>(place)) *
                            normalZiggurat.widthPerPlace[layer];
        return std::bit_cast<double>(std::bit_cast<std::uint64_t>(size) | (bits & 256) << 55);
    }
    return normalAside(bits);
}

} // namespace sim
