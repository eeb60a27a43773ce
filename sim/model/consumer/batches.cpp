// Acknowledgements of several deliveries by one basic.ack with `multiple`.
//
// A channel is acknowledged when so many of its deliveries are finished, or when one of them has
// waited for long enough. What several handlers finish out of order waits for those below it,
// unless the consumer does without that care. A crash before the acknowledgement repeats all that
// it would have covered. Of a consumer that is cancelled nothing waits for more.
//
// What is sent back is sent back by itself; or with all that came before it and is not acknowledged,
// by one basic.nack with `multiple`; or with all that is not acknowledged, by basic.recover. What is
// done already is done again then, and what is not begun is thrown away.
// Source: https://www.rabbitmq.com/docs/confirms#consumer-acks-multiple-parameter,
// https://docs.spring.io/spring-amqp/reference/amqp/containerAttributes.html (messagesPerAck,
// ackTimeout), https://www.rabbitmq.com/docs/nack,
// https://www.rabbitmq.com/amqp-0-9-1-reference#basic.recover
// Not modelled: an acknowledgement of what a client has in hand when it stops in good order.

#include "sim/model/consumer/consumer.h"

#include <algorithm>

namespace sim {

/// Each link is a channel of its own, but for a consumer with a prefetch for the channel: there
/// those to one broker are one.
void Consumer::makeBatches(const Plan& plan) {
    const ConsumerPlan& ours = plan.consumers[m_plan];
    for (std::size_t at = 0; at < ours.links.size(); ++at) {
        const auto isCompanion = [&](LinkId other) {
            return plan.links[index(other)].fromNode == plan.links[index(ours.links[at])].fromNode;
        };
        const auto first = std::ranges::find_if(ours.links, isCompanion) - ours.links.begin();
        m_channelOf.push_back(
            static_cast<std::uint16_t>(ours.spec.channelPrefetch > 0 ? first : std::ptrdiff_t(at)));
    }
    m_batches.resize(ours.links.size() * ours.spec.instances);
}

/// A delivery has come. One that was overtaken, and is acknowledged with what overtook it, is not
/// waited for.
void Consumer::open(Slot slot, Outbox& out) {
    const Message& message = out.message(slot);
    Batch& batch = m_batches[batchOf(message, out)];
    if (message.tag <= batch.ackedTag) {
        return;
    }
    std::size_t at = batch.out.size();
    while (at > 0 && batch.out[at - 1].tag > message.tag) {
        --at;
    }
    batch.out.insert(at, {.tag = message.tag, .slot = slot});
    if (at < batch.covered) {
        count(batch, plan(out));
    }
}

std::size_t Consumer::positionOf(const Batch& batch, Slot slot, std::uint32_t tag) {
    std::size_t at = 0;
    for (std::size_t size = batch.out.size(); size > 0;) { // the first of this tag
        const std::size_t half = size / 2;
        const bool isBelow = batch.out[at + half].tag < tag;
        at += isBelow ? half + 1 : 0;
        size = isBelow ? size - half - 1 : half;
    }
    while (at < batch.out.size() && batch.out[at].tag == tag && batch.out[at].slot != slot) {
        ++at; // a link has duplicated it
    }
    return at < batch.out.size() && batch.out[at].tag == tag ? at : batch.out.size();
}

/// Counts anew what is finished, and what of it an acknowledgement would cover.
void Consumer::count(Batch& batch, const ConsumerPlan& ours) const {
    batch.covered = 0;
    batch.finished = 0;
    batch.oldest = never;
    for (std::size_t at = 0; at < batch.out.size(); ++at) {
        const Instant finishedAt = batch.out[at].finishedAt;
        if (finishedAt != never) {
            ++batch.finished;
            batch.covered = at + 1;
            batch.oldest = std::min(batch.oldest, finishedAt);
        } else if (!ours.spec.acksUnfinished) {
            return;
        }
    }
}

/// The handler of a delivery is done, and it is to be acknowledged.
void Consumer::finish(Slot slot, Outbox& out) {
    const Message& message = out.message(slot);
    const std::uint16_t lane = message.lane;
    const std::size_t channel = batchOf(message, out);
    Batch& batch = m_batches[channel];
    const std::size_t at = positionOf(batch, slot, message.tag);
    if (at == batch.out.size()) { // that is done
        out.messages().release(slot);
        return;
    }
    batch.out[at].finishedAt = out.now();
    ++m_lanes[lane].held;
    if (plan(out).spec.acksUnfinished) {
        ++batch.finished;
        batch.covered = std::max(batch.covered, at + 1);
        batch.oldest = std::min(batch.oldest, out.now());
    } else if (at == batch.covered) {
        for (; batch.covered < batch.out.size() && batch.out[batch.covered].finishedAt != never;
             ++batch.covered) {
            batch.oldest = std::min(batch.oldest, batch.out[batch.covered].finishedAt);
        }
        batch.finished = batch.covered;
    }
    acknowledgeIfDue(channel, out);
}

/// A delivery was sent back, and keeps the others waiting no longer.
void Consumer::withdraw(std::size_t channel, std::uint32_t tag, Slot slot, Outbox& out) {
    Batch& batch = m_batches[channel];
    const std::size_t at = positionOf(batch, slot, tag);
    if (at < batch.out.size()) { // else the broker has its acknowledgement, and will be surprised
        batch.out.erase(at);
        count(batch, plan(out));
        acknowledgeIfDue(channel, out);
    }
}

/// The handling of a delivery has failed, and others go back with it. One that went back before, and
/// was being worked on, is forgotten.
void Consumer::giveBack(Slot slot, Parcel parcel, Outbox& out) {
    const Message failed = out.message(slot);
    const std::size_t channel = batchOf(failed, out);
    Batch& batch = m_batches[channel];
    if (positionOf(batch, slot, failed.tag) == batch.out.size()) {
        out.messages().release(slot);
        return;
    }
    if (plan(out).spec.givesBack == GivesBack::All) {
        giveBackUpTo(channel, batch.out[batch.out.size() - 1].tag, slot, Reason::Requeue, out);
        out.messages().release(slot);
        recover(channel, failed, out);
    } else {
        const bool requeues = parcel == Parcel::Requeue;
        giveBackUpTo(channel, failed.tag, slot, requeues ? Reason::Requeue : Reason::Reject, out);
        out.back(failed.link, slot, requeues ? Parcel::RequeueMultiple : Parcel::RejectMultiple);
    }
    acknowledgeIfDue(channel, out);
}

/// Takes out what goes back. `own` is whose handling failed; what others work on stays with them.
void Consumer::giveBackUpTo(std::size_t channel, std::uint32_t tag, Slot own, Reason reason,
                            Outbox& out) {
    Batch& batch = m_batches[channel];
    Lane& lane = m_lanes[channel % m_lanes.size()];
    while (!batch.out.empty() && batch.out.front().tag <= tag) {
        const Batch::Delivery next = batch.out.pop();
        const Message& message = out.message(next.slot);
        out.note(TraceKind::NackSentBack, message, plan(out).component,
                 out.plan().links[index(message.link)].from, out.now(), reason);
        for (std::size_t i = 0; i < lane.buffer.size(); ++i) {
            if (lane.buffer[i] == next.slot) {
                lane.buffer.erase(i);
                discard(next.slot, out);
                break;
            }
        }
        if (next.finishedAt != never && next.slot != own) {
            --lane.held;
            out.messages().release(next.slot);
        }
    }
    batch.ackedTag = std::max(batch.ackedTag, tag);
    count(batch, plan(out));
}

/// basic.recover: what comes before the answer comes again.
void Consumer::recover(std::size_t channel, const Message& failed, Outbox& out) {
    const ConsumerPlan& ours = plan(out);
    for (std::size_t at = 0; at < ours.links.size(); ++at) {
        if (m_channelOf[at] == channel / m_lanes.size()) {
            connection(ours.links[at], failed.lane, out).recovers = true;
        }
    }
    out.tell(failed.link, failed.lane, true, EventKind::RecoverAsked, failed.generation);
}

void Consumer::acknowledgeIfDue(std::size_t at, Outbox& out) {
    Batch& batch = m_batches[at];
    if (batch.finished == 0) {
        return;
    }
    const ConsumerSpec& spec = plan(out).spec;
    const Instant latest = spec.ackAfter ? batch.oldest + *spec.ackAfter : never;
    if (batch.finished >= spec.ackEvery || latest <= out.now() ||
        m_lanes[at % m_lanes.size()].cancelled) {
        acknowledge(batch, out);
    } else if (latest != never && !batch.timed) {
        batch.timed = true;
        out.schedule(latest, m_self, EventKind::AckDue, static_cast<std::uint32_t>(at));
    }
}

/// One basic.ack for the last one that can be covered. Each of the deliveries has its record.
void Consumer::acknowledge(Batch& batch, Outbox& out) {
    for (; batch.covered > 0; --batch.covered) {
        const Batch::Delivery next = batch.out.pop();
        const Message& message = out.message(next.slot);
        out.note(TraceKind::AckSent, message, plan(out).component,
                 out.plan().links[index(message.link)].from);
        m_lanes[message.lane].held -= next.finishedAt != never ? 1u : 0u;
        if (batch.covered == 1) {
            batch.ackedTag = next.tag;
            out.back(message.link, next.slot, Parcel::AckMultiple);
        } else if (next.finishedAt != never) {
            out.messages().release(next.slot);
        }
    }
    batch.finished = 0;
    batch.oldest = never;
}

void Consumer::onAckDue(std::uint32_t at, Outbox& out) {
    m_batches[at].timed = false;
    acknowledgeIfDue(at, out);
}

/// An instance, or one of its connections, is gone before it has acknowledged.
void Consumer::discardFinished(std::uint16_t lane, LinkId link, Outbox& out) {
    for (std::size_t at = lane; at < m_batches.size(); at += m_lanes.size()) {
        Batch& batch = m_batches[at];
        for (std::size_t left = batch.out.size(); left > 0; --left) {
            const Batch::Delivery next = batch.out.pop();
            const bool isFinished = next.finishedAt != never;
            if (link != noLink && out.message(next.slot).link != link) {
                batch.out.push(next);
            } else if (isFinished) {
                --m_lanes[lane].held;
                discard(next.slot, out);
            }
        }
        count(batch, plan(out));
        if (link != noLink) {
            acknowledgeIfDue(at, out); // what was in its way may be gone
        }
    }
}

} // namespace sim
