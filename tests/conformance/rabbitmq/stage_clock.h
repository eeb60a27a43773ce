#pragma once

#include "sim/base/time.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <utility>
#include <vector>

namespace conformance {

/// The steps of a play in the order of their instants, and the time on stage: it goes with real
/// time, and stands still while a step is late.
class StageClock {
public:
    using RealTime = std::chrono::steady_clock::time_point;

    /// The time is 0 now. At `moments` something happens that is not a step of ours.
    void begin(std::vector<sim::Duration> moments) {
        m_moments = std::move(moments);
        m_begun = std::chrono::steady_clock::now();
    }
    sim::Duration now() const { return std::chrono::steady_clock::now() - m_begun; }
    /// After a break the time is `at` again.
    void goOn(sim::Duration at) { m_begun = std::chrono::steady_clock::now() - at; }

    /// When that which has just happened should have happened: at the last step or, where one is
    /// nearer, at one of the moments.
    sim::Duration cue() const {
        const sim::Duration real = now();
        sim::Duration nearest = m_last;
        for (const sim::Duration moment : m_moments) {
            if (moment > m_last &&
                std::chrono::abs(moment - real) < std::chrono::abs(nearest - real)) {
                nearest = moment;
            }
        }
        return nearest;
    }

    /// Of the same instant, what was asked for first comes first.
    void schedule(sim::Duration at, std::function<void()> step) {
        m_steps.emplace(std::pair(at, m_count++), std::move(step));
    }
    bool empty() const { return m_steps.empty(); }
    /// When the next step is due, or `otherwise`, whichever is sooner.
    RealTime due(sim::Duration otherwise) const {
        return m_begun +
               (m_steps.empty() ? otherwise : std::min(otherwise, m_steps.begin()->first.first));
    }

    /// Takes the next step if it is due. Returns whether it was.
    bool step() {
        if (m_steps.empty() || m_steps.begin()->first.first > now()) {
            return false;
        }
        auto next = m_steps.extract(m_steps.begin());
        m_last = next.key().first;
        next.mapped()();
        const sim::Duration late = now() - m_last;
        if (late > tolerated) {
            m_begun += late;
        }
        return true;
    }

private:
    static constexpr sim::Duration tolerated = std::chrono::milliseconds{4};

    RealTime m_begun{};
    sim::Duration m_last{}; ///< when the last step was due
    std::size_t m_count = 0;
    std::map<std::pair<sim::Duration, std::size_t>, std::function<void()>> m_steps;
    std::vector<sim::Duration> m_moments;
};

} // namespace conformance
