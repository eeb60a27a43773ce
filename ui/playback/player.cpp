#include "ui/playback/player.h"

#include "ui/playback/speed.h"

#include <algorithm>

namespace ui {

namespace {

constexpr int tickMs = 16;
constexpr std::int64_t lagMaxNs = 100'000'000;    // a window that slept does not leap
constexpr double fadeOnScreen = 0.3e9;            // nanoseconds on the wall
constexpr std::int64_t strideGoalNs = 14'000'000; // wall time of one stride at full speed

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
    return m_source ? m_source->faults() : std::vector<sim::FaultSpec>();
}

std::vector<sim::FaultSpec> Player::interventions() const {
    return m_source ? m_source->interventions() : std::vector<sim::FaultSpec>();
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
    std::size_t at = m_frame->log.size();
    while (at > 0 && m_frame->log[at - 1].at >= m_frame->at) {
        --at;
    }
    pause();
    seek(at > 0 ? m_frame->log[at - 1].at : sim::start);
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
        emit faultsChanged();
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
    m_frame = std::move(frame);
    m_waiting = false;
    emit framed(m_frame);
    const sim::Instant stop = m_until.value_or(m_frame->end);
    if (m_playing && m_frame->at >= std::min(stop, m_frame->end)) {
        pause();
    }
}

void Player::advance() {
    const sim::Instant stop = m_until.value_or(sim::start + duration());
    request(std::min(playhead() + stride(), stop));
}

/// How far to go with the next frame. At full speed: about as far as the engine gets in one tick.
sim::Duration Player::stride() {
    const std::int64_t wall = std::min(m_sinceAdvance.nsecsElapsed(), lagMaxNs);
    m_sinceAdvance.restart();
    if (m_speed <= speedMax && !m_until.has_value()) {
        return scaled(static_cast<double>(wall) * m_speed);
    }
    const bool quick = wall <= strideGoalNs + tickMs * 1'000'000;
    m_fastStride = quick ? std::min(m_fastStride * 3 / 2, sim::durationMax / 1000)
                         : std::max(m_fastStride / 2, sim::Duration{1'000'000});
    return m_fastStride;
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
