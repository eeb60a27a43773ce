#pragma once

#include "sim/base/one_of.h"
#include "sim/scenario/aws_spec.h"
#include "sim/scenario/check_spec.h"
#include "sim/scenario/consumer_spec.h"
#include "sim/scenario/fault_spec.h"
#include "sim/scenario/flow_spec.h"
#include "sim/scenario/rabbitmq_spec.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace sim {

using ComponentSpec = OneOf<std::variant<ProducerSpec, ConsumerSpec, BrokerSpec, ExchangeSpec,
                                         QueueSpec, SqsQueueSpec, SnsTopicSpec>>;

/// Where a component's card stands on the canvas: its centre, in pixels at zoom 1.
struct Position {
    double x = 0;
    double y = 0;
    bool operator==(const Position&) const = default;
};

struct ComponentEntry {
    std::string id; ///< unique in the scenario, 1..255 bytes of UTF-8; the name on the card
    ComponentSpec spec;
    Position position;
    bool operator==(const ComponentEntry&) const = default;
};

/// What the user says: everything that a run depends on. A value; two equal scenarios give the
/// same run.
struct Scenario {
    std::string title;
    std::string description; ///< what to look for; paragraphs separated by empty lines
    std::uint64_t seed = 1;
    Duration duration = 60s;
    Duration warmup{}; ///< metrics count from here on
    std::vector<ComponentEntry> components;
    std::vector<LinkSpec> links;
    std::vector<FaultSpec> faults;
    std::vector<CheckSpec> checks;

    bool operator==(const Scenario&) const = default;
};

} // namespace sim
