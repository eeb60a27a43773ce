#include "sim/base/distribution.h"

#include "sim/base/check.h"

#include <algorithm>
#include <cmath>

namespace sim {

namespace {

/// The 99th percentile of the standard normal.
constexpr double normalP99 = 2.3263478740408408;

bool isNumber(double x) { return x >= 0 && x < Distribution::unlimited; }

/// The smaller root of sigma^2 / 2 - z sigma + ln(p99 / mean) = 0: the p99 of a lognormal is
/// e^(mu + z sigma), its mean is e^(mu + sigma^2 / 2).
double sigmaFor(double mean, double p99) {
    const double ratio = exactLog(p99 / mean);
    return normalP99 - std::sqrt(std::max(0.0, normalP99 * normalP99 - 2 * ratio));
}

} // namespace

/// What does not fit into four numbers; of each kind its own.
struct Distribution::Tables {
    std::vector<double> samples;
    std::vector<std::pair<double, Distribution>> parts;
    std::vector<double> partsUpTo; ///< the sums of the weights so far
};

Distribution Distribution::constant(double value) {
    SIM_CHECK(isNumber(value));
    return {Kind::Constant, value, 0};
}

Distribution Distribution::uniform(double min, double max) {
    SIM_CHECK(isNumber(min));
    SIM_CHECK(isNumber(max));
    SIM_CHECK(min <= max);
    return {Kind::Uniform, min, max};
}

Distribution Distribution::exponential(double mean) {
    SIM_CHECK(isNumber(mean));
    return {Kind::Exponential, mean, 0};
}

Distribution Distribution::normal(double mean, double sd, double min, double max) {
    SIM_CHECK(canTruncate(mean, sd, min, max));
    Distribution result{Kind::Normal, mean, sd};
    result.m_third = min;
    result.m_fourth = max;
    return result;
}

Distribution Distribution::logNormal(double mu, double sigma) {
    SIM_CHECK(std::isfinite(mu));
    SIM_CHECK(isNumber(sigma));
    Distribution result{Kind::LogNormal, mu, sigma};
    result.m_third = mu;
    result.m_fourth = sigma;
    return result;
}

Distribution Distribution::logNormalByMeanAndP99(double mean, double p99) {
    SIM_CHECK(canFit(mean, p99));
    Distribution result{Kind::LogNormalByMeanAndP99, mean, p99};
    const double sigma = sigmaFor(mean, p99);
    result.m_third = exactLog(mean) - 0.5 * sigma * sigma;
    result.m_fourth = sigma;
    return result;
}

Distribution Distribution::gamma(double shape, double mean) {
    SIM_CHECK(isNumber(shape));
    SIM_CHECK(shape > 0);
    SIM_CHECK(isNumber(mean));
    return {Kind::Gamma, shape, mean};
}

Distribution Distribution::weibull(double shape, double scale) {
    SIM_CHECK(isNumber(shape));
    SIM_CHECK(shape > 0);
    SIM_CHECK(isNumber(scale));
    return {Kind::Weibull, shape, scale};
}

Distribution Distribution::pareto(double shape, double min) {
    SIM_CHECK(isNumber(shape));
    SIM_CHECK(shape > 0);
    SIM_CHECK(isNumber(min));
    return {Kind::Pareto, shape, min};
}

Distribution Distribution::empirical(std::vector<double> samples) {
    SIM_CHECK(!samples.empty());
    SIM_CHECK(std::all_of(samples.begin(), samples.end(), isNumber));
    Distribution result{Kind::Empirical, 0, 0};
    result.m_tables = std::make_shared<const Tables>(Tables{.samples = std::move(samples)});
    return result;
}

Distribution Distribution::mixture(std::vector<std::pair<double, Distribution>> parts) {
    std::vector<double> upTo;
    double sum = 0;
    for (const auto& [weight, part] : parts) {
        SIM_CHECK(isNumber(weight));
        sum += weight;
        upTo.push_back(sum);
    }
    SIM_CHECK(isNumber(sum));
    SIM_CHECK(sum > 0);
    Distribution result{Kind::Mixture, 0, 0};
    result.m_tables = std::make_shared<const Tables>(
        Tables{.samples = {}, .parts = std::move(parts), .partsUpTo = std::move(upTo)});
    return result;
}

bool Distribution::canFit(double mean, double p99) {
    return isNumber(mean) && isNumber(p99) && mean > 0 && p99 >= mean && p99 / mean <= p99ToMeanMax;
}

bool Distribution::canTruncate(double mean, double sd, double min, double max) {
    if (!std::isfinite(mean) || !isNumber(sd) || !isNumber(min) || !(min <= max)) {
        return false;
    }
    if (sd == 0) {
        return min <= mean && mean <= max;
    }
    const auto below = [&](double x) {
        const double z = (mean - x) / sd / std::sqrt(2.0);
        return 0.5 * std::erfc(z); // not in a run
    };
    return below(max) - below(min) >= 1e-3;
}

double Distribution::min() const {
    SIM_CHECK(m_kind == Kind::Normal);
    return m_third;
}

double Distribution::max() const {
    SIM_CHECK(m_kind == Kind::Normal);
    return m_fourth;
}

double Distribution::mu() const {
    SIM_CHECK(isLogNormal());
    return m_third;
}

double Distribution::sigma() const {
    SIM_CHECK(isLogNormal());
    return m_fourth;
}

const std::vector<double>& Distribution::samples() const {
    SIM_CHECK(m_kind == Kind::Empirical);
    return m_tables->samples;
}

const std::vector<std::pair<double, Distribution>>& Distribution::parts() const {
    SIM_CHECK(m_kind == Kind::Mixture);
    return m_tables->parts;
}

bool Distribution::operator==(const Distribution& other) const {
    return m_kind == other.m_kind && m_first == other.m_first && m_second == other.m_second &&
           m_third == other.m_third && m_fourth == other.m_fourth &&
           (m_kind != Kind::Empirical || samples() == other.samples()) &&
           (m_kind != Kind::Mixture || parts() == other.parts());
}

double Distribution::sampleOther(RandomStream& stream) const {
    switch (m_kind) {
    case Kind::Constant:
    case Kind::Exponential:
    case Kind::LogNormal:
    case Kind::LogNormalByMeanAndP99:
        return sample(stream);
    case Kind::Uniform:
        return m_first + (m_second - m_first) * stream.unit();
    case Kind::Normal:
        return sampleNormal(stream);
    case Kind::Gamma:
        return sampleGamma(stream);
    case Kind::Weibull:
        return m_second * exactExp(exactLog(stream.exponential()) / m_first);
    case Kind::Pareto:
        return m_second == 0 ? 0 : m_second * exactExp(stream.exponential() / m_first);
    case Kind::Empirical:
        return m_tables->samples[stream.below(m_tables->samples.size())];
    case Kind::Mixture:
        return sampleMixture(stream);
    }
    SIM_CHECK(!"a kind of distribution");
    return 0;
}

double Distribution::sampleNormal(RandomStream& stream) const {
    for (;;) {
        const double x = m_first + m_second * stream.normal();
        if (x >= m_third && x <= m_fourth) {
            return x;
        }
    }
}

double Distribution::sampleGamma(RandomStream& stream) const {
    const bool small = m_first < 1; // then gamma(shape + 1) * unit^(1 / shape)
    const double d = (small ? m_first + 1 : m_first) - 1.0 / 3;
    const double c = 1 / std::sqrt(9 * d);
    for (;;) {
        const double x = stream.normal();
        const double root = 1 + c * x;
        const double v = root * root * root;
        if (root > 0 && exactLog(stream.unit()) < 0.5 * x * x + d - d * v + d * exactLog(v)) {
            const double boost = small ? exactExp(exactLog(stream.unit()) / m_first) : 1;
            return m_second * (d * v * boost / m_first);
        }
    }
}

double Distribution::sampleMixture(RandomStream& stream) const {
    const std::vector<double>& upTo = m_tables->partsUpTo;
    const auto chosen = std::upper_bound(upTo.begin(), upTo.end(), stream.unit() * upTo.back());
    const auto index = std::min<std::ptrdiff_t>(chosen - upTo.begin(), std::ssize(upTo) - 1);
    return m_tables->parts[static_cast<std::size_t>(index)].second.sample(stream);
}

} // namespace sim
