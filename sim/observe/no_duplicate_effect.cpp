#include "sim/observe/no_duplicate_effect.h"

namespace sim {

NoDuplicateEffect::NoDuplicateEffect(const NoDuplicateEffectCheck& spec, const Routes& routes)
    : m_consumers(routes.size()) {
    for (const ComponentId id : routes.selectConsumers(spec.consumer)) {
        m_consumers[index(id)].checked = true;
    }
}

Verdict NoDuplicateEffect::verdict(Instant /*end*/, bool /*atRest*/) const {
    if (m_violations.count > 0) {
        return verdictOf(Verdict::State::Violated,
                         share(m_violations.count, m_effects, "effect") +
                             " repeated an effect of the same event",
                         m_violations);
    }
    if (m_effects == 0) {
        return verdictOf(Verdict::State::NotDecided, "no effect took place yet");
    }
    return verdictOf(Verdict::State::Holds,
                     counted(m_effects, "effect") + ", each the first of its event");
}

} // namespace sim
