#include "sim/run/fault_plan.h"

#include "sim/base/check.h"

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

/// The kind of a fault and what it is on, in words.
struct Title {
    std::string operator()(const CrashFault& f) const { return "crash of " + f.target; }
    std::string operator()(const PauseFault& f) const { return "pause of " + f.target; }
    std::string operator()(const SlowFault& f) const { return "slow " + f.target; }
    std::string operator()(const PartitionFault& f) const { return between("partition", f); }
    std::string operator()(const LatencyFault& f) const { return between("latency", f); }
    std::string operator()(const BandwidthFault& f) const { return between("bandwidth", f); }
    std::string operator()(const LossFault& f) const { return between("loss", f); }
    std::string operator()(const DuplicateFault& f) const { return between("duplicates", f); }
    std::string operator()(const ReorderFault& f) const { return between("reordering", f); }
    std::string operator()(const LostAcksFault& f) const { return between("lost acks", f); }
    std::string operator()(const LostConfirmsFault& f) const { return between("lost confirms", f); }
    std::string operator()(const PoisonFault& f) const {
        return "poison " + (f.key.empty() ? f.type : f.key) + " at " + f.target;
    }
    std::string operator()(const ClockSkewFault& f) const { return "clock skew of " + f.target; }
    std::string operator()(const BrokerRestartFault& f) const {
        return (f.clean ? "restart of " : "kill of ") +
               (f.target.empty() ? "the broker" : f.target);
    }
    std::string operator()(const ShuffleTiesFault&) const { return "shuffled ties"; }

    template <typename Fault>
    static std::string between(const std::string& what, const Fault& fault) {
        return what + " " + fault.from + " > " + fault.to;
    }
};

} // namespace

std::string faultTitle(const FaultSpec& fault) {
    return fault.name.empty() ? std::visit(Title{}, fault.what) : fault.name;
}

void addFault(Plan& plan, const FaultSpec& spec) {
    FaultPlan fault{.spec = spec};
    std::visit(
        [&]<typename Fault>(const Fault& what) {
            if constexpr (OnALink<Fault>) {
                fault.link = linkBetween(plan, what.from, what.to);
            } else if constexpr (OnAComponent<Fault>) {
                fault.node = nodeNamed(plan, what.target);
            }
            if constexpr (OnAnInstance<Fault>) {
                fault.lane = static_cast<std::uint16_t>(what.instance.value_or(0xffff));
            }
        },
        spec.what);
    if (const auto* poison = std::get_if<PoisonFault>(&spec.what)) {
        fault.key = plan.catalogue.keyNamed(poison->key);
        fault.type = typeNamed(plan, poison->type);
    }
    plan.catalogue.faults.push_back(faultTitle(spec));
    plan.faults.push_back(std::move(fault));
}

} // namespace sim
