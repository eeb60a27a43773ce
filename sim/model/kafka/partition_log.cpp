#include "sim/model/kafka/partition_log.h"

#include "sim/base/check.h"

#include <algorithm>

namespace sim {

std::uint64_t PartitionLog::lastStableOffset() const {
    return std::min(m_highWatermark, m_transactions.firstUnstable(m_highWatermark));
}

std::uint64_t PartitionLog::bytes() const {
    std::uint64_t bytes = 0;
    for (const Segment& segment : m_segments) {
        bytes += segment.bytes;
    }
    return bytes;
}

Appended PartitionLog::append(const NewBatch& batch, const LogSpec& spec) {
    SIM_CHECK(!batch.records.empty());
    const auto hasNoKey = [](const NewRecord& record) { return record.key == noKey; };
    if (spec.compacts && std::ranges::any_of(batch.records, hasNoKey)) {
        return {.outcome = AppendOutcome::InvalidRecord};
    }
    if (batch.producer != noProducerId) {
        const Appended verdict = m_producers.check(batch);
        if (verdict.outcome != AppendOutcome::Appended) {
            return verdict;
        }
        if (!batch.transactional && m_transactions.isOpen(batch.producer)) {
            return {.outcome = AppendOutcome::InvalidTxnState};
        }
    }
    std::vector<Record> records;
    for (const NewRecord& record : batch.records) {
        records.push_back({.delta = static_cast<std::uint32_t>(records.size()),
                           .slot = record.slot,
                           .key = record.key,
                           .bytes = record.bytes & 0x7fffffffU,
                           .isTombstone = record.isTombstone});
    }
    const std::uint64_t first = m_end;
    add({.base = first,
         .timestamp = batch.timestamp,
         .producer = batch.producer,
         .sequence = batch.sequence,
         .leaderEpoch = m_epochs.latest().value_or(0),
         .lastDelta = static_cast<std::uint32_t>(records.size()) - 1,
         .epoch = batch.epoch,
         .flags = static_cast<std::uint8_t>(batch.transactional ? Transactional : 0)},
        records, spec);
    return {.first = first, .last = m_end - 1};
}

Appended PartitionLog::appendMarker(ProducerId producer, std::uint16_t epoch, bool commits,
                                    Instant now, const LogSpec& spec) {
    if (!m_producers.takesMarker(producer, epoch)) {
        return {.outcome = AppendOutcome::InvalidProducerEpoch};
    }
    const int flags = Transactional | Control | (commits ? 0 : Abort);
    add({.base = m_end,
         .timestamp = now,
         .producer = producer,
         .leaderEpoch = m_epochs.latest().value_or(0),
         .epoch = epoch,
         .flags = static_cast<std::uint8_t>(flags)},
        {}, spec);
    return {.first = m_end - 1, .last = m_end - 1};
}

void PartitionLog::roll(std::uint64_t bytes, Instant timestamp, const LogSpec& spec) {
    if (!m_segments.empty()) {
        const Segment& active = m_segments.back();
        const bool isFull = active.bytes + bytes > spec.segmentBytes;
        const bool isOld = timestamp - active.first > spec.segmentTime;
        if (active.batches == 0 || (!isFull && !isOld)) {
            return;
        }
    }
    m_segments.push_back({.base = m_end});
}

std::uint64_t PartitionLog::bytesOf(const Batch& batch, std::span<const Record> records) {
    std::uint64_t bytes = batch.is(Control) ? markerBytes : batchHeaderBytes;
    for (const Record& record : records) {
        bytes += record.bytes;
    }
    return bytes;
}

void PartitionLog::Segment::take(Instant timestamp, std::uint64_t more) {
    first = batches == 0 ? timestamp : first;
    largest = batches == 0 ? timestamp : std::max(largest, timestamp);
    bytes += more;
    ++batches;
}

void PartitionLog::add(Batch batch, std::span<const Record> records, const LogSpec& spec) {
    const std::uint64_t bytes = bytesOf(batch, records);
    roll(bytes, batch.timestamp, spec);
    m_segments.back().take(batch.timestamp, bytes);
    batch.record = m_recordsGone + m_records.size();
    m_records.insert(m_records.end(), records.begin(), records.end());
    m_batches.push_back(batch);
    m_end = batch.last() + 1;
    learn(batch);
}

void PartitionLog::learn(const Batch& batch) {
    if (batch.producer == noProducerId) {
        return;
    }
    if (batch.is(Control)) {
        m_producers.marked(batch.producer, batch.epoch, batch.base, batch.timestamp);
        m_transactions.end(batch.producer, batch.base, batch.is(Abort));
        return;
    }
    m_producers.appended(batch.producer, batch.epoch,
                         {.firstOffset = batch.base,
                          .lastOffset = batch.last(),
                          .firstSequence = batch.sequence,
                          .lastSequence = nextSequence(batch.sequence, batch.lastDelta)},
                         batch.timestamp);
    if (batch.is(Transactional)) {
        m_transactions.touch(batch.producer, batch.base);
    }
}

void PartitionLog::raiseHighWatermark(std::uint64_t offset) {
    m_highWatermark = std::max(m_highWatermark, std::min(offset, m_end));
    trim();
}

void PartitionLog::trim() { m_transactions.trim(m_highWatermark, m_start); }

std::size_t PartitionLog::batchAt(std::uint64_t offset) const {
    const auto found = std::ranges::lower_bound(m_batches, offset, {}, &Batch::last);
    return static_cast<std::size_t>(found - m_batches.begin());
}

std::span<const PartitionLog::Record> PartitionLog::recordsOf(std::size_t batch) const {
    const std::uint64_t end = batch + 1 < m_batches.size() ? m_batches[batch + 1].record
                                                           : m_recordsGone + m_records.size();
    const std::uint64_t first = m_batches[batch].record;
    return std::span(m_records).subspan(first - m_recordsGone, end - first);
}

bool PartitionLog::isAborted(const Batch& batch) const {
    return batch.is(Transactional) && m_transactions.isAborted(batch.producer, batch.base);
}

bool PartitionLog::isVisible(const Batch& batch, Isolation isolation) const {
    return isolation == Isolation::ReadUncommitted || !isAborted(batch);
}

PartitionLog::Read PartitionLog::read(std::uint64_t from, Isolation isolation,
                                      std::size_t most) const {
    Read read{.next = from};
    if (from < m_start || from > m_end) {
        read.outOfRange = true;
        return read;
    }
    const std::uint64_t limit =
        isolation == Isolation::ReadCommitted ? lastStableOffset() : m_highWatermark;
    for (std::size_t i = batchAt(from); i < m_batches.size() && m_batches[i].base < limit; ++i) {
        if (!isVisible(m_batches[i], isolation)) {
            continue;
        }
        for (const Record& record : recordsOf(i)) {
            const std::uint64_t offset = m_batches[i].base + record.delta;
            if (offset < from || offset >= limit) {
                continue;
            }
            read.records.push_back({offset, record.slot});
            read.next = offset + 1;
            if (read.records.size() == most) {
                return read;
            }
        }
    }
    read.next = std::max(from, limit);
    return read;
}

void PartitionLog::expireProducers(Instant now, Duration expiration) {
    m_producers.expire(now, expiration,
                       [this](ProducerId producer) { return m_transactions.isOpen(producer); });
}

} // namespace sim
