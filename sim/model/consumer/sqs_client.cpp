// What a client of SQS does: it polls, deletes what was handled, and extends the visibility timeout
// of what it has in hand.
//
// An instance has one receive under way for each of its queues while it has a free handler and
// nothing that waits for one. What it has received stays in its hands whatever becomes of its
// connection; a crash of the instance loses it, and it comes back when its visibility timeout is
// over.
// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
// Not modelled: several receives under way at a time; the retries of an SDK, and its timeout for a
// response that does not come (a connection that breaks is noticed).

#include "sim/model/consumer/consumer.h"

#include <algorithm>

namespace sim {

const SqsReceiveSpec& Consumer::sqs(const Outbox& out) const {
    static const SqsReceiveSpec usual;
    return plan(out).spec.sqs ? *plan(out).spec.sqs : usual;
}

void Consumer::beginReceiving(Outbox& out) {
    const std::vector<LinkId>& links = plan(out).links;
    if (std::ranges::any_of(links, [&](LinkId id) { return polls(id, out); })) {
        m_receivers.resize(links.size() * m_lanes.size());
    }
    for (std::uint16_t lane = 0; lane < m_lanes.size(); ++lane) {
        pollIfFree(lane, out);
    }
}

bool Consumer::polls(LinkId link, const Outbox& out) const {
    return out.plan().links[index(link)].polls;
}

Consumer::Receiver& Consumer::receiver(LinkId link, std::uint16_t lane, const Outbox& out) {
    return m_receivers[out.plan().links[index(link)].atClient * m_lanes.size() + lane];
}

/// Asks each queue of the instance for messages, where it can do something with them.
void Consumer::pollIfFree(std::uint16_t lane, Outbox& out) {
    const Lane& here = m_lanes[lane];
    const auto isIdle = [](const Work& work) { return work.slot == noSlot; };
    if (m_receivers.empty() || !here.up || here.paused || !here.consumes() ||
        !here.buffer.empty() || std::ranges::none_of(here.work, isIdle)) {
        return;
    }
    for (const LinkId link : plan(out).links) {
        if (!polls(link, out)) {
            continue;
        }
        Receiver& receives = receiver(link, lane, out);
        const bool batchIsOpen =
            sqs(out).deletes == SqsDelete::Batch && receives.inHand > receives.held;
        if (receives.asked || batchIsOpen || !connection(link, lane, out).open) {
            continue;
        }
        if (out.now() < receives.notBefore) {
            if (receives.timed < receives.notBefore) {
                receives.timed = receives.notBefore;
                out.schedule(receives.notBefore, m_self, EventKind::ReceiveDue,
                             packed(lane, here.epoch));
            }
            continue;
        }
        receives.asked = true;
        receives.received = 0;
        receives.askedAt = out.now();
        out.tell(link, lane, true, EventKind::ReceiveAsked,
                 connection(link, lane, out).generation);
    }
}

/// A response is over. One that took no time is not asked for again at once, or time would not go
/// on.
void Consumer::onReceiveReturned(const Event& event, Outbox& out) {
    constexpr Duration least = 1ms;
    const News news = out.take(event);
    const Connection& by = connection(news.link, news.lane, out);
    if (!m_lanes[news.lane].up || !by.open || by.generation != news.generation) {
        return;
    }
    Receiver& receives = receiver(news.link, news.lane, out);
    receives.asked = false;
    if (receives.received == 0) {
        const Duration pause = receives.askedAt == out.now() ? least : Duration{};
        receives.notBefore = out.now() + std::max(pause, sqs(out).pollInterval);
    }
    pollIfFree(news.lane, out);
}

/// A delivery has come.
void Consumer::takeInHand(Slot slot, Outbox& out) {
    const Message& message = out.message(slot);
    Receiver& receives = receiver(message.link, message.lane, out);
    ++receives.received;
    ++receives.inHand;
    if (sqs(out).heartbeat) {
        m_lanes[message.lane].beats.push_back({slot, out.now() + sqs(out).heartbeat->every});
        timeHeartbeat(message.lane, out);
    }
}

/// It is handled, or lost.
void Consumer::letGo(Slot slot, Outbox& out) {
    const Message& message = out.message(slot);
    Receiver& receives = receiver(message.link, message.lane, out);
    receives.inHand -= receives.inHand > 0 ? 1 : 0;
}

/// Its visibility timeout is no longer extended.
void Consumer::endBeat(Slot slot, std::uint16_t lane) {
    std::erase_if(m_lanes[lane].beats, [&](const Beat& beat) { return beat.slot == slot; });
}

/// The resequencer holds a message, or (`held` false) does so no longer. What it holds keeps no
/// batch open: what it waits for may have to be received first.
void Consumer::countHeld(Slot slot, bool held, Outbox& out) {
    const Message& message = out.message(slot);
    std::uint32_t& ofLane = m_lanes[message.lane].held;
    ofLane = held ? ofLane + 1 : ofLane - 1;
    if (!m_receivers.empty() && polls(message.link, out)) {
        std::uint32_t& ofLink = receiver(message.link, message.lane, out).held;
        ofLink = held ? ofLink + 1 : ofLink - 1;
        deleteBatch(message.link, message.lane, out);
    }
}

/// Deletes what was handled, where the rest of the batch is.
void Consumer::deleteBatch(LinkId link, std::uint16_t lane, Outbox& out) {
    Receiver& receives = receiver(link, lane, out);
    while (receives.inHand <= receives.held && !receives.handled.empty()) {
        --m_lanes[lane].held;
        sendDelete(receives.handled.pop(), out);
    }
}

void Consumer::settleReceived(Slot slot, Parcel parcel, Outbox& out) {
    const Message& message = out.message(slot);
    const ConsumerPlan& ours = plan(out);
    const LinkId link = message.link;
    const std::uint16_t lane = message.lane;
    letGo(slot, out);
    if (ours.spec.ackMode != AckMode::After) {
        endBeat(slot, lane);
        out.messages().release(slot);
    } else if (parcel == Parcel::Ack && sqs(out).deletes == SqsDelete::Batch) {
        receiver(link, lane, out).handled.push(slot);
        ++m_lanes[lane].held;
    } else if (parcel == Parcel::Ack) {
        sendDelete(slot, out);
    } else if (sqs(out).onFailure == SqsFailure::Release) {
        endBeat(slot, lane);
        out.note(TraceKind::NackSentBack, message, ours.component,
                 out.plan().links[index(link)].from, out.now(), Reason::Requeue);
        out.back(link, slot, Parcel::Requeue);
    } else {
        endBeat(slot, lane);
        out.messages().release(slot);
    }
    deleteBatch(link, lane, out);
    pollIfFree(lane, out);
}

void Consumer::sendDelete(Slot slot, Outbox& out) {
    const Message& message = out.message(slot);
    endBeat(slot, message.lane);
    out.note(TraceKind::AckSent, message, plan(out).component,
             out.plan().links[index(message.link)].from);
    out.back(message.link, slot, Parcel::Ack);
}

/// The instance has died: nobody deletes what it has handled, or extends what it had.
void Consumer::forgetReceived(std::uint16_t lane, Outbox& out) {
    m_lanes[lane].beats.clear();
    m_lanes[lane].beatIsTimed = false;
    for (std::size_t at = lane; at < m_receivers.size(); at += m_lanes.size()) {
        Receiver& receives = m_receivers[at];
        while (!receives.handled.empty()) {
            --m_lanes[lane].held;
            discard(receives.handled.pop(), out);
        }
        receives = {};
    }
}

void Consumer::timeHeartbeat(std::uint16_t lane, Outbox& out) {
    Lane& here = m_lanes[lane];
    if (here.beats.empty() || here.beatIsTimed) {
        return;
    }
    here.beatIsTimed = true;
    out.schedule(std::ranges::min(here.beats, {}, &Beat::due).due, m_self, EventKind::HeartbeatDue,
                 packed(lane, here.epoch));
}

/// A process that is paused extends nothing.
void Consumer::onHeartbeatDue(std::uint16_t lane, Outbox& out) {
    Lane& here = m_lanes[lane];
    here.beatIsTimed = false;
    for (Beat& beat : here.beats) {
        if (beat.due > out.now()) {
            continue;
        }
        beat.due = out.now() + sqs(out).heartbeat->every;
        if (!here.paused) {
            const Slot request = out.messages().lend(beat.slot);
            out.back(out.message(request).link, request, Parcel::Extend);
        }
    }
    timeHeartbeat(lane, out);
}

} // namespace sim
