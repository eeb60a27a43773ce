#include "sim/interop/imported_traffic.h"

#include "sim/base/routing_words.h"
#include "sim/scenario/broker_name.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <fmt/format.h>
#include <map>
#include <vector>

namespace sim {
namespace {

/// More event types than this tell nobody anything, and each is drawn for every message.
constexpr std::size_t typesMax = 1000;

bool isWildcard(const std::string& word) { return word == "*" || word == "#"; }

/// Dead letters go by these names in the frameworks that people use.
bool namedForDeadLetters(std::string name) {
    std::ranges::transform(name, name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    constexpr std::array<std::string_view, 8> parts{"dead",    "dlq",    "dlx",      "poison",
                                                    "parking", "_error", "_skipped", "unroutable"};
    return std::ranges::any_of(
        parts, [&name](std::string_view part) { return name.find(part) != std::string::npos; });
}

/// The topology as a graph of ids, and what can be told from it.
class Topology {
public:
    explicit Topology(const Scenario& scenario);

    const std::vector<std::string>& exchanges() const { return m_exchanges; }
    const std::vector<std::string>& queues() const { return m_queues; }
    const ExchangeSpec& exchange(const std::string& id) const { return *m_exchange.at(id); }
    const std::vector<const BindingLink*>& bindingsOf(const std::string& exchange) const;
    bool isExchange(const std::string& id) const { return m_exchange.contains(id); }

    /// Messages only wait in it, to go on when their time is over.
    bool isRetryQueue(const std::string& queue) const { return m_retryQueues.contains(queue); }
    bool isEntry(const std::string& id) const;
    bool hasSource(const std::string& queue) const { return m_fed.contains(queue); }
    /// Everything that messages from `from` come to, other than by being dead letters of a queue
    /// that is no retry queue.
    std::set<std::string> reachedFrom(const std::set<std::string>& from) const;
    /// Where what the queue dead-letters goes first; may be empty.
    const std::vector<std::string>& deadLettersOf(const std::string& queue) const;

private:
    void readDeadLetters(const std::string& id, const QueueSpec& queue);
    bool leadsOnlyToDeadLetters(const std::string& queue) const;
    bool feedsOnlyRetryQueues(const std::string& exchange) const;

    std::vector<std::string> m_exchanges;
    std::vector<std::string> m_queues;
    std::map<std::string, const ExchangeSpec*> m_exchange;
    std::map<std::string, std::string> m_queueCalled; ///< id by name in the broker
    std::map<std::string, std::vector<const BindingLink*>> m_bindings;
    std::map<std::string, std::vector<std::string>> m_deadLetters;
    std::set<std::string> m_retryQueues;
    std::set<std::string> m_fed; ///< a binding, alternate exchange or dead-lettering leads there
    std::set<std::string> m_fedForGood; ///< likewise, dead letters of retry queues not counted
};

Topology::Topology(const Scenario& scenario) {
    for (const ComponentEntry& entry : scenario.components) {
        if (const auto* exchange = std::get_if<ExchangeSpec>(&entry.spec)) {
            m_exchanges.push_back(entry.id);
            m_exchange.emplace(entry.id, exchange);
            m_fed.insert(exchange->alternateExchange);
            m_fedForGood.insert(exchange->alternateExchange);
        } else if (std::holds_alternative<QueueSpec>(entry.spec)) {
            m_queues.push_back(entry.id);
            m_queueCalled.emplace(nameInBroker(entry), entry.id);
        }
    }
    for (const ComponentEntry& entry : scenario.components) {
        if (const auto* queue = std::get_if<QueueSpec>(&entry.spec)) {
            readDeadLetters(entry.id, *queue);
        }
    }
    for (const LinkSpec& link : scenario.links) {
        if (const auto* binding = std::get_if<BindingLink>(&link)) {
            m_bindings[binding->from].push_back(binding);
            m_fed.insert(binding->to);
            m_fedForGood.insert(binding->to);
        }
    }
    for (const ComponentEntry& entry : scenario.components) {
        const auto* queue = std::get_if<QueueSpec>(&entry.spec);
        if (queue != nullptr && queue->messageTtl && queue->deadLetterExchange &&
            !leadsOnlyToDeadLetters(entry.id)) {
            m_retryQueues.insert(entry.id);
        }
    }
    for (const auto& [queue, targets] : m_deadLetters) {
        m_fed.insert(targets.begin(), targets.end());
        if (!isRetryQueue(queue)) {
            m_fedForGood.insert(targets.begin(), targets.end());
        }
    }
}

void Topology::readDeadLetters(const std::string& id, const QueueSpec& queue) {
    if (!queue.deadLetterExchange) {
        return;
    }
    if (!queue.deadLetterExchange->empty()) {
        m_deadLetters[id].push_back(*queue.deadLetterExchange);
        return;
    }
    const auto target = m_queueCalled.find(queue.deadLetterRoutingKey.value_or(""));
    if (target != m_queueCalled.end()) {
        m_deadLetters[id].push_back(target->second);
    }
}

const std::vector<const BindingLink*>& Topology::bindingsOf(const std::string& exchange) const {
    static const std::vector<const BindingLink*> none;
    const auto found = m_bindings.find(exchange);
    return found == m_bindings.end() ? none : found->second;
}

const std::vector<std::string>& Topology::deadLettersOf(const std::string& queue) const {
    static const std::vector<std::string> none;
    const auto found = m_deadLetters.find(queue);
    return found == m_deadLetters.end() ? none : found->second;
}

/// A queue whose messages expire to where dead letters are kept is worked on, not waited in.
bool Topology::leadsOnlyToDeadLetters(const std::string& queue) const {
    for (const std::string& target : deadLettersOf(queue)) {
        const auto& bindings = bindingsOf(target);
        const bool all = std::ranges::all_of(
            bindings, [](const BindingLink* binding) { return namedForDeadLetters(binding->to); });
        if (!namedForDeadLetters(target) && (bindings.empty() || !all)) {
            return false;
        }
    }
    return !deadLettersOf(queue).empty();
}

bool Topology::feedsOnlyRetryQueues(const std::string& exchange) const {
    const auto& bindings = bindingsOf(exchange);
    return !bindings.empty() && std::ranges::all_of(bindings, [this](const BindingLink* binding) {
        return isRetryQueue(binding->to);
    });
}

bool Topology::isEntry(const std::string& id) const {
    const bool leadsOn = !bindingsOf(id).empty() || !exchange(id).alternateExchange.empty();
    return leadsOn && !exchange(id).internal && !m_fedForGood.contains(id) &&
           !feedsOnlyRetryQueues(id) && !namedForDeadLetters(id);
}

std::set<std::string> Topology::reachedFrom(const std::set<std::string>& from) const {
    std::set<std::string> reached = from;
    std::vector<std::string> todo{from.begin(), from.end()};
    const auto visit = [&](const std::string& id) {
        if (!id.empty() && reached.insert(id).second) {
            todo.push_back(id);
        }
    };
    while (!todo.empty()) {
        const std::string id = todo.back();
        todo.pop_back();
        for (const BindingLink* binding : bindingsOf(id)) {
            visit(binding->to);
        }
        if (isExchange(id)) {
            visit(exchange(id).alternateExchange);
        } else if (isRetryQueue(id)) {
            std::ranges::for_each(deadLettersOf(id), visit);
        }
    }
    return reached;
}

/// Turns binding keys into keys that a producer could send.
class KeyMaker {
public:
    explicit KeyMaker(const Topology& topology) : m_topology(topology) {}

    /// Every routing key with which a message finds its way from the exchange, in the order of the
    /// bindings, each once; empty where any key does.
    const std::vector<std::string>& keysFrom(const std::string& exchange) {
        const auto [keys, isNew] = m_keys.try_emplace(exchange);
        if (!isNew || m_depth == depthMax) {
            return keys->second; // still empty where exchanges form a ring
        }
        ++m_depth;
        std::set<std::string> known;
        for (const BindingLink* binding : m_topology.bindingsOf(exchange)) {
            for (std::string& key : keysOf(exchange, *binding)) {
                if (keys->second.size() < typesMax && known.insert(key).second) {
                    keys->second.push_back(std::move(key));
                }
            }
        }
        --m_depth;
        return keys->second;
    }

private:
    static constexpr int depthMax = 50; ///< of exchanges bound to exchanges

    std::vector<std::string> keysOf(const std::string& exchange, const BindingLink& binding) {
        const ExchangeType type = m_topology.exchange(exchange).type;
        const bool byKey = type == ExchangeType::Topic || type == ExchangeType::Direct;
        const std::string& pattern = binding.routingKey;
        std::vector<std::string> beyond;
        if (m_topology.isExchange(binding.to)) {
            beyond = keysFrom(binding.to);
        }
        if (!byKey) {
            return beyond;
        }
        std::erase_if(beyond, [&](const std::string& key) { return !passes(type, pattern, key); });
        if (!beyond.empty()) {
            return beyond;
        }
        if (type == ExchangeType::Topic && pattern == "#" && hasOtherKeys(exchange)) {
            return {}; // what the others bring matches too
        }
        return {type == ExchangeType::Topic ? withoutWildcards(exchange, pattern) : pattern};
    }

    static bool passes(ExchangeType type, const std::string& pattern, const std::string& key) {
        return type == ExchangeType::Topic ? topicMatches(pattern, key) : pattern == key;
    }

    bool hasOtherKeys(const std::string& exchange) const {
        return std::ranges::any_of(m_topology.bindingsOf(exchange), [](const BindingLink* binding) {
            return binding->routingKey != "#";
        });
    }

    std::string withoutWildcards(const std::string& exchange, const std::string& pattern) {
        std::vector<std::string> words = wordsOf(pattern);
        for (std::size_t i = 0; i < words.size(); ++i) {
            if (isWildcard(words[i])) {
                words[i] = wordFor(exchange, i, i + 1 == words.size());
            }
        }
        if (words.size() == 1 && isWildcard(pattern)) {
            words.emplace_back("created");
            words.resize(pattern == "#" ? 2 : 1); // * is one word
        }
        std::string key;
        for (const std::string& word : words) {
            key += (key.empty() ? "" : ".") + word;
        }
        return key;
    }

    /// A word that another binding of the exchange has in that place, or one that fits any trade.
    const std::string& wordFor(const std::string& exchange, std::size_t place, bool last) {
        static const std::array<std::string, 3> usual{"order", "item", "created"};
        std::vector<std::string>& words = wordsInUse(exchange);
        if (place < words.size() && !words[place].empty()) {
            return words[place];
        }
        return last && place > 0 ? usual[2] : usual[place == 0 ? 0 : 1];
    }

    /// By place, the first word that is no wildcard in any binding of the exchange.
    std::vector<std::string>& wordsInUse(const std::string& exchange) {
        const auto [found, isNew] = m_words.try_emplace(exchange);
        if (isNew) {
            for (const BindingLink* binding : m_topology.bindingsOf(exchange)) {
                const std::vector<std::string> words = wordsOf(binding->routingKey);
                found->second.resize(std::max(found->second.size(), words.size()));
                for (std::size_t i = 0; i < words.size() && words[i] != "#"; ++i) {
                    if (found->second[i].empty() && !isWildcard(words[i])) {
                        found->second[i] = words[i];
                    }
                }
            }
        }
        return found->second;
    }

    const Topology& m_topology;
    std::map<std::string, std::vector<std::string>> m_keys;
    std::map<std::string, std::vector<std::string>> m_words;
    int m_depth = 0;
};

std::string textOf(const TableValue& value) {
    struct Write {
        std::string operator()(std::monostate) const { return "any"; }
        std::string operator()(bool flag) const { return flag ? "true" : "false"; }
        std::string operator()(std::int64_t number) const { return fmt::format("{}", number); }
        std::string operator()(double number) const { return fmt::format("{}", number); }
        std::string operator()(const std::string& text) const { return text; }
    };
    return std::visit(Write{}, value);
}

/// An event that a binding of a headers exchange asks for: with all of its arguments as headers.
EventTypeSpec typeForHeaders(const BindingLink& binding) {
    EventTypeSpec type;
    type.name.clear();
    type.routingKey = binding.routingKey;
    for (const auto& [name, value] : binding.arguments) {
        if (name == "x-match") {
            continue;
        }
        const bool anything = std::holds_alternative<std::monostate>(value);
        type.headers.emplace_back(name, anything ? TableValue{std::string{"any"}} : value);
        type.name += fmt::format("{}{}={}", type.name.empty() ? "" : " ", name, textOf(value));
    }
    if (type.name.empty()) {
        type.name = "event";
    }
    return type;
}

EventTypeSpec typeForKey(const std::string& key) {
    EventTypeSpec type;
    type.name = key.empty() ? "event" : key;
    if (key.empty()) {
        type.routingKey = key;
    }
    return type;
}

std::vector<EventTypeSpec> typesFor(const Topology& topology, const std::string& exchange) {
    std::vector<EventTypeSpec> types;
    if (topology.exchange(exchange).type == ExchangeType::Headers) {
        for (const BindingLink* binding : topology.bindingsOf(exchange)) {
            EventTypeSpec type = typeForHeaders(*binding);
            const bool known =
                std::ranges::find(types, type.name, &EventTypeSpec::name) != types.end();
            if (!known && types.size() < typesMax) {
                types.push_back(std::move(type));
            }
        }
    } else {
        KeyMaker maker{topology};
        for (const std::string& key : maker.keysFrom(exchange)) {
            types.push_back(typeForKey(key));
        }
    }
    if (types.empty()) {
        types.push_back(typeForKey(""));
    }
    return types;
}

/// A client process that a definitions file says nothing about: a usual one, to be edited.
ConsumerSpec usualConsumer() {
    ConsumerSpec consumer;
    consumer.prefetch = 10;
    return consumer;
}

std::set<std::string> entryExchanges(const Topology& topology) {
    std::set<std::string> entries;
    for (const std::string& exchange : topology.exchanges()) {
        if (topology.isEntry(exchange)) {
            entries.insert(exchange);
        }
    }
    if (!entries.empty()) {
        return entries;
    }
    for (const std::string& exchange : topology.exchanges()) {
        if (!topology.bindingsOf(exchange).empty() && !topology.exchange(exchange).internal) {
            return {exchange}; // a ring: traffic has to enter somewhere
        }
    }
    return entries;
}

} // namespace

void addTraffic(Scenario& scenario, const std::set<std::string>& notEntries,
                const std::set<std::string>& shovelled, UniqueIds& ids) {
    const Topology topology{scenario};
    std::vector<ComponentEntry> producers;
    std::vector<ComponentEntry> consumers;
    std::vector<LinkSpec> links;
    const auto addProducer = [&](const std::string& to, std::vector<EventTypeSpec> types) {
        ProducerSpec producer;
        producer.types = std::move(types);
        if (topology.isExchange(to)) { // or a hash by a header sends everything to one queue
            producer.keys.header = topology.exchange(to).hashHeader;
        }
        producers.push_back({ids.make(to + "-producer"), producer, {}});
        links.emplace_back(PublishLink{producers.back().id, to, {}});
    };

    std::set<std::string> entries = entryExchanges(topology);
    for (const std::string& exchange : topology.exchanges()) {
        if (entries.contains(exchange)) {
            addProducer(exchange, typesFor(topology, exchange));
        }
    }
    for (const std::string& queue : topology.queues()) {
        if (!topology.hasSource(queue) && !notEntries.contains(queue) &&
            !topology.isRetryQueue(queue) && !namedForDeadLetters(queue)) {
            addProducer(queue, {EventTypeSpec{}});
            entries.insert(queue);
        }
    }
    entries.insert(notEntries.begin(), notEntries.end());
    const std::set<std::string> alive = topology.reachedFrom(entries);
    for (const std::string& queue : topology.queues()) {
        if (alive.contains(queue) && !topology.isRetryQueue(queue) && !shovelled.contains(queue)) {
            consumers.push_back({ids.make(queue + "-consumer"), usualConsumer(), {}});
            links.emplace_back(ConsumeLink{queue, consumers.back().id, {}});
        }
    }
    scenario.components.insert(scenario.components.begin(), producers.begin(), producers.end());
    scenario.components.insert(scenario.components.end(), consumers.begin(), consumers.end());
    scenario.links.insert(scenario.links.end(), links.begin(), links.end());
}

} // namespace sim
