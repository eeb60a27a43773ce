#include "ui/playback/player.h"

#include "ui/playback/speed.h"

#include <algorithm>

namespace ui {

namespace {

constexpr int tickMs = 16;
constexpr qint64 lagMaxNs = 100'000'000; // a window that slept does not leap
constexpr double fadeOnScreen = 0.3e9;   // nanoseconds on the wall

sim::Duration scaled(double nanoseconds) {
    return sim::Distribution::wholeDuration(std::max(nanoseconds, 1.0));
}

} // namespace

Player::Player(QObject* parent) : QObject(parent) {
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setInterval(tickMs);
    connect(&m_timer, &QTimer::timeout, this, &Player::tick);
}

void Player::open(std::unique_ptr<FrameSource> source, sim::Instant at) {
    setPlaying(false);
    m_source = std::move(source);
    m_frame.reset();
    m_until.reset();
    m_waiting = false;
    emit opened();
    emit framed(nullptr);
    emit faultsChanged();
    if (m_source == nullptr) {
        m_timer.stop();
        return;
    }
    request(at);
    m_timer.start();
}

std::vector<sim::FaultSpec> Player::faults() const {
    if (m_source == nullptr) {
        return {};
    }
    std::vector<sim::FaultSpec> all = m_source->plannedFaults();
    const std::vector<sim::FaultSpec> made = interventions();
    all.insert(all.end(), made.begin(), made.end());
    return all;
}

std::vector<sim::FaultSpec> Player::interventions() const {
    return m_frame ? m_frame->interventions : std::vector<sim::FaultSpec>();
}

sim::Duration Player::fade() const {
    const double shown = std::min(m_speed, 20.0); // at full speed, too, a streak is a streak
    return scaled(fadeOnScreen * shown);
}

void Player::play() {
    if (m_source == nullptr) {
        return;
    }
    if (m_frame && m_frame->at >= m_frame->end) {
        seekStart(); // at the end, playing means playing again
    }
    m_sinceAdvance.restart();
    setPlaying(true);
}

void Player::pause() {
    m_until.reset();
    setPlaying(false);
    if (m_waiting && m_frame && m_frame->advancing) {
        request(m_frame->at); // a long way was begun: stay where it is now
    }
}

void Player::toggle() { m_playing ? pause() : play(); }

void Player::stepEvent() {
    if (m_source != nullptr) {
        pause();
        m_source->stepEvent();
        m_waiting = true;
    }
}

void Player::stepBack() {
    if (!m_frame) {
        return;
    }
    const sim::TraceLog& log = m_frame->log;
    const std::size_t here = log.lowerBound(m_frame->at);
    pause();
    seek(here > log.firstKept() ? log[here - 1].at : sim::start);
}

void Player::seek(sim::Instant at) {
    if (m_source != nullptr) {
        m_until.reset();
        request(std::clamp(at, sim::start, sim::start + duration()));
        m_sinceAdvance.restart();
    }
}

void Player::runUntil(sim::Instant at) {
    if (m_source == nullptr || at <= playhead()) {
        seek(at);
        return;
    }
    play();
    m_until = std::min(at, sim::start + duration());
}

void Player::setSpeed(double speed) {
    m_speed = speed > speedMax ? speedUnlimited : std::max(speed, speedMin);
    emit speedChanged(m_speed);
}

void Player::faster() { setSpeed(nextSpeed(m_speed, 1)); }

void Player::slower() { setSpeed(nextSpeed(m_speed, -1)); }

void Player::inject(const sim::FaultSpec& fault) {
    if (m_source != nullptr) {
        m_source->inject(fault);
        m_waiting = true;
    }
}

void Player::tick() {
    takeFrame();
    if (m_playing && !m_waiting) {
        advance();
    }
}

void Player::takeFrame() {
    std::shared_ptr<const sim::Frame> frame = m_source ? m_source->frame() : nullptr;
    if (!frame || (m_frame && frame->number == m_frame->number)) {
        return;
    }
    const bool intervened = interventions() != frame->interventions;
    m_frame = std::move(frame);
    m_waiting = m_frame->advancing;
    if (intervened) {
        emit faultsChanged();
    }
    emit framed(m_frame);
    const sim::Instant stop = std::min(m_until.value_or(m_frame->end), m_frame->end);
    if (m_playing && (m_frame->at >= stop || m_frame->standsStill)) {
        pause();
    }
}

/// Asks for the next frame: where the wall clock says, or as far as the run goes.
void Player::advance() {
    const sim::Instant stop = m_until.value_or(sim::start + duration());
    const qint64 wall = std::min(m_sinceAdvance.nsecsElapsed(), lagMaxNs);
    m_sinceAdvance.restart();
    const bool unlimited = m_speed > speedMax || m_until.has_value();
    const sim::Duration step = scaled(static_cast<double>(wall) * m_speed);
    request(unlimited ? stop : std::min(playhead() + step, stop));
}

void Player::request(sim::Instant at) {
    m_source->request(at);
    m_waiting = true;
}

void Player::setPlaying(bool playing) {
    if (m_playing != playing) {
        m_playing = playing;
        emit playingChanged(playing);
    }
}

} // namespace ui
