#include "ui/inspect/fault_choice.h"

#include "sim/scenario/describe.h"
#include "ui/common/text.h"
#include "ui/inspect/field_text.h"

#include <optional>
#include <utility>

namespace ui {

namespace {

/// The places that a fault is aimed at, from the descriptions of its fields.
class Aim {
public:
    template <typename T> void operator()(const sim::Field& field, T& value) {
        if constexpr (std::is_same_v<T, std::string>) {
            take(field, value);
        }
    }

    std::string* target = nullptr;
    std::string* from = nullptr;
    std::string* to = nullptr;
    std::uint16_t targetKinds = 0;
    std::uint16_t fromKinds = 0;
    std::uint16_t toKinds = 0;
    bool needed = false; ///< an empty target is a problem

private:
    void take(const sim::Field& field, std::string& value) {
        if (field.key == "target") {
            target = &value;
            targetKinds = field.refersTo;
            needed = field.filled;
        } else if (field.key == "from") {
            from = &value;
            fromKinds = field.refersTo;
        } else if (field.key == "to") {
            to = &value;
            toKinds = field.refersTo;
        }
    }
};

Aim aimOf(sim::FaultSpec& fault) {
    Aim aim;
    std::visit([&aim](auto& kind) { describe(kind, aim); }, fault.what);
    return aim;
}

std::uint16_t kindOf(const sim::Scenario& scenario, const std::string& id) {
    for (const sim::ComponentEntry& entry : scenario.components) {
        if (entry.id == id) {
            return sim::referenceKind(entry.spec);
        }
    }
    return 0;
}

/// Where a queue or an exchange lives: the id of its broker, empty for the only one.
std::optional<std::string> brokerOf(const sim::ComponentSpec& spec) {
    if (const auto* queue = std::get_if<sim::QueueSpec>(&spec)) {
        return queue->broker;
    }
    const auto* exchange = std::get_if<sim::ExchangeSpec>(&spec);
    return exchange != nullptr ? std::optional(exchange->broker) : std::nullopt;
}

/// Whether it is a cut through the nodes of a broker that has one.
bool cutsNothing(const sim::FaultSpec& fault, const sim::ComponentEntry& entry) {
    const auto* broker = std::get_if<sim::BrokerSpec>(&entry.spec);
    return std::holds_alternative<sim::ClusterPartitionFault>(fault.what) &&
           (broker == nullptr || broker->nodes == 1);
}

/// Whether it is a purge, and not of a queue: a stream cannot be purged.
bool purgesNothing(const sim::FaultSpec& fault, const sim::ComponentEntry& entry) {
    const auto* queue = std::get_if<sim::QueueSpec>(&entry.spec);
    return std::holds_alternative<sim::PurgeFault>(fault.what) &&
           (queue == nullptr || queue->type == sim::QueueType::Stream);
}

/// A queue or an exchange is struck by what strikes its broker.
bool aimAt(sim::FaultSpec& fault, const sim::ComponentEntry& entry) {
    if (cutsNothing(fault, entry) || purgesNothing(fault, entry)) {
        return false;
    }
    const Aim aim = aimOf(fault);
    if (const auto broker = brokerOf(entry.spec);
        broker.has_value() && aim.targetKinds == sim::refers::ToBroker) {
        *aim.target = *broker;
        return true;
    }
    const bool fits =
        aim.target != nullptr && (aim.targetKinds & sim::referenceKind(entry.spec)) != 0;
    if (fits) {
        *aim.target = entry.id;
    }
    return fits;
}

/// A fault says its link in the direction of the messages; confirms come back from `to`.
bool aimAt(sim::FaultSpec& fault, const sim::LinkSpec& link, const sim::Scenario& scenario) {
    if (std::holds_alternative<sim::BindingLink>(link)) {
        return false;
    }
    const auto [from, to] =
        std::visit([](const auto& each) { return std::pair(each.from, each.to); }, link);
    const Aim aim = aimOf(fault);
    const bool fits = aim.from != nullptr && aim.to != nullptr &&
                      (aim.fromKinds & kindOf(scenario, from)) != 0 &&
                      (aim.toKinds & kindOf(scenario, to)) != 0;
    if (fits) {
        *aim.from = from;
        *aim.to = to;
    }
    return fits;
}

/// A poison must be of something: of the first event type.
void choosePoison(sim::FaultSpec& fault, const sim::Scenario& scenario) {
    auto* poison = std::get_if<sim::PoisonFault>(&fault.what);
    for (const sim::ComponentEntry& entry : scenario.components) {
        const auto* producer = std::get_if<sim::ProducerSpec>(&entry.spec);
        if (poison != nullptr && producer != nullptr && !producer->types.empty()) {
            poison->type = producer->types.front().name;
            return;
        }
    }
}

/// A change of policies must change something: the first policy goes, or there is one.
void choosePolicy(sim::FaultSpec& fault, const sim::Scenario& scenario) {
    auto* change = std::get_if<sim::PolicyChangeFault>(&fault.what);
    if (change == nullptr) {
        return;
    }
    std::vector<const sim::BrokerSpec*> brokers;
    for (const sim::ComponentEntry& entry : scenario.components) {
        if (const auto* broker = std::get_if<sim::BrokerSpec>(&entry.spec)) {
            brokers.push_back(broker);
        }
    }
    if (brokers.size() == 1 && !brokers.front()->policies.empty()) {
        change->clear = {brokers.front()->policies.front().name};
        return;
    }
    sim::PolicySpec limit;
    limit.name = "limit";
    limit.applyTo = sim::ApplyTo::Queues;
    limit.maxLength = 10;
    change->set = {limit};
}

std::vector<sim::FaultSpec> faultsOfAllKinds(const sim::Scenario& scenario) {
    std::vector<sim::FaultSpec> all;
    for (const sim::FaultKind& kind : sim::everyKind<sim::FaultKind>()) {
        all.push_back(
            {.name = {}, .when = {.at = {}, .duration = faultLasts, .every = {}}, .what = kind});
        choosePoison(all.back(), scenario);
        choosePolicy(all.back(), scenario);
    }
    return all;
}

void aimAtFirst(sim::FaultSpec& fault, const sim::Scenario& scenario) {
    for (const sim::ComponentEntry& entry : scenario.components) {
        if (aimAt(fault, entry)) {
            return;
        }
    }
    for (const sim::LinkSpec& link : scenario.links) {
        if (aimAt(fault, link, scenario)) {
            return;
        }
    }
}

} // namespace

std::vector<sim::FaultSpec> everyFault(const sim::Scenario& scenario) {
    std::vector<sim::FaultSpec> all = faultsOfAllKinds(scenario);
    for (sim::FaultSpec& fault : all) {
        aimAtFirst(fault, scenario);
    }
    return all;
}

std::vector<sim::FaultSpec> faultsFor(const sim::Scenario& scenario, sim::ComponentId component) {
    std::vector<sim::FaultSpec> all = faultsOfAllKinds(scenario);
    const sim::ComponentEntry& entry = scenario.components.at(sim::index(component));
    std::erase_if(all, [&entry](sim::FaultSpec& fault) { return !aimAt(fault, entry); });
    return all;
}

std::vector<sim::FaultSpec> faultsFor(const sim::Scenario& scenario, sim::LinkId link) {
    std::vector<sim::FaultSpec> all = faultsOfAllKinds(scenario);
    const sim::LinkSpec& line = scenario.links.at(sim::index(link));
    std::erase_if(all, [&](sim::FaultSpec& fault) { return !aimAt(fault, line, scenario); });
    return all;
}

bool hasTarget(const sim::FaultSpec& fault) {
    sim::FaultSpec copy = fault;
    const Aim aim = aimOf(copy);
    const bool component = aim.target == nullptr || !aim.needed || !aim.target->empty();
    const bool link = aim.from == nullptr || (!aim.from->empty() && !aim.to->empty());
    return component && link;
}

QString faultKindText(const sim::FaultKind& kind) {
    QString text = labelOf(sim::kindName(kind));
    return text.replace(u'-', u' ');
}

} // namespace ui
