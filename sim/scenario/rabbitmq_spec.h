#pragma once

#include "sim/base/distribution.h"
#include "sim/base/time.h"
#include "sim/scenario/json.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sim {

enum class ExchangeType : std::uint8_t {
    Direct,
    Fanout,
    Topic,
    Headers,
    ConsistentHash,
    ModulusHash,
    Random,
    LocalRandom,
    Delayed,
};

/// A property of AMQP messages that a consistent-hash exchange can hash.
enum class HashProperty : std::uint8_t { MessageId, CorrelationId, Timestamp };

struct ExchangeSpec {
    std::string name; ///< in the broker; empty: the component's id
    ExchangeType type = ExchangeType::Topic;
    bool durable = true;
    bool internal = false;                    ///< refuses publishes of clients
    bool autoDelete = false;                  ///< goes with its last binding as a source
    std::string alternateExchange;            ///< id of an exchange component; empty: none
    std::string hashHeader;                   ///< ConsistentHash: the header to hash; empty: none
    std::optional<HashProperty> hashProperty; ///< ConsistentHash: in place of the routing key
    std::optional<ExchangeType> delayedType;  ///< Delayed: how it routes what is due
    JsonObject moreArguments; ///< as the broker calls them; without effect, kept for an export
    std::string broker;       ///< id of a broker component; empty: the only one
    bool operator==(const ExchangeSpec&) const = default;
};

/// The releases that differ in what a topology can see.
enum class RabbitmqVersion : std::uint8_t { V3_13, V4_0, V4_3 };

/// What the nodes of a cluster do when they lose sight of each other.
enum class PartitionHandling : std::uint8_t {
    Ignore,        ///< each side goes on by itself, until one is restarted by hand
    PauseMinority, ///< who does not see a majority stops until it does
    Autoheal,      ///< each side goes on; afterwards all sides but one restart
    Khepri,        ///< nobody stops; who does not see a majority cannot declare anything
};

/// The queue argument x-queue-type.
enum class QueueType : std::uint8_t { Classic, Quorum, Stream };

/// How a quorum queue hands over its dead letters.
enum class DeadLetterStrategy : std::uint8_t {
    AtMostOnce,  ///< published without confirms: what the target does not take is lost
    AtLeastOnce, ///< kept until every target has confirmed
};

/// Which returned messages a quorum queue holds back for a while (4.3).
enum class DelayedRetry : std::uint8_t { Disabled, All, Failed, Returned };

enum class Overflow : std::uint8_t { DropHead, RejectPublish, RejectPublishDlx };

/// What kinds of thing a policy is for.
enum class ApplyTo : std::uint8_t {
    All,
    Exchanges,
    Queues,
    ClassicQueues,
    QuorumQueues,
    Streams,
};

/// What a broker's operator sets for exchanges and queues by their names. policies.h says how it is
/// merged with what they were declared with.
struct PolicySpec {
    std::string name;
    std::string pattern = ".*"; ///< a regular expression, searched for anywhere in a name
    ApplyTo applyTo = ApplyTo::All;
    std::int32_t priority = 0;
    bool isOperator = false; ///< an operator policy: a limit to what users set
    std::optional<Duration> expires;
    std::optional<Duration> messageTtl;
    std::optional<std::uint64_t> maxLength;
    std::optional<std::uint64_t> maxLengthBytes;
    std::optional<Overflow> overflow;
    std::optional<std::string> deadLetterExchange; ///< its name in the broker
    std::optional<std::string> deadLetterRoutingKey;
    std::optional<std::string> alternateExchange; ///< its name in the broker
    std::optional<std::int32_t> deliveryLimit;    ///< -1: none
    std::optional<DeadLetterStrategy> deadLetterStrategy;
    std::optional<Duration> maxAge;
    /// The rest of the definition, which the simulation has nothing for. The keys still count: a
    /// queue that does not know one of them skips the policy as a whole.
    JsonObject otherKeys;
    bool operator==(const PolicySpec&) const = default;
};

/// A virtual host of a RabbitMQ broker, which is a broker by itself: nothing passes between two. A
/// scenario without one has a single broker named "broker" with the defaults.
struct BrokerSpec {
    std::string vhost = "/"; ///< what an export calls it
    RabbitmqVersion version = RabbitmqVersion::V4_0;
    std::uint32_t nodes = 1; ///< of its cluster, 1..nodesMax
    std::optional<PartitionHandling> partitionHandling; ///< absent: see partitionHandlingOf()
    Distribution electionTime =
        Distribution::constant(3e9); ///< nanoseconds until a replicated queue has a new leader
    Distribution diskDelay =
        Distribution::constant(5e6); ///< nanoseconds until a persistent message is on disk
    Distribution commitDelay = Distribution::constant(
        2e6); ///< nanoseconds until a command to a quorum queue or a stream is committed
    std::optional<Duration> consumerTimeout = 30min; ///< for an acknowledgement; absent: none
    Duration heartbeat = 60s; ///< timeout of connections, >= 0; 0: none
    std::optional<std::uint64_t> maxMessageBytes;    ///< absent: see maxMessageBytesOf()
    std::vector<PolicySpec> policies;
    /// What a definitions file said that no other field holds, in the sections of that file: users,
    /// permissions, shovels, streams. An item without a virtual host is of this one. Without effect
    /// on a run, and written again by an export.
    JsonObject definitions;
    bool operator==(const BrokerSpec&) const = default;
};

