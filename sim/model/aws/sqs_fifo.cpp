#include "sim/model/aws/sqs_fifo.h"

namespace sim {

void SqsFifo::push(std::uint32_t entry, std::uint32_t group) {
    m_groups[group].entries.push(entry);
}

void SqsFifo::erase(std::uint32_t entry, std::uint32_t group) {
    const auto found = m_groups.find(group);
    SIM_CHECK(found != m_groups.end());
    Ring<std::uint32_t>& entries = found->second.entries;
    for (std::size_t at = 0; at < entries.size(); ++at) { // what leaves is near the front
        if (entries[at] == entry) {
            entries.erase(at);
            break;
        }
    }
    if (entries.empty()) {
        m_groups.erase(found);
    }
}

bool SqsFifo::canBeReceived(std::uint32_t group, const IsVisible& isVisible) const {
    const auto found = m_groups.find(group);
    return found != m_groups.end() && isVisible(found->second.entries.front());
}

void SqsFifo::offer(std::uint32_t group, const IsVisible& isVisible) {
    const auto found = m_groups.find(group);
    if (found != m_groups.end() && !found->second.hasTurn && canBeReceived(group, isVisible)) {
        found->second.hasTurn = true;
        m_turns.push(group);
    }
}

bool SqsFifo::hasTurn(const IsVisible& isVisible) {
    while (!m_turns.empty() && !canBeReceived(m_turns.front(), isVisible)) {
        const auto lost = m_groups.find(m_turns.pop());
        if (lost != m_groups.end()) {
            lost->second.hasTurn = false;
        }
    }
    return !m_turns.empty();
}

std::optional<std::uint32_t> SqsFifo::takeTurn(const IsVisible& isVisible) {
    if (!hasTurn(isVisible)) {
        return std::nullopt;
    }
    const std::uint32_t group = m_turns.pop();
    m_groups.at(group).hasTurn = false;
    return group;
}

} // namespace sim
