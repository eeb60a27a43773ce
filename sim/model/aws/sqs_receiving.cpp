// Receives: short and long polls of SQS queues.

#include "sim/base/odds.h"
#include "sim/model/aws/service.h"

#include <algorithm>

namespace sim {
namespace {

const SqsReceiveSpec& receiveSpec(const ConsumerPlan& consumer) {
    static const SqsReceiveSpec usual;
    return consumer.spec.sqs ? *consumer.spec.sqs : usual;
}

} // namespace

void Aws::onReceiveAsked(const News& news, Outbox& out) {
    const std::uint32_t at = out.plan().links[index(news.link)].firstChannel + news.lane;
    dropPoll(at, out); // a client that crashed has forgotten it
    Poll& poll = m_polls[at];
    poll.state = Poll::State::Asked;
    poll.generation = news.generation;
    poll.askedAt = out.now();
    const std::uint16_t queue = queueAt(poll.link, out);
    const Duration takes = out.chance().duration(m_queues[queue].requests,
                                                 plan(out).queues[queue].spec.requestTime);
    if (takes == Duration{}) {
        onPollServed(at, out);
    } else {
        out.schedule(out.now() + takes, m_self, EventKind::PollServed, at, poll.count);
    }
}

/// A connection is gone, and with it whoever waits for a response to come by it.
void Aws::stopPolls(const News& news, Outbox& out) {
    const LinkPlan& link = out.plan().links[index(news.link)];
    for (std::uint16_t lane = 0; link.polls && lane < link.lanes; ++lane) {
        if (news.lane == allLanes || news.lane == lane) {
            dropPoll(link.firstChannel + lane, out);
        }
    }
}

void Aws::dropPoll(std::uint32_t at, Outbox& out) {
    Poll& poll = m_polls[at];
    Ring<std::uint32_t>& waiting = m_queues[queueAt(poll.link, out)].waiting;
    for (std::size_t i = 0; poll.state == Poll::State::Waiting && i < waiting.size(); ++i) {
        if (waiting[i] == at) {
            waiting.erase(i);
            break;
        }
    }
    poll.state = Poll::State::None;
    ++poll.count;
}

Duration Aws::waitOf(const Poll& poll, const Outbox& out) const {
    const ConsumerPlan& consumer =
        out.plan().consumers[out.plan().links[index(poll.link)].consumer];
    return receiveSpec(consumer).waitTime.value_or(
        plan(out).queues[queueAt(poll.link, out)].spec.receiveWait);
}

/// The service comes to a receive: it responds at once, or waits for a message.
void Aws::onPollServed(std::uint32_t at, Outbox& out) {
    Poll& poll = m_polls[at];
    const std::uint16_t queue = queueAt(poll.link, out);
    const SqsQueueSpec& spec = plan(out).queues[queue].spec;
    // In high throughput mode the quota is that of each group, and a receive has none.
    const bool isThrottled = spec.fifo && !hasHighThroughput(spec) &&
                             !m_queues[queue].receives.admit(0, spec.apiRate, out.now());
    if (isThrottled) {
        dropPoll(at, out);
        respond(at, 0, Reason::Throttled, out);
        return;
    }
    const Duration wait = waitOf(poll, out);
    const std::uint32_t received = receive(at, wait > Duration{}, out);
    if (received > 0 || wait == Duration{}) {
        dropPoll(at, out);
        respond(at, received, Reason::None, out);
        return;
    }
    poll.state = Poll::State::Waiting;
    poll.waitsUntil = out.now() + wait;
    m_queues[queue].waiting.push(at);
    out.schedule(poll.waitsUntil, m_self, EventKind::ReceiveWaited, at);
}

/// Sends what it may have to the client; returns how many messages.
std::uint32_t Aws::receive(std::uint32_t at, bool asksAll, Outbox& out) {
    const Poll poll = m_polls[at];
    const std::uint16_t queue = queueAt(poll.link, out);
    const SqsQueuePlan& ours = plan(out).queues[queue];
    Queue& here = m_queues[queue];
    const SqsReceiveSpec& asked =
        receiveSpec(out.plan().consumers[out.plan().links[index(poll.link)].consumer]);
    const Instant until =
        out.now() + asked.visibilityTimeout.value_or(ours.spec.visibilityTimeout);
    SqsQueue::Receive receive{.most = asked.maxMessages,
                              .until = until,
                              .maxReceives = ours.deadLetterQueue == nowhere
                                                 ? 0
                                                 : ours.spec.maxReceiveCount,
                              .maxInFlight = ours.spec.maxInFlight,
                              .shards = {}};
    if (!ours.spec.fifo) {
        receive.shards = here.queue.sample(asksAll ? ours.spec.shards : ours.spec.shortPollShards,
                                           here.places, out.chance());
    }
    std::uint32_t returned = 0;
    std::vector<std::uint32_t> seenTwice;
    for (const SqsQueue::Taken& taken : here.queue.receive(receive, out.now(), here.places,
                                                           out.chance())) {
        if (taken.dead != noSlot) {
            moveToDeadLetters(queue, taken.dead, taken.expiresAt, out);
            continue;
        }
        deliver(queue, taken.entry, poll, out);
        ++returned;
        if (!ours.spec.fifo && out.chance().happens(here.luck, odds(ours.spec.duplicateRate))) {
            seenTwice.push_back(taken.entry);
        }
    }
    for (const std::uint32_t entry : seenTwice) {
        here.queue.setVisibility(entry, out.now(), out.now());
        comeBack(queue, entry, Reason::Replica, out);
    }
    settleDue(queue, out); // a visibility timeout of 0 is over
    armTimer(queue, out);
    return returned;
}

/// A copy of its own goes to the client.
void Aws::deliver(std::uint16_t queue, std::uint32_t entry, const Poll& poll, Outbox& out) {
    const SqsQueue::Entry& stored = m_queues[queue].queue[entry];
    Message& message = out.message(stored.slot);
    constexpr std::uint32_t most = 255;
    message.deliveries = static_cast<std::uint8_t>(std::min(stored.receives, most));
    message.returns = static_cast<std::uint16_t>(std::min(message.returns + 1, 0xffff));
    if (stored.receives > 1) {
        message.set(Redelivered);
    }
    message.link = poll.link;
    message.lane = poll.lane;
    message.generation = poll.generation;
    out.note(TraceKind::Delivered, message, plan(out).queues[queue].component,
             out.plan().links[index(poll.link)].to, message.readySince, Reason::None,
             message.deliveries);
    message.readySince = out.now();
    Message copy = message;
    copy.tag = entry;
    copy.position = stored.number << 32U | stored.receive;
    out.forward(poll.link, out.messages().add(copy));
}

/// The end of the response, after the messages in it.
void Aws::respond(std::uint32_t at, std::uint32_t messages, Reason reason, Outbox& out) {
    const Poll& poll = m_polls[at];
    const LinkPlan& link = out.plan().links[index(poll.link)];
    out.carrier().recorder.add({.at = out.now(),
                                .since = poll.askedAt,
                                .component = link.from,
                                .peer = link.to,
                                .lane = poll.lane,
                                .kind = TraceKind::Polled,
                                .reason = reason,
                                .attempt = static_cast<std::uint8_t>(messages)});
    out.tell(poll.link, poll.lane, false, EventKind::ReceiveReturned, poll.generation);
}

/// Long polls that wait get what there is, the one that has waited longest first.
void Aws::serveWaiting(std::uint16_t queue, Outbox& out) {
    Queue& here = m_queues[queue];
    while (!here.waiting.empty() &&
           here.queue.canReceive(plan(out).queues[queue].spec.maxInFlight)) {
        const std::uint32_t at = here.waiting.front();
        const std::uint32_t received = receive(at, true, out);
        if (received > 0) {
            dropPoll(at, out);
            respond(at, received, Reason::None, out);
        }
    }
}

} // namespace sim
