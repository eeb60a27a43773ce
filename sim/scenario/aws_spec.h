#pragma once

#include "sim/base/distribution.h"
#include "sim/base/time.h"

#include <cstdint>
#include <optional>
#include <string>

namespace sim {

/// Among which messages of a FIFO queue two with the same deduplication id are the same.
enum class DeduplicationScope : std::uint8_t { Queue, MessageGroup };

/// What the throughput quota of a FIFO queue is counted for.
enum class FifoThroughputLimit : std::uint8_t { PerQueue, PerMessageGroupId };

/// The same of a FIFO topic; it is the scope of its deduplication too.
enum class FifoThroughputScope : std::uint8_t { Topic, MessageGroup };

/// What a filter policy is held against.
enum class FilterPolicyScope : std::uint8_t { MessageAttributes, MessageBody };

/// An Amazon SQS queue, standard or FIFO, with the attributes of CreateQueue and what the guide
/// leaves to chance.
/// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
struct SqsQueueSpec {
    bool fifo = false;
    Duration visibilityTimeout = 30s;
    Duration delay{};
    Duration retention = 24h * 4;
    Duration receiveWait{}; ///< of a receive that says nothing; 0: short polling
    std::uint64_t maxMessageSize = 1'048'576;
    std::string deadLetterQueue;        ///< id of an SQS queue; empty: none
    std::uint32_t maxReceiveCount = 10; ///< receives before it moves there
    bool contentBasedDeduplication = false;
    DeduplicationScope deduplicationScope = DeduplicationScope::Queue;
    FifoThroughputLimit fifoThroughputLimit = FifoThroughputLimit::PerQueue;
    std::uint32_t maxInFlight = 120'000;
    double apiRate = 300; ///< FIFO: sends, and receives, per second
    // What the guide says of standard queues without a number.
    double duplicateRate = 1e-4;      ///< 0..1, for each receive: stays visible all the same
    std::uint32_t shards = 10;        ///< servers that the messages are spread over
    std::uint32_t shortPollShards = 3; ///< of these that a short poll asks
    Distribution reorder = Distribution::uniform(0, 200e6); ///< nanoseconds that it may fall behind
    double staleDeleteRate = 0.5; ///< 0..1: a delete with an old receipt handle works
    double resurrectRate = 1e-6;  ///< 0..1, for each delete: it comes back
    Distribution requestTime = Distribution::constant(5e6); ///< nanoseconds, for each request
    bool operator==(const SqsQueueSpec&) const = default;
};

/// High throughput needs both; any other combination is the normal quota.
/// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/high-throughput-fifo.html
inline bool hasHighThroughput(const SqsQueueSpec& queue) {
    return queue.deduplicationScope == DeduplicationScope::MessageGroup &&
           queue.fifoThroughputLimit == FifoThroughputLimit::PerMessageGroupId;
}

/// An Amazon SNS topic, standard or FIFO.
/// Source: https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
struct SnsTopicSpec {
    bool fifo = false;
    bool contentBasedDeduplication = false;
    FifoThroughputScope fifoThroughputScope = FifoThroughputScope::Topic;
    std::uint64_t maxMessageSize = 262'144;
    Distribution requestTime = Distribution::constant(5e6); ///< nanoseconds, for each request
    bool operator==(const SnsTopicSpec&) const = default;
};

/// What a sender gives as MessageGroupId.
enum class SendGroup : std::uint8_t { Key, EventType, None };

/// What a sender gives as MessageDeduplicationId.
enum class SendDeduplication : std::uint8_t { MessageId, None };

/// How a service sends to SQS queues and publishes to SNS topics.
struct SqsSendSpec {
    std::optional<SendGroup> group; ///< absent: Key for FIFO, None for standard ones
    SendDeduplication deduplication = SendDeduplication::MessageId;
    bool operator==(const SqsSendSpec&) const = default;
};

/// A consumer that extends the visibility timeout of what it has in hand.
struct SqsHeartbeatSpec {
    Duration every = 10s;
    Duration by = 30s; ///< counted from the call
    bool operator==(const SqsHeartbeatSpec&) const = default;
};

/// What a consumer does with a message of an SQS queue whose handling failed.
enum class SqsFailure : std::uint8_t { Leave, Release };

/// When a consumer deletes what it has handled.
enum class SqsDelete : std::uint8_t { Each, Batch };

/// How a consumer receives from SQS queues.
/// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
struct SqsReceiveSpec {
    std::uint32_t maxMessages = 10;            ///< of one receive, 1..10
    std::optional<Duration> waitTime;          ///< absent: the queue's
    std::optional<Duration> visibilityTimeout; ///< absent: the queue's
    std::optional<SqsHeartbeatSpec> heartbeat;
    SqsFailure onFailure = SqsFailure::Leave;
    SqsDelete deletes = SqsDelete::Each;
    Duration pollInterval{}; ///< after a receive that returned nothing
    bool operator==(const SqsReceiveSpec&) const = default;
};

} // namespace sim
