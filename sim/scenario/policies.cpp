#include "sim/scenario/policies.h"

#include "sim/scenario/broker_name.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <memory>
#include <span>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace sim {
namespace {

/// A regular expression, compiled once.
class Pattern {
public:
    explicit Pattern(const std::string& text)
        : m_code(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0, &m_error,
                               &m_place, nullptr),
                 pcre2_code_free) {}

    std::string problem() const {
        if (m_code != nullptr) {
            return {};
        }
        std::array<PCRE2_UCHAR, 256> what{};
        pcre2_get_error_message(m_error, what.data(), what.size());
        return fmt::format("{} at character {}", reinterpret_cast<const char*>(what.data()),
                           m_place + 1);
    }

    /// Whether it is found anywhere in the name. One that takes too long to tell is not.
    bool isIn(const std::string& name) const {
        if (m_code == nullptr) {
            return false;
        }
        const std::unique_ptr<pcre2_match_data, decltype(&pcre2_match_data_free)> data(
            pcre2_match_data_create_from_pattern(m_code.get(), nullptr), pcre2_match_data_free);
        const std::unique_ptr<pcre2_match_context, decltype(&pcre2_match_context_free)> context(
            pcre2_match_context_create(nullptr), pcre2_match_context_free);
        constexpr std::uint32_t stepsMax = 100'000;
        pcre2_set_match_limit(context.get(), stepsMax);
        return pcre2_match(m_code.get(), reinterpret_cast<PCRE2_SPTR>(name.data()), name.size(), 0,
                           0, data.get(), context.get()) >= 0;
    }

private:
    int m_error = 0;
    PCRE2_SIZE m_place = 0;
    std::unique_ptr<pcre2_code, decltype(&pcre2_code_free)> m_code;
};

/// Keys that a classic queue does not know.
/// Source:
/// https://github.com/rabbitmq/rabbitmq-server/blob/main/deps/rabbit/src/rabbit_classic_queue.erl
constexpr std::array<std::string_view, 9> unknownToClassic{"delivery-limit",
                                                           "dead-letter-strategy",
                                                           "max-age",
                                                           "stream-max-segment-size-bytes",
                                                           "stream-filter-size-bytes",
                                                           "initial-cluster-size",
                                                           "target-group-size",
                                                           "max-in-memory-length",
                                                           "max-in-memory-bytes"};

/// Keys that a quorum queue does not know.
/// Source:
/// https://github.com/rabbitmq/rabbitmq-server/blob/main/deps/rabbit/src/rabbit_quorum_queue.erl
constexpr std::array<std::string_view, 12> unknownToQuorum{"max-priority",
                                                           "queue-mode",
                                                           "queue-master-locator",
                                                           "ha-mode",
                                                           "ha-params",
                                                           "ha-sync-mode",
                                                           "ha-promote-on-shutdown",
                                                           "ha-promote-on-failure",
                                                           "max-age",
                                                           "stream-max-segment-size-bytes",
                                                           "stream-filter-size-bytes",
                                                           "initial-cluster-size"};

/// Keys that a stream does not know.
/// Source:
/// https://github.com/rabbitmq/rabbitmq-server/blob/main/deps/rabbit/src/rabbit_stream_queue.erl
constexpr std::array<std::string_view, 16> unknownToStream{"expires",
                                                           "message-ttl",
                                                           "dead-letter-exchange",
                                                           "dead-letter-routing-key",
                                                           "dead-letter-strategy",
                                                           "max-length",
                                                           "max-in-memory-length",
                                                           "max-in-memory-bytes",
                                                           "max-priority",
                                                           "overflow",
                                                           "queue-mode",
                                                           "delivery-limit",
                                                           "ha-mode",
                                                           "ha-params",
                                                           "ha-sync-mode",
                                                           "target-group-size"};

