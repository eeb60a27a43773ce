#pragma once

#include "sim/base/distribution.h"
#include "sim/base/result.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

/// How a distribution is said in a scenario: its kind and parameters. Numbers are in the unit of
/// the field (nanoseconds or bytes).
namespace sim {

struct ConstantParameters {
    double value = 0;
    bool operator==(const ConstantParameters&) const = default;
};
struct UniformParameters {
    double min = 0;
    double max = 0;
    bool operator==(const UniformParameters&) const = default;
};
struct ExponentialParameters {
    double mean = 0;
    bool operator==(const ExponentialParameters&) const = default;
};
struct NormalParameters {
    double mean = 1;
    double deviation = 0;
    double min = 0;
    std::optional<double> max;
    bool operator==(const NormalParameters&) const = default;
};
/// Either mean and p99, or mu and sigma.
struct LogNormalParameters {
    std::optional<double> mean;
    std::optional<double> p99;
    std::optional<double> mu;
    std::optional<double> sigma;
    bool operator==(const LogNormalParameters&) const = default;
};
struct GammaParameters {
    double shape = 1;
    double mean = 0;
    bool operator==(const GammaParameters&) const = default;
};
struct WeibullParameters {
    double shape = 1;
    double scale = 1;
    bool operator==(const WeibullParameters&) const = default;
};
struct ParetoParameters {
    double min = 1;
    double shape = 2;
    bool operator==(const ParetoParameters&) const = default;
};
/// The samples stand in the scenario, or in the first column of a CSV file.
struct EmpiricalParameters {
    std::string file;
    std::vector<double> samples;
    bool operator==(const EmpiricalParameters&) const = default;
};
struct MixtureParameters {
    struct Part {
        double weight = 1;
        Distribution of;
        bool operator==(const Part&) const = default;
    };
    std::vector<Part> parts;
    bool operator==(const MixtureParameters&) const = default;
};

using DistributionSpec =
    std::variant<ConstantParameters, UniformParameters, ExponentialParameters, NormalParameters,
                 LogNormalParameters, GammaParameters, WeibullParameters, ParetoParameters,
                 EmpiricalParameters, MixtureParameters>;

/// What `distribution` was made from, or what gives the same one.
DistributionSpec toSpec(const Distribution& distribution);

/// The distribution, or what is wrong with parameters that are each within their range. A file is
/// not read here: its samples must be there. Problem::where is "" or "/" and a key.
Result<Distribution> toDistribution(const DistributionSpec& spec);

} // namespace sim
