#include "sim/run/timeline.h"

#include "sim/run/build.h"

#include <algorithm>
#include <utility>

namespace sim {
namespace {

Instant nowOf(const Moment& moment) { return moment.world.now(); }
std::uint64_t eventsOf(const Moment& moment) { return moment.world.events(); }

} // namespace

void Moment::run(Instant until) {
    Recorder recorder([this](std::span<const TraceRecord> records) { observers.take(records); });
    world.run(until, recorder);
}

void Moment::step(std::uint64_t events, Instant until) {
    Recorder recorder([this](std::span<const TraceRecord> records) { observers.take(records); });
    for (std::uint64_t i = 0; i < events; ++i) {
        if (!world.step(until, recorder)) {
            return;
        }
    }
}

Timeline::Timeline(const std::shared_ptr<const Plan>& plan, std::size_t recordsMax,
                   std::uint64_t interval)
    : m_newest{World(plan), Observers(plan->declared, plan->catalogue, {.recordsMax = recordsMax})}
    , m_snapshots{m_newest}
    , m_interval(interval) {}

bool Timeline::advance(Instant until, std::uint64_t eventsMax) {
    Recorder recorder(
        [this](std::span<const TraceRecord> records) { m_newest.observers.take(records); });
    const std::uint64_t enough = m_newest.world.events() + eventsMax;
    while (m_newest.world.events() < enough) {
        const std::uint64_t next = eventsOf(m_snapshots.back()) + m_interval;
        const std::uint64_t done = m_newest.world.events();
        const std::uint64_t some = std::min(enough, std::max(next, done + 1)) - done;
        if (!m_newest.world.runSome(until, some, recorder)) {
            return true;
        }
        if (m_newest.world.events() >= next) {
            keepSnapshot();
        }
    }
    return false;
}

void Timeline::advance(Instant until) {
    while (!advance(until, firstInterval)) {
    }
}

void Timeline::keepSnapshot() {
    m_snapshots.push_back(m_newest);
    if (m_snapshots.size() <= snapshotsMax) {
        return;
    }
    std::vector<Moment> kept;
    for (std::size_t i = 0; i < m_snapshots.size(); i += 2) {
        kept.push_back(std::move(m_snapshots[i]));
    }
    m_snapshots = std::move(kept);
    m_interval *= 2;
}

Moment Timeline::seek(Instant at) const {
    SIM_CHECK(at >= start);
    SIM_CHECK(at <= end());
    const auto after = std::ranges::upper_bound(m_snapshots, at, {}, nowOf);
    Moment moment = *std::prev(after);
    moment.run(at);
    return moment;
}

void Timeline::branch(const Moment& moment, FaultSpec fault) {
    fault.when.at = moment.world.now() - start + 1ns;
    const auto plan = withFault(moment.world.plan(), fault);
    const Instant at = moment.world.now();
    m_newest = moment;
    std::erase_if(m_snapshots, [&](const Moment& past) { return nowOf(past) > at; });
    for (Moment& past : m_snapshots) {
        past.world.inject(plan);
    }
    m_newest.world.inject(plan);
}

} // namespace sim
