#pragma once

#include "sim/scenario/fault_spec.h"
#include "sim/scenario/describe_rabbitmq.h"
#include "sim/scenario/field.h"

/// The fields of faults.
namespace sim {

template <>
inline constexpr std::array kindsOf<FaultKind>{
    Name{"crash", "The processes die, and start again when the fault ends."},
    Name{"pause", "Nothing is started; connections stay open and work goes on afterwards."},
    Name{"slow", "Work that begins while it lasts takes `factor` times as long."},
    Name{"partition", "Nothing gets through in either direction."},
    Name{"latency", "Messages take longer on the way."},
    Name{"bandwidth", "Fewer bytes per second get through."},
    Name{"loss", "Messages vanish on the way."},
    Name{"duplicate", "Messages arrive twice."},
    Name{"reorder", "Some messages are held back, so that later ones overtake them."},
    Name{"lost-acks", "Acknowledgements vanish on the way back to the queue."},
    Name{"lost-confirms", "Publisher confirms vanish on the way back to the producer."},
    Name{"poison", "The consumer fails on every message of a key, of a type, or of both."},
    Name{"clock-skew", "A wall clock is off."},
    Name{"broker-restart", "The broker, or a node, goes down and comes back when the fault ends."},
    Name{"shuffle-ties", "Events of the same instant run in random order."},
    Name{"alarm", "The broker runs out of memory or disk space and blocks who publishes."},
    Name{"cluster-partition", "Some nodes of a broker and the others lose sight of each other."},
    Name{"cancel", "The consumer gets nothing new, and settles what it has on its open channel."},
    Name{"policy-change", "Policies are set and cleared while the broker runs; no failure."},
    Name{"purge", "An operator drops what is ready in a queue; what is unacknowledged stays."},
    Name{"delete-queue", "An operator deletes a queue; it is declared again when the fault ends."},
    Name{"delivery-error", "What an SNS topic delivers to a queue is refused."},
};

template <>
inline constexpr std::array choicesOf<AlarmResource>{
    Name{"memory", "It uses more memory than its watermark allows."},
    Name{"disk", "Less disk space is free than its limit asks for."},
};

template <>
inline constexpr std::array choicesOf<DeliveryErrorClass>{
    Name{"client", "The topic has no permission, or there is no such queue: it does not try again."},
    Name{"server", "The queue does not answer: the topic tries again."},
};

template <Is<FaultTiming> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "at", .help = "When it begins, or from when on it comes at random."},
          spec.at);
    visit(Field{.key = "duration", .help = "How long it lasts.", .absent = "to the end of the run"},
          spec.duration);
    visit(Field{.key = "every",
                .help =
                    "It comes again and again: time from an end (at first from `at`) to the next "
                    "beginning.",
                .unit = Unit::Nanoseconds,
                .absent = "once"},
          spec.every);
}

/// `target` and `instance`, which several faults have.
template <typename Spec, typename Visitor>
void describeTarget(Spec& spec, Visitor& visit, std::uint16_t refersTo) {
    visit(Field{.key = "target",
                .help = "The component that it strikes.",
                .required = true,
                .filled = true,
                .refersTo = refersTo},
          spec.target);
}
template <typename Spec, typename Visitor> void describeInstance(Spec& spec, Visitor& visit) {
    visit(Field{.key = "instance", .help = "One instance, counted from 0.", .absent = "all"},
          spec.instance);
}

/// `from` and `to` of a link, which several faults have.
template <typename Spec, typename Visitor>
void describeLink(Spec& spec, Visitor& visit, std::uint16_t from, std::uint16_t to) {
    visit(Field{.key = "from",
                .help = "Where the link begins.",
                .required = true,
                .filled = true,
                .refersTo = from},
          spec.from);
    visit(Field{.key = "to",
                .help = "Where the link ends.",
                .required = true,
                .filled = true,
                .refersTo = to},
          spec.to);
}
template <typename Spec, typename Visitor> void describeAnyLink(Spec& spec, Visitor& visit) {
    describeLink(spec, visit,
                 refers::ToProducer | refers::ToConsumer | refers::ToQueue | refers::ToSqsQueue |
                     refers::ToSnsTopic,
                 refers::ToExchange | refers::ToQueue | refers::ToConsumer | refers::ToSqsQueue |
                     refers::ToSnsTopic);
}
template <typename Spec, typename Visitor>
void describeProbability(Spec& spec, Visitor& visit, std::string_view help) {
    visit(Field{.key = "probability", .help = help, .unit = Unit::Probability, .max = 1},
          spec.probability);
}

template <Is<CrashFault> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    describeTarget(spec, visit, refers::ToProducer | refers::ToConsumer);
    describeInstance(spec, visit);
    visit(Field{.key = "silent",
                .help = "The host vanishes without closing its connections: the broker notices by "
                        "its heartbeat timeout, and until then what they have stays with them."},
          spec.silent);
}

template <Is<PauseFault> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    describeTarget(spec, visit, refers::ToProducer | refers::ToConsumer);
    describeInstance(spec, visit);
}

template <Is<CancelFault> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    describeTarget(spec, visit, refers::ToConsumer);
    describeInstance(spec, visit);
}

