#include "sim/run/lint_aws.h"

#include "sim/base/units.h"
#include "sim/model/aws/deduplication.h"
#include "sim/model/aws/message_attributes.h"

#include <algorithm>
#include <fmt/format.h>

namespace sim {
namespace {

std::string componentAt(ComponentId id) { return fmt::format("/components/{}", index(id)); }

/// Until the last message of a full receive is handled, on average.
Duration batchTime(const ConsumerSpec& consumer) {
    const SqsReceiveSpec sqs = consumer.sqs.value_or(SqsReceiveSpec{});
    const std::uint32_t rounds =
        (sqs.maxMessages + consumer.concurrency - 1) / consumer.concurrency;
    return Distribution::wholeDuration(consumer.serviceTime.mean() * rounds);
}

/// A visibility timeout that is over before the work is done.
void lintVisibility(const Plan& plan, const SqsQueuePlan& queue, LinkId link, Problems& problems) {
    const ConsumerPlan& consumer = plan.consumers[plan.links[index(link)].consumer];
    const SqsReceiveSpec sqs = consumer.spec.sqs.value_or(SqsReceiveSpec{});
    const Duration visibility = sqs.visibilityTimeout.value_or(queue.spec.visibilityTimeout);
    const std::string& name = plan.catalogue.components[index(consumer.component)];
    if (sqs.heartbeat && sqs.heartbeat->every >= visibility) {
        problems.push_back({componentAt(consumer.component) + "/sqs/heartbeat/every",
                            fmt::format("{} extends a visibility timeout after {} that is over "
                                        "after {}",
                                        name, writeDuration(sqs.heartbeat->every),
                                        writeDuration(visibility))});
    } else if (!sqs.heartbeat && batchTime(consumer.spec) > visibility) {
        problems.push_back(
            {componentAt(queue.component) + "/visibility_timeout",
             fmt::format("is {}, and {} needs {} on average for what one receive returns: the last "
                         "of it is received again while it is worked on",
                         writeDuration(visibility), name,
                         writeDuration(batchTime(consumer.spec)))});
    }
}

void lintQueue(const Plan& plan, const SqsQueuePlan& queue, Problems& problems) {
    for (const LinkId link : queue.consumers) {
        lintVisibility(plan, queue, link, problems);
    }
    if (queue.deadLetterQueue != nowhere && queue.spec.maxReceiveCount == 1) {
        problems.push_back({componentAt(queue.component) + "/max_receive_count",
                            "is 1: a crash, or a response that gets lost, makes a dead letter of a "
                            "good message"});
    }
}

/// A filter policy that lets nothing through, of what the scenario publishes.
void lintFilter(const Plan& plan, const SubscriptionPlan& subscription, Problems& problems) {
    const bool isUseless =
        !subscription.passes.empty() &&
        std::ranges::all_of(subscription.passes, [](Passes it) { return it == Passes::No; });
    if (!isUseless) {
        return;
    }
    const bool ofBody = subscription.filter->scope() == FilterPolicyScope::MessageBody;
    const auto other = FilterPolicy::compile(
        subscription.filter->json(),
        ofBody ? FilterPolicyScope::MessageAttributes : FilterPolicyScope::MessageBody);
    const bool otherPasses =
        other.has_value() &&
        (std::ranges::any_of(plan.headers,
                             [&](const HeaderSet& headers) {
                                 return other->matches(asSnsMessage(headers, "", ""));
                             }) ||
         std::ranges::any_of(plan.aws.bodies, [&](const std::string& body) {
             return other->matches(asSnsMessage({}, "", body));
         }));
    problems.push_back(
        {fmt::format("/links/{}/filter_policy", index(subscription.link)),
         fmt::format("no message of the scenario gets through: none has such {}{}",
                     ofBody ? "fields in its body" : "attributes",
                     !otherPasses ? ""
                     : ofBody     ? "; there are such attributes, for the filter_policy_scope "
                                    "MessageAttributes"
                                  : "; there are such fields in bodies, for the "
                                    "filter_policy_scope MessageBody")});
}

/// What a FIFO queue or topic makes of what a producer gives it.
void lintSender(const Plan& plan, const ProducerPlan& producer, LinkId link, Problems& problems) {
    const ComponentId to = plan.links[index(link)].to;
    const std::uint16_t queue = plan.aws.queueOf[index(to)];
    const std::uint16_t topic = plan.aws.topicOf[index(to)];
    const bool isFifo = (queue != nowhere && plan.aws.queues[queue].spec.fifo) ||
                        (topic != nowhere && plan.aws.topics[topic].spec.fifo);
    if (!isFifo) {
        return;
    }
    const bool byContent = queue != nowhere
                               ? plan.aws.queues[queue].spec.contentBasedDeduplication
                               : plan.aws.topics[topic].spec.contentBasedDeduplication;
    const SqsSendSpec sends = producer.spec.sqs.value_or(SqsSendSpec{});
    const std::string where = componentAt(producer.component);
    const std::string& name = plan.catalogue.components[index(to)];
    if (sends.group == SendGroup::None) {
        problems.push_back({where + "/sqs/group", fmt::format("{} is FIFO and refuses everything: "
                                                              "it needs a message group",
                                                              name)});
    }
    if (sends.deduplication == SendDeduplication::None && !byContent) {
        problems.push_back({where + "/sqs/deduplication",
                            fmt::format("{} is FIFO and refuses everything: it needs a "
                                        "deduplication id",
                                        name)});
    }
    const auto& confirms = producer.spec.confirms;
    if (confirms && confirms->retries > 0 && confirms->timeout >= Deduplication::window) {
        problems.push_back({where + "/confirms/timeout",
                            fmt::format("is not below {}: what is sent again then is a new "
                                        "message for {}",
                                        writeDuration(Deduplication::window), name)});
    }
}

} // namespace

void lintAws(const Plan& plan, Problems& problems) {
    for (const SqsQueuePlan& queue : plan.aws.queues) {
        lintQueue(plan, queue, problems);
    }
    for (const SnsTopicPlan& topic : plan.aws.topics) {
        for (const SubscriptionPlan& subscription : topic.subscriptions) {
            lintFilter(plan, subscription, problems);
        }
    }
    for (const ProducerPlan& producer : plan.producers) {
        for (const LinkId link : producer.links) {
            lintSender(plan, producer, link, problems);
        }
    }
}

} // namespace sim
