#include "sim/model/rabbitmq/classic_queue.h"

#include <algorithm>

namespace sim {

ClassicQueue::ClassicQueue(const QueueSpec& spec)
    : m_levels(std::size_t{spec.maxPriority.value_or(0)} + 1)
    , m_singleActive(spec.singleActiveConsumer)
    , m_isLimited(spec.maxLength || spec.maxLengthBytes) {}

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
    count(message);
}

void ClassicQueue::putBack(Slot slot, MessagePool& messages) {
    const Message& message = messages[slot];
    Ring<Slot>& level = m_levels[levelOf(message)];
    std::size_t i = 0;
    while (i < level.size() && messages[level[i]].position < message.position) {
        ++i;
    }
    level.insert(i, slot);
    count(message);
}

std::size_t ClassicQueue::headLevel() const {
    std::size_t level = m_levels.size() - 1;
    while (level > 0 && m_levels[level].empty()) {
        --level;
    }
    return level;
}

Slot ClassicQueue::head() const { return m_levels[headLevel()].front(); }

Slot ClassicQueue::popHead(const MessagePool& messages) {
    const Slot slot = m_levels[headLevel()].pop();
    discount(messages[slot]);
    return slot;
}

} // namespace sim
