#include "ui/window/finder.h"

#include "ui/common/component_text.h"
#include "ui/common/text.h"
#include "ui/window/panels.h"

#include <QObject>

namespace ui {

namespace {

std::vector<Choice> placesIn(const sim::Scenario& scenario, Panels& panels) {
    std::vector<Choice> places;
    for (std::size_t i = 0; i < scenario.components.size(); ++i) {
        const sim::ComponentEntry& entry = scenario.components[i];
        const auto id = static_cast<sim::ComponentId>(i);
        places.push_back({QStringLiteral("%1   %2").arg(qText(entry.id), kindText(entry.spec)),
                          [&panels, id] { panels.showComponent(id); }});
    }
    for (std::size_t i = 0; i < scenario.links.size(); ++i) {
        const auto id = static_cast<sim::LinkId>(i);
        const QString ends = std::visit(
            [](const auto& link) {
                return QStringLiteral("%1 → %2").arg(qText(link.from), qText(link.to));
            },
            scenario.links[i]);
        places.push_back({ends, [&panels, id] { panels.showLink(id); }});
    }
    return places;
}

/// A message, where a number is typed, and the facts that say it.
std::vector<Choice> factsAbout(const QString& typed, Panels& panels) {
    std::vector<Choice> choices;
    bool isNumber = false;
    const auto number = QString(typed).remove(u'#').toULongLong(&isNumber);
    if (isNumber) {
        choices.push_back({QObject::tr("Message #%1").arg(number),
                           [&panels, number] { panels.showMessage(sim::MessageId{number}); }});
    }
    if (!typed.isEmpty()) {
        choices.push_back({QObject::tr("Facts that say “%1”").arg(typed),
                           [&panels, typed] { panels.showFacts(typed); }});
    }
    return choices;
}

} // namespace

Chooser* makeFinder(const sim::Scenario& scenario, Panels& panels, QWidget* parent) {
    auto* finder = new Chooser(QObject::tr("Find"),
                               QObject::tr("A component, a link, a message number, a key"),
                               placesIn(scenario, panels), parent);
    finder->setFurther([&panels](const QString& typed) { return factsAbout(typed, panels); });
    return finder;
}

} // namespace ui
