#pragma once

#include "sim/model/kafka/claims.h"

namespace sim {

/// Assignor::Uniform, of members in ascending order of their ids.
///
/// Equal subscriptions: each member has a quota, one more for the first ones; it keeps its
/// partitions up to that, and what is left over fills the members one after the other. Otherwise
/// what nobody owns goes to whoever has least, topics with many partitions for each subscriber
/// first; then, topic by topic, whoever has most gives its last partition to whoever has least,
/// until they differ by one.
/// Source: https://kafka.apache.org/documentation/#group.consumer.assignors (KIP-848)
/// Not modelled: the error for a topic that does not exist; nobody gets such a topic.
Assignment assignUniform(std::span<const GroupMember> members,
                         std::span<const std::uint32_t> topics);

} // namespace sim
