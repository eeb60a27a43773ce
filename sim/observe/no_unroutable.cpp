#include "sim/observe/no_unroutable.h"

namespace sim {

Verdict NoUnroutable::verdict(Instant /*end*/, bool /*atRest*/) const {
    if (m_violations.count > 0) {
        return verdictOf(Verdict::State::Violated,
                         counted(m_violations.count, "message") + " found no queue", m_violations);
    }
    if (m_routed == 0) {
        return verdictOf(Verdict::State::NotDecided, "nothing was routed yet");
    }
    return verdictOf(Verdict::State::Holds, "everything found a queue");
}

} // namespace sim
