// What clients publish: on its way to queues, and what the publisher is told.

#include "sim/model/rabbitmq/broker.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sim {

void Broker::publish(Slot slot, Outbox& out) {
    const Message& message = out.message(slot);
    const ComponentId to = out.plan().links[index(message.link)].to;
    const std::uint16_t exchange = plan(out).exchangeOf[index(to)];
    if (message.size > m_maxBytes) [[unlikely]] {
        closePublisher(slot, Reason::TooLarge, out);
    } else if (exchange != nowhere && !m_router.exchangeExists(exchange)) [[unlikely]] {
        closePublisher(slot, Reason::NoExchange, out);
    } else {
        publishTo(slot, exchange, out);
    }
}

void Broker::publishTo(Slot slot, std::uint16_t exchange, Outbox& out) {
    const BrokerPlan& ours = plan(out);
    const bool confirms = out.message(slot).has(WantsConfirm);
    const Slot token = confirms ? out.messages().lend(slot) : noSlot;
    if (confirms) {
        out.message(token).enqueuedAt = out.now();
    }
    Message& message = out.message(slot);
    const ComponentId to = out.plan().links[index(message.link)].to;
    message.exchange = exchange == nowhere ? noComponent : to;
    sendFrom(m_at[index(message.link)]);
    m_committing.clear();
    m_persisting.clear();
    Publish result;
    if (!m_delays || exchange == nowhere || !delay(slot, exchange, out)) {
        const auto targets = m_router.route(out.plan(), ours, exchange, message,
                                            out.messages().deaths(slot), out.chance());
        if (targets.empty()) {
            unroutable(slot, to, Reason::None, out);
        } else {
            result = enqueueAll(slot, exchange, targets, out);
        }
    }
    if (confirms) {
        confirm(token, result, out);
    }
}

/// A channel error: the publish is gone, and the client has to open its channels again.
void Broker::closePublisher(Slot slot, Reason reason, Outbox& out) {
    const Message& message = out.message(slot);
    const LinkId id = message.link;
    const LinkPlan& link = out.plan().links[index(id)];
    out.note(TraceKind::Lost, message, link.from, link.to, message.sentAt, reason);
    out.messages().release(slot);
    breakConnections(id, out);
    out.serverStarts(id);
}

/// Keeps the message where its header asks for it. Nothing is routed meanwhile: a mandatory publish
/// is returned, the alternate exchange gets it, and it is confirmed at once.
/// Source: https://github.com/rabbitmq/rabbitmq-delayed-message-exchange#usage
/// Not modelled: the delay of what comes from another exchange (it is routed at once); the header
/// x-delay that is negative afterwards.
bool Broker::delay(Slot slot, std::uint16_t exchange, Outbox& out) {
    const ExchangePlan& from = plan(out).exchanges[exchange];
    const Message& message = out.message(slot);
    const auto& delay = out.plan().headers[message.headers].delay;
    if (!from.delays || !delay) {
        return false;
    }
    out.note(TraceKind::Delayed, message, from.component, noComponent, message.sentAt);
    if (message.has(Mandatory) && !message.has(DeadLetter)) {
        out.note(TraceKind::ReturnSent, message, from.component, message.producer, out.now());
        const LinkId back = message.link;
        out.back(back, out.messages().lend(slot), Parcel::Return);
    }
    sendToAlternate(slot, exchange, out);
    Message& kept = out.message(slot);
    kept.clear(Mandatory);
    kept.clear(WantsConfirm);
    if (m_freeDelayed.empty()) {
        m_freeDelayed.push_back(static_cast<std::uint32_t>(m_delayed.size()));
        m_delayed.emplace_back();
    }
    const std::uint32_t at = m_freeDelayed.back();
    m_freeDelayed.pop_back();
    m_delayed[at] = {.slot = slot, .exchange = exchange, .node = m_sender};
    out.schedule(out.now() + *delay, m_self, EventKind::DelayOver, at);
    return true;
}

void Broker::sendToAlternate(Slot slot, std::uint16_t exchange, Outbox& out) {
    const std::uint16_t alternate = plan(out).exchanges[exchange].alternate;
    if (alternate == nowhere || !m_router.exchangeExists(alternate)) {
        return;
    }
    const Deaths& deaths = out.messages().deaths(slot);
    const auto found = m_router.route(out.plan(), plan(out), alternate, out.message(slot), deaths,
                                      out.chance());
    std::vector<std::uint16_t> targets;
    std::ranges::copy_if(found, std::back_inserter(targets), [&](std::uint16_t target) {
        const ComponentId queue = plan(out).queues[target].component;
        return deaths.empty() || !closesCycle(deaths, deaths.front().reason, queue);
    });
    if (!targets.empty()) {
        enqueueAll(out.messages().clone(slot), exchange, targets, out);
    }
}

