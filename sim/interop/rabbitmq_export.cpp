#include "sim/interop/rabbitmq_export.h"

#include "sim/interop/argument_writer.h"
#include "sim/interop/broker_arguments.h"
#include "sim/interop/imported_federation.h"
#include "sim/interop/imported_names.h"
#include "sim/interop/kept_definitions.h"
#include "sim/interop/left_out_list.h"
#include "sim/interop/unsaid.h"
#include "sim/scenario/broker_name.h"
#include "sim/scenario/describe_rabbitmq.h"
#include "sim/scenario/fault_title.h"
#include "sim/scenario/near_name.h"

#include <array>
#include <fmt/format.h>
#include <map>
#include <set>
#include <tuple>

namespace sim {
namespace {

/// In the order in which a broker takes them in.
constexpr std::array<std::string_view, 10> knownSections{"users",
                                                         "vhosts",
                                                         "permissions",
                                                         "exchanges",
                                                         "topic_permissions",
                                                         "policies",
                                                         "global_parameters",
                                                         "parameters",
                                                         "queues",
                                                         "bindings"};

bool isKnown(std::string_view section) {
    return std::ranges::find(knownSections, section) != knownSections.end();
}

std::string partOf(const JsonValue& item, std::string_view key) {
    const std::string* text = textIn(item, key);
    return text == nullptr ? std::string{} : *text;
}

JsonValue textValue(std::string_view text) { return {std::string(text)}; }

JsonObject argumentsOf(const Table& table) {
    JsonObject arguments;
    for (const auto& [name, value] : table) {
        arguments.push_back({name, std::visit([](const auto& v) { return JsonValue{v}; }, value)});
    }
    return arguments;
}

/// No broker takes null as the value of an argument from a file (null_not_allowed), although a
/// client can say it over AMQP.
bool holdsNull(const JsonValue& value) {
    if (const auto* list = std::get_if<JsonValue::Array>(&value.value)) {
        return std::ranges::any_of(*list, holdsNull);
    }
    if (const auto* object = std::get_if<JsonObject>(&value.value)) {
        return std::ranges::any_of(
            *object, [](const JsonMember& member) { return holdsNull(member.value); });
    }
    return std::holds_alternative<std::monostate>(value.value);
}

/// Writes the file of one scenario, section by section.
class Exporter {
public:
    explicit Exporter(const Scenario& scenario) : m_scenario(scenario) {
        for (const ComponentEntry& entry : scenario.components) {
            m_entries.emplace(entry.id, &entry);
        }
        m_madeByBrokers = upstreamQueuesIn(scenario);
    }

    Result<Exported> run(const ExportOptions& options);

private:
    static constexpr const char* noNull =
        "it compares with null or holds it, which a broker takes from clients and not from a file";

    /// A broker to write; without an entry the one that a scenario has that names none.
    struct Broker {
        std::string id;
        std::string where; ///< JSON pointer
        BrokerSpec spec;
    };

    Problems chooseBrokers(const ExportOptions& options);
    void refuseEqualVhosts();
    void add(const Broker& broker);
    void addExchange(const ComponentEntry& entry, const ExchangeSpec& exchange,
                     const std::string& vhost);
    void addQueue(const ComponentEntry& entry, const QueueSpec& queue, const std::string& vhost);
    void addBinding(const BindingLink& binding, const std::string& vhost);
    void addPolicy(const PolicySpec& policy, const std::string& vhost);
    void addKept(const Broker& broker);
    void addKeptItem(const Broker& broker, const std::string& section, const JsonValue& item,
                     const std::string& where);
    void refuseEqualNames();
    void noteMissingEnds();
    void noteRest();
    std::string fileText();

    JsonValue::Array& section(std::string_view name) { return m_sections[std::string(name)]; }
    void leaveOut(std::string kind, std::string why, const std::string& name) {
        m_leftOut.add(std::move(kind), std::move(why), name);
    }
    std::string nameOf(const std::string& id) const { return nameInBroker(*m_entries.at(id)); }
    /// Those that a broker takes.
    JsonObject taken(JsonObject arguments, const std::string& of) {
        for (const JsonMember& argument : arguments) {
            if (holdsNull(argument.value)) {
                leaveOut(fmt::format("argument {}", argument.key), noNull, of);
            }
        }
        std::erase_if(arguments, [](const JsonMember& each) { return holdsNull(each.value); });
        return arguments;
    }
    bool isLeftOut(const std::string& id) const {
        const auto* queue = std::get_if<QueueSpec>(&m_entries.at(id)->spec);
        return queue != nullptr && (queue->exclusive || m_madeByBrokers.contains(id));
    }

