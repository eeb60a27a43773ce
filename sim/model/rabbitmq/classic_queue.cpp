#include "sim/model/rabbitmq/classic_queue.h"

#include <algorithm>

namespace sim {

ClassicQueue::ClassicQueue(const QueueSpec& spec)
    : m_levels(std::size_t{spec.maxPriority.value_or(0)} + 1)
    , m_singleActive(spec.singleActiveConsumer) {}

bool ClassicQueue::wouldExceed(const QueueSpec& spec, std::uint32_t bytes) const {
    return (spec.maxLength && m_ready + 1 > *spec.maxLength) ||
           (spec.maxLengthBytes && m_readyBytes + bytes > *spec.maxLengthBytes);
}

bool ClassicQueue::exceeds(const QueueSpec& spec) const {
    return (spec.maxLength && m_ready > *spec.maxLength) ||
           (spec.maxLengthBytes && m_readyBytes > *spec.maxLengthBytes);
}

std::size_t ClassicQueue::levelOf(const Message& message) const {
    const std::size_t wanted = message.priority == noPriority ? 0 : message.priority;
    return std::min(wanted, m_levels.size() - 1);
}

void ClassicQueue::append(Slot slot, MessagePool& messages) {
    Message& message = messages[slot];
    message.position = m_next++;
    m_levels[levelOf(message)].push(slot);
    ++m_ready;
    m_readyBytes += message.size;
}

void ClassicQueue::putBack(Slot slot, MessagePool& messages) {
    const Message& message = messages[slot];
    Ring<Slot>& level = m_levels[levelOf(message)];
    std::size_t i = 0;
    while (i < level.size() && messages[level[i]].position < message.position) {
        ++i;
    }
    level.insert(i, slot);
    ++m_ready;
    m_readyBytes += message.size;
}

Slot ClassicQueue::head() const {
    const auto level = std::ranges::find_if(m_levels.rbegin(), m_levels.rend(),
                                            [](const auto& ring) { return !ring.empty(); });
    SIM_CHECK(level != m_levels.rend());
    return level->front();
}

Slot ClassicQueue::popHead(const MessagePool& messages) {
    const auto level = std::ranges::find_if(m_levels.rbegin(), m_levels.rend(),
                                            [](const auto& ring) { return !ring.empty(); });
    SIM_CHECK(level != m_levels.rend());
    const Slot slot = level->pop();
    --m_ready;
    m_readyBytes -= messages[slot].size;
    return slot;
}

} // namespace sim
