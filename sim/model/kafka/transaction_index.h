#pragma once

#include "sim/model/kafka/record_batch.h"

#include <limits>
#include <vector>

namespace sim {

/// The transactions in the log of one partition: which are open, and which were aborted. A value.
/// Source: https://kafka.apache.org/documentation/#semantics (KIP-98)
/// Not modelled: the epoch of the transaction coordinator.
class TransactionIndex {
public:
    bool isOpen(ProducerId producer) const;
    /// A transactional record at `offset`; opens a transaction if none of the producer is.
    void touch(ProducerId producer, std::uint64_t offset);
    /// Its marker, at `offset`. Nothing happens where no transaction is open.
    void end(ProducerId producer, std::uint64_t offset, bool aborted);

    /// The first record of the oldest transaction that is open, or whose marker is not below
    /// `highWatermark`. The largest number where there is none.
    std::uint64_t firstUnstable(std::uint64_t highWatermark) const;
    /// Whether a transactional record is part of an aborted transaction.
    bool isAborted(ProducerId producer, std::uint64_t offset) const;

    /// Forgets what ended below `highWatermark`, and aborted transactions below `logStart`.
    void trim(std::uint64_t highWatermark, std::uint64_t logStart);

private:
    static constexpr std::uint64_t open = std::numeric_limits<std::uint64_t>::max();
    struct Span {
        ProducerId producer = noProducerId;
        std::uint64_t first = 0;
        std::uint64_t marker = open;
    };
    std::vector<Span> m_unstable; ///< ascending by first
    std::vector<Span> m_aborted;  ///< ascending by marker
};

} // namespace sim
