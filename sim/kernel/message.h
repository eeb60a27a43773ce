#pragma once

#include "sim/base/ids.h"
#include "sim/base/time.h"
#include "sim/kernel/trace_record.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>
#include <vector>

namespace sim {

inline constexpr std::uint32_t noExpiration = std::numeric_limits<std::uint32_t>::max();
inline constexpr std::uint8_t noPriority = 255;

/// One copy of a message, wherever it is: on a link, in a queue, in a consumer's hands. Bodies are
/// not simulated; what many messages share (routing keys, headers) is kept once, in the plan
/// of the run, and named by its position there.
struct Message {
    // What records say of every message; in one piece and in their order, see copySubject().
    MessageId id{};
    std::uint32_t copy = 0; ///< number of this copy, from 1
    KeyId key = noKey;
    std::uint32_t version = 0; ///< of the key, from 1
    TypeId type = noType;
    std::uint16_t lane = 0; ///< channel of the producer, instance of the consumer

    Instant createdAt{};          ///< when its event was produced
    Duration timestamp{};         ///< the producer's wall clock at that moment
    Instant sentAt{};             ///< on a link: when it left
    Instant enqueuedAt{};         ///< in a queue: when it came
    Instant readySince{};         ///< in a queue: when it last became ready, or was delivered;
                                  ///< on the way to a broker and back: when it was published
    Instant onDiskAt = never;     ///< in a durable queue: when it is safe from a killed broker
    Instant expiresAt = never;    ///< in a queue
    std::uint64_t position = 0;   ///< in a queue: order of arrival; on the way to a broker and
                                  ///< back: sequence number of the publish
    std::uint32_t size = 0;       ///< body, bytes
    std::uint32_t routingKey = 0; ///< position among the plan's routing keys
    std::uint32_t headers = 0;    ///< position among the plan's header sets
    std::uint32_t deaths = 0;     ///< x-death history: position in the pool, 0: none
    std::uint32_t expiration = noExpiration; ///< AMQP property, milliseconds
    std::uint32_t tag = 0; ///< delivery tag on its channel; on the way to a broker and
                           ///< back: the life of its connection
    ComponentId producer = noComponent;
    ComponentId exchange = noComponent; ///< published to; noComponent: the default exchange
    LinkId link = noLink;               ///< travels on, or came by
    std::uint8_t generation = 0;        ///< of the connection that it travels on
    std::uint8_t priority = noPriority;
    std::uint8_t flags = 0;      ///< MessageFlag bits
    std::uint8_t publishes = 0;  ///< attempts of its producer, from 1; stays at 255
    std::uint8_t deliveries = 0; ///< from its present queue; stays at 255
    std::uint8_t retries = 0;    ///< republished by consumers (their x-retry header)
    std::uint16_t returns = 0;   ///< to its present quorum queue (x-acquired-count)
    std::uint16_t failures = 0;  ///< of these, those that count (x-delivery-count)

    bool has(MessageFlag flag) const { return (flags & flag) != 0; }
    void set(MessageFlag flag) { flags = static_cast<std::uint8_t>(flags | flag); }
    void clear(MessageFlag flag) { flags = static_cast<std::uint8_t>(flags & ~flag); }
};

static_assert(std::is_trivially_copyable_v<Message>);
static_assert(sizeof(Message) == 128);

/// Which message the record is about: MessageId to version, type and lane, as two pieces of memory
/// that are laid out alike in both. Every fact costs one of these.
[[gnu::always_inline]] inline void copySubject(const Message& message, TraceRecord& record) {
    constexpr std::size_t toVersion = offsetof(Message, type) - offsetof(Message, id);
    constexpr std::size_t typeAndLane = offsetof(Message, createdAt) - offsetof(Message, type);
    static_assert(offsetof(Message, id) == 0);
    static_assert(offsetof(TraceRecord, component) - offsetof(TraceRecord, message) == toVersion);
    static_assert(offsetof(TraceRecord, kind) - offsetof(TraceRecord, type) == typeAndLane);
    const auto* from = reinterpret_cast<const std::byte*>(&message);
    auto* to = reinterpret_cast<std::byte*>(&record);
    std::memcpy(to + offsetof(TraceRecord, message), from, toVersion);
    std::memcpy(to + offsetof(TraceRecord, type), from + offsetof(Message, type), typeAndLane);
}

/// One entry of the x-death header: how often this queue gave the message up for this reason.
/// Source: RabbitMQ, Dead Letter Exchanges, "Effects on Messages",
/// https://www.rabbitmq.com/docs/dlx#effects
struct Death {
    ComponentId queue{};
    Reason reason{};
    std::uint32_t count = 0;
    Instant firstAt{};
    ComponentId exchange = noComponent; ///< published to before the first such death
    std::uint32_t routingKey = 0;
    std::uint32_t expiration = noExpiration; ///< original-expiration
};

/// Most recent first.
using Deaths = std::vector<Death>;

} // namespace sim
