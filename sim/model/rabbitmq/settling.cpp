// How messages leave a queue of a broker or return to it: acknowledgements, requeueing,
// dead-lettering.

#include "sim/model/rabbitmq/broker.h"

#include <algorithm>
#include <limits>

namespace sim {
namespace {

Command::Kind commandOf(Parcel parcel) {
    switch (parcel) {
    case Parcel::Ack:
    case Parcel::AckMultiple:
        return Command::Kind::Ack;
    case Parcel::Reject:
    case Parcel::RejectMultiple:
        return Command::Kind::Reject;
    case Parcel::RejectRequeue:
        return Command::Kind::RejectRequeue;
    default:
        return Command::Kind::Nack;
    }
}

bool isMultiple(Parcel parcel) {
    return parcel == Parcel::AckMultiple || parcel == Parcel::RequeueMultiple ||
           parcel == Parcel::RejectMultiple;
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
    const std::uint32_t tag = settled.tag;
    if (!channelIsOpen || !known) [[unlikely]] {
        // Too late: the channel is gone and the message was requeued. Or the queue has taken it
        // back. Or settled before: an error.
        const auto ignored = channelIsOpen ? channel.ignore(tag) : std::nullopt;
        out.note(TraceKind::Lost, settled, link.to, link.from, settled.sentAt,
                 ignored.value_or(Reason::Disconnect));
        out.messages().release(token);
        if (channelIsOpen && !ignored) {
            closeForError(channelIndex, Reason::Disconnect, out);
        } else if (ignored && isMultiple(parcel)) {
            settleUpTo(channelIndex, tag, parcel, out);
        }
        return;
    }
    out.messages().release(token);
    if (isMultiple(parcel)) [[unlikely]] {
        settleUpTo(channelIndex, tag, parcel, out);
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
    settleClassic(channelIndex, slot, parcel, out);
    if (parcel == Parcel::Requeue || parcel == Parcel::RejectRequeue) {
        trim(queue, out);
        expireHeads(queue, out);
    }
    offerTurn(channelIndex);
    dispatch(queue, out);
}

/// Settles what is out on a channel up to the tag, queue by queue and oldest first.
/// Source: https://www.rabbitmq.com/docs/confirms#consumer-acks-multiple-parameter,
/// https://www.rabbitmq.com/docs/nack
void Broker::settleUpTo(std::uint32_t index, std::uint32_t tag, Parcel parcel, Outbox& out) {
    const std::uint32_t shares = m_channels[index].shares;
    if (shares == ConsumerChannel::noShare) {
        settleOwnUpTo(index, tag, parcel, out);
        return;
    }
    for (const std::uint32_t companion : m_shared[shares].channels) {
        settleOwnUpTo(companion, tag, parcel, out);
    }
}

/// The same for what came from one queue.
void Broker::settleOwnUpTo(std::uint32_t index, std::uint32_t tag, Parcel parcel, Outbox& out) {
    ConsumerChannel& channel = m_channels[index];
    const std::uint16_t queue = channel.queue;
    std::erase_if(channel.takenBack, [&](const auto& one) { return one.tag <= tag; });
    bool any = false;
    while (!channel.out.empty() && (channel.firstTag <= tag || channel.out.front() == noSlot)) {
        const Slot slot = channel.out.pop();
        ++channel.firstTag;
        if (slot == noSlot) {
            continue;
        }
        channel.release(channel.firstTag - 1);
        if (m_queues[queue].isQuorum()) {
            command(queue,
                    {.kind = commandOf(parcel),
                     .joins = any,
                     .slot = slot,
                     .channel = index,
                     .node = nodeOf(index)},
                    out);
        } else if (m_queues[queue].isStream()) {
            settleCopy(index, slot, commandOf(parcel) == Command::Kind::Ack ? Parcel::Ack : parcel,
                       out);
        } else {
            settledOne(index, out); // which may deliver, and move messages in the pool
            --m_queues[queue].unacked;
            settleClassic(index, slot, parcel, out);
        }
        any = true;
    }
    if (any && !m_queues[queue].isReplicated()) {
        if (parcel == Parcel::RequeueMultiple) {
            trim(queue, out);
            expireHeads(queue, out);
        }
        offerTurn(index);
        dispatch(queue, out);
    }
}

/// What becomes of a message of a classic queue.
void Broker::settleClassic(std::uint32_t index, Slot slot, Parcel parcel, Outbox& out) {
    ConsumerChannel& channel = m_channels[index];
    const Command::Kind kind = commandOf(parcel);
    if (kind == Command::Kind::Ack) {
        const Message& message = out.message(slot);
        out.note(TraceKind::Acked, message, plan(out).queues[channel.queue].component,
                 channel.consumer, message.enqueuedAt);
        out.messages().release(slot);
    } else if (kind == Command::Kind::Reject) {
        giveUp(channel.queue, slot, Reason::Rejected, out);
    } else {
        requeue(channel, slot, Reason::Nack, out);
    }
}

/// basic.recover: everything that is out on the channel goes back, after the answer.
/// Source: https://www.rabbitmq.com/docs/confirms#automatic-requeueing,
/// https://www.rabbitmq.com/amqp-0-9-1-reference#basic.recover
void Broker::onRecoverAsked(const News& news, Outbox& out) {
    const std::uint32_t at = out.plan().links[index(news.link)].firstChannel + news.lane;
    if (!concerns(news, out) || !m_channels[at].open ||
        m_channels[at].generation != news.generation) {
        return;
    }
    const auto answer = [&](std::uint32_t one) {
        const ConsumerChannel& channel = m_channels[one];
        out.tell(channel.link, channel.lane, false, EventKind::RecoverDone, channel.generation);
    };
    if (const std::uint32_t shares = m_channels[at].shares; shares != ConsumerChannel::noShare) {
        std::ranges::for_each(m_shared[shares].channels, answer);
    } else {
        answer(at);
    }
    settleUpTo(at, std::numeric_limits<std::uint32_t>::max(), Parcel::RequeueMultiple, out);
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
