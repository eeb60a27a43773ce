#include "sim/scenario/aws/filter_policy.h"
#include "sim/scenario/validation.h"

namespace sim {
namespace {

/// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
void validateFifoAttributes(const Validation& all, const SqsQueueSpec& queue,
                            const std::string& pointer) {
    const auto refuse = [&](bool isSet, const char* key) {
        if (isSet && !queue.fifo) {
            all.add(fmt::format("{}/{}", pointer, key), "is for FIFO queues alone");
        }
    };
    const bool ofGroups = queue.deduplicationScope == DeduplicationScope::MessageGroup;
    const bool perGroup = queue.fifoThroughputLimit == FifoThroughputLimit::PerMessageGroupId;
    refuse(queue.contentBasedDeduplication, "content_based_deduplication");
    refuse(ofGroups, "deduplication_scope");
    refuse(perGroup, "fifo_throughput_limit");
    if (queue.fifo && perGroup && !ofGroups) {
        all.add(pointer + "/fifo_throughput_limit",
                "perMessageGroupId needs the deduplication_scope messageGroup");
    }
}

/// Says so where a dead-letter queue is of another type than the queue whose letters it gets.
void validateLetterType(const Validation& all, const std::string& letters, bool fifo,
                        const std::string& pointer) {
    const auto* target = all.find<SqsQueueSpec>(letters);
    if (target != nullptr && target->fifo != fifo) {
        all.add(pointer + "/dead_letter_queue",
                fmt::format("\"{}\" is a {} queue; the dead-letter queue of a {} queue is of its "
                            "type",
                            letters, target->fifo ? "FIFO" : "standard",
                            fifo ? "FIFO" : "standard"));
    }
}

void validateSqsQueue(const Validation& all, const SqsQueueSpec& queue, const std::string& id,
                   const std::string& pointer) {
    validateFifoAttributes(all, queue, pointer);
    validateLetterType(all, queue.deadLetterQueue, queue.fifo, pointer);
    if (queue.deadLetterQueue == id) {
        all.add(pointer + "/dead_letter_queue", "is the queue itself");
    }
    if (!queue.fifo && queue.shortPollShards > queue.shards) {
        all.add(pointer + "/short_poll_shards",
                fmt::format("{} is more than there are: shards is {}", queue.shortPollShards,
                            queue.shards));
    }
}

void validateTopic(const Validation& all, const SnsTopicSpec& topic, const std::string& id,
                   const std::string& pointer) {
    const auto refuse = [&](bool isSet, const char* key) {
        if (isSet && !topic.fifo) {
            all.add(fmt::format("{}/{}", pointer, key), "is for FIFO topics alone");
        }
    };
    refuse(topic.contentBasedDeduplication, "content_based_deduplication");
    refuse(topic.fifoThroughputScope != FifoThroughputScope::Topic, "fifo_throughput_scope");
    constexpr std::size_t fifoSubscriptionsMax = 100;
    std::size_t subscriptions = 0;
    all.forEachLink<SubscriptionLink>([&](const SubscriptionLink& link, const std::string& where) {
        subscriptions += link.from == id ? 1 : 0;
        if (link.from == id && topic.fifo && subscriptions == fifoSubscriptionsMax + 1) {
            all.add(where, fmt::format("a FIFO topic has {} subscriptions at most",
                                       fifoSubscriptionsMax));
        }
    });
}

void validateSubscription(const Validation& all, const SubscriptionLink& link,
                          const std::string& pointer) {
    const auto* topic = all.find<SnsTopicSpec>(link.from);
    const auto* queue = all.find<SqsQueueSpec>(link.to);
    if (topic != nullptr && queue != nullptr && !topic->fifo && queue->fifo) {
        all.add(pointer + "/to",
                fmt::format("\"{}\" is a FIFO queue: a standard topic does not deliver to one",
                            link.to));
    }
    if (queue != nullptr) {
        validateLetterType(all, link.deadLetterQueue, queue->fifo, pointer);
    }
    if (link.filterPolicy.empty()) {
        return;
    }
    const auto policy =
        FilterPolicy::compile(JsonValue{link.filterPolicy}, link.filterPolicyScope);
    if (!policy) {
        for (const Problem& problem : policy.error()) {
            all.add(pointer + "/filter_policy" + problem.where, problem.what);
        }
    }
}

/// What AMQP alone has.
void validateConsumeLink(const Validation& all, const ConsumeLink& link,
                         const std::string& pointer) {
    if (all.find<SqsQueueSpec>(link.from) == nullptr) {
        return;
    }
    const ConsumeLink usual;
    const auto refuse = [&](bool isSet, const char* key) {
        if (isSet) {
            all.add(fmt::format("{}/{}", pointer, key),
                    fmt::format("has no meaning: \"{}\" is an SQS queue", link.from));
        }
    };
    refuse(link.priority != usual.priority, "priority");
    refuse(link.offset != usual.offset, "offset");
    refuse(link.storesOffset, "stores_offset");
    refuse(link.singleActive, "single_active");
    refuse(link.node.has_value(), "node");
    const auto* consumer = all.find<ConsumerSpec>(link.to);
    if (consumer != nullptr && consumer->forward) {
        all.add(pointer + "/from", fmt::format("\"{}\" forwards, and does so from queues of "
                                               "RabbitMQ alone",
                                               link.to));
    }
    if (consumer != nullptr && consumer->ackMode == AckMode::Auto) {
        all.add(pointer + "/from", fmt::format("\"{}\" has ack_mode auto: SQS keeps every message "
                                               "until it is deleted",
                                               link.to));
    }
}

void validatePollers(const Validation& all) {
    std::set<std::string_view> polls;
    std::set<std::string_view> others;
    all.forEachLink<ConsumeLink>([&](const ConsumeLink& link, const std::string& pointer) {
        validateConsumeLink(all, link, pointer);
        (all.find<SqsQueueSpec>(link.from) != nullptr ? polls : others).insert(link.to);
    });
    all.forEach<ConsumerSpec>([&](const ConsumerSpec& consumer, const std::string& id,
                                  const std::string& pointer) {
        if (!polls.contains(id)) {
            if (consumer.sqs) {
                all.add(pointer + "/sqs", fmt::format("needs a consume link from an SQS queue to "
                                                      "\"{}\"",
                                                      id));
            }
            return;
        }
        const auto refuse = [&](bool isSet, const char* key, const char* why) {
            if (isSet && !others.contains(id)) {
                all.add(fmt::format("{}/{}", pointer, key),
                        fmt::format("has no meaning for SQS queues: {}", why));
            }
        };
        refuse(consumer.prefetch > 0, "prefetch", "use max_messages of sqs");
        refuse(consumer.channelPrefetch > 0, "channel_prefetch", "use max_messages of sqs");
        refuse(consumer.ackEvery > 1, "ack_every", "use deletes of sqs");
        const bool rejects = consumer.onFailure == OnFailure::Reject ||
                             consumer.onFailure == OnFailure::RejectRequeue;
        refuse(rejects, "on_failure", "a message cannot be rejected; use on_failure of sqs");
    });
}

} // namespace

void validateAws(const Validation& all) {
    all.forEach<SqsQueueSpec>([&](const auto&... queue) { validateSqsQueue(all, queue...); });
    all.forEach<SnsTopicSpec>([&](const auto&... topic) { validateTopic(all, topic...); });
    all.forEachLink<SubscriptionLink>(
        [&](const auto&... link) { validateSubscription(all, link...); });
    all.forEachLink<PublishLink>([&](const PublishLink& link, const std::string& pointer) {
        const bool ours = all.find<SqsQueueSpec>(link.to) != nullptr ||
                          all.find<SnsTopicSpec>(link.to) != nullptr;
        if (ours && link.node) {
            all.add(pointer + "/node", fmt::format("has no meaning: \"{}\" is not in a broker",
                                                   link.to));
        }
    });
    validatePollers(all);
}

} // namespace sim
