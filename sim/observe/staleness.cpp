#include "sim/observe/staleness.h"

#include <algorithm>

namespace sim {

/// Keeps only what some key is still behind; when that fills most of the ring, doubles it. False
/// when that was not enough. The sentinel takes one place.
bool Staleness::madeRoom() {
    if (m_leaveOut > 0) {
        --m_leaveOut;
        return false;
    }
    std::vector<Behind> waiting;
    for (; !empty(); ++m_head) {
        if (!covered(front())) {
            waiting.push_back(front());
        }
    }
    m_head = 0;
    m_tail = waiting.size();
    const std::size_t room = std::max<std::size_t>(m_behind.size(), 64);
    const bool crowded = waiting.size() * 2 > room;
    waiting.resize(crowded ? std::min(2 * room, eventsMax) : room, sentinel);
    m_behind = std::move(waiting);
    m_mask = m_behind.size() - 1;
    if (m_tail == m_mask) {
        m_leaveOut = eventsMax / 2;
        return false;
    }
    return true;
}

void Staleness::appliedElsewhere(KeyId key, std::uint32_t version, Instant at) {
    if (index(key) >= m_elsewhere.size()) {
        m_elsewhere.resize(2 * index(key) + 16);
    }
    m_elsewhere[index(key)] = std::max(m_elsewhere[index(key)], version);
    if (!empty() && covered(front())) {
        catchUp(at);
    }
}

void Staleness::measureFrom(Instant at) {
    m_from = std::max(m_from, at);
    m_area = 0;
    m_max = Duration{};
}

} // namespace sim
