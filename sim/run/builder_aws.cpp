// What a plan says of SQS queues and SNS topics.

#include "sim/base/check.h"
#include "sim/model/aws/message_attributes.h"
#include "sim/run/builder.h"

#include <algorithm>

namespace sim {

void Builder::makeAws() {
    AwsPlan& aws = m_plan.aws;
    const auto& components = m_plan.scenario.components;
    aws.queueOf.assign(components.size(), nowhere);
    aws.topicOf.assign(components.size(), nowhere);
    for (std::uint16_t i = 0; i < components.size(); ++i) {
        if (const auto* queue = std::get_if<SqsQueueSpec>(&components[i].spec)) {
            aws.queueOf[i] = static_cast<std::uint16_t>(aws.queues.size());
            aws.queues.push_back({.component = ComponentId{i}, .spec = *queue, .consumers = {}});
        } else if (const auto* topic = std::get_if<SnsTopicSpec>(&components[i].spec)) {
            aws.topicOf[i] = static_cast<std::uint16_t>(aws.topics.size());
            aws.topics.push_back({.component = ComponentId{i}, .spec = *topic, .subscriptions = {}});
        }
    }
    for (SqsQueuePlan& queue : aws.queues) {
        queue.deadLetterQueue = sqsQueueAt(queue.spec.deadLetterQueue);
    }
    aws.bodies.emplace_back();
    aws.senders.resize(components.size());
}

/// nowhere for an empty id.
std::uint16_t Builder::sqsQueueAt(const std::string& id) const {
    return id.empty() ? nowhere : m_plan.aws.queueOf[index(idOf(id))];
}

void Builder::addConsumerAtQueue(LinkId id, LinkPlan& link) {
    link.polls = true;
    link.firstChannel = m_plan.aws.polls;
    m_plan.aws.polls += link.lanes;
    m_plan.aws.queues[m_plan.aws.queueOf[index(link.from)]].consumers.push_back(id);
}

void Builder::addLink(LinkId id, const SubscriptionLink& link) {
    LinkPlan made = ends(link.from, link.to);
    made.subscription = true;
    made.network = link.network;
    SnsTopicPlan& topic = m_plan.aws.topics[m_plan.aws.topicOf[index(made.from)]];
    made.atClient = static_cast<std::uint16_t>(topic.subscriptions.size());
    SubscriptionPlan subscription{.link = id,
                                  .queue = sqsQueueAt(link.to),
                                  .deadLetterQueue = sqsQueueAt(link.deadLetterQueue),
                                  .raw = link.raw,
                                  .filter = std::nullopt,
                                  .passes = {}};
    if (!link.filterPolicy.empty()) {
        auto filter = FilterPolicy::compile(JsonValue{link.filterPolicy}, link.filterPolicyScope);
        SIM_CHECK(filter.has_value());
        subscription.filter = std::move(*filter);
    }
    topic.subscriptions.push_back(std::move(subscription));
    m_plan.links.push_back(std::move(made));
}

SenderPlan Builder::senderOf(const ProducerSpec& producer) {
    SenderPlan sender{.spec = producer.sqs.value_or(SqsSendSpec{}),
                      .bodies = std::vector<std::uint32_t>(m_plan.catalogue.types.size(), 0)};
    std::vector<std::string>& bodies = m_plan.aws.bodies;
    for (const EventTypeSpec& type : producer.types) {
        if (!type.body.empty()) {
            const std::string body = jsonLine(JsonValue{type.body});
            const auto known = std::ranges::find(bodies, body);
            sender.bodies[index(typeNamed(type.name))] =
                static_cast<std::uint32_t>(known - bodies.begin());
            if (known == bodies.end()) {
                bodies.push_back(body);
            }
        }
    }
    return sender;
}

/// What needs every header set and body to be known.
void Builder::resolveInAws() {
    if (!m_plan.aws.isUsed()) {
        return;
    }
    for (const ProducerPlan& producer : m_plan.producers) {
        m_plan.aws.senders[index(producer.component)] = senderOf(producer.spec);
    }
    for (SnsTopicPlan& topic : m_plan.aws.topics) {
        for (SubscriptionPlan& subscription : topic.subscriptions) {
            foreseePasses(subscription, m_plan);
        }
    }
}

} // namespace sim
