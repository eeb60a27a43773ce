#include "ui/canvas/spotlight.h"

#include "sim/observe/journey.h"
#include "ui/common/text.h"

#include <QObject>

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
    Spotlight light{.title = QObject::tr("Witness: %1").arg(qText(verdict.check)),
                    .messages = {verdict.messages.begin(), verdict.messages.end()},
                    .components = {},
                    .path = {}};
    for (const auto* records : {&witness.records, &verdict.records}) {
        for (const sim::TraceRecord& record : *records) {
            addRecord(light, record);
        }
    }
    return light;
}

Spotlight spotlightOn(const QString& title, const sim::RouteAnswer& answer,
                      const std::optional<Route>& from) {
    Spotlight light{.title = title,
                    .messages = {},
                    .components = {answer.places.begin(), answer.places.end()},
                    .path = std::set<sim::LinkId>(answer.path.begin(), answer.path.end())};
    if (from) {
        light.components.insert(from->from);
        light.path->insert(from->link);
    }
    return light;
}

double strengthOf(const std::optional<Spotlight>& light, sim::ComponentId component) {
    return strength(!light || light->components.contains(component));
}

double strengthOf(const std::optional<Spotlight>& light, sim::MessageId message) {
    return strength(!light || light->messages.contains(message));
}

double strengthOf(const std::optional<Spotlight>& light, const Route& route) {
    if (light && light->path) {
        return strength(isPath(light, route));
    }
    return std::min(strengthOf(light, route.from), strengthOf(light, route.to));
}

bool isPath(const std::optional<Spotlight>& light, const Route& route) {
    if (!light || !light->path) {
        return false;
    }
    return route.link != sim::noLink
               ? light->path->contains(route.link)
               : route.kind == Route::Kind::Alternate && light->components.contains(route.from) &&
                     light->components.contains(route.to);
}

} // namespace ui
