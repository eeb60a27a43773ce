#pragma once

#include "sim/base/ring.h"
#include "sim/kernel/trace_record.h"
#include "sim/observe/routes.h"

#include <cstdint>
#include <vector>

namespace sim {

/// How far the readers of streams are, from the records of a run.
///
/// A reader goes through a stream in order. What its offset leaves out lies before it for ever:
/// what comes before the first message that it gets when it begins (it begins later each time),
/// and, where it begins with what comes next and
/// stores no offset, what was appended while it did not read. Somebody who reads is given what is
/// appended within the same instant as soon as it has begun: what it was not given then came
/// before it did.
/// Memory: 16 bytes for each message that the streams with readers retain.
class StreamReaders {
public:
    /// A reader will not be given a message that is in a stream, or not again.
    struct Pass {
        std::uint64_t message = 0;
        ComponentId reader = noComponent;
        std::uint16_t group = 0; ///< of Routes: the reader alone
        bool missed = false;     ///< it would have come to it, and the message is not retained
    };

    explicit StreamReaders(const Routes& routes);

    /// Whether a record of this kind may say that somebody stops reading, or can begin again.
    static bool isTurn(TraceKind kind) {
        return kind == TraceKind::Crashed || kind == TraceKind::Restarted ||
               kind == TraceKind::Disconnected || kind == TraceKind::BrokerDown;
    }
    /// Requires isTurn(record.kind), or a record Enqueued, Read or Dropped at a stream.
    void take(const TraceRecord& record);
    /// Whether endInstant() may find something.
    bool isOpen() const { return m_open; }
    void endInstant();

    /// Those that were found last; they are forgotten by the next call.
    const std::vector<Pass>& passes() const { return m_passes; }

private:
    struct Resting {
        std::uint64_t message = 0;
        Instant at{}; ///< appended
    };
    struct Lane {
        std::uint64_t next = 0; ///< offset of what it gets next, as far as is known
        std::uint64_t base = 0; ///< it gets nothing from before this, or not again
        bool begun = false;     ///< it was given something
        bool reads = false;
        bool down = false; ///< what is sent to it now does not reach it
    };
    struct Reader {
        Routes::Reader how;
        std::vector<Lane> lanes;
        std::uint16_t active = 0; ///< the instance that reads, where one reads for all
        std::uint64_t floor = 0;  ///< the lowest base of its lanes, as far as was told

        /// Whether a lane may be given again what it had.
        bool returns(const Lane& lane) const {
            return !how.fromNext || (how.storesOffset && lane.begun);
        }
    };
    struct Stream {
        ComponentId id = noComponent;
        Ring<Resting> messages;
        std::uint64_t first = 0; ///< offset of the oldest
        std::vector<Reader> readers;

        std::uint64_t end() const { return first + messages.size(); }
    };

    Stream* find(ComponentId id);
    void read(Stream& stream, const TraceRecord& record);
    void drop(Stream& stream, const TraceRecord& record);
    static void turn(Reader& reader, const TraceRecord& record);
    static std::uint64_t offsetOf(const Stream& stream, const TraceRecord& record,
                                  std::uint64_t guess);
    void advance(const Stream& stream, Reader& reader);

    std::vector<Stream> m_streams;
    std::vector<Pass> m_passes;
    bool m_open = false; ///< something was appended, or somebody stopped reading
};

} // namespace sim
