#pragma once

#include "sim/base/ring.h"
#include "sim/model/outbox.h"
#include "sim/model/rabbitmq/channel.h"
#include "sim/model/rabbitmq/cluster.h"
#include "sim/model/rabbitmq/command_log.h"
#include "sim/model/rabbitmq/dead_letter_worker.h"
#include "sim/model/rabbitmq/gate.h"
#include "sim/model/rabbitmq/message_queue.h"
#include "sim/model/rabbitmq/router.h"
#include "sim/model/rabbitmq/stream_log.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace sim {

/// What a link of a federated queue was told of it.
struct Demand {
    LinkId link{}; ///< the link's publish link
    std::uint16_t queue = 0;
    bool isOpen = false; ///< the queue wants messages
};

/// A delayed-message exchange keeps it, on the node that it came to.
struct DelayedMessage {
    Slot slot = noSlot;
    std::uint16_t exchange = 0;
    NodeAt node = 0;
    bool due = false; ///< the node was down when it was
};

/// A RabbitMQ broker: exchanges, bindings, queues, streams and the channels of clients.
///
/// A publish is routed and enqueued, and an idle consumer is given the message, within the instant
/// in which it arrives. A publish in confirm mode is confirmed when every queue has it: at once
/// when no queue does (unroutable), when it needs no disk or went straight to a consumer that does
/// not ack; else when it is on disk. It is refused as soon as one queue refuses it; copies that
/// other queues accepted stay. A mandatory publish without a queue is returned before it is
/// confirmed. Both go to the channel that published: they do not outlive its connection.
/// Source: https://www.rabbitmq.com/docs/confirms, https://www.rabbitmq.com/docs/publishers,
/// https://www.rabbitmq.com/docs/dlx, https://www.rabbitmq.com/docs/consumer-prefetch,
/// https://www.rabbitmq.com/docs/consumers
/// A queue goes with its last consumer (auto-delete), with the connection of its only one
/// (exclusive) or when it had none for long enough (expires); what it holds is dropped, and not
/// dead-lettered. An auto-delete exchange goes with its last binding as a source. See
/// https://www.rabbitmq.com/docs/queues#properties, https://www.rabbitmq.com/docs/ttl#queue-ttl
/// What a quorum queue or a stream is told goes through its CommandLog and counts when it is
/// committed: publishes, which are confirmed then, and a quorum queue's acknowledgements. See
/// https://www.rabbitmq.com/docs/quorum-queues, https://www.rabbitmq.com/docs/streams
/// Of the consumers that can take a message those of the highest priority take turns. See
/// https://www.rabbitmq.com/docs/consumer-priority
/// A message above the largest size (406) and a publish to an exchange that is gone (404) close the
/// channels of the publisher's link, which connects again and declares what it uses.
/// See https://www.rabbitmq.com/docs/channels#error-handling
/// Its nodes (see Cluster) make one broker. A client is connected to one of them. A classic queue is
/// on one node, and gone from sight with it: publishes to it are refused, its consumers cancelled.
/// A quorum queue or a stream has members on several and goes on with the majority of them, after
/// an election where its leader is gone; what clients sent meanwhile waits at their nodes. See
/// https://www.rabbitmq.com/docs/clustering, https://www.rabbitmq.com/docs/quorum-queues#leader-election
/// Policies may change while it runs (policy_changes.cpp), and queues be deleted (operating.cpp).
/// Not modelled: that a quorum queue commits its new settings first, that nobody can set a policy
/// while the broker is down, permissions, the time that anything takes between two nodes but for
/// commits, mirrored classic queues (3.13), the nack of a channel's first publish to a quorum queue
/// that is out of reach (it waits), which member is elected (here the next one), members that lag
/// behind, the pause of a client before it tries again to consume from a queue that is down (it does
/// so when the queue is back), a classic queue that moves, a restart that deletes a durable
/// auto-delete queue, confirms with `multiple` (each is one message of its own here), consumers that
/// the broker cancels because a node is gone (their channel is closed in place of it), transactions,
/// heartbeats but for those of clients that vanish (half_open.cpp), the time that routing and
/// enqueueing take, a channel error that closes one of several channels (here those of the whole
/// link). An acknowledgement counts when it arrives: a kill cannot undo it, though a broker writes
/// it to disk later. A message is dead-lettered in one step: a kill cannot come between its leaving
/// one queue and its coming into the other.
/// The time to live of a head is looked at when a message comes into an empty queue or makes it
/// drop others, when one is put back, when one was taken, and when the time of the head that was
/// seen last is over. So a message that overtakes others by its priority may stay, and even be
/// delivered, after its time, as it does in the broker.
/// A delivery that is settled twice on one channel closes the channel (406 PRECONDITION_FAILED).
/// A queue or exchange that is not durable is gone after a restart, and so is a binding unless both
/// its ends are durable, until a client that uses it connects again and declares it, before
/// anything else: a consumer its queue, the queue's bindings and the exchanges that they come from;
/// whoever publishes to a queue, the queue; to an exchange, the exchange, the exchanges that it
/// leads to and the bindings between them. What nobody declares (a queue without a consumer, an
/// alternate or dead-letter exchange that nobody uses otherwise) stays away.
class Broker {
public:
    Broker() = default;
    Broker(const Plan& plan, std::uint16_t broker, std::uint64_t seed);

