#include "sim/interop/imported_vhost.h"

#include "sim/interop/argument_reader.h"
#include "sim/interop/broker_arguments.h"
#include "sim/interop/imported_names.h"
#include "sim/interop/imported_policies.h"
#include "sim/interop/imported_traffic.h"
#include "sim/scenario/describe_rabbitmq.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace sim {
namespace {

/// Builds the scenario of one virtual host.
class Importer {
public:
    Importer(const DefinitionsFile& file, const std::string& vhost, ImportTarget& target)
        : m_file(file)
        , m_vhost(vhost)
        , m_target(target)
        , m_names(file, vhost, target.ids, target.leftOut, target.problems) {}

    ImportedVhost run();

private:
    void addPredeclared();
    void addExchange(const DefinitionsFile::Exchange& from);
    void addQueue(const DefinitionsFile::Queue& from);
    void readQueueArguments(const DefinitionsFile::Queue& from, QueueSpec& queue);
    void addBinding(const DefinitionsFile::Binding& from);
    bool hasBothEnds(const DefinitionsFile::Binding& from);
    std::optional<Table> bindingArguments(const DefinitionsFile::Binding& from,
                                          ExchangeType source);

    void leaveOut(std::string kind, std::string why, const std::string& name) {
        m_target.leftOut.add(std::move(kind), std::move(why), name);
    }
    void hold(const char* section, std::size_t position) {
        m_target.held[section].insert(position);
    }
    bool isHere(const auto& item) const { return item.vhost == m_vhost; }

