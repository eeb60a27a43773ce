#include "sim/scenario/policies.h"
#include "sim/scenario/validation.h"

#include <algorithm>

namespace sim {
namespace {

/// An operator policy may only set limits.
void validateOperatorPolicy(const Validation& all, const PolicySpec& policy,
                            const std::string& pointer) {
    const auto refuse = [&](bool isSet, const char* field) {
        if (isSet) {
            all.add(pointer + field, "a broker refuses it in an operator policy");
        }
    };
    refuse(policy.deadLetterExchange.has_value(), "/dead_letter_exchange");
    refuse(policy.deadLetterRoutingKey.has_value(), "/dead_letter_routing_key");
    refuse(policy.alternateExchange.has_value(), "/alternate_exchange");
}

/// Whether the broker has a policy of this name, at first or by some change.
bool isKnown(const Validation& all, const std::string& target, const std::string& name) {
    const auto has = [&](const std::vector<PolicySpec>& policies) {
        return std::ranges::find(policies, name, &PolicySpec::name) != policies.end();
    };
    const BrokerSpec broker = all.brokerNamed(target);
    return has(broker.policies) ||
           std::ranges::any_of(all.scenario().faults, [&](const FaultSpec& fault) {
               const auto* change = std::get_if<PolicyChangeFault>(&fault.what);
               return change != nullptr && has(change->set);
           });
}

} // namespace

void validatePolicies(const Validation& all, const std::vector<PolicySpec>& policies,
                      const std::string& pointer) {
    std::map<std::pair<bool, std::string>, std::string> first;
    for (std::size_t i = 0; i < policies.size(); ++i) {
        const PolicySpec& policy = policies[i];
        const std::string at = fmt::format("{}/{}", pointer, i);
        if (const std::string problem = patternProblem(policy.pattern); !problem.empty()) {
            all.add(at + "/pattern",
                    fmt::format("\"{}\" is no regular expression: {}", policy.pattern, problem));
        }
        const auto [known, isNew] = first.emplace(std::pair(policy.isOperator, policy.name), at);
        if (!isNew) {
            all.add(at + "/name",
                    fmt::format("\"{}\" is already the name of {}", policy.name, known->second));
        }
        if (policy.isOperator) {
            validateOperatorPolicy(all, policy, at);
        }
    }
}

void validatePolicyChange(const Validation& all, const PolicyChangeFault& change,
                          const std::string& pointer) {
    if (change.set.empty() && change.clear.empty()) {
        all.add(pointer + "/set", "is empty, and so is clear: nothing would change");
    }
    validatePolicies(all, change.set, pointer + "/set");
    for (std::size_t i = 0; i < change.clear.size(); ++i) {
        if (!isKnown(all, change.target, change.clear[i])) {
            all.add(fmt::format("{}/clear/{}", pointer, i),
                    fmt::format("there is no policy \"{}\" to clear", change.clear[i]));
        }
    }
}

} // namespace sim
