#include "sim/model/kafka/partition_log.h"

#include <algorithm>
#include <utility>

namespace sim {

void PartitionLog::raiseStart(std::uint64_t offset) {
    m_start = std::max(m_start, std::min(offset, m_highWatermark));
    m_epochs.startAt(m_start);
    trim();
}

std::uint64_t PartitionLog::endOf(std::size_t segment) const {
    return segment + 1 < m_segments.size() ? m_segments[segment + 1].base : m_end;
}

bool PartitionLog::isGivenUp(const LogSpec& spec, Instant now) const {
    const Segment& oldest = m_segments.front();
    if (endOf(0) > m_highWatermark || (m_segments.size() == 1 && oldest.batches == 0)) {
        return false;
    }
    if (endOf(0) <= m_start) {
        return true;
    }
    const bool isTooMuch = spec.retentionBytes && bytes() >= *spec.retentionBytes + oldest.bytes;
    const bool isTooOld = spec.retention && now - oldest.largest > *spec.retention;
    return spec.deletes && (isTooMuch || isTooOld);
}

void PartitionLog::dropOldest(std::vector<Slot>& gone) {
    const Segment oldest = m_segments.front();
    if (m_segments.size() == 1) {
        m_segments.push_back({.base = m_end});
    }
    m_segments.erase(m_segments.begin());
    const auto next = m_batches.begin() + static_cast<std::ptrdiff_t>(oldest.batches);
    const std::uint64_t records =
        (next == m_batches.end() ? m_recordsGone + m_records.size() : next->record) - m_recordsGone;
    const auto end = m_records.begin() + static_cast<std::ptrdiff_t>(records);
    for (auto record = m_records.begin(); record != end; ++record) {
        gone.push_back(record->slot);
    }
    m_records.erase(m_records.begin(), end);
    m_batches.erase(m_batches.begin(), next);
    m_recordsGone += records;
    m_start = std::max(m_start, m_segments.front().base);
}

std::vector<Slot> PartitionLog::retire(const LogSpec& spec, Instant now) {
    std::vector<Slot> gone;
    while (!m_segments.empty() && isGivenUp(spec, now)) {
        dropOldest(gone);
    }
    m_firstDirty = std::max(m_firstDirty, m_start);
    m_tombstonesUntil.erase(
        m_tombstonesUntil.begin(),
        m_tombstonesUntil.lower_bound(m_segments.empty() ? m_start : m_segments.front().base));
    m_epochs.startAt(m_start);
    trim();
    return gone;
}

std::uint64_t PartitionLog::firstUncleanable(const LogSpec& spec, Instant now) const {
    std::uint64_t end = std::min(lastStableOffset(), m_segments.back().base);
    for (std::size_t i = 0; i + 1 < m_segments.size(); ++i) {
        const bool isYoung = m_segments[i].largest > now - spec.minCompactionLag;
        if (spec.minCompactionLag > 0ns && endOf(i) > m_firstDirty && isYoung) {
            return std::min(end, m_segments[i].base);
        }
    }
    return end;
}

bool PartitionLog::compactionIsDue(const LogSpec& spec, Instant now) const {
    if (!spec.compacts || m_segments.empty()) {
        return false;
    }
    const std::uint64_t end = firstUncleanable(spec, now);
    std::uint64_t clean = 0;
    std::uint64_t dirty = 0;
    std::optional<Instant> oldest;
    for (const Segment& segment : m_segments) {
        if (segment.base < m_firstDirty) {
            clean += segment.bytes;
        } else if (segment.base < end) {
            dirty += segment.bytes;
            oldest = oldest.value_or(segment.first);
        }
    }
    const bool isOld = oldest && spec.maxCompactionLag && now - *oldest > *spec.maxCompactionLag;
    constexpr std::uint64_t perMille = 1000;
    return isOld || dirty * perMille > (clean + dirty) * spec.minDirtyPerMille;
}

std::map<KeyId, std::uint64_t> PartitionLog::newestDirty(std::uint64_t end) const {
    std::map<KeyId, std::uint64_t> newest;
    for (std::size_t i = batchAt(m_firstDirty); i < m_batches.size(); ++i) {
        const Batch& batch = m_batches[i];
        if (batch.base >= end) {
            break;
        }
        for (const Record& record : recordsOf(i)) {
            if (record.key != noKey && !isAborted(batch)) {
                newest[record.key] = batch.base + record.delta;
            }
        }
    }
    return newest;
}

bool PartitionLog::Outdated::operator()(const Record& record, std::uint64_t offset) const {
    const auto found = newest.find(record.key);
    const bool isReplaced = found != newest.end() && found->second > offset;
    return isReplaced || isAborted || (record.isTombstone && tombstonesAreDue);
}

std::vector<Slot> PartitionLog::compact(const LogSpec& spec, Instant now) {
    std::vector<Slot> gone;
    const std::uint64_t end = m_segments.empty() ? 0 : firstUncleanable(spec, now);
    if (end <= m_firstDirty) {
        return gone;
    }
    const std::map<KeyId, std::uint64_t> newest = newestDirty(end);
    const auto until = std::exchange(m_tombstonesUntil, {});
    std::vector<Record> records;
    std::vector<Batch> batches;
    for (std::size_t i = 0; i < m_batches.size(); ++i) {
        Batch batch = m_batches[i];
        const auto due = until.find(batch.base);
        const Outdated isOutdated{newest, isAborted(batch),
                                  due != until.end() && due->second <= now};
        batch.record = records.size();
        for (const Record& record : recordsOf(i)) {
            if (batch.base < end && isOutdated(record, batch.base + record.delta)) {
                gone.push_back(record.slot);
                continue;
            }
            records.push_back(record);
            if (batch.base < end && record.isTombstone) {
                m_tombstonesUntil.emplace(
                    batch.base, due == until.end() ? now + spec.deleteRetention : due->second);
            }
        }
        if (batch.is(Control) || batch.record < records.size()) {
            batches.push_back(batch);
        }
    }
    m_records = std::move(records);
    m_batches = std::move(batches);
    m_recordsGone = 0;
    m_firstDirty = end;
    measureSegments();
    return gone;
}

void PartitionLog::measureSegments() {
    std::size_t next = 0;
    for (std::size_t i = 0; i < m_segments.size(); ++i) {
        m_segments[i].bytes = 0;
        m_segments[i].batches = 0;
        for (; next < m_batches.size() && m_batches[next].base < endOf(i); ++next) {
            m_segments[i].take(m_batches[next].timestamp,
                               bytesOf(m_batches[next], recordsOf(next)));
        }
    }
}

} // namespace sim
