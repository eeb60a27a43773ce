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
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;
    Recorder(Recorder&&) = delete;
    Recorder& operator=(Recorder&&) = delete;
    ~Recorder() = default;

    [[gnu::always_inline]] void add(const TraceRecord& record) {
        TraceRecord& place = next();
        place = record;
        added(place);
    }

    /// The place of the next record, which counts once it was filled in and given to added().
    [[gnu::always_inline]] TraceRecord& next() { return *m_next; }
    [[gnu::always_inline]] void added(TraceRecord& record) {
        m_next = &record + 1;
        if (m_next == m_records.data() + m_records.size()) [[unlikely]] {
            flush();
        }
    }

    /// After this the observers have seen every record.
    [[gnu::noinline]] void flush() {
        if (m_next != m_records.data()) {
            m_take({m_records.data(), m_next});
            m_next = m_records.data();
        }
    }

private:
    Take m_take;
    std::array<TraceRecord, 128> m_records;
    TraceRecord* m_next = m_records.data();
};

} // namespace sim
