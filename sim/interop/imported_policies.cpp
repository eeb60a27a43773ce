#include "sim/interop/imported_policies.h"

#include "sim/interop/argument_reader.h"
#include "sim/scenario/describe_rabbitmq.h"

#include <fmt/format.h>

namespace sim {
namespace {

/// Reads the policies of one file.
class PolicyImporter {
public:
    PolicyImporter(LeftOutList& leftOut, Problems& problems)
        : m_leftOut(leftOut)
        , m_problems(problems) {}

    PolicySpec read(const DefinitionsFile::Policy& from) {
        PolicySpec policy;
        policy.name = from.name;
        policy.pattern = from.pattern;
        policy.priority = static_cast<std::int32_t>(from.priority);
        policy.isOperator = from.isOperator;
        readApplyTo(from, policy);
        for (const BrokerArgument& setting : from.definition) {
            if (!readNumber(setting, from.where, policy) &&
                !readText(setting, from.where, policy)) {
                policy.otherKeys.push_back(setting.name);
                m_leftOut.add(fmt::format("{} of a policy", setting.name), "not simulated",
                              from.name);
            }
        }
        return policy;
    }

private:
    void readApplyTo(const DefinitionsFile::Policy& from, PolicySpec& policy) {
        const auto applyTo = choiceNamed<ApplyTo>(from.applyTo);
        if (!applyTo) {
            m_problems.push_back(
                {from.where + "/apply-to",
                 fmt::format("is \"{}\"; it can be all, exchanges, queues, classic_queues, "
                             "quorum_queues or streams",
                             from.applyTo)});
            return;
        }
        policy.applyTo = *applyTo;
        if (*applyTo == ApplyTo::QuorumQueues || *applyTo == ApplyTo::Streams) {
            m_leftOut.add(fmt::format("policy for {}", choiceName(*applyTo)),
                          "the simulation has classic queues: it applies to nothing", from.name);
        }
    }

    bool readNumber(const BrokerArgument& setting, const std::string& where, PolicySpec& policy) {
        constexpr auto any = static_cast<std::uint64_t>(INT64_MAX);
        if (setting.name == "message-ttl") {
            if (const auto ms = m_settings.numberOf(setting, where, millisecondsMax)) {
                policy.messageTtl = std::chrono::milliseconds{*ms};
            }
        } else if (setting.name == "expires") {
            if (const auto ms = m_settings.numberOf(setting, where, millisecondsMax)) {
                policy.expires = std::chrono::milliseconds{*ms};
            }
        } else if (setting.name == "max-length") {
            policy.maxLength = m_settings.numberOf(setting, where, any);
        } else if (setting.name == "max-length-bytes") {
            policy.maxLengthBytes = m_settings.numberOf(setting, where, any);
        } else {
            return false;
        }
        return true;
    }

    bool readText(const BrokerArgument& setting, const std::string& where, PolicySpec& policy) {
        if (setting.name == "overflow") {
            policy.overflow = importOverflow(setting, where, m_settings);
        } else if (setting.name == "dead-letter-exchange") {
            policy.deadLetterExchange = m_settings.textOf(setting, where);
        } else if (setting.name == "dead-letter-routing-key") {
            policy.deadLetterRoutingKey = m_settings.textOf(setting, where);
        } else if (setting.name == "alternate-exchange") {
            policy.alternateExchange = m_settings.textOf(setting, where);
        } else {
            return false;
        }
        return true;
    }

    LeftOutList& m_leftOut;
    Problems& m_problems;
    ArgumentReader m_settings{m_problems, "definition"};
};

} // namespace

std::optional<Overflow> importOverflow(const BrokerArgument& argument, const std::string& where,
                                       ArgumentReader& arguments) {
    const std::optional<std::string> name = arguments.textOf(argument, where);
    const auto overflow = name ? choiceNamed<Overflow>(*name) : std::nullopt;
    if (name && !overflow) {
        arguments.wrong(
            where, argument,
            fmt::format("is \"{}\"; it can be drop-head, reject-publish or reject-publish-dlx",
                        *name));
    }
    return overflow;
}

std::vector<PolicySpec> importPolicies(const DefinitionsFile& file, std::string_view vhost,
                                       LeftOutList& leftOut, Problems& problems) {
    std::vector<PolicySpec> policies;
    PolicyImporter importer(leftOut, problems);
    for (const DefinitionsFile::Policy& policy : file.policies) {
        if (policy.vhost == vhost) {
            policies.push_back(importer.read(policy));
        }
    }
    return policies;
}

} // namespace sim
