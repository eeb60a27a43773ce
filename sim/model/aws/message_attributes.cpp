#include "sim/model/aws/message_attributes.h"

namespace sim {
namespace {

SnsAttribute attributeOf(const std::string& name, const TableValue& value) {
    const bool isNumber =
        std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value);
    return {.name = name,
            .type = isNumber ? SnsAttribute::Type::Number : SnsAttribute::Type::String,
            .value = valueText(value)};
}

} // namespace

SnsMessage asSnsMessage(const HeaderSet& headers, const std::string& key, const std::string& body) {
    SnsMessage message{.body = body.empty() ? "{}" : body, .attributes = {}};
    for (const auto& [name, value] : headers.table) {
        if (!std::holds_alternative<std::monostate>(value)) {
            message.attributes.push_back(attributeOf(name, value));
        }
    }
    if (!headers.keyHeader.empty()) {
        message.attributes.push_back({.name = headers.keyHeader, .value = key});
    }
    return message;
}

void foreseePasses(SubscriptionPlan& subscription, const Plan& plan) {
    if (!subscription.filter) {
        return;
    }
    const auto passes = [&](const HeaderSet& headers, const std::string& body) {
        return subscription.filter->matches(asSnsMessage(headers, "", body)) ? Passes::Yes
                                                                             : Passes::No;
    };
    if (subscription.filter->scope() == FilterPolicyScope::MessageBody) {
        for (const std::string& body : plan.aws.bodies) {
            subscription.passes.push_back(passes({}, body));
        }
        return;
    }
    for (const HeaderSet& headers : plan.headers) {
        subscription.passes.push_back(headers.keyHeader.empty() ? passes(headers, "")
                                                                : Passes::ByMessage);
    }
}

} // namespace sim
