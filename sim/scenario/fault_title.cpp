#include "sim/scenario/fault_title.h"

namespace sim {
namespace {

/// The kind of a fault and what it is on, in words.
struct Title {
    std::string operator()(const CrashFault& f) const {
        return (f.silent ? "silent crash of " : "crash of ") + f.target;
    }
    std::string operator()(const PauseFault& f) const { return "pause of " + f.target; }
    std::string operator()(const CancelFault& f) const { return "cancel of " + f.target; }
    std::string operator()(const SlowFault& f) const { return "slow " + f.target; }
    std::string operator()(const PartitionFault& f) const { return between("partition", f); }
    std::string operator()(const LatencyFault& f) const { return between("latency", f); }
    std::string operator()(const BandwidthFault& f) const { return between("bandwidth", f); }
    std::string operator()(const LossFault& f) const { return between("loss", f); }
    std::string operator()(const DuplicateFault& f) const { return between("duplicates", f); }
    std::string operator()(const ReorderFault& f) const { return between("reordering", f); }
    std::string operator()(const LostAcksFault& f) const { return between("lost acks", f); }
    std::string operator()(const LostConfirmsFault& f) const { return between("lost confirms", f); }
    std::string operator()(const DeliveryErrorFault& f) const {
        return between(f.error == DeliveryErrorClass::Client ? "refused deliveries"
                                                             : "failing deliveries",
                       f);
    }
    std::string operator()(const PoisonFault& f) const {
        return "poison " + (f.key.empty() ? f.type : f.key) + " at " + f.target;
    }
    std::string operator()(const ClockSkewFault& f) const { return "clock skew of " + f.target; }
    std::string operator()(const BrokerRestartFault& f) const {
        return (f.clean ? "restart of " : "kill of ") +
               (f.node ? "node " + std::to_string(*f.node) + " of " : "") + brokerName(f.target);
    }
    std::string operator()(const ShuffleTiesFault&) const { return "shuffled ties"; }
    std::string operator()(const AlarmFault& f) const {
        return (f.resource == AlarmResource::Memory ? "memory alarm of " : "disk alarm of ") +
               brokerName(f.target);
    }
    std::string operator()(const ClusterPartitionFault& f) const {
        const bool several = f.lastNode && *f.lastNode != f.firstNode;
        return (several ? "partition of nodes " : "partition of node ") +
               std::to_string(f.firstNode) + (several ? "-" + std::to_string(*f.lastNode) : "") +
               " of " + brokerName(f.target);
    }
    std::string operator()(const PolicyChangeFault& f) const {
        std::string names;
        for (const PolicySpec& policy : f.set) {
            names += (names.empty() ? "policy " : ", ") + policy.name;
        }
        for (const std::string& name : f.clear) {
            names += (names.empty() ? "no policy " : ", no ") + name;
        }
        return (names.empty() ? "policies" : names) + " for " + brokerName(f.target);
    }
    std::string operator()(const PurgeFault& f) const { return "purge of " + f.target; }
    std::string operator()(const DeleteQueueFault& f) const { return "deletion of " + f.target; }
    static std::string brokerName(const std::string& target) {
        return target.empty() ? "the broker" : target;
    }

    template <typename Fault>
    static std::string between(const std::string& what, const Fault& fault) {
        return what + " " + fault.from + " > " + fault.to;
    }
};

} // namespace

std::string faultTitle(const FaultSpec& fault) {
    return fault.name.empty() ? std::visit(Title{}, fault.what) : fault.name;
}

bool isOperation(const FaultSpec& fault) {
    return std::holds_alternative<PolicyChangeFault>(fault.what) ||
           std::holds_alternative<PurgeFault>(fault.what) ||
           std::holds_alternative<DeleteQueueFault>(fault.what);
}

} // namespace sim
