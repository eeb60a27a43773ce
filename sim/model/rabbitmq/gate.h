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
/// are not committed yet is not read either, until there are fewer.
/// Source: https://www.rabbitmq.com/docs/alarms, https://www.rabbitmq.com/docs/flow-control,
/// https://www.rabbitmq.com/docs/connection-blocked
/// Not modelled: how much the operating systems at both ends can hold of what is not read (all of
/// it, here), the credit that the parts of a broker grant each other, alarms that the simulated load
/// itself raises.
struct Gate {
    static constexpr std::uint32_t commandsMax = 32; ///< quorum_commands_soft_limit

    struct Unread {
        Slot slot{};
        Parcel parcel{};
    };
    struct Flow {
        std::uint16_t queue = 0;
        std::uint32_t commands = 0; ///< publishes that are not committed yet
    };
    Ring<Unread> unread;
    std::vector<Flow> flows;
    bool isBlocked = false; ///< the client was told so
    bool isListed = false;  ///< stands among the broker's gates that hold something

    bool isInFlow() const {
        for (const Flow& flow : flows) {
            if (flow.commands > commandsMax) {
                return true;
            }
        }
        return false;
    }
    std::uint32_t& commandsTo(std::uint16_t queue) {
        for (Flow& flow : flows) {
            if (flow.queue == queue) {
                return flow.commands;
            }
        }
        flows.push_back({.queue = queue});
        return flows.back().commands;
    }
};

} // namespace sim
