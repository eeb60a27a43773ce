#pragma once

#include "sim/base/ids.h"
#include "sim/base/time.h"

#include <cstdint>
#include <type_traits>

namespace sim {

/// Position of a node in World::nodes: a part that handles events (a producer, a broker, a consumer).
enum class NodeId : std::uint16_t {};

/// At one instant, events run by rank, then in the order in which they were scheduled.
enum class Rank : std::uint8_t {
    Fault,  ///< faults and interventions come first, so that they hold for the whole instant
    Normal, ///< everything that the model does
    Last,   ///< what must see the instant complete
};

/// What kind of thing happens; the node's class gives `kind` and `index` their meaning.
enum class EventKind : std::uint8_t {};

/// One scheduled thing, in 16 bytes: snapshots copy events as bytes. Timers are never taken back:
/// a node that moved on recognises its stale timers (by a generation in `index`, or because what
/// they were for is gone) and ignores them.
struct Event {
    std::int64_t key = 0;     ///< instant and rank in one number: 4 * nanoseconds + rank
    EventKind kind{};         ///< meaning given by the node
    std::uint8_t detail = 0;  ///< meaning given by the kind
    NodeId node{};            ///< who handles it
    std::uint32_t index = 0;  ///< a message's slot, a lane, a generation: by the kind

    Instant at() const { return Instant{Duration{key >> 2}}; }
    Rank rank() const { return static_cast<Rank>(key & 3); }

    bool operator==(const Event&) const = default;
};

static_assert(sizeof(Event) == 16);
static_assert(std::is_trivially_copyable_v<Event>);

/// Requires start <= at <= start + 2 * durationMax.
constexpr std::int64_t eventKey(Instant at, Rank rank = Rank::Normal) {
    return at.time_since_epoch().count() * 4 + static_cast<std::int64_t>(rank);
}

} // namespace sim
