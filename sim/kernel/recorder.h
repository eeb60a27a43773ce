#pragma once

#include "sim/kernel/trace_record.h"

#include <array>
#include <functional>
#include <span>
#include <utility>

namespace sim {

/// Hands the records of a run, oldest first, to whoever observes it: in batches, so that a model
/// writes into memory at hand and an observer works through a batch in one go.
class Recorder {
public:
    using Take = std::function<void(std::span<const TraceRecord>)>;

    explicit Recorder(Take take) : m_take(std::move(take)) {}

    [[gnu::always_inline]] void add(const TraceRecord& record) {
        m_records[m_count++] = record;
        if (m_count == m_records.size()) [[unlikely]] {
            flush();
        }
    }

    /// After this the observers have seen every record.
    [[gnu::noinline]] void flush() {
        if (m_count > 0) {
            m_take({m_records.data(), m_count});
            m_count = 0;
        }
    }

private:
    Take m_take;
    std::size_t m_count = 0;
    std::array<TraceRecord, 128> m_records;
};

} // namespace sim
