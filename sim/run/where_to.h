#pragma once

#include "sim/base/result.h"
#include "sim/model/plan.h"

#include <string>
#include <vector>

namespace sim {

/// A message that somebody asks about, before it is sent.
struct RouteQuestion {
    std::string broker;   ///< id of a broker component; empty: the only one
    std::string exchange; ///< its name in the broker, or the component's id; "" is the default one
    std::string key;
    std::vector<std::string> moreKeys; ///< of CC and BCC
    Table headers;
};

/// Where a broker takes a message to, and why not elsewhere, as everything is at the start of a
/// run.
struct RouteAnswer {
    /// A binding that was asked.
    struct Asked {
        LinkId link{};
        std::string to; ///< name of the destination
        bool toQueue = true;
        std::string key;
        bool leads = false;
        std::string why; ///< why it does or does not, half a sentence
    };
    struct Visit {
        std::string exchange; ///< name; "" for the default exchange
        std::string type;
        std::string how; ///< why the message came here, half a sentence
        std::vector<Asked> bindings;
    };
    struct Missed {
        std::string queue;
        std::vector<std::string> why; ///< one for each binding that could have led to it
    };

    std::vector<std::string> queues; ///< that get a copy each, sorted
    std::vector<Visit> visits;       ///< in the order in which the broker looks at exchanges
    std::vector<Missed> missed;      ///< the other queues of the broker, sorted
    std::vector<LinkId> path;        ///< bindings on which the message goes
    std::vector<ComponentId> places; ///< exchanges and queues that it comes to
    bool byChance = false;           ///< an exchange chose at random: another message may part
};

/// Problems: no such broker or exchange, each with the nearest name. An exchange that is `internal`
/// answers all the same; a client could not publish to it.
Result<RouteAnswer> whereTo(const Plan& plan, const RouteQuestion& question);

} // namespace sim
