#pragma once

#include "sim/model/kafka/claims.h"

namespace sim {

/// Assignor::Sticky, of members in ascending order of their ids. With equal subscriptions everybody
/// keeps up to a share, and what is left over is dealt. Otherwise everybody keeps what it may, the
/// rest goes to whoever has least, and then partitions move as long as that makes it more even.
/// Source: https://kafka.apache.org/documentation/#consumerconfigs_partition.assignment.strategy
/// and KIP-54
/// Not modelled: racks; that a partition may be given back to an earlier owner that is not
/// subscribed any more.
Assignment assignSticky(std::span<const GroupMember> members,
                        std::span<const std::uint32_t> topics);

/// Without the partitions that somebody claims and somebody else got.
/// Source: https://kafka.apache.org/documentation/#consumerconfigs_partition.assignment.strategy
/// and KIP-429
/// Not modelled: with different subscriptions, a partition in dispute may go at once to one of the
/// members that claim it.
Assignment withholdMoving(Assignment assignment, std::span<const GroupMember> members,
                          std::span<const std::uint32_t> topics);

} // namespace sim
