// What comes into SQS queues and leaves them: sends, deletes, changes of the visibility timeout,
// dead letters, and what time does.

#include "sim/base/odds.h"
#include "sim/model/aws/service.h"

#include <algorithm>

namespace sim {
namespace {

ReceiptHandle handleOf(const Message& delivery) {
    return {.number = static_cast<std::uint32_t>(delivery.position >> 32U),
            .entry = delivery.tag,
            .receive = static_cast<std::uint32_t>(delivery.position)};
}

constexpr std::uint32_t everything = 0; ///< the group where a scope or a quota has none

} // namespace

void Aws::send(std::uint16_t queue, Slot slot, Outbox& out) {
    const SqsQueueSpec& spec = plan(out).queues[queue].spec;
    out.message(slot).returns = 0; // receives, from now on
    if (const auto why = whyRefused(queue, out.message(slot), out)) {
        reply(slot, Parcel::ConfirmNack, out);
        refuse(queue, slot, *why, out);
        return;
    }
    reply(slot, Parcel::Confirm, out);
    const bool byContent = spec.contentBasedDeduplication;
    if (spec.fifo && isDuplicate(queue, out.message(slot), byContent, out)) {
        refuse(queue, slot, Reason::DuplicateId, out);
        return;
    }
    store(queue, slot, out.now() + spec.retention, spec.delay, noComponent, out);
}

std::optional<Reason> Aws::whyRefused(std::uint16_t queue, const Message& message, Outbox& out) {
    const SqsQueueSpec& spec = plan(out).queues[queue].spec;
    if (message.size > spec.maxMessageSize) {
        return Reason::TooLarge;
    }
    if (!spec.fifo) {
        return std::nullopt;
    }
    const auto group = groupOf(message, true, out);
    if (!group) {
        return Reason::MissingGroup;
    }
    if (!duplicateIdOf(message, spec.contentBasedDeduplication, out)) {
        return Reason::MissingId;
    }
    const std::uint32_t counted = hasHighThroughput(spec) ? *group : everything;
    return m_queues[queue].sends.admit(counted, spec.apiRate, out.now())
               ? std::nullopt
               : std::optional(Reason::Throttled);
}

/// What a topic delivers: no call that anybody counts, and nobody waits for a response. It brings
/// the deduplication id that the topic has found.
void Aws::takeDelivery(std::uint16_t queue, Slot slot, Outbox& out) {
    const SqsQueueSpec& spec = plan(out).queues[queue].spec;
    const Message& message = out.message(slot);
    const ComponentId topic = out.plan().links[index(message.link)].from;
    if (spec.fifo && isDuplicate(queue, message, true, out)) {
        refuse(queue, slot, Reason::DuplicateId, out);
        return;
    }
    store(queue, slot, out.now() + spec.retention, spec.delay, topic, out);
}

/// Requires a message with a group and a deduplication id.
bool Aws::isDuplicate(std::uint16_t queue, const Message& message, bool byContent, Outbox& out) {
    const SqsQueueSpec& spec = plan(out).queues[queue].spec;
    const bool ofGroup = spec.deduplicationScope == DeduplicationScope::MessageGroup;
    const std::uint32_t scope = ofGroup ? groupOf(message, true, out).value_or(0) : everything;
    const std::uint64_t id = duplicateIdOf(message, byContent, out).value_or(0);
    return !m_queues[queue].known.isNew({scope, id}, out.now());
}

void Aws::refuse(std::uint16_t queue, Slot slot, Reason reason, Outbox& out) {
    out.note(TraceKind::Refused, out.message(slot), plan(out).queues[queue].component, noComponent,
             out.now(), reason);
    out.messages().release(slot);
}

/// `from` is the topic that delivers it, or noComponent.
void Aws::store(std::uint16_t queue, Slot slot, Instant expiresAt, Duration delay,
                ComponentId from, Outbox& out) {
    const SqsQueuePlan& ours = plan(out).queues[queue];
    Queue& here = m_queues[queue];
    Message& message = out.message(slot);
    message.exchange = from;
    message.deliveries = 0;
    message.failures = 0;
    message.clear(Redelivered);
    SqsQueue::Arrival arrival{.slot = slot,
                              .visibleAt = out.now() + delay,
                              .expiresAt = expiresAt,
                              .group = groupOf(message, ours.spec.fifo, out).value_or(0)};
    if (!ours.spec.fifo) {
        const Duration behind = out.chance().duration(here.places, ours.spec.reorder);
        arrival.order = (out.now() - start + behind).count();
        arrival.shard =
            static_cast<std::uint32_t>(out.chance().below(here.places, ours.spec.shards));
    }
    here.queue.add(arrival, out.now());
    if (delay > Duration{}) {
        out.note(TraceKind::Delayed, message, ours.component, from);
    } else {
        noteVisible(queue, slot, from, Reason::None, out);
    }
    settleDue(queue, out); // a dead letter may be too old already
    armTimer(queue, out);
    serveWaiting(queue, out);
}

/// It is in the queue for everybody from now on.
void Aws::noteVisible(std::uint16_t queue, Slot slot, ComponentId from, Reason reason,
                      Outbox& out) {
    Message& message = out.message(slot);
    message.enqueuedAt = out.now();
    message.readySince = out.now();
    out.note(TraceKind::Enqueued, message, plan(out).queues[queue].component, from,
             message.createdAt, reason);
}

/// A consumer deletes a message, or changes its visibility timeout.
void Aws::settle(std::uint16_t queue, Slot slot, Parcel parcel, Outbox& out) {
    const Message& message = out.message(slot);
    const ReceiptHandle handle = handleOf(message);
    const LinkPlan& link = out.plan().links[index(message.link)];
    if (!m_queues[queue].queue.find(handle)) {
        out.messages().release(slot); // deleted already, which is no error
        return;
    }
    if (parcel == Parcel::Ack) {
        const bool isStale = !m_queues[queue].queue.canDelete(handle);
        if (isStale && m_queues[queue].queue.isFifo()) {
            out.note(TraceKind::NackSent, message, plan(out).queues[queue].component, link.to,
                     message.sentAt, Reason::StaleHandle);
        } else if (!isStale || out.chance().happens(
                                   m_queues[queue].luck,
                                   odds(plan(out).queues[queue].spec.staleDeleteRate))) {
            remove(queue, handle, out);
        }
    } else {
        const ConsumerPlan& consumer = out.plan().consumers[link.consumer];
        const auto& sqs = consumer.spec.sqs;
        const bool extends = parcel == Parcel::Extend && sqs && sqs->heartbeat;
        change(queue, handle, out.now() + (extends ? sqs->heartbeat->by : Duration{}), out);
    }
    out.messages().release(slot);
    serveWaiting(queue, out);
}

/// Source:
/// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html
void Aws::remove(std::uint16_t queue, const ReceiptHandle& handle, Outbox& out) {
    const SqsQueuePlan& ours = plan(out).queues[queue];
    Queue& here = m_queues[queue];
    const SqsQueue::Entry before = here.queue[handle.entry];
    const Slot slot = here.queue.remove(handle.entry);
    const Message& message = out.message(slot);
    out.note(TraceKind::Acked, message, ours.component,
             out.plan().links[index(message.link)].to, message.enqueuedAt);
    const bool comesBack = !ours.spec.fifo &&
                           out.chance().happens(here.luck, odds(ours.spec.resurrectRate));
    if (!comesBack) {
        out.messages().release(slot);
        return;
    }
    here.queue.add({.slot = slot,
                    .visibleAt = out.now(),
                    .expiresAt = before.expiresAt,
                    .shard = before.shard,
                    .order = (out.now() - start).count(),
                    .receives = before.receives},
                   out.now());
    noteVisible(queue, slot, noComponent, Reason::Replica, out);
    armTimer(queue, out);
}

void Aws::change(std::uint16_t queue, const ReceiptHandle& handle, Instant until, Outbox& out) {
    SqsQueue& messages = m_queues[queue].queue;
    const bool isInFlight = messages[handle.entry].state == SqsQueue::State::InFlight;
    if (!isInFlight || !messages.canChange(handle, until)) {
        return;
    }
    messages.setVisibility(handle.entry, until, out.now());
    if (until <= out.now()) {
        comeBack(queue, handle.entry, Reason::Nack, out);
    }
    armTimer(queue, out);
}

/// Notes that a message in flight is visible again.
void Aws::comeBack(std::uint16_t queue, std::uint32_t entry, Reason reason, Outbox& out) {
    Message& message = out.message(m_queues[queue].queue[entry].slot);
    out.note(TraceKind::Requeued, message, plan(out).queues[queue].component,
             out.plan().links[index(message.link)].to, message.readySince, reason);
    message.readySince = out.now();
}

/// The copy goes to the dead-letter queue as it is; its deduplication id does not go with it. In a
/// standard queue the time that it was in the first one counts, in a FIFO queue it begins anew.
/// Source:
/// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html
void Aws::moveToDeadLetters(std::uint16_t queue, Slot slot, Instant expiresAt, Outbox& out) {
    const SqsQueuePlan& from = plan(out).queues[queue];
    const SqsQueuePlan& into = plan(out).queues[from.deadLetterQueue];
    Message& message = out.message(slot);
    out.note(TraceKind::DeadLettered, message, from.component, into.component, message.enqueuedAt,
             Reason::DeliveryLimit);
    message.set(DeadLetter);
    const Instant since = from.spec.fifo ? out.now() : expiresAt - from.spec.retention;
    store(from.deadLetterQueue, slot, since + into.spec.retention, Duration{}, from.component, out);
}

void Aws::onTimer(std::uint16_t queue, Outbox& out) {
    m_queues[queue].timers.pop_back();
    settleDue(queue, out);
    armTimer(queue, out);
    serveWaiting(queue, out);
}

/// What time has done by now.
void Aws::settleDue(std::uint16_t queue, Outbox& out) {
    SqsQueue& messages = m_queues[queue].queue;
    while (const auto due = messages.due(out.now())) {
        const Slot slot = due->expired != noSlot ? due->expired : messages[due->entry].slot;
        if (due->wasDelayed) {
            noteVisible(queue, slot, out.message(slot).exchange, Reason::None, out);
        }
        if (due->expired != noSlot) {
            const Message& message = out.message(slot);
            out.note(TraceKind::Dropped, message, plan(out).queues[queue].component, noComponent,
                     message.enqueuedAt, Reason::Expired);
            out.messages().release(slot);
        } else if (!due->wasDelayed) {
            comeBack(queue, due->entry, Reason::Visibility, out);
        }
    }
}

/// Sees to it that an event looks at the queue when something changes there by itself.
void Aws::armTimer(std::uint16_t queue, Outbox& out) {
    Queue& here = m_queues[queue];
    const Instant next = here.queue.next();
    if (next != never && (here.timers.empty() || next < here.timers.back())) {
        const Instant at = std::max(next, out.now());
        here.timers.push_back(at);
        out.schedule(at, m_self, EventKind::QueueTimer, queue);
    }
}

} // namespace sim
