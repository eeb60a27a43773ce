// Quorum queues: what they are told counts when it is committed, and returned messages go first.

#include "sim/model/rabbitmq/broker.h"

#include <algorithm>
#include <limits>

namespace sim {
namespace {

using Kind = Command::Kind;

std::uint16_t oneMore(std::uint16_t count) {
    return count == std::numeric_limits<std::uint16_t>::max() ? count
                                                              : static_cast<std::uint16_t>(count + 1);
}

/// Whether the return counts towards the delivery limit. From 4.3 on only what looks like a failure
/// does. Source: https://www.rabbitmq.com/docs/quorum-queues#poison-message-handling
bool countsAsFailure(Kind kind, RabbitmqVersion version) {
    return version != RabbitmqVersion::V4_3 || kind == Kind::RejectRequeue || kind == Kind::Lost;
}

Reason reasonOf(const Command& command) {
    return command.kind == Kind::Lost || command.kind == Kind::TimedOut ? command.reason
                                                                        : Reason::Nack;
}

} // namespace

/// A queue that is full tells the channels that publish to it. Dead letters come by none, unless
/// they are handed over at least once.
bool Broker::canBeRefused(Slot slot, Outbox& out) const {
    if (!out.message(slot).has(DeadLetter)) {
        return true;
    }
    const BrokerPlan& ours = plan(out);
    const ComponentId source = out.messages().deaths(slot).front().queue;
    return ours.queues[ours.queueOf[index(source)]].deadLettersAtLeastOnce;
}

void Broker::offerReplicated(std::uint16_t queue, Slot slot, ComponentId from, Publish& result,
                         Outbox& out) {
    if (m_queues[queue].refuses && canBeRefused(slot, out)) {
        result.refused = true;
        refuse(queue, slot, from, out);
        return;
    }
    const Message& message = out.message(slot);
    const std::uint32_t gate = message.has(DeadLetter) ? noGate : gateOf(message, out.plan());
    command(queue, {.kind = Kind::Enqueue, .slot = slot, .channel = gate, .node = m_sender}, out);
    if (gate != noGate && m_gates[gate].commandsTo(queue)++ == Gate::commandsMax) {
        ++m_inFlow;
    }
    ++result.commits;
    m_committing.push_back(queue);
}

void Broker::command(std::uint16_t queue, Command command, Outbox& out) {
    CommandLog& log = m_logs[queue];
    log.lastIsHeld = isCluster() && !isReached(queue, command.node);
    if (log.lastIsHeld) {
        log.held.push(command);
        return;
    }
    if (command.joins && !log.commands.empty()) [[unlikely]] {
        command.committedAt = log.commands.back().committedAt;
        log.commands.push(command);
        return;
    }
    const Duration delay = out.chance().duration(m_disk[queue], plan(out).spec.commitDelay);
    log.last = std::max(log.last, out.now() + delay);
    command.committedAt = log.last;
    log.returnsUntil = command.kind == Kind::Lost ? log.last : log.returnsUntil;
    log.commands.push(command);
    out.schedule(log.last, m_self, EventKind::Committed, queue);
}

void Broker::onCommitted(std::uint16_t queue, Outbox& out) {
    CommandLog& log = m_logs[queue];
    bool any = false;
    while (!log.commands.empty() && log.commands.front().committedAt <= out.now()) {
        apply(queue, log.commands.pop(), out);
        any = true;
    }
    if (log.returnsUntil <= out.now()) {
        log.returnsUntil = never;
        any = true;
    }
    if (any) {
        serve(queue, out);
    }
}

void Broker::apply(std::uint16_t queue, const Command& command, Outbox& out) {
    if (command.kind == Kind::Enqueue) {
        applyEnqueue(queue, command, out);
        return;
    }
    const Message& message = out.message(command.slot);
    ConsumerChannel& channel = m_channels[command.channel];
    if (channel.open && channel.generation == message.generation) {
        --channel.unacked;
    }
    --m_queues[queue].unacked;
    if (command.kind == Kind::Ack) {
        out.note(TraceKind::Acked, message, plan(out).queues[queue].component, channel.consumer,
                 message.enqueuedAt);
        out.messages().release(command.slot);
    } else if (command.kind == Kind::Reject) {
        giveUp(queue, command.slot, Reason::Rejected, out);
    } else {
        takeBack(queue, command, out);
    }
    offerTurn(command.channel);
}

void Broker::applyEnqueue(std::uint16_t queue, const Command& command, Outbox& out) {
    const QueuePlan& ours = plan(out).queues[queue];
    Message& message = out.message(command.slot);
    message.enqueuedAt = out.now();
    message.readySince = out.now();
    message.onDiskAt = out.now();
    message.deliveries = 0;
    message.returns = 0;
    if (plan(out).spec.version != RabbitmqVersion::V4_3) {
        message.failures = 0; // from 4.3 on a dead letter brings its count along
    }
    message.clear(Redelivered);
    stampExpiry(message, ours.spec, out);
    if (message.expiresAt == out.now()) {
        message.expiresAt += 1ms; // a time to live of 0 is as good as 1
    }
    out.note(TraceKind::Enqueued, message, ours.component, message.exchange, message.createdAt);
    if (m_queues[queue].isStream()) {
        appendToStream(queue, command.slot, out);
    } else {
        m_queues[queue].append(command.slot, out.messages());
    }
    if (command.owed != nothingOwed) {
        oweLess(command.owed, true, out);
    }
    noLongerUnderWay(queue, command.channel);
}

/// A publish of this connection has come into the queue, or never will.
void Broker::noLongerUnderWay(std::uint16_t queue, std::uint32_t gate) {
    if (gate != noGate && m_gates[gate].commandsTo(queue)-- == Gate::commandsMax + 1) {
        --m_inFlow;
    }
}

/// A message has come back from a consumer.
void Broker::takeBack(std::uint16_t queue, const Command& command, Outbox& out) {
    const QueuePlan& ours = plan(out).queues[queue];
    const RabbitmqVersion version = plan(out).spec.version;
    Message& message = out.message(command.slot);
    message.set(Redelivered);
    message.returns = oneMore(message.returns);
    const bool failed = countsAsFailure(command.kind, version);
    message.failures = failed ? oneMore(message.failures) : message.failures;
    if (!m_router.queueExists(queue)) {
        out.note(TraceKind::Dropped, message, ours.component, noComponent, message.enqueuedAt,
                 Reason::QueueDeleted);
        out.messages().release(command.slot);
        return;
    }
    const auto limit = deliveryLimitOf(ours.spec, version);
    if (limit && message.failures > *limit) {
        giveUp(queue, command.slot, Reason::DeliveryLimit, out);
        return;
    }
    out.note(TraceKind::Requeued, message, ours.component, m_channels[command.channel].consumer,
             message.readySince, reasonOf(command));
    message.readySince = out.now();
    MessageQueue& ready = m_queues[queue];
    const bool asNew = !limit && (command.kind == Kind::Nack ||
                                  (command.kind == Kind::RejectRequeue &&
                                   version != RabbitmqVersion::V4_3));
    if (asNew) {
        ready.appendAgain(command.slot, out.messages());
    } else if (const Duration wait = retryDelay(ours.spec, message, failed, version);
               wait > Duration{}) {
        ready.hold(command.slot, out.now() + wait, out.messages());
        out.schedule(out.now() + wait, m_self, EventKind::RetryDue, queue);
    } else {
        ready.putBack(command.slot, out.messages());
    }
}

/// How long a returned message waits before it is delivered again.
/// Source: https://www.rabbitmq.com/docs/quorum-queues#delayed-retry
Duration Broker::retryDelay(const QueueSpec& spec, const Message& message, bool failed,
                            RabbitmqVersion version) {
    const DelayedRetry which = spec.delayedRetry;
    const bool waits = which == DelayedRetry::All || (which == DelayedRetry::Failed && failed) ||
                       (which == DelayedRetry::Returned && !failed);
    if (version != RabbitmqVersion::V4_3 || !waits) {
        return {};
    }
    const std::int64_t times = std::max<std::int64_t>(1, message.failures);
    const bool beyond = spec.delayedRetryMin > spec.delayedRetryMax / times;
    return beyond ? spec.delayedRetryMax : spec.delayedRetryMin * times;
}

void Broker::onRetryDue(std::uint16_t queue, Outbox& out) {
    if (m_queues[queue].releaseHeld(out.now(), out.messages())) {
        serve(queue, out);
    }
}

/// Expires, delivers, and looks at the limits: after everything that changes a quorum queue.
void Broker::serve(std::uint16_t queue, Outbox& out) {
    MessageQueue& ready = m_queues[queue];
    if (m_down || !m_homes[queue].serves) {
        return;
    }
    if (ready.isStream()) {
        feedReaders(queue, out);
        return;
    }
    for (;;) {
        giveUpExpired(queue, out);
        // The next active consumer begins with what the one before it held.
        const bool waits = ready.singleActive() && m_logs[queue].returnsUntil != never;
        ConsumerChannel* taker = ready.ready() == 0 || waits ? nullptr : nextTaker(ready);
        if (taker == nullptr) {
            break;
        }
        deliver(*taker, static_cast<std::uint32_t>(taker - m_channels.data()),
                ready.popHead(out.messages()), out);
    }
    trim(queue, out);
    const QueueSpec& spec = plan(out).queues[queue].spec;
    if (overflowOf(spec) == Overflow::RejectPublish) {
        ready.refuses = ready.refuses ? !ready.hasRoomAgain(spec) : ready.exceeds(spec);
    }
    setTimer(queue, out);
}

/// What has not reached a majority dies with the node: messages on their way in are lost, and what
/// consumers have settled is as if they had not.
void Broker::loseUncommitted(std::uint16_t queue, Outbox& out) {
    for (Ring<Command>& commands = m_logs[queue].commands; !commands.empty();) {
        Command command = commands.pop();
        if (command.kind != Kind::Enqueue) {
            command.kind = Kind::Lost;
            command.reason = Reason::BrokerRestart;
            apply(queue, command, out);
            continue;
        }
        dropEnqueue(queue, command, out);
    }
}

/// A message never comes into the queue: its node died before a majority had it.
void Broker::dropEnqueue(std::uint16_t queue, const Command& command, Outbox& out) {
    const Message& message = out.message(command.slot);
    const ComponentId from = message.exchange == noComponent
                                 ? out.plan().links[index(message.link)].from
                                 : message.exchange;
    out.note(TraceKind::Lost, message, from, plan(out).queues[queue].component, message.sentAt,
             Reason::NotOnDisk);
    out.messages().release(command.slot);
    noLongerUnderWay(queue, command.channel);
    if (command.owed != nothingOwed) {
        oweLess(command.owed, false, out);
    }
}

/// The queue is deleted: what was on its way in or kept is dropped; a publish of it is confirmed.
void Broker::dropLogged(std::uint16_t queue, Outbox& out) {
    const ComponentId component = plan(out).queues[queue].component;
    const auto drop = [&](Slot slot) {
        const Message& message = out.message(slot);
        out.note(TraceKind::Dropped, message, component, noComponent, message.enqueuedAt,
                 Reason::QueueDeleted);
        out.messages().release(slot);
    };
    Ring<Command>& commands = m_logs[queue].commands;
    for (Ring<Command>& held = m_logs[queue].held; !held.empty();) {
        commands.push(held.pop());
    }
    while (!commands.empty()) {
        const Command command = commands.pop();
        if (command.kind == Kind::Enqueue) {
            applyEnqueue(queue, command, out);
        } else {
            --m_queues[queue].unacked;
            ConsumerChannel& channel = m_channels[command.channel];
            if (channel.open && channel.generation == out.message(command.slot).generation) {
                --channel.unacked;
            }
            drop(command.slot);
        }
    }
    m_queues[queue].filter(out.messages(), [&](Slot slot) {
        drop(slot);
        return true;
    });
    dropRetained(queue, Reason::QueueDeleted, out);
}

void Broker::applyAll(std::uint16_t queue, Outbox& out) {
    for (Ring<Command>& commands = m_logs[queue].commands; !commands.empty();) {
        apply(queue, commands.pop(), out);
    }
}

OwedId Broker::owe(Slot token, std::uint32_t queues) {
    if (m_freeOwed.empty()) {
        m_freeOwed.push_back(static_cast<OwedId>(m_owed.size()));
        m_owed.emplace_back();
    }
    const OwedId id = m_freeOwed.back();
    m_freeOwed.pop_back();
    m_owed[index(id)] = {.token = token, .left = queues};
    return id;
}

/// One of the queues has the publish, or never will.
void Broker::oweLess(OwedId id, bool has, Outbox& out) {
    Owed& owed = m_owed[index(id)];
    owed.lost = owed.lost || !has;
    if (--owed.left > 0) {
        return;
    }
    const Owed done = std::move(owed);
    m_freeOwed.push_back(id);
    if (done.token != noSlot) {
        const Message& publish = out.message(done.token);
        if (done.lost || m_down || publish.tag != out.linkLife(publish.link)) {
            out.messages().release(done.token); // nobody is there to be told
        } else {
            confirm(done.token, Publish{.refused = done.refused}, out);
        }
    } else if (done.letter != noSlot) {
        const auto letter = DeadLetterWorker::take(m_workers[done.queue].sent, done.letter);
        if (done.lost || done.refused) {
            stall(done.queue, letter, out);
        } else {
            handedOver(done.queue, letter, out);
        }
        m_handOvers.push(done.queue);
    }
}

} // namespace sim
