#pragma once

#include "sim/kernel/event.h"
#include "sim/kernel/instructions.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sim {

/// Many events in the order of PendingEvents, at a cost that hardly grows with their number.
///
/// Time is cut into windows of equal width, each with a bucket; the buckets lie in a ring. An event
/// is appended to its window's bucket unsorted. When a window's turn comes, its few events are
/// sorted into the run, from which they are taken. What lies beyond the ring waits in `far`, which
/// is gone through four times a revolution. The width follows the rate of events, so that a bucket
/// holds about eight. Equal keys share a bucket, and every move keeps the order of arrival: first
/// in, first out among equals needs no serial number. (After Brown's calendar queue, Communications
/// of the ACM 31, 1988, and the lazy sorting of ladder queues.)
///
/// Bursts into the window that is being served would make inserting slow: from a limit on they go
/// into a heap with serial numbers.
class EventWheel {
public:
    explicit EventWheel(Instructions instructions) : m_instructions(instructions) {}

    std::size_t size() const { return m_size; }

    /// Requires event.key >= the key popped last.
    void push(Event event) {
        if (++m_size > m_sizeMax) [[unlikely]] {
            rebuild();
        }
        if (event.key >= m_ringEnd) {
            pushFar(event);
        } else if (event.key >= m_windowEnd) {
            append(event);
        } else {
            pushNow(event);
        }
    }

    /// Requires size() > 0.
    Event pop() {
        --m_size;
        ++m_popped;
        if (m_head != m_tail && m_late.empty()) [[likely]] {
            return m_run[m_head++];
        }
        return popAside();
    }

    /// The key of the next event. Requires size() > 0. May open the next window.
    std::int64_t nextKey() {
        if (m_head == m_tail && m_late.empty()) {
            openNextWindow();
        }
        return peek().key;
    }

    /// Requires size() > 0. Costs a look through a bucket, at worst through all, between two
    /// windows.
    Event peek() const;

    /// Puts in the first events; equal keys come in the order given. Requires size() == 0 and at
    /// least one event.
    void fill(std::vector<Event> events);

    /// Takes all events out; equal keys come in the order in which pop() would give them. Gives
    /// back memory that is out of proportion.
    std::vector<Event> drain();

    /// Calls visit(event) for each event, in no particular order.
    template <typename Visit> void forEach(Visit&& visit) const {
        for (std::size_t i = m_head; i < m_tail; ++i) {
            visit(m_run[i]);
        }
        for (const Late& late : m_late) {
            visit(late.event);
        }
        for (const Bucket& bucket : m_buckets) {
            std::uint32_t chunk = bucket.last;
            for (std::uint32_t end = bucket.count; end > 0; chunk = m_before[chunk]) {
                const std::uint32_t begin = (end - 1) / chunkSize * chunkSize;
                for (std::uint32_t i = begin; i < end; ++i) {
                    visit(chunkAt(chunk)[i - begin]);
                }
                end = begin;
            }
        }
        for (const Event& event : m_far) {
            visit(event);
        }
    }

private:
    static constexpr std::uint32_t chunkSize = 8;
    static constexpr std::uint32_t none = 0xffffffff;
    static constexpr std::size_t insertMax = 64; ///< a longer run sends bursts to the heap
    using Chunk = std::array<Event, chunkSize>;
    static constexpr std::uint32_t blockSize = 64; ///< chunks that are allocated together

    /// A chain of chunks from the newest back; all but the newest are full.
    struct Bucket {
        std::uint32_t last = none;
        std::uint32_t count = 0;
    };
    /// An event in the heap, with the order of its arrival.
    struct Late {
        Event event;
        std::uint64_t serial;

        /// For a heap whose top is the soonest.
        bool operator<(const Late& other) const {
            return event.key != other.event.key ? event.key > other.event.key
                                                : serial > other.serial;
        }
    };

    void append(Event event) {
        const auto slot = static_cast<std::size_t>(event.key >> m_bits) & m_mask;
        Bucket& bucket = m_buckets[slot];
        const std::uint32_t place = bucket.count % chunkSize;
        if (place == 0) {
            addChunk(slot);
        }
        chunkAt(bucket.last)[place] = event;
        ++bucket.count;
    }
    void pushFar(Event event) {
        m_farSoonest = event.key < m_farSoonest ? event.key : m_farSoonest;
        if (m_far.size() == m_far.capacity()) [[unlikely]] {
            growFar();
        }
        m_far.push_back(event);
    }
    Chunk& chunkAt(std::uint32_t chunk) { return m_blocks[chunk / blockSize][chunk % blockSize]; }
    const Chunk& chunkAt(std::uint32_t chunk) const {
        return m_blocks[chunk / blockSize][chunk % blockSize];
    }
    void pushNow(Event event);
    void pushLate(Event event);
    void growFar();
    Event popAside();

    void addChunk(std::size_t slot);
    void openNextWindow();
    std::int64_t nextWindow() const;
    void openWindow(std::int64_t window);
    void moveBucketTo(std::size_t slot, Event* out);
    void turn();
    void takeInFar();

    std::vector<Event> gather();
    void rebuild();
    void rebuildFrom(std::vector<Event> events);
    struct Shape {
        int bits;
        std::size_t buckets;
    };
    Shape shapeFor(const std::vector<Event>& events, std::int64_t soonest) const;
    static Shape shapeForHalf(const std::vector<Event>& events, std::int64_t soonest);
    void layRing(std::int64_t soonest, Shape shape);
    void reserveRun(std::size_t more);

    // The window being served: events of m_run in [m_head, m_tail), and the heap.
    std::vector<Event> m_run;
    std::size_t m_head = 0;
    std::size_t m_tail = 0;
    std::vector<Late> m_late;
    std::int64_t m_windowEnd = 0; ///< earlier keys go into the run or the heap

    // The ring: windows from m_window + 1 on, at most as many as there are buckets.
    std::vector<Bucket> m_buckets;         ///< a power of two; window w has the bucket w % size
    std::vector<std::uint64_t> m_occupied; ///< a bit for each bucket
    std::size_t m_mask = 0;
    int m_bits = 0;                           ///< a window is 2^m_bits wide
    std::int64_t m_window = 0;                ///< the one being served
    std::int64_t m_turnAt = 0;                ///< the window at which the ring's end moves on
    std::int64_t m_ringEnd = 0;               ///< this key and later ones go to m_far
    std::vector<std::vector<Chunk>> m_blocks; ///< in blocks, so that growing moves none
    std::vector<std::uint32_t> m_before; ///< for each chunk its predecessor, or the next free one
    std::uint32_t m_free = none;

    std::vector<Event> m_far; ///< in the order of arrival
    std::int64_t m_farSoonest = INT64_MAX;

    std::size_t m_size = 0;
    std::size_t m_sizeMax = 0;        ///< beyond it the ring no longer fits
    std::size_t m_sizeMin = 0;        ///< below it the ring is out of proportion
    std::uint64_t m_popped = 0;       ///< since the ring was laid
    std::uint64_t m_poppedAtTurn = 0; ///< m_popped at the last turn
    double m_servedWidth = 0;         ///< keys per event over the last quarter; 0 is unknown
    std::uint64_t m_scanned = 0;      ///< events of m_far looked at since the ring was laid
    std::uint64_t m_serial = 0;       ///< of the heap
    std::uint64_t m_latePushes = 0;   ///< since the ring was laid
    Instructions m_instructions;
};

} // namespace sim
