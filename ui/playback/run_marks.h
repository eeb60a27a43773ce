#pragma once

#include "sim/run/live_run.h"
#include "ui/common/fault_history.h"

#include <cstdint>
#include <vector>

namespace ui {

/// A stretch of time in which a fault acts.
struct FaultBand {
    sim::Instant begins{};
    sim::Instant ends{};
    std::uint32_t fault = 0; ///< position among the run's faults
    bool operator==(const FaultBand&) const = default;
};

/// What the timeline shows of a run besides the playhead: how much happened when, and the faults.
/// Learns from a log as it grows, and keeps what it learned when time goes back.
class RunMarks {
public:
    static constexpr std::size_t bins = 480;

    /// Forgets everything; the run lasts until `end`.
    void begin(sim::Instant end, const std::vector<sim::FaultSpec>& faults);

    /// Takes in what is new in the log.
    void follow(const sim::TraceLog& log);

    /// The run takes another course: its log is counted anew.
    void branch(const std::vector<sim::FaultSpec>& faults);

    /// Facts in each equal part of the run.
    const std::vector<std::uint32_t>& density() const { return m_density; }
    /// Scheduled and past ones; a band that is still open ends with the run.
    std::vector<FaultBand> bands() const;
    sim::Instant end() const { return m_end; }

private:
    std::size_t binOf(sim::Instant at) const;
    sim::Instant plannedEnd(std::uint32_t fault) const;

    sim::Instant m_end{};
    std::size_t m_read = 0;
    std::vector<std::uint32_t> m_density = std::vector<std::uint32_t>(bins);
    std::vector<FaultBand> m_planned;
    FaultHistory m_seen;
};

} // namespace ui
