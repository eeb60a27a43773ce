// What is known about a distribution without drawing from it: for readers, explorers and tests.
// The C library and Boost are allowed here, because nothing in a run depends on it.

/// Doubles are enough, and tools that run a program on a processor of their own know no more.
#define BOOST_MATH_NO_LONG_DOUBLE_MATH_FUNCTIONS

#include "sim/base/check.h"
#include "sim/base/distribution.h"

#include <algorithm>
#include <boost/math/distributions/exponential.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/lognormal.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/pareto.hpp>
#include <boost/math/distributions/weibull.hpp>
#include <cmath>
#include <numeric>

namespace sim {

namespace {

using boost::math::normal_distribution;

/// The standard normal cut off at two points, in units of its standard deviation.
struct CutNormal {
    double low;
    double high;

    static double density(double x) {
        return std::isfinite(x) ? pdf(normal_distribution<>{}, x) : 0;
    }
    static double below(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); } // not in a run
    double share() const { return below(high) - below(low); }
    double mean() const { return (density(low) - density(high)) / share(); }
    double variance() const {
        const double lowPart = std::isfinite(low) ? low * density(low) : 0;
        const double highPart = std::isfinite(high) ? high * density(high) : 0;
        return 1 + (lowPart - highPart) / share() - mean() * mean();
    }
};

double meanOf(const std::vector<double>& samples) {
    return std::accumulate(samples.begin(), samples.end(), 0.0) /
           static_cast<double>(samples.size());
}

double varianceOf(const std::vector<double>& samples) {
    const double mean = meanOf(samples);
    double sum = 0;
    for (const double x : samples) {
        sum += (x - mean) * (x - mean);
    }
    return sum / static_cast<double>(samples.size());
}

double totalWeight(const std::vector<std::pair<double, Distribution>>& parts) {
    double sum = 0;
    for (const auto& [weight, part] : parts) {
        sum += weight;
    }
    return sum;
}

CutNormal cutNormal(const Distribution& d) {
    return {(d.min() - d.first()) / d.second(), (d.max() - d.first()) / d.second()};
}

/// Whether a kind with parameters has shrunk to one number, which Boost refuses.
bool isPoint(const Distribution& d) {
    switch (d.kind()) {
    case Distribution::Kind::Constant:
        return true;
    case Distribution::Kind::Exponential:
        return d.first() == 0;
    case Distribution::Kind::Uniform:
        return d.first() == d.second();
    case Distribution::Kind::Normal:
    case Distribution::Kind::Gamma:
    case Distribution::Kind::Weibull:
    case Distribution::Kind::Pareto:
        return d.second() == 0;
    case Distribution::Kind::LogNormal:
    case Distribution::Kind::LogNormalByMeanAndP99:
        return d.sigma() == 0;
    case Distribution::Kind::Empirical:
    case Distribution::Kind::Mixture:
        return false;
    }
    return false;
}

/// The number that a point stands at.
double pointOf(const Distribution& d) {
    switch (d.kind()) {
    case Distribution::Kind::LogNormal:
    case Distribution::Kind::LogNormalByMeanAndP99:
        return std::exp(d.mu()); // not in a run
    case Distribution::Kind::Gamma:
    case Distribution::Kind::Weibull:
    case Distribution::Kind::Pareto:
        return 0;
    case Distribution::Kind::Constant:
    case Distribution::Kind::Uniform:
    case Distribution::Kind::Exponential:
    case Distribution::Kind::Normal:
    case Distribution::Kind::Empirical:
    case Distribution::Kind::Mixture:
        break;
    }
    return d.first();
}

/// Calls `use` with Boost's distribution of the same law. Requires a continuous kind that is none
/// of uniform and normal.
template <typename Use> double withBoost(const Distribution& d, Use use) {
    switch (d.kind()) {
    case Distribution::Kind::Exponential:
        return use(boost::math::exponential_distribution<>{1 / d.first()});
    case Distribution::Kind::LogNormal:
    case Distribution::Kind::LogNormalByMeanAndP99:
        return use(boost::math::lognormal_distribution<>{d.mu(), d.sigma()});
    case Distribution::Kind::Gamma:
        return use(boost::math::gamma_distribution<>{d.first(), d.second() / d.first()});
    case Distribution::Kind::Weibull:
        return use(boost::math::weibull_distribution<>{d.first(), d.second()});
    case Distribution::Kind::Pareto:
        return use(boost::math::pareto_distribution<>{d.second(), d.first()});
    case Distribution::Kind::Constant:
    case Distribution::Kind::Uniform:
    case Distribution::Kind::Normal:
    case Distribution::Kind::Empirical:
    case Distribution::Kind::Mixture:
        break;
    }
    SIM_CHECK(!"a kind that Boost knows");
    return 0;
}

} // namespace

