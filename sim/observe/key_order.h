#pragma once

#include "sim/kernel/trace_record.h"
#include "sim/observe/batch.h"
#include "sim/observe/routes.h"
#include "sim/observe/violations.h"
#include "sim/scenario/check_spec.h"

#include <vector>

namespace sim {

/// I4: the effects on a key come in the order of its versions.
///
/// Violated: an Applied whose version is below the newest that the consumer has applied to the
/// key. The same version again is a duplicate, not a violation of order. Holds: effects were seen,
/// none too late. Not decided: no effect on a key yet. Witness: the late effect; messages: the
/// late event, then the newer one that came before it. Memory: 16 bytes for each key and consumer.
class KeyOrder {
public:
    KeyOrder(const KeyOrderCheck& spec, const Routes& routes);

    void take(const Batch& batch) {
        for (const TraceRecord& record : batch.of(TraceKind::Applied)) {
            applied(record);
        }
    }
    Verdict verdict(Instant end, bool atRest) const;

private:
    struct Newest {
        MessageId message{};
        std::uint32_t version = 0;
    };
    struct Consumer {
        bool checked = false;
        std::vector<Newest> newest; ///< by KeyId
    };

    void applied(const TraceRecord& record) {
        Consumer& consumer = m_consumers[index(record.component)];
        if (!consumer.checked || record.key == noKey) {
            return;
        }
        if (index(record.key) >= consumer.newest.size()) [[unlikely]] {
            consumer.newest.resize(2 * index(record.key) + 16);
        }
        ++m_effects;
        Newest& newest = consumer.newest[index(record.key)];
        if (record.version < newest.version) [[unlikely]] {
            m_violations.note(record, {record.message, newest.message});
        } else {
            newest = {record.message, record.version};
        }
    }

    std::vector<Consumer> m_consumers; ///< by ComponentId
    std::uint64_t m_effects = 0;
    Violations m_violations;
};

} // namespace sim
