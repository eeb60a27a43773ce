#include "sim/observe/series.h"

#include "sim/base/check.h"

#include <algorithm>
#include <utility>

namespace sim {
namespace {

constexpr Duration intervalMin = 1ms;

} // namespace

Series::Series(const Scenario& scenario, const Catalogue& catalogue)
    : m_routes(std::make_shared<const Routes>(scenario, catalogue))
    , m_interval(std::max(scenario.duration / 1000, intervalMin))
    , m_next(start + m_interval)
    , m_depths(m_routes->size())
    , m_types(*m_routes, catalogue.types.size())
    , m_tracks(m_routes->size() * curves)
    , m_consumers(m_routes->consumers().size()) {}

bool Series::has(Curve curve, ComponentId component) const {
    const ComponentKind kind = m_routes->kind(component);
    switch (curve) {
    case Curve::Ready:
    case Curve::Unacked:
        return kind == ComponentKind::Queue;
    case Curve::Produced:
        return kind == ComponentKind::Producer;
    case Curve::Published:
        return kind == ComponentKind::Producer || kind == ComponentKind::Consumer;
    case Curve::Applied:
    case Curve::Staleness:
        return kind == ComponentKind::Consumer;
    }
    return false;
}

void Series::take(const Batch& batch) {
    auto change = batch.atQueues().begin();
    auto due = batch.dues().begin();
    for (const TraceRecord& record : batch.records()) {
        if (record.at >= m_next) [[unlikely]] {
            passTo(record.at);
        }
        if (isAtQueue(record.kind)) {
            for (; due != batch.dues().end() && due->at == *change; ++due) {
                expect(record, due->rank);
            }
            takeChange(record.component, batch.change(*change++));
        } else {
            takeOne(record);
        }
    }
    m_types.learn(batch, *m_routes);
}

void Series::takeChange(ComponentId queue, const QueueChange& change) {
    m_depths[index(queue)] = {change.ready, change.unacked};
    raise(queue);
}

void Series::takeOne(const TraceRecord& record) {
    if (record.kind == TraceKind::Produced) {
        ++track(Curve::Produced, record.component).current;
        for (const std::uint16_t rank : m_types.ranks(record.type)) {
            expect(record, rank);
        }
    } else if (record.kind == TraceKind::Published) {
        ++track(Curve::Published, record.component).current;
    } else if (record.kind == TraceKind::Applied) {
        ++track(Curve::Applied, record.component).current;
        Consumer& consumer = m_consumers[m_routes->rank(record.component)];
        consumer.current.add(record.at - record.since);
        if (record.key != noKey) {
            consumer.staleness.applied(record.key, record.version, record.at);
        }
    }
}

void Series::expect(const TraceRecord& record, std::uint16_t rank) {
    if (record.key != noKey) {
        m_consumers[rank].staleness.produced(record);
    }
}

void Series::raise(ComponentId queue) {
    const Depth& depth = m_depths[index(queue)];
    Track& ready = track(Curve::Ready, queue);
    Track& unacked = track(Curve::Unacked, queue);
    ready.current = std::max<std::uint64_t>(ready.current, depth.ready);
    unacked.current = std::max<std::uint64_t>(unacked.current, depth.unacked);
}

void Series::passTo(Instant now) {
    while (now >= m_next) {
        endInterval();
    }
}

void Series::endInterval() {
    for (std::size_t rank = 0; rank < m_consumers.size(); ++rank) {
        Staleness& staleness = m_consumers[rank].staleness;
        track(Curve::Staleness, m_routes->consumers()[rank]).current =
            static_cast<std::uint64_t>(staleness.max(m_next).count());
        staleness.measureFrom(m_next);
    }
    for (Track& some : m_tracks) {
        some.past.push_back(std::exchange(some.current, 0));
    }
    for (std::size_t i = 0; i < m_routes->size(); ++i) {
        raise(ComponentId{static_cast<std::uint16_t>(i)}); // what is there at the start of the next
    }
    ++m_size;
    if (m_size % windowIntervals == 0) {
        endWindow();
    }
    if (m_size == pointsMax) {
        halve();
    }
    m_next = start + m_interval * static_cast<std::int64_t>(m_size + 1);
}

void Series::endWindow() {
    for (Consumer& consumer : m_consumers) {
        consumer.past.push_back(
            std::make_shared<const Histogram>(std::exchange(consumer.current, {})));
    }
}

void Series::halve() {
    for (std::size_t i = 0; i < m_tracks.size(); ++i) {
        const bool sum = adds(static_cast<Curve>(i % curves));
        std::vector<std::uint64_t>& past = m_tracks[i].past;
        for (std::size_t pair = 0; pair < past.size() / 2; ++pair) {
            const std::uint64_t a = past[2 * pair];
            const std::uint64_t b = past[2 * pair + 1];
            past[pair] = sum ? a + b : std::max(a, b);
        }
        past.resize(past.size() / 2);
    }
    for (Consumer& consumer : m_consumers) {
        for (std::size_t pair = 0; pair < consumer.past.size() / 2; ++pair) {
            Histogram both = *consumer.past[2 * pair];
            both.merge(*consumer.past[2 * pair + 1]);
            consumer.past[pair] = std::make_shared<const Histogram>(std::move(both));
        }
        consumer.past.resize(consumer.past.size() / 2);
    }
    m_interval *= 2;
    m_size /= 2;
}

std::vector<double> Series::values(Curve curve, ComponentId component) const {
    SIM_CHECK(has(curve, component));
    const double seconds = static_cast<double>(m_interval.count()) / 1e9;
    const double unit = adds(curve) ? seconds : curve == Curve::Staleness ? 1e9 : 1;
    std::vector<double> values;
    for (const std::uint64_t value : track(curve, component).past) {
        values.push_back(static_cast<double>(value) / unit);
    }
    return values;
}

std::vector<Series::Window> Series::latencies(ComponentId consumer) const {
    SIM_CHECK(m_routes->rank(consumer) != Routes::noRank);
    std::vector<Window> windows;
    for (const auto& histogram : m_consumers[m_routes->rank(consumer)].past) {
        const auto before = static_cast<std::int64_t>(windows.size() * windowIntervals);
        windows.push_back({start + m_interval * before, Percentiles::of(*histogram)});
    }
    return windows;
}

} // namespace sim
