#include "ui/canvas/spotlight.h"

#include "sim/observe/journey.h"
#include "ui/common/text.h"

namespace ui {

namespace {

double strength(bool lit) { return lit ? 1 : faint; }

void addRecord(Spotlight& light, const sim::TraceRecord& record) {
    for (const sim::ComponentId component : {record.component, record.peer}) {
        if (component != sim::noComponent) {
            light.components.insert(component);
        }
    }
    if (sim::isAboutMessage(record) && record.key != sim::noKey) {
        light.messages.insert(record.message);
    }
}

} // namespace

Spotlight spotlightOn(const sim::Verdict& verdict, const sim::Witness& witness) {
    Spotlight light{.title = qText(verdict.check),
                    .messages = {verdict.messages.begin(), verdict.messages.end()},
                    .components = {}};
    for (const auto* records : {&witness.records, &verdict.records}) {
        for (const sim::TraceRecord& record : *records) {
            addRecord(light, record);
        }
    }
    return light;
}

double strengthOf(const std::optional<Spotlight>& light, sim::ComponentId component) {
    return strength(!light || light->components.contains(component));
}

double strengthOf(const std::optional<Spotlight>& light, sim::MessageId message) {
    return strength(!light || light->messages.contains(message));
}

double strengthOf(const std::optional<Spotlight>& light, sim::ComponentId from,
                  sim::ComponentId to) {
    return std::min(strengthOf(light, from), strengthOf(light, to));
}

} // namespace ui
