#pragma once

#include "sim/scenario/describe_aws.h"
#include "sim/scenario/describe_check.h"
#include "sim/scenario/describe_consumer.h"
#include "sim/scenario/describe_distribution.h"
#include "sim/scenario/describe_fault.h"
#include "sim/scenario/describe_flow.h"
#include "sim/scenario/describe_rabbitmq.h"
#include "sim/scenario/scenario.h"

/// The fields of a scenario, and through the other headers of all that is in it.
namespace sim {

/// The value of "version" that this program reads and writes.
inline constexpr int formatVersion = 1;
/// Ids are 16 bits wide, and some are taken by the run itself.
inline constexpr std::size_t componentsMax = 60'000;
inline constexpr std::size_t linksMax = 60'000;

template <>
inline constexpr std::array kindsOf<ComponentSpec>{
    Name{"producer", "A service that publishes events."},
    Name{"consumer", "A service that consumes from queues and applies effects to its state."},
    Name{"rabbitmq.broker", "A RabbitMQ broker; a scenario without one has one with the defaults."},
    Name{"rabbitmq.exchange", "An exchange."},
    Name{"rabbitmq.queue", "A queue: classic, quorum or stream."},
    Name{"aws.sqs-queue", "An Amazon SQS queue, standard or FIFO."},
    Name{"aws.sns-topic", "An Amazon SNS topic, standard or FIFO."},
};

/// What a field that names a component of this kind must allow (Field::refersTo).
inline std::uint16_t referenceKind(const ComponentSpec& spec) {
    constexpr std::array kinds{refers::ToProducer, refers::ToConsumer, refers::ToBroker,
                               refers::ToExchange, refers::ToQueue,    refers::ToSqsQueue,
                               refers::ToSnsTopic};
    static_assert(kinds.size() == std::variant_size_v<ComponentSpec>);
    return kinds[spec.index()];
}

template <Is<ComponentEntry> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "id",
                .help = "Unique name, shown on the card.",
                .required = true,
                .filled = true,
                .bytesMax = 255},
          spec.id);
    visit.flat(spec.spec);
    visit(Field{.key = "position",
                .help = "Centre of the card on the canvas, [x, y] in pixels at zoom 1.",
                .min = -1e6,
                .max = 1e6},
          spec.position);
}

/// Before these fields stands "version", which belongs to the file and not to the scenario.
template <Is<Scenario> Spec, typename Visitor> void describe(Spec& spec, Visitor& visit) {
    visit(Field{.key = "title", .help = "What it is called, one line."}, spec.title);
    visit(Field{.key = "description",
                .help = "What to look for; paragraphs separated by empty lines."},
          spec.description);
    visit(Field{.key = "seed", .help = "Start of all chance: the same seed gives the same run."},
          spec.seed);
    visit(Field{.key = "duration", .help = "How long a run is, in simulated time.", .min = 1},
          spec.duration);
    visit(Field{.key = "warmup", .help = "Metrics count from here on."}, spec.warmup);
    visit(Field{.key = "components", .help = "Producers, consumers, brokers, exchanges, queues, topics."},
          spec.components);
    visit(Field{.key = "links", .help = "Who publishes to, is bound to, subscribes to, consumes from whom."},
          spec.links);
    visit(Field{.key = "faults", .help = "What goes wrong, and when."}, spec.faults);
    visit(Field{.key = "checks", .help = "What the run is judged by."}, spec.checks);
}

} // namespace sim
