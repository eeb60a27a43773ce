#include "sim/kernel/message_pool.h"

namespace sim {

Deaths& MessagePool::deathsOf(Slot slot) {
    Message& message = m_messages[index(slot)];
    if (message.deaths == 0) {
        if (m_freeDeaths.empty()) {
            message.deaths = static_cast<std::uint32_t>(m_deaths.size());
            m_deaths.emplace_back();
        } else {
            message.deaths = m_freeDeaths.back();
            m_freeDeaths.pop_back();
        }
    }
    return m_deaths[message.deaths];
}

void MessagePool::forgetDeaths(std::uint32_t deaths) {
    m_deaths[deaths].clear();
    m_freeDeaths.push_back(deaths);
}

} // namespace sim
