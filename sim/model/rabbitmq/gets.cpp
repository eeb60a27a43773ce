// basic.get: a client asks for one message, and is no consumer.
//
// It gets the one that leaves next, whatever the prefetch, the priorities of consumers and the
// single active one among them; what it has got counts as unacknowledged. A queue that is asked is
// in use, as far as its expiry is concerned. A quorum queue answers when a majority knows of it.
// Source: https://www.rabbitmq.com/docs/consumers#fetching,
// https://www.rabbitmq.com/docs/ttl#queue-ttl
// Not modelled: a get that waits for a leader (it finds nothing while there is none), one that an
// alarm keeps the broker from reading.

#include "sim/model/rabbitmq/broker.h"

#include <algorithm>

namespace sim {

void Broker::onGetAsked(const News& news, Outbox& out) {
    const std::uint32_t at = out.plan().links[index(news.link)].firstChannel + news.lane;
    ConsumerChannel& channel = m_channels[at];
    const bool isKnown = channel.open || channel.waiting;
    if (!concerns(news, out) || !isKnown || channel.generation != news.generation) {
        return;
    }
    const std::uint16_t queue = channel.queue;
    if (channel.open && !m_router.queueExists(queue)) { // 404: nothing of that name
        closeForError(at, Reason::QueueDeleted, out);
        return;
    }
    const bool isReachable = channel.open && isReached(queue, nodeOf(at));
    if (!isReachable || !m_queues[queue].isQuorum()) {
        answerGet(at, out);
        return;
    }
    CommandLog& log = m_logs[queue];
    const Duration delay = out.chance().duration(m_disk[queue], plan(out).spec.commitDelay);
    log.last = std::max(log.last, out.now() + delay);
    out.schedule(log.last, m_self, EventKind::GetCommitted, at, channel.generation);
}

void Broker::onGetCommitted(std::uint32_t index, std::uint8_t generation, Outbox& out) {
    const ConsumerChannel& channel = m_channels[index];
    if (channel.open && channel.generation == generation) {
        serve(channel.queue, out); // what has expired leaves first
        answerGet(index, out);
        serve(channel.queue, out);
    }
}

void Broker::answerGet(std::uint32_t index, Outbox& out) {
    ConsumerChannel& channel = m_channels[index];
    const std::uint16_t queue = channel.queue;
    MessageQueue& ready = m_queues[queue];
    const bool isReachable = channel.open && isReached(queue, nodeOf(index));
    if (isReachable && !hasConsumer(queue, out)) {
        watchUse(queue, out);
    }
    if (!isReachable || ready.ready() == 0) {
        out.note(TraceKind::GotEmpty, plan(out).queues[queue].component, channel.lane,
                 channel.consumer);
        out.tell(channel.link, channel.lane, false, EventKind::GetEmpty, channel.generation);
        return;
    }
    deliver(channel, index, ready.popHead(out.messages()), out);
    expireHeads(queue, out);
}

} // namespace sim
