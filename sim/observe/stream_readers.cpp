#include "sim/observe/stream_readers.h"

#include <algorithm>

namespace sim {

StreamReaders::StreamReaders(const Routes& routes) {
    for (std::size_t i = 0; i < routes.size(); ++i) {
        const ComponentId id{static_cast<std::uint16_t>(i)};
        if (!routes.isStream(id)) {
            continue;
        }
        Stream& stream = m_streams.emplace_back();
        stream.id = id;
        for (const Routes::Reader& how : routes.readersOf(id)) {
            Reader& reader = stream.readers.emplace_back();
            reader.how = how;
            reader.lanes.resize(how.lanes);
        }
    }
}

StreamReaders::Stream* StreamReaders::find(ComponentId id) {
    const auto found = std::ranges::find(m_streams, id, &Stream::id);
    return found == m_streams.end() ? nullptr : &*found;
}

void StreamReaders::take(const TraceRecord& record) {
    m_passes.clear();
    if (isTurn(record.kind)) {
        for (Stream& stream : m_streams) {
            for (Reader& reader : stream.readers) {
                turn(reader, record);
            }
        }
        m_open = true;
        return;
    }
    Stream* stream = find(record.component);
    if (stream == nullptr) {
        return;
    }
    if (record.kind == TraceKind::Enqueued) {
        stream->messages.push({index(record.message), record.at});
        m_open = true;
    } else if (record.kind == TraceKind::Read) {
        read(*stream, record);
    } else if (record.kind == TraceKind::Dropped) {
        drop(*stream, record);
    }
}

void StreamReaders::turn(Reader& reader, const TraceRecord& record) {
    const bool broker = record.kind == TraceKind::BrokerDown;
    if (!broker && reader.how.consumer != record.component) {
        return;
    }
    const bool one = reader.lanes.size() == 1;
    for (std::size_t i = 0; i < reader.lanes.size(); ++i) {
        const std::size_t instance = one ? reader.active : i;
        if (broker || record.lane == allLanes || record.lane == instance) {
            Lane& lane = reader.lanes[i];
            lane.reads = lane.reads && record.kind == TraceKind::Restarted;
            lane.down = record.kind == TraceKind::Crashed ||
                        (lane.down && record.kind != TraceKind::Restarted);
        }
    }
}

/// The offset of what was read; the end of the stream where it is not there.
std::uint64_t StreamReaders::offsetOf(const Stream& stream, const TraceRecord& record,
                                      std::uint64_t guess) {
    const auto is = [&](std::uint64_t offset) {
        const Resting& resting = stream.messages[offset - stream.first];
        return resting.message == index(record.message) && resting.at == record.since;
    };
    if (guess >= stream.first && guess < stream.end() && is(guess)) {
        return guess;
    }
    std::uint64_t low = stream.first;
    for (std::uint64_t high = stream.end(); low < high;) {
        const std::uint64_t middle = low + (high - low) / 2;
        const bool earlier = stream.messages[middle - stream.first].at < record.since;
        (earlier ? low : high) = earlier ? middle + 1 : middle;
    }
    while (low < stream.end() && !is(low)) {
        ++low;
    }
    return low;
}

void StreamReaders::read(Stream& stream, const TraceRecord& record) {
    for (Reader& reader : stream.readers) {
        if (reader.how.consumer != record.peer) {
            continue;
        }
        const bool one = reader.lanes.size() == 1;
        Lane& lane = reader.lanes[one ? 0 : record.lane];
        const std::uint64_t offset = offsetOf(stream, record, lane.next);
        if (offset == stream.end()) {
            return;
        }
        lane.down = lane.down && (!one || reader.active == record.lane); // else another took over
        reader.active = record.lane;
        if (!lane.reads && !lane.down) {
            lane.base = std::max(lane.base, offset);
        }
        lane.reads = !lane.down;
        lane.next = std::max(lane.next, offset + 1);
        lane.begun = true;
        if (!reader.returns(lane)) {
            lane.base = lane.next;
        }
        advance(stream, reader);
    }
}

void StreamReaders::drop(Stream& stream, const TraceRecord& record) {
    if (stream.messages.empty() || stream.messages[0].message != index(record.message)) {
        return; // a stream gives up what is oldest, and nothing else
    }
    const std::uint64_t offset = stream.first;
    for (Reader& reader : stream.readers) {
        if (offset >= reader.floor) {
            const bool behind = std::ranges::any_of(
                reader.lanes, [&](const Lane& lane) { return lane.reads && lane.next <= offset; });
            m_passes.push_back(
                {index(record.message), reader.how.consumer, reader.how.group, behind});
            reader.floor = offset + 1;
        }
    }
    stream.messages.pop();
    ++stream.first;
}

/// What lies before all of a reader's lanes comes to none of them any more.
void StreamReaders::advance(const Stream& stream, Reader& reader) {
    const std::uint64_t to = std::ranges::min(reader.lanes, {}, &Lane::base).base;
    for (reader.floor = std::max(reader.floor, stream.first); reader.floor < to; ++reader.floor) {
        m_passes.push_back({stream.messages[reader.floor - stream.first].message,
                            reader.how.consumer, reader.how.group, false});
    }
}

/// Who begins with what comes next and does not read now has what there is behind it.
void StreamReaders::endInstant() {
    m_passes.clear();
    m_open = false;
    for (Stream& stream : m_streams) {
        for (Reader& reader : stream.readers) {
            for (Lane& lane : reader.lanes) {
                if (!lane.reads && !reader.returns(lane)) {
                    lane.base = lane.next = stream.end();
                }
            }
            advance(stream, reader);
        }
    }
}

} // namespace sim
