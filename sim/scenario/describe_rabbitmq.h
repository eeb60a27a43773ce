#pragma once

#include "sim/scenario/field.h"
#include "sim/scenario/rabbitmq_spec.h"

/// The fields of RabbitMQ brokers, exchanges and queues.
namespace sim {

template <>
inline constexpr std::array choicesOf<ExchangeType>{
    Name{"direct", "To the bindings whose key equals the routing key."},
    Name{"fanout", "To every binding."},
    Name{"topic", "To the bindings whose pattern matches: * is one word, # any number of words."},
    Name{"headers", "To the bindings whose arguments match the headers."},
    Name{"x-consistent-hash",
         "To one binding, by a hash; a binding's key is its weight (a plugin of the broker)."},
    Name{"x-modulus-hash", "To one binding, by a hash of the routing keys modulo their number."},
    Name{"x-random", "To one binding, each time any (a plugin of the broker)."},
    Name{"x-local-random", "To one binding, any of the classic queues on the publisher's node."},
    Name{"x-delayed-message",
         "Keeps a message as long as its header x-delay says, then routes it (a plugin)."},
};
template <>
inline constexpr std::array choicesOf<HashProperty>{
    Name{"message_id", "Each event has its own."},
    Name{"correlation_id", "No message here has one: all go to one binding."},
    Name{"timestamp", "The second at which the producer made it."},
};
template <>
inline constexpr std::array choicesOf<RabbitmqVersion>{
    Name{"3.13", "No delivery limit by default; what is returned without one goes to the end."},
    Name{"4.0-4.2", "Every return counts towards the delivery limit of 20; two priorities."},
    Name{"4.3", "Only failed deliveries count; 32 strict priorities in quorum queues."},
};
template <>
inline constexpr std::array choicesOf<PartitionHandling>{
    Name{"ignore", "Each side goes on by itself, until the nodes of one are restarted."},
    Name{"pause_minority", "A node that does not see a majority stops until it does."},
    Name{"autoheal", "Each side goes on; afterwards all but the one with most clients restart."},
    Name{"khepri", "Nobody stops; who does not see a majority cannot declare anything."},
};
template <>
inline constexpr std::array choicesOf<QueueType>{
    Name{"classic", "On one node; returns messages to their place."},
    Name{"quorum", "Replicated; returned messages go first, in the order of their return."},
    Name{"stream", "A replicated log: reading removes nothing."},
};
template <>
inline constexpr std::array choicesOf<DeadLetterStrategy>{
    Name{"at-most-once", "Published without confirms: what the target does not take is lost."},
    Name{"at-least-once", "Kept until every target has confirmed (with overflow reject-publish)."},
};
template <>
inline constexpr std::array choicesOf<DelayedRetry>{
    Name{"disabled", "Returned messages can be delivered again at once."},
    Name{"all", "Every returned message waits."},
    Name{"failed", "What counts as a failed delivery waits."},
    Name{"returned", "What was returned without a failure waits."},
};
template <>
inline constexpr std::array choicesOf<Overflow>{
    Name{"drop-head", "The message that would be delivered next makes room."},
    Name{"reject-publish", "The new message is refused, with a nack where confirms are on."},
    Name{"reject-publish-dlx", "As reject-publish, and the new message is dead-lettered."},
};

template <>
inline constexpr std::array choicesOf<ApplyTo>{
    Name{"all", "Exchanges and queues of every type."},
    Name{"exchanges", "Exchanges."},
    Name{"queues", "Queues of every type, and streams."},
    Name{"classic_queues", "Classic queues."},
    Name{"quorum_queues", "Quorum queues."},
    Name{"streams", "Streams."},
};

inline constexpr double deliveryLimitMax = 65'534; ///< a message counts its returns in 16 bits

template <Is<PolicySpec> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "name", .help = "Name of the policy.", .filled = true, .bytesMax = 255},
          spec.name);
    visit(Field{.key = "pattern",
                .help = "Regular expression, searched for anywhere in the name of what it is for.",
                .bytesMax = 1000},
          spec.pattern);
    visit(Field{.key = "apply_to", .help = "What it is for."}, spec.applyTo);
    visit(Field{.key = "priority",
                .help = "Of the policies for one thing only the one with the highest applies.",
                .min = -2147483648.0,
                .max = 2147483647.0},
          spec.priority);
    visit(Field{.key = "operator", .help = "An operator policy: it limits what users set."},
          spec.isOperator);
    visit(Field{.key = "expires",
                .help = "Queues without a consumer for so long are deleted; the shortest counts.",
                .max = ttlMax,
                .aboveMin = true,
                .milliseconds = true,
                .absent = "not set"},
          spec.expires);
    visit(Field{.key = "message_ttl",
                .help = "Time to live of messages, whole milliseconds; the shortest counts.",
                .max = ttlMax,
                .milliseconds = true,
                .absent = "not set"},
          spec.messageTtl);
    visit(Field{.key = "max_length",
                .help = "Ready messages at most; the smallest counts.",
                .absent = "not set"},
          spec.maxLength);
    visit(Field{.key = "max_length_bytes",
                .help = "Bytes of ready message bodies at most; the smallest counts.",
                .unit = Unit::Bytes,
                .absent = "not set"},
          spec.maxLengthBytes);
    visit(Field{.key = "overflow",
                .help = "What happens when a limit is exceeded, where the queue does not say.",
                .absent = "not set"},
          spec.overflow);
    visit(Field{.key = "dead_letter_exchange",
                .help = "Name of the dead-letter exchange, where the queue does not say.",
                .bytesMax = 255,
                .absent = "not set"},
          spec.deadLetterExchange);
    visit(Field{.key = "dead_letter_routing_key",
                .help = "Routing key of dead letters, where the queue does not say.",
                .bytesMax = 255,
                .absent = "not set"},
          spec.deadLetterRoutingKey);
    visit(Field{.key = "alternate_exchange",
                .help = "Name of the alternate exchange, where the exchange does not say.",
                .bytesMax = 255,
                .absent = "not set"},
          spec.alternateExchange);
    visit(Field{.key = "delivery_limit",
                .help = "Quorum queues: counted returns before a message is given up; -1: none; "
                        "the smallest counts.",
                .min = -1,
                .max = deliveryLimitMax,
                .absent = "not set"},
          spec.deliveryLimit);
    visit(Field{.key = "dead_letter_strategy",
                .help = "How quorum queues hand over dead letters, where the queue does not say.",
                .absent = "not set"},
          spec.deadLetterStrategy);
    visit(Field{.key = "max_age",
                .help = "Streams: how long messages are retained; counts before the stream's own.",
                .min = 1,
                .absent = "not set"},
          spec.maxAge);
    visit(Field{.key = "other_keys",
                .help = "Further keys and values as the broker calls them, such as delivery-limit: "
                        "without effect here, but a queue that does not know a key skips the "
                        "policy."},
          spec.otherKeys);
}

