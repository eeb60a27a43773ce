#include "sim/scenario/broker_name.h"

#include <algorithm>

namespace sim {
namespace {

const ComponentEntry* pointerTo(std::vector<ComponentEntry>::const_iterator found,
                                const Scenario& scenario) {
    return found == scenario.components.end() ? nullptr : &*found;
}

/// The default exchange routes by what a queue is called in its broker.
const ComponentEntry* queueCalled(const std::string& name, const std::string& broker,
                                  const Scenario& scenario) {
    const auto found = std::ranges::find_if(scenario.components, [&](const ComponentEntry& entry) {
        const auto* queue = std::get_if<QueueSpec>(&entry.spec);
        return queue != nullptr && areSameBroker(queue->broker, broker) &&
               nameInBroker(entry.id, *queue) == name;
    });
    return pointerTo(found, scenario);
}

} // namespace

const std::string& nameInBroker(const ComponentEntry& entry) {
    if (const auto* queue = std::get_if<QueueSpec>(&entry.spec)) {
        return nameInBroker(entry.id, *queue);
    }
    const auto* exchange = std::get_if<ExchangeSpec>(&entry.spec);
    return exchange == nullptr ? entry.id : nameInBroker(entry.id, *exchange);
}

const ComponentEntry* deadLetterTarget(const Scenario& scenario, const QueueSpec& queue) {
    if (!queue.deadLetterExchange) {
        return nullptr;
    }
    if (queue.deadLetterExchange->empty()) {
        return queueCalled(queue.deadLetterRoutingKey.value_or(""), queue.broker, scenario);
    }
    return pointerTo(
        std::ranges::find(scenario.components, *queue.deadLetterExchange, &ComponentEntry::id),
        scenario);
}

} // namespace sim
