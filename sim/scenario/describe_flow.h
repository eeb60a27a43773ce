#pragma once

#include "sim/scenario/describe_aws.h"
#include "sim/scenario/field.h"
#include "sim/scenario/flow_spec.h"
#include "sim/scenario/rabbitmq_spec.h"

/// The fields of producers and links.
namespace sim {

template <>
inline constexpr std::array choicesOf<Effect>{
    Name{"set", "Full state: the key's value becomes the message's version."},
    Name{"add", "A delta: `amount` is added to the key's value."},
};
template <>
inline constexpr std::array choicesOf<KeySpec::Kind>{
    Name{"sequence", "One after the other, and again from the first; with count 0 always new."},
    Name{"uniform", "Each of the `count` keys is equally likely."},
    Name{"zipf", "The k-th key has a share proportional to 1 / k^exponent: few hot keys."},
};
template <>
inline constexpr std::array choicesOf<ProfileArrivals::Between>{
    Name{"ramp", "The rate goes in a straight line from point to point."},
    Name{"step", "The rate is that of the last point passed."},
};
template <>
inline constexpr std::array kindsOf<ArrivalSpec>{
    Name{"poisson", "Independent arrivals: exponential times between messages."},
    Name{"constant", "Evenly spaced arrivals."},
    Name{"burst", "Groups of messages at regular intervals."},
    Name{"on-off", "Poisson arrivals that switch at random between two rates (MMPP)."},
    Name{"profile", "Poisson arrivals whose rate follows points in time."},
    Name{"replay", "Arrivals at the instants of a CSV file."},
    Name{"script", "Exactly the messages that are listed."},
};
template <>
inline constexpr std::array kindsOf<LinkSpec>{
    Name{"publish", "A producer, or a consumer that republishes, publishes to an exchange, or to a "
                    "queue through the default exchange, or to an SQS queue or SNS topic."},
    Name{"binding", "An exchange routes to a queue or to another exchange."},
    Name{"consume", "A consumer subscribes to a queue: one AMQP consumer for each instance. Each "
                    "instance polls an SQS queue."},
    Name{"subscription", "An SNS topic delivers to an SQS queue."},
};

inline constexpr double ratesMax = 1e9; ///< one a nanosecond

template <Is<PoissonArrivals> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "rate",
                .help = "Messages on average.",
                .unit = Unit::PerSecond,
                .max = ratesMax,
                .aboveMin = true},
          spec.rate);
}

template <Is<ConstantArrivals> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "rate",
                .help = "Messages, evenly spaced.",
                .unit = Unit::PerSecond,
                .max = ratesMax,
                .aboveMin = true},
          spec.rate);
}

template <Is<BurstArrivals> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "size", .help = "Messages of a burst.", .min = 1}, spec.size);
    visit(Field{.key = "every",
                .help = "From the start of a burst to the start of the next.",
                .min = 1},
          spec.every);
    visit(Field{.key = "spacing", .help = "From message to message inside a burst."}, spec.spacing);
}

template <Is<OnOffArrivals> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "on_rate",
                .help = "Rate while on.",
                .unit = Unit::PerSecond,
                .max = ratesMax,
                .aboveMin = true},
          spec.onRate);
    visit(
        Field{
            .key = "off_rate", .help = "Rate while off.", .unit = Unit::PerSecond, .max = ratesMax},
        spec.offRate);
    visit(Field{.key = "mean_on", .help = "Mean length of an on phase.", .min = 1}, spec.meanOn);
    visit(Field{.key = "mean_off", .help = "Mean length of an off phase.", .min = 1}, spec.meanOff);
}

template <Is<ProfileArrivals::Point> Spec, typename Visitor>
void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "at", .help = "Time since the start of the run.", .required = true},
          spec.at);
    visit(Field{.key = "rate",
                .help = "Rate from here on, or reached here.",
                .unit = Unit::PerSecond,
                .max = ratesMax,
                .required = true},
          spec.rate);
}

template <Is<ProfileArrivals> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "between", .help = "How the rate goes from point to point."}, spec.between);
    visit(Field{.key = "points",
                .help =
                    "Rates at points in time, later ones last; before the first its rate holds, "
                    "after the last one its.",
                .required = true,
                .filled = true},
          spec.points);
}

/// `times` is what the reader found in the file: no field of its own.
template <Is<ReplayArrivals> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "file",
                .help =
                    "CSV file beside the scenario; its first column has the instants, in seconds "
                    "since the start of the run, in order.",
                .required = true,
                .filled = true,
                .refersTo = refers::ToCsvFile},
          spec.file);
}

