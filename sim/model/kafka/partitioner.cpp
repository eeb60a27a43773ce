#include "sim/model/kafka/partitioner.h"

#include "sim/base/check.h"

#include <algorithm>
#include <boost/crc.hpp>

namespace sim {

namespace {

std::uint32_t byteAt(std::string_view bytes, std::size_t i) {
    return static_cast<unsigned char>(bytes[i]);
}

/// What a hash becomes before it is taken modulo the number of partitions: not the absolute value.
std::uint32_t positive(std::uint32_t hash) { return hash & 0x7fffffffU; }

} // namespace

std::uint32_t murmur2(std::string_view bytes) {
    constexpr std::uint32_t factor = 0x5bd1e995;
    std::uint32_t hash = 0x9747b28cU ^ static_cast<std::uint32_t>(bytes.size());
    const std::size_t whole = bytes.size() / 4 * 4;
    for (std::size_t i = 0; i < whole; i += 4) {
        std::uint32_t word = byteAt(bytes, i) | byteAt(bytes, i + 1) << 8 |
                             byteAt(bytes, i + 2) << 16 | byteAt(bytes, i + 3) << 24;
        word *= factor;
        word ^= word >> 24;
        hash = hash * factor ^ word * factor;
    }
    if (whole < bytes.size()) {
        for (std::size_t i = whole; i < bytes.size(); ++i) {
            hash ^= byteAt(bytes, i) << 8 * (i - whole);
        }
        hash *= factor;
    }
    hash ^= hash >> 13;
    hash *= factor;
    return hash ^ hash >> 15;
}

std::uint32_t crc32(std::string_view bytes) {
    boost::crc_32_type crc;
    crc.process_bytes(bytes.data(), bytes.size());
    return crc.checksum();
}

std::optional<std::uint32_t> partitionByKey(Partitioner partitioner,
                                            std::optional<std::string_view> key,
                                            std::uint32_t partitions, bool ignoreKeys) {
    SIM_CHECK(partitions > 0);
    if (ignoreKeys) {
        return {};
    }
    switch (partitioner) {
    case Partitioner::RoundRobin:
    case Partitioner::Random:
        return {};
    case Partitioner::Consistent:
        return crc32(key.value_or("")) % partitions;
    case Partitioner::ConsistentRandom:
        return key.value_or("").empty() ? std::nullopt : std::optional(crc32(*key) % partitions);
    case Partitioner::Murmur2:
        return positive(murmur2(key.value_or(""))) % partitions;
    case Partitioner::BuiltIn:
    case Partitioner::Murmur2Random:
        break;
    }
    return key ? std::optional(positive(murmur2(*key)) % partitions) : std::nullopt;
}

std::uint32_t drawPartition(std::span<const AvailablePartition> available, std::uint32_t partitions,
                            Chance& chance, RandomStream& stream) {
    if (available.empty()) {
        return static_cast<std::uint32_t>(chance.below(stream, partitions));
    }
    const std::uint64_t longest =
        std::ranges::max_element(available, {}, &AvailablePartition::queued)->queued;
    std::uint64_t weights = 0;
    for (const AvailablePartition& each : available) {
        weights += longest + 1 - each.queued;
    }
    std::uint64_t drawn = chance.below(stream, weights);
    for (const AvailablePartition& each : available) {
        const std::uint64_t weight = longest + 1 - each.queued;
        if (drawn < weight) {
            return each.partition;
        }
        drawn -= weight;
    }
    SIM_CHECK(false);
    return 0;
}

bool StickyPartition::mustSwitch(bool allFull) {
    if (allFull && m_produced >= m_batchSize) {
        m_current.reset();
    }
    return !m_current;
}

void StickyPartition::moveTo(std::uint32_t partition) {
    m_current = partition;
    m_produced = 0;
}

void StickyPartition::appended(std::uint32_t bytes, bool allFull) {
    m_produced += bytes;
    const std::uint64_t most = std::uint64_t{m_batchSize} * 2;
    if ((m_produced >= m_batchSize && allFull) || m_produced >= most) {
        m_current.reset();
    }
}

std::uint32_t RoundRobinPartition::next(std::span<const AvailablePartition> available,
                                        std::uint32_t partitions) {
    const std::uint32_t turn = positive(m_turn++);
    return available.empty() ? turn % partitions : available[turn % available.size()].partition;
}

} // namespace sim
