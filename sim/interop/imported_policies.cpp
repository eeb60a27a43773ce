#include "sim/interop/imported_policies.h"

#include "sim/interop/argument_reader.h"
#include "sim/interop/broker_arguments.h"
#include "sim/scenario/describe_rabbitmq.h"

#include <fmt/format.h>

namespace sim {
namespace {

void readApplyTo(const DefinitionsFile::Policy& from, PolicySpec& policy, Problems& problems) {
    const auto applyTo = choiceNamed<ApplyTo>(from.applyTo);
    if (!applyTo) {
        problems.push_back(
            {from.where + "/apply-to",
             fmt::format("is \"{}\"; it can be all, exchanges, queues, classic_queues, "
                         "quorum_queues or streams",
                         from.applyTo)});
        return;
    }
    policy.applyTo = *applyTo;
}

} // namespace

PolicySpec importPolicy(const DefinitionsFile::Policy& from, LeftOutList& leftOut,
                        Problems& problems) {
    PolicySpec policy;
    policy.name = from.name;
    policy.pattern = from.pattern;
    policy.priority = static_cast<std::int32_t>(from.priority);
    policy.isOperator = from.isOperator;
    readApplyTo(from, policy, problems);
    ArgumentReader reader(from.definition, from.where + "/definition", nullptr, problems);
    visitArguments(policy, reader);
    policy.otherKeys = reader.rest();
    for (const BrokerArgument& setting : policy.otherKeys) {
        if (setting.key.starts_with("federation-upstream")) {
            continue; // see importFederation()
        }
        leftOut.add(fmt::format("{} of a policy", setting.key), "not simulated", from.name);
    }
    return policy;
}

} // namespace sim