    const Scenario& m_scenario;
    std::map<std::string, const ComponentEntry*> m_entries;
    std::set<std::string> m_madeByBrokers; ///< ids of queues, for federation links
    std::vector<Broker> m_brokers;
    std::map<std::string, JsonValue::Array> m_sections;
    JsonObject m_others; ///< what is no list at the top of the file
    LeftOutList m_leftOut;
    Problems m_problems;
};

Problems Exporter::chooseBrokers(const ExportOptions& options) {
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < m_scenario.components.size(); ++i) {
        const ComponentEntry& entry = m_scenario.components[i];
        if (const auto* spec = std::get_if<BrokerSpec>(&entry.spec)) {
            ids.push_back(entry.id);
            m_brokers.push_back({entry.id, fmt::format("/components/{}", i), *spec});
        }
    }
    if (m_brokers.empty()) {
        ids.emplace_back("broker");
        m_brokers.push_back({ids.front(), "", {}});
    }
    if (!options.broker) {
        return {};
    }
    for (const Broker& broker : m_brokers) {
        if (broker.id != *options.broker) {
            leaveOut("broker", "another one was chosen", broker.id);
        }
    }
    std::erase_if(m_brokers, [&](const Broker& broker) { return broker.id != *options.broker; });
    return m_brokers.empty() ? Problems{{"", fmt::format("has no broker \"{}\"{}", *options.broker,
                                                         didYouMean(*options.broker, ids))}}
                             : Problems{};
}

void Exporter::refuseEqualVhosts() {
    std::map<std::string, std::string> first;
    for (const Broker& broker : m_brokers) {
        const auto [known, isNew] = first.emplace(broker.spec.vhost, broker.id);
        if (!isNew) {
            m_problems.push_back(
                {broker.where + "/vhost",
                 fmt::format("\"{}\" and \"{}\" are both the virtual host \"{}\", and a file has "
                             "each once: give one another name, or choose one with --broker",
                             known->second, broker.id, broker.spec.vhost)});
        }
    }
}

void Exporter::addExchange(const ComponentEntry& entry, const ExchangeSpec& exchange,
                           const std::string& vhost) {
    const std::string& name = nameInBroker(entry.id, exchange);
    if (ImportedNames::everyBrokerHas(name)) {
        return;
    }
    ArgumentWriter arguments([this](const std::string& id) { return nameOf(id); });
    visitArguments(exchange, arguments);
    section("exchanges")
        .push_back(
            {JsonObject{{"name", textValue(name)},
                        {"vhost", textValue(vhost)},
                        {"type", textValue(choiceName(exchange.type))},
                        {"durable", {exchange.durable}},
                        {"auto_delete", {exchange.autoDelete}},
                        {"internal", {exchange.internal}},
                        {"arguments", {taken(arguments.take(exchange.moreArguments), name)}}}});
}

void Exporter::addQueue(const ComponentEntry& entry, const QueueSpec& queue,
                        const std::string& vhost) {
    const std::string& name = nameInBroker(entry.id, queue);
    if (queue.exclusive) {
        return leaveOut("exclusive queue",
                        "it is of one connection, and a broker never exports it; its bindings are "
                        "left out too",
                        name);
    }
    if (m_madeByBrokers.contains(entry.id)) {
        return leaveOut("upstream queue", "a broker makes it for its federation link", name);
    }
    noteUnsaid(queue, name, m_leftOut);
    ArgumentWriter arguments([this](const std::string& id) { return nameOf(id); });
    visitArguments(queue, arguments);
    arguments("x-queue-type", queue.type, QueueType::Classic);
    section("queues").push_back(
        {JsonObject{{"name", textValue(name)},
                    {"vhost", textValue(vhost)},
                    {"durable", {queue.durable}},
                    {"auto_delete", {queue.autoDelete}},
                    {"arguments", {taken(arguments.take(queue.moreArguments), name)}}}});
}

void Exporter::addBinding(const BindingLink& binding, const std::string& vhost) {
    if (isLeftOut(binding.to)) {
        return;
    }
    JsonObject arguments = argumentsOf(binding.arguments);
    if (holdsNull({arguments})) {
        return leaveOut("binding", noNull,
                        fmt::format("{} to {}", nameOf(binding.from), nameOf(binding.to)));
    }
    const bool toQueue = std::holds_alternative<QueueSpec>(m_entries.at(binding.to)->spec);
    section("bindings")
        .push_back({JsonObject{{"source", textValue(nameOf(binding.from))},
                               {"vhost", textValue(vhost)},
                               {"destination", textValue(nameOf(binding.to))},
                               {"destination_type", textValue(toQueue ? "queue" : "exchange")},
                               {"routing_key", textValue(binding.routingKey)},
                               {"arguments", {std::move(arguments)}}}});
}

void Exporter::addPolicy(const PolicySpec& policy, const std::string& vhost) {
    ArgumentWriter settings({});
    visitArguments(policy, settings);
    JsonObject fields{{"pattern", textValue(policy.pattern)},
                      {"apply-to", textValue(choiceName(policy.applyTo))},
                      {"priority", {std::int64_t{policy.priority}}},
                      {"definition", {settings.take(policy.otherKeys)}}};
    if (policy.isOperator) {
        section("parameters")
            .push_back({JsonObject{{"vhost", textValue(vhost)},
                                   {"component", textValue("operator_policy")},
                                   {"name", textValue(policy.name)},
                                   {"value", {std::move(fields)}}}});
        return;
    }
    fields.insert(fields.begin(), {{"vhost", textValue(vhost)}, {"name", textValue(policy.name)}});
    section("policies").push_back({std::move(fields)});
}

/// An item that names no virtual host is of the broker's, in the sections where items have one.
void Exporter::addKeptItem(const Broker& broker, const std::string& name, const JsonValue& item,
                           const std::string& where) {
    const auto* fields = std::get_if<JsonObject>(&item.value);
    if (fields == nullptr && isKnown(name)) {
        m_problems.push_back(
            {where, fmt::format("is {}; it has to be an object", jsonSummary(item))});
        return;
    }
    JsonValue whole = item;
    const bool isOfVhost = isKnown(name) && name != "users" && name != "global_parameters";
    if (isOfVhost && item.find(vhostKey(name)) == nullptr) {
        auto& object = std::get<JsonObject>(whole.value);
        object.insert(object.begin(), {vhostKey(name), textValue(broker.spec.vhost)});
    }
    JsonValue::Array& list = section(name);
    if (std::ranges::find(list, whole) == list.end()) {
        list.push_back(std::move(whole));
    }
}

void Exporter::addKept(const Broker& broker) {
    for (const JsonMember& member : broker.spec.definitions) {
        const std::string where = broker.where + "/definitions" + jsonStep(member.key);
        const auto* list = std::get_if<JsonValue::Array>(&member.value.value);
        if (list != nullptr) {
            for (std::size_t i = 0; i < list->size(); ++i) {
                addKeptItem(broker, member.key, (*list)[i], fmt::format("{}/{}", where, i));
            }
        } else if (isKnown(member.key)) {
            m_problems.push_back(
                {where, fmt::format("is {}; it has to be a list", jsonSummary(member.value))});
        } else if (std::ranges::find(m_others, member.key, &JsonMember::key) == m_others.end()) {
            m_others.push_back(member);
        }
    }
}

void Exporter::add(const Broker& broker) {
    const auto isHere = [&](const std::string& named) { return areSameBroker(named, broker.id); };
    const std::string& vhost = broker.spec.vhost;
    std::set<std::string> exchanges;
    for (const ComponentEntry& entry : m_scenario.components) {
        const auto* exchange = std::get_if<ExchangeSpec>(&entry.spec);
        const auto* queue = std::get_if<QueueSpec>(&entry.spec);
        if (exchange != nullptr && isHere(exchange->broker)) {
            addExchange(entry, *exchange, vhost);
            exchanges.insert(entry.id);
        } else if (queue != nullptr && isHere(queue->broker)) {
            addQueue(entry, *queue, vhost);
        }
    }
    for (const LinkSpec& link : m_scenario.links) {
        const auto* binding = std::get_if<BindingLink>(&link);
        if (binding != nullptr && exchanges.contains(binding->from)) {
            addBinding(*binding, vhost);
        }
    }
    for (const PolicySpec& policy : broker.spec.policies) {
        addPolicy(policy, vhost);
    }
    addKept(broker);
    const auto isOwn = [&](const JsonValue& item) {
        const std::string* name = textIn(item, "name");
        return name != nullptr && *name == vhost;
    };
    JsonValue::Array& vhosts = section("vhosts");
    if (std::ranges::none_of(vhosts, isOwn)) {
        vhosts.push_back({JsonObject{{"name", textValue(vhost)}}});
    }
    noteUnsaid(broker.spec, broker.id, m_leftOut);
}

/// What is kept may have the name of what was added since.
void Exporter::refuseEqualNames() {
    for (const char* name : {"vhosts", "users", "exchanges", "queues", "policies", "parameters"}) {
        std::set<std::tuple<std::string, std::string, std::string>> known;
        for (const JsonValue& item : section(name)) {
            const std::tuple id{partOf(item, "vhost"), partOf(item, "component"),
                                partOf(item, "name")};
            if (!known.insert(id).second) {
                m_problems.push_back(
                    {"", fmt::format("has two {} \"{}\" in one virtual host, one of them kept in "
                                     "the definitions of its broker: take one away",
                                     name, partOf(item, "name"))});
            }
        }
    }
}

/// rabbitmqctl leaves internal exchanges out and keeps their bindings, and so does a file that was
/// imported from one.
void Exporter::noteMissingEnds() {
    std::set<std::tuple<std::string, bool, std::string>> known;
    const auto learn = [&](const char* name, bool isQueue) {
        for (const JsonValue& item : section(name)) {
            if (textIn(item, "vhost") != nullptr && textIn(item, "name") != nullptr) {
                known.emplace(*textIn(item, "vhost"), isQueue, *textIn(item, "name"));
            }
        }
    };
    learn("exchanges", false);
    learn("queues", true);
    for (const JsonValue& item : section("bindings")) {
        const auto note = [&](const std::string& name, bool isQueue) {
            const bool isThere = known.contains({partOf(item, "vhost"), isQueue, name}) ||
                                 (!isQueue && ImportedNames::everyBrokerHas(name));
            if (!isThere) {
                leaveOut(isQueue ? "queue" : "exchange",
                         "the imported file had bindings of it and not the thing itself: they are "
                         "in this one too, and a broker that has it not skips them, or ends the "
                         "import there",
                         name);
            }
        };
        note(partOf(item, "source"), false);
        note(partOf(item, "destination"), partOf(item, "destination_type") != "exchange");
    }
}

void Exporter::noteRest() {
    for (const ComponentEntry& entry : m_scenario.components) {
        constexpr const char* why =
            "a definitions file says nothing about clients, their connections and the network";
        if (std::holds_alternative<ProducerSpec>(entry.spec)) {
            leaveOut("producer", why, entry.id);
        } else if (const auto* consumer = std::get_if<ConsumerSpec>(&entry.spec)) {
            leaveOut(!consumer->forward                 ? "consumer"
                     : isFederation(*consumer->forward) ? "federation link"
                                                        : "shovel",
                     consumer->forward ? "only what came with an imported file is written" : why,
                     entry.id);
        } else if (std::holds_alternative<SqsQueueSpec>(entry.spec) ||
                   std::holds_alternative<SnsTopicSpec>(entry.spec)) {
            leaveOut("queue or topic of AWS", "no part of RabbitMQ", entry.id);
        }
    }
    constexpr const char* ofTheSimulation = "of the simulation alone";
    for (const FaultSpec& fault : m_scenario.faults) {
        leaveOut("fault", ofTheSimulation, faultTitle(fault));
    }
    if (!m_scenario.checks.empty()) {
        leaveOut("checks", ofTheSimulation, fmt::format("{}", m_scenario.checks.size()));
    }
    leaveOut("of the scenario", ofTheSimulation,
             "title, description, seed, duration, places on the canvas");
}

std::string Exporter::fileText() {
    JsonObject file = std::move(m_others);
    file.push_back({"rabbitmq_definition_format", textValue("cluster")});
    for (const std::string_view name : knownSections) {
        file.push_back({std::string(name), {std::move(section(name))}});
    }
    for (auto& [name, list] : m_sections) {
        if (!isKnown(name)) {
            file.push_back({name, {std::move(list)}});
        }
    }
    return jsonText({std::move(file)});
}

Result<Exported> Exporter::run(const ExportOptions& options) {
    Problems notThere = chooseBrokers(options);
    if (!notThere.empty()) {
        return notThere;
    }
    refuseEqualVhosts();
    std::vector<JsonObject> kept;
    for (const Broker& broker : m_brokers) {
        add(broker);
        kept.push_back(broker.spec.definitions);
    }
    refuseEqualNames();
    if (!m_problems.empty()) {
        return std::move(m_problems);
    }
    noteMissingEnds();
    noteRest();
    return Exported{fileText(), m_leftOut.entries(), secretsIn(kept)};
}

} // namespace

Result<Exported> exportRabbitmq(const Scenario& scenario, const ExportOptions& options) {
    return Exporter{scenario}.run(options);
}

} // namespace sim
