#pragma once

#include "sim/base/one_of.h"
#include "sim/base/time.h"

#include <cstdint>
#include <string>
#include <variant>

namespace sim {

/// I1: every produced event has an effect at every consumer that it was routed to, or is accounted
/// for in a dead-letter queue.
struct NoLossCheck {
    std::string consumer; ///< empty: every consumer
    bool operator==(const NoLossCheck&) const = default;
};
/// I3: no event takes effect twice at a consumer.
struct NoDuplicateEffectCheck {
    std::string consumer;
    bool operator==(const NoDuplicateEffectCheck&) const = default;
};
/// I4: the effects on a key come in the order of its versions.
struct KeyOrderCheck {
    std::string consumer;
    bool operator==(const KeyOrderCheck&) const = default;
};
/// No version takes effect before the one before it did.
struct NoGapCheck {
    std::string consumer;
    bool operator==(const NoGapCheck&) const = default;
};
/// I5: when everything has come to rest, the consumer's state equals the fold of all events.
struct ConvergenceCheck {
    std::string consumer;
    bool operator==(const ConvergenceCheck&) const = default;
};
/// I6: what entered a queue is what left it and what is still in it.
struct ConservationCheck {
    std::string queue; ///< empty: every queue
    bool operator==(const ConservationCheck&) const = default;
};
/// I7: a queue never has more than `max` ready messages.
struct DepthBoundCheck {
    std::string queue;
    std::uint64_t max = 1000;
    bool operator==(const DepthBoundCheck&) const = default;
};
/// A queue never has more than `max` messages, ready and unacknowledged together.
struct LagBoundCheck {
    std::string queue;
    std::uint64_t max = 1000;
    bool operator==(const LagBoundCheck&) const = default;
};
/// The given percentile of the time from production to effect is at most `max`.
struct LatencyBoundCheck {
    std::string consumer;
    double percentile = 99; ///< 0 < percentile <= 100
    Duration max = 1s;
    bool operator==(const LatencyBoundCheck&) const = default;
};
/// No key of the consumer's state is behind its newest event for longer than `max`.
struct StalenessBoundCheck {
    std::string consumer;
    Duration max = 1s;
    bool operator==(const StalenessBoundCheck&) const = default;
};
/// Nothing is dead-lettered into the queue (empty: nothing is dead-lettered at all).
struct NoDeadLettersCheck {
    std::string queue;
    bool operator==(const NoDeadLettersCheck&) const = default;
};
/// No publish finds no queue.
struct NoUnroutableCheck {
    std::string exchange; ///< empty: every exchange
    bool operator==(const NoUnroutableCheck&) const = default;
};

using CheckKind = OneOf<
    std::variant<NoLossCheck, NoDuplicateEffectCheck, KeyOrderCheck, NoGapCheck, ConvergenceCheck,
                 ConservationCheck, DepthBoundCheck, LagBoundCheck, LatencyBoundCheck,
                 StalenessBoundCheck, NoDeadLettersCheck, NoUnroutableCheck>>;

/// What a run is judged by. With `shows` the scenario must exhibit the violation, because that is
/// what it teaches: the verdict then holds when the violation occurs.
struct CheckSpec {
    std::string name; ///< shown in the verdicts; empty: made from the kind
    bool shows = false;
    CheckKind what;
    bool operator==(const CheckSpec&) const = default;
};

} // namespace sim
