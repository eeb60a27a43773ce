#pragma once

#include "sim/base/dense_set.h"
#include "sim/kernel/trace_record.h"
#include "sim/observe/batch.h"
#include "sim/observe/routes.h"
#include "sim/observe/violations.h"
#include "sim/scenario/check_spec.h"

#include <vector>

namespace sim {

/// No version takes effect at a consumer before the one before it did.
///
/// Consumers that share a queue get each event once between them: an effect at one of them counts
/// for all. The one before is the key's previous event of a type that goes to the consumer
/// (TypeRoutes), so that a consumer of some types has no gap where it was never to get an event;
/// one of a split type counts once it was routed to the consumer. Violated: an Applied whose
/// event's predecessor has not been applied there. An event that the consumer has applied before is
/// not judged again. Holds: effects were seen, none before its predecessor's. Not decided: no
/// effect on a key yet. Witness: the early effect; messages: its event, then the missing one.
/// Memory: 12 bytes for each of the newest `windowMax` events, a bit for each of the newest
/// DenseSet::windowDefault events and consumer, 8 bytes for each key. An event more than
/// `windowMax` events old is not judged.
class NoGap {
public:
    static constexpr std::uint64_t windowMax = std::uint64_t{1} << 16;

    NoGap(const NoGapCheck& spec, const Routes& routes, std::size_t types);

    void take(const Batch& batch, const Routes& routes) {
        batch.followEvents([this](const TraceRecord& record) { produced(record); },
                           [this](const TraceRecord& record, std::uint16_t rank) {
                               m_consumers[rank].routed.insert(index(record.message));
                           },
                           [&](const TraceRecord& record) { applied(record, routes); });
        m_types.learn(batch, routes);
    }
    Verdict verdict(Instant end, bool atRest) const;

private:
    static constexpr std::uint64_t none = ~std::uint64_t{0};
    struct Event {
        std::uint64_t before = none; ///< the key's previous event
        TypeId type = noType;
    };
    struct Consumer {
        bool checked = false;
        DenseSet seen;                          ///< had its effect there
        std::vector<std::uint16_t> competitors; ///< those that it shares a queue with
        DenseSet routed; ///< the events of split types that were routed to it
    };

    bool kept(std::uint64_t message) const {
        return message < m_end && message + m_events.size() >= m_end;
    }
    Event& event(std::uint64_t message) { return m_events[message & (m_events.size() - 1)]; }
    void produced(const TraceRecord& record);
    void applied(const TraceRecord& record, const Routes& routes);
    void makeRoom();
    /// The event before this one that the consumer is to see; `none` where it is not known.
    std::uint64_t predecessor(std::uint64_t message, std::uint16_t rank, const Routes& routes);
    bool hadEffect(const Consumer& consumer, std::uint64_t message) const;
    bool isFor(std::uint16_t rank, std::uint64_t message, const Routes& routes);

    TypeRoutes m_types;
    std::vector<Consumer> m_consumers;   ///< by rank
    std::vector<std::uint64_t> m_lastOf; ///< by key: its newest event, or none
    std::vector<Event> m_events;         ///< a ring by MessageId
    std::uint64_t m_end = 0;             ///< one past the newest event
    std::uint64_t m_effects = 0;
    Violations m_violations;
};

} // namespace sim
