// What a broker tells a consumer beside deliveries, and a consumer that asks for each message.
//
// One that polls sends a basic.get to each of its queues, so often, by the connection that it
// settles by: while a handler is idle, nothing waits for one, and the last one is answered. An
// answer takes a round trip of the link.
// Source: https://www.rabbitmq.com/docs/consumers#fetching,
// https://www.rabbitmq.com/docs/consumer-cancel
// Not modelled: a client that asks again at once when it got something.

#include "sim/model/consumer/consumer.h"

#include <algorithm>

namespace sim {

void Consumer::begin(Outbox& out, NodeId self) {
    m_self = self;
    for (std::uint16_t lane = 0; lane < m_lanes.size(); ++lane) {
        schedulePoll(lane, out.now(), out);
    }
    beginReceiving(out);
}

void Consumer::schedulePoll(std::uint16_t lane, Instant at, Outbox& out) {
    if (plan(out).spec.poll) {
        out.schedule(at, m_self, EventKind::PollDue, packed(lane, m_lanes[lane].epoch));
    }
}

void Consumer::onPollDue(std::uint16_t lane, Outbox& out) {
    const Lane& here = m_lanes[lane];
    schedulePoll(lane, out.now() + *plan(out).spec.poll, out);
    const bool isIdle =
        std::ranges::any_of(here.work, [](const Work& work) { return work.slot == noSlot; });
    if (!here.up || here.paused || !here.consumes() || !here.buffer.empty() || !isIdle) {
        return;
    }
    for (const LinkId id : plan(out).links) {
        Connection& by = connection(id, lane, out);
        if (by.open && !by.asked && !by.recovers && !polls(id, out)) {
            by.asked = true;
            out.tell(id, lane, true, EventKind::GetAsked, by.generation);
        }
    }
}

/// The broker has cancelled the consumer, lets it consume again, or answers.
void Consumer::onBrokerNews(const Event& event, Outbox& out) {
    const News news = out.take(event);
    Connection& by = connection(news.link, news.lane, out);
    const Lane& here = m_lanes[news.lane];
    if (!here.up || !by.open || by.generation != news.generation || by.life != news.life) {
        return;
    }
    if (event.kind == EventKind::CancelledByBroker) {
        by.cancelled = true;
    } else if (event.kind == EventKind::RecoverDone) {
        by.recovers = false;
    } else if (event.kind == EventKind::GetEmpty) {
        by.asked = false;
    } else if (by.cancelled) {
        by.cancelled = false;
        if (here.consumes()) {
            out.tell(news.link, news.lane, true, EventKind::ConsumerStarted, by.generation);
        }
    }
}

} // namespace sim
