#include "sim/model/rabbitmq/message_queue.h"

#include <algorithm>

namespace sim {
namespace {

constexpr std::size_t quorumPriorities = 32;       // of 4.3
constexpr std::uint8_t normalPriority = 4;         // of quorum queues, where none is given
constexpr std::uint8_t turnsOfTwoLevels = 3;       // upper, upper, lower
constexpr std::uint64_t fifthsWhereItTakesAgain = 4;

std::size_t levelsOf(const QueueSpec& spec, RabbitmqVersion version) {
    if (spec.type != QueueType::Quorum) {
        return std::size_t{spec.maxPriority.value_or(0)} + 1;
    }
    return version == RabbitmqVersion::V3_13   ? 1
           : version == RabbitmqVersion::V4_0 ? 2
                                              : quorumPriorities;
}

} // namespace

MessageQueue::MessageQueue(const QueueSpec& spec, RabbitmqVersion version)
    : m_levels(levelsOf(spec, version))
    , m_isQuorum(spec.type == QueueType::Quorum)
    , m_isStream(spec.type == QueueType::Stream)
    , m_interleaves(m_isQuorum && version == RabbitmqVersion::V4_0)
    , m_looksAtAll(m_isQuorum && version == RabbitmqVersion::V4_3)
    , m_singleActive(spec.singleActiveConsumer) {
    policiesChanged(spec);
}

void MessageQueue::policiesChanged(const QueueSpec& spec) {
    m_isLimited = spec.maxLength || spec.maxLengthBytes;
    refuses = refuses && overflowOf(spec) == Overflow::RejectPublish;
}

bool MessageQueue::wouldExceed(const QueueSpec& spec, std::uint32_t bytes) const {
    return (spec.maxLength && m_ready + 1 > *spec.maxLength) ||
           (spec.maxLengthBytes && m_readyBytes + bytes > *spec.maxLengthBytes);
}

bool MessageQueue::exceeds(const QueueSpec& spec) const {
    return (spec.maxLength && m_ready + m_held.size() + m_kept > *spec.maxLength) ||
           (spec.maxLengthBytes && m_readyBytes + m_asideBytes > *spec.maxLengthBytes);
}

bool MessageQueue::hasRoomAgain(const QueueSpec& spec) const {
    const auto low = [](std::uint64_t limit) {
        return limit / 5 * fifthsWhereItTakesAgain + limit % 5 * fifthsWhereItTakesAgain / 5;
    };
    return (!spec.maxLength || m_ready + m_held.size() + m_kept <= low(*spec.maxLength)) &&
           (!spec.maxLengthBytes || m_readyBytes + m_asideBytes <= low(*spec.maxLengthBytes));
}

MessageQueue::Level MessageQueue::levelOf(const Message& message) const {
    if (!m_isQuorum) {
        const std::size_t wanted = message.priority == noPriority ? 0 : message.priority;
        return std::min(wanted, m_levels.size() - 1);
    }
    const std::size_t wanted = message.priority == noPriority ? normalPriority : message.priority;
    if (m_interleaves) {
        return wanted > normalPriority ? 1 : 0;
    }
    return std::min(wanted, m_levels.size() - 1);
}

void MessageQueue::append(Slot slot, MessagePool& messages) {
    Message& message = messages[slot];
    message.position = m_next++;
    m_levels[levelOf(message)].push(slot);
    count(message);
}

void MessageQueue::putBack(Slot slot, const MessagePool& messages) {
    const Message& message = messages[slot];
    count(message);
    if (m_isQuorum) {
        m_returns.push(slot);
        return;
    }
    Ring<Slot>& level = m_levels[levelOf(message)];
    std::size_t i = 0;
    while (i < level.size() && messages[level[i]].position < message.position) {
        ++i;
    }
    level.insert(i, slot);
}

void MessageQueue::appendAgain(Slot slot, MessagePool& messages) {
    Message& message = messages[slot];
    message.position = m_next++;
    m_levels[m_levels.size() > normalPriority ? normalPriority : 0].push(slot);
    count(message);
}

void MessageQueue::hold(Slot slot, Instant until, const MessagePool& messages) {
    m_held.emplace(std::pair(until, m_holds++), slot);
    m_asideBytes += messages[slot].size;
}

bool MessageQueue::releaseHeld(Instant now, const MessagePool& messages) {
    bool any = false;
    while (!m_held.empty() && m_held.begin()->first.first <= now) {
        const Slot slot = m_held.begin()->second;
        m_held.erase(m_held.begin());
        m_asideBytes -= messages[slot].size;
        putBack(slot, messages);
        any = true;
    }
    return any;
}

MessageQueue::Level MessageQueue::headLevel() const {
    if (!m_returns.empty()) {
        return returnsLevel;
    }
    if (m_interleaves) {
        const bool upper = !m_levels[1].empty() && (m_turn < 2 || m_levels[0].empty());
        return upper ? 1 : 0;
    }
    std::size_t level = m_levels.size() - 1;
    while (level > 0 && m_levels[level].empty()) {
        --level;
    }
    return level;
}

Slot MessageQueue::head() const { return at(headLevel()).front(); }

Slot MessageQueue::popFrom(Level level, const MessagePool& messages) {
    const Slot slot = level == returnsLevel ? m_returns.pop() : m_levels[level].pop();
    discount(messages[slot]);
    return slot;
}

Slot MessageQueue::popHead(const MessagePool& messages) {
    const Level level = headLevel();
    if (m_interleaves && level != returnsLevel) {
        m_turn = static_cast<std::uint8_t>((m_turn + 1) % turnsOfTwoLevels);
    }
    return popFrom(level, messages);
}

bool MessageQueue::isOver(Level level, Instant now, const MessagePool& messages) const {
    return !at(level).empty() && messages[at(level).front()].expiresAt <= now;
}

Slot MessageQueue::popExpired(Instant now, const MessagePool& messages) {
    if (m_ready == 0) {
        return noSlot;
    }
    if (!m_looksAtAll) {
        return isOver(headLevel(), now, messages) ? popHead(messages) : noSlot;
    }
    if (isOver(returnsLevel, now, messages)) {
        return popFrom(returnsLevel, messages);
    }
    for (Level level = m_levels.size(); level-- > 0;) {
        if (isOver(level, now, messages)) {
            return popFrom(level, messages);
        }
    }
    return noSlot;
}

Instant MessageQueue::nextExpiry(const MessagePool& messages) const {
    if (m_ready == 0) {
        return never;
    }
    if (!m_looksAtAll) {
        return messages[head()].expiresAt;
    }
    Instant next = m_returns.empty() ? never : messages[m_returns.front()].expiresAt;
    for (const Ring<Slot>& level : m_levels) {
        next = level.empty() ? next : std::min(next, messages[level.front()].expiresAt);
    }
    return next;
}

} // namespace sim