    /// Schedules the end of queues that nobody uses.
    void begin(Outbox& out, NodeId self);
    [[gnu::noinline]] void on(const Event& event, Outbox& out);
    /// The broker stops. Clean: what is durable is on disk; killed: what has not reached it is
    /// lost.
    void goDown(bool clean, Outbox& out);
    void comeUp(Outbox& out);
    bool down() const { return m_down || m_cluster.running() == 0; }
    /// What goDown() and comeUp() are to a single node, to the nodes of a cluster.
    void setNodes(const NodeFaults& faults, Outbox& out);
    const Cluster& cluster() const { return m_cluster; }
    const Home& home(std::size_t queue) const { return m_homes[queue]; }
    /// How many messages a delayed-message exchange keeps; all of them, where none is named.
    std::size_t delayed(std::uint16_t exchange = nowhere) const;
    /// Its exchanges and queues have the settings of `policies` from now on, which is this broker's
    /// plan in all else; nullptr: those that they began with.
    void setPolicies(std::shared_ptr<const BrokerPlan> policies, Outbox& out);
    /// Its exchanges and queues with the settings that they have now.
    const BrokerPlan& planOf(const Plan& plan) const {
        return m_policies == nullptr ? plan.brokers[m_plan] : *m_policies;
    }
    /// What an operator does by hand (operating.cpp): nothing, where the queue is out of reach.
    void purge(std::uint16_t queue, Outbox& out);
    void deleteByHand(std::uint16_t queue, Outbox& out);
    void declareByHand(std::uint16_t queue, Outbox& out);
    /// How many alarms are raised. When the last one ends, the broker reads what it left unread.
    void setAlarms(std::uint32_t alarms, Outbox& out);
    std::uint32_t alarms() const { return m_alarms; }
    /// How many things clients have sent that it has not read.
    std::size_t unread() const;
    /// How many connections it does not read until queues have caught up with them.
    std::uint32_t inFlow() const;

    bool queueExists(std::size_t i) const { return m_router.queueExists(i); }
    bool exchangeExists(std::size_t i) const { return m_router.exchangeExists(i); }
    const MessageQueue& queue(std::size_t i) const { return m_queues[i]; }
    const CommandLog& log(std::size_t queue) const { return m_logs[queue]; }
    const StreamLog& stream(std::size_t queue) const { return m_streams[queue]; }
    const std::vector<StreamReader>& readers() const { return m_readers; } ///< by channel
    /// How many publishes wait for quorum queues to be confirmed.
    std::size_t confirmsOwed() const {
        return static_cast<std::size_t>(std::ranges::count_if(
            m_owed, [](const Owed& owed) { return owed.left > 0 && owed.token != noSlot; }));
    }
    /// How many dead letters wait for it to come up again.
    std::size_t deathsToRepublish() const { return m_dead.size(); }
    const std::vector<ConsumerChannel>& channels() const { return m_channels; }
    /// Whether anything on this channel is delivered and not acknowledged.
    bool isWaitingForAck(std::uint32_t channel) const { return !m_channels[channel].out.empty(); }
    /// Whether a channel to a stream gets messages: it is open, and no other instance has its place.
    bool reads(std::uint32_t channel, const Plan& plan) const;
    std::uint16_t planIndex() const { return m_plan; }

private:
    struct DeadMessage {
        Slot slot{};
        std::uint16_t queue = 0; ///< that gave it up
        Reason reason{};
        std::uint16_t exchange = nowhere; ///< where it goes, as in QueuePlan
        std::uint32_t key = noText;
    };
    /// What one publish came to.
    struct Publish {
        bool refused = false;
        Instant onDisk = start;    ///< when every copy that needs the disk is there
        std::uint32_t commits = 0; ///< quorum queues that it has still to be committed in
    };
    /// A confirm that waits for commands to be committed.
    struct Owed {
        Slot token = noSlot;
        std::uint32_t left = 0; ///< queues that do not have the publish yet
        bool lost = false;      ///< one of them never will
        bool refused = false;   ///< the node of one of them went before it was on disk
        Slot letter = noSlot;   ///< it is a dead letter's: the message that the queue keeps
        std::uint16_t queue = 0;
        std::vector<std::uint16_t> disk; ///< in a cluster: queues that write it to disk
    };

