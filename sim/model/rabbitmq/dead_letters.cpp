// Dead letters: what becomes of messages that a queue gives up.

#include "sim/model/rabbitmq/broker.h"

#include <algorithm>

namespace sim {

void Broker::giveUp(std::uint16_t queue, Slot slot, Reason reason, Outbox& out) {
    const QueuePlan& from = plan(out).queues[queue];
    const Message& message = out.message(slot);
    const std::uint16_t target = from.deadLetterExchange;
    if (from.deadLettersAtLeastOnce) {
        keep(queue, slot, reason, out);
        return;
    }
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
    m_dead.push(deadLetter(queue, slot, reason, out));
}

/// It goes where the queue's settings lead it now, even if they change on the way.
Broker::DeadMessage Broker::deadLetter(std::uint16_t queue, Slot slot, Reason reason,
                                       Outbox& out) const {
    const QueuePlan& from = plan(out).queues[queue];
    return {slot, queue, reason, from.deadLetterExchange, from.deadLetterKey};
}

void Broker::republishDeadLetters(Outbox& out) {
    while (!m_dead.empty() || !m_handOvers.empty()) {
        if (!m_dead.empty()) {
            republish(m_dead.pop(), out);
        } else {
            const std::uint16_t queue = m_handOvers.pop();
            handOver(queue, out);
            serve(queue, out);
        }
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

/// Makes a dead letter of the message, and finds the queues that it goes to. `closesOnly` says
/// whether there are none because each would close a cycle.
std::vector<std::uint16_t> Broker::addressed(DeadMessage dead, bool& closesOnly, Outbox& out) {
    const BrokerPlan& ours = plan(out);
    recordDeath(dead.slot, dead.queue, dead.reason, out);
    Message& message = out.message(dead.slot);
    const std::uint16_t exchange = dead.exchange;
    message.exchange = exchange == nowhere ? noComponent : ours.exchanges[exchange].component;
    message.expiration = noExpiration;
    message.sentAt = out.now();
    message.set(DeadLetter);
    if (dead.key != noText) {
        message.routingKey = dead.key;
        message.headers = out.plan().headers[message.headers].withoutCc;
    }
    const Deaths& deaths = out.messages().deaths(dead.slot);
    const auto found = m_router.route(out.plan(), ours, exchange, message, deaths, out.chance());
    std::vector<std::uint16_t> targets;
    std::ranges::copy_if(found, std::back_inserter(targets), [&](std::uint16_t target) {
        return !closesCycle(deaths, dead.reason, ours.queues[target].component);
    });
    closesOnly = targets.empty() && !found.empty();
    return targets;
}

void Broker::republish(DeadMessage dead, Outbox& out) {
    bool closesOnly = false;
    sendFrom(m_homes[dead.queue].node);
    const std::vector<std::uint16_t> targets = addressed(dead, closesOnly, out);
    const std::uint16_t exchange = dead.exchange;
    if (m_delays && exchange != nowhere && delay(dead.slot, exchange, out)) {
        return;
    }
    if (!targets.empty()) {
        enqueueAll(dead.slot, exchange, targets, out);
        return;
    }
    const Message& message = out.message(dead.slot);
    const ComponentId from = plan(out).queues[dead.queue].component;
    const ComponentId at = message.exchange == noComponent ? from : message.exchange;
    unroutable(dead.slot, at, closesOnly ? Reason::Cycle : Reason::None, out);
}

/// The message stays, and counts towards the limits, until its dead letter is confirmed.
void Broker::keep(std::uint16_t queue, Slot slot, Reason reason, Outbox& out) {
    const Message& message = out.message(slot);
    out.note(TraceKind::Retained, message, plan(out).queues[queue].component, noComponent,
             message.enqueuedAt, reason);
    m_queues[queue].keep(message.size);
    m_workers[queue].waiting.push({slot, reason});
    m_handOvers.push(queue);
}

void Broker::handOver(std::uint16_t queue, Outbox& out) {
    DeadLetterWorker& worker = m_workers[queue];
    while (!m_down && m_homes[queue].serves && !worker.waiting.empty() && worker.sent.size() < DeadLetterWorker::prefetch) {
        send(queue, worker.waiting.pop(), out);
    }
}

void Broker::send(std::uint16_t queue, DeadLetterWorker::Letter letter, Outbox& out) {
    const std::uint16_t exchange = plan(out).queues[queue].deadLetterExchange;
    letter.exchange = exchange == nowhere ? noComponent : plan(out).exchanges[exchange].component;
    sendFrom(m_homes[queue].node);
    const Slot copy = out.messages().clone(letter.slot);
    bool closesOnly = false;
    std::vector<std::uint16_t> targets;
    if (exchange == nowhere || m_router.exchangeExists(exchange)) {
        targets = addressed(deadLetter(queue, copy, letter.reason, out), closesOnly, out);
    }
    if (targets.empty()) {
        out.messages().release(copy);
        stall(queue, letter, out);
        return;
    }
    m_committing.clear();
    m_persisting.clear();
    const Publish result = enqueueAll(copy, exchange, targets, out);
    const bool needsDisk = result.onDisk > out.now();
    if (result.refused) {
        stall(queue, letter, out);
    } else if (result.commits == 0 && !needsDisk) {
        handedOver(queue, letter, out);
    } else {
        m_workers[queue].sent.push_back(letter);
        const OwedId id = confirmLater(noSlot, result, out);
        m_owed[index(id)].letter = letter.slot;
        m_owed[index(id)].queue = queue;
    }
}

void Broker::handedOver(std::uint16_t queue, DeadLetterWorker::Letter letter, Outbox& out) {
    const Message& message = out.message(letter.slot);
    out.note(TraceKind::DeadLettered, message, plan(out).queues[queue].component, letter.exchange,
             message.enqueuedAt, letter.reason);
    m_queues[queue].letGo(message.size);
    out.messages().release(letter.slot);
}

void Broker::stall(std::uint16_t queue, DeadLetterWorker::Letter letter, Outbox& out) {
    DeadLetterWorker& worker = m_workers[queue];
    worker.stalled.push_back(letter);
    if (!worker.willRetry) {
        worker.willRetry = true;
        out.schedule(out.now() + DeadLetterWorker::retryAfter, m_self, EventKind::DeadLetterRetry,
                     queue);
    }
}

void Broker::onDeadLetterRetry(std::uint16_t queue) {
    DeadLetterWorker& worker = m_workers[queue];
    worker.willRetry = false;
    for (const DeadLetterWorker::Letter& letter : worker.stalled) {
        worker.waiting.push(letter);
    }
    worker.stalled.clear();
    m_handOvers.push(queue);
}

/// What the queue keeps for its worker is gone.
void Broker::dropRetained(std::uint16_t queue, Reason reason, Outbox& out) {
    DeadLetterWorker& worker = m_workers[queue];
    worker.startOver();
    while (!worker.waiting.empty()) {
        const Slot slot = worker.waiting.pop().slot;
        const Message& message = out.message(slot);
        out.note(TraceKind::Dropped, message, plan(out).queues[queue].component, noComponent,
                 message.enqueuedAt, reason);
        m_queues[queue].letGo(message.size);
        out.messages().release(slot);
    }
    for (Owed& owed : m_owed) {
        owed.letter = owed.queue == queue ? noSlot : owed.letter;
    }
}

/// What is on its way is forgotten, not called back: it is sent once more.
void Broker::restartWorker(std::uint16_t queue) {
    for (Owed& owed : m_owed) {
        owed.letter = owed.queue == queue ? noSlot : owed.letter;
    }
    m_workers[queue].startOver();
    if (!m_workers[queue].waiting.empty()) {
        m_handOvers.push(queue);
    }
}

void Broker::restartWorkers() {
    for (std::uint16_t queue = 0; queue < m_workers.size(); ++queue) {
        restartWorker(queue);
    }
}

} // namespace sim
