#pragma once

#include "sim/kernel/trace_record.h"
#include "sim/observe/batch.h"
#include "sim/observe/routes.h"
#include "sim/observe/violations.h"
#include "sim/scenario/check_spec.h"

#include <vector>

namespace sim {

/// Nothing is dead-lettered into the queue; or, where no queue is given, nothing is dead-lettered
/// at all.
///
/// Violated: a copy with the mark DeadLetter enters the queue; without a queue: any record
/// DeadLettered, or Refused by a queue that dead-letters what it refuses. Each is a violation, and
/// its witness. Holds: messages went through queues and none became a dead letter. Not decided:
/// nothing entered a queue yet. Memory: none that grows.
class NoDeadLetters {
public:
    NoDeadLetters(const NoDeadLettersCheck& spec, const Routes& routes)
        : m_queue(routes.find(spec.queue))
        , m_anywhere(spec.queue.empty())
        , m_deadLettersRefusals(routes.size()) {
        for (const ComponentId queue : routes.selectQueues("")) {
            m_deadLettersRefusals[index(queue)] = routes.deadLettersRefusals(queue);
        }
    }

    void take(const Batch& batch) {
        for (const TraceRecord& record : batch.of(TraceKind::Enqueued)) {
            ++m_entered;
            if (record.component == m_queue && (record.flags & DeadLetter) != 0) {
                m_violations.note(record, {record.message});
            }
        }
        if (m_anywhere) {
            batch.merge(
                TraceKind::DeadLettered, [this](const TraceRecord& record) { note(record); },
                TraceKind::Refused,
                [this](const TraceRecord& record) {
                    if (m_deadLettersRefusals[index(record.component)]) {
                        note(record);
                    }
                });
        }
    }
    Verdict verdict(Instant end, bool atRest) const;

private:
    void note(const TraceRecord& record) { m_violations.note(record, {record.message}); }

    ComponentId m_queue;
    bool m_anywhere;
    std::vector<bool> m_deadLettersRefusals; ///< by ComponentId
    std::uint64_t m_entered = 0;
    Violations m_violations;
};

} // namespace sim
