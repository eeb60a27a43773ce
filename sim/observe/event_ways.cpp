#include "sim/observe/event_ways.h"

#include "sim/scenario/script.h"

#include <algorithm>

namespace sim {
namespace {

/// What the exchanges that a producer's messages pass look at.
struct Looks {
    bool atKeys = false;
    bool atHeaders = false;
    bool atEachEvent = false; ///< two events of one key and the same headers may part
    bool atFilters = false;   ///< filter policies, which see a header with the key

    void add(const ExchangeSpec& exchange) {
        const ExchangeType type = exchange.type;
        const bool hashes = type == ExchangeType::ConsistentHash;
        atHeaders |= type == ExchangeType::Headers;
        atKeys |= type == ExchangeType::Direct || type == ExchangeType::Topic || hashes ||
                  type == ExchangeType::ModulusHash;
        atEachEvent |= type == ExchangeType::Random || exchange.hashProperty.has_value() ||
                       !exchange.hashHeader.empty();
    }
};

/// A filter policy looks at the headers as long as none of them is the key; else at each event.
void addTopic(const std::string& id, const Scenario& scenario, Looks& looks) {
    for (const LinkSpec& link : scenario.links) {
        const auto* subscription = std::get_if<SubscriptionLink>(&link);
        if (subscription != nullptr && subscription->from == id &&
            !subscription->filterPolicy.empty()) {
            looks.atHeaders = true;
            looks.atFilters = true;
        }
    }
}

std::vector<std::string> targetsOf(const std::string& from, const Scenario& scenario) {
    std::vector<std::string> targets;
    for (const LinkSpec& link : scenario.links) {
        const auto* publish = std::get_if<PublishLink>(&link);
        const auto* binding = std::get_if<BindingLink>(&link);
        const auto* subscription = std::get_if<SubscriptionLink>(&link);
        if (subscription != nullptr && subscription->from == from) {
            targets.push_back(subscription->to);
        } else if (publish != nullptr && publish->from == from) {
            targets.push_back(publish->to);
        } else if (binding != nullptr && binding->from == from) {
            targets.push_back(binding->to);
        }
    }
    return targets;
}

const ExchangeSpec* exchangeNamed(const std::string& id, const Scenario& scenario) {
    const auto found = std::ranges::find(scenario.components, id, &ComponentEntry::id);
    return found == scenario.components.end() ? nullptr : std::get_if<ExchangeSpec>(&found->spec);
}

/// Follows bindings between exchanges and alternate exchanges.
Looks looksOf(std::vector<std::string> open, const Scenario& scenario) {
    Looks looks;
    std::vector<std::string> seen;
    while (!open.empty()) {
        const std::string id = open.back();
        open.pop_back();
        addTopic(id, scenario, looks);
        const ExchangeSpec* exchange = exchangeNamed(id, scenario);
        if (exchange == nullptr || std::ranges::find(seen, id) != seen.end()) {
            continue;
        }
        seen.push_back(id);
        looks.add(*exchange);
        for (const std::string& next : targetsOf(id, scenario)) {
            open.push_back(next);
        }
        open.push_back(exchange->alternateExchange);
    }
    return looks;
}

} // namespace

EventWays::EventWays(const Scenario& scenario) {
    for (const ComponentEntry& entry : scenario.components) {
        if (const auto* producer = std::get_if<ProducerSpec>(&entry.spec)) {
            addProducer(entry.id, *producer, scenario);
        }
    }
}

void EventWays::addProducer(const std::string& producer, const ProducerSpec& spec,
                            const Scenario& scenario) {
    const std::vector<std::string> targets = targetsOf(producer, scenario);
    Looks looks = looksOf(targets, scenario);
    looks.atEachEvent |= looks.atFilters && !spec.keys.header.empty();
    const auto wayOf = [&](const std::string& key, const Table& headers) {
        return Way{targets, looks.atKeys ? key : "", looks.atHeaders ? headers : Table{}};
    };
    if (looks.atEachEvent) {
        for (const EventTypeSpec& type : spec.types) {
            m_apart.insert(type.name);
        }
    }
    const auto* script = std::get_if<ScriptArrivals>(&spec.arrivals);
    if (script == nullptr) {
        for (const EventTypeSpec& type : spec.types) {
            add(type.name, wayOf(type.routingKey.value_or(type.name), type.headers));
        }
        return;
    }
    for (const ScriptArrivals::Entry& entry : script->messages) {
        const EventTypeSpec& type = typeOf(entry, spec);
        add(type.name, wayOf(entry.routingKey.value_or(type.routingKey.value_or(type.name)),
                             headersOf(entry, type)));
    }
}

void EventWays::add(const std::string& type, Way way) {
    std::vector<Way>& ways = m_ways[type];
    if (std::ranges::find(ways, way) == ways.end()) {
        ways.push_back(std::move(way));
    }
}

} // namespace sim
