#pragma once

#include "sim/kernel/trace_record.h"
#include "sim/observe/trace_log.h"

#include <cstdint>
#include <vector>

namespace sim {

/// What happened to one copy of a message.
struct CopyJourney {
    std::uint32_t copy = 0;
    std::vector<TraceRecord> records; ///< oldest first, never empty

    bool operator==(const CopyJourney&) const = default;
};

/// All kept records of one event, grouped by copy; copies in the order of their first record.
/// Costs a walk over the log.
std::vector<CopyJourney> journey(const TraceLog& log, MessageId message);

/// Whether the record is about one event, and not about a component or a fault.
constexpr bool isAboutMessage(const TraceRecord& record) {
    return isAboutMessage(record.kind);
}

} // namespace sim