    const BrokerPlan& plan(const Outbox& out) const { return planOf(out.plan()); }

    void onArrival(Slot slot, Parcel parcel, Outbox& out);
    void read(Slot slot, Parcel parcel, Outbox& out);
    std::uint32_t gateOf(const Message& message, const Plan& plan) const;
    bool mustWait(const Gate& gate, Parcel parcel) const;
    bool leftUnread(Slot slot, Parcel parcel, Outbox& out);
    void readOn(Outbox& out);
    void loseUnread(Outbox& out);
    void spendCredit(std::uint16_t queue, Slot slot, Duration serviceTime, Outbox& out);
    void onCreditGranted(std::uint16_t queue, Outbox& out);
    void forgetCredit(std::uint32_t gate);
    void forgetCreditOf(std::uint16_t queue);
    void obey(std::uint16_t queue, const QueuePlan& before, Outbox& out);
    void publish(Slot slot, Outbox& out);
    void publishTo(Slot slot, std::uint16_t exchange, Outbox& out);
    void closePublisher(Slot slot, Reason reason, Outbox& out);
    bool delay(Slot slot, std::uint16_t exchange, Outbox& out);
    void sendToAlternate(Slot slot, std::uint16_t exchange, Outbox& out);
    void onDelayOver(std::uint32_t position, Outbox& out);
    void releaseDue(Outbox& out);
    Publish enqueueAll(Slot slot, std::uint16_t exchange, std::span<const std::uint16_t> targets,
                       Outbox& out);
    void unroutable(Slot slot, ComponentId at, Reason reason, Outbox& out);
    void confirm(Slot token, Publish result, Outbox& out);
    void onDisk(Slot token, Outbox& out);
    OwedId confirmLater(Slot token, const Publish& result, Outbox& out);
    OwedId owe(Slot token, std::uint32_t queues);
    void oweLess(OwedId id, bool has, Outbox& out);

    bool canBeRefused(Slot slot, Outbox& out) const;
    void offerReplicated(std::uint16_t queue, Slot slot, ComponentId from, Publish& result,
                         Outbox& out);
    void command(std::uint16_t queue, Command command, Outbox& out);
    void onCommitted(std::uint16_t queue, Outbox& out);
    void apply(std::uint16_t queue, const Command& command, Outbox& out);
    void applyEnqueue(std::uint16_t queue, const Command& command, Outbox& out);
    void takeBack(std::uint16_t queue, const Command& command, Outbox& out);
    static Duration retryDelay(const QueueSpec& spec, const Message& message, bool failed,
                               RabbitmqVersion version);
    void onRetryDue(std::uint16_t queue, Outbox& out);
    void serve(std::uint16_t queue, Outbox& out);
    void loseUncommitted(std::uint16_t queue, Outbox& out);
    void applyAll(std::uint16_t queue, Outbox& out);
    void dropLogged(std::uint16_t queue, Outbox& out);

