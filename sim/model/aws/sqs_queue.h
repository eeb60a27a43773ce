#pragma once

#include "sim/base/ids.h"
#include "sim/base/time.h"
#include "sim/model/aws/sqs_fifo.h"
#include "sim/model/aws/sqs_shards.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace sim {

/// What a delivery carries so that it can be deleted: which message, and which receive of it.
struct ReceiptHandle {
    std::uint32_t number = 0; ///< of arrival in the queue, the lower half of it
    std::uint32_t entry = 0;
    std::uint32_t receive = 0; ///< the how manieth of the queue, from 1
};

/// The messages of one SQS queue: which of them are delayed, visible or in flight, and until when.
/// A pure state machine: what it does to messages it tells its caller.
///
/// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
/// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
/// Not modelled: the attributes of a queue as they are read (here they are exact, and at once);
/// PurgeQueue; the redrive of a dead-letter queue to its source.
class SqsQueue {
public:
    enum class State : std::uint8_t { Gone, Delayed, Visible, InFlight };
    struct Entry {
        Slot slot = noSlot;
        State state = State::Gone;
        std::uint32_t shard = 0;   ///< of a standard queue
        std::uint32_t group = 0;   ///< of a FIFO queue
        std::uint32_t receive = 0; ///< the latest of it; 0: none
        std::uint32_t receives = 0;
        std::uint64_t number = 0; ///< of arrival, from 1; in a FIFO queue the sequence number
        std::int64_t order = 0;   ///< of a standard queue, among the visible
        Instant changesAt = never; ///< delayed or in flight: when it is visible (again)
        Instant expiresAt = never;
        Instant receivedAt{};
    };

    /// The longest time from a receive to the end of its visibility timeout, extensions included.
    static constexpr Duration visibilityMax = 12h;
    /// What was received so often goes behind the others of a standard queue.
    static constexpr std::uint32_t receivesBehind = 3;

    explicit SqsQueue(bool fifo = false, std::uint32_t shards = 1)
        : m_isFifo(fifo)
        , m_shards(shards) {}

    bool isFifo() const { return m_isFifo; }
    std::uint64_t visible() const { return m_visible; }
    std::uint64_t inFlight() const { return m_inFlight; }
    std::uint64_t delayed() const { return m_delayed; }
    std::uint64_t stored() const { return m_visible + m_inFlight + m_delayed; }
    const Entry& operator[](std::uint32_t entry) const { return m_entries[entry]; }
    /// Calls `visit(entry)` for every message.
    template <typename Visit> void forEach(Visit visit) const {
        for (const Entry& entry : m_entries) {
            if (entry.state != State::Gone) {
                visit(entry);
            }
        }
    }

    struct Arrival {
        Slot slot = noSlot;
        Instant visibleAt{}; ///< later than now: it is delayed
        Instant expiresAt = never;
        std::uint32_t group = 0;
        std::uint32_t shard = 0;
        std::int64_t order = 0;
        std::uint32_t receives = 0; ///< before it came
    };
    std::uint32_t add(const Arrival& arrival, Instant now);

    struct Receive {
        std::uint32_t most = 1;
        Instant until{};               ///< of the visibility timeout
        std::uint32_t maxReceives = 0; ///< what was received so often is dead; 0: nothing is
        std::uint64_t maxInFlight = 0;
        std::vector<std::uint32_t> shards; ///< that it asks, of a standard queue
    };
    struct Taken {
        std::uint32_t entry = 0;
        Slot dead = noSlot; ///< what was received too often and is in the queue no longer; noSlot:
                            ///< it is returned
        Instant expiresAt = never;
    };
    /// Some of the servers that messages are on, or all: see SqsShards::sample().
    std::vector<std::uint32_t> sample(std::uint32_t some, RandomStream& random,
                                      Chance& chance) const {
        return m_shards.sample(some, random, chance);
    }
    /// What one receive takes, in the order in which it returns it.
    std::vector<Taken> receive(const Receive& receive, Instant now, RandomStream& random,
                               Chance& chance);
    /// Whether a receive that asks everywhere would take anything.
    bool canReceive(std::uint64_t maxInFlight);

    /// The message that a handle is of; nothing where it is gone.
    std::optional<std::uint32_t> find(const ReceiptHandle& handle) const;
    /// Whether the message was not received again since.
    bool isLatest(const ReceiptHandle& handle) const {
        return m_entries[handle.entry].receive == handle.receive;
    }
    /// Whether a delete by this handle has to work. In a FIFO queue one that comes after the
    /// visibility timeout is an error. Requires find(handle).
    bool canDelete(const ReceiptHandle& handle) const;
    /// Whether the visibility timeout can be set to end then. Requires find(handle).
    bool canChange(const ReceiptHandle& handle, Instant until) const;

    /// Takes the message out; returns its slot.
    Slot remove(std::uint32_t entry);
    /// In flight, or (`until` not later than now) visible.
    void setVisibility(std::uint32_t entry, Instant until, Instant now);

    struct Due {
        std::uint32_t entry = 0;
        Slot expired = noSlot; ///< what is in the queue no longer; noSlot: it is visible
        bool wasDelayed = false;
    };
    /// When something changes by itself; never: nothing does.
    Instant next() const { return m_timers.empty() ? never : m_timers.front().key.first; }
    /// The next thing that has changed by now: something is visible, or has expired.
    std::optional<Due> due(Instant now);

private:
    using TimerKey = std::pair<Instant, std::uint64_t>; ///< and the number of the message

    bool isVisible(std::uint32_t entry) const {
        return m_entries[entry].state == State::Visible;
    }
    std::uint64_t& count(State state);
    void enter(std::uint32_t entry, State state);
    void leaveState(std::uint32_t entry);
    void setTimer(std::uint32_t entry);
    void take(std::uint32_t entry, const Receive& receive, Instant now);
    void bury(std::uint32_t entry, std::vector<Taken>& taken);
    bool isDead(std::uint32_t entry, const Receive& receive) const;
    void receiveStandard(const Receive& receive, Instant now, RandomStream& random, Chance& chance,
                         std::vector<Taken>& taken);
    void receiveFifo(const Receive& receive, Instant now, std::vector<Taken>& taken);
    void receiveGroup(std::uint32_t group, const Receive& receive, Instant now,
                      std::vector<Taken>& taken, std::uint32_t& returned);

    bool m_isFifo = false;
    SqsShards m_shards;
    SqsFifo m_groups;
    std::vector<Entry> m_entries;
    std::vector<std::uint32_t> m_free; ///< entries that are gone
    IndexedHeap<TimerKey> m_timers;
    HeapPlaces m_timerPlaces;
    std::uint64_t m_visible = 0;
    std::uint64_t m_inFlight = 0;
    std::uint64_t m_delayed = 0;
    std::uint64_t m_numbers = 0;
    std::uint32_t m_receives = 0;
};

} // namespace sim
