#pragma once

#include "sim/observe/batch.h"
#include "sim/observe/routes.h"
#include "sim/observe/staleness.h"
#include "sim/observe/violations.h"
#include "sim/scenario/check_spec.h"

#include <vector>

namespace sim {

/// I7: a queue never has more than a number of messages: ready ones (depth), or ready and
/// unacknowledged ones together (lag).
///
/// Violated: a record after which a queue holds more. One violation for each time that it rises
/// above the bound, however long it stays there. Holds: something entered, and never too much.
/// Not decided: nothing entered yet. Witness: the record that brought the first one too many.
/// Memory: none that grows.
class DepthBound {
public:
    DepthBound(const DepthBoundCheck& spec, const Routes& routes);
    DepthBound(const LagBoundCheck& spec, const Routes& routes);

    void take(const Batch& batch) {
        for (const TraceRecord& record : batch.of(TraceKind::Enqueued)) {
            m_entered += m_queues[index(record.component)].checked ? 1 : 0;
        }
        for (const Batch::Position at : batch.rises()) {
            noteMost(batch, at);
        }
        if (m_most > m_max) {
            followBound(batch);
        }
    }
    Verdict verdict(Instant end, bool atRest) const;

private:
    DepthBound(std::string_view queue, std::uint64_t max, bool withUnacked, const Routes& routes);
    void noteMost(const Batch& batch, Batch::Position at);
    void followBound(const Batch& batch);
    std::uint64_t messages(const QueueChange& change) const {
        return change.ready + (m_withUnacked ? change.unacked : 0);
    }

    struct Queue {
        bool checked = false;
        bool above = false;
    };
    std::uint64_t m_max;
    bool m_withUnacked;
    std::vector<Queue> m_queues; ///< by ComponentId
    std::uint64_t m_most = 0;
    std::uint64_t m_entered = 0;
    Violations m_violations;
};

/// The given percentile of the time from production to effect is at most a duration.
///
/// Counted exactly: the percentile (nearest rank) is above the bound when more than the share
/// left over by it of all effects took longer. Effects during the warm-up do not count. Violated
/// or Holds by the effects so far; Not decided before the first. Witness: the first effect that
/// took longer; violations: how many did. Memory: none that grows.
class LatencyBound {
public:
    LatencyBound(const LatencyBoundCheck& spec, const Routes& routes, Duration warmup);

    void take(const Batch& batch) {
        for (const TraceRecord& record : batch.of(TraceKind::Applied)) {
            if (m_checked[index(record.component)] != 0 && record.at >= m_from) {
                ++m_effects;
                if (record.at - record.since > m_max) [[unlikely]] {
                    m_late.note(record, {record.message});
                }
            }
        }
    }
    Verdict verdict(Instant end, bool atRest) const;

private:
    Duration m_max;
    double m_percentile;
    Instant m_from;
    std::vector<std::uint8_t> m_checked; ///< by ComponentId
    std::uint64_t m_effects = 0;
    Violations m_late;
};

/// No key of the consumer's state is behind its newest event for longer than a duration.
///
/// How old the state is: class Staleness. Violated: the oldest event that a key is behind is older
/// than the bound; counted once for each event that was the oldest when it passed the bound. Holds:
/// events went to the consumer and none grew too old. Not decided: none did yet. Witness: no
/// record; at: the instant at which the bound was passed. Memory: as Staleness.
class StalenessBound {
public:
    StalenessBound(const StalenessBoundCheck& spec, const Routes& routes, std::size_t types);

    void take(const Batch& batch, const Routes& routes) {
        batch.followEvents(
            [this](const TraceRecord& record) {
                for (const std::uint16_t rank : m_types.ranks(record.type)) {
                    expect(record, rank);
                }
            },
            [this](const TraceRecord& record, std::uint16_t rank) { expect(record, rank); },
            [&](const TraceRecord& record) { applied(record, routes); });
        m_types.learn(batch, routes);
    }
    Verdict verdict(Instant end, bool atRest, const Catalogue& catalogue) const;

private:
    void expect(const TraceRecord& record, std::uint16_t rank);
    void applied(const TraceRecord& record, const Routes& routes);

    Duration m_max;
    TypeRoutes m_types;
    std::vector<std::uint8_t> m_checked; ///< by rank
    std::vector<Staleness> m_consumers;  ///< by rank
    std::uint64_t m_events = 0;
};

} // namespace sim
