#pragma once

#include "sim/interop/definitions_file.h"
#include "sim/interop/left_out_list.h"
#include "sim/scenario/rabbitmq_spec.h"

#include <string_view>
#include <vector>

namespace sim {

/// The longest time that RabbitMQ takes: 10 years, in milliseconds.
inline constexpr std::uint64_t millisecondsMax = 315'360'000'000;

/// The policies of one virtual host. What a definition says that the simulation has nothing for is
/// noted in `leftOut` and kept as a key, since a queue may skip the policy for it; what no broker
/// could have exported is noted in `problems`.
std::vector<PolicySpec> importPolicies(const DefinitionsFile& file, std::string_view vhost,
                                       LeftOutList& leftOut, Problems& problems);

/// The overflow of this name, as queue arguments and policies write it.
std::optional<Overflow> importOverflow(const BrokerArgument& argument, const std::string& where,
                                       class ArgumentReader& arguments);

} // namespace sim
