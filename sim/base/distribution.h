#pragma once

#include "sim/base/exact_math.h"
#include "sim/base/random.h"
#include "sim/base/time.h"

#include <limits>
#include <memory>
#include <utility>
#include <vector>

namespace sim {

/// A distribution of non-negative numbers: nanoseconds where a duration is meant, otherwise what
/// the user says (bytes). A value; long tables are shared between copies.
///
/// It keeps its parameters as they were given, so that a scenario is written as it was read.
/// Drawing uses exact_math only and gives the same numbers on every machine; mean, variance, cdf
/// and quantile are for readers, explorers and tests, use the C library, and have no place in a
/// run.
class Distribution {
public:
    enum class Kind : std::uint8_t {
        Constant,
        Uniform,
        Exponential,
        Normal,
        LogNormal,
        LogNormalByMeanAndP99,
        Gamma,
        Weibull,
        Pareto,
        Empirical,
        Mixture,
    };

    /// Always 0.
    Distribution() = default;

    /// Requires value >= 0.
    static Distribution constant(double value);
    /// Requires 0 <= min <= max.
    static Distribution uniform(double min, double max);
    /// Requires mean >= 0.
    static Distribution exponential(double mean);
    /// Normal, drawn again until it lies between min and max. Its mean() is that of what is left,
    /// not `mean`. Requires canTruncate(mean, sd, min, max).
    static Distribution normal(double mean, double sd, double min = 0, double max = unlimited);
    /// e^(mu + sigma * normal). Requires sigma >= 0.
    static Distribution logNormal(double mu, double sigma);
    /// The lognormal with this mean and 99th percentile. Requires canFit(mean, p99).
    static Distribution logNormalByMeanAndP99(double mean, double p99);
    /// Erlang where `shape` is whole: the sum of that many equal exponentials. Marsaglia and Tsang,
    /// "A simple method for generating gamma variables", 2000. Requires shape > 0, mean >= 0.
    static Distribution gamma(double shape, double mean);
    /// Requires shape > 0, scale >= 0.
    static Distribution weibull(double shape, double scale);
    /// P(more than x) = (min / x)^shape. Requires shape > 0, min >= 0.
    static Distribution pareto(double shape, double min);
    /// Each sample is equally likely. Requires at least one, none negative.
    static Distribution empirical(std::vector<double> samples);
    /// One of the parts, by weight. Requires weights >= 0 with a positive sum.
    static Distribution mixture(std::vector<std::pair<double, Distribution>> parts);

    /// Whether a lognormal has this mean and 99th percentile: p99 / mean is at least 1 and at most
    /// p99ToMeanMax. The 99th percentile of a still wider lognormal sinks again, under its mean at
    /// last: a few giants carry that mean.
    static bool canFit(double mean, double p99);
    /// e^(z^2 / 2) with z = 2.3263..., the 99th percentile of the standard normal.
    static constexpr double p99ToMeanMax = 14.968;

    /// Whether 0 <= min <= max and at least one normal draw in a thousand lies between them, so
    /// that drawing again ends soon.
    static bool canTruncate(double mean, double sd, double min, double max);

    static constexpr double unlimited = std::numeric_limits<double>::infinity();

    /// One draw: finite or, for extreme shapes, infinite; never negative.
    [[gnu::always_inline]] double sample(RandomStream& stream) const {
        if (m_kind == Kind::Exponential) {
            return m_first * stream.exponential();
        }
        if (m_kind == Kind::Constant) {
            return m_first;
        }
        if (isLogNormal()) {
            return exactExp(m_third + m_fourth * stream.normal());
        }
        return sampleOther(stream);
    }

    /// One draw in whole nanoseconds, at most durationMax.
    Duration sampleDuration(RandomStream& stream) const { return wholeDuration(sample(stream)); }

    /// The nearest whole nanosecond, at most durationMax. Requires nanoseconds >= 0.
    static Duration wholeDuration(double nanoseconds) {
        constexpr auto limit = static_cast<double>(durationMax.count());
        if (!(nanoseconds < limit)) {
            return durationMax;
        }
        // lround would be a call; what it does better is below a nanosecond's last bit.
        return Duration{static_cast<std::int64_t>(nanoseconds + 0.5)}; // NOLINT(bugprone-*)
    }

    double mean() const;
    double variance() const; ///< infinity where there is none
    /// The probability of a draw of at most x.
    double cdf(double x) const;
    /// The smallest x with cdf(x) >= p; of a mixture to about 15 digits. Requires 0 < p < 1.
    double quantile(double p) const;

    Kind kind() const { return m_kind; }
    /// Whether every draw is the same number.
    bool isConstant() const { return m_kind == Kind::Constant; }

    /// The parameters in the order of the factory's arguments; 0 for those that a kind has not.
    double first() const { return m_first; }
    double second() const { return m_second; }
    /// Where a normal is cut. Requires Kind::Normal.
    double min() const;
    double max() const;
    /// Requires a lognormal.
    double mu() const;
    double sigma() const;
    /// Requires Kind::Empirical. In the order given.
    const std::vector<double>& samples() const;
    /// Requires Kind::Mixture. In the order given.
    const std::vector<std::pair<double, Distribution>>& parts() const;

    /// The same kind with the same parameters.
    bool operator==(const Distribution& other) const;

private:
    struct Tables;

    Distribution(Kind kind, double first, double second)
        : m_kind(kind)
        , m_first(first)
        , m_second(second) {}

    bool isLogNormal() const {
        return m_kind == Kind::LogNormal || m_kind == Kind::LogNormalByMeanAndP99;
    }
    double sampleOther(RandomStream& stream) const;
    double sampleNormal(RandomStream& stream) const;
    double sampleGamma(RandomStream& stream) const;
    double sampleMixture(RandomStream& stream) const;
    double mixtureVariance() const;
    double mixtureQuantile(double p) const;

    // Small, because a run draws from dozens of them, and they share the nearest cache.
    Kind m_kind = Kind::Constant;
    double m_first = 0;
    double m_second = 0;
    double m_third = 0;  ///< of a normal: min; of a lognormal: mu
    double m_fourth = 0; ///< of a normal: max; of a lognormal: sigma
    std::shared_ptr<const Tables> m_tables;
};

} // namespace sim
