#include "ui/inspect/route_choice.h"

#include "sim/scenario/broker_name.h"
#include "ui/common/text.h"

#include <algorithm>
#include <ranges>

namespace ui {

namespace {

constexpr qsizetype keysMax = 500; ///< more would be no choice

const sim::ComponentEntry* named(const sim::Scenario& scenario, const std::string& id) {
    const auto found = std::ranges::find(scenario.components, id, &sim::ComponentEntry::id);
    return found == scenario.components.end() ? nullptr : &*found;
}

std::vector<std::string> brokersOf(const sim::Scenario& scenario) {
    std::vector<std::string> brokers;
    for (const sim::ComponentEntry& entry : scenario.components) {
        if (std::holds_alternative<sim::BrokerSpec>(entry.spec)) {
            brokers.push_back(entry.id);
        }
    }
    return brokers.size() > 1 ? brokers : std::vector<std::string>{""};
}

/// Where a publish link leads: a queue is published to through the default exchange.
PublishPlace placeAt(const sim::Scenario& scenario, const sim::ComponentEntry& entry) {
    const auto card = static_cast<sim::ComponentId>(&entry - scenario.components.data());
    if (const auto* exchange = std::get_if<sim::ExchangeSpec>(&entry.spec)) {
        return {exchange->broker, sim::nameInBroker(entry), card};
    }
    const auto* queue = std::get_if<sim::QueueSpec>(&entry.spec);
    return {.broker = queue != nullptr ? queue->broker : "", .exchange = ""};
}

bool isSame(const PublishPlace& one, const PublishPlace& other) {
    return one.exchange == other.exchange && sim::areSameBroker(one.broker, other.broker);
}

void add(QStringList& keys, const std::string& key) {
    const QString text = qText(key);
    if (keys.size() < keysMax && !keys.contains(text)) {
        keys << text;
    }
}

std::string keyOf(const sim::EventTypeSpec& type) { return type.routingKey.value_or(type.name); }

void addPublished(QStringList& keys, const sim::ComponentEntry& from) {
    if (const auto* producer = std::get_if<sim::ProducerSpec>(&from.spec)) {
        for (const sim::EventTypeSpec& type : producer->types) {
            add(keys, keyOf(type));
        }
        if (const auto* script = std::get_if<sim::ScriptArrivals>(&producer->arrivals)) {
            for (const sim::ScriptArrivals::Entry& entry : script->messages) {
                entry.routingKey ? add(keys, *entry.routingKey) : void();
            }
        }
    } else if (const auto* consumer = std::get_if<sim::ConsumerSpec>(&from.spec)) {
        for (const std::string& key : consumer->retryKeys) {
            add(keys, key);
        }
        consumer->giveUpKey.empty() ? void() : add(keys, consumer->giveUpKey);
    }
}

/// The default exchange has a binding to each queue, by its name.
void addQueueNames(QStringList& keys, const sim::Scenario& scenario, const PublishPlace& place) {
    for (const sim::ComponentEntry& entry : scenario.components) {
        const auto* queue = std::get_if<sim::QueueSpec>(&entry.spec);
        if (queue != nullptr && sim::areSameBroker(queue->broker, place.broker)) {
            add(keys, sim::nameInBroker(entry));
        }
    }
}

/// Without wildcards, which nobody publishes with.
void addBindingKeys(QStringList& keys, const sim::Scenario& scenario, const PublishPlace& place) {
    for (const sim::LinkSpec& spec : scenario.links) {
        const auto* binding = std::get_if<sim::BindingLink>(&spec);
        const auto* from = binding == nullptr ? nullptr : named(scenario, binding->from);
        if (from != nullptr && !binding->routingKey.empty() &&
            binding->routingKey.find_first_of("*#") == std::string::npos &&
            isSame(placeAt(scenario, *from), place)) {
            add(keys, binding->routingKey);
        }
    }
}

const sim::PublishLink* publishAt(const sim::Scenario& scenario, sim::LinkId link) {
    return std::get_if<sim::PublishLink>(&scenario.links[index(link)]);
}

void addTypes(std::vector<PublishedType>& all, const sim::Scenario& scenario, sim::LinkId link) {
    const sim::PublishLink* publish = publishAt(scenario, link);
    const sim::ComponentEntry* from = named(scenario, publish->from);
    if (from == nullptr || named(scenario, publish->to) == nullptr) {
        return;
    }
    const auto* producer = std::get_if<sim::ProducerSpec>(&from->spec);
    const std::size_t types = producer != nullptr ? producer->types.size() : 1;
    for (std::size_t type = 0; type < types; ++type) {
        const std::string& what = producer != nullptr ? producer->types[type].name : from->id;
        all.push_back({link, type, tr("%1 to %2").arg(qText(what), qText(publish->to))});
    }
}

} // namespace

std::vector<PublishPlace> publishPlaces(const sim::Scenario& scenario) {
    std::vector<PublishPlace> places;
    for (const sim::ComponentEntry& entry : scenario.components) {
        if (std::holds_alternative<sim::ExchangeSpec>(entry.spec)) {
            places.push_back(placeAt(scenario, entry));
        }
    }
    for (const std::string& broker : brokersOf(scenario)) {
        places.push_back({.broker = broker, .exchange = ""});
    }
    return places;
}

QString placeText(const PublishPlace& place, bool severalBrokers) {
    const QString exchange =
        place.exchange.empty() ? tr("(default exchange)") : qText(place.exchange);
    return severalBrokers ? tr("%1 in %2").arg(exchange, qText(place.broker)) : exchange;
}

QStringList keysFor(const sim::Scenario& scenario, const PublishPlace& place) {
    QStringList keys;
    const bool byName = place.exchange.empty();
    for (const sim::LinkSpec& spec : scenario.links) {
        const auto* publish = std::get_if<sim::PublishLink>(&spec);
        const auto* from = publish == nullptr ? nullptr : named(scenario, publish->from);
        const auto* to = publish == nullptr ? nullptr : named(scenario, publish->to);
        if (from != nullptr && to != nullptr && isSame(placeAt(scenario, *to), place)) {
            byName ? add(keys, sim::nameInBroker(*to)) : addPublished(keys, *from);
        }
    }
    byName ? addQueueNames(keys, scenario, place) : addBindingKeys(keys, scenario, place);
    return keys;
}

std::vector<PublishedType> publishedOn(const sim::Scenario& scenario, sim::LinkId link) {
    std::vector<PublishedType> types;
    if (index(link) < scenario.links.size() && publishAt(scenario, link) != nullptr) {
        addTypes(types, scenario, link);
    }
    return types;
}

std::vector<PublishedType> publishedBy(const sim::Scenario& scenario, sim::ComponentId component) {
    std::vector<PublishedType> types;
    if (index(component) >= scenario.components.size()) {
        return types;
    }
    for (std::size_t i = 0; i < scenario.links.size(); ++i) {
        const auto link = static_cast<sim::LinkId>(i);
        const sim::PublishLink* publish = publishAt(scenario, link);
        if (publish != nullptr && publish->from == scenario.components[index(component)].id) {
            addTypes(types, scenario, link);
        }
    }
    return types;
}

PublishedMessage messageOn(const sim::Scenario& scenario, sim::LinkId link, std::size_t type) {
    const sim::PublishLink& publish = *publishAt(scenario, link);
    const sim::ComponentEntry& to = *named(scenario, publish.to);
    const sim::ComponentEntry& from = *named(scenario, publish.from);
    PublishedMessage message{.to = placeAt(scenario, to), .key = {}, .moreKeys = {}, .headers = {}};
    if (const auto* producer = std::get_if<sim::ProducerSpec>(&from.spec)) {
        const sim::EventTypeSpec& wanted = producer->types.at(type);
        message.key = keyOf(wanted);
        message.moreKeys = wanted.cc;
        message.moreKeys.insert(message.moreKeys.end(), wanted.bcc.begin(), wanted.bcc.end());
        message.headers = wanted.headers;
        if (!producer->keys.header.empty()) {
            message.headers.emplace_back(producer->keys.header, producer->keys.prefix + "1");
        }
    } else if (const auto* consumer = std::get_if<sim::ConsumerSpec>(&from.spec)) {
        message.key = consumer->retryKeys.empty() ? consumer->giveUpKey : consumer->retryKeys[0];
    }
    if (message.to.exchange.empty()) {
        message.key = sim::nameInBroker(to);
    }
    return message;
}

} // namespace ui