double Distribution::mean() const {
    if (isPoint(*this)) {
        return pointOf(*this);
    }
    switch (m_kind) {
    case Kind::Constant:
    case Kind::Exponential:
    case Kind::LogNormalByMeanAndP99:
        return m_first;
    case Kind::Uniform:
        return 0.5 * (m_first + m_second);
    case Kind::Normal:
        return m_first + m_second * cutNormal(*this).mean();
    case Kind::LogNormal:
        return std::exp(mu() + 0.5 * sigma() * sigma()); // not in a run
    case Kind::Gamma:
        return m_second;
    case Kind::Weibull:
        return m_second * std::tgamma(1 + 1 / m_first); // not in a run
    case Kind::Pareto:
        return m_first > 1 ? m_first * m_second / (m_first - 1) : unlimited;
    case Kind::Empirical:
        return meanOf(samples());
    case Kind::Mixture:
        break;
    }
    double sum = 0;
    for (const auto& [weight, part] : parts()) {
        sum += weight > 0 ? weight * part.mean() : 0;
    }
    return sum / totalWeight(parts());
}

double Distribution::variance() const {
    if (isPoint(*this)) {
        return 0;
    }
    switch (m_kind) {
    case Kind::Constant:
        return 0;
    case Kind::Uniform:
        return (m_second - m_first) * (m_second - m_first) / 12;
    case Kind::Exponential:
        return m_first * m_first;
    case Kind::Normal:
        return m_second * m_second * cutNormal(*this).variance();
    case Kind::LogNormal:
    case Kind::LogNormalByMeanAndP99:
        return std::expm1(sigma() * sigma()) * mean() * mean(); // not in a run
    case Kind::Gamma:
        return m_second * m_second / m_first;
    case Kind::Weibull:
        return m_second * m_second * std::tgamma(1 + 2 / m_first) - mean() * mean(); // not in a run
    case Kind::Pareto:
        return m_first > 2 ? mean() * mean() / (m_first * (m_first - 2)) : unlimited;
    case Kind::Empirical:
        return varianceOf(samples());
    case Kind::Mixture:
        break;
    }
    return mixtureVariance();
}

double Distribution::mixtureVariance() const {
    const double whole = mean();
    if (whole == unlimited) {
        return unlimited;
    }
    double sum = 0;
    for (const auto& [weight, part] : parts()) {
        const double apart = part.mean() - whole;
        sum += weight > 0 ? weight * (part.variance() + apart * apart) : 0;
    }
    return sum / totalWeight(parts());
}

double Distribution::cdf(double x) const {
    if (x < 0) {
        return 0;
    }
    if (isPoint(*this)) {
        return x >= pointOf(*this) ? 1 : 0;
    }
    if (m_kind == Kind::Uniform) {
        return std::clamp((x - m_first) / (m_second - m_first), 0.0, 1.0);
    }
    if (m_kind == Kind::Normal) {
        const CutNormal whole = cutNormal(*this);
        const double high = std::clamp((x - m_first) / m_second, whole.low, whole.high);
        return CutNormal{whole.low, high}.share() / whole.share();
    }
    if (m_kind == Kind::Empirical) {
        const std::vector<double>& all = samples();
        const auto count = std::count_if(all.begin(), all.end(), [x](double s) { return s <= x; });
        return static_cast<double>(count) / static_cast<double>(all.size());
    }
    if (m_kind == Kind::Mixture) {
        double sum = 0;
        for (const auto& [weight, part] : parts()) {
            sum += weight * part.cdf(x);
        }
        return sum / totalWeight(parts());
    }
    if (m_kind == Kind::Pareto && x < m_second) {
        return 0;
    }
    return withBoost(*this, [x](const auto& law) { return boost::math::cdf(law, x); });
}

double Distribution::quantile(double p) const {
    SIM_CHECK(p > 0);
    SIM_CHECK(p < 1);
    if (isPoint(*this)) {
        return pointOf(*this);
    }
    if (m_kind == Kind::Uniform) {
        return m_first + (m_second - m_first) * p;
    }
    if (m_kind == Kind::Normal) {
        const CutNormal whole = cutNormal(*this);
        const double share = CutNormal::below(whole.low) + p * whole.share();
        const double x = boost::math::quantile(normal_distribution<>{}, share);
        return std::clamp(m_first + m_second * x, min(), max());
    }
    if (m_kind == Kind::Empirical) {
        std::vector<double> sorted = samples();
        std::sort(sorted.begin(), sorted.end());
        const double rank = std::ceil(p * static_cast<double>(sorted.size()));
        return sorted[static_cast<std::size_t>(std::max(1.0, rank)) - 1];
    }
    if (m_kind == Kind::Mixture) {
        return mixtureQuantile(p);
    }
    return withBoost(*this, [p](const auto& law) { return boost::math::quantile(law, p); });
}

/// Halves the stretch between the parts' quantiles: the whole's lies among them.
double Distribution::mixtureQuantile(double p) const {
    double low = unlimited;
    double high = 0;
    for (const auto& [weight, part] : parts()) {
        if (weight > 0) {
            low = std::min(low, part.quantile(p));
            high = std::max(high, part.quantile(p));
        }
    }
    if (cdf(low) >= p) {
        return low;
    }
    for (int i = 0; i < 200 && low < high; ++i) {
        const double middle = low + 0.5 * (high - low);
        if (middle <= low || middle >= high) {
            break;
        }
        (cdf(middle) >= p ? high : low) = middle;
    }
    return high;
}

} // namespace sim
