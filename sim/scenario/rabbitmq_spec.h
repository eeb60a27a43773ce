#pragma once

#include "sim/base/distribution.h"
#include "sim/base/time.h"

#include <cstdint>
#include <optional>
#include <string>

namespace sim {

/// A RabbitMQ broker. A scenario without one has a single broker named "broker" with the defaults.
struct BrokerSpec {
    Distribution diskDelay =
        Distribution::constant(5e6); ///< nanoseconds until a persistent message is on disk
    bool operator==(const BrokerSpec&) const = default;
};

enum class ExchangeType : std::uint8_t {
    Direct,
    Fanout,
    Topic,
    Headers,
    ConsistentHash,
    ModulusHash,
    Random,
};

/// A property of AMQP messages that a consistent-hash exchange can hash.
enum class HashProperty : std::uint8_t { MessageId, CorrelationId, Timestamp };

struct ExchangeSpec {
    std::string name; ///< in the broker; empty: the component's id
    ExchangeType type = ExchangeType::Topic;
    bool durable = true;
    bool internal = false;                    ///< refuses publishes of clients
    std::string alternateExchange;            ///< id of an exchange component; empty: none
    std::string hashHeader;                   ///< ConsistentHash: the header to hash; empty: none
    std::optional<HashProperty> hashProperty; ///< ConsistentHash: in place of the routing key
    std::string broker;                       ///< id of a broker component; empty: the only one
    bool operator==(const ExchangeSpec&) const = default;
};

enum class Overflow : std::uint8_t { DropHead, RejectPublish, RejectPublishDlx };

/// A classic queue. Lengths count ready messages only.
struct QueueSpec {
    std::string name; ///< in the broker; empty: the component's id
    bool durable = true;
    std::optional<Duration> messageTtl; ///< whole milliseconds
    std::optional<std::uint64_t> maxLength;
    std::optional<std::uint64_t> maxLengthBytes; ///< bodies only
    Overflow overflow = Overflow::DropHead;
    std::optional<std::string>
        deadLetterExchange; ///< id of an exchange component; "": the default exchange
    std::optional<std::string> deadLetterRoutingKey; ///< absent: the message's own
    std::optional<std::uint8_t> maxPriority;         ///< 1..255
    bool singleActiveConsumer = false;
    std::string broker; ///< id of a broker component; empty: the only one
    bool operator==(const QueueSpec&) const = default;
};

} // namespace sim
