#pragma once

#include "sim/base/ids.h"
#include "sim/base/time.h"
#include "sim/kernel/trace_record.h"

#include <cstdint>
#include <vector>

namespace sim {

/// One T for each copy of a message, by the copy's number. Numbers are dense among the copies
/// alive and used again, so memory follows the most copies ever alive at once. An entry outlives
/// its copy: whoever sees a copy die resets it.
template <typename T> class CopyTable {
public:
    T& operator[](std::uint32_t copy) {
        if (copy >= m_entries.size()) [[unlikely]] {
            m_entries.resize(2 * std::size_t{copy} + 64);
        }
        return m_entries[copy];
    }

    const std::vector<T>& entries() const { return m_entries; }

private:
    std::vector<T> m_entries;
};

/// What the queues hold, copy by copy, from their records.
class QueueContents {
public:
    explicit QueueContents(std::size_t components) : m_depths(components) {}

    struct Depth {
        std::uint64_t ready = 0;
        std::uint64_t unacked = 0;
        std::uint64_t all() const { return ready + unacked; }
    };
    /// Requires that `queue` is a component.
    const Depth& depth(ComponentId queue) const { return m_depths[index(queue)]; }

    /// Whether the record is possible: false where a copy enters a queue that holds it already, or
    /// does anything in a queue that does not hold it. Such a record changes nothing. Records that
    /// are about no queue's contents are possible.
    bool take(const TraceRecord& record);

private:
    enum class State : std::uint8_t { Gone, Ready, Unacked };
    struct Place {
        ComponentId queue = noComponent;
        State state = State::Gone;
    };

    bool move(const TraceRecord& record, State from, State to);
    bool leave(const TraceRecord& record);
    std::uint64_t& counter(Depth& depth, State state) {
        return state == State::Ready ? depth.ready : depth.unacked;
    }

    std::vector<Depth> m_depths;
    CopyTable<Place> m_places;
};

inline bool QueueContents::move(const TraceRecord& record, State from, State to) {
    Place& place = m_places[record.copy];
    if (place.state != from || place.queue != record.component) {
        return false;
    }
    Depth& depth = m_depths[index(record.component)];
    --counter(depth, from);
    ++counter(depth, to);
    place.state = to;
    return true;
}

inline bool QueueContents::leave(const TraceRecord& record) {
    Place& place = m_places[record.copy];
    if (place.state == State::Gone || place.queue != record.component) {
        return false;
    }
    --counter(m_depths[index(record.component)], place.state);
    place.state = State::Gone;
    return true;
}

inline bool QueueContents::take(const TraceRecord& record) {
    if (record.kind == TraceKind::Enqueued) {
        Place& place = m_places[record.copy];
        if (place.state != State::Gone) {
            return false;
        }
        place = {record.component, State::Ready};
        ++m_depths[index(record.component)].ready;
        return true;
    }
    if (record.kind == TraceKind::Delivered) {
        return move(record, State::Ready, State::Unacked);
    }
    if (record.kind == TraceKind::Requeued) {
        return move(record, State::Unacked, State::Ready);
    }
    if (record.kind == TraceKind::Acked || record.kind == TraceKind::Dropped ||
        record.kind == TraceKind::DeadLettered) {
        return leave(record);
    }
    return true;
}

} // namespace sim
