#pragma once

#include "sim/base/ring.h"
#include "sim/kernel/message_pool.h"
#include "sim/model/plan.h"

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace sim {

/// The messages of a classic or a quorum queue that are ready, and who waits for them. Position 0
/// of a level is its head; a higher level leaves before a lower one.
///
/// A classic queue takes a message back where it was. A quorum queue has what was returned in a
/// line of its own, in the order of the returns, which leaves before everything else; its levels
/// are: one in version 3.13, which knows no priorities; in 4.0 to 4.2 one for priorities up to 4
/// and one above, of which the upper leaves twice and then the lower once; in 4.3 one for each
/// priority to 31, strictly.
///
/// Which message leaves is decided here; what then happens to it (delivery, dead-lettering,
/// confirms) is the broker's business.
/// Source: https://www.rabbitmq.com/docs/queues, https://www.rabbitmq.com/docs/ttl,
/// https://www.rabbitmq.com/docs/maxlength, https://www.rabbitmq.com/docs/priority,
/// https://www.rabbitmq.com/docs/quorum-queues,
/// https://github.com/rabbitmq/rabbitmq-server/blob/main/deps/rabbit/src/rabbit_fifo.erl. Low
/// levels of a classic queue starve while higher ones have messages: the broker's priority queue
/// always serves the highest level that is not empty.
/// Not modelled: paging to disk, the cap of 200 unsent messages per channel process, exclusive
/// consumers.
class MessageQueue {
public:
    MessageQueue() = default;
    MessageQueue(const QueueSpec& spec, RabbitmqVersion version);
    /// It has other limits from now on. What exceeds them is the broker's business.
    void policiesChanged(const QueueSpec& spec);

    bool isQuorum() const { return m_isQuorum; }
    bool isStream() const { return m_isStream; }
    /// Whether what it is told counts only once it is committed.
    bool isReplicated() const { return m_isQuorum || m_isStream; }
    std::uint64_t ready() const { return m_ready; }
    std::uint64_t readyBytes() const { return m_readyBytes; }
    bool singleActive() const { return m_singleActive; }
    /// Whether it has a length limit.
    bool isLimited() const { return m_isLimited; }
    /// Whether any ready message will expire.
    bool canExpire() const { return m_expiring > 0; }

    /// Whether one more ready message of `bytes` would exceed the length limits.
    bool wouldExceed(const QueueSpec& spec, std::uint32_t bytes) const;
    bool exceeds(const QueueSpec& spec) const;
    /// Whether a quorum queue that refused messages takes them again: at four fifths of its limits.
    bool hasRoomAgain(const QueueSpec& spec) const;

    /// Puts a message that has just come at the end of its level. Its `position` says from then on
    /// where it belongs.
    void append(Slot slot, MessagePool& messages);
    /// Puts a message that was delivered back: where it was, by its `position`; in a quorum queue
    /// behind what was returned before it.
    void putBack(Slot slot, const MessagePool& messages);
    /// Puts a message that was delivered at the end, as one without a priority: a quorum queue
    /// without a delivery limit does.
    void appendAgain(Slot slot, MessagePool& messages);
    /// Keeps a returned message back until `until`; it still counts towards the length limits.
    void hold(Slot slot, Instant until, const MessagePool& messages);
    /// Puts back what has been held until `now`, in the order in which it became due. Returns
    /// whether there was any.
    bool releaseHeld(Instant now, const MessagePool& messages);
    std::uint64_t held() const { return m_held.size(); }
    /// A dead letter that is kept until it is confirmed counts towards the length limits.
    void keep(std::uint32_t bytes) {
        ++m_kept;
        m_asideBytes += bytes;
    }
    void letGo(std::uint32_t bytes) {
        --m_kept;
        m_asideBytes -= bytes;
    }
    std::uint64_t kept() const { return m_kept; }
    /// Gives a message the next position without making it ready: it is delivered at once.
    void passThrough(Slot slot, MessagePool& messages) { messages[slot].position = m_next++; }

    /// The message that leaves next. Requires ready() > 0.
    Slot head() const;
    Slot popHead(const MessagePool& messages);

    /// Takes out a message whose time is over by `now`, of those that are looked at: the head, and
    /// in a quorum queue of 4.3 the head of each level. noSlot: there is none.
    Slot popExpired(Instant now, const MessagePool& messages);
    /// When there may be one: when the time is over of a message that is looked at. never: none.
    Instant nextExpiry(const MessagePool& messages) const;

    /// Every ready message, in the order in which they would leave, and every one held back; `take`
    /// decides: true takes it out.
    template <typename Take> void filter(const MessagePool& messages, Take take);
    /// The same for the ready ones alone.
    template <typename Take> void filterReady(const MessagePool& messages, Take take);
    /// Visits ready messages in the order in which they would leave, until `visit` returns false.
    template <typename Visit> void forEachReady(Visit visit) const;

    /// Channels in the order of their turn. One that is full loses its place when its turn comes,
    /// and gets the last one when it can take a message again; one that is gone is taken out.
    Ring<std::uint32_t> takers;
    /// With a single active consumer: the channels that have registered, the active one first.
    Ring<std::uint32_t> registered;
    std::uint64_t unacked = 0;
    bool ranked = false;         ///< some consumer has a priority of its own
    Instant timerAt = never;     ///< when the next look at the head is due, at the earliest
    Instant unusedSince = start; ///< of one that expires: when its last consumer left
    bool refuses = false;        ///< a quorum queue with reject-publish: it told publishers to stop

private:
    using Level = std::size_t;
    static constexpr Level returnsLevel = ~std::size_t{0};

    Level levelOf(const Message& message) const;
    /// The level of the message that leaves next, after `taken` others. Requires ready() > 0.
    Level headLevel() const;
    const Ring<Slot>& at(Level level) const {
        return level == returnsLevel ? m_returns : m_levels[level];
    }
    Slot popFrom(Level level, const MessagePool& messages);
    bool isOver(Level level, Instant now, const MessagePool& messages) const;
    void count(const Message& message) {
        ++m_ready;
        m_readyBytes += message.size;
        m_expiring += message.expiresAt != never;
    }
    void discount(const Message& message) {
        --m_ready;
        m_readyBytes -= message.size;
        m_expiring -= message.expiresAt != never;
    }
    template <typename Take>
    void filterLevel(Ring<Slot>& level, const MessagePool& messages, Take take);
    template <typename Take> void filterLevels(const MessagePool& messages, Take take);

    std::vector<Ring<Slot>> m_levels; ///< by priority, at least one
    Ring<Slot> m_returns;             ///< of a quorum queue
    /// Of a quorum queue: returned messages that wait, by when they are due and when they came.
    std::map<std::pair<Instant, std::uint64_t>, Slot> m_held;
    std::uint64_t m_kept = 0;
    std::uint64_t m_asideBytes = 0; ///< of messages held back and kept
    std::uint64_t m_holds = 0; ///< since the start
    std::uint64_t m_ready = 0;
    std::uint64_t m_readyBytes = 0;
    std::uint64_t m_expiring = 0; ///< ready messages that have an end
    std::uint64_t m_next = 0;
    bool m_isQuorum = false;
    bool m_isStream = false; ///< its messages are in a StreamLog
    bool m_interleaves = false; ///< the two levels of quorum queues in 4.0 to 4.2
    bool m_looksAtAll = false;  ///< for the time to live, as quorum queues of 4.3 do
    bool m_singleActive = false;
    bool m_isLimited = false;
    std::uint8_t m_turn = 0; ///< 0 and 1: the upper level's, 2: the lower level's
};

template <typename Take>
void MessageQueue::filterLevel(Ring<Slot>& level, const MessagePool& messages, Take take) {
    Ring<Slot> kept;
    while (!level.empty()) {
        const Slot slot = level.pop();
        if (!take(slot)) {
            kept.push(slot);
            continue;
        }
        discount(messages[slot]);
    }
    level = std::move(kept);
}

template <typename Take> void MessageQueue::filter(const MessagePool& messages, Take take) {
    filterLevel(m_returns, messages, take);
    std::erase_if(m_held, [&](const auto& held) {
        const bool taken = take(held.second);
        m_asideBytes -= taken ? messages[held.second].size : 0;
        return taken;
    });
    filterLevels(messages, take);
}

template <typename Take> void MessageQueue::filterReady(const MessagePool& messages, Take take) {
    filterLevel(m_returns, messages, take);
    filterLevels(messages, take);
}

template <typename Take> void MessageQueue::filterLevels(const MessagePool& messages, Take take) {
    for (std::size_t level = m_levels.size(); level-- > 0;) {
        filterLevel(m_levels[level], messages, take);
    }
}

template <typename Visit> void MessageQueue::forEachReady(Visit visit) const {
    for (std::size_t i = 0; i < m_returns.size(); ++i) {
        if (!visit(m_returns[i])) {
            return;
        }
    }
    if (m_interleaves) {
        std::size_t taken[2] = {0, 0};
        for (std::uint8_t turn = m_turn; taken[0] + taken[1] + m_returns.size() < m_ready;
             turn = static_cast<std::uint8_t>((turn + 1) % 3)) {
            const bool lowerIsLeft = taken[0] < m_levels[0].size();
            const bool upperIsLeft = taken[1] < m_levels[1].size();
            const bool upper = upperIsLeft && (turn < 2 || !lowerIsLeft);
            if (!visit(m_levels[upper][taken[upper]++])) {
                return;
            }
        }
        return;
    }
    for (std::size_t level = m_levels.size(); level-- > 0;) {
        for (std::size_t i = 0; i < m_levels[level].size(); ++i) {
            if (!visit(m_levels[level][i])) {
                return;
            }
        }
    }
}

} // namespace sim
