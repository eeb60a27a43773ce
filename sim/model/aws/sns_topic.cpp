// SNS topics: a publish goes to every subscription whose filter lets it through.

#include "sim/model/aws/delivery_retries.h"
#include "sim/model/aws/message_attributes.h"
#include "sim/model/aws/service.h"

#include <algorithm>

namespace sim {
namespace {

// Source: https://docs.aws.amazon.com/sns/latest/dg/fifo-high-throughput.html
constexpr double topicRate = 3000; ///< messages per second
constexpr double groupRate = 300;  ///< likewise, of one group

/// What the envelope adds to a message that is not delivered raw: names, ids, a signature.
/// Source: https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
constexpr std::uint32_t envelopeBytes = 1024;

/// An SQS message has no more; one that is delivered raw has those of the publish.
/// Source: https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html
constexpr std::size_t attributesMax = 10;

std::size_t attributesOf(const HeaderSet& headers) {
    return headers.table.size() + (headers.keyHeader.empty() ? 0 : 1);
}

} // namespace

std::optional<Reason> Aws::whyRefused(std::uint16_t topic, Slot slot, Outbox& out) {
    const SnsTopicSpec& spec = plan(out).topics[topic].spec;
    const Message& message = out.message(slot);
    if (message.size > spec.maxMessageSize) {
        return Reason::TooLarge;
    }
    if (!spec.fifo) {
        return std::nullopt;
    }
    const auto group = groupOf(message, true, out);
    if (!group) {
        return Reason::MissingGroup;
    }
    if (!duplicateIdOf(message, spec.contentBasedDeduplication, out)) {
        return Reason::MissingId;
    }
    const bool ofTopic = spec.fifoThroughputScope == FifoThroughputScope::Topic;
    const bool isAdmitted = m_topics[topic].ofGroups.admit(*group, groupRate, out.now()) &&
                            (!ofTopic || m_topics[topic].publishes.admit(0, topicRate, out.now()));
    return isAdmitted ? std::nullopt : std::optional(Reason::Throttled);
}

void Aws::publish(std::uint16_t topic, Slot slot, Outbox& out) {
    const SnsTopicPlan& ours = plan(out).topics[topic];
    const auto drop = [&](Reason reason) {
        out.note(TraceKind::Unroutable, out.message(slot), ours.component, noComponent, out.now(),
                 reason);
        out.messages().release(slot);
    };
    if (const auto why = whyRefused(topic, slot, out)) {
        reply(slot, Parcel::ConfirmNack, out);
        return drop(*why);
    }
    reply(slot, Parcel::Confirm, out);
    if (ours.spec.fifo) {
        const Message& message = out.message(slot);
        const bool ofTopic = ours.spec.fifoThroughputScope == FifoThroughputScope::Topic;
        const std::uint32_t scope = ofTopic ? 0 : groupOf(message, true, out).value_or(0);
        const auto id = duplicateIdOf(message, ours.spec.contentBasedDeduplication, out);
        if (!m_topics[topic].known.isNew({scope, id.value_or(0)}, out.now())) {
            return drop(Reason::DuplicateId);
        }
    }
    std::vector<std::size_t> targets;
    for (std::size_t i = 0; i < ours.subscriptions.size(); ++i) {
        if (passes(ours.subscriptions[i], out.message(slot), out)) {
            targets.push_back(i);
        } else {
            out.note(TraceKind::FilteredOut, out.message(slot), ours.component,
                     out.plan().links[index(ours.subscriptions[i].link)].to);
        }
    }
    if (targets.empty()) {
        return drop(Reason::None);
    }
    std::vector<Slot> copies;
    for (std::size_t i = 1; i < targets.size(); ++i) {
        copies.push_back(out.messages().clone(slot));
    }
    copies.push_back(slot);
    for (std::size_t i = 0; i < targets.size(); ++i) {
        deliverTo(topic, targets[i], copies[i], out);
    }
}

bool Aws::passes(const SubscriptionPlan& subscription, const Message& message, const Outbox& out) {
    if (!subscription.filter) {
        return true;
    }
    const bool ofBody = subscription.filter->scope() == FilterPolicyScope::MessageBody;
    const std::uint32_t body = plan(out).senders[index(message.producer)].bodies[index(message.type)];
    const Passes foreseen = subscription.passes[ofBody ? body : message.headers];
    return foreseen == Passes::ByMessage
               ? subscription.filter->matches(
                     asSnsMessage(out.plan().headers[message.headers],
                                  out.plan().catalogue.keyText(message.key), ""))
               : foreseen == Passes::Yes;
}

/// One copy sets off. In a FIFO topic what follows one of its group that has failed waits behind
/// it.
void Aws::deliverTo(std::uint16_t topic, std::size_t subscription, Slot slot, Outbox& out) {
    const SnsTopicPlan& ours = plan(out).topics[topic];
    const SubscriptionPlan& to = ours.subscriptions[subscription];
    Message& message = out.message(slot);
    message.link = to.link;
    message.lane = 0;
    message.position = 0;
    message.size += to.raw ? 0 : envelopeBytes;
    out.note(TraceKind::Published, message, ours.component, out.plan().links[index(to.link)].to,
             out.now(), Reason::None, 1);
    auto& blocked = m_topics[topic].blocked;
    const auto group = blocked.find({subscription, groupOf(message, ours.spec.fifo, out).value_or(0)});
    if (group != blocked.end()) {
        ++m_topics[topic].undelivered;
        group->second.push(slot);
    } else {
        tryToDeliver(topic, subscription, slot, out);
    }
}

/// Returns whether the message is the topic's no longer. Else it is tried again later.
bool Aws::tryToDeliver(std::uint16_t topic, std::size_t subscription, Slot slot, Outbox& out) {
    const SnsTopicPlan& ours = plan(out).topics[topic];
    const SubscriptionPlan& to = ours.subscriptions[subscription];
    Message& message = out.message(slot);
    const LinkFaults& faults = out.linkFaults(to.link);
    const bool isRefused =
        faults.refusals > 0 ||
        message.size > plan(out).queues[to.queue].spec.maxMessageSize ||
        (to.raw && attributesOf(out.plan().headers[message.headers]) > attributesMax);
    if (isRefused) {
        giveUp(topic, subscription, slot, Reason::ClientError, out);
        return true;
    }
    if (faults.failures == 0 && faults.cuts == 0) {
        out.forward(to.link, slot);
        return true;
    }
    const auto failures = static_cast<std::uint32_t>(++message.position);
    const auto delay = deliveryRetryDelay(failures);
    if (!delay) {
        giveUp(topic, subscription, slot, Reason::ServerError, out);
        return true;
    }
    out.note(TraceKind::DeliveryFailed, message, ours.component,
             out.plan().links[index(to.link)].to, out.now(), Reason::ServerError,
             static_cast<std::uint8_t>(std::min(failures, 255U)));
    out.schedule(out.now() + *delay, m_self, EventKind::DeliveryRetry,
                 static_cast<std::uint32_t>(slot));
    if (failures == 1) {
        ++m_topics[topic].undelivered;
        if (ours.spec.fifo) {
            m_topics[topic].blocked[{subscription, groupOf(message, true, out).value_or(0)}];
        }
    }
    return false;
}

void Aws::onDeliveryRetry(Slot slot, Outbox& out) {
    const Message& message = out.message(slot);
    const LinkPlan& link = out.plan().links[index(message.link)];
    const std::uint16_t topic = plan(out).topicOf[index(link.from)];
    const std::size_t subscription = link.atClient;
    const std::pair key(subscription,
                        groupOf(message, plan(out).topics[topic].spec.fifo, out).value_or(0));
    if (!tryToDeliver(topic, subscription, slot, out)) {
        return;
    }
    --m_topics[topic].undelivered;
    auto& blocked = m_topics[topic].blocked;
    const auto group = blocked.find(key);
    if (group == blocked.end()) {
        return;
    }
    Ring<Slot> behind = std::move(group->second);
    blocked.erase(group);
    while (!behind.empty()) {
        const Slot next = behind.pop();
        --m_topics[topic].undelivered;
        if (!tryToDeliver(topic, subscription, next, out)) {
            blocked[key] = std::move(behind);
            return;
        }
    }
}

/// It goes to the dead-letter queue of the subscription, or nowhere.
/// Source: https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html
void Aws::giveUp(std::uint16_t topic, std::size_t subscription, Slot slot, Reason reason,
                 Outbox& out) {
    const SnsTopicPlan& ours = plan(out).topics[topic];
    const SubscriptionPlan& to = ours.subscriptions[subscription];
    Message& message = out.message(slot);
    const ComponentId queue = out.plan().links[index(to.link)].to;
    if (to.deadLetterQueue == nowhere) {
        out.note(TraceKind::Lost, message, ours.component, queue, out.now(), reason);
        out.messages().release(slot);
        return;
    }
    out.note(TraceKind::DeliveryFailed, message, ours.component, queue, out.now(), reason);
    message.set(DeadLetter);
    const Duration retention = plan(out).queues[to.deadLetterQueue].spec.retention;
    store(to.deadLetterQueue, slot, out.now() + retention, Duration{}, ours.component, out);
}

} // namespace sim
