#include "sim/run/fault_plan.h"

#include "sim/base/check.h"
#include "sim/run/policy_plan.h"
#include "sim/scenario/fault_title.h"

#include <algorithm>

namespace sim {
namespace {

template <typename Fault>
concept OnALink = requires(const Fault& fault) {
    fault.from;
    fault.to;
};
template <typename Fault>
concept OnAComponent = requires(const Fault& fault) {
    fault.target;
};
template <typename Fault>
concept OnAnInstance = requires(const Fault& fault) {
    fault.instance;
};

ComponentId componentNamed(const Plan& plan, const std::string& name) {
    const auto& names = plan.catalogue.components;
    const auto found = std::ranges::find(names, name);
    SIM_CHECK(found != names.end());
    return ComponentId{static_cast<std::uint16_t>(found - names.begin())};
}

LinkId linkBetween(const Plan& plan, const std::string& from, const std::string& to) {
    const ComponentId first = componentNamed(plan, from);
    const ComponentId second = componentNamed(plan, to);
    const auto found = std::ranges::find_if(plan.links, [&](const LinkPlan& link) {
        return !link.binding && link.from == first && link.to == second;
    });
    SIM_CHECK(found != plan.links.end());
    return LinkId{static_cast<std::uint16_t>(found - plan.links.begin())};
}

/// The node of the component; of the broker where the scenario names none.
NodeId nodeNamed(const Plan& plan, const std::string& name) {
    if (name.empty()) {
        return NodeId{static_cast<std::uint16_t>(plan.producers.size())};
    }
    return plan.nodeOf[index(componentNamed(plan, name))];
}

TypeId typeNamed(const Plan& plan, const std::string& name) {
    const auto& types = plan.catalogue.types;
    const auto found = std::ranges::find(types, name, &Catalogue::Type::name);
    return found == types.end() ? noType
                                : TypeId{static_cast<std::uint16_t>(found - types.begin())};
}

} // namespace

void addFault(Plan& plan, const FaultSpec& spec) {
    FaultPlan fault{.spec = spec};
    std::visit(
        [&]<typename Fault>(const Fault& what) {
            if constexpr (OnALink<Fault>) {
                fault.link = linkBetween(plan, what.from, what.to);
            } else if constexpr (OnAComponent<Fault>) {
                fault.node = nodeNamed(plan, what.target);
                fault.target = what.target.empty() ? noComponent : componentNamed(plan, what.target);
            }
            if constexpr (OnAnInstance<Fault>) {
                fault.lane = static_cast<std::uint16_t>(what.instance.value_or(0xffff));
            }
        },
        spec.what);
    if (const auto* restart = std::get_if<BrokerRestartFault>(&spec.what)) {
        fault.nodes = restart->node ? only(static_cast<NodeAt>(*restart->node - 1)) : ~NodeSet{};
    } else if (const auto* cut = std::get_if<ClusterPartitionFault>(&spec.what)) {
        for (std::uint32_t n = cut->firstNode; n <= cut->lastNode.value_or(cut->firstNode); ++n) {
            fault.nodes |= only(static_cast<NodeAt>(n - 1));
        }
    }
    if (const auto* poison = std::get_if<PoisonFault>(&spec.what)) {
        fault.key = plan.catalogue.keyNamed(poison->key);
        fault.type = typeNamed(plan, poison->type);
    }
    if (const auto* change = std::get_if<PolicyChangeFault>(&spec.what)) {
        addRoutingKeys(plan, *change);
    }
    if (isOperation(spec)) {
        plan.catalogue.operations.push_back(static_cast<std::uint32_t>(plan.faults.size()));
    }
    plan.catalogue.faults.push_back(faultTitle(spec));
    plan.faults.push_back(std::move(fault));
}

} // namespace sim
