#include "sim/interop/rabbitmq_definitions.h"

#include "sim/interop/definitions_file.h"
#include "sim/interop/imported_traffic.h"
#include "sim/interop/layout.h"
#include "sim/interop/left_out_list.h"
#include "sim/interop/unique_ids.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>
#include <set>

namespace sim {
namespace {

/// As many as a run can tell apart: ComponentId and LinkId have 16 bits.
constexpr std::size_t componentsMax = 65'000;
/// 10 years, the longest time that RabbitMQ takes.
constexpr std::uint64_t millisecondsMax = 315'360'000'000;

constexpr std::string_view quorumPromisesMore =
    "simulated as a durable classic queue, which promises less: a quorum queue keeps every message "
    "through the loss of a node or a restart, persistent or not, confirms it once a majority of "
    "nodes has it, and gives up on a message after its delivery limit";
constexpr std::string_view streamIsNoQueue =
    "a stream keeps its messages when they are read, and every consumer has its own place in it: "
    "no queue of the simulation does; its bindings are left out too";
constexpr std::string_view noSuchType =
    "the simulation has direct, fanout, topic and headers exchanges; its bindings are left out "
    "too, and queues that only it feeds get nothing";
constexpr std::string_view notInFile =
    "the file has bindings of it but not the thing itself, as when rabbitmqctl leaves out internal "
    "exchanges and exclusive queues; its bindings are left out too (the HTTP API of 3.x and 4.0 "
    "exports internal exchanges)";
constexpr std::string_view brokerOwned =
    "names that begin with amq. belong to the broker, which skips them when it imports; its "
    "bindings are left out too";

struct PredeclaredExchange {
    std::string_view name;
    ExchangeType type;
};
constexpr std::array<PredeclaredExchange, 5> predeclared{{
    {"amq.direct", ExchangeType::Direct},
    {"amq.fanout", ExchangeType::Fanout},
    {"amq.topic", ExchangeType::Topic},
    {"amq.headers", ExchangeType::Headers},
    {"amq.match", ExchangeType::Headers},
}};

struct ExchangeTypeName {
    std::string_view name;
    ExchangeType type;
};
constexpr std::array<ExchangeTypeName, 4> exchangeTypes{{
    {"direct", ExchangeType::Direct},
    {"fanout", ExchangeType::Fanout},
    {"topic", ExchangeType::Topic},
    {"headers", ExchangeType::Headers},
}};

/// Arguments that change nothing of what the simulation shows.
constexpr std::array<std::string_view, 10> storageArguments{"x-queue-mode",
                                                            "x-queue-version",
                                                            "x-queue-master-locator",
                                                            "x-queue-leader-locator",
                                                            "x-ha-policy",
                                                            "x-quorum-initial-group-size",
                                                            "x-initial-cluster-size",
                                                            "x-max-in-memory-bytes",
                                                            "x-max-in-memory-length",
                                                            "x-quorum-target-group-size"};

std::vector<std::string> vhostsWithContent(const DefinitionsFile& file) {
    std::set<std::string> vhosts;
    for (const auto& exchange : file.exchanges) {
        vhosts.insert(exchange.vhost);
    }
    for (const auto& queue : file.queues) {
        vhosts.insert(queue.vhost);
    }
    for (const auto& binding : file.bindings) {
        vhosts.insert(binding.vhost);
    }
    return {vhosts.begin(), vhosts.end()};
}

Result<std::string> chooseVhost(const std::vector<std::string>& vhosts,
                                const ImportOptions& options) {
    if (vhosts.empty()) {
        return Problems{{"", "holds no exchange and no queue"}};
    }
    const bool unnamed = vhosts.size() == 1 && vhosts.front().empty();
    if (!options.vhost || unnamed) {
        if (vhosts.size() == 1) {
            return vhosts.front();
        }
        return Problems{{"", fmt::format("holds more than one virtual host: choose one of {}",
                                         fmt::join(vhosts, ", "))}};
    }
    if (std::ranges::find(vhosts, *options.vhost) == vhosts.end()) {
        return Problems{{"", fmt::format("holds nothing in a virtual host \"{}\": choose one of {}",
                                         *options.vhost, fmt::join(vhosts, ", "))}};
    }
    return *options.vhost;
}

/// Builds the scenario of one virtual host.
class Importer {
public:
    Importer(const DefinitionsFile& file, std::string vhost)
        : m_file(file)
        , m_vhost(std::move(vhost)) {}

