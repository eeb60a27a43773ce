#pragma once

#include "ui/document/document.h"
#include "ui/playback/player.h"

#include <QObject>

namespace ui {

/// Keeps the run in step with the document: another scenario, or a change that matters to a run,
/// starts it anew at the same instant with the same interventions; moving a card does not.
class Session : public QObject {
    Q_OBJECT

public:
    /// Both outlive the session.
    Session(Document& document, Player& player, QObject* parent = nullptr);

    /// What keeps the document from being run; empty while a run is there.
    const sim::Problems& problems() const { return m_problems; }

    /// Opens a scenario without a file and runs it with these interventions up to `at`.
    void openWith(sim::Scenario scenario, std::vector<sim::FaultSpec> interventions,
                  sim::Instant at);

signals:
    void problemsChanged();

private:
    /// Where the next run begins.
    struct Opening {
        sim::Instant at = sim::start;
        std::vector<sim::FaultSpec> interventions;
    };

    void startAnew();
    void follow();
    void start(Opening opening);

    Document& m_document;
    Player& m_player;
    sim::Scenario m_running; ///< as simulated: without what only the eye sees
    sim::Problems m_problems;
    Opening m_next; ///< of the scenario that is being opened
};

} // namespace ui
