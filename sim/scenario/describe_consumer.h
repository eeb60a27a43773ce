#pragma once

#include "sim/scenario/consumer_spec.h"
#include "sim/scenario/describe_aws.h"
#include "sim/scenario/field.h"

/// The fields of consumers.
namespace sim {

template <>
inline constexpr std::array choicesOf<AckMode>{
    Name{"after", "After the effect: a crash between the two repeats the effect."},
    Name{"before", "On receipt, before the effect: a crash loses the effect."},
    Name{"auto", "The broker forgets the message as it sends it (no-ack)."},
};
template <>
inline constexpr std::array choicesOf<OnFailure>{
    Name{"requeue", "basic.nack with requeue: back to its place in the queue."},
    Name{"reject", "basic.reject without requeue: dead-lettered, or dropped."},
    Name{"reject-requeue",
         "basic.reject with requeue: as requeue, but quorum queues of 4.3 count it as a failure."},
    Name{"republish", "Publishes it to its publish link by `retry_keys`, then acks."},
    Name{"ignore", "Acks all the same: the effect is lost."},
};
template <>
inline constexpr std::array choicesOf<GivesBack>{
    Name{"one", "That delivery alone."},
    Name{"up-to", "It and all before it on the channel that is not acknowledged (basic.nack with "
                  "`multiple`): effects that are done already are repeated."},
    Name{"all", "All that is not acknowledged on the channel (basic.recover with requeue)."},
};
template <>
inline constexpr std::array choicesOf<Ordering>{
    Name{"none", "Applies what comes."},
    Name{"version-check", "Skips what is not newer than the last version applied."},
    Name{"last-write-wins",
         "Skips what its producer's wall clock calls older than the last one applied."},
    Name{"resequence", "Waits for the missing version, holding later ones unacknowledged."},
};
template <>
inline constexpr std::array choicesOf<Outcome>{
    Name{"success", "The effect is applied."},
    Name{"failure", "Handling fails."},
    Name{"crash-before-effect", "The instance dies with the work done in vain."},
    Name{"crash-after-effect", "The instance dies between effect and ack."},
};
template <>
inline constexpr std::array choicesOf<ForwardAck>{
    Name{"on-confirm", "When the broker that it publishes to has confirmed it: at least once."},
    Name{"on-publish", "When it is published: what gets lost on the way is lost."},
    Name{"no-ack", "The broker that it consumes from forgets the message as it sends it."},
};

template <Is<IdempotencySpec> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "capacity",
                .help = "Message ids remembered at most; the oldest goes first.",
                .min = 1},
          spec.capacity);
    visit(Field{.key = "ttl", .help = "How long an id is remembered.", .min = 1}, spec.ttl);
}

template <Is<StrategySpec> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "idempotent",
                .help = "Remembers what was applied and does not apply it again.",
                .absent = "not idempotent"},
          spec.idempotent);
    visit(Field{.key = "ordering", .help = "How the versions of a key are treated."},
          spec.ordering);
    visit(
        Field{.key = "gap_wait",
              .help = "`resequence`: how long a missing version is waited for; then it is skipped.",
              .absent = "for ever"},
        spec.gapWait);
    visit(Field{.key = "buffer_max",
                .help = "`resequence`: messages held at most; then the gap is skipped.",
                .min = 1},
          spec.bufferMax);
}

template <Is<ScriptedOutcome> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "outcome", .help = "What happens to the delivery."}, spec.outcome);
    visit(Field{.key = "service_time", .help = "How long it takes.", .absent = "drawn"},
          spec.serviceTime);
}

template <Is<TypeFailureSpec> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "type",
                .help = "The event type.",
                .required = true,
                .filled = true,
                .refersTo = refers::ToEventType},
          spec.type);
    visit(Field{.key = "rate",
                .help = "How often a delivery of this type fails.",
                .unit = Unit::Probability,
                .max = 1},
          spec.rate);
}

template <Is<ForwardSpec> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "ack_mode", .help = "When what it forwards is settled where it came from."},
          spec.ackMode);
    visit(Field{.key = "reconnect_delay",
                .help = "It closes both connections when one is lost, and connects again after "
                        "this time, or after as much again.",
                .min = 1},
          spec.reconnectDelay);
    visit(Field{.key = "routing_key",
                .help = "The routing key that it publishes with.",
                .bytesMax = 255,
                .absent = "the message's own"},
          spec.routingKey);
    visit(Field{.key = "max_hops",
                .help = "Makes it a link between federated exchanges: it drops what so many of "
                        "these have forwarded already, and what was on the broker that it leads "
                        "to.",
                .min = 1,
                .max = 16,
                .absent = "a shovel, which forwards everything"},
          spec.maxHops);
    visit(Field{.key = "on_demand",
                .help = "Makes it a link between federated queues: it consumes, with priority -1, "
                        "only while the queue that it publishes to is empty and has a consumer of "
                        "no negative priority that can take more."},
          spec.onDemand);
}

