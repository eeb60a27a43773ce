#include "sim/kernel/pending_events.h"

namespace sim {

void PendingEvents::pushToMany(Event event) {
    if (!m_isMany) {
        becomeMany();
    }
    m_many.push(event);
}

void PendingEvents::becomeMany() {
    std::vector<Event> events;
    while (m_few.size() > 0) {
        events.push_back(m_few.takeSoonest());
    }
    m_few.clear();
    m_many.fill(std::move(events));
    m_isMany = true;
}

void PendingEvents::becomeFew() {
    for (const Event& event : m_many.drain()) {
        m_few.insert(event, m_instructions);
    }
    m_isMany = false;
}

} // namespace sim