bool isFor(ApplyTo applyTo, const QueueSpec* queue) {
    switch (applyTo) {
    case ApplyTo::All:
        return true;
    case ApplyTo::Exchanges:
        return queue == nullptr;
    case ApplyTo::Queues:
        return queue != nullptr;
    case ApplyTo::ClassicQueues:
        return queue != nullptr && queue->type == QueueType::Classic;
    case ApplyTo::QuorumQueues:
        return queue != nullptr && queue->type == QueueType::Quorum;
    case ApplyTo::Streams:
        return queue != nullptr && queue->type == QueueType::Stream;
    }
    return false;
}

bool isOfBroker(const ComponentEntry& entry) {
    return std::holds_alternative<QueueSpec>(entry.spec) ||
           std::holds_alternative<ExchangeSpec>(entry.spec);
}

std::span<const std::string_view> unknownTo(QueueType type) {
    switch (type) {
    case QueueType::Classic:
        return unknownToClassic;
    case QueueType::Quorum:
        return unknownToQuorum;
    case QueueType::Stream:
        return unknownToStream;
    }
    return {};
}

/// The keys of a policy's definition, as the broker calls them.
std::vector<std::string> keysOf(const PolicySpec& policy) {
    std::vector<std::string> keys;
    for (const JsonMember& other : policy.otherKeys) {
        keys.push_back(other.key);
    }
    const auto add = [&](bool isSet, const char* key) {
        if (isSet) {
            keys.emplace_back(key);
        }
    };
    add(policy.expires.has_value(), "expires");
    add(policy.messageTtl.has_value(), "message-ttl");
    add(policy.maxLength.has_value(), "max-length");
    add(policy.overflow.has_value(), "overflow");
    add(policy.deadLetterExchange.has_value(), "dead-letter-exchange");
    add(policy.deadLetterRoutingKey.has_value(), "dead-letter-routing-key");
    add(policy.deliveryLimit.has_value(), "delivery-limit");
    add(policy.deadLetterStrategy.has_value(), "dead-letter-strategy");
    add(policy.maxAge.has_value(), "max-age");
    return keys;
}

/// A key of the policy that a queue of this type does not know; empty where it knows all.
std::string unknownKey(const PolicySpec& policy, QueueType type) {
    const std::vector<std::string> keys = keysOf(policy);
    const auto found = std::ranges::find_first_of(keys, unknownTo(type));
    return found == keys.end() ? std::string{} : *found;
}

const std::string& brokerOf(const ComponentEntry& entry) {
    const auto* queue = std::get_if<QueueSpec>(&entry.spec);
    return queue != nullptr ? queue->broker : std::get<ExchangeSpec>(entry.spec).broker;
}

template <typename T> void takeSmaller(std::optional<T>& value, const std::optional<T>& other) {
    if (other) {
        value = value ? std::min(*value, *other) : *other;
    }
}
/// Of two delivery limits the smaller, but none (a negative one) before any.
void takeLimit(std::optional<std::int32_t>& value, const std::optional<std::int32_t>& other) {
    const bool unlimited = value.value_or(0) < 0 || other.value_or(0) < 0;
    if (value && other) {
        value = unlimited ? std::max(*value, *other) : std::min(*value, *other);
    } else if (other) {
        value = other;
    }
}
template <typename T> void takeIfAbsent(std::optional<T>& value, const std::optional<T>& other) {
    if (!value) {
        value = other;
    }
}

/// The policies that apply to a scenario's exchanges and queues, and what they do.
class Merger {
public:
    explicit Merger(const Scenario& scenario) : m_policies(scenario) {
        for (const ComponentEntry& entry : scenario.components) {
            if (std::holds_alternative<ExchangeSpec>(entry.spec)) {
                m_exchanges[nameInBroker(entry)].push_back(&entry);
            }
        }
    }

