#pragma once

#include "sim/base/ids.h"
#include "sim/base/time.h"

#include <cstdint>
#include <optional>
#include <span>

namespace sim {

/// A session of an idempotent producer (PID), or all of those of one transactional.id.
enum class ProducerId : std::uint32_t {};
inline constexpr ProducerId noProducerId{0xffffffff};

/// Sequence numbers go from 0 to this, and on with 0.
inline constexpr std::int32_t sequenceMax = 0x7fffffff;
/// `sequence` and `more` further on. Requires 0 <= sequence.
constexpr std::int32_t nextSequence(std::int32_t sequence, std::int64_t more) {
    return static_cast<std::int32_t>((sequence + more) % (std::int64_t{sequenceMax} + 1));
}

/// Bytes in front of the records of each batch.
inline constexpr std::uint32_t batchHeaderBytes = 61;
/// Bytes of the batch that holds nothing but a transaction marker.
inline constexpr std::uint32_t markerBytes = batchHeaderBytes + 17;

/// A record within its batch, uncompressed and without headers: key and value and 7 to 21 bytes
/// around them. nullopt: a null key, a null value; `offsetDelta`: position in the batch;
/// `sinceFirst`: its timestamp after that of the batch, of which whole milliseconds count.
/// Source: https://kafka.apache.org/documentation/#record
/// Not modelled: headers, compression.
std::uint32_t recordBytes(std::optional<std::uint32_t> key, std::optional<std::uint32_t> value,
                          std::uint32_t offsetDelta = 0, Duration sinceFirst = {});

/// One record on its way into a log.
struct NewRecord {
    Slot slot = noSlot;
    KeyId key = noKey;
    std::uint32_t bytes = 0;  ///< see recordBytes()
    bool isTombstone = false; ///< a null value
};

/// What a producer sends for one partition. Not empty.
struct NewBatch {
    std::span<const NewRecord> records;
    Instant timestamp{}; ///< the largest of its records
    ProducerId producer = noProducerId;
    std::uint16_t epoch = 0;    ///< of the producer
    std::int32_t sequence = 0;  ///< of the first record; with a producer
    bool transactional = false; ///< part of the transaction of its producer
};

/// What a log says to a batch.
enum class AppendOutcome : std::uint8_t {
    Appended,
    Duplicate,            ///< acknowledged with the offsets that it has; not appended again
    InvalidProducerEpoch, ///< a newer instance of the producer has been seen
    OutOfOrderSequence,
    InvalidTxnState, ///< not transactional, but its producer's transaction is open
    InvalidRecord,   ///< without a key, into a compacted log
};

struct Appended {
    AppendOutcome outcome = AppendOutcome::Appended;
    std::uint64_t first = 0; ///< offsets of the first and the last record; of a duplicate those
    std::uint64_t last = 0;  ///< that it has. With any other outcome 0.

    bool operator==(const Appended&) const = default;
};

} // namespace sim
