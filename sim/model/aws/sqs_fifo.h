#pragma once

#include "sim/base/ring.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>

namespace sim {

/// The message groups of a FIFO queue: which messages can be received.
///
/// Of each group that is the run of messages from its first on that are all visible: the first that
/// is delayed or in flight stops it. Groups take turns, in the order in which they came to have
/// such a run.
/// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
/// Not modelled: that a receive looks at the first 120 000 messages of the queue only.
class SqsFifo {
public:
    using IsVisible = std::function<bool(std::uint32_t entry)>;

    /// Behind all of its group. Requires an entry that is not here.
    void push(std::uint32_t entry, std::uint32_t group);
    /// Requires an entry of this group.
    void erase(std::uint32_t entry, std::uint32_t group);
    /// The entry has become visible, or what was before it is gone: its group may have a turn.
    void offer(std::uint32_t group, const IsVisible& isVisible);
    /// Takes the turn of the first group that can be received from. Whoever does so offers it again
    /// where something is left.
    std::optional<std::uint32_t> takeTurn(const IsVisible& isVisible);
    /// Whether any group has a turn.
    bool hasTurn(const IsVisible& isVisible);

    /// In order.
    const Ring<std::uint32_t>& entriesOf(std::uint32_t group) const {
        return m_groups.at(group).entries;
    }

private:
    struct Group {
        Ring<std::uint32_t> entries;
        bool hasTurn = false;
    };
    bool canBeReceived(std::uint32_t group, const IsVisible& isVisible) const;

    std::map<std::uint32_t, Group> m_groups; ///< those with messages
    Ring<std::uint32_t> m_turns;             ///< some may be gone, or have nothing any more
};

} // namespace sim
