#pragma once

#include "sim/model/kafka/leader_epochs.h"
#include "sim/model/kafka/producer_states.h"
#include "sim/model/kafka/record_batch.h"
#include "sim/model/kafka/transaction_index.h"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace sim {

/// What the configuration of a topic says about the log of a partition; Kafka's defaults.
/// Source: https://kafka.apache.org/documentation/#topicconfigs
struct LogSpec {
    bool deletes = true;   ///< cleanup.policy contains delete
    bool compacts = false; ///< cleanup.policy contains compact
    std::optional<Duration> retention = 168h;
    std::optional<std::uint64_t> retentionBytes; ///< of the partition
    std::uint64_t segmentBytes = 1'073'741'824;
    Duration segmentTime = 168h;
    std::uint32_t minDirtyPerMille = 500;     ///< min.cleanable.dirty.ratio
    Duration minCompactionLag{};              ///< younger records stay as they are
    std::optional<Duration> maxCompactionLag; ///< older ones are compacted in any case
    Duration deleteRetention = 24h;           ///< of a tombstone, once it was compacted
};

enum class Isolation : std::uint8_t { ReadUncommitted, ReadCommitted };

/// The log of one replica of a partition. Records have offsets, consecutive as they are appended;
/// a transaction marker takes one as well and is never read. A value; a record takes 16 bytes and
/// each batch 48. It names messages by their slots, and returns the slots that it gives up.
///
/// The log is cut into segments, and a new one begins when the next batch would make it larger than
/// `segmentBytes`, or is more than `segmentTime` younger than the first one. That is looked at when
/// something is appended and at no other time.
/// Source: https://kafka.apache.org/documentation/#log and
/// https://kafka.apache.org/documentation/#compaction
/// Not modelled: index files and their limits, the jitter of segment.ms, flushes to disk, a
/// timestamp of its own for each record of a batch, limits on sizes and timestamps of records,
/// remote tiers. Compaction neither joins small segments nor removes transaction markers, nor does
/// it keep an empty batch to remember a producer by, which is remembered anyway.
class PartitionLog {
public:
    /// The first offset that can be read.
    std::uint64_t startOffset() const { return m_start; }
    /// Log end offset: of the record that will be appended next.
    std::uint64_t endOffset() const { return m_end; }
    /// What lies below is on all in-sync replicas; consumers read no further.
    std::uint64_t highWatermark() const { return m_highWatermark; }
    /// Consumers that read only what is committed read no further: the high watermark, or the first
    /// record of the oldest transaction that is not decided below it.
    std::uint64_t lastStableOffset() const;
    std::uint64_t bytes() const;
    /// Records that lie in it, markers apart.
    std::size_t size() const { return m_records.size(); }
    std::size_t segments() const { return m_segments.size(); }
    const LeaderEpochs& epochs() const { return m_epochs; }
    const ProducerStates& producers() const { return m_producers; }

    /// This replica leads from now on, in `epoch`.
    void lead(std::uint32_t epoch) { m_epochs.begin(epoch, m_end); }
    /// At the leader. Nothing is appended unless the outcome is Appended.
    Appended append(const NewBatch& batch, const LogSpec& spec);
    /// The marker that ends the transaction of a producer here; with a higher epoch of the producer
    /// (KIP-890) its sequences begin anew. The outcome is Appended or InvalidProducerEpoch.
    Appended appendMarker(ProducerId producer, std::uint16_t epoch, bool commits, Instant now,
                          const LogSpec& spec);
    /// Never lowers it, and never raises it above the end.
    void raiseHighWatermark(std::uint64_t offset);

    /// At a follower: copies whole batches of the leader, from its own end on, below `end`.
    /// Requires endOffset() >= leader.startOffset().
    void copyFrom(const PartitionLog& leader, std::uint64_t end, const LogSpec& spec);
    /// How far this log is that of the leader: where a follower truncates before it copies.
    std::uint64_t divergence(const PartitionLog& leader) const;
    /// Takes out all from `offset` on, or from the batch on that holds it; also below the high
    /// watermark, which then is lowered. Below all that it holds it restarts there.
    std::vector<Slot> truncate(std::uint64_t offset);
    /// An empty log that goes on at `offset`: a follower whose end the leader has given up.
    std::vector<Slot> restart(std::uint64_t offset);

    struct Read {
        bool outOfRange = false; ///< below the start or above the end: auto.offset.reset decides
        struct Record {
            std::uint64_t offset;
            Slot slot;
        };
        std::vector<Record> records;
        std::uint64_t next = 0; ///< the reader's position afterwards
    };
    /// At most `most` records from `from` on. Requires most > 0.
    Read read(std::uint64_t from, Isolation isolation, std::size_t most) const;

