#pragma once

#include "sim/scenario/aws_spec.h"
#include "sim/scenario/field.h"

/// The fields of SQS queues and SNS topics, and of those who use them.
namespace sim {

template <>
inline constexpr std::array choicesOf<DeduplicationScope>{
    Name{"queue", "Of the whole queue, across groups."},
    Name{"messageGroup", "Of one message group."},
};
template <>
inline constexpr std::array choicesOf<FifoThroughputLimit>{
    Name{"perQueue", "One quota for the queue."},
    Name{"perMessageGroupId", "A quota for each message group (with the deduplication scope "
                              "messageGroup)."},
};
template <>
inline constexpr std::array choicesOf<FifoThroughputScope>{
    Name{"Topic", "The topic: 3000 messages a second, 300 of one group."},
    Name{"MessageGroup", "Each message group: 300 messages a second."},
};
template <>
inline constexpr std::array choicesOf<FilterPolicyScope>{
    Name{"MessageAttributes", "The attributes of a message: here the headers of its event type."},
    Name{"MessageBody", "The body of a message, which must be a JSON object."},
};
template <>
inline constexpr std::array choicesOf<SendGroup>{
    Name{"key", "The business key."},
    Name{"type", "The event type."},
    Name{"none", "None: a FIFO queue or topic refuses the message."},
};
template <>
inline constexpr std::array choicesOf<SendDeduplication>{
    Name{"message-id", "The id of the event: what is sent again has the same."},
    Name{"none", "None: without content-based deduplication a FIFO queue refuses the message."},
};
template <>
inline constexpr std::array choicesOf<SqsFailure>{
    Name{"leave", "Nothing: it comes back when its visibility timeout is over."},
    Name{"release", "Sets its visibility timeout to 0: it comes back at once."},
};
template <>
inline constexpr std::array choicesOf<SqsDelete>{
    Name{"each", "Each message as it is handled."},
    Name{"batch", "All of one receive that were handled, when none of them is left."},
};

inline constexpr double visibilityMax = 43'200e9;   ///< 12 hours
inline constexpr double messageDelayMax = 900e9;    ///< 15 minutes
inline constexpr double retentionMin = 60e9;        ///< a minute
inline constexpr double retentionMax = 1'209'600e9; ///< 14 days
inline constexpr double receiveWaitMax = 20e9;
inline constexpr double sqsMessageMax = 1'048'576; ///< bytes
inline constexpr double snsMessageMax = 262'144;   ///< bytes

template <Is<SqsQueueSpec> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "fifo", .help = "A FIFO queue; else a standard queue."}, spec.fifo);
    visit(Field{.key = "visibility_timeout",
                .help = "How long a message that was received is hidden from other receives.",
                .max = visibilityMax},
          spec.visibilityTimeout);
    visit(Field{.key = "delay",
                .help = "How long a message that was sent cannot be received.",
                .max = messageDelayMax},
          spec.delay);
    visit(Field{.key = "retention",
                .help = "A message that was not deleted by then is gone.",
                .min = retentionMin,
                .max = retentionMax},
          spec.retention);
    visit(Field{.key = "receive_wait",
                .help = "How long a receive waits for a message, unless it says otherwise (long "
                        "polling); 0: it asks some of the servers and returns at once.",
                .max = receiveWaitMax},
          spec.receiveWait);
    visit(Field{.key = "max_message_size",
                .help = "The largest message that it takes.",
                .unit = Unit::Bytes,
                .min = 1024,
                .max = sqsMessageMax},
          spec.maxMessageSize);
    visit(Field{.key = "dead_letter_queue",
                .help = "Gets what was received `max_receive_count` times and not deleted; of the "
                        "same type; empty: none.",
                .refersTo = refers::ToSqsQueue},
          spec.deadLetterQueue);
    visit(Field{.key = "max_receive_count",
                .help = "With `dead_letter_queue`: so many receives return a message; the next one "
                        "moves it.",
                .min = 1,
                .max = 1000},
          spec.maxReceiveCount);
    visit(Field{.key = "content_based_deduplication",
                .help = "`fifo`: a message without a deduplication id has the hash of its body for "
                        "one."},
          spec.contentBasedDeduplication);
    visit(Field{.key = "deduplication_scope",
                .help = "`fifo`: among which messages the same id is a duplicate for 5 minutes."},
          spec.deduplicationScope);
    visit(Field{.key = "fifo_throughput_limit", .help = "`fifo`: what `api_rate` is counted for."},
          spec.fifoThroughputLimit);
    visit(Field{.key = "max_in_flight",
                .help = "Received and not deleted messages at most; then receives return nothing.",
                .min = 1,
                .max = 1e6},
          spec.maxInFlight);
    visit(Field{.key = "api_rate",
                .help = "`fifo`: sends, and receives, that are not throttled.",
                .unit = Unit::PerSecond,
                .min = 1,
                .max = 1e6},
          spec.apiRate);
    visit(Field{.key = "duplicate_rate",
                .help = "`standard`: how often a message that is received stays visible all the "
                        "same.",
                .unit = Unit::Probability,
                .max = 1},
          spec.duplicateRate);
    visit(Field{.key = "shards",
                .help = "`standard`: servers that its messages are spread over.",
                .min = 1,
                .max = 64},
          spec.shards);
    visit(Field{.key = "short_poll_shards",
                .help = "`standard`: how many of them a short poll asks.",
                .min = 1,
                .max = 64},
          spec.shortPollShards);
    visit(Field{.key = "reorder",
                .help = "`standard`: how far a message falls behind those that come after it.",
                .unit = Unit::Nanoseconds},
          spec.reorder);
    visit(Field{.key = "stale_delete_rate",
                .help = "`standard`: how often a delete works whose message was received again "
                        "since.",
                .unit = Unit::Probability,
                .max = 1},
          spec.staleDeleteRate);
    visit(Field{.key = "resurrect_rate",
                .help = "`standard`: how often a message comes back that was deleted.",
                .unit = Unit::Probability,
                .max = 1},
          spec.resurrectRate);
    visit(Field{.key = "request_time",
                .help = "What the service takes for a request, beside the network.",
                .unit = Unit::Nanoseconds},
          spec.requestTime);
}

