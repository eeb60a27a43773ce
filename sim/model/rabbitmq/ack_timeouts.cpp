// Deliveries that nobody acknowledges for too long.

#include "sim/model/rabbitmq/broker.h"

#include <algorithm>

namespace sim {

/// Looks at the channel's oldest delivery when its acknowledgement may be overdue. Up to 4.2 a
/// channel looks once a minute since it was opened, whatever queue it consumes from; from 4.3 on a
/// quorum queue looks by itself, and no other does.
/// Source: https://www.rabbitmq.com/docs/consumers#acknowledgement-timeout
void Broker::watchAcks(std::uint32_t index, Outbox& out) {
    ConsumerChannel& channel = m_channels[index];
    const auto& timeout = plan(out).spec.consumerTimeout;
    const bool byQueue = m_version == RabbitmqVersion::V4_3;
    if (!timeout || channel.out.empty() || (byQueue && !m_queues[channel.queue].isQuorum())) {
        return;
    }
    constexpr Duration tick = 1min;
    Instant due = out.message(channel.out.front()).readySince + *timeout;
    if (!byQueue) {
        due = channel.openedAt + ((due - channel.openedAt) / tick + 1) * tick;
    }
    channel.watched = true;
    out.schedule(std::max(due, out.now()), m_self, EventKind::AckTimeout, index);
}

void Broker::onAckTimeout(std::uint32_t index, Outbox& out) {
    ConsumerChannel& channel = m_channels[index];
    channel.watched = false;
    const auto& timeout = plan(out).spec.consumerTimeout;
    const auto isOverdue = [&](Slot slot) {
        return slot != noSlot && out.message(slot).readySince + *timeout <= out.now();
    };
    if (!channel.open || channel.out.empty()) {
        return;
    }
    if (!isOverdue(channel.out.front())) {
        watchAcks(index, out);
        return;
    }
    if (m_version == RabbitmqVersion::V4_3) {
        timeOut(index, out);
    } else {
        closeForError(index, Reason::AckTimeout, out);
    }
}

/// From 4.3 on a queue takes back what is overdue and ends the consumer, which is told and may
/// consume again: the rest of what it holds stays on its channel, and an answer to what is taken
/// back is ignored. What becomes overdue of a consumer that has ended already closes the channel;
/// so it does where there is none, and here with shovels and federation links, which start anew
/// when they are cancelled.
/// Source: https://www.rabbitmq.com/docs/consumers#acknowledgement-timeout,
/// https://github.com/rabbitmq/rabbitmq-server/blob/main/release-notes/4.3.0.md,
/// https://github.com/rabbitmq/rabbitmq-server/discussions/18207
/// Not modelled: clients that do not know basic.cancel from a broker (their channel is closed).
void Broker::timeOut(std::uint32_t index, Outbox& out) {
    ConsumerChannel& channel = m_channels[index];
    const Duration timeout = *plan(out).spec.consumerTimeout;
    bool closes = channel.cancelled || channel.forwards;
    for (std::size_t i = 0; i < channel.out.size(); ++i) {
        const Slot slot = channel.out[i];
        if (slot == noSlot || out.message(slot).readySince + timeout > out.now()) {
            continue;
        }
        const std::uint32_t tag = channel.firstTag + static_cast<std::uint32_t>(i);
        closes = closes || tag < channel.formerTag;
        channel.out[i] = noSlot;
        channel.release(tag);
        channel.takenBack.push_back({.tag = tag, .why = Reason::AckTimeout});
        command(channel.queue,
                {.kind = Command::Kind::TimedOut,
                 .reason = Reason::AckTimeout,
                 .slot = slot,
                 .channel = index},
                out);
    }
    if (closes) {
        closeForError(index, Reason::AckTimeout, out);
        return;
    }
    for (; !channel.out.empty() && channel.out.front() == noSlot; ++channel.firstTag) {
        channel.out.pop();
    }
    cancelConsumer(index, Reason::AckTimeout, out);
    out.tell(channel.link, channel.lane, false, EventKind::ConsumePossible, channel.generation);
    leaveBehind(channel.queue, out);
    serve(channel.queue, out);
    watchAcks(index, out);
}

/// basic.cancel from the broker: the consumer gets nothing more, and its client is told. What it
/// has can still be settled. Source: https://www.rabbitmq.com/docs/consumer-cancel
void Broker::cancelConsumer(std::uint32_t index, Reason reason, Outbox& out) {
    ConsumerChannel& channel = m_channels[index];
    out.note(TraceKind::ConsumerCancelled, plan(out).queues[channel.queue].component, channel.lane,
             channel.consumer, reason);
    channel.cancelled = true;
    if (m_queues[channel.queue].isStream()) {
        leaveGroup(index, out);
    } else {
        leave(index);
    }
    out.tell(channel.link, channel.lane, false, EventKind::CancelledByBroker, channel.generation);
}

} // namespace sim
