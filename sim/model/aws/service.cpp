#include "sim/model/aws/service.h"

#include <algorithm>

namespace sim {
namespace {

constexpr std::uint32_t typesFrom = 0x80000000; ///< groups by event type, apart from those by key
constexpr std::uint64_t contentsFrom = std::uint64_t{1} << 62; ///< ids by content, likewise
constexpr std::uint64_t bodiesFrom = std::uint64_t{1} << 63;   ///< of these, those of a given body

} // namespace

Aws::Aws(const Plan& plan, std::uint64_t seed) : m_polls(plan.aws.polls) {
    for (const SqsQueuePlan& queue : plan.aws.queues) {
        const std::string& name = plan.catalogue.components[index(queue.component)];
        m_queues.push_back({.queue = SqsQueue(queue.spec.fifo, queue.spec.shards),
                            .requests = streamFor(seed, name, "requests"),
                            .places = streamFor(seed, name, "places"),
                            .luck = streamFor(seed, name, "luck")});
        for (const LinkId id : queue.consumers) {
            const LinkPlan& link = plan.links[index(id)];
            for (std::uint16_t lane = 0; lane < link.lanes; ++lane) {
                m_polls[link.firstChannel + lane] = {.link = id, .lane = lane};
            }
        }
    }
    for (const SnsTopicPlan& topic : plan.aws.topics) {
        const std::string& name = plan.catalogue.components[index(topic.component)];
        m_topics.push_back({.requests = streamFor(seed, name, "requests")});
    }
}

bool Aws::isIdle(const Plan& plan) const {
    for (std::size_t at = 0; at < m_queues.size(); ++at) {
        const SqsQueue& queue = m_queues[at].queue;
        const bool isPolled = !plan.aws.queues[at].consumers.empty();
        if (queue.inFlight() > 0 || queue.delayed() > 0 || (isPolled && queue.visible() > 0)) {
            return false;
        }
    }
    return true;
}

void Aws::on(const Event& event, Outbox& out) {
    switch (event.kind) {
    case EventKind::Arrive:
        onArrival(Slot{event.index}, static_cast<Parcel>(event.detail), out);
        break;
    case EventKind::RequestServed:
        serve(Slot{event.index}, static_cast<Parcel>(event.detail), out);
        break;
    case EventKind::PollServed:
        if (m_polls[event.index].count == event.detail) {
            onPollServed(event.index, out);
        }
        break;
    case EventKind::ReceiveWaited:
        if (const Poll& poll = m_polls[event.index];
            poll.state == Poll::State::Waiting && poll.waitsUntil == out.now()) {
            dropPoll(event.index, out);
            respond(event.index, 0, Reason::None, out);
        }
        break;
    case EventKind::QueueTimer:
        onTimer(static_cast<std::uint16_t>(event.index), out);
        break;
    case EventKind::DeliveryRetry:
        onDeliveryRetry(Slot{event.index}, out);
        break;
    default:
        onNews(event, out);
    }
}

/// A request has come to the service, which takes its time for it; or what a topic delivers, of
/// whose latency that is a part.
void Aws::onArrival(Slot slot, Parcel parcel, Outbox& out) {
    const LinkPlan& link = out.plan().links[index(out.message(slot).link)];
    if (link.subscription) {
        takeDelivery(plan(out).queueOf[index(link.to)], slot, out);
        return;
    }
    const ComponentId component = link.polls ? link.from : link.to;
    const std::uint16_t queue = plan(out).queueOf[index(component)];
    const std::uint16_t topic = plan(out).topicOf[index(component)];
    const Duration takes =
        queue != nowhere ? out.chance().duration(m_queues[queue].requests,
                                                 plan(out).queues[queue].spec.requestTime)
                         : out.chance().duration(m_topics[topic].requests,
                                                 plan(out).topics[topic].spec.requestTime);
    if (takes == Duration{}) {
        serve(slot, parcel, out);
        return;
    }
    out.schedule(out.now() + takes, m_self, EventKind::RequestServed,
                 static_cast<std::uint32_t>(slot), static_cast<std::uint8_t>(parcel));
}

void Aws::serve(Slot slot, Parcel parcel, Outbox& out) {
    const LinkId id = out.message(slot).link;
    const LinkPlan& link = out.plan().links[index(id)];
    if (link.polls) {
        settle(queueAt(id, out), slot, parcel, out);
    } else if (const std::uint16_t queue = plan(out).queueOf[index(link.to)]; queue != nowhere) {
        send(queue, slot, out);
    } else {
        publish(plan(out).topicOf[index(link.to)], slot, out);
    }
}

void Aws::onNews(const Event& event, Outbox& out) {
    switch (event.kind) {
    case EventKind::ReceiveAsked:
        onReceiveAsked(out.take(event), out);
        break;
    case EventKind::ConnectionLost:
        stopPolls(out.take(event), out);
        break;
    case EventKind::ConnectionOpened:
    case EventKind::ConnectionPossible:
    case EventKind::ConnectionSilent:
        out.take(event); // each request stands for itself
        break;
    default:
        SIM_CHECK(!"the service does not handle this event");
    }
}

/// The response to a send or a publish. To be called before the message is changed.
void Aws::reply(Slot slot, Parcel parcel, Outbox& out) {
    if (!out.message(slot).has(WantsConfirm)) {
        return;
    }
    const Slot reply = out.messages().lend(slot);
    const Message& message = out.message(reply);
    const LinkPlan& link = out.plan().links[index(message.link)];
    out.note(parcel == Parcel::Confirm ? TraceKind::ConfirmSent : TraceKind::NackSent, message,
             link.to, link.from, message.sentAt);
    out.back(message.link, reply, parcel);
    out.message(slot).clear(WantsConfirm);
}

/// The message group that its sender gave it; nothing: none.
std::optional<std::uint32_t> Aws::groupOf(const Message& message, bool fifo, const Outbox& out) {
    const SenderPlan& sender = plan(out).senders[index(message.producer)];
    switch (sender.spec.group.value_or(fifo ? SendGroup::Key : SendGroup::None)) {
    case SendGroup::Key:
        return static_cast<std::uint32_t>(message.key);
    case SendGroup::EventType:
        return typesFrom + static_cast<std::uint32_t>(index(message.type));
    case SendGroup::None:
        return std::nullopt;
    }
    return std::nullopt;
}

/// What a duplicate of it has too; nothing: it has no deduplication id. The sender's own id goes
/// before the hash of the body.
std::optional<std::uint64_t> Aws::duplicateIdOf(const Message& message, bool byContent,
                                                const Outbox& out) {
    const SenderPlan& sender = plan(out).senders[index(message.producer)];
    if (sender.spec.deduplication == SendDeduplication::MessageId) {
        // What a consumer sends on as a retry is another message.
        constexpr unsigned retriesFrom = 48;
        return static_cast<std::uint64_t>(message.id) |
               std::uint64_t{message.retries} << retriesFrom;
    }
    if (!byContent) {
        return std::nullopt;
    }
    const std::uint32_t body = sender.bodies[index(message.type)];
    return body == 0 ? contentsFrom + static_cast<std::uint64_t>(message.id) : bodiesFrom + body;
}

} // namespace sim
