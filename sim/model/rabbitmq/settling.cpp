// How messages leave a queue of a broker or return to it: acknowledgements, requeueing,
// dead-lettering.

#include "sim/model/rabbitmq/broker.h"

#include <algorithm>

namespace sim {
namespace {

Command::Kind commandOf(Parcel parcel) {
    switch (parcel) {
    case Parcel::Ack:
        return Command::Kind::Ack;
    case Parcel::Reject:
        return Command::Kind::Reject;
    case Parcel::RejectRequeue:
        return Command::Kind::RejectRequeue;
    default:
        return Command::Kind::Nack;
    }
}

} // namespace


void Broker::settle(Slot token, Parcel parcel, Outbox& out) {
    const Message& settled = out.message(token);
    const LinkPlan& link = out.plan().links[index(settled.link)];
    const std::uint32_t channelIndex = link.firstChannel + settled.lane;
    ConsumerChannel& channel = m_channels[channelIndex];
    const std::uint32_t position = settled.tag - channel.firstTag;
    const bool channelIsOpen = channel.open && channel.generation == settled.generation;
    const bool known = position < channel.out.size() && channel.out[position] != noSlot;
    if (!channelIsOpen || !known) [[unlikely]] {
        // Too late: the channel is gone and the message was requeued. Or settled before: an error.
        out.note(TraceKind::Lost, settled, link.to, link.from, settled.sentAt, Reason::Disconnect);
        out.messages().release(token);
        if (channelIsOpen) {
            closeForError(channelIndex, Reason::Disconnect, out);
        }
        return;
    }
    out.messages().release(token);
    const Slot slot = channel.out[position];
    channel.out[position] = noSlot;
    while (!channel.out.empty() && channel.out.front() == noSlot) {
        channel.out.pop();
        ++channel.firstTag;
    }
    const std::uint16_t queue = channel.queue;
    if (m_queues[queue].isQuorum()) {
        command(queue, {.kind = commandOf(parcel), .slot = slot, .channel = channelIndex}, out);
        return;
    }
    --channel.unacked;
    --m_queues[queue].unacked;
    if (parcel == Parcel::Ack) {
        const Message& message = out.message(slot);
        out.note(TraceKind::Acked, message, link.from, link.to, message.enqueuedAt);
        out.messages().release(slot);
    } else if (parcel == Parcel::Reject) {
        giveUp(queue, slot, Reason::Rejected, out);
    } else {
        requeue(channel, slot, Reason::Nack, out);
        trim(queue, out);
        expireHeads(queue, out);
    }
    offerTurn(channelIndex);
    dispatch(queue, out);
}

void Broker::requeue(ConsumerChannel& channel, Slot slot, Reason reason, Outbox& out) {
    Message& message = out.message(slot);
    message.set(Redelivered);
    out.note(TraceKind::Requeued, message, plan(out).queues[channel.queue].component,
             channel.consumer, message.readySince, reason);
    message.readySince = out.now();
    m_queues[channel.queue].putBack(slot, out.messages());
}

void Broker::giveUp(std::uint16_t queue, Slot slot, Reason reason, Outbox& out) {
    const QueuePlan& from = plan(out).queues[queue];
    const Message& message = out.message(slot);
    const std::uint16_t target = from.deadLetterExchange;
    if (!from.deadLetters || (target != nowhere && !m_router.exchangeExists(target))) {
        out.note(TraceKind::Dropped, message, from.component, noComponent, message.enqueuedAt,
                 reason);
        out.messages().release(slot);
        return;
    }
    const ComponentId exchange =
        target == nowhere ? noComponent : plan(out).exchanges[target].component;
    out.note(TraceKind::DeadLettered, message, from.component, exchange, message.enqueuedAt,
             reason);
    m_dead.push({slot, queue, reason});
}

void Broker::republishDeadLetters(Outbox& out) {
    while (!m_dead.empty()) {
        republish(m_dead.pop(), out);
    }
}

void Broker::recordDeath(Slot slot, std::uint16_t queue, Reason reason, Outbox& out) {
    const ComponentId component = plan(out).queues[queue].component;
    Deaths& deaths = out.messages().deathsOf(slot);
    const Message& message = out.message(slot);
    const auto known = std::ranges::find_if(deaths, [&](const Death& death) {
        return death.queue == component && death.reason == reason;
    });
    if (known != deaths.end()) {
        ++known->count;
        std::rotate(deaths.begin(), known, known + 1);
        return;
    }
    deaths.insert(deaths.begin(), Death{.queue = component,
                                        .reason = reason,
                                        .count = 1,
                                        .firstAt = out.now(),
                                        .exchange = message.exchange,
                                        .routingKey = message.routingKey,
                                        .expiration = message.expiration});
}

bool Broker::closesCycle(const Deaths& deaths, Reason reason, ComponentId target) const {
    if (reason == Reason::Rejected) {
        return false;
    }
    for (const Death& death : deaths) {
        if (death.reason == Reason::Rejected) {
            return false;
        }
        if (death.queue == target) {
            return true;
        }
    }
    return false;
}

void Broker::republish(DeadMessage dead, Outbox& out) {
    const BrokerPlan& ours = plan(out);
    const QueuePlan& from = ours.queues[dead.queue];
    recordDeath(dead.slot, dead.queue, dead.reason, out);
    Message& message = out.message(dead.slot);
    const std::uint16_t exchange = from.deadLetterExchange;
    message.exchange = exchange == nowhere ? noComponent : ours.exchanges[exchange].component;
    message.expiration = noExpiration;
    message.sentAt = out.now();
    message.set(DeadLetter);
    if (from.deadLetterKey != noText) {
        message.routingKey = from.deadLetterKey;
        message.headers = out.plan().headers[message.headers].withoutCc;
    }
    const Deaths& deaths = out.messages().deaths(dead.slot);
    const auto found = m_router.route(out.plan(), ours, exchange, message, deaths, out.chance());
    std::vector<std::uint16_t> targets;
    std::ranges::copy_if(found, std::back_inserter(targets), [&](std::uint16_t target) {
        return !closesCycle(deaths, dead.reason, ours.queues[target].component);
    });
    if (!targets.empty()) {
        enqueueAll(dead.slot, exchange, targets, out);
        return;
    }
    const ComponentId at = message.exchange == noComponent ? from.component : message.exchange;
    unroutable(dead.slot, at, found.empty() ? Reason::None : Reason::Cycle, out);
}

} // namespace sim
