#pragma once

#include "sim/base/distribution.h"
#include "sim/base/time.h"
#include "sim/scenario/aws_spec.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sim {

/// When a consumer settles a delivery.
enum class AckMode : std::uint8_t {
    After,  ///< after the effect: a crash between the two repeats the effect
    Before, ///< on receipt, before the effect: a crash loses it
    Auto,   ///< the broker forgets the message as it sends it (no-ack)
};

/// What a consumer does with a message whose handling failed.
enum class OnFailure : std::uint8_t {
    Requeue,   ///< basic.nack with requeue
    Reject,    ///< basic.reject without requeue: dead-lettered, or dropped
    RejectRequeue, ///< basic.reject with requeue
    Republish, ///< publishes to its publish link by `retryKeys`, then acks
    Ignore,    ///< acks all the same: the effect is lost
};

/// What a consumer that acknowledges in batches sends back with a delivery whose handling failed.
enum class GivesBack : std::uint8_t {
    One,  ///< nothing else
    UpTo, ///< what came before it and is not acknowledged: basic.nack with multiple
    All,  ///< all that is not acknowledged: basic.recover with requeue
};

/// Forgets ids by age and by number, as a real idempotency store does.
struct IdempotencySpec {
    std::uint32_t capacity = 100'000; ///< ids remembered at most; the oldest goes first
    Duration ttl = 24h * 7;
    bool operator==(const IdempotencySpec&) const = default;
};

/// How a consumer treats the versions of a key.
enum class Ordering : std::uint8_t {
    None,          ///< applies what comes
    VersionCheck,  ///< skips what is not newer than the last one applied
    LastWriteWins, ///< skips what its producer's wall clock calls older than the last one applied
    Resequence,    ///< waits for the missing version, holding later ones unacknowledged
};

struct StrategySpec {
    std::optional<IdempotencySpec> idempotent;
    Ordering ordering = Ordering::None;
    std::optional<Duration> gapWait = 5s; ///< Resequence: then the gap is skipped; absent: for ever
    std::uint32_t bufferMax = 1000; ///< Resequence: held messages at most; then the gap is skipped
    bool operator==(const StrategySpec&) const = default;
};

/// What happens to one delivery in a script of outcomes.
enum class Outcome : std::uint8_t { Success, Failure, CrashBeforeEffect, CrashAfterEffect };

struct ScriptedOutcome {
    Outcome outcome = Outcome::Success;
    std::optional<Duration> serviceTime; ///< absent: drawn
    bool operator==(const ScriptedOutcome&) const = default;
};

/// How often messages of one type fail, in place of the consumer's own failure rate.
struct TypeFailureSpec {
    std::string type;
    double rate = 0; ///< 0..1
    bool operator==(const TypeFailureSpec&) const = default;
};

/// When a shovel or a federation link settles what it forwards.
enum class ForwardAck : std::uint8_t {
    OnConfirm, ///< when the broker that it publishes to has confirmed it: at least once
    OnPublish, ///< when it is published: lost where it gets lost on the way
    NoAck,     ///< the broker that it consumes from forgets it as it sends it
};

/// What a dynamic shovel or a federation link asks for. Both consume from a queue and publish what
/// comes, by the consumer's publish link.
/// Source: https://www.rabbitmq.com/docs/shovel-dynamic,
/// https://www.rabbitmq.com/docs/federation-reference
struct ForwardSpec {
    ForwardAck ackMode = ForwardAck::OnConfirm;
    Duration reconnectDelay = 1s; ///< from the loss of a connection, and between two attempts
    std::optional<std::string> routingKey; ///< absent: the message's own
    std::optional<std::uint32_t> maxHops;  ///< of a link between exchanges; absent: it is none
    bool onDemand = false; ///< of a link between federated queues: see Consumer
    bool operator==(const ForwardSpec&) const = default;
};

/// Whether it is a link of a federated exchange or queue; else a shovel.
constexpr bool isFederation(const ForwardSpec& spec) {
    return spec.maxHops.has_value() || spec.onDemand;
}

/// With which a link between federated queues consumes: what consumers there can take is theirs.
inline constexpr std::int32_t federatedPriority = -1;

/// Of a consumer that forwards and says nothing of its prefetch.
inline constexpr std::uint32_t forwardPrefetch = 1000;

/// A service that consumes: `instances` processes, each with its own channel and prefetch. The
/// state that they change (versions, idempotency store, ledger) is one database shared by all.
struct ConsumerSpec {
    std::uint32_t instances = 1;
    std::uint32_t concurrency = 1; ///< handler threads of an instance
    std::uint32_t prefetch = 0; ///< unacknowledged deliveries at most per instance and queue; 0: no
                                ///< limit
    std::uint32_t channelPrefetch = 0; ///< over all queues of an instance (basic.qos global); 0: no
                                       ///< limit
    std::optional<Duration> poll; ///< from one basic.get to the next; absent: it consumes
    Distribution serviceTime = Distribution::constant(10e6); ///< nanoseconds
    AckMode ackMode = AckMode::After;
    std::uint32_t ackEvery = 1; ///< After: so many finished deliveries for one basic.ack with
                                ///< multiple; 1: each has its own
    std::optional<Duration> ackAfter; ///< no finished delivery waits longer for that; absent: for
                                      ///< ever
    bool acksUnfinished = false; ///< that basic.ack is for the highest tag that is finished,
                                 ///< whatever is not finished below it
    double failureRate = 0; ///< 0..1, for each delivery
    std::vector<TypeFailureSpec> failureRates;
    std::vector<std::string> poisonKeys; ///< messages of these keys always fail
    OnFailure onFailure = OnFailure::Requeue;
    GivesBack givesBack = GivesBack::One; ///< with ackEvery above 1
    std::vector<std::string> retryKeys; ///< Republish: routing key of the n-th retry
    std::string giveUpKey; ///< Republish: routing key when the retries are used up; empty: ack
    double crashBeforeEffect = 0; ///< 0..1, for each delivery: dies with the work done in vain
    double crashAfterEffect = 0;  ///< 0..1, for each delivery: dies between effect and ack
    Distribution restartAfter =
        Distribution::constant(1e9);       ///< nanoseconds a crashed instance is down
    std::vector<ScriptedOutcome> outcomes; ///< of the first deliveries, in order of their start
    StrategySpec strategy;
    bool oneConnection = false; ///< an instance republishes on the connection that it consumes by
    std::optional<ForwardSpec> forward; ///< it handles nothing, and passes on what comes
    std::optional<SqsReceiveSpec> sqs;  ///< of SQS queues; absent: its defaults
    bool operator==(const ConsumerSpec&) const = default;
};

} // namespace sim
