#pragma once

#include "sim/base/result.h"
#include "sim/interop/rabbitmq_definitions.h"
#include "sim/scenario/scenario.h"

#include <optional>
#include <string>
#include <vector>

namespace sim {

struct ExportOptions {
    std::optional<std::string> broker; ///< id of the only one to export; absent: all of them
};

/// A definitions file, and what of the scenario is not in it.
struct Exported {
    std::string json;
    std::vector<LeftOut> leftOut;
    /// What the file holds and not everybody should see: "password hashes of 2 users".
    std::vector<std::string> secrets;
};

/// The RabbitMQ brokers of a scenario as a definitions file of a whole cluster, with the keys of
/// 3.13 and 4.x, which `rabbitmqctl import_definitions` and POST /api/definitions take: exchanges,
/// queues with their arguments, bindings, policies, operator policies, and what an import has kept. Each
/// broker is the virtual host of its field `vhost`; a scenario without one is "/".
///
/// Everything stands in the order of the scenario, so the same scenario gives the same text. A
/// broker that takes it leaves alone what it has by the same name already, whatever its arguments.
///
/// Not modelled: bindings and arguments with null in them, which no broker takes from a file.
/// Requires a valid scenario. Problems: two brokers of one virtual host, two things of one name, a
/// section of `definitions` that no broker could read, a broker that is not there.
/// Source: https://www.rabbitmq.com/docs/definitions
Result<Exported> exportRabbitmq(const Scenario& scenario, const ExportOptions& options = {});

} // namespace sim
