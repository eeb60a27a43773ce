#pragma once

#include "sim/base/ring.h"
#include "sim/base/time.h"
#include "sim/kernel/trace_record.h"
#include "sim/model/rabbitmq/cluster.h"

#include <cstdint>

namespace sim {

/// A publish in confirm mode that waits for several queues, by its position among the broker's.
enum class OwedId : std::uint32_t {};
inline constexpr OwedId nothingOwed{0xffffffff};

/// The message was published by no client.
inline constexpr std::uint32_t noGate = 0xffffffff;

/// What a quorum queue was told: it counts once a majority of its members has it.
struct Command {
    enum class Kind : std::uint8_t {
        Enqueue,
        Ack,
        Reject,
        Nack,          ///< basic.nack with requeue
        RejectRequeue, ///< basic.reject with requeue
        Lost,          ///< its consumer's channel is gone
        TimedOut,      ///< its acknowledgement is overdue (4.3)
    };
    Kind kind{};
    Reason reason{};    ///< of Lost and TimedOut
    bool joins = false; ///< of Ack: the acknowledgement that the command before it is of
    Slot slot{};
    OwedId owed = nothingOwed; ///< of Enqueue
    std::uint32_t channel = 0; ///< of Enqueue: the connection that published it, or noGate; of the
                               ///< others: who has the message
    NodeAt node = noNode;      ///< whose client it came from; noNode: the queue itself
    Instant committedAt{};
};

/// The commands to one quorum queue that are not committed yet, in the order of the log.
/// Source: https://www.rabbitmq.com/docs/quorum-queues#behaviour
/// Not modelled: batches of commands, the log's own snapshots and segments.
struct CommandLog {
    Ring<Command> commands;
    Instant last = start;         ///< when the latest one is committed
    Instant returnsUntil = never; ///< when what a consumer left behind is back; never: it is
    Ring<Command> held;           ///< sent where the leader is not in reach; later than those in the log
    bool lastIsHeld = false;      ///< the latest one that came

    Command& latest() { return lastIsHeld ? held.back() : commands.back(); }

    /// How many messages are on their way into the queue.
    std::size_t enqueues() const {
        const auto count = [](const Ring<Command>& some) {
            std::size_t enqueues = 0;
            for (std::size_t i = 0; i < some.size(); ++i) {
                enqueues += some[i].kind == Command::Kind::Enqueue;
            }
            return enqueues;
        };
        return count(commands) + count(held);
    }
};

} // namespace sim
