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

signals:
    void problemsChanged();

private:
    void startAnew();
    void follow();
    void start(sim::Instant at, std::vector<sim::FaultSpec> interventions);

    Document& m_document;
    Player& m_player;
    sim::Scenario m_running; ///< as simulated: without what only the eye sees
    sim::Problems m_problems;
};

} // namespace ui
