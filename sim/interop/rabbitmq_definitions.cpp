#include "sim/interop/rabbitmq_definitions.h"

#include "sim/interop/argument_reader.h"
#include "sim/interop/definitions_file.h"
#include "sim/interop/imported_names.h"
#include "sim/interop/imported_policies.h"
#include "sim/interop/imported_traffic.h"
#include "sim/interop/layout.h"
#include "sim/interop/left_out_list.h"
#include "sim/scenario/describe_rabbitmq.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <functional>
#include <map>
#include <set>

namespace sim {
namespace {

/// As many as a run can tell apart: ComponentId and LinkId have 16 bits.
constexpr std::size_t componentsMax = 65'000;

constexpr std::string_view quorumPromisesMore =
    "simulated as a durable classic queue, which promises less: a quorum queue keeps every message "
    "through the loss of a node or a restart, persistent or not, confirms it once a majority of "
    "nodes has it, and gives up on a message after its delivery limit";

std::vector<std::string> namesIn(const std::map<std::string, std::size_t>& things) {
    std::vector<std::string> names;
    names.reserve(things.size());
    for (const auto& [name, count] : things) {
        names.push_back(name);
    }
    return names;
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
        , m_vhost(std::move(vhost))
        , m_names(file, m_vhost, m_leftOut, m_problems) {}

    Result<Imported> run();

private:
    void addPredeclared();
    void addExchange(const DefinitionsFile::Exchange& from);
    bool readHash(const DefinitionsFile::Exchange& from, const BrokerArgument& argument,
                  ExchangeSpec& exchange);
    void addQueue(const DefinitionsFile::Queue& from);
    void readQueueArgument(const DefinitionsFile::Queue& from, const BrokerArgument& argument,
                           QueueSpec& queue);
    void readDeadLetterExchange(const DefinitionsFile::Queue& from, const BrokerArgument& argument,
                                QueueSpec& queue);
    void leaveOutQueueArgument(const std::string& queue, const std::string& argument);
    void addBinding(const DefinitionsFile::Binding& from);
    bool hasBothEnds(const DefinitionsFile::Binding& from);
    std::optional<Table> bindingArguments(const DefinitionsFile::Binding& from,
                                          ExchangeType source);
    bool isTooLarge(std::size_t components, std::size_t links);
    void addPolicies();
    void noteRules();
    void addChecks();
    void describe();

    bool isHere(const auto& item) const { return item.vhost == m_vhost; }

    const DefinitionsFile& m_file;
    std::string m_vhost;
    Scenario m_scenario;
    LeftOutList m_leftOut;
    Problems m_problems;
    ImportedNames m_names;
    ArgumentReader m_arguments{m_problems};
    std::set<std::string> m_fedByLeftOut; ///< ids of queues
};

void Importer::addPredeclared() {
    for (const std::string& name : m_names.predeclared()) {
        ExchangeSpec exchange;
        exchange.type = m_names.typeOf(name);
        m_scenario.components.push_back({*m_names.exchange(name), std::move(exchange), {}});
    }
}

/// Whether it says what a hash exchange looks at.
bool Importer::readHash(const DefinitionsFile::Exchange& from, const BrokerArgument& argument,
                        ExchangeSpec& exchange) {
    if (exchange.type != ExchangeType::ConsistentHash) {
        return false;
    }
    if (argument.name == "hash-header") {
        exchange.hashHeader = m_arguments.textOf(argument, from.where).value_or("");
        return true;
    }
    if (argument.name != "hash-property") {
        return false;
    }
    if (const std::optional<std::string> name = m_arguments.textOf(argument, from.where)) {
        exchange.hashProperty = choiceNamed<HashProperty>(*name);
        if (!exchange.hashProperty) {
            m_arguments.wrong(from.where, argument,
                              fmt::format("is \"{}\"; it can be message_id, correlation_id or "
                                          "timestamp",
                                          *name));
        }
    }
    return true;
}

void Importer::addExchange(const DefinitionsFile::Exchange& from) {
    const std::string* id = m_names.exchange(from.name);
    if (id == nullptr || std::ranges::count(m_names.predeclared(), from.name) > 0) {
        return;
    }
    ExchangeSpec exchange;
    exchange.name = *id == from.name ? "" : from.name;
    exchange.type = m_names.typeOf(from.name);
    exchange.durable = from.durable;
    exchange.internal = from.internal;
    exchange.autoDelete = from.autoDelete;
    for (const BrokerArgument& argument : from.arguments) {
        if (readHash(from, argument, exchange)) {
            continue;
        }
        if (argument.name != "alternate-exchange") {
            m_leftOut.add(fmt::format("argument {} of an exchange", argument.name), "not simulated",
                          from.name);
            continue;
        }
        const std::optional<std::string> name = m_arguments.textOf(argument, from.where);
        if (name && m_names.exchange(*name) != nullptr) {
            exchange.alternateExchange = *m_names.exchange(*name);
        } else if (name) {
            m_leftOut.add(fmt::format("alternate exchange {}", *name),
                          "it is not in the scenario: what finds no queue is unroutable",
                          from.name);
        }
    }
    m_scenario.components.push_back({*id, std::move(exchange), {}});
}

void Importer::readDeadLetterExchange(const DefinitionsFile::Queue& from,
                                      const BrokerArgument& argument, QueueSpec& queue) {
    const std::optional<std::string> name = m_arguments.textOf(argument, from.where);
    if (!name) {
        return;
    }
    if (name->empty()) {
        queue.deadLetterExchange = "";
    } else if (const std::string* id = m_names.exchange(*name)) {
        queue.deadLetterExchange = *id;
    } else {
        m_leftOut.add(fmt::format("dead-letter exchange {}", *name),
                      "it is not in the scenario: dead letters are dropped", from.name);
    }
}

void Importer::leaveOutQueueArgument(const std::string& queue, const std::string& argument) {
    m_leftOut.add(fmt::format("argument {} of a queue", argument), whyLeftOut(argument), queue);
}

void Importer::readQueueArgument(const DefinitionsFile::Queue& from, const BrokerArgument& argument,
                                 QueueSpec& queue) {
    constexpr auto any = static_cast<std::uint64_t>(INT64_MAX);
    const std::string& name = argument.name;
    if (name == "x-message-ttl") {
        if (const auto milliseconds = m_arguments.numberOf(argument, from.where, millisecondsMax)) {
            queue.messageTtl = std::chrono::milliseconds{*milliseconds};
        }
    } else if (name == "x-expires") {
        if (const auto milliseconds = m_arguments.numberOf(argument, from.where, millisecondsMax)) {
            queue.expires = std::chrono::milliseconds{*milliseconds};
        }
    } else if (name == "x-max-length") {
        queue.maxLength = m_arguments.numberOf(argument, from.where, any);
    } else if (name == "x-max-length-bytes") {
        queue.maxLengthBytes = m_arguments.numberOf(argument, from.where, any);
    } else if (name == "x-overflow") {
        queue.overflow = importOverflow(argument, from.where, m_arguments);
    } else if (name == "x-dead-letter-exchange") {
        readDeadLetterExchange(from, argument, queue);
    } else if (name == "x-dead-letter-routing-key") {
        queue.deadLetterRoutingKey = m_arguments.textOf(argument, from.where);
    } else if (name == "x-max-priority") {
        const auto priorities = m_arguments.numberOf(argument, from.where, 255);
        if (priorities && *priorities > 0) {
            queue.maxPriority = static_cast<std::uint8_t>(*priorities);
        }
    } else if (name == "x-single-active-consumer") {
        const auto* flag = argument.value ? std::get_if<bool>(&*argument.value) : nullptr;
        if (flag == nullptr) {
            m_arguments.wrong(from.where, argument, "is not true or false");
        }
        queue.singleActiveConsumer = flag != nullptr && *flag;
    } else if (name != "x-queue-type") {
        leaveOutQueueArgument(from.name, name);
    }
}

void Importer::addQueue(const DefinitionsFile::Queue& from) {
    const std::string* id = m_names.queue(from.name);
    if (id == nullptr) {
        return;
    }
    QueueSpec queue;
    queue.name = *id == from.name ? "" : from.name;
    queue.durable = from.durable;
    if (from.type == "quorum") {
        queue.durable = true;
        m_leftOut.add("guarantees of a quorum queue", std::string{quorumPromisesMore}, from.name);
    }
    queue.autoDelete = from.autoDelete;
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
    m_scenario.components.push_back({*id, std::move(queue), {}});
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
        m_fedByLeftOut.insert(*destination);
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
        const std::optional<std::string> how = m_arguments.textOf(*match, from.where);
        if (how && how != "all" && how != "any" && how != "all-with-x" && how != "any-with-x") {
            m_arguments.wrong(
                from.where, *match,
                fmt::format("is \"{}\"; it can be all, any, all-with-x or any-with-x", *how));
        }
    }
    return table;
}

void Importer::addBinding(const DefinitionsFile::Binding& from) {
    if (from.source.empty() || !hasBothEnds(from)) {
        return; // the default exchange has its bindings by itself
    }
    std::optional<Table> arguments = bindingArguments(from, m_names.typeOf(from.source));
    if (!arguments) {
        return;
    }
    BindingLink binding;
    binding.from = *m_names.exchange(from.source);
    binding.to =
        from.toQueue ? *m_names.queue(from.destination) : *m_names.exchange(from.destination);
    binding.routingKey = from.routingKey;
    binding.arguments = std::move(*arguments);
    m_scenario.links.emplace_back(std::move(binding));
}

/// Notes it as a problem.
bool Importer::isTooLarge(std::size_t components, std::size_t links) {
    if (components <= componentsMax && links <= componentsMax) {
        return false;
    }
    m_problems.push_back({"", fmt::format("makes {} components and {} links; a scenario has at "
                                          "most {} of each",
                                          components, links, componentsMax)});
    return true;
}

/// The policies go with a broker of their own, which the scenario needs for nothing else.
void Importer::addPolicies() {
    std::vector<PolicySpec> policies = importPolicies(m_file, m_vhost, m_leftOut, m_problems);
    if (policies.empty()) {
        return;
    }
    std::set<std::string> ids;
    for (const ComponentEntry& entry : m_scenario.components) {
        ids.insert(entry.id);
    }
    std::string id = "broker";
    while (ids.contains(id)) {
        id += "'";
    }
    BrokerSpec broker;
    broker.policies = std::move(policies);
    m_scenario.components.push_back({std::move(id), std::move(broker), {}});
}

/// Everything in the file that is not topology.
void Importer::noteRules() {
    for (const DefinitionsFile::Rule& rule : m_file.rules) {
        if (rule.vhost != m_vhost) {
            continue;
        }
        m_leftOut.add(rule.kind, "not simulated", rule.name);
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
    const auto here = [this](const auto& item) { return isHere(item); };
    const auto things =
        std::ranges::count_if(m_file.queues, here) + std::ranges::count_if(m_file.exchanges, here);
    const auto bindings = std::ranges::count_if(m_file.bindings, here);
    if (isTooLarge(static_cast<std::size_t>(things), static_cast<std::size_t>(bindings))) {
        return std::move(m_problems);
    }
    addPredeclared();
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
    addPolicies();
    noteRules();
    addTraffic(m_scenario, m_fedByLeftOut);
    isTooLarge(m_scenario.components.size(), m_scenario.links.size());
    if (!m_problems.empty()) {
        return std::move(m_problems);
    }
    addChecks();
    describe();
    layOut(m_scenario);
    return Imported{std::move(m_scenario), m_leftOut.entries(), m_vhost};
}

} // namespace

Result<Imported> importRabbitmq(std::string_view json, const ImportOptions& options) {
    const Result<DefinitionsFile> file = readDefinitionsFile(json);
    if (!file) {
        return file.error();
    }
    const Result<std::string> vhost = chooseVhost(namesIn(thingsByVhost(*file)), options);
    if (!vhost) {
        return vhost.error();
    }
    return Importer{*file, *vhost}.run();
}

std::vector<std::string> rabbitmqVhosts(std::string_view json) {
    const Result<DefinitionsFile> file = readDefinitionsFile(json);
    if (!file) {
        return {};
    }
    const std::map<std::string, std::size_t> things = thingsByVhost(*file);
    std::vector<std::string> names = namesIn(things);
    std::ranges::stable_sort(names, std::greater{},
                             [&things](const std::string& name) { return things.at(name); });
    return names;
}

} // namespace sim
