#pragma once

#include "sim/base/ids.h"
#include "sim/base/time.h"

#include <cstdint>
#include <type_traits>

namespace sim {

/// Position of a node in World::nodes: a part that handles events (a producer, a broker, a
/// consumer).
enum class NodeId : std::uint16_t {};

/// At one instant, events run by rank, then in the order in which they were scheduled.
enum class Rank : std::uint8_t {
    FaultEnd,   ///< faults come first, so that they hold for the whole instant; ends before
    FaultBegin, ///< beginnings, so that one fault can follow another without a gap
    Normal,     ///< everything that the model does
};

/// What happens; the line says what `index` and `detail` are.
enum class EventKind : std::uint8_t {
    Arrive,             ///< something comes over a link; index: its slot, detail: Parcel
    Produce,            ///< a producer's next arrival
    ConfirmDue,         ///< a producer's oldest unconfirmed publish may have timed out
    WorkDone,           ///< a handler of a consumer ends; index: lane and epoch, detail: thread
    LaneRestart,        ///< a crashed instance starts again; index: lane and epoch
    GapTimeout,         ///< a resequencer has waited for a version; index: key
    QueueTimer,         ///< the head of a queue may have expired; index: queue
    OnDisk,             ///< a publish is on disk and can be confirmed; index: slot of the confirm
    ConnectionLost,     ///< index: position among the news under way, see Links::take()
    ConnectionOpened,   ///< the broker learns of a client; as ConnectionLost
    ConnectionPossible, ///< a client learns that it can connect again; as ConnectionLost
    FaultBegins,        ///< index: position among the run's faults
    FaultEnds,          ///< likewise
    LinkCloses,         ///< a partition has lasted until connections break; index: fault
    QueueExpires,       ///< a queue may have been unused for long enough; index: queue
    Committed,          ///< a command to a quorum queue is committed; index: queue
    RetryDue,           ///< a quorum queue has held a returned message long enough; index: queue
    DeadLetterRetry,    ///< a quorum queue tries to hand over dead letters again; index: queue
    ConnectionBlocked,  ///< a producer learns that an alarm keeps it waiting; as ConnectionLost
    ConnectionUnblocked, ///< likewise, that it is over
    AckTimeout,         ///< a delivery may have been unacknowledged for too long; index: channel
    Election,           ///< a replicated queue has a new leader; index: queue, detail: its count
    OutOfReach,         ///< a queue may not have reached a consumer for too long; index: channel
    DelayOver,          ///< a delayed message is due; index: its position among the delayed
    ConsumerCancelled,  ///< a client sends basic.cancel; as ConnectionLost
    ConsumerStarted,    ///< it consumes again on the same channel; as ConnectionLost
    ReconnectDue,       ///< a shovel may connect again; index: lane and epoch
    CreditGranted,      ///< a queue has handled enough to be sent more; index: queue
    AckDue,             ///< finished deliveries may have waited long enough; index: their channel's
                        ///< position at its consumer
    ConnectionSilent,   ///< from here on nothing more comes by it; as ConnectionLost
    HeartbeatsMissed,   ///< a silent connection is closed; index: channel, detail: its generation
    DemandBegins,       ///< a federated queue wants messages of its upstream; as ConnectionLost
    DemandEnds,         ///< it wants none any more; likewise
    CancelledByBroker,  ///< a consumer gets a basic.cancel; as ConnectionLost
    ConsumePossible,    ///< it may consume again; likewise
    RecoverAsked,       ///< a client sends basic.recover; likewise
    RecoverDone,        ///< it is answered; likewise
    PollDue,            ///< an instance may send basic.get; index: lane and epoch
    GetAsked,           ///< it does; as ConnectionLost
    GetEmpty,           ///< there was nothing; likewise
    GetCommitted,       ///< a quorum queue answers; index: channel, detail: its generation
    // SQS and SNS.
    ReceiveAsked,    ///< a consumer polls an SQS queue; as ConnectionLost
    ReceiveReturned, ///< the response to that is over; as ConnectionLost
    ReceiveWaited,   ///< a long poll may have waited long enough; index: lane's poll
    RequestServed,   ///< the service comes to a request; index: its slot, detail: Parcel
    PollServed,      ///< likewise to a receive; index: the lane's poll, detail: its count
    ReceiveDue,      ///< a consumer polls again; index: lane and epoch
    HeartbeatDue,    ///< a consumer extends visibility timeouts; index: lane and epoch
    DeliveryRetry,   ///< an SNS topic tries again; index: slot
};

/// What comes over a link.
enum class Parcel : std::uint8_t {
    Message,
    Ack,
    Requeue, ///< basic.nack with requeue
    Reject,
    Confirm,
    ConfirmNack,
    Return,
    RejectRequeue, ///< basic.reject with requeue
    AckMultiple,   ///< basic.ack with multiple: everything up to its delivery tag
    RequeueMultiple, ///< basic.nack with multiple and requeue
    RejectMultiple,  ///< basic.nack with multiple, without requeue
    Extend,        ///< ChangeMessageVisibility by a heartbeat
};

/// Whether a consumer says by it what is to become of its deliveries.
constexpr bool isSettlement(Parcel parcel) {
    return parcel == Parcel::Ack || parcel == Parcel::AckMultiple || parcel == Parcel::Requeue ||
           parcel == Parcel::Reject || parcel == Parcel::RejectRequeue ||
           parcel == Parcel::RequeueMultiple || parcel == Parcel::RejectMultiple ||
           parcel == Parcel::Extend;
}

/// The node that stands for the run itself: it handles faults.
inline constexpr NodeId runNode{0xffff};

/// One scheduled thing, in 16 bytes: snapshots copy events as bytes. Timers are never taken back:
/// a node that moved on recognises its stale timers (by a generation in `index`, or because what
/// they were for is gone) and ignores them.
struct Event {
    std::int64_t key = 0; ///< instant and rank in one number: 4 * nanoseconds + rank
    EventKind kind{};
    std::uint8_t detail = 0;
    NodeId node{}; ///< who handles it
    std::uint32_t index = 0;

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

/// Two numbers of 16 bits in an event's index.
constexpr std::uint32_t packed(std::uint32_t high, std::uint32_t low) { return high << 16 | low; }
constexpr std::uint16_t highOf(std::uint32_t pair) {
    return static_cast<std::uint16_t>(pair >> 16);
}
constexpr std::uint16_t lowOf(std::uint32_t pair) { return static_cast<std::uint16_t>(pair); }

} // namespace sim
