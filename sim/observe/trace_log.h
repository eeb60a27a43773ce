#pragma once

#include "sim/base/check.h"
#include "sim/kernel/trace_record.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <iterator>
#include <memory>
#include <span>
#include <utility>

namespace sim {

/// The records of a run, oldest first, for those who look at them: pictures, inspectors, reports.
///
/// Records have positions: 0 for the first one of the run. They lie in chunks of 4,096 that copies
/// of the log share, so that copying costs one pointer for each chunk and a branch shares its
/// past; a copy may be read in one thread while the original grows in another. At most `recordsMax`
/// records (rounded up to chunks, and at least one chunk) are kept: then the oldest chunk is
/// dropped, and firstKept() says so. Memory: 48 bytes a record.
/// Invariant: records are in the order of time.
class TraceLog {
public:
    static constexpr std::size_t chunkSize = 4096;
    static constexpr std::size_t recordsMaxDefault = 8'000'000;

    explicit TraceLog(std::size_t recordsMax = recordsMaxDefault)
        : m_chunksMax(recordsMax / chunkSize + (recordsMax % chunkSize != 0 || recordsMax == 0)) {}

    /// Requires records not earlier than the last one, in order.
    void append(std::span<const TraceRecord> records);

    /// One past the position of the newest record: how many records the run has had.
    std::size_t size() const { return m_size; }
    /// The position of the oldest record that is kept.
    std::size_t firstKept() const { return m_first; }
    /// Whether it has no record.
    bool empty() const { return m_size == m_first; }

    /// Requires firstKept() <= position < size().
    const TraceRecord& operator[](std::size_t position) const {
        SIM_CHECK(position >= m_first);
        SIM_CHECK(position < m_size);
        return (*m_chunks[(position - m_first) / chunkSize])[position % chunkSize];
    }

    /// The position of the first kept record at or after `at`; size() when there is none.
    std::size_t lowerBound(Instant at) const;

    class Iterator {
    public:
        using iterator_category = std::random_access_iterator_tag;
        using value_type = TraceRecord;
        using difference_type = std::ptrdiff_t;
        using pointer = const TraceRecord*;
        using reference = const TraceRecord&;

        Iterator() = default;
        Iterator(const TraceLog* log, std::size_t position) : m_log(log), m_position(position) {}

        std::size_t position() const { return m_position; }
        reference operator*() const { return (*m_log)[m_position]; }
        pointer operator->() const { return &**this; }
        reference operator[](difference_type by) const { return *(*this + by); }
        Iterator& operator++() { return *this += 1; }
        Iterator& operator--() { return *this -= 1; }
        Iterator operator++(int) { return std::exchange(*this, *this + 1); }
        Iterator operator--(int) { return std::exchange(*this, *this - 1); }
        Iterator& operator+=(difference_type by) {
            m_position += static_cast<std::size_t>(by);
            return *this;
        }
        Iterator& operator-=(difference_type by) { return *this += -by; }
        friend Iterator operator+(Iterator it, difference_type by) { return it += by; }
        friend Iterator operator+(difference_type by, Iterator it) { return it += by; }
        friend Iterator operator-(Iterator it, difference_type by) { return it -= by; }
        friend difference_type operator-(const Iterator& a, const Iterator& b) {
            return static_cast<difference_type>(a.m_position - b.m_position);
        }
        friend bool operator==(const Iterator& a, const Iterator& b) {
            return a.m_position == b.m_position;
        }
        friend auto operator<=>(const Iterator& a, const Iterator& b) {
            return a.m_position <=> b.m_position;
        }

    private:
        const TraceLog* m_log = nullptr;
        std::size_t m_position = 0;
    };
    /// Over the kept records, oldest first. Valid until the log changes.
    Iterator begin() const { return {this, m_first}; }
    Iterator end() const { return {this, m_size}; }

private:
    using Chunk = std::array<TraceRecord, chunkSize>;

    /// Who may write behind the end of the newest chunk. Only one log may, so a copy gets no leave
    /// and writes into a chunk of its own instead.
    struct Writer {
        std::shared_ptr<Chunk> chunk;

        Writer() = default;
        ~Writer() = default;
        Writer(const Writer& /*other*/) {}
        Writer(Writer&&) = default;
        Writer& operator=(const Writer& other) {
            chunk = &other == this ? chunk : nullptr;
            return *this;
        }
        Writer& operator=(Writer&&) = default;
    };

    /// The newest chunk, with room behind the end, for this log alone to write.
    Chunk& writable();

    std::size_t m_chunksMax;
    std::size_t m_first = 0; ///< a multiple of chunkSize
    std::size_t m_size = 0;
    std::deque<std::shared_ptr<const Chunk>> m_chunks;
    Writer m_writer; ///< of m_chunks.back()
};

} // namespace sim
