#pragma once

#include "sim/base/result.h"
#include "sim/scenario/json.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

/// One optional argument of an exchange, a queue or a binding, or one setting of a policy.
using BrokerArgument = JsonMember;
using BrokerArguments = JsonObject;

/// The value of the argument `name`; null where it is not given.
const BrokerArgument* findArgument(const BrokerArguments& arguments, std::string_view name);

/// What a RabbitMQ definitions file says about topology, as plain values in the order of the file.
///
/// In a file of one virtual host `vhost` is the same everywhere. `where` is the JSON pointer of
/// the item, `position` its place in its section.
/// Source: rabbitmq.com/docs/definitions.
struct DefinitionsFile {
    struct Exchange {
        std::string where;
        std::size_t position = 0;
        std::string vhost;
        std::string name;
        std::string type;
        bool durable = true;
        bool autoDelete = false;
        bool internal = false;
        BrokerArguments arguments;
    };
    struct Queue {
        std::string where;
        std::size_t position = 0;
        std::string vhost;
        std::string name;
        std::string type; ///< classic, quorum, stream, or what a plugin calls its own
        bool durable = true;
        bool autoDelete = false;
        BrokerArguments arguments;
    };
    struct Binding {
        std::string where;
        std::size_t position = 0;
        std::string vhost;
        std::string source;
        std::string destination;
        bool toQueue = true; ///< else to an exchange
        std::string routingKey;
        BrokerArguments arguments;
    };
    struct Policy {
        std::string where;
        std::size_t position = 0;
        std::string vhost;
        std::string name;
        std::string pattern;
        std::string applyTo;
        std::int64_t priority = 0;
        bool isOperator = false;
        BrokerArguments definition;
    };
    /// Something that holds for a virtual host and is not topology: a shovel, a limit.
    struct Rule {
        std::size_t position = 0;
        std::string vhost;
        std::string kind; ///< the component of a runtime parameter
        std::string name;
    };

    std::vector<Exchange> exchanges;
    std::vector<Queue> queues;
    std::vector<Binding> bindings;
    std::vector<Policy> policies;
    std::vector<Rule> rules;
    std::map<std::string, std::size_t> users;      ///< by section: how many users, permissions
    std::map<std::string, std::string> queueTypes; ///< default queue type by virtual host
    std::optional<std::string> vhostOfAll;         ///< of a file of one virtual host
    JsonValue json;                                ///< the whole
};

/// Whether a JSON text looks like what `rabbitmqctl export_definitions` writes, and not like a
/// scenario.
bool looksLikeDefinitions(std::string_view text);

/// Reads what a broker exports: whole clusters and single virtual hosts, of RabbitMQ 3.10 to 4.3,
/// written by rabbitmqctl or the HTTP API. Comes back with every problem of the text; of sections
/// that say nothing about topology only that they are lists of objects.
Result<DefinitionsFile> readDefinitionsFile(std::string_view text);

/// How many exchanges, queues and bindings each virtual host holds, not counting those that the
/// broker makes by itself; virtual hosts that hold none are not there.
std::map<std::string, std::size_t> thingsByVhost(const DefinitionsFile& file);

} // namespace sim