template <Is<SlowFault> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    describeTarget(spec, visit, refers::ToConsumer);
    describeInstance(spec, visit);
    visit(Field{.key = "factor",
                .help = "How many times as long work takes.",
                .max = 1e6,
                .aboveMin = true},
          spec.factor);
}

template <Is<PartitionFault> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    describeAnyLink(spec, visit);
    visit(Field{.key = "closes_after",
                .help = "The connection is closed when nothing got through for that long.",
                .absent = "it survives"},
          spec.closesAfter);
}

template <Is<LatencyFault> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    describeAnyLink(spec, visit);
    visit(Field{.key = "extra",
                .help = "Added to the latency of each message.",
                .unit = Unit::Nanoseconds},
          spec.extra);
}

template <Is<BandwidthFault> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    describeAnyLink(spec, visit);
    visit(Field{.key = "bandwidth",
                .help = "Bytes per second at most.",
                .unit = Unit::BytesPerSecond,
                .max = 1e15,
                .aboveMin = true},
          spec.bandwidth);
}

template <Is<LossFault> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    describeAnyLink(spec, visit);
    describeProbability(spec, visit, "How often a message vanishes.");
}

template <Is<DuplicateFault> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    describeAnyLink(spec, visit);
    describeProbability(spec, visit, "How often a message arrives twice.");
}

template <Is<ReorderFault> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    describeAnyLink(spec, visit);
    describeProbability(spec, visit, "How often a message is held back.");
    visit(Field{.key = "delay", .help = "For how long it is held back.", .unit = Unit::Nanoseconds},
          spec.delay);
}

template <Is<LostAcksFault> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    describeLink(spec, visit, refers::ToQueue | refers::ToSqsQueue, refers::ToConsumer);
    describeProbability(spec, visit, "How often an acknowledgement vanishes.");
}

template <Is<LostConfirmsFault> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    describeLink(spec, visit, refers::ToProducer,
                 refers::ToExchange | refers::ToQueue | refers::ToSqsQueue | refers::ToSnsTopic);
    describeProbability(spec, visit, "How often a confirm vanishes.");
}

template <Is<DeliveryErrorFault> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    describeLink(spec, visit, refers::ToSnsTopic, refers::ToSqsQueue);
    visit(Field{.key = "error", .help = "Why it is refused."}, spec.error);
}

template <Is<PoisonFault> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    describeTarget(spec, visit, refers::ToConsumer);
    visit(Field{.key = "key", .help = "Business key of the poisonous messages; empty: any."},
          spec.key);
    visit(Field{.key = "type",
                .help = "Event type of the poisonous messages; empty: any.",
                .refersTo = refers::ToEventType},
          spec.type);
}

template <Is<ClockSkewFault> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    describeTarget(spec, visit, refers::ToProducer);
    visit(Field{.key = "offset",
                .help = "How far ahead the clock is; negative: behind.",
                .min = -static_cast<double>(durationMax.count())},
          spec.offset);
}

template <Is<BrokerRestartFault> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "target",
                .help = "The broker; empty: the only one.",
                .refersTo = refers::ToBroker},
          spec.target);
    visit(Field{.key = "clean", .help = "false: killed, what is not on disk yet is lost."},
          spec.clean);
    visit(Field{.key = "node",
                .help = "One node of its cluster, from 1.",
                .min = 1,
                .max = nodesMax,
                .absent = "all"},
          spec.node);
}

template <Is<ShuffleTiesFault> Spec, typename Visitor> void describe(Spec&, Visitor&) {}

template <Is<AlarmFault> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "target",
                .help = "The broker; empty: the only one.",
                .refersTo = refers::ToBroker},
          spec.target);
    visit(Field{.key = "resource", .help = "What it has too little of."}, spec.resource);
}

template <Is<ClusterPartitionFault> Spec, typename Visitor>
void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "target",
                .help = "The broker; empty: the only one.",
                .refersTo = refers::ToBroker},
          spec.target);
    visit(Field{.key = "first_node",
                .help = "The nodes from this one on, counted from 1, are on one side.",
                .min = 1,
                .max = nodesMax},
          spec.firstNode);
    visit(Field{.key = "last_node",
                .help = "Up to and with this one.",
                .min = 1,
                .max = nodesMax,
                .absent = "that one alone"},
          spec.lastNode);
}

template <Is<PolicyChangeFault> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "target",
                .help = "The broker; empty: the only one.",
                .refersTo = refers::ToBroker},
          spec.target);
    visit(Field{.key = "set",
                .help = "Policies that it has from then on, each in place of the one of its name."},
          spec.set);
    visit(Field{.key = "clear", .help = "Names of policies that it has no longer."}, spec.clear);
}

template <Is<PurgeFault> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    describeTarget(spec, visit, refers::ToQueue);
}

template <Is<DeleteQueueFault> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    describeTarget(spec, visit, refers::ToQueue);
}

template <Is<FaultSpec> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit.flat(spec.what);
    describe(spec.when, visit);
    visit(Field{.key = "name", .help = "Shown beside its band; empty: made from kind and target."},
          spec.name);
}

} // namespace sim
