#pragma once

#include "sim/base/ring.h"
#include "sim/model/consumer/idempotency_store.h"
#include "sim/model/outbox.h"

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace sim {

/// A service that consumes from one queue or several, with some instances ("lanes").
///
/// Each instance has a connection of its own to each queue and to what it republishes to, keeps
/// what is delivered to it in memory in the order of arrival, and works on `concurrency` deliveries
/// at a time. When a handler ends well, the strategy decides on the effect: apply, skip, or hold
/// for a missing version. State (versions, remembered ids) is one database that all instances share
/// and that survives them; what an instance holds in memory dies with it. When a connection breaks,
/// it throws away what it must still acknowledge, which the broker has again, and works through
/// what is acknowledged already. A message that the resequencer holds stays unacknowledged: with a
/// prefetch no larger than what it must hold, it waits for a message that the broker will not send.
/// Source: https://www.rabbitmq.com/docs/consumers, https://www.rabbitmq.com/docs/confirms
/// One with `forward` is a shovel or a federation link (forwarding.cpp): it handles nothing and
/// publishes a copy of what comes, as soon as it comes. One `onDemand` is cancelled but for the
/// time in which the queue that it publishes to wants messages. See
/// https://www.rabbitmq.com/docs/shovel-dynamic, https://www.rabbitmq.com/docs/federation-reference
/// With `ackEvery` it acknowledges in batches, and may give back several at once (batches.cpp). With
/// `poll` it asks for each message (polling.cpp). One that the broker cancels goes on with what it
/// has, and consumes again when it can: see https://www.rabbitmq.com/docs/consumer-cancel
/// From SQS queues it receives by polling (sqs_client.cpp).
/// Not modelled: handlers that get several messages at once; effects that outlast the crash of the database; the time that a
/// connection takes to be established beyond one trip over the link; a connection's recovery
/// interval (it connects at once when it can, unless it forwards); confirms for what it republishes
/// as a retry (it acks without them, so that a loss on the way loses the message).
class Consumer {
public:
    Consumer() = default;
    Consumer(const Plan& plan, std::uint16_t consumer, std::uint64_t seed);

    /// Asks SQS queues for messages, and polls.
    void begin(Outbox& out, NodeId self);
    [[gnu::noinline]] void on(const Event& event, Outbox& out);

    /// What faults do to one instance, or to all (`lane` allLanes). A silent crash leaves its
    /// connections as they are: nobody tells the broker.
    void crash(std::uint16_t lane, bool silent, Outbox& out);
    void recover(std::uint16_t lane, Outbox& out);
    void setPaused(std::uint16_t lane, bool paused, Outbox& out);
    void setCancelled(std::uint16_t lane, bool cancelled, Outbox& out);
    void setSlowness(std::uint16_t lane, double factor);
    struct Poison {
        KeyId key = noKey;
        TypeId type = noType;
        bool operator==(const Poison&) const = default;
    };
    void setPoison(std::vector<Poison> poison) { m_poison = std::move(poison); }

    struct Work {
        Slot slot = noSlot; ///< noSlot: the thread is idle
        Instant started{};
        Instant ends{};
        Outcome outcome{};
        bool scripted = false;
    };
    /// A message in the hands of a client of SQS that sends heartbeats.
    struct Beat {
        Slot slot{};
        Instant due{};
    };
    struct Lane {
        bool up = true;
        bool crashedByFault = false; ///< stays down until the fault ends
        bool paused = false;
        bool cancelled = false; ///< wants nothing more from its queues
        bool wanted = true;     ///< of a federated queue's link: that queue wants messages
        double slowness = 1;
        std::uint16_t epoch = 0; ///< counts its lives: what was scheduled in an earlier one is void
        std::uint32_t held = 0; ///< by the resequencer, or forwarded and not confirmed yet, or
                                ///< finished and waiting for an acknowledgement with others
        Ring<Slot> buffer;      ///< received and not started
        std::vector<Work> work; ///< by thread
        // Of one that forwards.
        Ring<Slot> unconfirmed; ///< deliveries by sequence number of the publish; noSlot: settled
        std::uint64_t firstUnconfirmed = 0; ///< sequence number
        Instant downSince{};                ///< its connections are closed
        bool reconnects = false;            ///< a timer is set
        // Of one that polls SQS queues.
        std::vector<Beat> beats;
        bool beatIsTimed = false; ///< an event will look

        bool consumes() const { return !cancelled && wanted; }
    };
    const std::vector<Lane>& lanes() const { return m_lanes; }
    /// Whether an instance gets nothing new from some queue: it has cancelled, or the broker has.
    bool isCancelled(std::uint16_t lane) const;
    std::uint64_t applied() const { return m_applied; }
    std::uint16_t planIndex() const { return m_plan; }
    /// Whether anything finished waits to be acknowledged on this channel, which an event AckDue
    /// names.
    bool owesAcks(std::uint32_t channel) const { return m_batches[channel].finished > 0; }

private:
    /// What came by one channel and is not acknowledged yet, where that is done in batches.
    struct Batch {
        struct Delivery {
            std::uint32_t tag = 0;
            Slot slot{};
            Instant finishedAt = never; ///< never: it is being worked on; who does so has the slot
        };
        Ring<Delivery> out;         ///< by tag
        std::size_t covered = 0;    ///< so many at the front one command can cover
        std::size_t finished = 0;   ///< of these
        Instant oldest = never;     ///< when the first of these was
        std::uint32_t ackedTag = 0; ///< everything up to there is acknowledged
        bool timed = false;         ///< an event will look
    };

    /// What one instance has of one SQS queue.
    struct Receiver {
        bool asked = false;         ///< a receive is under way
        std::uint32_t received = 0; ///< messages of it so far
        std::uint32_t inHand = 0;   ///< messages not handled yet
        std::uint32_t held = 0;     ///< of these, by the resequencer
        Instant askedAt{};
        Instant notBefore{}; ///< it does not ask again
        Instant timed{};     ///< an event will ask then
        Ring<Slot> handled;  ///< to be deleted with the rest of their batch
    };

    /// One lane's end of a link.
    struct Connection {
        bool open = true;
        std::uint8_t generation = 0;
        std::uint32_t life = 0; ///< of the link when it was opened
        bool cancelled = false; ///< by the broker: nothing comes until it consumes again
        bool recovers = false;  ///< what comes before the answer to basic.recover comes again
        bool asked = false;     ///< a basic.get is not answered
    };
    struct Held {
        Slot slot{};
        Instant since{};
    };
    using HeldKey = std::pair<KeyId, std::uint32_t>; ///< key and version

    const ConsumerPlan& plan(const Outbox& out) const { return out.plan().consumers[m_plan]; }
    bool consumesFrom(LinkId link, const Outbox& out) const;
    /// Every link that an instance connects to, those that it consumes by first.
    template <typename Visit> void forEachLink(const Outbox& out, Visit visit) const {
        for (const LinkId link : plan(out).links) {
            visit(link);
        }
        if (plan(out).republish != noLink) {
            visit(plan(out).republish);
        }
    }
    Connection& connection(LinkId link, std::uint16_t lane, const Outbox& out) {
        const std::size_t at = out.plan().links[index(link)].atClient;
        return m_connections[at * m_lanes.size() + lane];
    }
    /// Whether the channel that delivered the message is closed: it cannot be settled any more.
    bool channelIsGone(const Message& message, const Outbox& out) {
        const Connection& here = connection(message.link, message.lane, out);
        return !here.open || here.generation != message.generation;
    }

    void onDelivery(Slot slot, Outbox& out);
    void startWork(std::uint16_t lane, Outbox& out);
    void start(std::uint16_t lane, std::uint8_t thread, Outbox& out);
    void onWorkDone(std::uint16_t lane, std::uint8_t thread, Outbox& out);
    Outcome drawOutcome(const ConsumerPlan& ours, const Work& work, Outbox& out);
    double failureRate(const ConsumerPlan& ours, const Message& message) const;
    bool isPoison(const ConsumerPlan& ours, const Message& message) const;

    bool succeed(Slot slot, Outbox& out); ///< false: held, and so not to be settled
    void apply(Slot slot, Outbox& out);
    bool isStale(const Message& message, Ordering ordering);
    void hold(Slot slot, Outbox& out);
    void releaseHeld(KeyId key, Outbox& out);
    void skipGap(KeyId key, Reason reason, Outbox& out);
    void onGapTimeout(KeyId key, Outbox& out);
    std::uint32_t& lastVersion(KeyId key);
    Duration& lastTimestamp(KeyId key);

    void fail(Slot slot, Reason reason, Outbox& out);
    void republish(Slot slot, Outbox& out);
    Message copyToPublish(const Message& message, Outbox& out);
    void settle(Slot slot, Parcel parcel, Outbox& out);
    void makeBatches(const Plan& plan);
    std::size_t batchOf(const Message& message, const Outbox& out) const {
        const std::size_t link = out.plan().links[index(message.link)].atClient;
        return m_channelOf[link] * m_lanes.size() + message.lane;
    }
    void open(Slot slot, Outbox& out);
    void finish(Slot slot, Outbox& out);
    void withdraw(std::size_t channel, std::uint32_t tag, Slot slot, Outbox& out);
    void giveBack(Slot slot, Parcel parcel, Outbox& out);
    void giveBackUpTo(std::size_t channel, std::uint32_t tag, Slot own, Reason reason, Outbox& out);
    void recover(std::size_t channel, const Message& failed, Outbox& out);
    static std::size_t positionOf(const Batch& batch, Slot slot, std::uint32_t tag);
    void count(Batch& batch, const ConsumerPlan& ours) const;
    void acknowledgeIfDue(std::size_t at, Outbox& out);
    void acknowledge(Batch& batch, Outbox& out);
    void onAckDue(std::uint32_t at, Outbox& out);
    void discardFinished(std::uint16_t lane, LinkId link, Outbox& out);
    void acknowledgeEarly(Slot slot, Outbox& out);

    const SqsReceiveSpec& sqs(const Outbox& out) const;
    bool polls(LinkId link, const Outbox& out) const;
    Receiver& receiver(LinkId link, std::uint16_t lane, const Outbox& out);
    void pollIfFree(std::uint16_t lane, Outbox& out);
    void onReceiveReturned(const Event& event, Outbox& out);
    void takeInHand(Slot slot, Outbox& out);
    void letGo(Slot slot, Outbox& out);
    void endBeat(Slot slot, std::uint16_t lane);
    void countHeld(Slot slot, bool held, Outbox& out);
    void deleteBatch(LinkId link, std::uint16_t lane, Outbox& out);
    void settleReceived(Slot slot, Parcel parcel, Outbox& out);
    void sendDelete(Slot slot, Outbox& out);
    void forgetReceived(std::uint16_t lane, Outbox& out);
    void timeHeartbeat(std::uint16_t lane, Outbox& out);
    void onHeartbeatDue(std::uint16_t lane, Outbox& out);

    void forwardBuffered(std::uint16_t lane, Outbox& out);
    void forward(Slot slot, Outbox& out);
    void onReply(Slot slot, Parcel parcel, Outbox& out);
    void discardUnconfirmed(std::uint16_t lane, Outbox& out);
    void onForwardNews(EventKind kind, const Connection& about, bool isMeant, std::uint16_t lane,
                       Outbox& out);
    void disconnectAll(std::uint16_t lane, Outbox& out);
    void scheduleReconnect(std::uint16_t lane, Outbox& out);
    void connectAll(std::uint16_t lane, Outbox& out);
    void onDemandNews(const Event& event, Outbox& out);
    void tellWhetherItConsumes(std::uint16_t lane, bool consumed, Outbox& out);
    void onBrokerNews(const Event& event, Outbox& out);
    void onPollDue(std::uint16_t lane, Outbox& out);
    void beginReceiving(Outbox& out);
    void schedulePoll(std::uint16_t lane, Instant at, Outbox& out);

    void die(std::uint16_t lane, bool silent, Outbox& out);
    void scheduleRestart(std::uint16_t lane, Outbox& out);
    void restart(std::uint16_t lane, Outbox& out);
    void connect(LinkId link, std::uint16_t lane, Outbox& out);
    void onConnectionNews(const Event& event, Outbox& out);
    void onConnectionLost(LinkId link, std::uint16_t lane, Outbox& out);
    void discard(Slot slot, Outbox& out);
    void discardBuffered(std::uint16_t lane, LinkId link, Outbox& out);
    void discardHeld(std::uint16_t lane, LinkId link, Outbox& out);

    std::uint16_t m_plan = 0;
    NodeId m_self{};
    bool m_forwards = false; ///< it is a shovel or a federation link
    bool m_onDemand = false; ///< of a federated queue
    bool m_canFail = false; ///< by its spec, scripts and faults aside
    RandomStream m_service{0};
    RandomStream m_failures{0};
    RandomStream m_crashes{0};
    RandomStream m_restarts{0};
    std::vector<Lane> m_lanes;
    std::vector<Connection> m_connections; ///< by LinkPlan::atClient, then lane
    std::vector<Batch> m_batches; ///< by channel, then lane; empty: each ack is for one delivery
    std::vector<std::uint16_t> m_channelOf; ///< by LinkPlan::atClient: the first link that shares
                                            ///< its channel
    std::vector<Receiver> m_receivers; ///< by LinkPlan::atClient, then lane; empty: it polls nothing
    std::vector<Poison> m_poison;
    IdempotencyStore m_store;
    std::vector<std::uint32_t> m_versions; ///< last applied, by KeyId; 0: none
    std::vector<Duration> m_timestamps;    ///< of the last applied, by KeyId
    std::map<HeldKey, Held> m_held;
    std::uint64_t m_applied = 0;
    std::uint64_t m_started = 0;
};

} // namespace sim
