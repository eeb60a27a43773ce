#include "sim/interop/unsaid.h"

#include "sim/scenario/differences.h"

#include <fmt/format.h>

namespace sim {
namespace {

constexpr const char* ofTheMachines = "it is of the machines";
constexpr const char* ofRabbitmqConf = "it is set in rabbitmq.conf, node by node";
constexpr const char* ofTheSimulation = "it is of the simulation alone: how long things take";

const char* whyNot(std::string_view key) {
    if (key == "nodes" || key == "node") {
        return ofTheMachines;
    }
    const bool isTime = key == "election_time" || key == "disk_delay" || key == "commit_delay" ||
                        key == "service_rate";
    return isTime ? ofTheSimulation : ofRabbitmqConf;
}

void note(const char* of, const ComponentSpec& standard, const ComponentSpec& spec,
          const std::string& name, LeftOutList& leftOut) {
    for (const Difference& one : differences(standard, spec)) {
        leftOut.add(fmt::format("setting {} of a {}", one.key, of), whyNot(one.key), name);
    }
}

} // namespace

void noteUnsaid(const BrokerSpec& broker, const std::string& id, LeftOutList& leftOut) {
    BrokerSpec unsaid = broker;
    unsaid.vhost = BrokerSpec{}.vhost;
    unsaid.version = BrokerSpec{}.version;
    unsaid.policies.clear();
    unsaid.definitions.clear();
    note("broker", BrokerSpec{}, unsaid, id, leftOut);
}

void noteUnsaid(const QueueSpec& queue, const std::string& name, LeftOutList& leftOut) {
    QueueSpec unsaid;
    unsaid.node = queue.node;
    unsaid.serviceRate = queue.serviceRate;
    note("queue", QueueSpec{}, unsaid, name, leftOut);
}

} // namespace sim