/// A queue of any type. Lengths count ready messages only.
struct QueueSpec {
    std::string name; ///< in the broker; empty: the component's id
    QueueType type = QueueType::Classic;
    bool durable = true;
    std::optional<Duration> messageTtl; ///< whole milliseconds
    std::optional<std::uint64_t> maxLength;
    std::optional<std::uint64_t> maxLengthBytes; ///< bodies only
    std::optional<Overflow> overflow; ///< absent: DropHead, unless a policy says otherwise
    std::optional<std::string>
        deadLetterExchange; ///< id of an exchange component; "": the default exchange
    std::optional<std::string> deadLetterRoutingKey; ///< absent: the message's own
    std::optional<std::uint8_t> maxPriority;         ///< 1..255
    bool singleActiveConsumer = false;
    bool autoDelete = false;         ///< goes with its last consumer
    bool exclusive = false;          ///< goes with the connection of its only consumer
    std::optional<Duration> expires; ///< goes when it had no consumer for so long, > 0
    std::optional<std::int32_t> deliveryLimit; ///< Quorum; -1: none; absent: by the version
    std::optional<DeadLetterStrategy> deadLetterStrategy; ///< Quorum
    DelayedRetry delayedRetry = DelayedRetry::Disabled;   ///< Quorum
    Duration delayedRetryMin = 1s; ///< times the number of failed deliveries
    Duration delayedRetryMax = 1min;
    std::optional<Duration> maxAge;           ///< Stream: how long messages are retained
    std::uint64_t segmentBytes = 500'000'000; ///< Stream: what is removed at a time
    std::uint32_t node = 1;                 ///< where it is at home, or its first leader, from 1
    std::optional<double> serviceRate; ///< Classic: publishes that its process handles, 1/s
    std::optional<std::uint32_t> groupSize; ///< Quorum, Stream: members; absent: see membersOf()
    JsonObject moreArguments; ///< as the broker calls them; without effect, kept for an export
    std::string broker;       ///< id of a broker component; empty: the only one
    bool operator==(const QueueSpec&) const = default;
};

inline constexpr std::uint32_t nodesMax = 9;

/// Khepri, but for version 3.13: there it is Ignore. A cluster of 4.0 or 4.1 that was not moved to
/// Khepri needs `ignore` said. Source: https://www.rabbitmq.com/docs/partitions,
/// https://www.rabbitmq.com/docs/3.13/partitions
PartitionHandling partitionHandlingOf(const BrokerSpec& broker);

/// The largest body that it takes: 16 MiB, and 128 MiB in version 3.13.
/// Source: https://github.com/rabbitmq/rabbitmq-server/blob/main/release-notes/4.0.1.md
std::uint64_t maxMessageBytesOf(const BrokerSpec& broker);

/// How many nodes have a replicated queue: 3, or each for a stream, and no more than there are.
/// Source: https://www.rabbitmq.com/docs/quorum-queues#group-size,
/// https://www.rabbitmq.com/docs/streams#replication-factor
std::uint32_t membersOf(const QueueSpec& queue, const BrokerSpec& broker);

/// How often a quorum queue counts a message's return before it gives the message up; nothing where
/// it never does. Source: https://www.rabbitmq.com/docs/quorum-queues#poison-message-handling
std::optional<std::uint32_t> deliveryLimitOf(const QueueSpec& queue, RabbitmqVersion version);

/// Whether dead letters are kept until they are confirmed: only where new messages are refused when
/// the queue is full; else the strategy is silently the weaker one.
/// Source: https://www.rabbitmq.com/docs/quorum-queues#dead-lettering
bool deadLettersAtLeastOnce(const QueueSpec& queue);

/// Whether a restart of the broker leaves the queue: an exclusive one is never durable.
inline bool survivesRestart(const QueueSpec& queue) { return queue.durable && !queue.exclusive; }

/// Where neither the queue nor a policy says, the head is dropped.
inline Overflow overflowOf(const QueueSpec& queue) {
    return queue.overflow.value_or(Overflow::DropHead);
}

} // namespace sim
