#pragma once

#include "sim/base/result.h"
#include "sim/scenario/scenario.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

struct ImportOptions {
    std::optional<std::string> vhost; ///< absent: all of them
    bool users = true; ///< keep users, their permissions, and parameters with a password
};

/// Something in a definitions file that the scenario does not have, or not fully.
struct LeftOut {
    std::string what; ///< "stream queue: audit.log, clicks"
    std::string why;  ///< what that means for the simulation
    bool operator==(const LeftOut&) const = default;
};

/// A topology brought in from a broker, ready to run and to be edited.
struct Imported {
    Scenario scenario;
    std::vector<LeftOut> leftOut;
    /// What the scenario keeps and not everybody should see: "password hashes of 2 users".
    std::vector<std::string> secrets;
};

/// A RabbitMQ definitions file as a scenario: its exchanges, queues, bindings, policies and
/// arguments, laid out from left to right. Each virtual host that holds an exchange, a queue or a
/// binding is a broker of its own.
///
/// A definitions file says nothing about clients. A producer is added for each exchange and queue
/// where traffic seems to enter, with event types made from the binding keys, and a consumer for
/// each queue that seems to have one (see addTraffic()); both are guesses to be edited. A component
/// is called as in the broker; where an exchange and a queue share a name, `name` of the specs
/// still says it.
///
/// Nothing is dropped or weakened in silence: whatever the simulation does not have is in
/// `leftOut`. It is kept with the broker (BrokerSpec::definitions, moreArguments of exchanges and
/// queues, otherKeys of policies), and exportRabbitmq() writes it again: the import of an export of
/// an import is the same scenario. Comes back with every problem of a file that no broker could
/// have exported, and with one that lists the virtual hosts where `options` names none of them.
///
/// A dynamic shovel or a federation link between virtual hosts of the file becomes a consumer that
/// forwards.
/// Not modelled: other exchange types of plugins, shovels and federation links to other hosts,
/// access control.
/// Source: rabbitmq.com/docs/definitions; files in tests/data/rabbitmq.
Result<Imported> importRabbitmq(std::string_view json, const ImportOptions& options = {});

/// The virtual hosts of a definitions file that hold an exchange, a queue or a binding, the one
/// with most of them first. A file that does not name it has one without a name. Empty where the
/// file cannot be read: importRabbitmq() says why.
std::vector<std::string> rabbitmqVhosts(std::string_view json);

} // namespace sim
