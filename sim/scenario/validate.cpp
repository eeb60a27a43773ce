#include "sim/scenario/validate.h"

#include "sim/scenario/broker_name.h"
#include "sim/scenario/validation.h"

namespace sim {
namespace {

constexpr std::uint16_t anything = 0xffff;

Referents referentsOf(const Scenario& scenario, const std::set<std::size_t>& unread) {
    Referents referents;
    for (std::size_t i = 0; i < scenario.components.size(); ++i) {
        const ComponentEntry& entry = scenario.components[i];
        const std::uint16_t kind = unread.contains(i) ? anything : referenceKind(entry.spec);
        referents.components.emplace(entry.id, kind);
        referents.allEventTypes = referents.allEventTypes || unread.contains(i);
        const auto* producer = std::get_if<ProducerSpec>(&entry.spec);
        if (producer == nullptr) {
            continue;
        }
        for (const EventTypeSpec& type : producer->types) {
            referents.eventTypes.insert(type.name);
        }
    }
    return referents;
}

void validateIds(const Scenario& scenario, CheckContext& context) {
    std::map<std::string_view, std::size_t> first;
    for (std::size_t i = 0; i < scenario.components.size(); ++i) {
        const std::string& id = scenario.components[i].id;
        const auto [found, isNew] = first.emplace(id, i);
        if (!isNew) {
            context.add(
                fmt::format("/components/{}/id", i),
                fmt::format("\"{}\" is already the id of /components/{}", id, found->second));
        }
    }
}

void validateWhole(const Scenario& scenario, CheckContext& context) {
    if (scenario.components.size() > componentsMax) {
        context.add("/components", fmt::format("{} components are too many; allowed: up to {}",
                                               scenario.components.size(), componentsMax));
    }
    if (scenario.links.size() > linksMax) {
        context.add("/links", fmt::format("{} links are too many; allowed: up to {}",
                                          scenario.links.size(), linksMax));
    }
    if (scenario.warmup >= scenario.duration && scenario.warmup > 0s) {
        context.add("/warmup",
                    fmt::format("{} is not before the end of the run at {}",
                                writeDuration(scenario.warmup), writeDuration(scenario.duration)));
    }
}

} // namespace

Validation::Validation(const Scenario& scenario, const std::set<std::size_t>& unread,
                       CheckContext& context)
    : m_scenario(scenario)
    , m_unread(unread)
    , m_context(context) {
    for (std::size_t i = 0; i < scenario.components.size(); ++i) {
        m_byId.emplace(scenario.components[i].id, i);
    }
}

std::size_t Validation::brokers() const {
    std::size_t count = 0;
    forEach<BrokerSpec>([&](const auto&...) { ++count; });
    return count;
}

BrokerSpec Validation::brokerNamed(const std::string& id) const {
    BrokerSpec found;
    forEach<BrokerSpec>([&](const BrokerSpec& spec, const std::string& name, const std::string&) {
        found = areSameBroker(id, name) ? spec : found;
    });
    return found;
}

void Validation::validateNode(std::uint32_t node, const std::string& broker,
                              std::string pointer) const {
    const std::uint32_t nodes = brokerNamed(broker).nodes;
    if (node > nodes) {
        add(std::move(pointer),
            fmt::format("{} is out of range: the broker has {} node{}", node, nodes,
                        nodes == 1 ? "" : "s"));
    }
}

Problems validate(const Scenario& scenario, const std::set<std::size_t>& unread) {
    const Referents referents = referentsOf(scenario, unread);
    CheckContext context{&referents, {}};
    validateWhole(scenario, context);
    FieldCheck fields("", Unit::None, context);
    describe(scenario, fields);
    validateIds(scenario, context);
    const Validation all(scenario, unread, context);
    validateRabbitmq(all);
    validateFlow(all);
    validateAws(all);
    validateFaults(all);
    return context.problems;
}

Problems validate(const Scenario& scenario) { return validate(scenario, {}); }

} // namespace sim
