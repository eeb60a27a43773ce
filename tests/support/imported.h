#pragma once

#include "sim/interop/rabbitmq_definitions.h"
#include "tests/support/problems_of.h"

#include <QtGlobal>
#include <string>

namespace sim {

/// What a definitions file becomes. Ends the test where it is refused.
inline Imported imported(const std::string& json, const ImportOptions& options = {}) {
    auto result = importRabbitmq(json, options);
    if (!result) {
        qFatal("%s", problemsOf(result.error()).c_str());
    }
    return std::move(*result);
}

/// The links of a component: "events>handled order.#, handled>billing".
inline std::string linksOf(const Scenario& scenario, const std::string& id) {
    std::string text;
    for (const LinkSpec& link : scenario.links) {
        std::visit(
            [&](const auto& each) {
                if (each.from == id || each.to == id) {
                    text += (text.empty() ? "" : ", ") + each.from + ">" + each.to;
                }
            },
            link);
        const auto* binding = std::get_if<BindingLink>(&link);
        if (binding != nullptr && (binding->from == id || binding->to == id)) {
            text += " " + binding->routingKey;
        }
    }
    return text;
}

} // namespace sim
