#pragma once

#include "sim/observe/batch.h"
#include "sim/observe/routes.h"
#include "sim/observe/violations.h"
#include "sim/scenario/check_spec.h"

#include <vector>

namespace sim {

/// I6: what entered a queue is what left it and what is still in it.
///
/// Violated: a copy enters a queue that holds it already, or is delivered, requeued or gone from
/// one that does not hold it so; each such record is a violation, and its witness. Then the counts
/// (entered, acked, dead-lettered, dropped, ready, unacknowledged) no longer add up. Holds:
/// something entered and every record fits. Not decided: nothing entered yet. Memory: none that
/// grows.
class Conservation {
public:
    Conservation(const ConservationCheck& spec, const Routes& routes);

    void take(const Batch& batch) {
        m_entered += countAt(batch, TraceKind::Enqueued);
        m_left += countAt(batch, TraceKind::Acked) + countAt(batch, TraceKind::Dropped) +
                  countAt(batch, TraceKind::DeadLettered);
        if (!batch.isPossible()) [[unlikely]] {
            noteImpossible(batch);
        }
    }
    Verdict verdict(Instant end, bool atRest) const;

private:
    std::uint64_t countAt(const Batch& batch, TraceKind kind) const {
        std::uint64_t count = 0;
        for (const TraceRecord& record : batch.of(kind)) {
            count += m_checked[index(record.component)];
        }
        return count;
    }
    void noteImpossible(const Batch& batch);

    std::vector<std::uint8_t> m_checked; ///< by ComponentId
    std::uint64_t m_entered = 0;
    std::uint64_t m_left = 0;
    Violations m_violations;
};

} // namespace sim
