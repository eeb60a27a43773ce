#include "sim/model/kafka/assignors.h"

#include "sim/model/kafka/sticky_assignor.h"
#include "sim/model/kafka/uniform_assignor.h"

#include <algorithm>
#include <numeric>

namespace sim {

namespace {

/// Static members by instance id, then the others by member id.
bool comesFirst(const GroupMember& a, const GroupMember& b) {
    if (a.instanceId && b.instanceId) {
        return *a.instanceId < *b.instanceId;
    }
    return a.instanceId || b.instanceId ? a.instanceId.has_value() : a.id < b.id;
}

bool hasLowerId(const GroupMember& a, const GroupMember& b) { return a.id < b.id; }

Assignment assignRanges(std::span<const GroupMember> members,
                        std::span<const std::uint32_t> topics) {
    Assignment assignment(members.size());
    for (std::uint16_t topic = 0; topic < topics.size(); ++topic) {
        const std::vector<std::size_t> subscribers = subscribersOf(topic, members);
        std::uint32_t next = 0;
        for (std::size_t i = 0; i < subscribers.size(); ++i) {
            const auto count = static_cast<std::uint32_t>(subscribers.size());
            const std::uint32_t share = topics[topic] / count + (i < topics[topic] % count ? 1 : 0);
            for (std::uint32_t end = next + share; next < end; ++next) {
                assignment[subscribers[i]].push_back({topic, next});
            }
        }
    }
    return assignment;
}

Assignment dealRoundRobin(std::span<const GroupMember> members,
                          std::span<const std::uint32_t> topics) {
    Assignment assignment(members.size());
    std::size_t turn = 0;
    for (const TopicPartition& partition : subscribedPartitions(members, topics)) {
        while (!subscribes(members[turn], partition.topic)) {
            turn = (turn + 1) % members.size();
        }
        assignment[turn].push_back(partition);
        turn = (turn + 1) % members.size();
    }
    return assignment;
}

Assignment assignInOrder(Assignor assignor, std::span<const GroupMember> members,
                         std::span<const std::uint32_t> topics) {
    switch (assignor) {
    case Assignor::Range:
        return assignRanges(members, topics);
    case Assignor::RoundRobin:
        return dealRoundRobin(members, topics);
    case Assignor::Sticky:
        return assignSticky(members, topics);
    case Assignor::CooperativeSticky:
        return withholdMoving(assignSticky(members, topics), members, topics);
    case Assignor::Uniform:
        break;
    }
    return assignUniform(members, topics);
}

} // namespace

Assignment assign(Assignor assignor, std::span<const GroupMember> members,
                  std::span<const std::uint32_t> topics) {
    if (members.empty()) {
        return {};
    }
    const bool byInstance = assignor == Assignor::Range || assignor == Assignor::RoundRobin;
    std::vector<std::size_t> order(members.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
        return (byInstance ? comesFirst : hasLowerId)(members[a], members[b]);
    });
    std::vector<GroupMember> sorted;
    for (const std::size_t member : order) {
        sorted.push_back(members[member]);
    }
    Assignment found = assignInOrder(assignor, sorted, topics);
    Assignment assignment(members.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        std::ranges::sort(found[i]);
        assignment[order[i]] = std::move(found[i]);
    }
    return assignment;
}

} // namespace sim
