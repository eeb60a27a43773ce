#pragma once

#include "sim/model/kafka/assignors.h"

#include <map>
#include <set>

namespace sim {

// What assignors look up of a group; `members` and `topics` as in assign().

bool subscribes(const GroupMember& member, std::uint16_t topic);

/// The members that are subscribed, as positions, ascending.
std::vector<std::size_t> subscribersOf(std::uint16_t topic, std::span<const GroupMember> members);

/// All partitions of the topics that somebody is subscribed to, ascending.
std::vector<TopicPartition> subscribedPartitions(std::span<const GroupMember> members,
                                                 std::span<const std::uint32_t> topics);

bool subscribeToTheSame(std::span<const GroupMember> members);

/// Which of the partitions that members say they own is really whose: with two that claim one, of
/// the member with the higher generation; of equal generations, of neither.
/// Source: https://kafka.apache.org/documentation/#basic_ops_consumer_group (KIP-792)
/// Not modelled: a third claim of a still higher generation, which does not settle a dispute.
struct Claims {
    std::map<TopicPartition, std::size_t> owners; ///< positions of members
    std::set<TopicPartition> claimed;             ///< by anybody
};

/// Partitions that do not exist are left out.
Claims claimsOf(std::span<const GroupMember> members, std::span<const std::uint32_t> topics);

} // namespace sim