    Result<Imported> run();

private:
    void nameEverything();
    void nameExchange(const DefinitionsFile::Exchange& from);
    void nameQueue(const DefinitionsFile::Queue& from);
    void namePredeclared();
    void addExchange(const DefinitionsFile::Exchange& from);
    void addQueue(const DefinitionsFile::Queue& from);
    void readQueueArgument(const DefinitionsFile::Queue& from, const BrokerArgument& argument,
                           QueueSpec& queue);
    void readDeadLetterExchange(const DefinitionsFile::Queue& from, const BrokerArgument& argument,
                                QueueSpec& queue);
    void readOverflow(const DefinitionsFile::Queue& from, const BrokerArgument& argument,
                      QueueSpec& queue);
    void leaveOutQueueArgument(const std::string& queue, const std::string& argument);
    void addBinding(const DefinitionsFile::Binding& from);
    bool hasBothEnds(const DefinitionsFile::Binding& from);
    std::optional<Table> bindingArguments(const DefinitionsFile::Binding& from,
                                          ExchangeType source);
    bool isTooLarge();
    void noteRules();
    void addChecks();
    void describe();

    std::optional<std::string> textOf(const BrokerArgument& argument, const std::string& where);
    std::optional<std::uint64_t> numberOf(const BrokerArgument& argument, const std::string& where,
                                          std::uint64_t max);
    void wrong(const std::string& where, const BrokerArgument& argument, std::string what) {
        m_problems.push_back(
            {fmt::format("{}/arguments/{}", where, argument.name), std::move(what)});
    }
    bool isHere(const auto& item) const { return item.vhost == m_vhost; }