template <Is<BrokerSpec> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "vhost",
                .help = "The virtual host that it stands for in a definitions file.",
                .filled = true,
                .bytesMax = 255},
          spec.vhost);
    visit(Field{.key = "version", .help = "The releases of RabbitMQ that it behaves like."},
          spec.version);
    visit(Field{.key = "nodes",
                .help = "Nodes of its cluster: 1, 3 or 5 as a rule.",
                .min = 1,
                .max = nodesMax},
          spec.nodes);
    visit(Field{.key = "partition_handling",
                .help = "What nodes do that lose sight of each other.",
                .absent = "khepri, and ignore in version 3.13"},
          spec.partitionHandling);
    visit(Field{.key = "election_time",
                .help = "Time until a quorum queue or a stream that lost its leader has another.",
                .unit = Unit::Nanoseconds},
          spec.electionTime);
    visit(Field{.key = "disk_delay",
                .help = "Time until a persistent message is on disk, and confirmed.",
                .unit = Unit::Nanoseconds},
          spec.diskDelay);
    visit(Field{.key = "commit_delay",
                .help = "Time until a majority of the members of a quorum queue or a stream has a "
                        "publish or an acknowledgement, and it counts.",
                .unit = Unit::Nanoseconds},
          spec.commitDelay);
    visit(Field{.key = "consumer_timeout",
                .help = "How long a delivery may stay unacknowledged; then its channel is closed.",
                .min = 1,
                .absent = "for ever"},
          spec.consumerTimeout);
    visit(Field{.key = "heartbeat",
                .help = "Heartbeat timeout: the connections of a host that vanishes are closed 2 to "
                        "3 times as long after; 0: never."},
          spec.heartbeat);
    visit(Field{.key = "max_message_bytes",
                .help = "The largest body that it takes; a larger one closes the channel.",
                .unit = Unit::Bytes,
                .max = 536'870'912,
                .absent = "16 MiB, and 128 MiB in version 3.13"},
          spec.maxMessageBytes);
    visit(Field{.key = "policies", .help = "What is set for exchanges and queues by their names."},
          spec.policies);
    visit(Field{.key = "definitions",
                .help = "Sections of a definitions file that no other field holds, users with their "
                        "password hashes among them: without effect, kept for an export."},
          spec.definitions);
}

