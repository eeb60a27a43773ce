#include "sim/base/check.h"
#include "sim/model/kafka/partition_log.h"

#include <algorithm>

namespace sim {

void PartitionLog::copyFrom(const PartitionLog& leader, std::uint64_t end, const LogSpec& spec) {
    SIM_CHECK(m_end >= leader.m_start);
    for (std::size_t i = leader.batchAt(m_end); i < leader.m_batches.size(); ++i) {
        const Batch& batch = leader.m_batches[i];
        if (batch.last() >= end) {
            return;
        }
        m_epochs.begin(batch.leaderEpoch, batch.base);
        add(batch, leader.recordsOf(i), spec);
    }
}

std::uint64_t PartitionLog::divergence(const PartitionLog& leader) const {
    std::optional<std::uint32_t> epoch = m_epochs.latest();
    if (!epoch) {
        return std::min(m_highWatermark, m_end);
    }
    for (std::uint64_t bound = m_end;;) {
        const auto theirs = leader.m_epochs.endOf(*epoch, leader.m_end);
        if (!theirs) {
            return std::min(m_highWatermark, bound);
        }
        const auto mine = m_epochs.endOf(theirs->epoch, m_end);
        if (!mine) {
            return std::min(theirs->offset, bound);
        }
        bound = std::min(bound, mine->offset);
        if (mine->epoch >= theirs->epoch) {
            return std::min(theirs->offset, bound);
        }
        epoch = mine->epoch;
    }
}

std::vector<Slot> PartitionLog::truncate(std::uint64_t offset) {
    std::vector<Slot> gone;
    if (offset >= m_end) {
        m_epochs.truncate(m_end); // of a leader that appended nothing
        return gone;
    }
    if (m_segments.empty() || offset < m_segments.front().base) {
        return restart(offset);
    }
    m_end = offset;
    while (!m_batches.empty() && m_batches.back().last() >= offset) {
        for (const Record& record : recordsOf(m_batches.size() - 1)) {
            gone.push_back(record.slot);
        }
        m_records.resize(m_batches.back().record - m_recordsGone);
        m_end = std::min(m_end, m_batches.back().base);
        m_batches.pop_back();
    }
    while (m_segments.back().base > m_end) {
        m_segments.pop_back();
    }
    m_start = std::min(m_start, m_end);
    m_highWatermark = std::min(m_highWatermark, m_end);
    m_firstDirty = std::min(m_firstDirty, m_end);
    m_tombstonesUntil.erase(m_tombstonesUntil.lower_bound(m_end), m_tombstonesUntil.end());
    m_epochs.truncate(m_end);
    measureSegments();
    relearn(m_producers.forgetFrom(m_end));
    return gone;
}

std::vector<Slot> PartitionLog::restart(std::uint64_t offset) {
    std::vector<Slot> gone;
    for (const Record& record : m_records) {
        gone.push_back(record.slot);
    }
    *this = {};
    m_start = m_end = m_highWatermark = m_firstDirty = offset;
    return gone;
}

void PartitionLog::relearn(const std::vector<ProducerId>& producers) {
    m_transactions = {};
    for (const Batch& batch : m_batches) {
        if (std::ranges::count(producers, batch.producer) > 0) {
            learn(batch);
        } else if (batch.is(Control)) {
            m_transactions.end(batch.producer, batch.base, batch.is(Abort));
        } else if (batch.is(Transactional)) {
            m_transactions.touch(batch.producer, batch.base);
        }
    }
    trim();
}

} // namespace sim
