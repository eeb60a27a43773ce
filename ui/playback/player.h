#pragma once

#include "ui/playback/frame_source.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

namespace ui {

/// The playhead of a run: plays, steps and seeks, and hands on every new frame. A timer of 60 Hz
/// looks for finished frames and asks for the next one; it never waits for the engine, which may
/// fall behind the wanted speed but never the window.
class Player : public QObject {
    Q_OBJECT

public:
    explicit Player(QObject* parent = nullptr);

    /// Plays another run from now on, paused, at `at`. Null: no run.
    void open(std::unique_ptr<FrameSource> source, sim::Instant at = sim::start);

    bool hasRun() const { return m_source != nullptr; }
    bool isPlaying() const { return m_playing; }
    double speed() const { return m_speed; }
    sim::Instant playhead() const { return m_frame ? m_frame->at : sim::start; }
    sim::Duration duration() const { return m_source ? m_source->duration() : sim::Duration(); }
    std::shared_ptr<const sim::Frame> frame() const { return m_frame; }
    /// The scenario's faults, then the interventions: the positions that frames name.
    std::vector<sim::FaultSpec> faults() const;
    /// Made by hand so far.
    std::vector<sim::FaultSpec> interventions() const;
    /// What the ids in frames stand for; null: no run.
    std::shared_ptr<const sim::Catalogue> catalogue() const {
        return m_source ? m_source->catalogue() : nullptr;
    }
    /// Simulated time for which something quick stays to be seen at this speed.
    sim::Duration fade() const;
    /// Whether a frame was asked for and has not come.
    bool isWaiting() const { return m_waiting; }

public slots:
    void play();
    void pause();
    void toggle();
    void stepEvent();
    void stepBack(); ///< to the fact before
    void seek(sim::Instant at);
    void seekStart() { seek(sim::start); }
    void seekEnd() { seek(sim::start + duration()); }
    /// Plays as fast as possible up to an instant, then pauses.
    void runUntil(sim::Instant at);
    void setSpeed(double speed);
    void faster();
    void slower();
    void inject(const sim::FaultSpec& fault);
    /// What the timer does; tests call it themselves.
    void tick();

signals:
    void opened(); ///< another run; its first frame follows
    void framed(const std::shared_ptr<const sim::Frame>& frame);
    void playingChanged(bool playing);
    void speedChanged(double speed);
    void faultsChanged(); ///< an intervention was added

private:
    void setPlaying(bool playing);
    void takeFrame();
    void advance();
    void request(sim::Instant at);

    std::unique_ptr<FrameSource> m_source;
    std::shared_ptr<const sim::Frame> m_frame;
    QTimer m_timer;
    QElapsedTimer m_sinceAdvance;
    bool m_playing = false;
    bool m_waiting = false;
    double m_speed = 1;
    std::optional<sim::Instant> m_until;
};

} // namespace ui
