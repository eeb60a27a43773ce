#pragma once

#include "sim/model/plan.h"

#include <functional>
#include <memory>
#include <vector>

namespace sim {

/// How a plan calls things by their names.
struct PlanNames {
    std::function<ComponentId(const std::string&)> component;
    std::function<std::uint32_t(const std::string&)> routingKey;
};

/// Gives the broker's exchanges and queues what `scenario`, whose policies are merged, says of
/// them. Components stand in it where they stand in the plan.
void takeSettings(BrokerPlan& broker, const Scenario& scenario, const PlanNames& names);

/// A broker of the plan as it is once these changes of its policies were made, in their order; null
/// where there are none. Requires that the plan knows the changes: see addFault().
std::shared_ptr<const BrokerPlan> planUnder(const Plan& plan, std::uint16_t broker,
                                            const std::vector<PolicyChangeFault>& changes);

/// Makes known to the plan every routing key that dead letters can get by this change.
void addRoutingKeys(Plan& plan, const PolicyChangeFault& change);

} // namespace sim