    const DefinitionsFile& m_file;
    const std::string& m_vhost;
    ImportTarget& m_target;
    ImportedVhost m_made;
    ImportedNames m_names;
};

void Importer::addPredeclared() {
    for (const std::string& name : m_names.predeclared()) {
        ExchangeSpec exchange;
        const std::string& id = *m_names.exchange(name);
        exchange.name = id == name ? "" : name;
        exchange.type = m_names.typeOf(name);
        m_made.scenario.components.push_back({id, std::move(exchange), {}});
    }
}

void Importer::addExchange(const DefinitionsFile::Exchange& from) {
    if (from.name.empty() || ImportedNames::everyBrokerHas(from.name)) {
        hold("exchanges", from.position); // it needs no saying
        return;
    }
    const std::string* id = m_names.exchange(from.name);
    if (id == nullptr) {
        return;
    }
    hold("exchanges", from.position);
    ExchangeSpec exchange;
    exchange.name = *id == from.name ? "" : from.name;
    exchange.type = m_names.typeOf(from.name);
    exchange.durable = from.durable;
    exchange.internal = from.internal;
    exchange.autoDelete = from.autoDelete;
    const auto exchangeId = [&](std::string_view, const std::string& name) {
        const std::string* alternate = m_names.exchange(name);
        if (alternate == nullptr) {
            leaveOut(fmt::format("alternate exchange {}", name),
                     "it is not in the scenario: what finds no queue is unroutable", from.name);
        }
        return alternate == nullptr ? std::nullopt : std::optional(*alternate);
    };
    ArgumentReader reader(from.arguments, from.where + "/arguments", exchangeId, m_target.problems);
    visitArguments(exchange, reader);
    exchange.moreArguments = reader.rest();
    if (exchange.type == ExchangeType::Delayed &&
        exchange.delayedType.value_or(ExchangeType::Delayed) == ExchangeType::Delayed) {
        m_target.problems.push_back({from.where + "/arguments/x-delayed-type",
                                     "must name another type of exchange: a broker refuses it "
                                     "otherwise (406 PRECONDITION_FAILED)"});
    }
    for (const BrokerArgument& argument : exchange.moreArguments) {
        if (argument.key != "alternate-exchange") {
            leaveOut(fmt::format("argument {} of an exchange", argument.key), "not simulated",
                     from.name);
        }
    }
    m_made.scenario.components.push_back({*id, std::move(exchange), {}});
}

void Importer::readQueueArguments(const DefinitionsFile::Queue& from, QueueSpec& queue) {
    const auto exchangeId = [&](std::string_view, const std::string& name) {
        const std::string* id = m_names.exchange(name);
        if (id == nullptr) {
            leaveOut(fmt::format("dead-letter exchange {}", name),
                     "it is not in the scenario: dead letters are dropped", from.name);
        }
        return id == nullptr ? std::nullopt : std::optional(*id);
    };
    ArgumentReader reader(from.arguments, from.where + "/arguments", exchangeId, m_target.problems);
    visitArguments(queue, reader);
    queue.moreArguments = reader.rest();
    for (const BrokerArgument& argument : queue.moreArguments) {
        if (argument.key != "x-queue-type" && argument.key != "x-dead-letter-exchange") {
            leaveOut(fmt::format("argument {} of a queue", argument.key), whyLeftOut(argument.key),
                     from.name);
        }
    }
}

/// Keeps what the file says of the type and the field does not: that a queue was declared as a
/// classic one, or is one where the virtual host makes another type of those without. One that was
/// declared without stays without, since a client that declares it again has to say the same.
void keepType(const DefinitionsFile::Queue& from, const std::string& typeOfVhost,
              JsonObject& arguments) {
    std::erase_if(arguments, [](const BrokerArgument& each) { return each.key == "x-queue-type"; });
    const bool isSaid = findArgument(from.arguments, "x-queue-type") != nullptr;
    if (from.type == "classic" && (isSaid || typeOfVhost != "classic")) {
        arguments.push_back({"x-queue-type", {from.type}});
        std::ranges::sort(arguments, {}, &BrokerArgument::key);
    }
}

/// No broker takes a key for dead letters without an exchange; where the exchange is kept as an
/// argument, the key is too.
void keepKeyWithExchange(const DefinitionsFile::Queue& from, QueueSpec& queue, Problems& problems) {
    if (!queue.deadLetterRoutingKey || queue.deadLetterExchange) {
        return;
    }
    if (findArgument(from.arguments, "x-dead-letter-exchange") == nullptr) {
        problems.push_back({from.where + "/arguments/x-dead-letter-routing-key",
                            "is given without x-dead-letter-exchange"});
    }
    queue.moreArguments.push_back({"x-dead-letter-routing-key", {*queue.deadLetterRoutingKey}});
    std::ranges::sort(queue.moreArguments, {}, &BrokerArgument::key);
    queue.deadLetterRoutingKey.reset();
}

void Importer::addQueue(const DefinitionsFile::Queue& from) {
    const std::string* id = m_names.queue(from.name);
    if (id == nullptr) {
        return;
    }
    hold("queues", from.position);
    QueueSpec queue;
    queue.name = *id == from.name ? "" : from.name;
    queue.type = choiceNamed<QueueType>(from.type).value_or(queue.type);
    queue.durable = from.durable || queue.type != QueueType::Classic;
    queue.autoDelete = from.autoDelete;
    readQueueArguments(from, queue);
    const auto typeOfVhost = m_file.queueTypes.find(m_vhost);
    keepType(from, typeOfVhost == m_file.queueTypes.end() ? "classic" : typeOfVhost->second,
             queue.moreArguments);
    keepKeyWithExchange(from, queue, m_target.problems);
    m_made.scenario.components.push_back({*id, std::move(queue), {}});
}

/// Notes an end that is not there; the binding goes with it.
bool Importer::hasBothEnds(const DefinitionsFile::Binding& from) {
    const bool source = m_names.exchange(from.source) != nullptr;
    const std::string* destination =
        from.toQueue ? m_names.queue(from.destination) : m_names.exchange(from.destination);
    if (!source) {
        m_names.missExchange(from.source);
    }
    if (destination == nullptr && from.toQueue) {
        m_names.missQueue(from.destination);
    } else if (destination == nullptr) {
        m_names.missExchange(from.destination);
    } else if (!source && from.toQueue) {
        m_made.fedByLeftOut.insert(*destination);
    }
    return source && destination != nullptr;
}

/// Absent where a headers exchange would have to compare what no scenario can hold.
std::optional<Table> Importer::bindingArguments(const DefinitionsFile::Binding& from,
                                                ExchangeType source) {
    const bool matters = source == ExchangeType::Headers;
    const std::string ends = fmt::format("{} to {}", from.source, from.destination);
    Table table;
    for (const BrokerArgument& argument : from.arguments) {
        if (const std::optional<TableValue> value = tableValue(argument.value)) {
            table.emplace_back(argument.key, *value);
        } else if (matters) {
            leaveOut("binding", "it compares a header with a list or a table", ends);
            return std::nullopt;
        } else {
            leaveOut("argument of a binding",
                     "a list or a table, and it has no effect: an export does not have it either",
                     ends);
        }
    }
    const BrokerArgument* match = matters ? findArgument(from.arguments, "x-match") : nullptr;
    if (match != nullptr) {
        constexpr std::array modes{"all", "any", "all-with-x", "any-with-x"};
        const auto* how = std::get_if<std::string>(&match->value.value);
        if (how == nullptr || std::ranges::find(modes, *how) == modes.end()) {
            m_target.problems.push_back(
                {from.where + "/arguments/x-match",
                 fmt::format("is {}; it can be all, any, all-with-x or any-with-x",
                             jsonSummary(match->value))});
        }
    }
    return table;
}

void Importer::addBinding(const DefinitionsFile::Binding& from) {
    if (from.source.empty()) {
        hold("bindings", from.position); // the default exchange has its bindings by itself
        return;
    }
    if (!hasBothEnds(from)) {
        return;
    }
    std::optional<Table> arguments = bindingArguments(from, m_names.typeOf(from.source));
    if (!arguments) {
        return;
    }
    hold("bindings", from.position);
    BindingLink binding;
    binding.from = *m_names.exchange(from.source);
    binding.to =
        from.toQueue ? *m_names.queue(from.destination) : *m_names.exchange(from.destination);
    binding.routingKey = from.routingKey;
    binding.arguments = std::move(*arguments);
    m_made.scenario.links.emplace_back(std::move(binding));
}

ImportedVhost Importer::run() {
    addPredeclared();
    const auto addEach = [this](const auto& items, auto add) {
        for (const auto& item : items) {
            if (isHere(item)) {
                (this->*add)(item);
            }
        }
    };
    addEach(m_file.exchanges, &Importer::addExchange);
    addEach(m_file.queues, &Importer::addQueue);
    addEach(m_file.bindings, &Importer::addBinding);
    for (const DefinitionsFile::Policy& policy : m_file.policies) {
        if (isHere(policy)) {
            hold(policy.isOperator ? "parameters" : "policies", policy.position);
            m_made.policies.push_back(importPolicy(policy, m_target.leftOut, m_target.problems));
        }
    }
    return std::move(m_made);
}

} // namespace

ImportedVhost importVhost(const DefinitionsFile& file, const std::string& vhost,
                          ImportTarget& target) {
    return Importer{file, vhost, target}.run();
}

} // namespace sim
