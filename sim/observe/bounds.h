#pragma once

#include "sim/observe/batch.h"
#include "sim/observe/routes.h"
#include "sim/observe/staleness.h"
#include "sim/observe/violations.h"
#include "sim/scenario/check_spec.h"

#include <algorithm>
#include <vector>

namespace sim {

/// I7: a queue never has more than a number of messages: ready ones (depth), or ready and
/// unacknowledged ones together (lag).
///
/// What counts is what is left in a queue when an instant is over: a full queue that takes a
/// message and drops its head has one too many for no time.
/// Violated: an instant after which a queue holds more. One violation for each time that it rises
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
        for (const Batch::Position at : batch.atQueues()) {
            const std::uint64_t now = messages(batch.change(at));
            const Queue& queue = m_queues[index(batch[at].component)];
            if (now > m_quiet || queue.isWatched) [[unlikely]] {
                follow(batch[at], now);
            }
        }
    }
    Verdict verdict(Instant end, bool atRest) const;

private:
    DepthBound(std::string_view queue, std::uint64_t max, bool withUnacked, const Routes& routes);
    std::uint64_t messages(const QueueChange& change) const {
        return change.ready + (m_withUnacked ? change.unacked : 0);
    }

    struct Queue {
        Instant at{};               ///< of its newest record
        std::uint64_t messages = 0; ///< after it
        bool checked = false;
        bool isWatched = false; ///< what it has now may matter when the instant is over
        bool above = false;     ///< when the instant before was over
        bool tooMany = false;   ///< after the newest record
        TraceRecord rose{};     ///< where tooMany: the record that brought the first one too many
    };
    void follow(const TraceRecord& record, std::uint64_t messages);
    void endRises();
    void endInstant(Queue& queue);
    std::uint64_t m_max;
    bool m_withUnacked;
    std::vector<Queue> m_queues;       ///< by ComponentId
    std::vector<ComponentId> m_rising; ///< those that rose above the bound in the newest instant
    Instant m_risingAt{};
    std::uint64_t m_most = 0;
    std::uint64_t m_quiet = 0; ///< so many can be passed over: no more than m_most and m_max
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
