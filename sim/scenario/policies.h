#pragma once

#include "sim/base/result.h"
#include "sim/scenario/scenario.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

/// What is wrong with a policy's pattern, with the place in it; empty where nothing is. Patterns
/// are Perl's, as the broker's are (it uses PCRE, and so does this).
std::string patternProblem(const std::string& pattern);

/// Whether the pattern, which has no problem, is found anywhere in the name.
bool isFound(const std::string& pattern, const std::string& name);

/// Which policies apply to one exchange or queue. Positions among the policies of its broker.
///
/// Of the policies that are for its kind and whose pattern is found in its name, one of users and
/// one of operators applies: that of the highest priority, and of several the first. A policy with
/// a key that its type does not know is skipped as a whole, and the next one is looked at.
/// Source: https://www.rabbitmq.com/docs/policies,
/// https://github.com/rabbitmq/rabbitmq-server/blob/main/deps/rabbit/src/rabbit_queue_type.erl
struct Applied {
    struct Skip {
        std::size_t policy = 0;
        std::string key; ///< that the type does not know
    };
    std::optional<std::size_t> users;
    std::optional<std::size_t> operators;
    std::vector<std::size_t> others; ///< that are for it too, with a lower priority or later
    std::vector<std::size_t> ties; ///< of these, those of the same priority as the one that applies
    std::vector<Skip> skipped;
};

/// The policies of a scenario's brokers; the scenario outlives them. Each pattern is compiled once.
class Policies {
public:
    explicit Policies(const Scenario& scenario);

    /// The position among the components of the broker that the exchange or queue is in; absent
    /// where none is, and for what is neither.
    std::optional<std::size_t> brokerOf(const ComponentEntry& entry) const;
    /// Those that apply to the exchange or queue; none to what is neither.
    Applied appliedTo(const ComponentEntry& entry) const;
    /// The policies of the broker that the entry is in. Requires one.
    const std::vector<PolicySpec>& around(const ComponentEntry& entry) const;

private:
    struct Broker {
        std::size_t component = 0;
        const std::vector<PolicySpec>* policies = nullptr;
        std::vector<std::function<bool(const std::string& name)>> matches; ///< by policy
    };
    const Broker* find(const ComponentEntry& entry) const;

    const Scenario& m_scenario;
    std::vector<Broker> m_brokers;
};

/// The scenario with every exchange and queue as its broker treats it: what it was declared with,
/// merged with the policies that apply to it. The policies are gone from it.
///
/// Of times to live, lengths and delivery limits the smallest counts, wherever it is from; but no
/// delivery limit counts before one. An operator's overflow counts before a user's; what a classic
/// queue was declared with before both, what a quorum queue was declared with after both. A queue's
/// own dead-letter exchange, key and strategy and an exchange's alternate one count before those of
/// a policy. A policy's exchange that the broker does not have is as good as none: what would go
/// there is dropped.
/// Source: https://www.rabbitmq.com/docs/policies,
/// https://github.com/rabbitmq/rabbitmq-server/blob/main/deps/rabbit/src/rabbit_amqqueue_process.erl
Scenario withPolicies(const Scenario& scenario);

/// The scenario with the policies that its brokers have once these changes were made, in their
/// order. Where it names no broker and there are changes, one stands at the end.
Scenario withPolicyChanges(Scenario scenario, const std::vector<PolicyChangeFault>& changes);

} // namespace sim
