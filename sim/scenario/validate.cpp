#include "sim/scenario/validate.h"

#include "sim/scenario/field_check.h"

namespace sim {
namespace {

constexpr std::uint8_t anything = 0xff;

Referents referentsOf(const Scenario& scenario, const std::set<std::size_t>& unread) {
    Referents referents;
    for (std::size_t i = 0; i < scenario.components.size(); ++i) {
        const ComponentEntry& entry = scenario.components[i];
        const std::uint8_t kind = unread.contains(i) ? anything : referenceKind(entry.spec);
        referents.components.emplace(entry.id, kind);
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

} // namespace

Problems validate(const Scenario& scenario, const std::set<std::size_t>& unread) {
    const Referents referents = referentsOf(scenario, unread);
    CheckContext context{&referents, {}};
    FieldCheck fields("", Unit::None, context);
    describe(scenario, fields);
    return context.problems;
}

Problems validate(const Scenario& scenario) { return validate(scenario, {}); }

} // namespace sim
