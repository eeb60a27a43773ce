#pragma once

#include "sim/observe/copy_table.h"
#include "sim/observe/routes.h"
#include "sim/observe/violations.h"
#include "sim/scenario/check_spec.h"

#include <span>
#include <vector>

namespace sim {

/// I6: what entered a queue is what left it and what is still in it.
///
/// Violated: a copy enters a queue that holds it already, or is delivered, requeued or gone from
/// one that does not hold it so; each such record is a violation, and its witness. Then the counts
/// (entered, acked, dead-lettered, dropped, ready, unacknowledged) no longer add up. Holds:
/// something entered and every record fits. Not decided: nothing entered yet. Memory: 4 bytes for
/// each copy alive.
class Conservation {
public:
    Conservation(const ConservationCheck& spec, const Routes& routes);

    void take(std::span<const TraceRecord> records) {
        for (const TraceRecord& record : records) {
            if (!m_contents.take(record) && m_checked[index(record.component)]) [[unlikely]] {
                m_violations.note(record, {record.message});
            }
            m_entered += record.kind == TraceKind::Enqueued && m_checked[index(record.component)];
        }
    }
    Verdict verdict(Instant end, bool atRest) const;

private:
    std::vector<std::uint8_t> m_checked; ///< by ComponentId
    QueueContents m_contents;
    std::uint64_t m_entered = 0;
    Violations m_violations;
};

} // namespace sim