    void merge(ComponentEntry& entry) const {
        const Applied applied = m_policies.appliedTo(entry);
        // A quorum queue's own overflow counts after those of policies, a classic one's before.
        auto* quorum = std::get_if<QueueSpec>(&entry.spec);
        quorum = quorum != nullptr && quorum->type == QueueType::Quorum ? quorum : nullptr;
        std::optional<Overflow> declared;
        if (quorum != nullptr) {
            std::swap(declared, quorum->overflow);
        }
        // The operator's first, since its overflow counts before the user's.
        for (const auto& policy : {applied.operators, applied.users}) {
            if (!policy) {
                continue;
            }
            if (auto* queue = std::get_if<QueueSpec>(&entry.spec)) {
                mergeInto(*queue, m_policies.around(entry)[*policy], entry);
            } else if (auto* exchange = std::get_if<ExchangeSpec>(&entry.spec)) {
                mergeInto(*exchange, m_policies.around(entry)[*policy], entry);
            }
        }
        if (quorum != nullptr) {
            takeIfAbsent(quorum->overflow, declared);
        }
    }

private:
    void mergeInto(QueueSpec& queue, const PolicySpec& policy, const ComponentEntry& entry) const {
        takeSmaller(queue.expires, policy.expires);
        takeSmaller(queue.messageTtl, policy.messageTtl);
        takeSmaller(queue.maxLength, policy.maxLength);
        takeSmaller(queue.maxLengthBytes, policy.maxLengthBytes);
        queue.maxAge = policy.maxAge ? policy.maxAge : queue.maxAge;
        takeLimit(queue.deliveryLimit, policy.deliveryLimit);
        takeIfAbsent(queue.deadLetterStrategy, policy.deadLetterStrategy);
        takeIfAbsent(queue.overflow, policy.overflow);
        if (!queue.deadLetterExchange && policy.deadLetterExchange) {
            queue.deadLetterExchange = exchangeNamed(*policy.deadLetterExchange, entry);
        }
        takeIfAbsent(queue.deadLetterRoutingKey, policy.deadLetterRoutingKey);
    }

    void mergeInto(ExchangeSpec& exchange, const PolicySpec& policy,
                   const ComponentEntry& entry) const {
        if (exchange.alternateExchange.empty() && policy.alternateExchange) {
            exchange.alternateExchange =
                exchangeNamed(*policy.alternateExchange, entry).value_or("");
        }
    }

    /// The id of the exchange of this name on the same broker; "" for the default exchange.
    std::optional<std::string> exchangeNamed(const std::string& name,
                                             const ComponentEntry& entry) const {
        if (name.empty()) {
            return "";
        }
        const auto found = m_exchanges.find(name);
        if (found == m_exchanges.end()) {
            return std::nullopt;
        }
        for (const ComponentEntry* other : found->second) {
            if (areSameBroker(brokerOf(*other), brokerOf(entry))) {
                return other->id;
            }
        }
        return std::nullopt;
    }

    Policies m_policies;
    std::map<std::string, std::vector<const ComponentEntry*>> m_exchanges; ///< by name
};

/// Of the policies for a component, the first to be looked at first.
Applied choose(const std::vector<PolicySpec>& policies, const std::vector<std::size_t>& order,
               const QueueSpec* queue) {
    Applied applied;
    for (const std::size_t i : order) {
        const std::string key =
            queue != nullptr ? unknownKey(policies[i], queue->type) : std::string{};
        std::optional<std::size_t>& place =
            policies[i].isOperator ? applied.operators : applied.users;
        if (!key.empty()) {
            applied.skipped.push_back({i, key});
        } else if (!place) {
            place = i;
        } else {
            applied.others.push_back(i);
            if (policies[i].priority == policies[*place].priority) {
                applied.ties.push_back(i);
            }
        }
    }
    return applied;
}

/// A policy takes the place of the one of its name; users' and operators' have names of their own.
void change(std::vector<PolicySpec>& policies, const PolicyChangeFault& change) {
    std::erase_if(policies, [&](const PolicySpec& policy) {
        return std::ranges::find(change.clear, policy.name) != change.clear.end();
    });
    for (const PolicySpec& policy : change.set) {
        const auto known = std::ranges::find_if(policies, [&](const PolicySpec& other) {
            return other.name == policy.name && other.isOperator == policy.isOperator;
        });
        if (known != policies.end()) {
            *known = policy;
        } else {
            policies.push_back(policy);
        }
    }
}

