// Streams: messages stay where they are, and every reader goes through them at its own pace.
// Source: https://www.rabbitmq.com/docs/streams#consuming

#include "sim/model/rabbitmq/broker.h"

#include <algorithm>

namespace sim {

void Broker::appendToStream(std::uint16_t queue, Slot slot, Outbox& out) {
    const QueuePlan& ours = plan(out).queues[queue];
    StreamLog& log = m_streams[queue];
    if (log.append(slot, ours.spec, out.now(), out.messages())) {
        retire(queue, out);
    }
}

/// Lets go of the segments that it need not keep any more.
void Broker::retire(std::uint16_t queue, Outbox& out) {
    const QueuePlan& ours = plan(out).queues[queue];
    StreamLog& log = m_streams[queue];
    for (const Slot retired : log.retire(ours.spec, out.now(), out.messages())) {
        const Message& message = out.message(retired);
        out.note(TraceKind::Dropped, message, ours.component, noComponent, message.enqueuedAt,
                 Reason::Retention);
        out.messages().release(retired);
    }
}

/// Where the offset of a reader is stored: all instances of a single active consumer share it.
StreamReader& Broker::storeOf(std::uint32_t channel, const Outbox& out) {
    const LinkPlan& link = out.plan().links[index(m_channels[channel].link)];
    return m_readers[link.singleActive ? link.firstChannel : channel];
}

bool Broker::reads(std::uint32_t channel, const Plan& plan) const {
    const LinkPlan& link = plan.links[index(m_channels[channel].link)];
    const Ring<std::uint32_t>& group = m_readers[link.firstChannel].group;
    const bool isActive = !link.singleActive || (!group.empty() && group.front() == channel);
    return m_channels[channel].open && isActive;
}

void Broker::attach(std::uint32_t channel, Outbox& out) {
    const LinkPlan& link = out.plan().links[index(m_channels[channel].link)];
    if (link.singleActive) {
        m_readers[link.firstChannel].group.push(channel);
    }
    if (reads(channel, out.plan())) {
        beginReading(channel, out);
    }
}

void Broker::beginReading(std::uint32_t channel, Outbox& out) {
    const LinkPlan& link = out.plan().links[index(m_channels[channel].link)];
    const StreamLog& log = m_streams[m_channels[channel].queue];
    const auto stored = storeOf(channel, out).stored;
    // A stream that was deleted and declared anew may not have come so far again.
    m_readers[channel].next = link.storesOffset && stored
                                  ? std::min(*stored, log.nextOffset())
                                  : log.begin(link.offset, out.now(), out.messages());
}

/// The channel is closed: what it had is forgotten.
void Broker::detach(std::uint32_t channel, Outbox& out) {
    ConsumerChannel& leaving = m_channels[channel];
    for (; !leaving.out.empty(); ++leaving.firstTag) {
        if (const Slot slot = leaving.out.pop(); slot != noSlot) {
            --m_queues[leaving.queue].unacked;
            out.messages().release(slot);
        }
    }
    leaving.unacked = 0;
    leaveGroup(channel, out);
}

/// Another instance of its group goes on, if it was the active one.
void Broker::leaveGroup(std::uint32_t channel, Outbox& out) {
    const LinkPlan& link = out.plan().links[index(m_channels[channel].link)];
    Ring<std::uint32_t>& group = m_readers[link.firstChannel].group;
    if (!link.singleActive || group.empty()) {
        return;
    }
    const bool wasActive = group.front() == channel;
    for (std::size_t i = 0; i < group.size(); ++i) {
        if (group[i] == channel) {
            group.erase(i);
            break;
        }
    }
    if (wasActive && !group.empty()) {
        beginReading(group.front(), out);
    }
}

/// Every reader gets what it has not had, as far as its prefetch allows.
void Broker::feedReaders(std::uint16_t queue, Outbox& out) {
    const StreamLog& log = m_streams[queue];
    for (const LinkId id : plan(out).queues[queue].consumers) {
        const LinkPlan& link = out.plan().links[index(id)];
        for (std::uint32_t at = link.firstChannel; at < link.firstChannel + link.lanes; ++at) {
            StreamReader& reader = m_readers[at];
            while (reads(at, out.plan()) && m_channels[at].canTake() && reader.next < log.nextOffset()) {
                reader.next = std::max(reader.next, log.firstOffset());
                deliverCopy(at, log.at(reader.next++), out);
            }
        }
    }
}

void Broker::deliverCopy(std::uint32_t index, Slot original, Outbox& out) {
    ConsumerChannel& channel = m_channels[index];
    const Slot copy = out.messages().clone(original);
    Message& message = out.message(copy);
    message.deliveries = 1;
    message.lane = channel.lane;
    message.generation = channel.generation;
    message.tag = nextTag(channel);
    message.readySince = out.now();
    out.note(TraceKind::Read, message, plan(out).queues[channel.queue].component, channel.consumer,
             message.enqueuedAt);
    channel.out.push(copy);
    ++channel.unacked;
    ++m_queues[channel.queue].unacked;
    out.forward(channel.link, out.messages().lend(copy));
    if (!channel.watched) {
        watchAcks(index, out);
    }
}

/// An acknowledgement lets the reader get more; a rejection does no more than that.
void Broker::settleCopy(std::uint32_t channel, Slot copy, Parcel parcel, Outbox& out) {
    --m_channels[channel].unacked;
    --m_queues[m_channels[channel].queue].unacked;
    if (parcel == Parcel::Ack) {
        storeOf(channel, out).stored = out.message(copy).position + 1;
    }
    out.messages().release(copy);
    feedReaders(m_channels[channel].queue, out);
}

} // namespace sim
