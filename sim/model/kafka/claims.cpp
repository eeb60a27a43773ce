#include "sim/model/kafka/claims.h"

#include <algorithm>

namespace sim {

bool subscribes(const GroupMember& member, std::uint16_t topic) {
    return std::ranges::find(member.topics, topic) != member.topics.end();
}

std::vector<std::size_t> subscribersOf(std::uint16_t topic, std::span<const GroupMember> members) {
    std::vector<std::size_t> subscribers;
    for (std::size_t member = 0; member < members.size(); ++member) {
        if (subscribes(members[member], topic)) {
            subscribers.push_back(member);
        }
    }
    return subscribers;
}

std::vector<TopicPartition> subscribedPartitions(std::span<const GroupMember> members,
                                                 std::span<const std::uint32_t> topics) {
    std::vector<TopicPartition> all;
    for (std::uint16_t topic = 0; topic < topics.size(); ++topic) {
        if (subscribersOf(topic, members).empty()) {
            continue;
        }
        for (std::uint32_t partition = 0; partition < topics[topic]; ++partition) {
            all.push_back({topic, partition});
        }
    }
    return all;
}

bool subscribeToTheSame(std::span<const GroupMember> members) {
    const auto topicsOf = [](const GroupMember& member) {
        return std::set<std::uint16_t>(member.topics.begin(), member.topics.end());
    };
    return std::ranges::all_of(members, [&](const GroupMember& member) {
        return topicsOf(member) == topicsOf(members.front());
    });
}

Claims claimsOf(std::span<const GroupMember> members, std::span<const std::uint32_t> topics) {
    Claims claims;
    std::set<TopicPartition> disputed;
    for (std::size_t member = 0; member < members.size(); ++member) {
        for (const TopicPartition& partition : members[member].owned) {
            if (partition.topic >= topics.size() ||
                partition.partition >= topics[partition.topic]) {
                continue;
            }
            claims.claimed.insert(partition);
            const auto [owner, isFirst] = claims.owners.emplace(partition, member);
            const std::int32_t other = members[owner->second].generation;
            if (!isFirst && members[member].generation == other) {
                disputed.insert(partition);
            } else if (members[member].generation > other) {
                owner->second = member;
            }
        }
    }
    for (const TopicPartition& partition : disputed) {
        claims.owners.erase(partition);
    }
    return claims;
}

} // namespace sim
