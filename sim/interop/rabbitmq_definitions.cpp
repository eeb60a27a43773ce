#include "sim/interop/rabbitmq_definitions.h"

#include "sim/interop/imported_federation.h"
#include "sim/interop/imported_shovels.h"
#include "sim/interop/imported_traffic.h"
#include "sim/interop/imported_vhost.h"
#include "sim/interop/layout.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <functional>
#include <iterator>
#include <map>

namespace sim {
namespace {

/// As many as a run can tell apart: ComponentId and LinkId have 16 bits.
constexpr std::size_t componentsMax = 65'000;

std::vector<std::string> namesIn(const std::map<std::string, std::size_t>& things) {
    std::vector<std::string> names;
    names.reserve(things.size());
    for (const auto& [name, count] : things) {
        names.push_back(name);
    }
    return names;
}

/// The virtual hosts to import, by name. A file that does not name its only one has one named "".
Result<std::vector<std::string>> chooseVhosts(const std::vector<std::string>& vhosts,
                                              const ImportOptions& options) {
    if (vhosts.empty()) {
        return Problems{{"", "holds no exchange and no queue"}};
    }
    const bool unnamed = vhosts.size() == 1 && vhosts.front().empty();
    if (!options.vhost || unnamed) {
        return vhosts;
    }
    if (std::ranges::find(vhosts, *options.vhost) == vhosts.end()) {
        return Problems{{"", fmt::format("holds nothing in a virtual host \"{}\": choose one of {}",
                                         *options.vhost, fmt::join(vhosts, ", "))}};
    }
    return std::vector{*options.vhost};
}

/// Makes one scenario of some virtual hosts of one file.
class Import {
public:
    Import(const DefinitionsFile& file, std::vector<std::string> vhosts,
           const ImportOptions& options)
        : m_file(file)
        , m_options(options)
        , m_vhosts(std::move(vhosts)) {}

    Result<Imported> run();

private:
    bool isTooLarge(std::size_t components, std::size_t links);
    void add(ImportedVhost made, const std::string& vhost, JsonObject kept);
    void noteRules();
    void addChecks();
    void describe();
    bool isImported(const auto& item) const {
        return std::ranges::find(m_vhosts, item.vhost) != m_vhosts.end();
    }

