#include "sim/scenario/distribution_spec.h"

#include <algorithm>
#include <utility>

namespace sim {
namespace {

Result<Distribution> make(const ConstantParameters& p) { return Distribution::constant(p.value); }

Result<Distribution> make(const UniformParameters& p) {
    if (p.min > p.max) {
        return Problems{{"/min", "is above max"}};
    }
    return Distribution::uniform(p.min, p.max);
}

Result<Distribution> make(const ExponentialParameters& p) {
    return Distribution::exponential(p.mean);
}

Result<Distribution> make(const NormalParameters& p) {
    const double max = p.max.value_or(Distribution::unlimited);
    if (!Distribution::canTruncate(p.mean, p.deviation, p.min, max)) {
        return Problems{{"", "fewer than one value in a thousand would lie between min and max"}};
    }
    return Distribution::normal(p.mean, p.deviation, p.min, max);
}

Result<Distribution> make(const LogNormalParameters& p) {
    if (p.mean && p.p99 && !p.mu && !p.sigma) {
        if (!Distribution::canFit(*p.mean, *p.p99)) {
            return Problems{{"/p99", "no lognormal distribution has this mean and p99: p99 must be "
                                     "1 to 14.968 times the mean"}};
        }
        return Distribution::logNormalByMeanAndP99(*p.mean, *p.p99);
    }
    if (p.mu && p.sigma && !p.mean && !p.p99) {
        return Distribution::logNormal(*p.mu, *p.sigma);
    }
    return Problems{{"", "needs either mean and p99, or mu and sigma"}};
}

Result<Distribution> make(const GammaParameters& p) { return Distribution::gamma(p.shape, p.mean); }

Result<Distribution> make(const WeibullParameters& p) {
    return Distribution::weibull(p.shape, p.scale);
}

Result<Distribution> make(const ParetoParameters& p) {
    return Distribution::pareto(p.shape, p.min);
}

Result<Distribution> make(const EmpiricalParameters& p) {
    if (p.samples.empty()) {
        return Problems{{"", "needs either file or samples"}};
    }
    return Distribution::empirical(p.samples);
}

Result<Distribution> make(const MixtureParameters& p) {
    std::vector<std::pair<double, Distribution>> parts;
    double sum = 0;
    for (const auto& part : p.parts) {
        parts.emplace_back(part.weight, part.of);
        sum += part.weight;
    }
    if (!(sum > 0)) {
        return Problems{{"/parts", "the weights must have a sum above 0"}};
    }
    return Distribution::mixture(std::move(parts));
}

MixtureParameters mixtureOf(const Distribution& distribution) {
    MixtureParameters mixture;
    for (const auto& [weight, part] : distribution.parts()) {
        mixture.parts.push_back({weight, part});
    }
    return mixture;
}

NormalParameters normalOf(const Distribution& d) {
    NormalParameters normal{d.first(), d.second(), d.min(), {}};
    if (d.max() < Distribution::unlimited) {
        normal.max = d.max();
    }
    return normal;
}

} // namespace

DistributionSpec toSpec(const Distribution& d) {
    switch (d.kind()) {
    case Distribution::Kind::Constant:
        return ConstantParameters{d.first()};
    case Distribution::Kind::Uniform:
        return UniformParameters{d.first(), d.second()};
    case Distribution::Kind::Exponential:
        return ExponentialParameters{d.first()};
    case Distribution::Kind::Normal:
        return normalOf(d);
    case Distribution::Kind::LogNormal:
        return LogNormalParameters{{}, {}, d.first(), d.second()};
    case Distribution::Kind::LogNormalByMeanAndP99:
        return LogNormalParameters{d.first(), d.second(), {}, {}};
    case Distribution::Kind::Gamma:
        return GammaParameters{d.first(), d.second()};
    case Distribution::Kind::Weibull:
        return WeibullParameters{d.first(), d.second()};
    case Distribution::Kind::Pareto:
        return ParetoParameters{d.second(), d.first()};
    case Distribution::Kind::Empirical:
        return EmpiricalParameters{{}, d.samples()};
    case Distribution::Kind::Mixture:
        return mixtureOf(d);
    }
    return ConstantParameters{};
}

Result<Distribution> toDistribution(const DistributionSpec& spec) {
    return std::visit([](const auto& parameters) { return make(parameters); }, spec);
}

} // namespace sim
