// How clients come to a broker and leave it, and what a restart of the broker does to both.

#include "sim/model/rabbitmq/broker.h"

#include <algorithm>

namespace sim {
namespace {

/// Calls `visit(channel)` for each consumer that shares a prefetch.
template <typename Visit>
void forEachCompanion(const std::vector<SharedPrefetch>& all, std::uint32_t shares, Visit visit) {
    if (shares != ConsumerChannel::noShare) {
        std::ranges::for_each(all[shares].channels, visit);
    }
}

/// Whether it is a link between federated queues.
bool isOnDemand(const Plan& plan, ComponentId consumer) {
    const auto found = std::ranges::find(plan.consumers, consumer, &ConsumerPlan::component);
    SIM_CHECK(found != plan.consumers.end());
    return found->spec.forward && found->spec.forward->onDemand;
}

/// What a channel had settled and no leader has heard of is as if it had not: the channel is gone.
void unsettle(Ring<Command>& held, std::uint32_t channel, Reason reason) {
    for (std::size_t i = 0; i < held.size(); ++i) {
        const bool settles = held[i].kind != Command::Kind::Enqueue && held[i].node != noNode;
        if (settles && held[i].channel == channel) {
            held[i].kind = Command::Kind::Lost;
            held[i].reason = reason;
            held[i].node = noNode;
        }
    }
}

} // namespace

void Broker::close(std::uint32_t index, Reason reason, Outbox& out) {
    ConsumerChannel& channel = m_channels[index];
    if (!channel.open) {
        return;
    }
    channel.open = false;
    channel.cutOff = false;
    channel.cancelled = false;
    channel.silent = false;
    if (channel.shares != ConsumerChannel::noShare) {
        m_shared[channel.shares].unacked -= channel.unacked;
    }
    MessageQueue& queue = m_queues[channel.queue];
    if (queue.isStream()) {
        detach(index, out);
        return;
    }
    leave(index);
    while (!channel.out.empty()) {
        const Slot slot = channel.out.pop();
        ++channel.firstTag;
        if (slot == noSlot) {
            continue;
        }
        if (queue.isQuorum()) {
            command(channel.queue,
                    {.kind = Command::Kind::Lost, .reason = reason, .slot = slot, .channel = index},
                    out);
        } else {
            --queue.unacked;
            requeue(channel, slot, reason, out);
        }
    }
    channel.unacked = 0;
    channel.takenBack.clear();
    if (Ring<Command>& held = m_logs[channel.queue].held; !held.empty()) {
        unsettle(held, index, reason);
        sendHeld(channel.queue, out);
    }
    forEachCompanion(m_shared, channel.shares, [&](std::uint32_t other) { offerTurn(other); });
}

/// Whether news is of connections that still are: those that broke on the way of it are gone.
bool Broker::concerns(const News& news, const Outbox& out) const {
    return !m_down && news.life == out.linkLife(news.link);
}

void Broker::onConnectionLost(const News& news, Outbox& out) {
    const LinkPlan& link = out.plan().links[index(news.link)];
    if (!concerns(news, out)) {
        return;
    }
    const std::uint16_t lane = news.lane;
    if (!link.consumes) {
        const bool isPublisher = isCluster() && lane != allLanes;
        if (isPublisher && m_gates[link.firstGate + lane].unread.empty()) {
            loseHeldOf(link.firstGate + lane, out); // who is not read ends unnoticed
        }
        return;
    }
    if (lane != allLanes && m_channels[link.firstChannel + lane].generation != news.generation) {
        return; // news of a connection that another one has replaced
    }
    const Reason reason = out.linkIsClosed(news.link) ? Reason::Disconnect : Reason::Crash;
    bool consumed = false;
    for (std::uint16_t i = 0; i < link.lanes; ++i) {
        if (lane == allLanes || lane == i) {
            consumed = consumed || m_channels[link.firstChannel + i].open;
            m_channels[link.firstChannel + i].waiting = false;
            close(link.firstChannel + i, reason, out);
        }
    }
    if (lane == allLanes) {
        forEachRemnant(news.link, out, [&](std::uint32_t at) {
            consumed = true;
            close(at, reason, out);
        });
    }
    if (!consumed) {
        return;
    }
    const std::uint16_t queue = m_channels[link.firstChannel].queue;
    leaveBehind(queue, out);
    afterRequeue(queue, out);
    for (std::uint16_t i = 0; i < link.lanes; ++i) {
        forEachCompanion(m_shared, m_channels[link.firstChannel + i].shares,
                         [&](std::uint32_t other) { dispatch(m_channels[other].queue, out); });
    }
}

bool Broker::hasConsumer(std::uint16_t queue, const Outbox& out) const {
    const bool hasRemnant =
        std::any_of(m_channels.begin() + plan(out).channels, m_channels.end(), [&](const auto& at) {
            return at.open && !at.cancelled && at.queue == queue;
        });
    return hasRemnant || std::ranges::any_of(plan(out).queues[queue].consumers, [&](LinkId id) {
        const LinkPlan& link = out.plan().links[index(id)];
        const auto first = m_channels.begin() + link.firstChannel;
        return std::any_of(first, first + link.lanes, [](const auto& at) { return at.open && !at.cancelled; });
    });
}

/// What becomes of a queue that a consumer has left.
void Broker::leaveBehind(std::uint16_t queue, Outbox& out) {
    const QueueSpec& spec = plan(out).queues[queue].spec;
    if (!m_router.queueExists(queue) || hasConsumer(queue, out)) {
        return;
    }
    const bool wasConsumed = std::ranges::any_of(plan(out).queues[queue].consumers, [&](LinkId id) {
        return !m_channels[out.plan().links[index(id)].firstChannel].polls;
    });
    if ((spec.autoDelete && wasConsumed) || spec.exclusive) {
        deleteQueue(queue, out);
    } else {
        watchUse(queue, out);
    }
}

/// From now on the queue is unused. A quorum queue looks at that once in five seconds: see
/// https://github.com/rabbitmq/rabbitmq-server/blob/main/deps/rabbit/src/rabbit_quorum_queue.erl
/// (its tick). Not modelled: when it began to.
void Broker::watchUse(std::uint16_t queue, Outbox& out) {
    const QueueSpec& spec = plan(out).queues[queue].spec;
    if (spec.expires) {
        m_queues[queue].unusedSince = out.now();
        constexpr Duration tick = 5s;
        const Duration due = out.now() + *spec.expires - start;
        const Duration late = m_queues[queue].isQuorum() && due % tick > 0s ? tick - due % tick : 0s;
        out.schedule(start + due + late, m_self, EventKind::QueueExpires, queue);
    }
}

void Broker::onQueueExpires(std::uint16_t queue, Outbox& out) {
    const QueueSpec& spec = plan(out).queues[queue].spec;
    const bool unused = m_router.queueExists(queue) && !hasConsumer(queue, out);
    if (spec.expires && !m_down && m_homes[queue].serves && unused &&
        m_queues[queue].unusedSince + *spec.expires <= out.now()) {
        deleteQueue(queue, out);
    }
}

/// What it holds is gone, and is not dead-lettered.
void Broker::deleteQueue(std::uint16_t queue, Outbox& out) {
    const ComponentId component = plan(out).queues[queue].component;
    std::vector<Slot> dropped;
    m_queues[queue].filter(out.messages(), [&](Slot slot) {
        const Message& message = out.message(slot);
        out.note(TraceKind::Dropped, message, component, noComponent, message.enqueuedAt,
                 Reason::QueueDeleted);
        dropped.push_back(slot);
        return true;
    });
    if (m_queues[queue].isReplicated()) {
        dropLogged(queue, out);
    }
    for (const Slot slot : m_streams[queue].clear()) {
        const Message& message = out.message(slot);
        out.note(TraceKind::Dropped, message, component, noComponent, message.enqueuedAt,
                 Reason::QueueDeleted);
        dropped.push_back(slot);
    }
    forgetCreditOf(queue);
    m_router.deleteQueue(plan(out), queue);
    for (const Slot slot : dropped) {
        out.messages().release(slot);
    }
}

void Broker::begin(Outbox& out, NodeId self) {
    m_self = self;
    for (std::uint16_t queue = 0; queue < m_queues.size(); ++queue) {
        if (!hasConsumer(queue, out)) {
            watchUse(queue, out);
        }
    }
    tellDemands(out);
}

void Broker::onConnectionOpened(const News& news, Outbox& out) {
    if (!concerns(news, out)) {
        return;
    }
    const LinkPlan& link = out.plan().links[index(news.link)];
    if (!link.consumes) {
        forgetCredit(link.firstGate + news.lane);
        declareFor(news.link, out);
        tellDemand(news.link, news.lane, out);
        return;
    }
    const std::uint32_t at = link.firstChannel + news.lane;
    if (staysBeside(at, out)) [[unlikely]] {
        setAside(at, out);
    }
    ConsumerChannel& channel = m_channels[at];
    const bool replaces = channel.open;
    if (replaces) { // of a connection whose end nobody told
        close(at, Reason::Disconnect, out);
        leaveBehind(channel.queue, out);
    }
    channel.generation = news.generation;
    // A link between federated queues begins when it is told to; who polls is no consumer.
    channel.cancelled = channel.polls || isOnDemand(out.plan(), channel.consumer);
    channel.silent = false;
    channel.former = 0;
    channel.waiting = isCluster() && !canOpen(at);
    if (!channel.waiting) {
        openChannel(at, out);
    }
    if (replaces) {
        afterRequeue(channel.queue, out);
    } else {
        dispatch(channel.queue, out);
    }
    forEachCompanion(m_shared, m_channels[at].shares, [&](std::uint32_t other) {
        if (!m_channels[other].silent) { // the connection that was in its place may have left room
            offerTurn(other);
            dispatch(m_channels[other].queue, out);
        }
    });
}

void Broker::openChannel(std::uint32_t index, Outbox& out) {
    ConsumerChannel& channel = m_channels[index];
    declareFor(channel.link, out);
    channel.open = true;
    channel.openedAt = out.now();
    if (m_queues[channel.queue].isStream()) {
        attach(index, out);
    }
    offerTurn(index);
}

void Broker::declareFor(LinkId id, Outbox& out) {
    const BrokerPlan& ours = plan(out);
    const LinkPlan& link = out.plan().links[index(id)];
    if (isCluster() && !m_cluster.canDeclare(m_at[index(id)])) {
        return; // what exists already can be used all the same
    }
    if (link.consumes) {
        const std::uint16_t queue = ours.queueOf[index(link.from)];
        settleAt(queue, m_at[index(id)]);
        m_router.declareWithBindings(ours, queue);
    } else if (const std::uint16_t queue = ours.queueOf[index(link.to)]; queue != nowhere) {
        // Whose connection the queue belongs to declares it; to others it is locked (405).
        if (!ours.queues[queue].spec.exclusive) {
            settleAt(queue, m_at[index(id)]);
            m_router.declareQueue(queue);
        }
    } else {
        m_router.declareExchange(ours, ours.exchangeOf[index(link.to)]);
    }
}

/// The answer to a client that breaks the protocol: 406 PRECONDITION_FAILED, the channel is closed,
/// and what it held is requeued.
void Broker::closeForError(std::uint32_t index, Reason reason, Outbox& out) {
    const ConsumerChannel& channel = m_channels[index];
    close(index, reason, out);
    out.tell(channel.link, channel.lane, false, EventKind::ConnectionLost, channel.generation);
    leaveBehind(channel.queue, out);
    afterRequeue(channel.queue, out);
    forEachCompanion(m_shared, channel.shares,
                     [&](std::uint32_t other) { dispatch(m_channels[other].queue, out); });
}

void Broker::goDown(bool clean, Outbox& out) {
    m_down = true;
    out.note(TraceKind::BrokerDown, plan(out).component, allLanes, noComponent,
             clean ? Reason::Clean : Reason::Killed);
    restartWorkers();
    forEachReplicated([&](std::uint16_t queue) {
        if (clean) {
            applyAll(queue, out);
        } else {
            loseUncommitted(queue, out);
        }
    });
    for (std::uint32_t i = 0; i < m_channels.size(); ++i) {
        close(i, Reason::BrokerRestart, out);
    }
    forEachReplicated([&](std::uint16_t queue) { applyAll(queue, out); });
    loseUnread(out);
    loseOnRestart(clean, out);
    for (Demand& demand : m_demands) {
        demand.isOpen = false;
    }
    forEachClient(out, [&](LinkId id) { breakConnections(id, out); });
}

/// The operating system closes the connections of a stopped broker: that reaches each client behind
/// what the broker had sent it.
void Broker::breakConnections(LinkId id, Outbox& out) {
    out.serverStops(id);
    const LinkPlan& link = out.plan().links[index(id)];
    for (std::uint16_t lane = 0; lane < link.lanes; ++lane) {
        const std::uint8_t generation =
            link.consumes ? m_channels[link.firstChannel + lane].generation : std::uint8_t{0};
        out.tell(id, lane, !link.consumes, EventKind::ConnectionLost, generation);
    }
}

/// A classic queue's node stops: what it does not have on disk is gone.
void Broker::loseUnstored(std::uint16_t index, bool clean, Outbox& out) {
    const QueuePlan& queue = plan(out).queues[index];
    std::vector<Slot> lost;
    m_queues[index].filter(out.messages(), [&](Slot slot) {
        Message& message = out.message(slot);
        Reason why = Reason::None;
        if (!survivesRestart(queue.spec) || !message.has(Persistent)) {
            why = Reason::NotDurable;
        } else if (!clean && message.onDiskAt > out.now()) {
            why = Reason::NotOnDisk;
        }
        if (why == Reason::None) {
            if (!clean) {
                message.set(Redelivered);
            }
            return false;
        }
        out.note(TraceKind::Dropped, message, queue.component, noComponent, message.enqueuedAt,
                 why);
        lost.push_back(slot);
        return true;
    });
    for (const Slot slot : lost) {
        out.messages().release(slot);
    }
}

void Broker::loseOnRestart(bool clean, Outbox& out) {
    for (std::uint16_t queue = 0; queue < m_queues.size(); ++queue) {
        if (!m_queues[queue].isReplicated()) { // what is committed stays
            loseUnstored(queue, clean, out);
        }
    }
    m_router.restart(plan(out));
}

void Broker::comeUp(Outbox& out) {
    m_down = false;
    out.note(TraceKind::BrokerUp, plan(out).component);
    for (std::uint16_t i = 0; i < m_queues.size(); ++i) {
        watchUse(i, out); // nobody has connected yet
        afterRequeue(i, out);
    }
    releaseDue(out);
    republishDeadLetters(out);
    forEachClient(out, [&](LinkId id) { out.serverStarts(id); });
    forEachClient(out, [&](LinkId id) {
        out.tellNow(id, !out.plan().links[index(id)].consumes, EventKind::ConnectionPossible);
    });
}

} // namespace sim
