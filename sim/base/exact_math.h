#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>

/// Exponential, logarithm and power out of + - * / and bits alone. The C library's functions may
/// differ in the last bit from one system to the next, and one bit changes a whole run; these give
/// the same bits on every machine with IEEE 754 doubles (build with -ffp-contract=off).

namespace sim {

namespace exact {

/// ln 2 as a sum: the first part has 21 low bits of zero, so that k * ln2High is exact for |k| <
/// 2^20.
inline constexpr double ln2High = 0x1.62e42fee00000p-1;
inline constexpr double ln2Low = 0x1.a39ef35793c76p-33;

inline constexpr int stepsPerOctave = 64;

/// 2^(j / stepsPerOctave) as a rounded value and what the rounding left out, relative to the value.
struct Power {
    double value;
    double rest;
};
extern const std::array<Power, stepsPerOctave> powers;

/// e^(x + low) where it is no normal number: infinity, subnormal, zero or NaN.
double expAtTheEdge(double x, double low);

/// 2^exponent for a normal result.
constexpr double powerOfTwo(std::int64_t exponent) {
    return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52);
}

/// e^(x + low) / 2^octaves. Requires |x| < 800.
struct ScaledExp {
    double fraction; ///< between 1 and 2, but for rounding
    std::int64_t octaves;
};
[[gnu::always_inline]] inline ScaledExp scaledExp(double x, double low) {
    constexpr double round = 0x1.8p52; // adding it leaves the nearest whole number in the low bits
    constexpr double perStep = stepsPerOctave / 0.6931471805599453094;
    const double shifted = x * perStep + round;
    const double whole = shifted - round;
    const auto step = static_cast<std::int64_t>(whole);
    const double r =
        x - whole * (ln2High / stepsPerOctave) - whole * (ln2Low / stepsPerOctave) + low;
    const double r2 = r * r; // |r| < 0.0055: the first term left out is below 2^-60
    const double series =
        r2 * (0.5 + r * (1.0 / 6) + r2 * (1.0 / 24 + r * (1.0 / 120) + r2 * (1.0 / 720)));
    const Power& power = powers[static_cast<std::size_t>(step & (stepsPerOctave - 1))];
    return {power.value + power.value * (power.rest + (r + series)), step >> 6};
}

} // namespace exact

/// e^x to about one unit in the last place (relative error below 2.3e-16).
[[gnu::always_inline]] inline double exactExp(double x) {
    if (!(x > -708 && x < 709)) [[unlikely]] {
        return exact::expAtTheEdge(x, 0);
    }
    const exact::ScaledExp result = exact::scaledExp(x, 0);
    return result.fraction * exact::powerOfTwo(result.octaves);
}

namespace exact {

/// x = fraction * 2^exponent with the fraction between sqrt(1/2) and sqrt(2).
struct Split {
    double fraction;
    std::int64_t exponent;
};
/// Requires 0 < x < infinity.
constexpr Split split(double x) {
    std::int64_t extra = 0;
    if (x < std::numeric_limits<double>::min()) {
        x *= 0x1p54;
        extra = 54;
    }
    const auto bits = std::bit_cast<std::uint64_t>(x);
    constexpr std::uint64_t rootHalf = 0x3fe6a09e667f3bcd;
    const std::uint64_t above =
        bits - rootHalf; // the exponent field counts octaves above sqrt(1/2)
    const std::int64_t exponent = static_cast<std::int64_t>(above) >> 52;
    const std::uint64_t fraction = bits - (static_cast<std::uint64_t>(exponent) << 52);
    return {std::bit_cast<double>(fraction), exponent - extra};
}

} // namespace exact

/// ln x to about one unit in the last place. ln 0 is -infinity; of a negative number, NaN.
///
/// ln(1 + f) is 2 artanh(s) with s = f / (2 + f), arranged so that the large part f enters
/// unrounded, as in Sun's fdlibm (e_log.c, 1993).
constexpr double exactLog(double x) {
    if (!(x > 0)) {
        return x == 0 ? -std::numeric_limits<double>::infinity()
                      : std::numeric_limits<double>::quiet_NaN();
    }
    if (x > std::numeric_limits<double>::max()) {
        return x;
    }
    const exact::Split parts = exact::split(x);
    const double f = parts.fraction - 1;
    const double s = f / (2 + f);
    const double z = s * s;
    double series = 0; // 2z/3 + 2z^2/5 + ..., z < 0.0295
    for (int k = 10; k >= 1; --k) {
        series = z * (2.0 / (2 * k + 1) + series);
    }
    const double half = 0.5 * f * f;
    const auto octaves = static_cast<double>(parts.exponent);
    return octaves * exact::ln2High -
           ((half - (s * (half + series) + octaves * exact::ln2Low)) - f);
}

/// x^y to about one unit in the last place; about ten times the cost of exactExp.
/// Requires x >= 0. 0^0 is 1, 0 to a negative power is infinity.
double exactPow(double x, double y);

} // namespace sim
