#include "sim/model/arrivals.h"

#include <algorithm>
#include <cmath>

namespace sim {
namespace {

constexpr double nanosecondsPerSecond = 1e9;

Instant later(Instant from, double nanoseconds) {
    const auto most = static_cast<double>(durationMax.count());
    if (!(nanoseconds < most)) {
        return never;
    }
    const Instant at = from + Duration{std::llround(nanoseconds)};
    return at > start + durationMax ? never : at;
}

/// Seconds into a stretch whose rate goes from `from` by `slope` per second until the integral of
/// the rate is `area`; infinity when it never is.
double secondsUntil(double area, double from, double slope) {
    if (slope == 0) {
        return from > 0 ? area / from : INFINITY;
    }
    const double discriminant = from * from + 2 * slope * area;
    if (discriminant < 0) {
        return INFINITY;
    }
    return 2 * area / (from + std::sqrt(discriminant));
}

double seconds(Duration duration) {
    return static_cast<double>(duration.count()) / nanosecondsPerSecond;
}

} // namespace

Arrivals::Arrivals(const ProducerPlan& plan, RandomStream random)
    : m_random(random)
    , m_first(start + plan.spec.startAfter)
    , m_last(m_first)
    , m_stateEnds(m_first) {
    const auto* poisson = std::get_if<PoissonArrivals>(&plan.spec.arrivals);
    if (poisson != nullptr && poisson->rate > 0) {
        m_gap = Distribution::exponential(nanosecondsPerSecond / poisson->rate);
    }
}

[[gnu::always_inline]] inline Instant Arrivals::after(const PoissonArrivals& spec, Chance& chance) {
    if (!(spec.rate > 0)) {
        return never;
    }
    return m_last + chance.duration(m_random, m_gap);
}

Instant Arrivals::next(const ProducerPlan& plan, Chance& chance) {
    if (plan.spec.limit > 0 && m_count >= plan.spec.limit) {
        return never;
    }
    const auto* poisson = std::get_if<PoissonArrivals>(&plan.spec.arrivals);
    const Instant found =
        poisson != nullptr ? after(*poisson, chance) : afterOther(plan.spec, chance);
    const Instant at = found > start + durationMax ? never : std::max(found, m_last);
    ++m_count;
    m_last = at;
    return at;
}

Instant Arrivals::afterOther(const ProducerSpec& spec, Chance& chance) {
    return std::visit([&](const auto& arrivals) { return after(arrivals, chance); }, spec.arrivals);
}

Duration Arrivals::gap(double meanSeconds, Chance& chance) {
    return chance.duration(m_random, Distribution::exponential(meanSeconds * nanosecondsPerSecond));
}

Instant Arrivals::after(const ConstantArrivals& spec, Chance&) {
    if (!(spec.rate > 0)) {
        return never;
    }
    return later(m_first, static_cast<double>(m_count) * (nanosecondsPerSecond / spec.rate));
}

Instant Arrivals::after(const BurstArrivals& spec, Chance&) {
    const auto burst = static_cast<std::int64_t>(m_count / spec.size);
    const auto inBurst = static_cast<std::int64_t>(m_count % spec.size);
    const double offset = static_cast<double>(burst) * static_cast<double>(spec.every.count()) +
                          static_cast<double>(inBurst) * static_cast<double>(spec.spacing.count());
    return later(m_first, offset);
}

Instant Arrivals::after(const OnOffArrivals& spec, Chance& chance) {
    if (!(spec.onRate > 0) && !(spec.offRate > 0)) {
        return never;
    }
    for (Instant from = m_last; from < start + durationMax;) {
        const double rate = m_on ? spec.onRate : spec.offRate;
        if (rate > 0) {
            const Instant candidate = from + gap(1 / rate, chance);
            if (candidate < m_stateEnds) {
                return candidate;
            }
        }
        from = std::max(from, m_stateEnds);
        m_on = !m_on;
        m_stateEnds = from + gap(seconds(m_on ? spec.meanOn : spec.meanOff), chance);
    }
    return never;
}

Instant Arrivals::after(const ProfileArrivals& spec, Chance& chance) {
    double area = chance.sample(m_random, Distribution::exponential(1));
    double from = seconds(m_last - start);
    const auto& points = spec.points;
    for (std::size_t i = 0; i <= points.size(); ++i) {
        const double end = i < points.size() ? seconds(points[i].at) : INFINITY;
        if (end <= from) {
            continue;
        }
        const double before = points[i == 0 ? 0 : i - 1].rate;
        const bool ramps =
            spec.between == ProfileArrivals::Between::Ramp && i > 0 && i < points.size();
        const double begin = i == 0 ? 0 : seconds(points[i - 1].at);
        const double slope = ramps ? (points[i].rate - before) / (end - begin) : 0;
        const double rate = std::max(0.0, before + slope * (from - begin));
        const double wait = secondsUntil(area, rate, slope);
        if (from + wait < end) {
            return later(start, (from + wait) * nanosecondsPerSecond);
        }
        if (i == points.size()) {
            return never;
        }
        const double length = end - from;
        area -= length * (rate + slope * length / 2);
        area = std::max(area, 0.0);
        from = end;
    }
    return never;
}

Instant Arrivals::after(const ReplayArrivals& spec, Chance&) {
    return m_count < spec.times.size() ? std::max(m_first, start + spec.times[m_count]) : never;
}

Instant Arrivals::after(const ScriptArrivals& spec, Chance&) {
    return m_count < spec.messages.size() ? std::max(m_first, start + spec.messages[m_count].at)
                                          : never;
}

} // namespace sim
