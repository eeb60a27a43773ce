#include "sim/interop/imported_names.h"

#include "sim/scenario/describe_rabbitmq.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>

namespace sim {
namespace {

constexpr std::string_view noSuchQueueType =
    "the simulation has classic queues, quorum queues and streams; its bindings are left out too";
constexpr std::string_view noSuchExchangeType =
    "the simulation has direct, fanout, topic and headers exchanges; its bindings are left out "
    "too, and queues that only it feeds get nothing";
constexpr std::string_view notInFile =
    "the file has bindings of it but not the thing itself, as when rabbitmqctl leaves out internal "
    "exchanges and exclusive queues; its bindings are left out too (the HTTP API of 3.x and 4.0 "
    "exports internal exchanges)";
constexpr std::string_view brokerOwned =
    "names that begin with amq. belong to the broker, which skips them when it imports; its "
    "bindings are left out too";

struct TypedExchange {
    std::string_view name;
    ExchangeType type;
};
constexpr std::array<TypedExchange, 5> predeclaredExchanges{{
    {"amq.direct", ExchangeType::Direct},
    {"amq.fanout", ExchangeType::Fanout},
    {"amq.topic", ExchangeType::Topic},
    {"amq.headers", ExchangeType::Headers},
    {"amq.match", ExchangeType::Headers},
}};

bool isBrokerOwned(const std::string& name) { return name.starts_with("amq."); }

void addName(std::set<std::string>& names, const BrokerArguments& arguments,
             std::string_view argument) {
    const BrokerArgument* found = findArgument(arguments, argument);
    if (found != nullptr) {
        if (const auto* text = std::get_if<std::string>(&found->value.value)) {
            names.insert(*text);
        }
    }
}

std::set<std::string> exchangesReferredTo(const DefinitionsFile& file, std::string_view vhost) {
    std::set<std::string> names;
    for (const auto& binding : file.bindings) {
        if (binding.vhost == vhost && !binding.source.empty()) {
            names.insert(binding.source);
            if (!binding.toQueue) {
                names.insert(binding.destination);
            }
        }
    }
    for (const auto& queue : file.queues) {
        if (queue.vhost == vhost) {
            addName(names, queue.arguments, "x-dead-letter-exchange");
        }
    }
    for (const auto& exchange : file.exchanges) {
        if (exchange.vhost == vhost && !ImportedNames::everyBrokerHas(exchange.name)) {
            addName(names, exchange.arguments, "alternate-exchange");
        }
    }
    return names;
}

} // namespace

ImportedNames::ImportedNames(const DefinitionsFile& file, std::string_view vhost, UniqueIds& ids,
                             LeftOutList& leftOut, Problems& problems)
    : m_ids(ids)
    , m_leftOut(leftOut)
    , m_problems(problems) {
    for (const auto& queue : file.queues) {
        if (queue.vhost == vhost) {
            nameQueue(queue);
        }
    }
    for (const auto& exchange : file.exchanges) {
        if (exchange.vhost == vhost) {
            nameExchange(exchange);
        }
    }
    namePredeclared(file, vhost);
}

bool ImportedNames::everyBrokerHas(std::string_view exchange) {
    return std::ranges::find(predeclaredExchanges, exchange, &TypedExchange::name) !=
           predeclaredExchanges.end();
}

void ImportedNames::leaveOutQueue(const std::string& name, std::string kind, std::string_view why) {
    if (m_leftOutQueues.insert(name).second) {
        m_leftOut.add(std::move(kind), std::string{why}, name);
    }
}

void ImportedNames::leaveOutExchange(const std::string& name, std::string kind,
                                     std::string_view why) {
    if (m_leftOutExchanges.insert(name).second) {
        m_leftOut.add(std::move(kind), std::string{why}, name);
    }
}

void ImportedNames::nameQueue(const DefinitionsFile::Queue& from) {
    if (m_queues.contains(from.name) || m_leftOutQueues.contains(from.name)) {
        m_problems.push_back(
            {from.where, fmt::format("there is a queue \"{}\" already", from.name)});
    } else if (isBrokerOwned(from.name)) {
        leaveOutQueue(from.name, "queue", brokerOwned);
    } else if (!choiceNamed<QueueType>(from.type)) {
        leaveOutQueue(from.name, fmt::format("queue of type {}", from.type), noSuchQueueType);
    } else {
        m_queues.emplace(from.name, m_ids.make(from.name));
    }
}

void ImportedNames::nameExchange(const DefinitionsFile::Exchange& from) {
    if (from.name.empty() || everyBrokerHas(from.name)) {
        return; // the default exchange and the predeclared ones
    }
    const std::optional<ExchangeType> type = choiceNamed<ExchangeType>(from.type);
    if (m_exchanges.contains(from.name) || m_leftOutExchanges.contains(from.name)) {
        m_problems.push_back(
            {from.where, fmt::format("there is an exchange \"{}\" already", from.name)});
    } else if (isBrokerOwned(from.name)) {
        leaveOutExchange(from.name, "exchange", brokerOwned);
    } else if (!type) {
        leaveOutExchange(from.name, fmt::format("exchange of type {}", from.type),
                         noSuchExchangeType);
    } else {
        const bool taken = m_queues.contains(from.name);
        m_exchanges.emplace(from.name, m_ids.make(taken ? from.name + "-exchange" : from.name));
        m_types.emplace(from.name, *type);
    }
}

void ImportedNames::namePredeclared(const DefinitionsFile& file, std::string_view vhost) {
    const std::set<std::string> used = exchangesReferredTo(file, vhost);
    for (const TypedExchange& exchange : predeclaredExchanges) {
        const std::string name{exchange.name};
        if (used.contains(name)) {
            m_exchanges.emplace(name, m_ids.make(name));
            m_types.emplace(name, exchange.type);
            m_predeclared.push_back(name);
        }
    }
}

void ImportedNames::missExchange(const std::string& name) {
    leaveOutExchange(name, "exchange", isBrokerOwned(name) ? brokerOwned : notInFile);
}

void ImportedNames::missQueue(const std::string& name) {
    leaveOutQueue(name, "queue", isBrokerOwned(name) ? brokerOwned : notInFile);
}

} // namespace sim
