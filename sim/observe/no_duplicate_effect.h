#pragma once

#include "sim/base/dense_set.h"
#include "sim/kernel/trace_record.h"
#include "sim/observe/batch.h"
#include "sim/observe/routes.h"
#include "sim/observe/violations.h"
#include "sim/scenario/check_spec.h"

#include <vector>

namespace sim {

/// I3: no event takes effect twice at a consumer.
///
/// Violated: a second Applied of an event at one consumer, any instance, whatever its copy.
/// Holds: effects were seen and each was the first of its event. Not decided: no effect yet.
/// Witness: the second effect; the event's journey shows the first. Memory: one bit for each of
/// the newest DenseSet::windowDefault events and consumer; a repetition of an older one is missed.
class NoDuplicateEffect {
public:
    NoDuplicateEffect(const NoDuplicateEffectCheck& spec, const Routes& routes);

    void take(const Batch& batch) {
        for (const TraceRecord& record : batch.of(TraceKind::Applied)) {
            applied(record);
        }
    }
    Verdict verdict(Instant end, bool atRest) const;

private:
    void applied(const TraceRecord& record) {
        Consumer& consumer = m_consumers[index(record.component)];
        if (!consumer.checked) {
            return;
        }
        ++m_effects;
        if (!consumer.seen.insert(index(record.message))) [[unlikely]] {
            m_violations.note(record, {record.message});
        }
    }

    struct Consumer {
        bool checked = false;
        DenseSet seen;
    };
    std::vector<Consumer> m_consumers; ///< by ComponentId
    std::uint64_t m_effects = 0;
    Violations m_violations;
};

} // namespace sim
