#include "sim/run/policy_plan.h"

#include "sim/base/check.h"
#include "sim/scenario/policies.h"

#include <algorithm>

namespace sim {
namespace {

void take(ExchangePlan& exchange, const ExchangeSpec& spec, const BrokerPlan& broker,
          const PlanNames& names) {
    exchange.alternate = spec.alternateExchange.empty()
                             ? nowhere
                             : broker.exchangeOf[index(names.component(spec.alternateExchange))];
}

void take(QueuePlan& queue, const QueueSpec& spec, const BrokerPlan& broker,
          const PlanNames& names) {
    const auto& exchange = spec.deadLetterExchange;
    queue.spec = spec;
    queue.deadLetters = exchange.has_value();
    queue.deadLettersAtLeastOnce = deadLettersAtLeastOnce(spec);
    queue.deadLetterExchange = exchange && !exchange->empty()
                                   ? broker.exchangeOf[index(names.component(*exchange))]
                                   : nowhere;
    queue.deadLetterKey =
        spec.deadLetterRoutingKey ? names.routingKey(*spec.deadLetterRoutingKey) : noText;
}

template <typename T> std::size_t placeOf(const std::vector<T>& all, const T& one) {
    const auto found = std::ranges::find(all, one);
    SIM_CHECK(found != all.end());
    return static_cast<std::size_t>(found - all.begin());
}

void addRoutingKey(Plan& plan, const std::string& key) {
    if (std::ranges::find(plan.routingKeys, key) != plan.routingKeys.end()) {
        return;
    }
    plan.routingKeys.push_back(key);
    for (BrokerPlan& broker : plan.brokers) {
        const auto named = broker.queueOfName.find(key);
        broker.queueOfKey.push_back(named == broker.queueOfName.end() ? nowhere : named->second);
    }
}

void addRoutingKeys(Plan& plan, const std::vector<PolicySpec>& policies) {
    for (const PolicySpec& policy : policies) {
        if (policy.deadLetterRoutingKey) {
            addRoutingKey(plan, *policy.deadLetterRoutingKey);
        }
    }
}

} // namespace

void takeSettings(BrokerPlan& broker, const Scenario& scenario, const PlanNames& names) {
    const auto& components = scenario.components;
    for (ExchangePlan& exchange : broker.exchanges) {
        const ComponentEntry& entry = components[index(exchange.component)];
        take(exchange, std::get<ExchangeSpec>(entry.spec), broker, names);
    }
    for (QueuePlan& queue : broker.queues) {
        const ComponentEntry& entry = components[index(queue.component)];
        take(queue, std::get<QueueSpec>(entry.spec), broker, names);
    }
}

std::shared_ptr<const BrokerPlan> planUnder(const Plan& plan, std::uint16_t broker,
                                            const std::vector<PolicyChangeFault>& changes) {
    if (changes.empty()) {
        return nullptr;
    }
    const PlanNames names{.component =
                              [&](const std::string& id) {
                                  const auto at = placeOf(plan.catalogue.components, id);
                                  return ComponentId{static_cast<std::uint16_t>(at)};
                              },
                          .routingKey =
                              [&](const std::string& key) {
                                  return static_cast<std::uint32_t>(placeOf(plan.routingKeys, key));
                              }};
    auto changed = std::make_shared<BrokerPlan>(plan.brokers[broker]);
    takeSettings(*changed, withPolicies(withPolicyChanges(plan.declared, changes)), names);
    return changed;
}

void addRoutingKeys(Plan& plan, const PolicyChangeFault& change) {
    for (const ComponentEntry& entry : plan.declared.components) {
        if (const auto* broker = std::get_if<BrokerSpec>(&entry.spec)) {
            // One may come to apply where another is cleared.
            addRoutingKeys(plan, broker->policies);
        }
    }
    addRoutingKeys(plan, change.set);
}

} // namespace sim
