// Shovels and federation links: consumers that publish what comes.
//
// The copy keeps the event, the properties and the routing key, unless another is given. A shovel
// settles a delivery when the copy is confirmed, when it is published, or not at all; what the
// broker refuses goes back to its queue. When one of the connections is lost it closes both, what is
// unacknowledged goes back where it came from, and after the reconnect delay it connects both again:
// what was published and not confirmed by then comes twice.
// Source: https://www.rabbitmq.com/docs/shovel-dynamic#parameters,
// https://www.rabbitmq.com/docs/federation-reference, https://www.rabbitmq.com/docs/shovel,
// https://www.rabbitmq.com/docs/federated-queues
// Not modelled: src-delete-after; protocols other than AMQP 0.9.1; the headers x-shovelled and
// x-death (a copy has no death history); one that waits while the broker blocks its connection (it
// goes on, and what it publishes is not read); the time that connecting takes beyond one trip.

#include "sim/model/consumer/consumer.h"

#include <algorithm>
#include <utility>

namespace sim {

void Consumer::forwardBuffered(std::uint16_t lane, Outbox& out) {
    Lane& here = m_lanes[lane];
    while (here.up && !here.paused && !here.buffer.empty()) {
        forward(here.buffer.pop(), out);
    }
}

void Consumer::forward(Slot slot, Outbox& out) {
    const ConsumerPlan& ours = plan(out);
    const Message& message = out.message(slot);
    const ComponentId queue = out.plan().links[index(message.link)].from;
    const std::uint32_t headers = ours.forwardHeaders[message.headers];
    if (headers == noText) {
        out.note(TraceKind::Skipped, message, ours.component, queue, message.createdAt,
                 Reason::MaxHops, message.deliveries);
        settle(slot, Parcel::Ack, out);
        return;
    }
    out.note(TraceKind::Forwarded, message, ours.component, queue, message.readySince, Reason::None,
             message.deliveries);
    Lane& here = m_lanes[message.lane];
    const bool waits = ours.spec.forward->ackMode == ForwardAck::OnConfirm;
    Message copy = copyToPublish(message, out);
    copy.routingKey = ours.forwardKey == noText ? copy.routingKey : ours.forwardKey;
    copy.headers = headers;
    copy.readySince = out.now();
    if (waits) {
        copy.set(WantsConfirm);
        copy.position = here.firstUnconfirmed + here.unconfirmed.size();
        here.unconfirmed.push(slot);
        ++here.held;
    }
    const Slot published = out.messages().add(copy);
    out.note(TraceKind::Published, out.message(published), ours.component,
             out.plan().links[index(ours.republish)].to, out.now(), Reason::None, 1);
    out.forward(ours.republish, published);
    if (!waits) {
        settle(slot, Parcel::Ack, out);
    }
}

/// A confirm, or a refusal: the delivery goes back to its queue.
void Consumer::onReply(Slot slot, Parcel parcel, Outbox& out) {
    const Message reply = out.message(slot);
    const LinkPlan& link = out.plan().links[index(reply.link)];
    const Connection& by = connection(reply.link, reply.lane, out);
    Lane& here = m_lanes[reply.lane];
    out.messages().release(slot);
    if (!here.up || !by.open || reply.generation != by.generation || reply.tag != by.life) {
        out.note(TraceKind::Lost, reply, link.to, link.from, reply.sentAt,
                 here.up ? Reason::Disconnect : Reason::ReceiverDown);
        return;
    }
    const bool confirmed = parcel == Parcel::Confirm;
    out.note(confirmed ? TraceKind::ConfirmReceived : TraceKind::NackReceived, reply, link.from,
             link.to, reply.readySince);
    const std::uint64_t at = reply.position - here.firstUnconfirmed;
    if (at >= here.unconfirmed.size() || here.unconfirmed[at] == noSlot) {
        return; // a second one, of a publish that the link has duplicated
    }
    const Slot delivery = std::exchange(here.unconfirmed[at], noSlot);
    --here.held;
    while (!here.unconfirmed.empty() && here.unconfirmed.front() == noSlot) {
        here.unconfirmed.pop();
        ++here.firstUnconfirmed;
    }
    settle(delivery, confirmed ? Parcel::Ack : Parcel::Requeue, out);
}

void Consumer::discardUnconfirmed(std::uint16_t lane, Outbox& out) {
    Lane& here = m_lanes[lane];
    while (!here.unconfirmed.empty()) {
        const Slot slot = here.unconfirmed.pop();
        ++here.firstUnconfirmed;
        if (slot != noSlot) {
            --here.held;
            discard(slot, out);
        }
    }
}

/// A connection has broken, or could be opened.
void Consumer::onForwardNews(EventKind kind, const Connection& about, bool isMeant,
                             std::uint16_t lane, Outbox& out) {
    if (kind == EventKind::ConnectionLost && isMeant && about.open) {
        disconnectAll(lane, out);
    }
    if (!about.open && m_lanes[lane].up) {
        scheduleReconnect(lane, out);
    }
}

void Consumer::disconnectAll(std::uint16_t lane, Outbox& out) {
    forEachLink(out, [&](LinkId id) {
        Connection& closed = connection(id, lane, out);
        if (closed.open && consumesFrom(id, out)) {
            out.note(TraceKind::Disconnected, plan(out).component, lane,
                     out.plan().links[index(id)].from);
            out.tell(id, lane, true, EventKind::ConnectionLost, closed.generation);
        }
        closed.open = false;
    });
    discardBuffered(lane, noLink, out);
    discardUnconfirmed(lane, out);
    m_lanes[lane].downSince = out.now();
    m_lanes[lane].wanted = !m_onDemand;
}

/// The queue that it leads to begins or ends to want messages.
void Consumer::onDemandNews(const Event& event, Outbox& out) {
    const News news = out.take(event);
    const Connection& by = connection(news.link, news.lane, out);
    Lane& here = m_lanes[news.lane];
    if (!here.up || !by.open || by.life != news.life) {
        return;
    }
    const bool consumed = here.consumes();
    here.wanted = event.kind == EventKind::DemandBegins;
    tellWhetherItConsumes(news.lane, consumed, out);
}

/// It tries once in each reconnect delay. What is sure to fail is left out: the attempt that may
/// succeed is the first one after the news that a connection is possible.
void Consumer::scheduleReconnect(std::uint16_t lane, Outbox& out) {
    Lane& here = m_lanes[lane];
    if (here.reconnects) {
        return;
    }
    here.reconnects = true;
    const Duration delay = plan(out).spec.forward->reconnectDelay;
    const auto attempt = (out.now() - here.downSince) / delay + 1;
    out.schedule(here.downSince + attempt * delay, m_self, EventKind::ReconnectDue,
                 packed(lane, here.epoch));
}

/// Both or none.
void Consumer::connectAll(std::uint16_t lane, Outbox& out) {
    bool possible = m_lanes[lane].up;
    forEachLink(out, [&](LinkId id) {
        possible = possible && !connection(id, lane, out).open && out.canConnect(id);
    });
    if (possible) {
        forEachLink(out, [&](LinkId id) { connect(id, lane, out); });
    }
}

} // namespace sim
