#pragma once

#include "sim/base/ids.h"
#include "sim/base/ring.h"
#include "sim/base/time.h"
#include "sim/kernel/message.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace sim {

/// What a quorum queue takes for a prefetch without limit. Source:
/// https://github.com/rabbitmq/rabbitmq-server/blob/main/deps/rabbit/src/rabbit_fifo_client.erl
inline constexpr std::uint32_t quorumPrefetch = 2000;

/// What a broker knows of one instance of a consumer: its channel, with one AMQP consumer on it. Who
/// consumes again after a cancel does so as another consumer of the same channel.
/// Source: https://www.rabbitmq.com/docs/consumers, https://www.rabbitmq.com/docs/consumer-prefetch
/// Not modelled: several consumers at a time on one channel and queue.
struct ConsumerChannel {
    /// A delivery that the queue has back, or has lost, while the channel is open: an answer to it
    /// is ignored.
    struct TakenBack {
        std::uint32_t tag = 0;
        Reason why{};
    };
    LinkId link{};
    std::uint16_t lane = 0;
    std::uint16_t queue = 0; ///< position among the broker's queues
    ComponentId consumer{};
    std::uint32_t prefetch = 0; ///< 0: no limit
    std::int32_t priority = 0;  ///< x-priority
    bool autoAck = false;
    bool open = true;
    bool watched = false;        ///< an event will look whether an ack is overdue
    bool taking = false;         ///< stands among the takers of its queue
    bool waiting = false;        ///< the client wants it, but its queue is out of reach
    bool cutOff = false;         ///< the leader of its queue is out of reach
    bool cancelled = false;      ///< by its client: what it has can still be settled
    bool silent = false;         ///< its client is gone, and nobody has told
    bool forwards = false;       ///< its client is a shovel or a federation link
    bool polls = false;          ///< no consumer is on it: its client asks for each message
    std::uint8_t generation = 0; ///< of its connection
    std::uint32_t unacked = 0;
    std::uint32_t shares = noShare; ///< position among the limits of whole channels
    Instant openedAt = start;
    Instant cutOffAt = start;    ///< where cutOff
    std::uint32_t former = 0;    ///< deliveries that the consumer holds which it cancelled
    std::uint32_t formerTag = 0; ///< delivery tags below are that one's
    std::uint32_t firstTag = 1;  ///< delivery tag of out[0]
    Ring<Slot> out;              ///< the queue's copies by delivery tag; noSlot: settled
    std::vector<TakenBack> takenBack;

    bool canTake() const {
        return open && !cutOff && !cancelled &&
               (prefetch == 0 || autoAck || unacked < prefetch + former);
    }
    /// What it consumes from now on it gets as another consumer.
    void consumeAnew() {
        former = 0;
        for (std::size_t i = 0; i < out.size(); ++i) {
            former += out[i] != noSlot ? 1 : 0; // what is settled and not committed yet is not held
        }
        formerTag = firstTag + static_cast<std::uint32_t>(out.size());
    }
    /// A delivery is settled.
    void release(std::uint32_t tag) { former -= tag < formerTag && former > 0 ? 1 : 0; }
    /// Its client answers to a delivery. Returns why the queue no longer waits for that, or nothing.
    std::optional<Reason> ignore(std::uint32_t tag) {
        const auto found = std::ranges::find(takenBack, tag, &TakenBack::tag);
        if (found == takenBack.end()) {
            return std::nullopt;
        }
        const Reason why = found->why;
        takenBack.erase(found);
        return why;
    }
    static constexpr std::uint32_t noShare = 0xffffffff;
};

/// What basic.qos limits for all consumers of one channel together.
struct SharedPrefetch {
    std::uint32_t limit = 0;
    std::uint32_t unacked = 0;
    std::uint32_t lastTag = 0;           ///< its consumers' deliveries are counted together
    std::vector<std::uint32_t> channels; ///< its consumers
};

} // namespace sim
