// The nodes of a broker's cluster: what stops with one of them, who goes on without it, and what
// comes back with it.

#include "sim/model/rabbitmq/broker.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace sim {
namespace {

constexpr Duration patience = 1min; ///< consumer_disconnected_timeout

} // namespace

void Broker::setNodes(const NodeFaults& faults, Outbox& out) {
    std::vector<std::uint32_t> clients(m_cluster.size());
    forEachClient(out, [&](LinkId id) {
        clients[m_at[index(id)]] += out.canConnect(id) ? out.plan().links[index(id)].lanes : 0;
    });
    const Cluster::Change change = m_cluster.take(faults, clients);
    stopNodes(change.stopped | change.restarted, faults.killed, out);
    if (change.stopped != 0 && m_cluster.running() == 0) {
        m_router.restart(plan(out));
    }
    startNodes(change.started | change.restarted, out);
    placeClients(out);
    for (std::uint16_t queue = 0; queue < m_queues.size(); ++queue) {
        arrange(queue, out);
    }
    releaseDue(out);
    republishDeadLetters(out);
    if (!m_waitingGates.empty()) {
        readOn(out); // for queues that are gone there is no credit to wait for
        republishDeadLetters(out);
    }
    tellDemands(out);
}

void Broker::stopNodes(NodeSet nodes, NodeSet killed, Outbox& out) {
    for (NodeAt node = 0; node < m_cluster.size(); ++node) {
        if (has(nodes, node)) {
            out.note(TraceKind::BrokerDown, plan(out).component, node, noComponent,
                     has(killed, node) ? Reason::Killed : Reason::Clean);
        }
    }
    if (nodes == 0) {
        return;
    }
    forEachClient(out, [&](LinkId id) {
        if (has(nodes, m_at[index(id)])) {
            disconnect(id, out);
        }
    });
    for (std::uint16_t queue = 0; queue < m_queues.size(); ++queue) {
        const Home& home = m_homes[queue];
        if (!home.serves || !has(nodes, home.node)) {
            continue;
        }
        if (m_queues[queue].isReplicated()) {
            loseLeader(queue, out);
        } else {
            stopQueue(queue, !has(killed, home.node), out);
        }
    }
}

/// The node of the client is gone, and its connections with it.
void Broker::disconnect(LinkId id, Outbox& out) {
    const LinkPlan& link = out.plan().links[index(id)];
    bool consumed = false;
    for (std::uint32_t at = link.firstChannel; link.consumes && at < link.firstChannel + link.lanes;
         ++at) {
        consumed = consumed || m_channels[at].open;
        m_channels[at].waiting = false;
        close(at, Reason::BrokerRestart, out);
    }
    forEachRemnant(id, out, [&](std::uint32_t at) {
        consumed = true;
        close(at, Reason::BrokerRestart, out);
    });
    breakConnections(id, out);
    loseUnreadOf(id, out);
    const std::uint16_t queue = consumed ? m_channels[link.firstChannel].queue : nowhere;
    if (consumed && m_cluster.runs(m_homes[queue].node)) {
        leaveBehind(queue, out);
    }
}

/// A classic queue goes out of sight with its node. Its consumers are cancelled. A cluster of 3.13
/// takes its record from the table that routes: to publishers it is as if it did not exist.
/// Source: https://www.rabbitmq.com/docs/consumer-cancel, https://www.rabbitmq.com/docs/clustering
void Broker::stopQueue(std::uint16_t queue, bool clean, Outbox& out) {
    const QueuePlan& ours = plan(out).queues[queue];
    for (std::uint32_t at = 0; at < m_channels.size(); ++at) {
        if (m_channels[at].queue == queue) {
            cancel(at, out);
        }
    }
    out.note(TraceKind::QueueDown, ours.component, m_homes[queue].node);
    m_homes[queue].serves = false;
    m_router.hide(queue, m_version == RabbitmqVersion::V3_13);
    loseUnstored(queue, clean, out);
    forgetCreditOf(queue);
    for (Owed& owed : m_owed) {
        owed.refused = owed.refused || std::ranges::find(owed.disk, queue) != owed.disk.end();
    }
    if (!survivesRestart(ours.spec)) {
        deleteQueue(queue, out);
    }
}

/// The broker ends a consumer: what it holds goes back, and its client is told.
void Broker::cancel(std::uint32_t index, Outbox& out) {
    const ConsumerChannel& channel = m_channels[index];
    if (channel.open) {
        close(index, Reason::NodeDown, out);
        out.tell(channel.link, channel.lane, false, EventKind::ConnectionLost, channel.generation);
    }
}

void Broker::startNodes(NodeSet nodes, Outbox& out) {
    for (NodeAt node = 0; node < m_cluster.size(); ++node) {
        if (has(nodes, node)) {
            out.note(TraceKind::BrokerUp, plan(out).component, node);
        }
    }
    for (std::uint16_t queue = 0; queue < m_queues.size(); ++queue) {
        Home& home = m_homes[queue];
        const bool isBack = !m_queues[queue].isReplicated() && !home.serves &&
                            has(nodes, home.node) && m_router.queueExists(queue);
        if (isBack) {
            home.serves = true;
            m_router.hide(queue, false);
            out.note(TraceKind::QueueUp, plan(out).queues[queue].component, home.node);
            watchUse(queue, out); // nobody has connected yet
        }
    }
}

