// What an operator does to a queue by hand.
//
// A purge drops what is ready; what is unacknowledged stays, and so does what a quorum queue holds
// back or keeps. A queue that is deleted goes with all it holds and with its bindings; its
// consumers are cancelled and told. A publish of it that waits for its confirm is confirmed.
// Neither dead-letters anything. Declared again, it has its bindings; those that consumed from it
// do so again.
// Source: https://www.rabbitmq.com/docs/queues, https://www.rabbitmq.com/docs/consumer-cancel,
// https://www.rabbitmq.com/docs/dlx, https://www.rabbitmq.com/docs/man/rabbitmqctl.8#purge_queue,
// https://github.com/rabbitmq/rabbitmq-server/blob/main/deps/rabbit/src/rabbit_fifo.erl
// Not modelled: the time until a quorum queue has committed a purge; deleting a queue while no node
// serves it; clients that do not know basic.cancel from a broker (they would wait for ever), and
// those that declare the queue anew as soon as they are told (here when they connect again).

#include "sim/model/rabbitmq/broker.h"

#include <algorithm>

namespace sim {

void Broker::purge(std::uint16_t queue, Outbox& out) {
    if (m_down || !m_homes[queue].serves || !m_router.queueExists(queue)) {
        return;
    }
    std::vector<Slot> purged;
    m_queues[queue].filterReady(out.messages(), [&](Slot slot) {
        purged.push_back(slot);
        return true;
    });
    for (const Slot slot : purged) {
        const Message& message = out.message(slot);
        out.note(TraceKind::Dropped, message, plan(out).queues[queue].component, noComponent,
                 message.enqueuedAt, Reason::Purged);
        out.messages().release(slot);
    }
    dispatch(queue, out); // a quorum queue that was full takes messages again
    tellDemands(out);
}

void Broker::deleteByHand(std::uint16_t queue, Outbox& out) {
    if (m_down || !m_homes[queue].serves || !m_router.queueExists(queue)) {
        return;
    }
    deleteQueue(queue, out);
    for (std::uint32_t at = 0; at < m_channels.size(); ++at) {
        ConsumerChannel& channel = m_channels[at];
        if (channel.queue != queue || !channel.open) {
            continue;
        }
        dropDeliveries(at, out);
        if (channel.forwards) {
            closeForError(at, Reason::QueueDeleted, out);
        } else if (!channel.cancelled) {
            cancelConsumer(at, Reason::QueueDeleted, out);
        }
    }
    tellDemands(out);
}

/// What is out on a channel goes with its queue. The channel stays, and answers are ignored.
void Broker::dropDeliveries(std::uint32_t index, Outbox& out) {
    ConsumerChannel& channel = m_channels[index];
    MessageQueue& queue = m_queues[channel.queue];
    for (; !channel.out.empty(); ++channel.firstTag) {
        const Slot slot = channel.out.pop();
        if (slot == noSlot) {
            continue;
        }
        channel.takenBack.push_back({.tag = channel.firstTag, .why = Reason::QueueDeleted});
        channel.release(channel.firstTag);
        if (!queue.isStream()) { // of a stream it is a copy
            const Message& message = out.message(slot);
            out.note(TraceKind::Dropped, message, plan(out).queues[channel.queue].component,
                     noComponent, message.enqueuedAt, Reason::QueueDeleted);
        }
        --queue.unacked;
        out.messages().release(slot);
        settledOne(index, out);
    }
}

void Broker::declareByHand(std::uint16_t queue, Outbox& out) {
    if (m_down || !m_homes[queue].serves) {
        return;
    }
    if (!m_router.queueExists(queue)) {
        m_router.declareWithBindings(plan(out), queue);
        watchUse(queue, out);
    }
    for (const ConsumerChannel& channel : m_channels) {
        if (channel.queue == queue && channel.open) {
            out.tell(channel.link, channel.lane, false, EventKind::ConsumePossible,
                     channel.generation);
        }
    }
}

} // namespace sim