    const DefinitionsFile& m_file;
    std::string m_vhost;
    Scenario m_scenario;
    LeftOutList m_leftOut;
    Problems m_problems;
    UniqueIds m_ids;
    std::map<std::string, std::string> m_exchangeIds; ///< by name in the broker
    std::map<std::string, std::string> m_queueIds;
    std::map<std::string, ExchangeType> m_types; ///< by name
    std::set<std::string> m_leftOutExchanges;
    std::set<std::string> m_leftOutQueues;
    std::set<std::string> m_fedByLeftOut; ///< ids of queues
};

bool isBrokerOwned(const std::string& name) { return name.starts_with("amq."); }

std::optional<ExchangeType> exchangeType(std::string_view name) {
    const auto found = std::ranges::find(exchangeTypes, name, &ExchangeTypeName::name);
    return found == exchangeTypes.end() ? std::nullopt : std::optional{found->type};
}

/// Queues come first: where both share a name the queue keeps it as its id.
void Importer::nameEverything() {
    for (const auto& queue : m_file.queues) {
        if (isHere(queue)) {
            nameQueue(queue);
        }
    }
    for (const auto& exchange : m_file.exchanges) {
        if (isHere(exchange)) {
            nameExchange(exchange);
        }
    }
    namePredeclared();
}

void Importer::nameQueue(const DefinitionsFile::Queue& from) {
    if (m_queueIds.contains(from.name) || m_leftOutQueues.contains(from.name)) {
        m_problems.push_back(
            {from.where, fmt::format("there is a queue \"{}\" already", from.name)});
    } else if (isBrokerOwned(from.name)) {
        m_leftOut.add("queue", std::string{brokerOwned}, from.name);
        m_leftOutQueues.insert(from.name);
    } else if (from.type == "stream") {
        m_leftOut.add("stream queue", std::string{streamIsNoQueue}, from.name);
        m_leftOutQueues.insert(from.name);
    } else if (from.type != "classic" && from.type != "quorum") {
        m_leftOut.add(fmt::format("queue of type {}", from.type),
                      "the simulation has classic queues; its bindings are left out too",
                      from.name);
        m_leftOutQueues.insert(from.name);
    } else {
        m_queueIds.emplace(from.name, m_ids.make(from.name));
    }
}

void Importer::nameExchange(const DefinitionsFile::Exchange& from) {
    if (from.name.empty()) {
        return; // the default exchange, which every broker has
    }
    const auto known = std::ranges::find(predeclared, from.name, &PredeclaredExchange::name);
    if (known != predeclared.end()) {
        return;
    }
    if (m_exchangeIds.contains(from.name) || m_leftOutExchanges.contains(from.name)) {
        m_problems.push_back(
            {from.where, fmt::format("there is an exchange \"{}\" already", from.name)});
    } else if (isBrokerOwned(from.name)) {
        m_leftOut.add("exchange", std::string{brokerOwned}, from.name);
        m_leftOutExchanges.insert(from.name);
    } else if (const std::optional<ExchangeType> type = exchangeType(from.type)) {
        const bool taken = m_queueIds.contains(from.name);
        m_exchangeIds.emplace(from.name, m_ids.make(taken ? from.name + "-exchange" : from.name));
        m_types.emplace(from.name, *type);
    } else {
        m_leftOut.add(fmt::format("exchange of type {}", from.type), std::string{noSuchType},
                      from.name);
        m_leftOutExchanges.insert(from.name);
    }
}

/// The exchanges that every broker has are in no file; those that something refers to come along.
void Importer::namePredeclared() {
    std::set<std::string> used;
    for (const auto& binding : m_file.bindings) {
        if (isHere(binding)) {
            used.insert(binding.source);
            if (!binding.toQueue) {
                used.insert(binding.destination);
            }
        }
    }
    const auto addFrom = [&used](const BrokerArguments& arguments, std::string_view name) {
        const BrokerArgument* argument = findArgument(arguments, name);
        if (argument != nullptr && argument->value) {
            if (const auto* text = std::get_if<std::string>(&*argument->value)) {
                used.insert(*text);
            }
        }
    };
    for (const auto& queue : m_file.queues) {
        addFrom(queue.arguments, isHere(queue) ? "x-dead-letter-exchange" : "");
    }
    for (const auto& exchange : m_file.exchanges) {
        addFrom(exchange.arguments, isHere(exchange) ? "alternate-exchange" : "");
    }
    for (const PredeclaredExchange& exchange : predeclared) {
        const std::string name{exchange.name};
        if (used.contains(name)) {
            m_exchangeIds.emplace(name, m_ids.make(name));
            m_types.emplace(name, exchange.type);
            ExchangeSpec spec;
            spec.type = exchange.type;
            m_scenario.components.push_back({m_exchangeIds.at(name), std::move(spec), {}});
        }
    }
}

std::optional<std::string> Importer::textOf(const BrokerArgument& argument,
                                            const std::string& where) {
    const auto* text = argument.value ? std::get_if<std::string>(&*argument.value) : nullptr;
    if (text == nullptr) {
        wrong(where, argument, "is not a text");
        return std::nullopt;
    }
    return *text;
}

/// A whole number from 0; some clients send it as a float.
std::optional<std::uint64_t> Importer::numberOf(const BrokerArgument& argument,
                                                const std::string& where, std::uint64_t max) {
    const auto* whole = argument.value ? std::get_if<std::int64_t>(&*argument.value) : nullptr;
    const auto* real = argument.value ? std::get_if<double>(&*argument.value) : nullptr;
    if (whole != nullptr && *whole >= 0 && static_cast<std::uint64_t>(*whole) <= max) {
        return static_cast<std::uint64_t>(*whole);
    }
    if (real != nullptr && *real >= 0 && *real <= 1e15 && *real == std::floor(*real) &&
        static_cast<std::uint64_t>(*real) <= max) {
        return static_cast<std::uint64_t>(*real);
    }
    wrong(where, argument, fmt::format("is no whole number from 0 to {}", max));
    return std::nullopt;
}

void Importer::addExchange(const DefinitionsFile::Exchange& from) {
    const auto id = m_exchangeIds.find(from.name);
    if (id == m_exchangeIds.end() || isBrokerOwned(from.name)) {
        return;
    }
    ExchangeSpec exchange;
    exchange.name = id->second == from.name ? "" : from.name;
    exchange.type = m_types.at(from.name);
    exchange.durable = from.durable;
    exchange.internal = from.internal;
    if (from.autoDelete) {
        m_leftOut.add("auto-delete of an exchange", "the simulation never deletes one", from.name);
    }
    for (const BrokerArgument& argument : from.arguments) {
        if (argument.name != "alternate-exchange") {
            m_leftOut.add(fmt::format("argument {} of an exchange", argument.name), "not simulated",
                          from.name);
            continue;
        }
        const std::optional<std::string> name = textOf(argument, from.where);
        if (name && m_exchangeIds.contains(*name)) {
            exchange.alternateExchange = m_exchangeIds.at(*name);
        } else if (name) {
            m_leftOut.add(fmt::format("alternate exchange {}", *name),
                          "it is not in the scenario: what finds no queue is unroutable",
                          from.name);
        }
    }
    m_scenario.components.push_back({id->second, std::move(exchange), {}});
}

void Importer::readDeadLetterExchange(const DefinitionsFile::Queue& from,
                                      const BrokerArgument& argument, QueueSpec& queue) {
    const std::optional<std::string> name = textOf(argument, from.where);
    if (!name) {
        return;
    }
    if (name->empty()) {
        queue.deadLetterExchange = "";
    } else if (m_exchangeIds.contains(*name)) {
        queue.deadLetterExchange = m_exchangeIds.at(*name);
    } else {
        m_leftOut.add(fmt::format("dead-letter exchange {}", *name),
                      "it is not in the scenario: dead letters are dropped", from.name);
    }
}

void Importer::readOverflow(const DefinitionsFile::Queue& from, const BrokerArgument& argument,
                            QueueSpec& queue) {
    const std::optional<std::string> name = textOf(argument, from.where);
    if (name == "drop-head") {
        queue.overflow = Overflow::DropHead;
    } else if (name == "reject-publish") {
        queue.overflow = Overflow::RejectPublish;
    } else if (name == "reject-publish-dlx") {
        queue.overflow = Overflow::RejectPublishDlx;
    } else if (name) {
        wrong(from.where, argument,
              fmt::format("is \"{}\"; it can be drop-head, reject-publish or reject-publish-dlx",
                          *name));
    }
}

void Importer::leaveOutQueueArgument(const std::string& queue, const std::string& argument) {
    std::string why = "not simulated";
    if (std::ranges::find(storageArguments, argument) != storageArguments.end()) {
        why =
            "it says where and how the broker keeps messages, which the simulation has no part of";
    } else if (argument == "x-expires") {
        why = "the simulation never deletes a queue";
    } else if (argument == "x-delivery-limit") {
        why = "a message is requeued without end";
    } else if (argument == "x-dead-letter-strategy") {
        why = "dead letters are passed on at most once";
    } else if (argument.starts_with("x-delayed-retry")) {
        why = "a returned message is ready again at once";
    }
    m_leftOut.add(fmt::format("argument {} of a queue", argument), std::move(why), queue);
}

void Importer::readQueueArgument(const DefinitionsFile::Queue& from, const BrokerArgument& argument,
                                 QueueSpec& queue) {
    constexpr std::uint64_t any = static_cast<std::uint64_t>(INT64_MAX);
    const std::string& name = argument.name;
    if (name == "x-message-ttl") {
        if (const auto milliseconds = numberOf(argument, from.where, millisecondsMax)) {
            queue.messageTtl = std::chrono::milliseconds{*milliseconds};
        }
    } else if (name == "x-max-length") {
        queue.maxLength = numberOf(argument, from.where, any);
    } else if (name == "x-max-length-bytes") {
        queue.maxLengthBytes = numberOf(argument, from.where, any);
    } else if (name == "x-overflow") {
        readOverflow(from, argument, queue);
    } else if (name == "x-dead-letter-exchange") {
        readDeadLetterExchange(from, argument, queue);
    } else if (name == "x-dead-letter-routing-key") {
        queue.deadLetterRoutingKey = textOf(argument, from.where);
    } else if (name == "x-max-priority") {
        const auto priorities = numberOf(argument, from.where, 255);
        if (priorities && *priorities > 0) {
            queue.maxPriority = static_cast<std::uint8_t>(*priorities);
        }
    } else if (name == "x-single-active-consumer") {
        const auto* flag = argument.value ? std::get_if<bool>(&*argument.value) : nullptr;
        if (flag == nullptr) {
            wrong(from.where, argument, "is not true or false");
        }
        queue.singleActiveConsumer = flag != nullptr && *flag;
    } else if (name != "x-queue-type") {
        leaveOutQueueArgument(from.name, name);
    }
}

void Importer::addQueue(const DefinitionsFile::Queue& from) {
    const auto id = m_queueIds.find(from.name);
    if (id == m_queueIds.end()) {
        return;
    }
    QueueSpec queue;
    queue.name = id->second == from.name ? "" : from.name;
    queue.durable = from.durable;
    if (from.type == "quorum") {
        queue.durable = true;
        m_leftOut.add("guarantees of a quorum queue", std::string{quorumPromisesMore}, from.name);
    }
    if (from.autoDelete) {
        m_leftOut.add("auto-delete of a queue", "the simulation never deletes one", from.name);
    }
    for (const BrokerArgument& argument : from.arguments) {
        readQueueArgument(from, argument, queue);
    }
    if (queue.deadLetterRoutingKey && !queue.deadLetterExchange) {
        if (findArgument(from.arguments, "x-dead-letter-exchange") == nullptr) {
            m_problems.push_back({from.where + "/arguments/x-dead-letter-routing-key",
                                  "is given without x-dead-letter-exchange"});
        }
        queue.deadLetterRoutingKey.reset();
    }
    m_scenario.components.push_back({id->second, std::move(queue), {}});
}

/// Notes an end that is left out or not in the file; the binding goes with it.
bool Importer::hasBothEnds(const DefinitionsFile::Binding& from) {
    const auto hasExchange = [this](const std::string& name) {
        if (!m_exchangeIds.contains(name) && m_leftOutExchanges.insert(name).second) {
            m_leftOut.add("exchange", std::string{isBrokerOwned(name) ? brokerOwned : notInFile},
                          name);
        }
        return m_exchangeIds.contains(name);
    };
    const auto hasQueue = [this](const std::string& name) {
        if (!m_queueIds.contains(name) && m_leftOutQueues.insert(name).second) {
            m_leftOut.add("queue", std::string{isBrokerOwned(name) ? brokerOwned : notInFile},
                          name);
        }
        return m_queueIds.contains(name);
    };
    const bool source = hasExchange(from.source);
    const bool destination =
        from.toQueue ? hasQueue(from.destination) : hasExchange(from.destination);
    if (!source && destination && from.toQueue) {
        m_fedByLeftOut.insert(m_queueIds.at(from.destination));
    }
    return source && destination;
}

/// Absent where a headers exchange would have to compare what no scenario can hold.
std::optional<Table> Importer::bindingArguments(const DefinitionsFile::Binding& from,
                                                ExchangeType source) {
    const bool matters = source == ExchangeType::Headers;
    const std::string ends = fmt::format("{} to {}", from.source, from.destination);
    Table table;
    for (const BrokerArgument& argument : from.arguments) {
        if (argument.value) {
            table.emplace_back(argument.name, *argument.value);
        } else if (matters) {
            m_leftOut.add("binding", "it compares a header with a list or a table", ends);
            return std::nullopt;
        } else {
            m_leftOut.add("argument of a binding", "a list or a table, and it has no effect", ends);
        }
    }
    const BrokerArgument* match = matters ? findArgument(from.arguments, "x-match") : nullptr;
    if (match != nullptr) {
        const std::optional<std::string> how = textOf(*match, from.where);
        if (how && how != "all" && how != "any" && how != "all-with-x" && how != "any-with-x") {
            wrong(from.where, *match,
                  fmt::format("is \"{}\"; it can be all, any, all-with-x or any-with-x", *how));
        }
    }
    return table;
}

void Importer::addBinding(const DefinitionsFile::Binding& from) {
    if (from.source.empty() || !hasBothEnds(from)) {
        return; // the default exchange has its bindings by itself
    }
    std::optional<Table> arguments = bindingArguments(from, m_types.at(from.source));
    if (!arguments) {
        return;
    }
    BindingLink binding;
    binding.from = m_exchangeIds.at(from.source);
    binding.to = (from.toQueue ? m_queueIds : m_exchangeIds).at(from.destination);
    binding.routingKey = from.routingKey;
    binding.arguments = std::move(*arguments);
    m_scenario.links.emplace_back(std::move(binding));
}

/// Notes it as a problem.
bool Importer::isTooLarge() {
    const std::size_t components = m_scenario.components.size();
    const std::size_t links = m_scenario.links.size();
    if (components <= componentsMax && links <= componentsMax) {
        return false;
    }
    m_problems.push_back(
        {"", fmt::format("makes {} components and {} links; a scenario has at most {} of each",
                         components, links, componentsMax)});
    return true;
}

/// Everything in the file that is not topology.
void Importer::noteRules() {
    for (const DefinitionsFile::Rule& rule : m_file.rules) {
        if (rule.vhost != m_vhost) {
            continue;
        }
        if (rule.kind == "policy" || rule.kind == "operator_policy") {
            m_leftOut.add(rule.kind == "policy" ? "policy" : "operator policy",
                          "policies are not simulated: give the queues and exchanges these values "
                          "themselves where they matter",
                          fmt::format("{} ({} where the name matches {})", rule.name,
                                      fmt::join(rule.settings, ", "), rule.pattern));
        } else {
            m_leftOut.add(rule.kind, "not simulated", rule.name);
        }
    }
    for (const auto& [section, count] : m_file.users) {
        m_leftOut.add("access control", "everybody may do everything in the simulation",
                      fmt::format("{} {}", count, section));
    }
}

void Importer::addChecks() {
    const std::vector<CheckKind> kinds{NoLossCheck{}, KeyOrderCheck{}, NoDuplicateEffectCheck{},
                                       ConservationCheck{}, NoUnroutableCheck{}};
    for (const CheckKind& kind : kinds) {
        CheckSpec check;
        check.what = kind;
        m_scenario.checks.push_back(std::move(check));
    }
}

void Importer::describe() {
    m_scenario.title = m_vhost.empty() ? "Imported from RabbitMQ"
                                       : fmt::format("Imported from RabbitMQ: {}", m_vhost);
    m_scenario.description =
        "The exchanges, queues and bindings are those of the broker. Producers and consumers are "
        "guesses, because a definitions file does not name them: set their rates, event types, "
        "service times, prefetch and acknowledgements to what yours do.";
}

Result<Imported> Importer::run() {
    nameEverything();
    for (const auto& exchange : m_file.exchanges) {
        if (isHere(exchange)) {
            addExchange(exchange);
        }
    }
    for (const auto& queue : m_file.queues) {
        if (isHere(queue)) {
            addQueue(queue);
        }
    }
    for (const auto& binding : m_file.bindings) {
        if (isHere(binding)) {
            addBinding(binding);
        }
    }
    if (isTooLarge()) { // before it takes minutes to find out who talks to whom
        return std::move(m_problems);
    }
    noteRules();
    addTraffic(m_scenario, m_fedByLeftOut);
    isTooLarge();
    if (!m_problems.empty()) {
        return std::move(m_problems);
    }
    addChecks();
    describe();
    layOut(m_scenario);
    return Imported{std::move(m_scenario), m_leftOut.entries(), {}, m_vhost};
}

} // namespace

Result<Imported> importRabbitmq(std::string_view json, const ImportOptions& options) {
    const Result<DefinitionsFile> file = readDefinitionsFile(json);
    if (!file) {
        return file.error();
    }
    std::vector<std::string> vhosts = vhostsWithContent(*file);
    const Result<std::string> vhost = chooseVhost(vhosts, options);
    if (!vhost) {
        return vhost.error();
    }
    Result<Imported> imported = Importer{*file, *vhost}.run();
    if (imported) {
        imported->vhosts = std::move(vhosts);
    }
    return imported;
}

} // namespace sim
