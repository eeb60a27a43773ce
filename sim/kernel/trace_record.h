#pragma once

#include "sim/base/ids.h"
#include "sim/base/time.h"

#include <cstdint>
#include <type_traits>

namespace sim {

/// What a trace record says. `component`, `peer`, `lane` and `since` of the record mean what each
/// line says; where a line is silent they are noComponent, 0 and the record's own instant.
enum class TraceKind : std::uint8_t {
    // The producer.
    Produced,        ///< component: producer; a new event exists (the source of truth has it)
    Published,       ///< component: producer or consumer, peer: exchange or queue, lane: channel,
                     ///< attempt: from 1; a copy leaves
    ConfirmReceived, ///< component: producer or shovel, peer: exchange or queue; since: its publish
    NackReceived,    ///< as ConfirmReceived: the broker refused it
    ReturnReceived,  ///< as ConfirmReceived: mandatory and no queue
    ConfirmTimedOut, ///< as ConfirmReceived; the producer publishes again or gives up
    GaveUp,          ///< component: producer; retries are used up
    // The network. component: sender, peer: receiver of this hop.
    Lost,       ///< reason says why; the copy is gone
    Duplicated, ///< a second copy travels; `copy` is the new one's
    // The broker.
    Unroutable, ///< component: exchange; flags: mandatory; the copy is gone
    Enqueued,   ///< component: queue, peer: exchange or noComponent (default exchange); since:
                ///< creation
    Refused,    ///< component: queue, peer: exchange; overflow rejects it, reason MaxLength
    Delivered, ///< component: queue, peer: consumer, lane: instance, attempt: delivery of this copy
               ///< in this queue, from 1; since: ready since
    Requeued,  ///< component: queue, peer: consumer, lane: instance; reason; since: its delivery
    Acked,     ///< component: queue, peer: consumer; the copy left; since: enqueued
    Dropped,   ///< component: queue; the copy left for ever; reason; since: enqueued
    DeadLettered, ///< component: queue, peer: dead-letter exchange or noComponent (default
                  ///< exchange);
                  ///< the copy left the queue by way of it; reason; since: enqueued
    ConfirmSent,  ///< component: exchange or queue published to, peer: producer or shovel; since:
                  ///< its arrival
    NackSent,     ///< as ConfirmSent
    ReturnSent,   ///< as ConfirmSent
    // The consumer. component: consumer, peer: queue, lane: instance.
    Received,     ///< the delivery arrived; since: sent by the queue
    Started,      ///< a handler begins; since: received
    Applied,      ///< the effect took place; since: creation of the event
    Skipped,      ///< the strategy applied nothing; reason: DuplicateId, Stale, MaxHops
    Held,         ///< the resequencer holds it for a missing version; since: received
    Failed,       ///< the handler failed; reason: Random, Poison, Scripted
    GapSkipped,   ///< the resequencer gave up waiting; version: the first missing one; reason
    AckSent,      ///< the consumer acks
    NackSentBack, ///< the consumer nacks or rejects; reason: Requeue or Reject
    Discarded,    ///< the instance died or its connection closed with this delivery in its hands
    // Components and faults.
    Crashed,      ///< component, lane: instance or 0xffff for all
    Restarted,    ///< likewise
    Paused,       ///< likewise
    Resumed,      ///< likewise
    Disconnected, ///< component: consumer or producer, peer: broker; its channels are closed
    BrokerDown,   ///< component: broker, lane: one node, from 0, or 0xffff; reason: Clean or Killed
    BrokerUp,     ///< component: broker, lane: likewise
    FaultBegan,   ///< copy: position among the run's faults
    FaultEnded,   ///< copy: position among the run's faults
    // The broker again.
    Retained, ///< component: queue; it keeps what it gave up until its dead letter is confirmed;
              ///< reason; since: enqueued
    Read,     ///< component: stream, peer: consumer, lane: instance; a copy of its own goes to the
              ///< reader, what is in the stream stays; since: appended
    ConnectionBlocked, ///< component: broker, peer: who publishes, lane: its channel; an alarm
    ConnectionUnblocked, ///< likewise
    QueueDown, ///< component: queue; no node serves it; lane: the one that did, from 0
    QueueUp,   ///< component: queue, lane: the node that serves it now, from 0
    Delayed,   ///< component: a delayed-message exchange or an SQS queue; the copy waits there
    Forwarded, ///< component: a shovel, peer: queue, lane: instance; a copy of the delivery is
               ///< published; since: received
    PolicyChanged, ///< component: exchange or queue; it has other settings by its policies
    ConsumerCancelled, ///< component: queue, peer: consumer, lane: instance; the broker ends the
                       ///< consumer and tells it; reason
    GotEmpty, ///< component: queue, peer: consumer, lane: instance; a basic.get found nothing
    // SQS and SNS.
    Polled,         ///< component: SQS queue, peer: consumer, lane: instance; a receive is over;
                    ///< attempt: messages that it returns; since: when it was asked for
    FilteredOut,    ///< component: SNS topic, peer: queue; a filter policy kept the event away
    DeliveryFailed, ///< component: SNS topic, peer: queue; the copy waits to be tried again; attempt
};
inline constexpr int traceKinds = static_cast<int>(TraceKind::DeliveryFailed) + 1;

/// Whether such a record is about one event, and not about a component or a fault.
constexpr bool isAboutMessage(TraceKind kind) {
    return kind < TraceKind::Crashed || kind == TraceKind::Retained || kind == TraceKind::Read ||
           kind == TraceKind::Delayed || kind == TraceKind::Forwarded ||
           kind == TraceKind::FilteredOut || kind == TraceKind::DeliveryFailed;
}
/// Whether it says what happened to a copy in a queue.
constexpr bool isAtQueue(TraceKind kind) {
    return (kind >= TraceKind::Enqueued && kind <= TraceKind::DeadLettered) ||
           kind == TraceKind::Retained;
}

/// Why it happened.
enum class Reason : std::uint8_t {
    None,
    // Lost on the way.
    LinkLoss,     ///< a loss fault
    Partition,    ///< the link is cut and the connection closed
    ReceiverDown, ///< nobody at the other end
    LostAck,      ///< a lost-acks fault
    LostConfirm,  ///< a lost-confirms fault
    // Leaving a queue, dead-lettering.
    Rejected,
    Expired,
    MaxLength,
    NotDurable, ///< transient message or queue, and the broker restarted
    NotOnDisk,  ///< persistent, but the broker was killed before it reached the disk
    Cycle,      ///< dead-lettering would close a cycle without a rejection
    // Requeueing.
    Nack,
    Crash,      ///< the consumer's process died
    Disconnect, ///< the connection closed
    BrokerRestart,
    // The consumer.
    DuplicateId, ///< the idempotency store knows it
    Stale,       ///< a newer version of the key was applied
    Random,
    Poison,
    Scripted,
    Timeout, ///< waited as long as allowed
    BufferFull,
    Requeue,
    Reject,
    // Broker stops.
    Clean,
    Killed,
    QueueDeleted,  ///< dropped with its queue
    DeliveryLimit, ///< a quorum queue gave it up after so many returns
    AckTimeout,    ///< unacknowledged for too long
    Retention,     ///< a stream does not keep it any more
    NodeDown,      ///< the queue's node does not run, or is out of reach
    NoExchange,    ///< 404: nothing of that name to publish to
    TooLarge,      ///< 406: above the largest message that the broker takes
    MaxHops,       ///< a federation link does not forward it once more
    PolicyChange,  ///< a policy no longer keeps it
    Heartbeat,     ///< nothing had come by the connection for too long
    Purged,        ///< an operator has purged the queue
    // SQS and SNS.
    Visibility,    ///< the visibility timeout is over
    Replica,       ///< a server had not learnt that it was received, or deleted
    Throttled,     ///< above the quota of calls
    MissingGroup,  ///< a FIFO queue or topic needs a message group
    MissingId,     ///< likewise a deduplication id
    ServerError,   ///< the endpoint did not answer
    ClientError,   ///< no permission, or no such endpoint
    StaleHandle,   ///< the receipt handle is not valid any more
};

/// Marks of a copy of a message.
enum MessageFlag : std::uint8_t {
    Persistent = 1,
    Mandatory = 2,
    Redelivered = 4, ///< AMQP redelivered: delivered before from this queue
    Republished = 8, ///< this copy or an ancestor is not the first publish of its event
    DeadLetter = 16, ///< came through a dead-letter exchange
    WantsConfirm = 32,
};

inline constexpr std::uint16_t allLanes = 0xffff;

/// One fact. What checks, metrics, pictures and reports read; models write it and never read it.
/// 48 bytes, copied as bytes.
struct TraceRecord {
    Instant at{};
    Instant since{};        ///< an earlier instant that belongs to the fact: by kind
    MessageId message{};    ///< the event, where the fact is about one (else 0 and key noKey)
    std::uint32_t copy = 0; ///< number of the copy, unique among those alive; from 1
    KeyId key = noKey;
    std::uint32_t version = 0; ///< of the key, from 1
    ComponentId component = noComponent;
    ComponentId peer = noComponent;
    TypeId type = noType;
    std::uint16_t lane = 0;
    TraceKind kind{};
    Reason reason{};
    std::uint8_t flags = 0;   ///< MessageFlag bits
    std::uint8_t attempt = 0; ///< by kind; 255 stands for 255 or more

    bool operator==(const TraceRecord&) const = default;
};

static_assert(sizeof(TraceRecord) == 48);
static_assert(std::is_trivially_copyable_v<TraceRecord>);

} // namespace sim