template <Is<ScriptArrivals::Entry> Spec, typename Visitor>
void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "at", .help = "Time since the start of the run.", .required = true},
          spec.at);
    visit(Field{.key = "type",
                .help = "One of the producer's event types; empty: its first.",
                .refersTo = refers::ToEventType},
          spec.type);
    visit(Field{.key = "key", .help = "Business key; empty: drawn as `keys` says."}, spec.key);
    visit(Field{.key = "routing_key",
                .help = "AMQP routing key.",
                .bytesMax = 255,
                .absent = "the type's"},
          spec.routingKey);
    visit(Field{.key = "headers",
                .help = "AMQP headers added to the type's, replacing those of the same name."},
          spec.headers);
    visit(Field{.key = "priority", .help = "AMQP priority.", .max = 255, .absent = "the type's"},
          spec.priority);
    visit(Field{.key = "expiration",
                .help = "Time to live of the message, whole milliseconds.",
                .max = ttlMax,
                .milliseconds = true,
                .absent = "the type's"},
          spec.expiration);
}

template <Is<ScriptArrivals> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "messages",
                .help = "What is published, in order of time.",
                .required = true,
                .filled = true},
          spec.messages);
}

template <Is<EventTypeSpec> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "name", .help = "Name of the event type.", .filled = true, .bytesMax = 255},
          spec.name);
    visit(Field{.key = "weight",
                .help = "Share among the producer's types, relative to the other weights.",
                .max = 1e12},
          spec.weight);
    visit(Field{.key = "routing_key",
                .help = "AMQP routing key.",
                .bytesMax = 255,
                .absent = "the name"},
          spec.routingKey);
    visit(Field{.key = "headers", .help = "AMQP headers."}, spec.headers);
    visit(Field{.key = "cc",
                .help = "Further routing keys (sender-selected distribution): the `CC` header.",
                .bytesMax = 255},
          spec.cc);
    visit(Field{.key = "bcc",
                .help = "As `cc`, but the broker takes them out of the message (`BCC`).",
                .bytesMax = 255},
          spec.bcc);
    visit(Field{.key = "priority",
                .help = "AMQP priority.",
                .max = 255,
                .absent = "none, which counts as 0"},
          spec.priority);
    visit(Field{.key = "expiration",
                .help = "Time to live of a message (AMQP `expiration`), whole milliseconds.",
                .max = ttlMax,
                .milliseconds = true,
                .absent = "for ever"},
          spec.expiration);
    visit(Field{.key = "size", .help = "Body of a message.", .unit = Unit::Bytes}, spec.size);
    visit(Field{.key = "body",
                .help = "What is in the body, for filter policies and content-based deduplication; "
                        "empty: each message has a body of its own."},
          spec.body);
    visit(Field{.key = "effect", .help = "What a message does to the state of its key."},
          spec.effect);
    visit(Field{.key = "amount", .help = "What the effect `add` adds.", .min = -1e15, .max = 1e15},
          spec.amount);
}

template <Is<KeySpec> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "kind", .help = "How the key of the next message is chosen."}, spec.kind);
    visit(Field{.key = "count",
                .help = "Number of different keys; 0 only for `sequence`: never the same again.",
                .max = 10e6},
          spec.count);
    visit(Field{.key = "exponent", .help = "Skew of `zipf`; 0 is uniform.", .max = 20},
          spec.exponent);
    visit(Field{.key = "prefix",
                .help = "Keys are called by it and a number from 1.",
                .bytesMax = 255},
          spec.prefix);
    visit(Field{.key = "header",
                .help = "Header that carries the key, such as aggregate_id; empty: none.",
                .bytesMax = 255},
          spec.header);
}

template <Is<ConfirmSpec> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "timeout",
                .help = "Without a confirm by then the message is published again.",
                .min = 1},
          spec.timeout);
    visit(Field{.key = "retries",
                .help = "Publishes after the first; then the producer gives up.",
                .max = 254},
          spec.retries);
    visit(Field{.key = "max_in_flight", .help = "Unconfirmed publishes at most; 0: no limit."},
          spec.maxInFlight);
}

template <Is<ProducerSpec> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "arrivals", .help = "When messages are produced."}, spec.arrivals);
    visit(Field{.key = "types", .help = "The types of event that it emits.", .filled = true},
          spec.types);
    visit(Field{.key = "keys", .help = "Which business key (aggregate) a message is about."},
          spec.keys);
    visit(Field{.key = "channels",
                .help = "AMQP channels; messages take them in turn.",
                .min = 1,
                .max = 65535},
          spec.channels);
    visit(
        Field{.key = "persistent", .help = "Messages survive a broker restart (delivery mode 2)."},
        spec.persistent);
    visit(Field{.key = "mandatory", .help = "The broker returns a message that finds no queue."},
          spec.mandatory);
    visit(Field{.key = "confirms",
                .help = "Publisher confirms, and what happens when one does not come.",
                .absent = "no confirms"},
          spec.confirms);
    visit(Field{.key = "heeds_blocked",
                .help = "Stops publishing while the broker says that an alarm blocks it "
                        "(connection.blocked); else it publishes into the connection's buffers."},
          spec.heedsBlocked);
    visit(Field{.key = "start_after", .help = "Nothing is produced before."}, spec.startAfter);
    visit(Field{.key = "limit", .help = "Messages to produce at most; 0: no limit."}, spec.limit);
    visit(Field{.key = "sqs",
                .help = "How it sends to SQS queues and publishes to SNS topics.",
                .absent = "the defaults"},
          spec.sqs);
}

