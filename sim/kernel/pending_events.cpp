#include "sim/kernel/pending_events.h"

namespace sim {

void PendingEvents::becomeMany() {
    std::vector<Event> events;
    for (; m_few.size() > 0; m_few.removeSoonest()) {
        events.push_back(m_few.soonest());
    }
    m_few.clear();
    m_many.fill(std::move(events));
    m_isMany = true;
}

void PendingEvents::becomeFew() {
    for (const Event& event : m_many.drain()) {
        m_few.insert(event, m_wide);
    }
    m_isMany = false;
}

} // namespace sim
