#pragma once

#include "sim/base/distribution.h"
#include "sim/base/random.h"
#include "sim/kernel/chance.h"
#include "sim/model/plan.h"

#include <cstdint>

namespace sim {

/// When a producer produces: the instants of an arrival process, one after the other.
///
/// Poisson: exponential gaps. Constant: the n-th at n / rate, without drift. Burst: `size`
/// together, again every `every`. On-off: Poisson in the state that a two-state Markov chain is in.
/// Profile: Poisson with the rate of the profile, by inverting the integral of the rate. Replay and
/// script: the instants given.
/// Not modelled: arrivals that answer to the system (a slow or absent broker slows no producer's
/// users down), correlation between the arrivals of two producers.
class Arrivals {
public:
    Arrivals() = default;
    Arrivals(const ProducerPlan& plan, RandomStream random);

    /// The instant of the next arrival, at or after the one before; never when there is none left.
    /// Instants beyond start + durationMax are never.
    Instant next(const ProducerPlan& plan, Chance& chance);

    /// How many instants next() has given.
    std::uint64_t count() const { return m_count; }

private:
    Instant after(const PoissonArrivals& spec, Chance& chance);
    Instant after(const ConstantArrivals& spec, Chance& chance);
    Instant after(const BurstArrivals& spec, Chance& chance);
    Instant after(const OnOffArrivals& spec, Chance& chance);
    Instant after(const ProfileArrivals& spec, Chance& chance);
    Instant after(const ReplayArrivals& spec, Chance& chance);
    Instant after(const ScriptArrivals& spec, Chance& chance);
    Instant afterOther(const ProducerSpec& spec, Chance& chance);
    Duration gap(double meanSeconds, Chance& chance);

    RandomStream m_random{0};
    Distribution m_gap;          ///< Poisson: between two arrivals
    Instant m_first = start;     ///< of the process
    Instant m_last = start;      ///< the instant given last
    Instant m_stateEnds = start; ///< on-off: when the present state ends
    bool m_on = false;
    std::uint64_t m_count = 0;
};

} // namespace sim