template <Is<NetworkSpec> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "latency", .help = "Time on the way, one way.", .unit = Unit::Nanoseconds},
          spec.latency);
    visit(Field{.key = "back_latency",
                .help = "Time on the way back, of acks, confirms and returns.",
                .unit = Unit::Nanoseconds,
                .absent = "as latency"},
          spec.backLatency);
    visit(Field{.key = "bandwidth",
                .help = "Bytes per second at most; 0: unlimited.",
                .unit = Unit::BytesPerSecond,
                .max = 1e15},
          spec.bandwidth);
    visit(Field{.key = "fifo", .help = "Nothing overtakes on one channel's connection (TCP)."},
          spec.fifo);
}

template <Is<PublishLink> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "from",
                .help = "Who publishes.",
                .required = true,
                .filled = true,
                .refersTo = refers::ToProducer | refers::ToConsumer},
          spec.from);
    visit(Field{.key = "to",
                .help = "Where to.",
                .required = true,
                .filled = true,
                .refersTo = refers::ToExchange | refers::ToQueue |
                            refers::ToSqsQueue | refers::ToSnsTopic},
          spec.to);
    visit(Field{.key = "node",
                .help = "Node of the broker's cluster that it connects to, from 1; it waits for "
                        "that node where it is down.",
                .min = 1,
                .max = nodesMax,
                .absent = "the first that runs"},
          spec.node);
    describe(spec.network, visit);
}

template <Is<ConsumeLink> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "from",
                .help = "The queue.",
                .required = true,
                .filled = true,
                .refersTo = refers::ToQueue | refers::ToSqsQueue},
          spec.from);
    visit(Field{.key = "to",
                .help = "Who consumes.",
                .required = true,
                .filled = true,
                .refersTo = refers::ToConsumer},
          spec.to);
    visit(Field{.key = "priority",
                .help = "Consumer priority: of those that can take a message, the highest gets it.",
                .min = -2147483648.0,
                .max = 2147483647.0},
          spec.priority);
    visit(Field{.key = "offset",
                .help = "Streams: where an instance begins to read: first, last, next (what comes "
                        "from then on), an offset such as 42, or a time ago such as 1h.",
                .filled = true},
          spec.offset);
    visit(Field{.key = "stores_offset",
                .help = "Streams: an instance that starts again goes on behind what it acknowledged "
                        "last; else it begins by `offset` again."},
          spec.storesOffset);
    visit(Field{.key = "single_active",
                .help = "Streams: one instance reads at a time, and another takes over when it "
                        "goes; else each instance reads everything."},
          spec.singleActive);
    visit(Field{.key = "node",
                .help = "Node of the broker's cluster that it connects to, from 1; it waits for "
                        "that node where it is down.",
                .min = 1,
                .max = nodesMax,
                .absent = "the first that runs"},
          spec.node);
    describe(spec.network, visit);
}

template <Is<BindingLink> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "from",
                .help = "The exchange that routes.",
                .required = true,
                .filled = true,
                .refersTo = refers::ToExchange},
          spec.from);
    visit(Field{.key = "to",
                .help = "Where it routes to.",
                .required = true,
                .filled = true,
                .refersTo = refers::ToExchange | refers::ToQueue},
          spec.to);
    visit(
        Field{.key = "routing_key",
              .help = "Binding key: equal for direct, a pattern with * and # for topic exchanges.",
              .bytesMax = 255},
        spec.routingKey);
    visit(Field{.key = "arguments",
                .help = "Binding arguments: what a headers exchange compares, and x-match."},
          spec.arguments);
}

template <Is<SubscriptionLink> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "from",
                .help = "The topic.",
                .required = true,
                .filled = true,
                .refersTo = refers::ToSnsTopic},
          spec.from);
    visit(Field{.key = "to",
                .help = "The queue.",
                .required = true,
                .filled = true,
                .refersTo = refers::ToSqsQueue},
          spec.to);
    visit(Field{.key = "filter_policy",
                .help = "Which messages it gets, as SNS writes it; empty: all."},
          spec.filterPolicy);
    visit(Field{.key = "filter_policy_scope", .help = "What the filter policy looks at."},
          spec.filterPolicyScope);
    visit(Field{.key = "raw",
                .help = "The queue gets the message itself (raw message delivery); else it comes in "
                        "an envelope of about 1 KiB."},
          spec.raw);
    visit(Field{.key = "dead_letter_queue",
                .help = "Gets what could not be delivered; empty: it is gone.",
                .refersTo = refers::ToSqsQueue},
          spec.deadLetterQueue);
    describe(spec.network, visit);
}

} // namespace sim