    void offer(std::uint16_t queue, Slot slot, ComponentId from, Publish& result, Outbox& out);
    void refuse(std::uint16_t queue, Slot slot, ComponentId from, Outbox& out);
    void stampExpiry(Message& message, const QueueSpec& spec, Outbox& out) const;
    void dispatch(std::uint16_t queue, Outbox& out);
    void afterRequeue(std::uint16_t queue, Outbox& out);
    ConsumerChannel* nextTaker(MessageQueue& queue);
    void deliver(ConsumerChannel& channel, std::uint32_t channelIndex, Slot slot, Outbox& out);
    /// Returns whether anything was dropped.
    bool trim(std::uint16_t queue, Outbox& out) {
        return m_queues[queue].isLimited() && dropHeads(queue, out);
    }
    /// Gives up heads that have lived long enough, and will look again when the next one has.
    void expireHeads(std::uint16_t queue, Outbox& out) {
        if (m_queues[queue].canExpire() && m_homes[queue].serves) {
            giveUpExpired(queue, out);
            setTimer(queue, out);
        }
    }
    bool dropHeads(std::uint16_t queue, Outbox& out);
    void giveUpExpired(std::uint16_t queue, Outbox& out);
    void setTimer(std::uint16_t queue, Outbox& out);

    void settle(Slot token, Parcel parcel, Outbox& out);
    void settleUpTo(std::uint32_t channel, std::uint32_t tag, Parcel parcel, Outbox& out);
    void settleOwnUpTo(std::uint32_t channel, std::uint32_t tag, Parcel parcel, Outbox& out);
    void settleClassic(std::uint32_t channel, Slot slot, Parcel parcel, Outbox& out);
    void onRecoverAsked(const News& news, Outbox& out);
    void onGetAsked(const News& news, Outbox& out);
    void onGetCommitted(std::uint32_t channel, std::uint8_t generation, Outbox& out);
    void answerGet(std::uint32_t channel, Outbox& out);
    void alignTags(ConsumerChannel& channel);
    std::uint32_t nextTag(ConsumerChannel& channel) {
        if (channel.shares != ConsumerChannel::noShare) [[unlikely]] {
            alignTags(channel);
        }
        return channel.firstTag + static_cast<std::uint32_t>(channel.out.size());
    }
    void requeue(ConsumerChannel& channel, Slot slot, Reason reason, Outbox& out);
    void giveUp(std::uint16_t queue, Slot slot, Reason reason, Outbox& out);
    DeadMessage deadLetter(std::uint16_t queue, Slot slot, Reason reason, Outbox& out) const;
    void dropRetained(std::uint16_t queue, Reason reason, Outbox& out);
    void republishDeadLetters(Outbox& out);
    void republish(DeadMessage dead, Outbox& out);
    std::vector<std::uint16_t> addressed(DeadMessage dead, bool& closesOnly, Outbox& out);
    void keep(std::uint16_t queue, Slot slot, Reason reason, Outbox& out);
    void handOver(std::uint16_t queue, Outbox& out);
    void send(std::uint16_t queue, DeadLetterWorker::Letter letter, Outbox& out);
    void handedOver(std::uint16_t queue, DeadLetterWorker::Letter letter, Outbox& out);
    void stall(std::uint16_t queue, DeadLetterWorker::Letter letter, Outbox& out);
    void onDeadLetterRetry(std::uint16_t queue);
    void restartWorkers();
    void recordDeath(Slot slot, std::uint16_t queue, Reason reason, Outbox& out);
    bool closesCycle(const Deaths& deaths, Reason reason, ComponentId target) const;

    void appendToStream(std::uint16_t queue, Slot slot, Outbox& out);
    void retire(std::uint16_t queue, Outbox& out);
    StreamReader& storeOf(std::uint32_t channel, const Outbox& out);
    void attach(std::uint32_t channel, Outbox& out);
    void beginReading(std::uint32_t channel, Outbox& out);
    void detach(std::uint32_t channel, Outbox& out);
    void leaveGroup(std::uint32_t channel, Outbox& out);
    void feedReaders(std::uint16_t queue, Outbox& out);
    void deliverCopy(std::uint32_t index, Slot original, Outbox& out);
    void settleCopy(std::uint32_t channel, Slot copy, Parcel parcel, Outbox& out);

    /// Detail of an event OnDisk: the confirm waits for other queues too; the index is an OwedId.
    static constexpr std::uint8_t onDiskForSeveral = 1;

