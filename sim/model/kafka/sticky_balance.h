#pragma once

#include "sim/model/kafka/claims.h"

namespace sim {

/// The sticky assignment of members with different subscriptions, in ascending order of their ids.
/// Source: https://kafka.apache.org/documentation/#consumerconfigs_partition.assignment.strategy
/// and KIP-54
/// Not modelled: racks.
class StickyBalance {
public:
    StickyBalance(std::span<const GroupMember> members, std::span<const std::uint32_t> topics,
                  const Claims& claims);

    Assignment assignment() const;

private:
    /// A partition that went from one member to another during this assignment.
    struct Move {
        std::size_t from;
        std::size_t to;
    };
    using Partitions = std::vector<TopicPartition>;

    void keepOwned(const Claims& claims);
    void rememberEarlierOwners();
    Partitions unowned() const;
    /// `added` goes to whoever has least of those that are subscribed; then partitions move.
    void balance(const Partitions& added);
    bool moveWhatHelps(const Partitions& partitions);
    bool moveIfItHelps(const TopicPartition& partition);
    void moveTo(const TopicPartition& wanted, std::size_t member);
    void note(const TopicPartition& partition, Move move);

    bool isBalanced() const;
    bool couldTakeOne(std::size_t member) const;
    bool canChange(std::size_t member) const;
    bool isShared(std::uint16_t topic) const { return m_subscribers[topic].size() >= 2; }
    /// How many partitions it could have.
    std::size_t mostOf(std::size_t member) const;
    std::size_t leastLoaded(std::uint16_t topic) const;
    std::uint64_t imbalance(const std::vector<std::size_t>& sizes) const;
    /// A partition that would go back on the way on which others of its topic came.
    TopicPartition insteadOf(const TopicPartition& partition, std::size_t from,
                             std::size_t to) const;

    std::span<const GroupMember> m_members;
    std::span<const std::uint32_t> m_topics;
    std::vector<std::vector<std::size_t>> m_subscribers; ///< by topic
    Partitions m_all;                                    ///< those with few subscribers first
    std::map<TopicPartition, std::size_t> m_owners;
    std::map<TopicPartition, std::size_t> m_earlier; ///< owners in an older generation
    std::map<TopicPartition, Move> m_moves;
    std::vector<std::size_t> m_sizes;  ///< by member
    std::vector<std::size_t> m_active; ///< members whose partitions can still change
    bool m_mustRevoke = false;         ///< somebody is not subscribed to what it owned
};

} // namespace sim
