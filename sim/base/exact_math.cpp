#include "sim/base/exact_math.h"

#include "sim/base/check.h"

#include <array>

namespace sim {

namespace exact {

namespace {

/// A number as an unrounded sum of two doubles: about 106 bits (Dekker 1971).
struct Pair {
    double high = 0;
    double low = 0;
};

constexpr Pair sum(double a, double b) {
    const double s = a + b;
    const double part = s - a;
    return {s, (a - (s - part)) + (b - part)};
}

/// Requires |a| and |b| below 1e150, so that splitting cannot overflow.
constexpr Pair product(double a, double b) {
    constexpr double splitter = 0x1p27 + 1;
    const double aHigh = splitter * a - (splitter * a - a);
    const double bHigh = splitter * b - (splitter * b - b);
    const double aLow = a - aHigh;
    const double bLow = b - bHigh;
    const double p = a * b;
    return {p, ((aHigh * bHigh - p) + aHigh * bLow + aLow * bHigh) + aLow * bLow};
}

constexpr Pair operator+(Pair a, Pair b) {
    const Pair s = sum(a.high, b.high);
    return sum(s.high, s.low + a.low + b.low);
}

constexpr Pair operator*(Pair a, Pair b) {
    const Pair p = product(a.high, b.high);
    return sum(p.high, p.low + a.high * b.low + a.low * b.high);
}

constexpr Pair operator/(Pair a, Pair b) {
    const double quotient = a.high / b.high;
    const Pair back = Pair{quotient, 0} * b;
    const double rest = ((a.high - back.high) - back.low) + a.low;
    return sum(quotient, rest / b.high);
}

constexpr Pair ln2{0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56};

constexpr Pair expOf(Pair x) {
    Pair result{1, 0};
    for (int k = 28; k >= 1; --k) {
        result = Pair{1, 0} + result * x / Pair{static_cast<double>(k), 0};
    }
    return result;
}

constexpr Power power(int step) {
    const Pair exponent = ln2 * Pair{static_cast<double>(step) / stepsPerOctave, 0};
    const Pair value = expOf(exponent);
    return {value.high, value.low / value.high};
}

/// ln x in about 70 bits: the first terms of the series as pairs, the small rest as a double.
Pair logOf(double x) {
    const Split parts = split(x);
    const Pair s = Pair{parts.fraction - 1, 0} / sum(parts.fraction, 1);
    const Pair z = s * s;
    double rest = 0; // z/7 + z^2/9 + ...
    for (int k = 12; k >= 3; --k) {
        rest = z.high * (1.0 / (2 * k + 1) + rest);
    }
    constexpr Pair third = Pair{1, 0} / Pair{3, 0};
    constexpr Pair fifth = Pair{1, 0} / Pair{5, 0};
    const Pair series = Pair{1, 0} + z * (third + z * (fifth + Pair{rest, 0}));
    const Pair fraction = Pair{2 * s.high, 2 * s.low} * series;
    return Pair{static_cast<double>(parts.exponent), 0} * ln2 + fraction;
}

double expOfSum(double x, double low) {
    if (!(x > -708 && x < 709)) {
        return expAtTheEdge(x, low);
    }
    const ScaledExp result = scaledExp(x, low);
    return result.fraction * powerOfTwo(result.octaves);
}

constexpr std::array<Power, stepsPerOctave> makePowers() {
    std::array<Power, stepsPerOctave> table{};
    for (int step = 0; step < stepsPerOctave; ++step) {
        table[static_cast<std::size_t>(step)] = power(step);
    }
    return table;
}

} // namespace

constinit const std::array<Power, stepsPerOctave> powers = makePowers();

double expAtTheEdge(double x, double low) {
    if (x > 710) {
        return std::numeric_limits<double>::infinity();
    }
    if (x < -746) {
        return 0;
    }
    if (x != x) {
        return x;
    }
    const ScaledExp result = scaledExp(x, low);
    const std::int64_t half = result.octaves / 2;
    return result.fraction * powerOfTwo(half) * powerOfTwo(result.octaves - half);
}

} // namespace exact

double exactPow(double x, double y) {
    SIM_CHECK(x >= 0);
    constexpr double infinity = std::numeric_limits<double>::infinity();
    if (y == 0 || x == 1) {
        return 1;
    }
    if (x == 0 || x == infinity) {
        return (x == 0) == (y > 0) ? 0 : infinity;
    }
    const exact::Pair logarithm = exact::logOf(x);
    const double estimate = logarithm.high * y;
    if (!(estimate < 710 && estimate > -746)) { // also keeps the splitting of y from overflowing
        return exactExp(estimate);
    }
    const exact::Pair exponent = logarithm * exact::Pair{y, 0};
    return exact::expOfSum(exponent.high, exponent.low);
}

} // namespace sim
