#pragma once

#include "sim/scenario/distribution_spec.h"
#include "sim/scenario/field.h"

/// The fields of distributions.
namespace sim {

template <>
inline constexpr std::array kindsOf<DistributionSpec>{
    Name{"constant", "Always the same value. A text alone says it shorter: \"10ms\"."},
    Name{"uniform", "Every value from `min` to `max` is equally likely."},
    Name{"exponential", "Without memory: as the times between independent events."},
    Name{"normal", "The bell curve between `min` and `max`; values outside are drawn again."},
    Name{"lognormal", "A long tail to the right: by `mean` and `p99`, or by `mu` and `sigma`."},
    Name{"gamma", "The sum of `shape` exponential stages (Erlang) where `shape` is whole."},
    Name{"weibull", "Times to failure: `shape` below 1 has a heavy tail, above 1 wears out."},
    Name{"pareto", "A power-law tail above `min`; infinite mean where `shape` is 1 or less."},
    Name{"empirical", "Values drawn from samples, of `file` or `samples`."},
    Name{"mixture", "One of several distributions, by weight."},
};

/// Parameters in the unit of the distribution stay below what a duration may be.
inline constexpr double parameterMax = 3.156192e17;

template <Is<ConstantParameters> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "value",
                .help = "The value.",
                .unit = Unit::OfDistribution,
                .max = parameterMax,
                .required = true},
          spec.value);
}

template <Is<UniformParameters> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "min",
                .help = "Smallest value.",
                .unit = Unit::OfDistribution,
                .max = parameterMax},
          spec.min);
    visit(Field{.key = "max",
                .help = "Greatest value.",
                .unit = Unit::OfDistribution,
                .max = parameterMax,
                .required = true},
          spec.max);
}

template <Is<ExponentialParameters> Spec, typename Visitor>
void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "mean",
                .help = "Mean.",
                .unit = Unit::OfDistribution,
                .max = parameterMax,
                .required = true},
          spec.mean);
}

template <Is<NormalParameters> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "mean",
                .help = "Mean before values outside min and max are drawn again.",
                .unit = Unit::OfDistribution,
                .max = parameterMax,
                .required = true},
          spec.mean);
    visit(Field{.key = "deviation",
                .help = "Standard deviation.",
                .unit = Unit::OfDistribution,
                .max = parameterMax,
                .required = true},
          spec.deviation);
    visit(Field{.key = "min",
                .help = "Values below it are drawn again.",
                .unit = Unit::OfDistribution,
                .max = parameterMax},
          spec.min);
    visit(Field{.key = "max",
                .help = "Values above it are drawn again.",
                .unit = Unit::OfDistribution,
                .max = parameterMax,
                .absent = "no limit"},
          spec.max);
}

template <Is<LogNormalParameters> Spec, typename Visitor>
void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "mean",
                .help = "Mean.",
                .unit = Unit::OfDistribution,
                .max = parameterMax,
                .aboveMin = true,
                .absent = "mu and sigma are given"},
          spec.mean);
    visit(Field{.key = "p99",
                .help = "99th percentile; at most 14.9 times the mean.",
                .unit = Unit::OfDistribution,
                .max = parameterMax,
                .aboveMin = true,
                .absent = "mu and sigma are given"},
          spec.p99);
    visit(Field{.key = "mu",
                .help = "Mean of the natural logarithm of the value, in nanoseconds or bytes.",
                .min = -100,
                .max = 40,
                .absent = "mean and p99 are given"},
          spec.mu);
    visit(Field{.key = "sigma",
                .help = "Standard deviation of the natural logarithm of the value.",
                .max = 10,
                .absent = "mean and p99 are given"},
          spec.sigma);
}

template <Is<GammaParameters> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "shape",
                .help = "Number of stages; need not be whole.",
                .max = 1e6,
                .aboveMin = true,
                .required = true},
          spec.shape);
    visit(Field{.key = "mean",
                .help = "Mean.",
                .unit = Unit::OfDistribution,
                .max = parameterMax,
                .required = true},
          spec.mean);
}

template <Is<WeibullParameters> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "shape",
                .help = "Shape; 1 is exponential.",
                .max = 1e6,
                .aboveMin = true,
                .required = true},
          spec.shape);
    visit(Field{.key = "scale",
                .help = "Scale: 63% of the values are below it.",
                .unit = Unit::OfDistribution,
                .max = parameterMax,
                .aboveMin = true,
                .required = true},
          spec.scale);
}

template <Is<ParetoParameters> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "min",
                .help = "Smallest value.",
                .unit = Unit::OfDistribution,
                .max = parameterMax,
                .aboveMin = true,
                .required = true},
          spec.min);
    visit(Field{.key = "shape",
                .help = "How steeply the tail falls: the smaller the heavier.",
                .max = 1e6,
                .aboveMin = true,
                .required = true},
          spec.shape);
}

template <Is<EmpiricalParameters> Spec, typename Visitor>
void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "file",
                .help = "CSV file beside the scenario; its first column has the samples, times in "
                        "seconds, sizes in bytes.",
                .refersTo = refers::ToCsvFile},
          spec.file);
    visit(Field{.key = "samples",
                .help = "The samples, in place of a file.",
                .unit = Unit::OfDistribution,
                .max = parameterMax},
          spec.samples);
}

template <Is<MixtureParameters::Part> Spec, typename Visitor>
void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "weight", .help = "Share, relative to the other weights.", .max = 1e12},
          spec.weight);
    visit(Field{.key = "of",
                .help = "The distribution.",
                .unit = Unit::OfDistribution,
                .required = true},
          spec.of);
}

template <Is<MixtureParameters> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "parts",
                .help = "What is mixed.",
                .unit = Unit::OfDistribution,
                .required = true,
                .filled = true},
          spec.parts);
}

} // namespace sim
