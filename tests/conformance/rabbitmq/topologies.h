#pragma once

#include "sim/scenario/scenario.h"

#include <cstdint>
#include <string>

namespace conformance {

/// A topology for the routing of messages, another one for each seed: exchanges of every type,
/// bound to queues and to one another, cycles and alternates among them; keys with empty words,
/// wildcards in odd places, long and foreign words; headers and arguments of every type of value.
/// Messages are published to every exchange, mandatory and with confirms. Valid, and routing alone
/// decides what is seen of it: in each queue the order is nobody's.
sim::Scenario topology(std::uint64_t seed);

/// The topology and its messages for a reader, a line each.
std::string describe(const sim::Scenario& scenario);

} // namespace conformance