/// Publishes what is due, once: without a confirm, and lost where it leads to no queue.
void Broker::onDelayOver(std::uint32_t position, Outbox& out) {
    DelayedMessage& delayed = m_delayed[position];
    if (m_down || !m_cluster.runs(delayed.node)) {
        delayed.due = true;
        return;
    }
    const DelayedMessage due = std::exchange(delayed, {});
    m_freeDelayed.push_back(position);
    sendFrom(due.node);
    const auto targets =
        m_router.route(out.plan(), plan(out), due.exchange, out.message(due.slot),
                       out.messages().deaths(due.slot), out.chance());
    if (!m_router.exchangeExists(due.exchange) || targets.empty()) {
        unroutable(due.slot, plan(out).exchanges[due.exchange].component, Reason::None, out);
    } else {
        m_committing.clear();
        m_persisting.clear();
        enqueueAll(due.slot, due.exchange, targets, out);
    }
}

/// What was due while its node was down.
void Broker::releaseDue(Outbox& out) {
    for (std::uint32_t at = 0; at < m_delayed.size(); ++at) {
        if (m_delayed[at].due) {
            onDelayOver(at, out);
        }
    }
}

std::size_t Broker::delayed(std::uint16_t exchange) const {
    return static_cast<std::size_t>(std::ranges::count_if(m_delayed, [&](const auto& one) {
        return one.slot != noSlot && (exchange == nowhere || one.exchange == exchange);
    }));
}

Broker::Publish Broker::enqueueAll(Slot slot, std::uint16_t exchange,
                                   std::span<const std::uint16_t> targets, Outbox& out) {
    const ComponentId from =
        exchange == nowhere ? noComponent : plan(out).exchanges[exchange].component;
    Publish result;
    for (std::size_t i = 0; i < targets.size(); ++i) {
        // The last queue takes the copy that came, so that a single queue costs no copy at all.
        const bool last = i + 1 == targets.size();
        const Slot copy = last ? slot : out.messages().clone(slot);
        out.message(copy).clear(WantsConfirm);
        offer(targets[i], copy, from, result, out);
    }
    return result;
}

void Broker::unroutable(Slot slot, ComponentId at, Reason reason, Outbox& out) {
    const Message& message = out.message(slot);
    out.note(TraceKind::Unroutable, message, at, noComponent, message.sentAt, reason);
    if (message.has(Mandatory) && !message.has(DeadLetter)) {
        out.note(TraceKind::ReturnSent, message, at, message.producer, out.now());
        out.back(message.link, slot, Parcel::Return);
    } else {
        out.messages().release(slot);
    }
}

void Broker::confirm(Slot token, Publish result, Outbox& out) {
    if (result.commits > 0 && !result.refused) {
        confirmLater(token, result, out);
        return;
    }
    Message& publish = out.message(token);
    const bool isLate = result.onDisk > out.now();
    if (isLate && isCluster() && !result.refused) {
        confirmLater(token, result, out); // the node may be gone before
        return;
    }
    if (result.refused || !isLate) {
        const LinkPlan& link = out.plan().links[index(publish.link)];
        out.note(result.refused ? TraceKind::NackSent : TraceKind::ConfirmSent, publish, link.to,
                 link.from, publish.enqueuedAt);
        out.back(publish.link, token, result.refused ? Parcel::ConfirmNack : Parcel::Confirm);
        return;
    }
    out.schedule(result.onDisk, m_self, EventKind::OnDisk, static_cast<std::uint32_t>(token));
}

/// Some of the queues are quorum queues, which say themselves when they have the publish.
OwedId Broker::confirmLater(Slot token, const Publish& result, Outbox& out) {
    const bool needsDisk = result.onDisk > out.now();
    const OwedId id = owe(token, result.commits + (needsDisk ? 1 : 0));
    for (const std::uint16_t queue : m_committing) {
        m_logs[queue].latest().owed = id;
    }
    if (isCluster()) {
        m_owed[index(id)].disk = m_persisting;
    }
    if (needsDisk) {
        out.schedule(result.onDisk, m_self, EventKind::OnDisk, static_cast<std::uint32_t>(id),
                     onDiskForSeveral);
    }
    return id;
}

void Broker::onDisk(Slot token, Outbox& out) {
    const Message& publish = out.message(token);
    if (m_down || publish.tag != out.linkLife(publish.link)) {
        out.messages().release(token); // nobody is there to be told
        return;
    }
    confirm(token, Publish{}, out);
}

} // namespace sim
