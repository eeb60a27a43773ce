#pragma once

#include "sim/base/dense_set.h"
#include "sim/base/int128.h"
#include "sim/kernel/catalogue.h"
#include "sim/kernel/trace_record.h"
#include "sim/observe/batch.h"
#include "sim/observe/copy_table.h"
#include "sim/observe/histogram.h"
#include "sim/observe/metrics_summary.h"
#include "sim/observe/routes.h"
#include "sim/observe/staleness.h"
#include "sim/scenario/scenario.h"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace sim {

/// Measures a run from its records, without keeping them.
///
/// What happens before the scenario's warm-up has passed is followed (so that depths are right)
/// and not measured; means over time begin there.
///
/// A value. Memory does not grow with the number of events, but with that of components, of keys
/// in use (8 bytes for each key and consumer), of copies alive at once (16 bytes each), with the
/// octaves that the histograms cover, and with the bounds of Staleness and DenseSet: a second
/// effect of an event more than DenseSet::windowDefault events old is not recognised.
class Metrics {
public:
    Metrics(const Scenario& scenario, const Catalogue& catalogue);

    /// Requires batches in the order of the run, oldest first.
    void take(const Batch& batch);

    /// What was measured up to `now`. Requires that no record taken is later.
    MetricsSummary summaryAt(Instant now) const;

    /// For plots: waits and sojourns of a queue, service times and latencies of a consumer.
    /// Requires a component of that kind.
    const Histogram& waits(ComponentId queue) const { return queueOf(queue).wait; }
    const Histogram& sojourns(ComponentId queue) const { return queueOf(queue).sojourn; }
    const Histogram& services(ComponentId consumer) const { return consumerOf(consumer).service; }
    const Histogram& latencies(ComponentId consumer) const { return consumerOf(consumer).latency; }

private:
    /// For how long things have been in a state, summed over the things.
    class Stay {
    public:
        void enter(Instant at) { m_entries += at.time_since_epoch().count(); }
        void leave(Instant at) { m_entries -= at.time_since_epoch().count(); }
        /// Nanoseconds up to `now`, with `count` things in the state.
        Int128 time(std::uint64_t count, Instant now) const {
            return static_cast<Int128>(count) * now.time_since_epoch().count() - m_entries;
        }
        /// As if all `count` things in the state had entered it now.
        void beginAnew(std::uint64_t count, Instant now) {
            m_entries = static_cast<Int128>(count) * now.time_since_epoch().count();
        }

    private:
        Int128 m_entries = 0; ///< instants of entering, less those of leaving
    };
    struct Queue {
        std::uint32_t ready = 0;
        std::uint32_t unacked = 0;
        std::uint32_t readyMax = 0;
        std::uint32_t unackedMax = 0;
        std::uint32_t depthMax = 0;
        Stay inReady;
        Stay inUnacked;
        Stay inside;            ///< by the copies' own instants of entering
        Int128 sojournTime = 0; ///< of the copies that left
        std::uint64_t redelivered = 0;
        std::uint64_t impossible = 0;
        Histogram wait;
        Histogram sojourn;

        void noteDepth(std::uint32_t readyThen, std::uint32_t unackedThen);
    };
    struct Consumer {
        std::uint64_t handlers = 1;
        std::uint64_t busy = 0;
        Stay inHandlers;
        std::uint64_t duplicates = 0;
        std::uint64_t orderViolations = 0;
        DenseSet seen;
        Staleness staleness;
        Histogram service;
        Histogram latency;
    };
    /// Where a copy is handled.
    struct Handling {
        Instant started{};
        std::uint16_t consumer = nobody; ///< position in m_consumers
    };
    static constexpr std::uint16_t nobody = 0;
    static constexpr std::size_t kindsRoom = 64;
    static_assert(traceKinds <= static_cast<int>(kindsRoom));

    void count(const Batch& batch);
    void countReasons(const Batch& batch);
    void countReason(std::size_t row, const TraceRecord& record);
    void startMeasuring();
    void followQueues(const Batch& batch);
    void countImpossible(const Batch& batch);
    void leaveQueues(const Batch& batch, TraceKind kind);
    void comeBack(const TraceRecord& record);
    void followHandlers(const Batch& batch);
    void takeEffects(const Batch& batch);
    void followStaleness(const Batch& batch);
    void tellCompetitors(const TraceRecord& applied);

    Queue& queueAt(ComponentId id) { return m_queues[m_place[index(id)]]; }
    Consumer& consumerAt(ComponentId id) { return m_consumers[m_place[index(id)]]; }
    Consumer& consumerOfRank(std::uint16_t rank) { return m_consumers[rank + std::size_t{1}]; }
    const Queue& queueOf(ComponentId id) const;
    const Consumer& consumerOf(ComponentId id) const;

    std::uint64_t counted(ComponentId id, TraceKind kind) const;
    std::uint64_t deadLettered(ComponentId id) const;
    ComponentSummary::What summaryOf(ComponentId id, Instant now) const;
    ProducerSummary producerSummary(ComponentId id, Instant now) const;
    QueueSummary queueSummary(ComponentId id, Instant now) const;
    ConsumerSummary consumerSummary(ComponentId id, Instant now) const;
    EndToEndSummary endToEnd(Instant now) const;
    Duration meanStaleness(const Consumer& consumer, Instant now) const;
    double rate(std::uint64_t count, Instant now) const;
    /// What is measured began here.
    Instant from() const { return m_measuring ? m_warmup : start; }

    std::shared_ptr<const Routes> m_routes;
    Instant m_warmup{}; ///< when it has passed
    bool m_measuring = false;
    bool m_competes = false; ///< consumers take from one queue: class Staleness wants to know
    std::vector<std::uint16_t> m_place; ///< by component: position in m_queues or m_consumers
    std::vector<Queue> m_queues;
    std::vector<Consumer> m_consumers; ///< nobody, then by rank
    TypeRoutes m_types;
    CopyTable<Handling> m_handlings;
    std::vector<std::uint64_t> m_counts; ///< by component (one more for none), then kind
    std::vector<std::vector<ReasonCount>> m_reasons; ///< by component (one more for none)
    std::vector<std::uint64_t> m_routed;             ///< by exchange
    std::vector<std::uint64_t> m_republished;        ///< by producer or consumer
};

} // namespace sim