    bool isCluster() const { return !m_cluster.isSingle(); }
    /// What is published now comes from there.
    void sendFrom(NodeAt node) {
        if (isCluster()) {
            m_sender = node;
            m_router.publishFrom(node);
        }
    }
    void persists(std::uint16_t queue) {
        if (isCluster()) {
            m_persisting.push_back(queue);
        }
    }
    NodeAt nodeOf(std::uint32_t channel) const { return m_at[index(m_channels[channel].link)]; }
    /// Whether who is at this node can use the queue; noNode: the queue itself.
    bool isReached(std::uint16_t queue, NodeAt from) const {
        const Home& home = m_homes[queue];
        return home.serves && (from == noNode || has(peersOf(queue, home.node), from));
    }
    /// The nodes that the processes of a queue on this node work with.
    NodeSet peersOf(std::uint16_t queue, NodeAt node) const {
        return m_queues[queue].isReplicated() ? m_cluster.wiredTo(node) : m_cluster.reachedBy(node);
    }
    bool canOpen(std::uint32_t channel) const;
    void openChannel(std::uint32_t channel, Outbox& out);
    void settleAt(std::uint16_t queue, NodeAt node);
    void cancel(std::uint32_t channel, Outbox& out);
    void stopNodes(NodeSet nodes, NodeSet killed, Outbox& out);
    void startNodes(NodeSet nodes, Outbox& out);
    void disconnect(LinkId link, Outbox& out);
    void loseUnreadOf(LinkId link, Outbox& out);
    void stopQueue(std::uint16_t queue, bool clean, Outbox& out);
    void placeClients(Outbox& out);
    void arrange(std::uint16_t queue, Outbox& out);
    void arrangeChannel(std::uint32_t channel, Outbox& out);
    void cutOff(std::uint32_t channel, Outbox& out);
    void onOutOfReach(std::uint32_t channel, Outbox& out);
    NodeAt candidate(std::uint16_t queue) const;
    void loseLeader(std::uint16_t queue, Outbox& out);
    void onElection(std::uint16_t queue, Outbox& out);
    void dropOfDeadNodes(std::uint16_t queue, Outbox& out);
    void loseHeldOf(std::uint32_t gate, Outbox& out);
    void sendHeld(std::uint16_t queue, Outbox& out);
    void noLongerUnderWay(std::uint16_t queue, std::uint32_t gate);
    void dropEnqueue(std::uint16_t queue, const Command& command, Outbox& out);
    void lose(std::uint16_t queue, Slot slot, ComponentId from, Publish& result, Outbox& out);
    void loseUnstored(std::uint16_t queue, bool clean, Outbox& out);
    void restartWorker(std::uint16_t queue);

    bool canTake(const ConsumerChannel& channel) const {
        return channel.canTake() && (channel.shares == ConsumerChannel::noShare ||
                                     channel.autoAck ||
                                     m_shared[channel.shares].unacked < m_shared[channel.shares].limit);
    }
    void shareLimits(const Plan& plan);
    bool wantsMore(std::uint16_t queue) const;
    void tellDemands(Outbox& out);
    void tellDemand(LinkId link, std::uint16_t lane, Outbox& out);
    void settledOne(std::uint32_t channel, Outbox& out);
    void onConsumerCancelled(const News& news, Outbox& out);
    void onConsumerStarted(const News& news, Outbox& out);
    bool concerns(const News& news, const Outbox& out) const;
    void onConnectionLost(const News& news, Outbox& out);
    void onConnectionOpened(const News& news, Outbox& out);
    void onConnectionSilent(const News& news, Outbox& out);
    void onHeartbeatsMissed(std::uint32_t channel, std::uint8_t generation, Outbox& out);
    bool staysBeside(std::uint32_t channel, const Outbox& out) const;
    void setAside(std::uint32_t channel, Outbox& out);
    std::uint32_t freeRemnant(const Outbox& out);
    /// Calls `visit(channel)` for each of a link's former connections that is silent and not closed.
    template <typename Visit> void forEachRemnant(LinkId link, const Outbox& out, Visit visit) const {
        for (std::uint32_t at = plan(out).channels; at < m_channels.size(); ++at) {
            if (m_channels[at].open && m_channels[at].link == link) {
                visit(at);
            }
        }
    }
    void close(std::uint32_t index, Reason reason, Outbox& out);
    void offerTurn(std::uint32_t channel);
    void enlist(MessageQueue& queue, std::uint32_t channel);
    void enrol(MessageQueue& queue, std::uint32_t channel);
    std::optional<std::uint32_t> activeOf(MessageQueue& queue);
    void watchAcks(std::uint32_t channel, Outbox& out);
    void onAckTimeout(std::uint32_t channel, Outbox& out);
    void timeOut(std::uint32_t channel, Outbox& out);
    void cancelConsumer(std::uint32_t channel, Reason reason, Outbox& out);
    void dropDeliveries(std::uint32_t channel, Outbox& out);
    void leave(std::uint32_t channel);
    void closeForError(std::uint32_t index, Reason reason, Outbox& out);
    void declareFor(LinkId id, Outbox& out);
    bool hasConsumer(std::uint16_t queue, const Outbox& out) const;
    void leaveBehind(std::uint16_t queue, Outbox& out);
    void watchUse(std::uint16_t queue, Outbox& out);
    void onQueueExpires(std::uint16_t queue, Outbox& out);
    void deleteQueue(std::uint16_t queue, Outbox& out);
    void loseOnRestart(bool clean, Outbox& out);
    template <typename Visit> void forEachReplicated(Visit visit) const {
        for (std::uint16_t queue = 0; queue < m_queues.size(); ++queue) {
            if (m_queues[queue].isReplicated()) {
                visit(queue);
            }
        }
    }
    template <typename Visit> void forEachClient(const Outbox& out, Visit visit) const;
    void breakConnections(LinkId link, Outbox& out);