template <Is<ExchangeSpec> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "name",
                .help = "Name in the broker; empty: the component's id.",
                .bytesMax = 255},
          spec.name);
    visit(Field{.key = "type", .help = "How it routes."}, spec.type);
    visit(Field{.key = "durable", .help = "Survives a broker restart."}, spec.durable);
    visit(Field{.key = "internal", .help = "Refuses publishes of clients."}, spec.internal);
    visit(Field{.key = "auto_delete", .help = "Is deleted with its last binding as a source."},
          spec.autoDelete);
    visit(Field{.key = "alternate_exchange",
                .help = "Gets what this exchange cannot route; empty: none.",
                .refersTo = refers::ToExchange},
          spec.alternateExchange);
    visit(Field{.key = "hash_header",
                .help = "Header that x-consistent-hash looks at in place of the routing key.",
                .bytesMax = 255},
          spec.hashHeader);
    visit(Field{.key = "hash_property",
                .help = "Property that x-consistent-hash looks at in place of the routing key.",
                .absent = "the routing key"},
          spec.hashProperty);
    visit(Field{.key = "delayed_type",
                .help = "How x-delayed-message routes what is due.",
                .absent = "not a delayed-message exchange"},
          spec.delayedType);
    visit(Field{.key = "more_arguments",
                .help = "Further arguments as the broker calls them: without effect, kept for an "
                        "export."},
          spec.moreArguments);
    visit(Field{.key = "broker",
                .help = "Its broker; empty: the only one.",
                .refersTo = refers::ToBroker},
          spec.broker);
}

