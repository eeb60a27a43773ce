#pragma once

#include "sim/scenario/broker_name.h"
#include "sim/scenario/write.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace sim {

/// What a broker would have: exchanges, queues and bindings by their names, and policies.
inline std::multiset<std::string> topologyOf(const Scenario& scenario) {
    std::multiset<std::string> things;
    std::map<std::string, std::string> names;
    for (const ComponentEntry& entry : scenario.components) {
        names[entry.id] = nameInBroker(entry);
    }
    for (ComponentEntry entry : scenario.components) {
        if (auto* exchange = std::get_if<ExchangeSpec>(&entry.spec)) {
            exchange->name = names[entry.id];
            exchange->alternateExchange = names[exchange->alternateExchange];
            exchange->broker.clear();
        } else if (auto* queue = std::get_if<QueueSpec>(&entry.spec)) {
            queue->name = names[entry.id];
            if (queue->deadLetterExchange) {
                queue->deadLetterExchange = names[*queue->deadLetterExchange];
            }
            queue->broker.clear();
            queue->node = QueueSpec{}.node;
        } else if (auto* broker = std::get_if<BrokerSpec>(&entry.spec)) {
            const BrokerSpec standard; // a definitions file says nothing of these
            broker->diskDelay = standard.diskDelay;
            broker->commitDelay = standard.commitDelay;
            broker->consumerTimeout = standard.consumerTimeout;
            broker->nodes = standard.nodes;
            broker->partitionHandling = standard.partitionHandling;
            broker->electionTime = standard.electionTime;
            broker->maxMessageBytes = standard.maxMessageBytes;
            broker->heartbeat = standard.heartbeat;
        } else {
            continue;
        }
        const bool isBroker = std::holds_alternative<BrokerSpec>(entry.spec);
        const bool isPlain = isBroker && std::get<BrokerSpec>(entry.spec) == BrokerSpec{};
        if (!isPlain) {
            Scenario one;
            one.components = {{isBroker ? "broker" : "thing", entry.spec, {}}};
            things.insert(writeScenario(one));
        }
    }
    for (const LinkSpec& link : scenario.links) {
        if (const auto* binding = std::get_if<BindingLink>(&link)) {
            Scenario one;
            BindingLink named = *binding;
            named.from = names[binding->from];
            named.to = names[binding->to];
            std::sort(named.arguments.begin(), named.arguments.end());
            one.links = {named};
            things.insert(writeScenario(one));
        }
    }
    return things;
}

} // namespace sim
