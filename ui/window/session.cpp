#include "ui/window/session.h"

#include "sim/scenario/validate.h"
#include "ui/playback/live_source.h"
#include "ui/playback/speed.h"

#include <utility>

namespace ui {

namespace {

/// The scenario without what no run depends on.
sim::Scenario simulated(sim::Scenario scenario) {
    scenario.title.clear();
    scenario.description.clear();
    for (sim::ComponentEntry& entry : scenario.components) {
        entry.position = {};
    }
    return scenario;
}

} // namespace

Session::Session(Document& document, Player& player, QObject* parent)
    : QObject(parent)
    , m_document(document)
    , m_player(player) {
    connect(&document, &Document::replaced, this, &Session::startAnew);
    connect(&document, &Document::changed, this, &Session::follow);
}

void Session::openWith(sim::Scenario scenario, std::vector<sim::FaultSpec> interventions,
                       sim::Instant at) {
    m_next = {at, std::move(interventions)};
    m_document.replace(std::move(scenario), {});
}

void Session::startAnew() {
    m_running = simulated(m_document.scenario());
    m_player.setSpeed(speedFor(m_document.scenario()));
    start(std::exchange(m_next, {}));
}

void Session::follow() {
    sim::Scenario wanted = simulated(m_document.scenario());
    if (wanted == m_running) {
        return;
    }
    m_running = std::move(wanted);
    start({m_player.playhead(), m_player.interventions()});
}

void Session::start(Opening opening) {
    const bool isEmpty = m_running.components.empty();
    m_problems = isEmpty ? sim::Problems() : sim::validate(m_document.scenario());
    const bool canRun = m_problems.empty() && !isEmpty;
    const bool wasPlaying = m_player.isPlaying();
    m_player.open(canRun ? std::make_unique<LiveSource>(m_document.scenario(),
                                                        std::move(opening.interventions))
                         : nullptr,
                  opening.at);
    if (wasPlaying && opening.at > sim::start) {
        m_player.play();
    }
    emit problemsChanged();
}

} // namespace ui
