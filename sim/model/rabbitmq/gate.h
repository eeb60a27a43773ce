#pragma once

#include "sim/base/ring.h"
#include "sim/kernel/event.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace sim {

/// One connection of a client as the broker reads it.
///
/// While an alarm is raised the broker stops reading a connection as soon as something is published
/// on it, and reads nothing more of it until every alarm is over: neither publishes nor
/// acknowledgements. A channel that has more than 32 publishes in one quorum queue or stream that
/// are not committed yet is not read either, until there are fewer. Nor is one that has used up the
/// credit of a classic queue whose process takes its time: a connection has credit for 400
/// publishes to it, and gets 200 more whenever 200 of its publishes were handled.
/// Source: https://www.rabbitmq.com/docs/alarms, https://www.rabbitmq.com/docs/flow-control,
/// https://www.rabbitmq.com/docs/connection-blocked,
/// https://github.com/rabbitmq/rabbitmq-server/blob/main/deps/rabbit_common/src/credit_flow.erl
/// Not modelled: how much the operating systems at both ends can hold of what is not read (all of
/// it, here), the credit of the steps between a connection and its channels, the credit of queues
/// that dead-letter to others, alarms that the simulated load itself raises.
struct Gate {
    static constexpr std::uint32_t commandsMax = 32; ///< quorum_commands_soft_limit
    static constexpr std::uint32_t credit = 400;     ///< credit_flow_default_credit: at first
    static constexpr std::uint32_t creditStep = 200; ///< and after so many were handled

    struct Unread {
        Slot slot{};
        Parcel parcel{};
    };
    struct Flow {
        std::uint16_t queue = 0;
        std::uint32_t commands = 0; ///< publishes that are not committed yet
        std::uint32_t sent = 0;     ///< publishes beyond what the queue has granted again
        std::uint32_t ungranted = 0; ///< of them: since a grant is under way for those before

        bool isSpent() const { return sent >= credit; }
    };
    Ring<Unread> unread;
    std::vector<Flow> flows;
    bool isBlocked = false; ///< the client was told so
    bool isListed = false;  ///< stands among the broker's gates that hold something

    bool isInFlow() const {
        for (const Flow& flow : flows) {
            if (flow.commands > commandsMax || flow.isSpent()) {
                return true;
            }
        }
        return false;
    }
    Flow& flowTo(std::uint16_t queue) {
        for (Flow& flow : flows) {
            if (flow.queue == queue) {
                return flow;
            }
        }
        flows.push_back({.queue = queue});
        return flows.back();
    }
    std::uint32_t& commandsTo(std::uint16_t queue) { return flowTo(queue).commands; }
};

/// The process of a classic queue that handles so many publishes a second, one after the other.
/// What waits for it counts as being in the queue.
/// Not modelled: the time that it takes for deliveries and acknowledgements.
struct QueueProcess {
    /// A connection gets credit again.
    struct Grant {
        Instant at{};
        std::uint32_t gate = 0;
    };
    Instant free = start; ///< when it has handled what came so far
    Ring<Grant> grants;   ///< under way, in the order of their instants
};

} // namespace sim