bool hasPolicies(const ComponentEntry& entry) {
    const auto* broker = std::get_if<BrokerSpec>(&entry.spec);
    return broker != nullptr && !broker->policies.empty();
}

} // namespace

std::string patternProblem(const std::string& pattern) { return Pattern(pattern).problem(); }

bool isFound(const std::string& pattern, const std::string& name) {
    return Pattern(pattern).isIn(name);
}

Policies::Policies(const Scenario& scenario) : m_scenario(scenario) {
    for (std::size_t i = 0; i < scenario.components.size(); ++i) {
        const auto* spec = std::get_if<BrokerSpec>(&scenario.components[i].spec);
        if (spec == nullptr) {
            continue;
        }
        Broker broker{.component = i, .policies = &spec->policies, .matches = {}};
        for (const PolicySpec& policy : spec->policies) {
            const auto pattern = std::make_shared<const Pattern>(policy.pattern);
            broker.matches.emplace_back(
                [pattern](const std::string& name) { return pattern->isIn(name); });
        }
        m_brokers.push_back(std::move(broker));
    }
}

const Policies::Broker* Policies::find(const ComponentEntry& entry) const {
    const auto found = std::ranges::find_if(m_brokers, [&](const Broker& broker) {
        return isOfBroker(entry) &&
               areSameBroker(sim::brokerOf(entry), m_scenario.components[broker.component].id);
    });
    return found == m_brokers.end() ? nullptr : &*found;
}

std::optional<std::size_t> Policies::brokerOf(const ComponentEntry& entry) const {
    const Broker* broker = find(entry);
    return broker == nullptr ? std::nullopt : std::optional(broker->component);
}

const std::vector<PolicySpec>& Policies::around(const ComponentEntry& entry) const {
    SIM_CHECK(find(entry) != nullptr);
    return *find(entry)->policies;
}

Applied Policies::appliedTo(const ComponentEntry& entry) const {
    const Broker* broker = find(entry);
    if (broker == nullptr) {
        return {};
    }
    const std::vector<PolicySpec>& policies = *broker->policies;
    const auto* queue = std::get_if<QueueSpec>(&entry.spec);
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < policies.size(); ++i) {
        if (isFor(policies[i].applyTo, queue) && broker->matches[i](nameInBroker(entry))) {
            order.push_back(i);
        }
    }
    std::ranges::stable_sort(order, std::greater{},
                             [&](std::size_t i) { return policies[i].priority; });
    return choose(policies, order, queue);
}

Scenario withPolicies(const Scenario& scenario) {
    Scenario merged = scenario;
    if (std::ranges::none_of(scenario.components, hasPolicies)) {
        return merged;
    }
    const Merger merger(scenario);
    for (ComponentEntry& entry : merged.components) {
        merger.merge(entry);
    }
    for (ComponentEntry& entry : merged.components) {
        if (auto* broker = std::get_if<BrokerSpec>(&entry.spec)) {
            broker->policies.clear();
        }
    }
    return merged;
}

Scenario withPolicyChanges(Scenario scenario, const std::vector<PolicyChangeFault>& changes) {
    const bool named = std::ranges::any_of(scenario.components, [](const ComponentEntry& entry) {
        return std::holds_alternative<BrokerSpec>(entry.spec);
    });
    if (!named && !changes.empty()) {
        scenario.components.push_back({.id = {}, .spec = BrokerSpec{}, .position = {}});
    }
    for (ComponentEntry& entry : scenario.components) {
        auto* broker = std::get_if<BrokerSpec>(&entry.spec);
        for (std::size_t i = 0; broker != nullptr && i < changes.size(); ++i) {
            if (areSameBroker(changes[i].target, entry.id)) {
                change(broker->policies, changes[i]);
            }
        }
    }
    return scenario;
}

} // namespace sim
