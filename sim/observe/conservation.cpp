#include "sim/observe/conservation.h"

namespace sim {

Conservation::Conservation(const ConservationCheck& spec, const Routes& routes)
    : m_checked(routes.size()) {
    for (const ComponentId id : routes.selectQueues(spec.queue)) {
        m_checked[index(id)] = 1;
    }
}

void Conservation::noteImpossible(const Batch& batch) {
    for (const Batch::Position at : batch.atQueues()) {
        const TraceRecord& record = batch[at];
        const bool impossible = !batch.change(at).moved && record.kind != TraceKind::Refused;
        if (impossible && m_checked[index(record.component)] != 0) {
            m_violations.note(record, {record.message});
        }
    }
}

Verdict Conservation::verdict(Instant /*end*/, bool /*atRest*/) const {
    if (m_violations.count > 0) {
        return verdictOf(Verdict::State::Violated,
                         counted(m_violations.count, "record") + " about a copy that was not there",
                         m_violations);
    }
    if (m_entered == 0) {
        return verdictOf(Verdict::State::NotDecided, "nothing has entered a queue yet");
    }
    return verdictOf(Verdict::State::Holds, counted(m_entered, "copy", "copies") + " entered, " +
                                                grouped(m_left) + " left, " +
                                                grouped(m_entered - m_left) + " inside");
}

} // namespace sim
