#pragma once

#include "sim/base/ring.h"
#include "sim/kernel/message_pool.h"
#include "sim/model/plan.h"

#include <cstdint>
#include <vector>

namespace sim {

/// The messages of a classic queue that are ready, and who waits for them. Position 0 of a level is
/// the head, the message that leaves next; a higher level leaves before a lower one, always.
///
/// Which message leaves, and for which reason, is decided here; what then happens to it (delivery,
/// dead-lettering, confirms) is the broker's business.
/// Source: https://www.rabbitmq.com/docs/queues, https://www.rabbitmq.com/docs/ttl,
/// https://www.rabbitmq.com/docs/maxlength, https://www.rabbitmq.com/docs/priority. Low levels
/// starve while higher ones have messages: the broker's priority queue always serves the highest
/// level that is not empty.
/// Not modelled: paging to disk, the cap of 200 unsent messages per channel process, consumer
/// priorities, exclusive consumers.
class ClassicQueue {
public:
    ClassicQueue() = default;
    explicit ClassicQueue(const QueueSpec& spec);

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

    /// Puts a message that has just come at the end of its level. Its `position` says from then on
    /// where it belongs.
    void append(Slot slot, MessagePool& messages);
    /// Puts a message that was delivered back where it was, by its `position`.
    void putBack(Slot slot, MessagePool& messages);
    /// Gives a message the next position without making it ready: it is delivered at once.
    void passThrough(Slot slot, MessagePool& messages) { messages[slot].position = m_next++; }

    /// The message that leaves next. Requires ready() > 0.
    Slot head() const;
    Slot popHead(const MessagePool& messages);

    /// Every ready message, in the order in which they would leave; `take` decides: true takes it
    /// out.
    template <typename Take> void filter(const MessagePool& messages, Take take);
    /// Visits ready messages in the order in which they would leave, until `visit` returns false.
    template <typename Visit> void forEachReady(Visit visit) const;

    /// Channels in the order of their turn. One that is full loses its place when its turn comes,
    /// and gets the last one when it can take a message again; one that is gone is taken out.
    Ring<std::uint32_t> takers;
    /// With a single active consumer: the channels that have registered, the active one first.
    Ring<std::uint32_t> registered;
    std::uint64_t unacked = 0;
    Instant timerAt = never;     ///< when the next look at the head is due, at the earliest
    Instant unusedSince = start; ///< of one that expires: when its last consumer left

private:
    std::size_t levelOf(const Message& message) const;
    /// The level of the message that leaves next. Requires ready() > 0.
    std::size_t headLevel() const;
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

    std::vector<Ring<Slot>> m_levels; ///< by priority, at least one
    std::uint64_t m_ready = 0;
    std::uint64_t m_readyBytes = 0;
    std::uint64_t m_expiring = 0; ///< ready messages that have an end
    std::uint64_t m_next = 0;
    bool m_singleActive = false;
    bool m_isLimited = false;
};

template <typename Take> void ClassicQueue::filter(const MessagePool& messages, Take take) {
    for (std::size_t level = m_levels.size(); level-- > 0;) {
        Ring<Slot> kept;
        for (Ring<Slot>& all = m_levels[level]; !all.empty();) {
            const Slot slot = all.pop();
            if (!take(slot)) {
                kept.push(slot);
                continue;
            }
            discount(messages[slot]);
        }
        m_levels[level] = std::move(kept);
    }
}

template <typename Visit> void ClassicQueue::forEachReady(Visit visit) const {
    for (std::size_t level = m_levels.size(); level-- > 0;) {
        for (std::size_t i = 0; i < m_levels[level].size(); ++i) {
            if (!visit(m_levels[level][i])) {
                return;
            }
        }
    }
}

} // namespace sim
