#include "sim/observe/conservation.h"

namespace sim {

Conservation::Conservation(const ConservationCheck& spec, const Routes& routes)
    : m_checked(routes.size())
    , m_contents(routes.size()) {
    for (const ComponentId id : routes.selectQueues(spec.queue)) {
        m_checked[index(id)] = 1;
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
    std::uint64_t inside = 0;
    for (std::size_t i = 0; i < m_checked.size(); ++i) {
        if (m_checked[i] != 0) {
            inside += m_contents.depth(ComponentId{static_cast<std::uint16_t>(i)}).all();
        }
    }
    return verdictOf(Verdict::State::Holds, counted(m_entered, "copy", "copies") + " entered, " +
                                                grouped(m_entered - inside) + " left, " +
                                                grouped(inside) + " inside");
}

} // namespace sim
