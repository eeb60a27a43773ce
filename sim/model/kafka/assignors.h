#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sim {

/// One partition of one topic.
struct TopicPartition {
    std::uint16_t topic = 0; ///< position in a list of topics in ascending order of their names
    std::uint32_t partition = 0;

    auto operator<=>(const TopicPartition&) const = default;
};

/// What an assignor knows of a member of a consumer group.
struct GroupMember {
    std::string id;                        ///< member.id, unique in the group
    std::optional<std::string> instanceId; ///< group.instance.id of a static member
    std::vector<std::uint16_t> topics;     ///< subscribed to
    /// What it owned so far: what it was given last time (Sticky), what it still reads
    /// (CooperativeSticky), its part of the target assignment (Uniform). The others do not look.
    std::vector<TopicPartition> owned;
    std::int32_t generation = -1; ///< in which it was given that; -1: not known
};

/// What each member gets, in the order in which the members were given; ascending.
using Assignment = std::vector<std::vector<TopicPartition>>;

/// Who reads which partitions of a group. Of members that were given in another order the same
/// members get the same.
/// Source: https://kafka.apache.org/documentation/#consumerconfigs_partition.assignment.strategy
/// and https://kafka.apache.org/documentation/#group.consumer.assignors
/// Not modelled: racks; members of one group with different assignors. Where the client or the
/// broker goes through members in the order of a hash table, here it is that of their ids.
enum class Assignor : std::uint8_t {
    /// For each topic on its own contiguous ranges, one partition more for the first members:
    /// static members by instance id, then the others by member id. So the first members get more
    /// with each topic. The broker's `range` is the same since 4.0.
    Range,
    /// All partitions, dealt to the members (in that order) that are subscribed.
    RoundRobin,
    /// As even as can be, then moving as little as possible (KIP-54). A partition that two members
    /// claim stays with the one of the higher generation; of the same generation with neither.
    Sticky,
    /// The same, but what one member gives up and another gets is withheld from this assignment:
    /// its owner revokes it and the group rebalances once more (KIP-429).
    CooperativeSticky,
    /// The broker's default in the new protocol (KIP-848): as even as can be. With equal
    /// subscriptions the first members may own one more than the others, whoever owned it before.
    Uniform,
};

/// `topics`: the number of partitions of each; 0 for one that does not exist, which nobody gets.
Assignment assign(Assignor assignor, std::span<const GroupMember> members,
                  std::span<const std::uint32_t> topics);

} // namespace sim
