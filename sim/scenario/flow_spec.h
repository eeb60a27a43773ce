#pragma once

#include "sim/base/distribution.h"
#include "sim/base/one_of.h"
#include "sim/base/time.h"
#include "sim/scenario/aws_spec.h"
#include "sim/scenario/json.h"
#include "sim/scenario/table.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace sim {

/// What a message does to the business state of its key.
enum class Effect : std::uint8_t {
    Set, ///< full state: the key's value becomes the message's version
    Add, ///< delta: `amount` is added to the key's value
};

/// One type of event that a producer emits.
struct EventTypeSpec {
    std::string name = "event";
    double weight = 1;                     ///< share among the producer's types, > 0
    std::optional<std::string> routingKey; ///< absent: the name
    Table headers;
    std::vector<std::string> cc;  ///< further routing keys, seen by consumers
    std::vector<std::string> bcc; ///< further routing keys that the broker takes out
    std::optional<std::uint8_t> priority;
    std::optional<Duration> expiration;              ///< AMQP `expiration`, whole milliseconds
    Distribution size = Distribution::constant(256); ///< body, bytes
    JsonObject body; ///< what is in it, where somebody looks; empty: each message has its own
    Effect effect = Effect::Set;
    std::int64_t amount = 1; ///< for Effect::Add

    bool operator==(const EventTypeSpec&) const = default;
};

/// Which business key (aggregate) a message is about.
struct KeySpec {
    enum class Kind : std::uint8_t {
        Sequence, ///< 1, 2, 3 ... count, 1, 2 ...; count 0: never the same again
        Uniform,  ///< each of `count` equally likely
        Zipf,     ///< the k-th with a share proportional to 1 / k^exponent
    };
    Kind kind = Kind::Uniform;
    std::uint32_t count = 10;
    double exponent = 1;
    std::string prefix = "key-";
    std::string header; ///< that carries the key; empty: none

    bool operator==(const KeySpec&) const = default;
};

struct PoissonArrivals {
    double rate = 10; ///< per second
    bool operator==(const PoissonArrivals&) const = default;
};
struct ConstantArrivals {
    double rate = 10; ///< per second, evenly spaced
    bool operator==(const ConstantArrivals&) const = default;
};
/// `size` messages `spacing` apart, and again every `every`, counted from start to start.
struct BurstArrivals {
    std::uint32_t size = 100;
    Duration every = 10s;
    Duration spacing{};
    bool operator==(const BurstArrivals&) const = default;
};
/// Markov-modulated Poisson process of two states, each left after an exponential time.
struct OnOffArrivals {
    double onRate = 100;
    double offRate = 0;
    Duration meanOn = 1s;
    Duration meanOff = 1s;
    bool operator==(const OnOffArrivals&) const = default;
};
/// Poisson arrivals whose rate follows points in time; before the first point its rate holds,
/// after the last one the last rate.
struct ProfileArrivals {
    struct Point {
        Duration at{}; ///< since the start of the run
        double rate = 0;
        bool operator==(const Point&) const = default;
    };
    enum class Between : std::uint8_t {
        Ramp, ///< straight line between points
        Step, ///< the rate of the last point passed
    };
    Between between = Between::Ramp;
    std::vector<Point> points; ///< strictly increasing in time, at least one
    bool operator==(const ProfileArrivals&) const = default;
};
/// Arrivals at the instants of a CSV file: first column, seconds since the start of the run.
struct ReplayArrivals {
    std::string file;            ///< as written, relative to the scenario's folder
    std::vector<Duration> times; ///< what the reader found in it, in order
    bool operator==(const ReplayArrivals&) const = default;
};
/// Exactly these messages.
struct ScriptArrivals {
    struct Entry {
        Duration at{};
        std::string type; ///< one of the producer's types; empty: the first
        std::string key;  ///< empty: drawn from `keys`
        std::optional<std::string> routingKey;
        Table headers; ///< added to the type's, and replacing those of the same name
        std::optional<std::uint8_t> priority;
        std::optional<Duration> expiration;
        bool operator==(const Entry&) const = default;
    };
    std::vector<Entry> messages; ///< in order of time
    bool operator==(const ScriptArrivals&) const = default;
};
using ArrivalSpec =
    OneOf<std::variant<PoissonArrivals, ConstantArrivals, BurstArrivals, OnOffArrivals,
                       ProfileArrivals, ReplayArrivals, ScriptArrivals>>;

