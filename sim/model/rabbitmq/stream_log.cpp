#include "sim/model/rabbitmq/stream_log.h"

#include "sim/scenario/stream_offset.h"

#include <algorithm>

namespace sim {

bool StreamLog::append(Slot slot, const QueueSpec& spec, Instant now, MessagePool& messages) {
    Message& message = messages[slot];
    message.position = nextOffset();
    const bool isFull =
        m_segments.empty() || m_segments.back().bytes + message.size > spec.segmentBytes;
    const bool begins = isFull && (m_segments.empty() || m_segments.back().messages > 0);
    if (begins) {
        m_segments.push({});
    }
    Segment& segment = m_segments.back();
    ++segment.messages;
    segment.bytes += message.size;
    segment.newest = now;
    m_bytes += message.size;
    m_messages.push(slot);
    return begins;
}

bool StreamLog::isDue(const QueueSpec& spec, Instant now) const {
    return (spec.maxLengthBytes && m_bytes > *spec.maxLengthBytes) ||
           (spec.maxAge && m_segments.front().newest + *spec.maxAge < now);
}

std::vector<Slot> StreamLog::retire(const QueueSpec& spec, Instant now,
                                    const MessagePool& messages) {
    std::vector<Slot> retired;
    while (m_segments.size() > 1 && isDue(spec, now)) {
        const Segment oldest = m_segments.pop();
        for (std::uint64_t i = 0; i < oldest.messages; ++i) {
            retired.push_back(m_messages.pop());
            m_bytes -= messages[retired.back()].size;
            ++m_first;
        }
    }
    return retired;
}

std::vector<Slot> StreamLog::clear() {
    std::vector<Slot> all;
    while (!m_messages.empty()) {
        all.push_back(m_messages.pop());
    }
    *this = {};
    return all;
}

std::uint64_t StreamLog::begin(const std::string& offset, Instant now,
                               const MessagePool& messages) const {
    const StreamOffset wanted = *readStreamOffset(offset);
    switch (wanted.kind) {
    case StreamOffset::Kind::First:
        return m_first;
    case StreamOffset::Kind::Last:
        return m_messages.empty() ? m_first : nextOffset() - 1;
    case StreamOffset::Kind::Next:
        return nextOffset();
    case StreamOffset::Kind::Number:
        return std::clamp(wanted.number, m_first, nextOffset());
    case StreamOffset::Kind::Ago:
        break;
    }
    std::uint64_t at = m_first;
    while (at < nextOffset() && messages[this->at(at)].enqueuedAt < now - wanted.ago) {
        ++at;
    }
    return at;
}

} // namespace sim