template <Is<QueueSpec> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "name",
                .help = "Name in the broker; empty: the component's id.",
                .bytesMax = 255},
          spec.name);
    visit(Field{.key = "type", .help = "How it keeps messages."}, spec.type);
    visit(Field{.key = "durable", .help = "Survives a broker restart."}, spec.durable);
    visit(Field{.key = "message_ttl",
                .help =
                    "Time to live of messages in the queue, whole milliseconds; acts at the head.",
                .max = ttlMax,
                .milliseconds = true,
                .absent = "for ever"},
          spec.messageTtl);
    visit(Field{.key = "max_length", .help = "Ready messages at most.", .absent = "no limit"},
          spec.maxLength);
    visit(Field{.key = "max_length_bytes",
                .help = "Bytes of ready message bodies at most.",
                .unit = Unit::Bytes,
                .absent = "no limit"},
          spec.maxLengthBytes);
    visit(Field{.key = "overflow",
                .help = "What happens when a limit is exceeded.",
                .absent = "drop-head"},
          spec.overflow);
    visit(
        Field{.key = "dead_letter_exchange",
              .help = "Gets expired, rejected and dropped messages; \"\" is the default exchange.",
              .refersTo = refers::ToExchange,
              .absent = "they are gone"},
        spec.deadLetterExchange);
    visit(Field{.key = "dead_letter_routing_key",
                .help = "Routing key of dead-lettered messages.",
                .bytesMax = 255,
                .absent = "the message's own"},
          spec.deadLetterRoutingKey);
    visit(Field{.key = "max_priority",
                .help = "Highest message priority that the queue tells apart.",
                .min = 1,
                .max = 255,
                .absent = "no priorities"},
          spec.maxPriority);
    visit(Field{.key = "single_active_consumer",
                .help = "One consumer instance gets everything; another takes over when it goes."},
          spec.singleActiveConsumer);
    visit(Field{.key = "auto_delete",
                .help = "Is deleted, with what it holds, when its last consumer leaves."},
          spec.autoDelete);
    visit(Field{.key = "exclusive",
                .help = "Belongs to the connection of its only consumer, and is deleted with it."},
          spec.exclusive);
    visit(Field{.key = "expires",
                .help = "Is deleted when it had no consumer for so long, whole milliseconds.",
                .max = ttlMax,
                .aboveMin = true,
                .milliseconds = true,
                .absent = "never"},
          spec.expires);
    visit(Field{.key = "delivery_limit",
                .help = "`quorum`: counted returns before a message is given up; -1: none.",
                .min = -1,
                .max = deliveryLimitMax,
                .absent = "20, and none in version 3.13"},
          spec.deliveryLimit);
    visit(Field{.key = "dead_letter_strategy",
                .help = "`quorum`: how dead letters are handed over.",
                .absent = "at-most-once"},
          spec.deadLetterStrategy);
    visit(Field{.key = "delayed_retry",
                .help = "`quorum`, version 4.3: which returned messages wait before they are "
                        "delivered again."},
          spec.delayedRetry);
    visit(Field{.key = "delayed_retry_min",
                .help = "They wait so long for each failed delivery.",
                .min = 1e6,
                .milliseconds = true},
          spec.delayedRetryMin);
    visit(Field{.key = "delayed_retry_max",
                .help = "They wait so long at most.",
                .min = 1e6,
                .milliseconds = true},
          spec.delayedRetryMax);
    visit(Field{.key = "max_age",
                .help = "`stream`: how long messages are retained, at least.",
                .min = 1,
                .absent = "for ever"},
          spec.maxAge);
    visit(Field{.key = "segment_bytes",
                .help = "`stream`: what is not retained goes by segments of so many bytes.",
                .unit = Unit::Bytes,
                .min = 1},
          spec.segmentBytes);
    visit(Field{.key = "node",
                .help = "Node of the cluster, from 1: where it is, or its first leader.",
                .min = 1,
                .max = nodesMax},
          spec.node);
    visit(Field{.key = "group_size",
                .help = "`quorum`, `stream`: on how many nodes it is, from `node` on.",
                .min = 1,
                .max = nodesMax,
                .absent = "3, and every node for a stream"},
          spec.groupSize);
    visit(Field{.key = "service_rate",
                .help = "`classic`: publishes that its process handles per second. A connection "
                        "that is 400 ahead of it is not read until it has handled 200 of them "
                        "(credit flow).",
                .unit = Unit::PerSecond,
                .max = 1e9,
                .aboveMin = true,
                .absent = "no limit"},
          spec.serviceRate);
    visit(Field{.key = "more_arguments",
                .help = "Further arguments as the broker calls them: without effect, kept for an "
                        "export."},
          spec.moreArguments);
    visit(Field{.key = "broker",
                .help = "Its broker; empty: the only one.",
                .refersTo = refers::ToBroker},
          spec.broker);
}

} // namespace sim