    const DefinitionsFile& m_file;
    const ImportOptions& m_options;
    std::vector<std::string> m_vhosts;
    ImportTarget m_target;
    Scenario m_scenario;
};

/// Notes it as a problem.
bool Import::isTooLarge(std::size_t components, std::size_t links) {
    if (components <= componentsMax && links <= componentsMax) {
        return false;
    }
    m_target.problems.push_back({"", fmt::format("makes {} components and {} links; a scenario has "
                                                 "at most {} of each",
                                                 components, links, componentsMax)});
    return true;
}

void setBroker(std::vector<ComponentEntry>& components, const std::string& broker) {
    for (ComponentEntry& entry : components) {
        if (auto* exchange = std::get_if<ExchangeSpec>(&entry.spec)) {
            exchange->broker = broker;
        } else if (auto* queue = std::get_if<QueueSpec>(&entry.spec)) {
            queue->broker = broker;
        }
    }
}

/// The releases that the file is of; those of a new broker where it does not say.
RabbitmqVersion versionOf(const JsonValue& file) {
    const JsonValue* said = file.find("rabbit_version");
    const auto* text = said == nullptr ? nullptr : std::get_if<std::string>(&said->value);
    const std::string version = text == nullptr ? "" : *text;
    if (version.empty() || version.front() < '0' || version.front() > '9') {
        return BrokerSpec{}.version;
    }
    if (version.starts_with("3.")) {
        return RabbitmqVersion::V3_13;
    }
    const bool isEarly =
        version.starts_with("4.0") || version.starts_with("4.1") || version.starts_with("4.2");
    return isEarly ? RabbitmqVersion::V4_0 : RabbitmqVersion::V4_3;
}

/// The topology with clients, and a broker where there is anything to say of it.
void Import::add(ImportedVhost made, const std::string& vhost, JsonObject kept) {
    const bool isOne = m_vhosts.size() == 1;
    BrokerSpec broker;
    broker.vhost = vhost.empty() ? broker.vhost : vhost;
    broker.version = versionOf(m_file.json);
    broker.policies = std::move(made.policies);
    broker.definitions = std::move(kept);
    if (!isOne || broker != BrokerSpec{}) {
        const std::string id = m_target.ids.make(isOne ? "broker" : broker.vhost);
        setBroker(made.scenario.components, isOne ? "" : id);
        made.scenario.components.push_back({id, std::move(broker), {}});
    }
    addTraffic(made.scenario, made.fedByLeftOut, made.emptiedByShovels, m_target.ids);
    std::ranges::move(made.scenario.components, std::back_inserter(m_scenario.components));
    std::ranges::move(made.scenario.links, std::back_inserter(m_scenario.links));
}

/// Everything in the file that is not topology.
void Import::noteRules() {
    for (const DefinitionsFile::Rule& rule : m_file.rules) {
        if (isImported(rule) && rule.kind != "shovel" && !isOfFederation(rule)) {
            m_target.leftOut.add(rule.kind, "not simulated", rule.name);
        }
    }
    for (const auto& [section, count] : m_file.users) {
        m_target.leftOut.add("access control", "everybody may do everything in the simulation",
                             fmt::format("{} {}", count, section));
    }
}

void Import::addChecks() {
    const std::vector<CheckKind> kinds{NoLossCheck{}, KeyOrderCheck{}, NoDuplicateEffectCheck{},
                                       ConservationCheck{}, NoUnroutableCheck{}};
    for (const CheckKind& kind : kinds) {
        CheckSpec check;
        check.what = kind;
        m_scenario.checks.push_back(std::move(check));
    }
}

void Import::describe() {
    const bool isDefault =
        m_vhosts.size() == 1 && (m_vhosts.front().empty() || m_vhosts.front() == "/");
    m_scenario.title = isDefault
                           ? "Imported from RabbitMQ"
                           : fmt::format("Imported from RabbitMQ: {}", fmt::join(m_vhosts, ", "));
    m_scenario.description =
        "The exchanges, queues and bindings are those of the broker. Producers and consumers are "
        "guesses, because a definitions file does not name them: set their rates, event types, "
        "service times, prefetch and acknowledgements to what yours do.";
}

Result<Imported> Import::run() {
    const auto here = [this](const auto& item) { return isImported(item); };
    const auto things =
        std::ranges::count_if(m_file.queues, here) + std::ranges::count_if(m_file.exchanges, here);
    const auto bindings = std::ranges::count_if(m_file.bindings, here);
    if (isTooLarge(static_cast<std::size_t>(things), static_cast<std::size_t>(bindings))) {
        return std::move(m_target.problems);
    }
    std::vector<ImportedVhost> made;
    for (const std::string& vhost : m_vhosts) {
        made.push_back(importVhost(m_file, vhost, m_target));
    }
    const ImportedForwarders shovels = importShovels(m_file, m_vhosts, made, m_target);
    const ImportedForwarders federation = importFederation(m_file, m_vhosts, made, m_target);
    std::vector<JsonObject> kept = keptDefinitions(
        m_file, m_target.held,
        {.vhosts = m_vhosts, .otherVhosts = !m_options.vhost, .users = m_options.users});
    std::vector<std::string> secrets = secretsIn(kept);
    for (std::size_t i = 0; i < made.size(); ++i) {
        add(std::move(made[i]), m_vhosts[i], std::move(kept[i]));
    }
    for (const ImportedForwarders& each : {shovels, federation}) {
        std::ranges::copy(each.components, std::back_inserter(m_scenario.components));
        std::ranges::copy(each.links, std::back_inserter(m_scenario.links));
    }
    noteRules();
    isTooLarge(m_scenario.components.size(), m_scenario.links.size());
    if (!m_target.problems.empty()) {
        return std::move(m_target.problems);
    }
    addChecks();
    describe();
    layOut(m_scenario);
    return Imported{std::move(m_scenario), m_target.leftOut.entries(), std::move(secrets)};
}

} // namespace

Result<Imported> importRabbitmq(std::string_view json, const ImportOptions& options) {
    const Result<DefinitionsFile> file = readDefinitionsFile(json);
    if (!file) {
        return file.error();
    }
    auto vhosts = chooseVhosts(namesIn(thingsByVhost(*file)), options);
    if (!vhosts) {
        return vhosts.error();
    }
    return Import{*file, std::move(*vhosts), options}.run();
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