/// Clients whose node does not run go to another one, unless they insist on it.
void Broker::placeClients(Outbox& out) {
    const NodeSet running = m_cluster.running();
    forEachClient(out, [&](LinkId id) {
        const LinkPlan& link = out.plan().links[index(id)];
        NodeAt& at = m_at[index(id)];
        if (out.serverIsUp(id) || running == 0 ||
            (link.node != noNode && !m_cluster.runs(link.node))) {
            return;
        }
        at = link.node != noNode ? link.node : static_cast<NodeAt>(std::countr_zero(running));
        out.serverStarts(id);
        out.tellNow(id, !link.consumes, EventKind::ConnectionPossible);
    });
}

/// Brings a queue in line with the nodes: who leads it, and who reaches it.
void Broker::arrange(std::uint16_t queue, Outbox& out) {
    Home& home = m_homes[queue];
    if (m_queues[queue].isReplicated()) {
        if (home.serves && !isMajority(peersOf(queue, home.node), home.members)) {
            loseLeader(queue, out);
        }
        dropOfDeadNodes(queue, out);
        if (!home.serves && !home.electing && candidate(queue) != noNode) {
            home.electing = true;
            const Duration wait = out.chance().duration(m_votes[queue], plan(out).spec.electionTime);
            out.schedule(out.now() + wait, m_self, EventKind::Election, queue);
        }
    }
    for (std::uint32_t at = 0; at < m_channels.size(); ++at) {
        if (m_channels[at].queue == queue) {
            arrangeChannel(at, out);
        }
    }
    if (home.serves) {
        sendHeld(queue, out);
        afterRequeue(queue, out);
    }
}

void Broker::arrangeChannel(std::uint32_t index, Outbox& out) {
    ConsumerChannel& channel = m_channels[index];
    if (channel.waiting && canOpen(index)) {
        channel.waiting = false;
        openChannel(index, out);
        return;
    }
    const Home& home = m_homes[channel.queue];
    if (!channel.open || !home.serves) {
        return; // nothing comes until there is a leader
    }
    const bool reaches = isReached(channel.queue, nodeOf(index));
    if (reaches && channel.cutOff) {
        channel.cutOff = false;
        offerTurn(index);
    } else if (!reaches && !channel.cutOff) {
        cutOff(index, out);
    }
}

bool Broker::canOpen(std::uint32_t channel) const {
    const std::uint16_t queue = m_channels[channel].queue;
    const NodeAt at = nodeOf(channel);
    return m_router.queueExists(queue) ? isReached(queue, at) : m_cluster.canDeclare(at);
}

/// A queue that is declared anew is on the node of who declares it.
void Broker::settleAt(std::uint16_t queue, NodeAt node) {
    if (isCluster() && !m_router.queueExists(queue)) {
        Home& home = m_homes[queue];
        const int members = std::popcount(home.members);
        home.node = node;
        home.serves = true;
        home.members = 0;
        for (int i = 0; i < members; ++i) {
            home.members |= only(static_cast<NodeAt>((node + i) % m_cluster.size()));
        }
        if (m_queues[queue].isReplicated()) {
            home.serves = isMajority(peersOf(queue, node), home.members);
        }
        m_router.hide(queue, false);
        m_router.moveQueue(queue, node);
    }
}

/// A consumer's node loses sight of the queue. Up to 4.2 what it holds goes back at once, and as
/// after a failure; from 4.3 on a quorum queue waits. A stream just has nothing more for it.
/// Source: https://www.rabbitmq.com/docs/quorum-queues#poison-message-handling
/// Not modelled: a consumer of a quorum queue that goes on believing in its messages (its channel
/// is closed here, and it consumes again when the queue is in reach).
void Broker::cutOff(std::uint32_t index, Outbox& out) {
    ConsumerChannel& channel = m_channels[index];
    const MessageQueue& queue = m_queues[channel.queue];
    if (!queue.isStream() && !(queue.isQuorum() && m_version == RabbitmqVersion::V4_3)) {
        cancel(index, out);
        leaveBehind(channel.queue, out);
        return;
    }
    channel.cutOff = true;
    channel.cutOffAt = out.now();
    if (queue.isQuorum()) {
        leave(index);
        out.schedule(out.now() + patience, m_self, EventKind::OutOfReach, index);
    }
}