    /// Records below `offset`, at most the high watermark, are not read any more (DeleteRecords, or
    /// the leader's start); their segments go with the next retire().
    void raiseStart(std::uint64_t offset);
    /// Takes out whole segments, the oldest first, up to the first one that stays: of which all
    /// lies below the start; without which `retentionBytes` are left; or whose largest timestamp is
    /// longer ago than `retention`. Never above the high watermark. When all go, an empty one
    /// begins.
    std::vector<Slot> retire(const LogSpec& spec, Instant now);

    /// Whether the cleaner has enough to do: more than `minDirtyPerMille` of the bytes that it may
    /// look at are new to it, or some are older than `maxCompactionLag`.
    bool compactionIsDue(const LogSpec& spec, Instant now) const;
    /// Takes out each record of which a newer one with the same key lies in the part that was not
    /// compacted yet; records of aborted transactions; and tombstones that were first compacted
    /// `deleteRetention` ago. The active segment, what lies above the last stable offset and
    /// segments younger than `minCompactionLag` are left alone, and do not count as newer.
    std::vector<Slot> compact(const LogSpec& spec, Instant now);

    /// Forgets producers that were silent for `expiration` (producer.id.expiration.ms).
    void expireProducers(Instant now, Duration expiration);

private:
    enum Flag : std::uint8_t { Transactional = 1, Control = 2, Abort = 4 };
    struct Batch {
        std::uint64_t base = 0;   ///< offset of the first record as it was appended
        std::uint64_t record = 0; ///< number of its first record, see m_recordsGone
        Instant timestamp{};
        ProducerId producer = noProducerId;
        std::int32_t sequence = 0;
        std::uint32_t leaderEpoch = 0;
        std::uint32_t lastDelta = 0; ///< offset of the last record as it was appended, less base
        std::uint16_t epoch = 0;
        std::uint8_t flags = 0;

        std::uint64_t last() const { return base + lastDelta; }
        bool is(Flag flag) const { return (flags & flag) != 0; }
    };
    struct Record {
        std::uint32_t delta = 0; ///< offset less that of its batch
        Slot slot = noSlot;
        KeyId key = noKey;
        std::uint32_t bytes : 31 = 0;
        std::uint32_t isTombstone : 1 = 0;
    };
    static_assert(sizeof(Batch) == 48);
    static_assert(sizeof(Record) == 16);
    struct Segment {
        std::uint64_t base = 0;
        std::uint64_t bytes = 0;
        Instant first{};   ///< timestamp of its first batch
        Instant largest{}; ///< timestamp
        std::size_t batches = 0;

        void take(Instant timestamp, std::uint64_t more);
    };
    static std::uint64_t bytesOf(const Batch& batch, std::span<const Record> records);

    /// A batch that is about to be appended takes `bytes`: begins a new segment where one is due.
    void roll(std::uint64_t bytes, Instant timestamp, const LogSpec& spec);
    void add(Batch batch, std::span<const Record> records, const LogSpec& spec);
    /// What the batch says about its producer, as it is appended or replayed.
    void learn(const Batch& batch);
    void relearn(const std::vector<ProducerId>& producers);

    /// The first batch that reaches to `offset` or beyond.
    std::size_t batchAt(std::uint64_t offset) const;
    std::span<const Record> recordsOf(std::size_t batch) const;
    bool isVisible(const Batch& batch, Isolation isolation) const;
    bool isAborted(const Batch& batch) const;

    std::uint64_t endOf(std::size_t segment) const;
    bool isGivenUp(const LogSpec& spec, Instant now) const;
    void dropOldest(std::vector<Slot>& gone);
    void trim();

    std::uint64_t firstUncleanable(const LogSpec& spec, Instant now) const;
    std::map<KeyId, std::uint64_t> newestDirty(std::uint64_t end) const;
    /// What of a batch goes when it is compacted.
    struct Outdated {
        const std::map<KeyId, std::uint64_t>& newest;
        bool isAborted;
        bool tombstonesAreDue;

        bool operator()(const Record& record, std::uint64_t offset) const;
    };
    /// After batches or records went from the middle.
    void measureSegments();

    std::vector<Record> m_records;
    std::vector<Batch> m_batches;
    std::vector<Segment> m_segments; ///< the oldest first; the last one is active
    std::uint64_t m_recordsGone = 0; ///< number of the first of m_records
    std::uint64_t m_start = 0;
    std::uint64_t m_end = 0;
    std::uint64_t m_highWatermark = 0;
    std::uint64_t m_firstDirty = 0;                     ///< compacted below
    std::map<std::uint64_t, Instant> m_tombstonesUntil; ///< by base of their batch
    LeaderEpochs m_epochs;
    ProducerStates m_producers;
    TransactionIndex m_transactions;
};

} // namespace sim
