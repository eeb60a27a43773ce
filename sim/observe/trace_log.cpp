#include "sim/observe/trace_log.h"

#include <algorithm>

namespace sim {

TraceLog::Chunk& TraceLog::writable() {
    if (m_size % chunkSize == 0) {
        m_writer.chunk = std::make_shared<Chunk>();
        m_chunks.push_back(m_writer.chunk);
        if (m_chunks.size() > m_chunksMax) {
            m_chunks.pop_front();
            m_first += chunkSize;
        }
    } else if (m_writer.chunk == nullptr) {
        m_writer.chunk = std::make_shared<Chunk>();
        std::copy_n(m_chunks.back()->begin(), m_size % chunkSize, m_writer.chunk->begin());
        m_chunks.back() = m_writer.chunk;
    }
    return *m_writer.chunk;
}

void TraceLog::append(std::span<const TraceRecord> records) {
    while (!records.empty()) {
        Chunk& chunk = writable();
        const std::size_t used = m_size % chunkSize;
        const std::size_t count = std::min(records.size(), chunkSize - used);
        std::copy_n(records.begin(), count, chunk.begin() + static_cast<std::ptrdiff_t>(used));
        m_size += count;
        records = records.subspan(count);
    }
}

std::size_t TraceLog::lowerBound(Instant at) const {
    return std::lower_bound(
               begin(), end(), at,
               [](const TraceRecord& record, Instant instant) { return record.at < instant; })
        .position();
}

} // namespace sim