    std::uint16_t m_plan = 0; ///< position among the plan's brokers
    std::shared_ptr<const BrokerPlan> m_policies; ///< nullptr: as the plan has it
    RabbitmqVersion m_version{};
    NodeId m_self{};
    bool m_down = false;
    bool m_delays = false; ///< one of its exchanges does
    std::uint64_t m_maxBytes = 0; ///< of a message's body
    Cluster m_cluster;
    NodeAt m_sender = 0;               ///< in a cluster: where what is published came from
    std::vector<NodeAt> m_at;          ///< by LinkId: the node of the broker that it leads to
    std::vector<Home> m_homes;         ///< by queue
    std::vector<RandomStream> m_votes; ///< by queue: how long elections take
    std::vector<DelayedMessage> m_delayed;
    std::vector<std::uint32_t> m_freeDelayed; ///< positions there
    std::vector<std::uint16_t> m_persisting;  ///< queues that write the publish at hand to disk
    std::uint32_t m_alarms = 0;
    std::uint32_t m_inFlow = 0; ///< how often a connection has too much under way to a queue
    std::vector<Gate> m_gates;  ///< by LinkPlan::firstGate and lane
    std::vector<std::uint32_t> m_waitingGates; ///< those that hold something, in the order of that
    Router m_router;
    std::vector<RandomStream> m_disk; ///< by queue: how long the disk, or a majority, takes
    std::vector<MessageQueue> m_queues;
    std::vector<QueueProcess> m_processes; ///< by queue; empty where none takes its time
    std::vector<CommandLog> m_logs;      ///< by queue: of quorum queues and streams
    std::vector<StreamLog> m_streams;    ///< by queue
    std::vector<StreamReader> m_readers; ///< by channel: of streams
    std::vector<Owed> m_owed;
    std::vector<OwedId> m_freeOwed;
    std::vector<std::uint16_t> m_committing; ///< queues that the publish at hand was logged in
    std::vector<ConsumerChannel> m_channels; ///< the plan's, then silent ones that others replaced
    std::vector<SharedPrefetch> m_shared;
    std::vector<Demand> m_demands;
    std::vector<DeadLetterWorker> m_workers; ///< by queue
    Ring<DeadMessage> m_dead; ///< to be republished before the event at hand is over
    Ring<std::uint16_t> m_handOvers; ///< queues whose worker has something to do by then
};

inline ConsumerChannel* Broker::nextTaker(MessageQueue& queue) {
    while (!queue.takers.empty()) {
        ConsumerChannel& channel = m_channels[queue.takers.pop()];
        channel.taking = false;
        if (canTake(channel)) {
            return &channel;
        }
    }
    return nullptr;
}

template <typename Visit> void Broker::forEachClient(const Outbox& out, Visit visit) const {
    for (const LinkId id : plan(out).publishers) {
        visit(id);
    }
    for (const QueuePlan& queue : plan(out).queues) {
        std::ranges::for_each(queue.consumers, visit);
    }
}

} // namespace sim
