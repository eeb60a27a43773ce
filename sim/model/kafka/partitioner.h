#pragma once

#include "sim/base/random.h"
#include "sim/kernel/chance.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sim {

/// Kafka's variant of MurmurHash2, seed 0x9747b28c, 32 bits: its clients hash keys with it.
/// Source: https://github.com/apache/kafka, org.apache.kafka.common.utils.Utils
std::uint32_t murmur2(std::string_view bytes);

/// The CRC-32 of zlib, with which librdkafka hashes keys unless told otherwise.
std::uint32_t crc32(std::string_view bytes);

/// How a producer chooses among the partitions of a topic. The first two are those of the Java
/// client (partitioner.class), the others those of librdkafka (partitioner), whose default is
/// ConsistentRandom: the same key lands elsewhere than with the Java client.
/// Source: https://kafka.apache.org/documentation/#producerconfigs_partitioner.class and
/// https://github.com/confluentinc/librdkafka/blob/master/CONFIGURATION.md
/// Not modelled: librdkafka's fnv1a, and its sticky.partitioning.linger.ms, by which its random
/// choice holds for 10 ms.
enum class Partitioner : std::uint8_t {
    BuiltIn,          ///< murmur2 of the key; without a key sticky
    RoundRobin,       ///< keys do not count
    Random,           ///< keys do not count
    Consistent,       ///< CRC-32 of the key; no key is as an empty one
    ConsistentRandom, ///< CRC-32 of the key; random without a key, or with an empty one
    Murmur2,          ///< murmur2 of the key; no key is as an empty one
    Murmur2Random,    ///< murmur2 of the key; random without a key
};

/// The partition that the key alone decides, among all of a topic, also those without a leader:
/// the hash modulo their number. Nothing where a turn or chance decides, as is always the case
/// with `ignoreKeys` (partitioner.ignore.keys). An empty key is a key, nullopt is none. Requires
/// partitions > 0.
std::optional<std::uint32_t> partitionByKey(Partitioner partitioner,
                                            std::optional<std::string_view> key,
                                            std::uint32_t partitions, bool ignoreKeys = false);

/// A partition that can take records: it has a leader, and no batch of it waits longer than
/// partitioner.availability.timeout.ms.
struct AvailablePartition {
    std::uint32_t partition = 0;
    std::uint32_t queued = 0; ///< batches of it that wait in the producer
};

/// One of the available partitions: partition i with weight (longest queue + 1 - queue of i), so
/// that equal queues are equally likely. With none available, any of `partitions`. Without
/// partitioner.adaptive.partitioning.enable, `queued` is 0 for all.
/// Source: https://kafka.apache.org/documentation/#producerconfigs_partitioner.class (KIP-794)
std::uint32_t drawPartition(std::span<const AvailablePartition> available, std::uint32_t partitions,
                            Chance& chance, RandomStream& stream);

/// Where the built-in partitioner puts records without a key: it stays on a partition until
/// `batchSize` bytes went there, and goes on to one drawn by drawPartition(), which may be the
/// same. While the open batch is not full the switch waits, at most until twice `batchSize`. The
/// trigger is bytes, neither time nor batches, so that a producer that sends each record alone
/// stays for as many records as one that fills its batches. One for each producer and topic.
///
/// A caller asks mustSwitch() before each append, with whether all batches that wait for the
/// partition are full (true with none), draws where it says so, appends, and calls appended().
/// Source: https://kafka.apache.org/documentation/#producerconfigs_partitioner.class (KIP-794)
/// Not modelled: threads that race for the switch.
class StickyPartition {
public:
    /// `batchSize`: the producer's batch.size, bytes, at least 1.
    explicit StickyPartition(std::uint32_t batchSize) : m_batchSize(batchSize) {}

    /// Nothing before the first record, and once it is time to switch.
    std::optional<std::uint32_t> current() const { return m_current; }
    /// Whether the next record goes to a partition that is to be drawn.
    bool mustSwitch(bool allFull);
    void moveTo(std::uint32_t partition);
    /// `bytes` came into its batches, 61 of them with each new batch; `allFull` as they are then.
    void appended(std::uint32_t bytes, bool allFull);

private:
    std::uint32_t m_batchSize;
    std::uint64_t m_produced = 0; ///< bytes on the present partition
    std::optional<std::uint32_t> m_current;
};

/// RoundRobinPartitioner: one available partition after the other, whatever the keys. A record
/// that has to open a new batch is partitioned a second time, so that the caller asks again and
/// takes the turn after: with small loads, where each record opens a batch, an even number of
/// partitions is used by half.
/// Source: https://issues.apache.org/jira/browse/KAFKA-9965
/// Not modelled: that the turns of several topics begin apart.
class RoundRobinPartition {
public:
    /// With none available, among all of `partitions`.
    std::uint32_t next(std::span<const AvailablePartition> available, std::uint32_t partitions);

private:
    std::uint32_t m_turn = 0;
};

} // namespace sim
