#pragma once

#include "sim/observe/trace_log.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace ui {

/// One time that a fault was there.
struct FaultSpan {
    std::uint32_t fault = 0; ///< position among the run's faults
    sim::Instant began{};
    std::optional<sim::Instant> ended; ///< absent: it lasts

    bool operator==(const FaultSpan&) const = default;
};

/// When which fault was there, from the facts of a run. Learns from a log step by step and starts
/// anew when it is given another one or when time goes back.
class FaultHistory {
public:
    /// Takes in every record of the log at or before `upTo`. Costs only what is new.
    void follow(const sim::TraceLog& log, sim::Instant upTo);

    /// In the order in which they began.
    const std::vector<FaultSpan>& spans() const { return m_spans; }

private:
    void take(const sim::TraceRecord& record);
    bool continues(const sim::TraceLog& log, sim::Instant upTo) const;

    std::vector<FaultSpan> m_spans;
    std::size_t m_read = 0;
    sim::TraceRecord m_last; ///< the newest record taken in
};

} // namespace ui
