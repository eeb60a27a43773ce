#pragma once

#include "sim/base/dense_set.h"
#include "sim/kernel/catalogue.h"
#include "sim/kernel/trace_record.h"
#include "sim/observe/batch.h"
#include "sim/observe/routes.h"
#include "sim/scenario/scenario.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace sim {

/// One key at one consumer: what its state should be once everything was applied, and what it is.
struct LedgerRow {
    KeyId key = noKey;
    std::uint32_t expectedVersion = 0; ///< newest event that sets; 0 for none
    std::uint32_t actualVersion = 0;   ///< the one last applied, which is older after a stale write
    std::int64_t expectedSum = 0;      ///< amounts of all events that add
    std::int64_t actualSum = 0;        ///< amounts applied, repetitions included
    std::uint32_t produced = 0;        ///< events that the consumer is to see
    std::uint32_t applied = 0;         ///< of them, those with an effect
    std::uint32_t doubled = 0;         ///< effects after the first one of their event
    std::uint32_t stale = 0;           ///< deliveries skipped for a newer version
    std::uint32_t outOfOrder = 0;      ///< effects after that of a newer version
    MessageId newestProduced{};        ///< where produced > 0
    MessageId lastApplied{};           ///< where applied > 0

    bool agrees() const { return expectedVersion == actualVersion && expectedSum == actualSum; }
    bool operator==(const LedgerRow&) const = default;
};

/// Expected against actual business state, for each consumer and key: the fold of all events ever
/// produced of the types that go to the consumer (TypeRoutes), beside what the consumer applied. Of
/// a split type, only the events that were routed to it.
///
/// An event of a type that sets makes the key's value its version; one of a type that adds, adds
/// the type's amount. The two are kept apart, so that expectation does not depend on their order.
/// Memory: 24 bytes for each type and key, 40 for each consumer and key, and a bit for each of the
/// newest DenseSet::windowDefault events and consumer.
class Ledger {
public:
    Ledger(const Scenario& scenario, const Catalogue& catalogue);

    /// Requires batches in the order of the run, oldest first.
    void take(const Batch& batch) {
        for (const TraceRecord& record : batch.of(TraceKind::Produced)) {
            produced(record);
        }
        for (const TraceRecord& record : batch.of(TraceKind::Applied)) {
            applied(record);
        }
        for (const TraceRecord& record : batch.of(TraceKind::Skipped)) {
            skipped(record);
        }
        for (const Batch::Due& due : batch.dues()) {
            expect(batch[due.at], m_consumers[due.rank]);
        }
        m_types.learn(batch, *m_routes);
    }

    /// The keys that an event for the consumer, or an effect at it, was about; by KeyId. Requires a
    /// consumer.
    std::vector<LedgerRow> rows(ComponentId consumer) const;
    /// The row of one key; all zero where there is nothing. Requires a consumer and a key.
    LedgerRow row(ComponentId consumer, KeyId key) const;

    /// How many keys of the consumer differ, and the first of them. Requires a consumer.
    struct Divergence {
        std::uint64_t keys = 0;
        std::uint64_t diverged = 0;
        LedgerRow first;
    };
    Divergence divergence(ComponentId consumer) const;

private:
    struct Fold {
        MessageId newest{};
        std::uint32_t events = 0;
        std::uint32_t version = 0;
        std::int64_t sum = 0;
    };
    struct State {
        MessageId last{};
        std::int64_t sum = 0;
        std::uint32_t version = 0;
        std::uint32_t newest = 0;
        std::uint32_t applied = 0;
        std::uint32_t doubled = 0;
        std::uint32_t stale = 0;
        std::uint32_t outOfOrder = 0;
    };
    struct Consumer {
        std::vector<State> states; ///< by KeyId
        DenseSet seen;
        std::vector<Fold> split; ///< by KeyId: the events of split types that were routed to it
        DenseSet routed;         ///< those events
    };

    void produced(const TraceRecord& record);
    void expect(const TraceRecord& record, Consumer& consumer);
    void addTo(std::vector<Fold>& folds, const TraceRecord& record);
    static void addTo(LedgerRow& row, const std::vector<Fold>& folds, std::size_t key);
    void applied(const TraceRecord& record);
    void skipped(const TraceRecord& record);
    State& state(const TraceRecord& record);
    std::size_t keysSeen(std::uint16_t rank) const;
    LedgerRow rowAt(std::uint16_t rank, std::size_t key) const;

    std::shared_ptr<const Routes> m_routes;
    std::shared_ptr<const std::vector<Catalogue::Type>> m_kinds;
    TypeRoutes m_types;
    std::vector<std::vector<Fold>> m_folds; ///< by TypeId, then KeyId
    std::vector<Consumer> m_consumers;      ///< by rank
};

} // namespace sim