void Broker::onOutOfReach(std::uint32_t index, Outbox& out) {
    ConsumerChannel& channel = m_channels[index];
    if (!channel.open || !channel.cutOff || out.now() < channel.cutOffAt + patience) {
        return;
    }
    Ring<Command>& held = m_logs[channel.queue].held;
    for (std::size_t i = 0; i < held.size(); ++i) {
        if (held[i].node != noNode && held[i].kind != Command::Kind::Enqueue &&
            held[i].channel == index) {
            held[i].kind = Command::Kind::TimedOut;
            held[i].reason = Reason::NodeDown;
            held[i].node = noNode;
        }
    }
    for (std::size_t i = 0; i < channel.out.size(); ++i) {
        if (const Slot slot = std::exchange(channel.out[i], noSlot); slot != noSlot) {
            command(channel.queue,
                    {.kind = Command::Kind::TimedOut,
                     .reason = Reason::NodeDown,
                     .slot = slot,
                     .channel = index},
                    out);
        }
    }
    cancel(index, out);
    sendHeld(channel.queue, out);
    leaveBehind(channel.queue, out);
}

/// The member that leads next: the first after the last leader that sees a majority.
NodeAt Broker::candidate(std::uint16_t queue) const {
    const Home& home = m_homes[queue];
    for (NodeAt step = 1; step <= m_cluster.size(); ++step) {
        const auto node = static_cast<NodeAt>((home.node + step) % m_cluster.size());
        if (has(home.members, node) && isMajority(peersOf(queue, node), home.members)) {
            return node;
        }
    }
    return noNode;
}

/// What is not committed has to be sent again, to the next leader.
void Broker::loseLeader(std::uint16_t queue, Outbox& out) {
    CommandLog& log = m_logs[queue];
    out.note(TraceKind::QueueDown, plan(out).queues[queue].component, m_homes[queue].node);
    m_homes[queue].serves = false;
    Ring<Command> again = std::exchange(log.commands, {});
    while (!log.held.empty()) {
        again.push(log.held.pop());
    }
    log.held = std::move(again);
    log.lastIsHeld = true;
    restartWorker(queue);
}

void Broker::onElection(std::uint16_t queue, Outbox& out) {
    Home& home = m_homes[queue];
    home.electing = false;
    const NodeAt next = candidate(queue);
    if (next == noNode) {
        return; // the majority is gone again
    }
    home.node = next;
    home.serves = true;
    out.note(TraceKind::QueueUp, plan(out).queues[queue].component, next);
    if (!m_workers[queue].waiting.empty()) {
        m_handOvers.push(queue);
    }
    if (!hasConsumer(queue, out)) {
        watchUse(queue, out);
    }
    arrange(queue, out);
}

/// What waited at a node dies with it, and a publish with its connection: publishes are lost, and
/// what consumers had settled is as if they had not.
void Broker::dropOfDeadNodes(std::uint16_t queue, Outbox& out) {
    Ring<Command> held = std::exchange(m_logs[queue].held, {});
    while (!held.empty()) {
        Command command = held.pop();
        const bool publishes = command.channel != noGate && command.kind == Command::Kind::Enqueue;
        const Message& message = out.message(command.slot);
        const bool isGone = publishes && message.tag != out.linkLife(message.link);
        const bool alive = !isGone && (command.node == noNode || m_cluster.runs(command.node));
        if (!alive && command.kind == Command::Kind::Enqueue) {
            dropEnqueue(queue, command, out);
            continue;
        }
        if (!alive) {
            command.kind = Command::Kind::Lost;
            command.reason = Reason::BrokerRestart;
            command.node = noNode;
        }
        m_logs[queue].held.push(command);
    }
}

/// The channel of a publisher is closed: what waits there for a leader is lost with it.
/// Source: https://github.com/rabbitmq/rabbitmq-server/blob/main/deps/rabbit/src/rabbit_fifo_client.erl
void Broker::loseHeldOf(std::uint32_t gate, Outbox& out) {
    forEachReplicated([&](std::uint16_t queue) {
        Ring<Command> held = std::exchange(m_logs[queue].held, {});
        while (!held.empty()) {
            const Command command = held.pop();
            if (command.kind == Command::Kind::Enqueue && command.channel == gate) {
                dropEnqueue(queue, command, out);
            } else {
                m_logs[queue].held.push(command);
            }
        }
    });
}

/// Sends on what waited for a leader, or for its sender to reach it.
void Broker::sendHeld(std::uint16_t queue, Outbox& out) {
    Ring<Command> held = std::exchange(m_logs[queue].held, {});
    Ring<Command> beyond;
    while (!held.empty()) {
        const Command waiting = held.pop();
        if (isReached(queue, waiting.node)) {
            command(queue, waiting, out);
        } else {
            beyond.push(waiting);
        }
    }
    m_logs[queue].held = std::move(beyond);
}

/// What is published to a classic queue that is out of sight is gone, and refused where its
/// publisher wants to know. A cluster of 3.13 does not even know of the queue, and confirms it.
void Broker::lose(std::uint16_t queue, Slot slot, ComponentId from, Publish& result, Outbox& out) {
    const Message& message = out.message(slot);
    const ComponentId sender =
        from == noComponent ? out.plan().links[index(message.link)].from : from;
    out.note(TraceKind::Lost, message, sender, plan(out).queues[queue].component, message.sentAt,
             Reason::NodeDown);
    out.messages().release(slot);
    result.refused = result.refused || m_version != RabbitmqVersion::V3_13;
}

} // namespace sim