template <Is<SnsTopicSpec> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "fifo", .help = "A FIFO topic; else a standard topic."}, spec.fifo);
    visit(Field{.key = "content_based_deduplication",
                .help = "`fifo`: a message without a deduplication id has the hash of its body for "
                        "one."},
          spec.contentBasedDeduplication);
    visit(Field{.key = "fifo_throughput_scope",
                .help = "`fifo`: what its quota is counted for, and among which messages the same "
                        "id is a duplicate for 5 minutes."},
          spec.fifoThroughputScope);
    visit(Field{.key = "max_message_size",
                .help = "The largest message that it takes.",
                .unit = Unit::Bytes,
                .min = 1024,
                .max = snsMessageMax},
          spec.maxMessageSize);
    visit(Field{.key = "request_time",
                .help = "What the service takes for a request, beside the network.",
                .unit = Unit::Nanoseconds},
          spec.requestTime);
}

template <Is<SqsSendSpec> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "group",
                .help = "MessageGroupId: what a FIFO queue keeps in order.",
                .absent = "key for FIFO queues and topics, none for standard ones"},
          spec.group);
    visit(Field{.key = "deduplication", .help = "MessageDeduplicationId, for FIFO queues and topics."},
          spec.deduplication);
}

template <Is<SqsHeartbeatSpec> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "every",
                .help = "From the receive, and from one extension to the next.",
                .min = 1e6,
                .max = visibilityMax},
          spec.every);
    visit(Field{.key = "by",
                .help = "The visibility timeout that it sets, counted from the call.",
                .min = 1e9,
                .max = visibilityMax},
          spec.by);
}

template <Is<SqsReceiveSpec> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "max_messages",
                .help = "Messages of one receive at most.",
                .min = 1,
                .max = 10},
          spec.maxMessages);
    visit(Field{.key = "wait_time",
                .help = "How long a receive waits for a message; 0: short polling.",
                .max = receiveWaitMax,
                .absent = "the queue's receive_wait"},
          spec.waitTime);
    visit(Field{.key = "visibility_timeout",
                .help = "The visibility timeout of what it receives.",
                .max = visibilityMax,
                .absent = "the queue's"},
          spec.visibilityTimeout);
    visit(Field{.key = "heartbeat",
                .help = "Extends the visibility timeout of what it has in hand.",
                .absent = "it does not"},
          spec.heartbeat);
    visit(Field{.key = "on_failure",
                .help = "What it does with a message whose handling failed, unless `on_failure` of "
                        "the consumer is republish or ignore."},
          spec.onFailure);
    visit(Field{.key = "deletes", .help = "When it deletes what it has handled."}, spec.deletes);
    visit(Field{.key = "poll_interval",
                .help = "How long it waits after a receive that returned nothing."},
          spec.pollInterval);
}

} // namespace sim
