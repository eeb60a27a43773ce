#include "sim/observe/key_order.h"

namespace sim {

KeyOrder::KeyOrder(const KeyOrderCheck& spec, const Routes& routes) : m_consumers(routes.size()) {
    for (const ComponentId id : routes.selectConsumers(spec.consumer)) {
        m_consumers[index(id)].checked = true;
    }
}

Verdict KeyOrder::verdict(Instant /*end*/, bool /*atRest*/) const {
    if (m_violations.count > 0) {
        return verdictOf(Verdict::State::Violated,
                         share(m_violations.count, m_effects, "effect") +
                             " came after that of a newer version of the key",
                         m_violations);
    }
    if (m_effects == 0) {
        return verdictOf(Verdict::State::NotDecided, "no effect on a key took place yet");
    }
    return verdictOf(Verdict::State::Holds,
                     counted(m_effects, "effect") + ", none after that of a newer version");
}

} // namespace sim