template <Is<ConsumerSpec> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "instances",
                .help = "Processes, each with its own channel and prefetch.",
                .min = 1,
                .max = 10'000},
          spec.instances);
    visit(
        Field{
            .key = "concurrency", .help = "Handler threads of an instance.", .min = 1, .max = 256},
        spec.concurrency);
    visit(Field{.key = "prefetch",
                .help = "Unacknowledged deliveries at most per instance; 0: no limit, or 1000 with "
                        "`forward`.",
                .max = 65535},
          spec.prefetch);
    visit(Field{.key = "channel_prefetch",
                .help = "Unacknowledged deliveries at most per instance, over all its queues "
                        "(basic.qos with global); 0: no limit. Version 4.3 takes it for a limit of "
                        "each queue.",
                .max = 65535},
          spec.channelPrefetch);
    visit(Field{.key = "poll",
                .help = "Asks each of its queues for one message (basic.get) so often, while a "
                        "handler is idle, in place of consuming. A queue with single active "
                        "consumer or priorities of consumers gives to whoever asks.",
                .min = 1,
                .absent = "the broker delivers to it (basic.consume)"},
          spec.poll);
    visit(Field{.key = "service_time",
                .help = "Time to handle a message.",
                .unit = Unit::Nanoseconds},
          spec.serviceTime);
    visit(Field{.key = "ack_mode", .help = "When a delivery is settled."}, spec.ackMode);
    visit(Field{.key = "ack_every",
                .help = "Acknowledges so many finished deliveries of a channel by one basic.ack with "
                        "`multiple`; 1: each by its own.",
                .min = 1,
                .max = 65535},
          spec.ackEvery);
    visit(Field{.key = "ack_after",
                .help = "No finished delivery waits longer for `ack_every` of them.",
                .min = 1,
                .absent = "it waits for as long as it takes"},
          spec.ackAfter);
    visit(Field{.key = "acks_unfinished",
                .help = "That basic.ack is for the highest tag that is finished, and covers what "
                        "other handlers still work on: a crash loses it. false: everything up to "
                        "its tag is finished."},
          spec.acksUnfinished);
    visit(Field{.key = "failure_rate",
                .help = "How often the handling of a delivery fails.",
                .unit = Unit::Probability,
                .max = 1},
          spec.failureRate);
    visit(Field{.key = "failure_rates",
                .help = "Failure rates of event types, in place of failure_rate."},
          spec.failureRates);
    visit(Field{.key = "poison_keys", .help = "Business keys whose messages always fail."},
          spec.poisonKeys);
    visit(Field{.key = "on_failure", .help = "What is done with a message whose handling failed."},
          spec.onFailure);
    visit(Field{.key = "gives_back",
                .help = "With `ack_every`: what goes back with a delivery whose handling failed, "
                        "where `on_failure` is requeue or reject."},
          spec.givesBack);
    visit(Field{.key = "retry_keys",
                .help = "`republish`: the routing key of the first retry, of the second, ...",
                .bytesMax = 255},
          spec.retryKeys);
    visit(Field{.key = "give_up_key",
                .help =
                    "`republish`: the routing key when the retries are used up; empty: it is acked "
                    "and given up.",
                .bytesMax = 255},
          spec.giveUpKey);
    visit(Field{.key = "crash_before_effect",
                .help = "How often an instance dies with the work done in vain, for each delivery.",
                .unit = Unit::Probability,
                .max = 1},
          spec.crashBeforeEffect);
    visit(Field{.key = "crash_after_effect",
                .help = "How often an instance dies between effect and ack, for each delivery.",
                .unit = Unit::Probability,
                .max = 1},
          spec.crashAfterEffect);
    visit(Field{.key = "restart_after",
                .help = "How long a crashed instance is down.",
                .unit = Unit::Nanoseconds},
          spec.restartAfter);
    visit(Field{.key = "outcomes",
                .help = "What happens to the first deliveries, in order of their start."},
          spec.outcomes);
    visit(Field{.key = "strategy", .help = "How duplicates and order are dealt with."},
          spec.strategy);
    visit(Field{.key = "one_connection",
                .help = "An instance republishes on the connection that it consumes by: while an "
                        "alarm blocks that, its acknowledgements are not read either."},
          spec.oneConnection);
    visit(Field{.key = "forward",
                .help = "A shovel or a federation link: it handles nothing, and publishes what "
                        "comes to its publish link.",
                .absent = "it handles what comes"},
          spec.forward);
    visit(Field{.key = "sqs",
                .help = "How it receives from SQS queues.",
                .absent = "the defaults"},
          spec.sqs);
}

} // namespace sim
