#pragma once

#include "sim/kernel/trace_record.h"
#include "sim/observe/batch.h"
#include "sim/observe/routes.h"
#include "sim/observe/violations.h"
#include "sim/scenario/check_spec.h"

#include <vector>

namespace sim {

/// No publish finds no queue.
///
/// Violated: a record Unroutable of the exchange; each is a violation, and its witness. Holds:
/// something was published and everything found a queue. Not decided: nothing arrived yet. Memory:
/// none that grows.
class NoUnroutable {
public:
    NoUnroutable(const NoUnroutableCheck& spec, const Routes& routes)
        : m_exchange(routes.find(spec.exchange))
        , m_anywhere(spec.exchange.empty()) {}

    void take(const Batch& batch) {
        for (const TraceRecord& record : batch.of(TraceKind::Unroutable)) {
            const bool isDuplicate = record.reason == Reason::DuplicateId; // of what found some
            if (!isDuplicate && (m_anywhere || record.component == m_exchange)) {
                m_violations.note(record, {record.message});
            }
        }
        for (const TraceKind kind : {TraceKind::Enqueued, TraceKind::Refused}) {
            for (const TraceRecord& record : batch.of(kind)) {
                m_routed += m_anywhere || record.peer == m_exchange ? 1 : 0;
            }
        }
    }
    Verdict verdict(Instant end, bool atRest) const;

private:
    ComponentId m_exchange;
    bool m_anywhere;
    std::uint64_t m_routed = 0; ///< copies put into queues or refused by them
    Violations m_violations;
};

} // namespace sim
