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
    const std::uint32_t tag = settled.tag;
    out.messages().release(token);
    if (parcel == Parcel::AckMultiple) [[unlikely]] {
        ackUpTo(channelIndex, tag, out);
        return;
    }
    const Slot slot = channel.out[position];
    channel.out[position] = noSlot;
    channel.release(tag);
    while (!channel.out.empty() && channel.out.front() == noSlot) {
        channel.out.pop();
        ++channel.firstTag;
    }
    const std::uint16_t queue = channel.queue;
    if (m_queues[queue].isStream()) {
        settleCopy(channelIndex, slot, parcel, out);
        return;
    }
    if (m_queues[queue].isQuorum()) {
        command(queue,
                {.kind = commandOf(parcel),
                 .slot = slot,
                 .channel = channelIndex,
                 .node = nodeOf(channelIndex)},
                out);
        return;
    }
    settledOne(channelIndex, out);
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

/// Acknowledges what is out on a channel up to the tag, queue by queue.
/// Source: https://www.rabbitmq.com/docs/confirms#consumer-acks-multiple-parameter
void Broker::ackUpTo(std::uint32_t index, std::uint32_t tag, Outbox& out) {
    const std::uint32_t shares = m_channels[index].shares;
    if (shares == ConsumerChannel::noShare) {
        ackOwnUpTo(index, tag, out);
        return;
    }
    for (const std::uint32_t companion : m_shared[shares].channels) {
        ackOwnUpTo(companion, tag, out);
    }
}

/// The same for what came from one queue.
void Broker::ackOwnUpTo(std::uint32_t index, std::uint32_t tag, Outbox& out) {
    ConsumerChannel& channel = m_channels[index];
    const std::uint16_t queue = channel.queue;
    const bool isQuorum = m_queues[queue].isQuorum();
    bool any = false;
    while (!channel.out.empty() && (channel.firstTag <= tag || channel.out.front() == noSlot)) {
        const Slot slot = channel.out.pop();
        ++channel.firstTag;
        if (slot == noSlot) {
            continue;
        }
        channel.release(channel.firstTag - 1);
        if (isQuorum) {
            command(queue,
                    {.kind = Command::Kind::Ack,
                     .joins = any,
                     .slot = slot,
                     .channel = index,
                     .node = nodeOf(index)},
                    out);
        } else if (m_queues[queue].isStream()) {
            settleCopy(index, slot, Parcel::Ack, out);
        } else {
            const Message& message = out.message(slot);
            settledOne(index, out);
            --m_queues[queue].unacked;
            out.note(TraceKind::Acked, message, plan(out).queues[queue].component,
                     channel.consumer, message.enqueuedAt);
            out.messages().release(slot);
        }
        any = true;
    }
    if (any && !m_queues[queue].isReplicated()) {
        offerTurn(index);
        dispatch(queue, out);
    }
}

/// Delivery tags count over everything that one channel delivers.
void Broker::alignTags(ConsumerChannel& channel) {
    const std::uint32_t tag = ++m_shared[channel.shares].lastTag;
    if (channel.out.empty()) {
        channel.firstTag = tag;
    }
    while (channel.firstTag + channel.out.size() < tag) { // tags of its companions
        channel.out.push(noSlot);
    }
}

void Broker::requeue(ConsumerChannel& channel, Slot slot, Reason reason, Outbox& out) {
    Message& message = out.message(slot);
    if (!m_router.queueExists(channel.queue)) { // it went with its queue
        out.note(TraceKind::Dropped, message, plan(out).queues[channel.queue].component, noComponent,
                 message.enqueuedAt, Reason::QueueDeleted);
        out.messages().release(slot);
        return;
    }
    message.set(Redelivered);
    out.note(TraceKind::Requeued, message, plan(out).queues[channel.queue].component,
             channel.consumer, message.readySince, reason);
    message.readySince = out.now();
    m_queues[channel.queue].putBack(slot, out.messages());
}

} // namespace sim
