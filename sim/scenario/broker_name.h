#pragma once

#include "sim/scenario/scenario.h"

#include <string>

namespace sim {

/// What a queue or an exchange is called in its broker: its name, or else the component's id.
template <typename Spec> const std::string& nameInBroker(const std::string& id, const Spec& spec) {
    return spec.name.empty() ? id : spec.name;
}
/// The same of any component; the id of one that is neither.
const std::string& nameInBroker(const ComponentEntry& entry);

/// Whether two names of brokers mean the same: no name means the only one.
inline bool areSameBroker(const std::string& broker, const std::string& other) {
    return broker == other || broker.empty() || other.empty();
}

/// Where a queue's dead letters go, as far as its settings say it: the exchange that they name, or
/// the queue that the default exchange finds by its name in the same broker. nullptr: nowhere, or
/// where each message's own key leads.
const ComponentEntry* deadLetterTarget(const Scenario& scenario, const QueueSpec& queue);

} // namespace sim
