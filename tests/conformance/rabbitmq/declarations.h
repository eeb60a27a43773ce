#pragma once

#include "sim/scenario/scenario.h"
#include "tests/conformance/rabbitmq/amqp.h"

#include <string>
#include <variant>

namespace conformance {

/// Calls `visit` with id and spec of each component of one kind.
template <typename Spec, typename Visit>
void forEach(const sim::Scenario& scenario, const Visit& visit) {
    for (const sim::ComponentEntry& entry : scenario.components) {
        if (const auto* spec = std::get_if<Spec>(&entry.spec)) {
            visit(entry.id, *spec);
        }
    }
}

template <typename Link, typename Visit>
void forEachLink(const sim::Scenario& scenario, const Visit& visit) {
    for (const sim::LinkSpec& link : scenario.links) {
        if (const auto* known = std::get_if<Link>(&link)) {
            visit(*known);
        }
    }
}

/// Absent: the id is not a queue's.
const sim::QueueSpec* queueOf(const sim::Scenario& scenario, const std::string& id);
/// Whether the queue can be gone before the scenario is over.
bool canGo(const sim::QueueSpec& queue);

/// Declares all that a scenario names but its exclusive queues, which belong to their consumers.
void declareAll(Connection& connection, const sim::Scenario& scenario);
/// A queue with its bindings, as who consumes from it declares it.
void declareForConsumer(Connection& connection, const sim::Scenario& scenario,
                        const std::string& queue);
/// A queue without its bindings, or an exchange with the exchanges that it leads to, as who
/// publishes to it declares it.
void declareForProducer(Connection& connection, const sim::Scenario& scenario,
                        const std::string& target);
/// Deletes all of it, where it is still there.
void deleteAll(Connection& connection, const sim::Scenario& scenario);

} // namespace conformance
