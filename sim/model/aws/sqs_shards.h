#pragma once

#include "sim/kernel/chance.h"
#include "sim/model/aws/indexed_heap.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <vector>

namespace sim {

/// Which visible message of a standard queue a receive returns.
///
/// A message is on one server of several. A receive goes to the servers that it asks in random
/// order and takes the message there that is ahead, so that the order is roughly that of arrival.
/// What was received three times and not deleted goes behind all others.
/// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
/// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
/// Not modelled: that a message is on several servers, which may answer differently: see the rates
/// of SqsQueueSpec.
class SqsShards {
public:
    struct Rank {
        bool isBehind = false; ///< received so often
        std::int64_t order = 0;
        std::uint64_t number = 0; ///< of arrival
        auto operator<=>(const Rank&) const = default;
    };

    explicit SqsShards(std::uint32_t shards = 1) : m_shards(shards) {}

    /// Requires an entry that is not here.
    void push(std::uint32_t entry, std::uint32_t shard, const Rank& rank);
    /// Requires an entry that is in this shard.
    void erase(std::uint32_t entry, std::uint32_t shard) { m_shards[shard].erase(entry, m_places); }

    /// Some of the servers: a set of so many, each set equally likely. All where there are no more.
    std::vector<std::uint32_t> sample(std::uint32_t some, RandomStream& random,
                                      Chance& chance) const;
    /// Of the messages that are ahead in these shards one that no other must go before.
    std::optional<std::uint32_t> pick(const std::vector<std::uint32_t>& shards,
                                      RandomStream& random, Chance& chance) const;

private:
    std::vector<IndexedHeap<Rank>> m_shards;
    HeapPlaces m_places; ///< by entry
};

} // namespace sim