/// Publisher confirms, and what the producer does when one does not come.
struct ConfirmSpec {
    Duration timeout = 5s;         ///< then the message is published again
    std::uint32_t retries = 3;     ///< publishes after the first; then the producer gives up
    std::uint32_t maxInFlight = 0; ///< unconfirmed publishes at most; 0: no limit
    bool operator==(const ConfirmSpec&) const = default;
};

/// A service that publishes events. The versions of a key count from 1 in the order of production,
/// over all producers of the run.
struct ProducerSpec {
    ArrivalSpec arrivals;
    std::vector<EventTypeSpec> types{EventTypeSpec{}}; ///< at least one
    KeySpec keys;
    std::uint32_t channels = 1; ///< messages take the channels in turn
    bool persistent = true;     ///< AMQP delivery_mode 2
    bool mandatory = false;
    std::optional<ConfirmSpec> confirms;
    bool heedsBlocked = false; ///< stops publishing while the broker says that it is blocked
    Duration startAfter{};
    std::uint64_t limit = 0; ///< messages to produce at most; 0: no limit
    std::optional<SqsSendSpec> sqs; ///< absent: its defaults
    bool operator==(const ProducerSpec&) const = default;
};

/// What a connection between two components does to what travels on it.
struct NetworkSpec {
    Distribution latency = Distribution::constant(1e6); ///< nanoseconds, one way
    std::optional<Distribution> backLatency; ///< of acks, confirms and returns; absent: as latency
    double bandwidth = 0;                    ///< bytes per second, 0: unlimited
    bool fifo = true;                        ///< TCP: nothing overtakes on one channel's connection
    bool operator==(const NetworkSpec&) const = default;
};

/// From a producer (or a consumer that republishes) to an exchange, or to a queue through the
/// default exchange; or to an SQS queue or an SNS topic.
struct PublishLink {
    std::string from;
    std::string to;
    NetworkSpec network;
    std::optional<std::uint32_t> node; ///< that it connects to, from 1; absent: the first that runs
    bool operator==(const PublishLink&) const = default;
};

/// From a queue to a consumer: one AMQP consumer for each instance. From an SQS queue: each
/// instance polls.
struct ConsumeLink {
    std::string from;
    std::string to;
    NetworkSpec network;
    std::int32_t priority = 0; ///< consumer argument x-priority: of those that can take, the highest
    std::string offset = "next"; ///< of a stream, see StreamOffset
    bool storesOffset = false;   ///< of a stream: goes on behind its last acknowledgement
    bool singleActive = false;   ///< of a stream: one instance reads at a time
    std::optional<std::uint32_t> node; ///< that it connects to, from 1; absent: the first that runs
    bool operator==(const ConsumeLink&) const = default;
};

/// From an exchange to a queue or an exchange.
struct BindingLink {
    std::string from;
    std::string to;
    std::string routingKey;
    Table arguments;
    bool operator==(const BindingLink&) const = default;
};

/// From an SNS topic to an SQS queue.
/// Source: https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
struct SubscriptionLink {
    std::string from;
    std::string to;
    JsonObject filterPolicy; ///< as it was given; empty: everything gets through
    FilterPolicyScope filterPolicyScope = FilterPolicyScope::MessageAttributes;
    bool raw = false;            ///< RawMessageDelivery
    std::string deadLetterQueue; ///< id of an SQS queue; empty: none
    NetworkSpec network;
    bool operator==(const SubscriptionLink&) const = default;
};

using LinkSpec = OneOf<std::variant<PublishLink, BindingLink, ConsumeLink, SubscriptionLink>>;

} // namespace sim
