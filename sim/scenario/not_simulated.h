#pragma once

#include <array>
#include <string_view>

/// What real brokers have and Millrace does not simulate yet: said plainly, instead of "unknown".
namespace sim {

struct NotSimulated {
    std::string_view name; ///< a key, a kind or an exchange type as somebody would write it
    std::string_view what;
};

inline constexpr std::array keysNotSimulated{
    NotSimulated{"policy", "a policy here; `policies` of the broker component has them"},
    NotSimulated{"operator_policy",
                 "an operator policy here; `policies` of the broker component has them"},
    NotSimulated{"vhost", "virtual hosts; use a broker for each"},
    NotSimulated{"memory_limit", "alarms by their cause; the fault `alarm` raises one"},
};

inline constexpr std::array kindsNotSimulated{
    NotSimulated{"rabbitmq.policy", "a policy as a component; `policies` of the broker has them"},
    NotSimulated{"rabbitmq.cluster",
                 "a component of that kind (a broker with `nodes` is a cluster)"},
    NotSimulated{"rabbitmq.shovel",
                 "a component of that kind (a consumer with `forward` is a shovel)"},
    NotSimulated{"rabbitmq.federation",
                 "a component of that kind (a consumer with `forward` and `max_hops` is a link)"},
};

inline constexpr std::array exchangeTypesNotSimulated{
    NotSimulated{"x-recent-history", "the recent-history exchange"},
    NotSimulated{"x-jms-topic", "the JMS topic exchange"},
};

/// What is not simulated under that name, or "".
template <typename List>
constexpr std::string_view notSimulated(const List& list, std::string_view name) {
    for (const NotSimulated& entry : list) {
        if (entry.name == name) {
            return entry.what;
        }
    }
    return "";
}

} // namespace sim
