#pragma once

#include "sim/scenario/check_spec.h"
#include "sim/scenario/field.h"

/// The fields of checks.
namespace sim {

template <>
inline constexpr std::array kindsOf<CheckKind>{
    Name{"no-loss", "Every event has its effect at every consumer that it was routed to, or is "
                    "accounted for in a dead-letter queue (I1)."},
    Name{"no-duplicate-effect", "No event takes effect twice at a consumer (I3)."},
    Name{"key-order", "The effects on a key come in the order of its versions (I4)."},
    Name{"no-gap", "No version takes effect before the one before it did."},
    Name{"convergence", "At rest, the consumer's state equals the fold of all events (I5)."},
    Name{"conservation", "What entered a queue is what left it and what is still in it (I6)."},
    Name{"depth-bound", "A queue never has more than `max` ready messages (I7)."},
    Name{"lag-bound", "A queue never has more than `max` messages, ready and unacknowledged."},
    Name{"latency-bound", "A percentile of the time from production to effect is at most `max`."},
    Name{"staleness-bound", "No key's state is behind its newest event for longer than `max`."},
    Name{"no-dead-letters", "Nothing is dead-lettered."},
    Name{"no-unroutable", "No publish finds no queue."},
};

template <typename Spec, typename Visitor> void describeConsumer(Spec& spec, Visitor& visit) {
    visit(Field{.key = "consumer",
                .help = "The consumer; empty: every consumer.",
                .refersTo = refers::ToConsumer},
          spec.consumer);
}
template <typename Spec, typename Visitor> void describeQueue(Spec& spec, Visitor& visit) {
    visit(Field{.key = "queue",
                .help = "The queue; empty: every queue.",
                .refersTo = refers::ToQueue | refers::ToSqsQueue},
          spec.queue);
}

template <Is<NoLossCheck> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    describeConsumer(spec, visit);
}

template <Is<NoDuplicateEffectCheck> Spec, typename Visitor>
void describe(Spec& spec, Visitor& visit) {
    describeConsumer(spec, visit);
}

template <Is<KeyOrderCheck> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    describeConsumer(spec, visit);
}

template <Is<NoGapCheck> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    describeConsumer(spec, visit);
}

template <Is<ConvergenceCheck> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    describeConsumer(spec, visit);
}

template <Is<ConservationCheck> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    describeQueue(spec, visit);
}

template <Is<DepthBoundCheck> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    describeQueue(spec, visit);
    visit(Field{.key = "max", .help = "Ready messages at most."}, spec.max);
}

template <Is<LagBoundCheck> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    describeQueue(spec, visit);
    visit(Field{.key = "max", .help = "Ready and unacknowledged messages at most."}, spec.max);
}

template <Is<LatencyBoundCheck> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    describeConsumer(spec, visit);
    visit(Field{.key = "percentile", .help = "Which percentile.", .max = 100, .aboveMin = true},
          spec.percentile);
    visit(Field{.key = "max", .help = "Time from production to effect at most."}, spec.max);
}

template <Is<StalenessBoundCheck> Spec, typename Visitor>
void describe(Spec& spec, Visitor& visit) {
    describeConsumer(spec, visit);
    visit(Field{.key = "max", .help = "Time behind at most."}, spec.max);
}

template <Is<NoDeadLettersCheck> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "queue",
                .help = "Nothing is dead-lettered into this queue; empty: nothing at all.",
                .refersTo = refers::ToQueue | refers::ToSqsQueue},
          spec.queue);
}

template <Is<NoUnroutableCheck> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "exchange",
                .help = "The exchange; empty: every exchange.",
                .refersTo = refers::ToExchange | refers::ToSnsTopic},
          spec.exchange);
}

template <Is<CheckSpec> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit.flat(spec.what);
    visit(Field{.key = "shows",
                .help = "The scenario must show the violation, because that is what it teaches."},
          spec.shows);
    visit(Field{.key = "name", .help = "Shown in the verdicts; empty: made from the kind."},
          spec.name);
}

} // namespace sim
