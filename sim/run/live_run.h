#pragma once
// provisional
#include "sim/kernel/catalogue.h"
#include "sim/kernel/trace_record.h"
#include "sim/observe/verdict.h"
#include "sim/run/view.h"
#include "sim/scenario/scenario.h"
#include <memory>
#include <vector>
namespace sim {
class TraceLog {
public:
    std::size_t size() const { return m_records ? m_records->size() : 0; }
    const TraceRecord& operator[](std::size_t i) const { return (*m_records)[i]; }
    std::shared_ptr<const std::vector<TraceRecord>> m_records;
};
struct Frame {
    Instant at{};
    Instant end{};
    std::uint64_t number = 0;
    View view;
    std::vector<TraceRecord> recent;
    std::vector<Verdict> verdicts;
    std::uint64_t events = 0;
    TraceLog log;
};
} // namespace sim
