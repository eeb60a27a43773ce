#pragma once

#include "sim/base/ring.h"
#include "sim/kernel/message_pool.h"
#include "sim/model/plan.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace sim {

/// The messages of a stream. Each has an offset, counted from 0 for the first that was ever
/// appended; reading removes nothing. What goes, goes by whole segments, the oldest first, and only
/// when a new segment begins: while the rest is larger than the limit, or while the newest message
/// of the oldest segment is too old. The segment that is being written stays.
/// Source: https://www.rabbitmq.com/docs/streams#retention
/// Not modelled: chunks (a reader attaches at the very message, where a broker attaches at the
/// chunk that holds it and delivers what comes before it in the chunk), index files, filters,
/// super streams, the stream protocol's own deduplication of publishes.
class StreamLog {
public:
    std::uint64_t firstOffset() const { return m_first; }
    /// Of the message that will be appended next.
    std::uint64_t nextOffset() const { return m_first + m_messages.size(); }
    std::uint64_t bytes() const { return m_bytes; }
    std::size_t size() const { return m_messages.size(); }
    /// Requires firstOffset() <= offset < nextOffset().
    Slot at(std::uint64_t offset) const { return m_messages[offset - m_first]; }

    /// Appends a message; its `position` is its offset. Returns whether a new segment began.
    bool append(Slot slot, const QueueSpec& spec, Instant now, MessagePool& messages);
    /// Takes out what is not retained any more by `now`, oldest first.
    std::vector<Slot> retire(const QueueSpec& spec, Instant now, const MessagePool& messages);

    /// Takes out everything; what comes next has offset 0.
    std::vector<Slot> clear();

    /// Where a reader begins that asks for `offset`, see ConsumeLink::offset.
    std::uint64_t begin(const std::string& offset, Instant now, const MessagePool& messages) const;

private:
    struct Segment {
        std::uint64_t messages = 0;
        std::uint64_t bytes = 0;
        Instant newest = start;
    };
    bool isDue(const QueueSpec& spec, Instant now) const;

    Ring<Slot> m_messages;
    Ring<Segment> m_segments; ///< the oldest first
    std::uint64_t m_first = 0;
    std::uint64_t m_bytes = 0;
};

/// One instance of a consumer of a stream.
struct StreamReader {
    std::uint64_t next = 0;              ///< offset of the message that it gets next
    std::optional<std::uint64_t> stored; ///< where it goes on after a new start
    /// Of a consumer of which one instance reads at a time: the channels that are open, the active
    /// one first. With its first channel alone.
    Ring<std::uint32_t> group;
};

} // namespace sim
