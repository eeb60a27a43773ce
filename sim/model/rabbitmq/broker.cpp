#include "sim/model/rabbitmq/broker.h"

#include <algorithm>

namespace sim {
namespace {

std::string brokerName(const Plan& plan, std::uint16_t broker) {
    const ComponentId component = plan.brokers[broker].component;
    return component == noComponent ? "broker" : plan.catalogue.components[index(component)];
}

} // namespace

Broker::Broker(const Plan& plan, std::uint16_t broker, std::uint64_t seed)
    : m_plan(broker)
    , m_version(plan.brokers[broker].spec.version)
    , m_router(plan.brokers[broker],
               streamFor(seed, brokerName(plan, broker), "random exchanges")) {
    const BrokerPlan& ours = plan.brokers[broker];
    m_cluster = Cluster(ours.spec);
    m_maxBytes = maxMessageBytesOf(ours.spec);
    m_delays = std::ranges::any_of(ours.exchanges, &ExchangePlan::delays);
    for (const LinkPlan& link : plan.links) {
        m_at.push_back(link.node == noNode ? NodeAt{0} : link.node);
    }
    for (const QueuePlan& queue : ours.queues) {
        m_homes.push_back({.node = static_cast<NodeAt>(queue.spec.node - 1), .members = queue.members});
        m_votes.push_back(streamFor(
            seed, plan.catalogue.components[index(queue.component)], "elections"));
        m_queues.emplace_back(queue.spec, ours.spec.version);
        const std::string& name = plan.catalogue.components[index(queue.component)];
        m_disk.push_back(streamFor(seed, name, m_queues.back().isReplicated() ? "commit" : "disk"));
    }
    m_logs.resize(ours.queues.size());
    m_workers.resize(ours.queues.size());
    if (std::ranges::any_of(ours.queues, [](const auto& one) { return one.serviceTime > 0s; })) {
        m_processes.resize(ours.queues.size());
    }
    m_streams.resize(ours.queues.size());
    m_readers.resize(ours.channels);
    m_channels.resize(ours.channels);
    m_gates.resize(ours.gates);
    for (std::uint16_t q = 0; q < ours.queues.size(); ++q) {
        for (const LinkId id : ours.queues[q].consumers) {
            const LinkPlan& link = plan.links[index(id)];
            const ConsumerPlan* consumer = nullptr;
            for (const ConsumerPlan& candidate : plan.consumers) {
                consumer = candidate.component == link.to ? &candidate : consumer;
            }
            SIM_CHECK(consumer != nullptr);
            for (std::uint16_t lane = 0; lane < link.lanes; ++lane) {
                ConsumerChannel& channel = m_channels[link.firstChannel + lane];
                channel.link = id;
                channel.lane = lane;
                channel.queue = q;
                channel.consumer = link.to;
                channel.prefetch = consumer->spec.prefetch;
                channel.priority = link.priority;
                channel.autoAck = consumer->spec.ackMode == AckMode::Auto;
                channel.forwards = consumer->spec.forward.has_value();
                channel.polls = consumer->spec.poll.has_value();
                channel.cancelled =
                    channel.polls || (channel.forwards && consumer->spec.forward->onDemand);
                if (m_queues[q].isQuorum() && channel.prefetch == 0) {
                    channel.prefetch = quorumPrefetch;
                }
                m_queues[q].ranked = m_queues[q].ranked || link.priority != 0;
                if (ours.queues[q].spec.exclusive) { // where its connection is
                    m_homes[q].node = m_at[index(id)];
                    m_router.moveQueue(q, m_at[index(id)]);
                }
            }
        }
    }
    shareLimits(plan);
    for (std::uint16_t q = 0; q < ours.queues.size(); ++q) {
        for (const LinkId id : ours.queues[q].federation) {
            m_demands.push_back({.link = id, .queue = q});
        }
        for (const LinkId id : ours.queues[q].consumers) {
            const LinkPlan& link = plan.links[index(id)];
            for (std::uint16_t lane = 0; lane < link.lanes; ++lane) {
                if (link.singleActive) {
                    m_readers[link.firstChannel].group.push(link.firstChannel + lane);
                }
                offerTurn(link.firstChannel + lane);
            }
        }
    }
}

void Broker::on(const Event& event, Outbox& out) {
    switch (event.kind) {
    case EventKind::Arrive:
        onArrival(Slot{event.index}, static_cast<Parcel>(event.detail), out);
        break;
    case EventKind::QueueTimer:
        m_queues[event.index].timerAt = never;
        if (m_down || !m_homes[event.index].serves) {
            break;
        }
        if (m_queues[event.index].isReplicated()) {
            serve(static_cast<std::uint16_t>(event.index), out); // what expires makes room
        } else {
            expireHeads(static_cast<std::uint16_t>(event.index), out);
        }
        break;
    case EventKind::Committed:
        onCommitted(static_cast<std::uint16_t>(event.index), out);
        break;
    case EventKind::RetryDue:
        onRetryDue(static_cast<std::uint16_t>(event.index), out);
        break;
    case EventKind::DeadLetterRetry:
        onDeadLetterRetry(static_cast<std::uint16_t>(event.index));
        break;
    case EventKind::AckTimeout:
        onAckTimeout(event.index, out);
        break;
    case EventKind::QueueExpires:
        onQueueExpires(static_cast<std::uint16_t>(event.index), out);
        break;
    case EventKind::OnDisk:
        if (event.detail == onDiskForSeveral) {
            oweLess(OwedId{event.index}, true, out);
        } else {
            onDisk(Slot{event.index}, out);
        }
        break;
    case EventKind::Election:
        onElection(static_cast<std::uint16_t>(event.index), out);
        break;
    case EventKind::OutOfReach:
        onOutOfReach(event.index, out);
        break;
    case EventKind::CreditGranted:
        onCreditGranted(static_cast<std::uint16_t>(event.index), out);
        break;
    case EventKind::DelayOver:
        onDelayOver(event.index, out);
        break;
    case EventKind::ConsumerCancelled:
        onConsumerCancelled(out.take(event), out);
        break;
    case EventKind::ConsumerStarted:
        onConsumerStarted(out.take(event), out);
        break;
    case EventKind::RecoverAsked:
        onRecoverAsked(out.take(event), out);
        break;
    case EventKind::GetAsked:
        onGetAsked(out.take(event), out);
        break;
    case EventKind::GetCommitted:
        onGetCommitted(event.index, event.detail, out);
        break;
    case EventKind::ConnectionLost:
        onConnectionLost(out.take(event), out);
        break;
    case EventKind::ConnectionSilent:
        onConnectionSilent(out.take(event), out);
        break;
    case EventKind::HeartbeatsMissed:
        onHeartbeatsMissed(event.index, event.detail, out);
        break;
    case EventKind::ConnectionOpened:
        onConnectionOpened(out.take(event), out);
        break;
    default:
        SIM_CHECK(!"a broker does not handle this event");
    }
    if (!m_down && (!m_dead.empty() || !m_handOvers.empty())) {
        republishDeadLetters(out);
    }
    if (!m_waitingGates.empty()) [[unlikely]] {
        readOn(out);
        republishDeadLetters(out);
    }
    if (!m_demands.empty()) [[unlikely]] {
        tellDemands(out);
    }
}

void Broker::onArrival(Slot slot, Parcel parcel, Outbox& out) {
    const bool gated = m_alarms > 0 || m_inFlow > 0 || !m_waitingGates.empty();
    if (gated && !m_down && leftUnread(slot, parcel, out)) {
        return;
    }
    read(slot, parcel, out);
}

void Broker::read(Slot slot, Parcel parcel, Outbox& out) {
    const Message& message = out.message(slot);
    const bool ack = parcel != Parcel::Message;
    const bool tooLate = !ack && message.tag != out.linkLife(message.link);
    if (m_down || tooLate) {
        const LinkPlan& link = out.plan().links[index(message.link)];
        out.note(TraceKind::Lost, message, ack ? link.to : link.from, ack ? link.from : link.to,
                 message.sentAt, m_down ? Reason::ReceiverDown : Reason::Disconnect);
        out.messages().release(slot);
    } else if (parcel == Parcel::Message) {
        publish(slot, out);
    } else {
        settle(slot, parcel, out);
    }
}

void Broker::stampExpiry(Message& message, const QueueSpec& spec, Outbox& out) const {
    message.expiresAt = never;
    if (spec.messageTtl) {
        message.expiresAt = out.now() + *spec.messageTtl;
    }
    if (message.expiration != noExpiration) {
        const Duration own = std::chrono::milliseconds{message.expiration};
        message.expiresAt = std::min(message.expiresAt, out.now() + own);
    }
}

void Broker::offer(std::uint16_t queue, Slot slot, ComponentId from, Publish& result, Outbox& out) {
    const QueuePlan& ours = plan(out).queues[queue];
    const QueueSpec& spec = ours.spec;
    MessageQueue& ready = m_queues[queue];
    if (ready.isReplicated()) {
        offerReplicated(queue, slot, from, result, out);
        return;
    }
    if (isCluster() && !isReached(queue, m_sender)) [[unlikely]] {
        lose(queue, slot, from, result, out);
        return;
    }
    if (ours.serviceTime > 0s) [[unlikely]] {
        spendCredit(queue, slot, ours.serviceTime, out);
    }
    Message& message = out.message(slot);
    if (overflowOf(spec) != Overflow::DropHead && ready.wouldExceed(spec, message.size)) {
        result.refused = true;
        refuse(queue, slot, from, out);
        return;
    }
    message.enqueuedAt = out.now();
    message.readySince = out.now();
    message.deliveries = 0;
    message.clear(Redelivered);
    stampExpiry(message, spec, out);
    out.note(TraceKind::Enqueued, message, ours.component, from, message.createdAt);
    const bool stored = spec.durable && message.has(Persistent);
    message.onDiskAt =
        stored ? out.now() + out.chance().duration(m_disk[queue], plan(out).spec.diskDelay) : never;
    ConsumerChannel* taker = ready.ready() == 0 ? nextTaker(ready) : nullptr;
    if (taker != nullptr) {
        if (stored && !taker->autoAck) {
            result.onDisk = std::max(result.onDisk, message.onDiskAt);
            persists(queue);
        }
        ready.passThrough(slot, out.messages());
        deliver(*taker, static_cast<std::uint32_t>(taker - m_channels.data()), slot, out);
        return;
    }
    if (stored) {
        result.onDisk = std::max(result.onDisk, message.onDiskAt);
        persists(queue);
    }
    if (spec.messageTtl == Duration{} && !ours.deadLetters) {
        giveUp(queue, slot, Reason::Expired, out);
        return;
    }
    const bool expires = message.expiresAt != never;
    ready.append(slot, out.messages());
    const bool dropped = trim(queue, out);
    const bool alone = ready.ready() == 1;
    // The broker looks at the head only where it may be a new one, and takes it for the old one
    // where others are there: a message that overtakes them by its priority is not looked at.
    if (dropped ? !alone || expires : alone) {
        expireHeads(queue, out);
    }
}

void Broker::refuse(std::uint16_t queue, Slot slot, ComponentId from, Outbox& out) {
    const QueuePlan& refusing = plan(out).queues[queue];
    const Message& message = out.message(slot);
    out.note(TraceKind::Refused, message, refusing.component, from, out.now(), Reason::MaxLength);
    if (refusing.spec.overflow == Overflow::RejectPublishDlx && refusing.deadLetters) {
        m_dead.push(deadLetter(queue, slot, Reason::MaxLength, out));
    } else {
        out.messages().release(slot);
    }
}

void Broker::deliver(ConsumerChannel& channel, std::uint32_t channelIndex, Slot slot, Outbox& out) {
    const QueuePlan& queue = plan(out).queues[channel.queue];
    Message& message = out.message(slot);
    message.deliveries = static_cast<std::uint8_t>(std::min(message.deliveries + 1, 255));
    message.lane = channel.lane;
    message.generation = channel.generation;
    message.tag = nextTag(channel);
    out.note(TraceKind::Delivered, message, queue.component, channel.consumer, message.readySince,
             Reason::None, message.deliveries);
    message.readySince = out.now();
    if (channel.autoAck) {
        out.note(TraceKind::Acked, message, queue.component, channel.consumer, message.enqueuedAt);
        ++channel.firstTag;
        out.forward(channel.link, slot);
    } else {
        channel.out.push(slot);
        ++channel.unacked;
        if (channel.shares != ConsumerChannel::noShare) {
            ++m_shared[channel.shares].unacked;
        }
        ++m_queues[channel.queue].unacked;
        out.forward(channel.link, out.messages().lend(slot));
        if (!channel.watched) {
            watchAcks(channelIndex, out);
        }
    }
    if (channel.cancelled) { // it has asked for this one
        return;
    }
    // In a classic queue, full or not: it loses its place only when its turn comes while it is full.
    if (!channel.taking && (!m_queues[channel.queue].isQuorum() || channel.canTake())) {
        channel.taking = true;
        enlist(m_queues[channel.queue], channelIndex);
    }
}

void Broker::dispatch(std::uint16_t queue, Outbox& out) {
    MessageQueue& ready = m_queues[queue];
    if (ready.isReplicated()) {
        serve(queue, out);
        return;
    }
    while (ready.ready() > 0) {
        ConsumerChannel* taker = nextTaker(ready);
        if (taker == nullptr) {
            break;
        }
        const Slot slot = ready.popHead(out.messages());
        deliver(*taker, static_cast<std::uint32_t>(taker - m_channels.data()), slot, out);
        expireHeads(queue, out);
    }
}

/// What follows when messages have been put back into a queue.
void Broker::afterRequeue(std::uint16_t queue, Outbox& out) {
    if (!m_queues[queue].isReplicated()) {
        trim(queue, out);
        expireHeads(queue, out);
    }
    dispatch(queue, out);
}

bool Broker::dropHeads(std::uint16_t queue, Outbox& out) {
    const QueueSpec& spec = plan(out).queues[queue].spec;
    if (overflowOf(spec) != Overflow::DropHead) {
        return false;
    }
    MessageQueue& ready = m_queues[queue];
    bool dropped = false;
    std::vector<Slot> last; // a quorum queue publishes the latest of several dead letters first
    while (ready.ready() > 0 && ready.exceeds(spec)) {
        const Slot head = ready.popHead(out.messages());
        if (ready.isQuorum()) {
            last.push_back(head);
        } else {
            giveUp(queue, head, Reason::MaxLength, out);
        }
        dropped = true;
    }
    for (; !last.empty(); last.pop_back()) {
        giveUp(queue, last.back(), Reason::MaxLength, out);
    }
    return dropped;
}

void Broker::giveUpExpired(std::uint16_t queue, Outbox& out) {
    MessageQueue& ready = m_queues[queue];
    for (;;) {
        const Slot slot = ready.canExpire() ? ready.popExpired(out.now(), out.messages()) : noSlot;
        if (slot == noSlot) {
            return;
        }
        giveUp(queue, slot, Reason::Expired, out);
    }
}

void Broker::setTimer(std::uint16_t queue, Outbox& out) {
    MessageQueue& ready = m_queues[queue];
    const Instant due = ready.canExpire() ? ready.nextExpiry(out.messages()) : never;
    // What a quorum queue drops may uncover a head whose time is over: the next command sees it.
    if (due < ready.timerAt && due > out.now()) {
        ready.timerAt = due;
        out.schedule(due, m_self, EventKind::QueueTimer, queue);
    }
}

} // namespace sim
