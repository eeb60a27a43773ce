#include "sim/model/kafka/sticky_balance.h"

#include <algorithm>
#include <tuple>

namespace sim {

StickyBalance::StickyBalance(std::span<const GroupMember> members,
                             std::span<const std::uint32_t> topics, const Claims& claims)
    : m_members(members)
    , m_topics(topics)
    , m_all(subscribedPartitions(members, topics))
    , m_sizes(members.size(), 0) {
    for (std::uint16_t topic = 0; topic < topics.size(); ++topic) {
        m_subscribers.push_back(subscribersOf(topic, members));
    }
    std::ranges::stable_sort(m_all, {}, [this](const TopicPartition& partition) {
        return m_subscribers[partition.topic].size();
    });
    for (std::size_t member = 0; member < members.size(); ++member) {
        m_active.push_back(member);
    }
    keepOwned(claims);
    rememberEarlierOwners();
    balance(unowned());
}

Assignment StickyBalance::assignment() const {
    Assignment assignment(m_members.size());
    for (const auto& [partition, member] : m_owners) {
        assignment[member].push_back(partition);
    }
    return assignment;
}

void StickyBalance::keepOwned(const Claims& claims) {
    for (const auto& [partition, member] : claims.owners) {
        if (subscribes(m_members[member], partition.topic)) {
            m_owners[partition] = member;
            ++m_sizes[member];
        } else if (!m_subscribers[partition.topic].empty()) {
            m_mustRevoke = true;
        }
    }
}

void StickyBalance::rememberEarlierOwners() {
    const std::int32_t latest =
        std::ranges::max_element(m_members, {}, &GroupMember::generation)->generation;
    for (std::size_t member = 0; member < m_members.size(); ++member) {
        if (m_members[member].generation >= latest) {
            continue;
        }
        for (const TopicPartition& partition : m_members[member].owned) {
            const auto [earlier, isFirst] = m_earlier.emplace(partition, member);
            if (!isFirst && m_members[member].generation > m_members[earlier->second].generation) {
                earlier->second = member;
            }
        }
    }
}

StickyBalance::Partitions StickyBalance::unowned() const {
    Partitions added;
    for (const TopicPartition& partition : m_all) {
        if (!m_owners.contains(partition)) {
            added.push_back(partition);
        }
    }
    return added;
}

void StickyBalance::balance(const Partitions& added) {
    const bool isFirst = std::ranges::all_of(m_sizes, [](std::size_t size) { return size == 0; });
    for (const TopicPartition& partition : added) {
        const std::size_t member = leastLoaded(partition.topic);
        m_owners[partition] = member;
        ++m_sizes[member];
    }
    std::erase_if(m_active, [this](std::size_t member) { return !canChange(member); });
    const auto owners = m_owners;
    const std::vector<std::size_t> sizes = m_sizes;
    if (!m_mustRevoke) {
        moveWhatHelps(added);
    }
    const bool moved = moveWhatHelps(m_all);
    if (!isFirst && moved && imbalance(m_sizes) >= imbalance(sizes)) {
        m_owners = owners;
        m_sizes = sizes;
    }
}

bool StickyBalance::moveWhatHelps(const Partitions& partitions) {
    bool movedAny = false;
    for (bool moved = true; moved;) {
        moved = false;
        for (const TopicPartition& partition : partitions) {
            if (!isShared(partition.topic)) {
                continue;
            }
            if (isBalanced()) {
                break;
            }
            moved = moveIfItHelps(partition) || moved;
        }
        movedAny = movedAny || moved;
    }
    return movedAny;
}

bool StickyBalance::moveIfItHelps(const TopicPartition& partition) {
    const std::size_t size = m_sizes[m_owners[partition]];
    if (const auto earlier = m_earlier.find(partition); earlier != m_earlier.end()) {
        const std::size_t member = earlier->second;
        if (subscribes(m_members[member], partition.topic) && size > m_sizes[member] + 1) {
            moveTo(partition, member);
            return true;
        }
    }
    const bool helps = std::ranges::any_of(m_subscribers[partition.topic], [&](std::size_t other) {
        return size > m_sizes[other] + 1;
    });
    if (helps) {
        moveTo(partition, leastLoaded(partition.topic));
    }
    return helps;
}

void StickyBalance::moveTo(const TopicPartition& wanted, std::size_t member) {
    const TopicPartition partition = insteadOf(wanted, m_owners[wanted], member);
    const std::size_t owner = m_owners[partition];
    note(partition, {.from = owner, .to = member});
    --m_sizes[owner];
    ++m_sizes[member];
    m_owners[partition] = member;
}

void StickyBalance::note(const TopicPartition& partition, Move move) {
    if (const auto before = m_moves.find(partition); before != m_moves.end()) {
        move.from = before->second.from;
        m_moves.erase(before);
    }
    if (move.from != move.to) {
        m_moves.emplace(partition, move);
    }
}

TopicPartition StickyBalance::insteadOf(const TopicPartition& partition, std::size_t from,
                                        std::size_t to) const {
    if (const auto before = m_moves.find(partition); before != m_moves.end()) {
        from = before->second.from;
    }
    for (const auto& [moved, move] : m_moves) {
        if (moved.topic == partition.topic && move.from == to && move.to == from) {
            return moved;
        }
    }
    return partition;
}

bool StickyBalance::isBalanced() const {
    if (m_active.empty()) {
        return true;
    }
    const auto sizeOf = [this](std::size_t member) { return m_sizes[member]; };
    const auto [least, most] = std::ranges::minmax_element(m_active, {}, sizeOf);
    if (m_sizes[*least] + 1 >= m_sizes[*most]) {
        return true;
    }
    return std::ranges::none_of(m_active,
                                [this](std::size_t member) { return couldTakeOne(member); });
}

bool StickyBalance::couldTakeOne(std::size_t member) const {
    return std::ranges::any_of(m_owners, [&](const auto& owned) {
        const auto& [partition, owner] = owned;
        return m_sizes[member] + 1 < m_sizes[owner] &&
               subscribes(m_members[member], partition.topic);
    });
}

bool StickyBalance::canChange(std::size_t member) const {
    if (m_sizes[member] < mostOf(member)) {
        return true;
    }
    return std::ranges::any_of(m_owners, [&](const auto& owned) {
        return owned.second == member && isShared(owned.first.topic);
    });
}

std::size_t StickyBalance::mostOf(std::size_t member) const {
    std::size_t most = 0;
    for (std::size_t topic = 0; topic < m_topics.size(); ++topic) {
        most += std::ranges::count(m_subscribers[topic], member) > 0 ? m_topics[topic] : 0;
    }
    return most;
}

std::size_t StickyBalance::leastLoaded(std::uint16_t topic) const {
    return *std::ranges::min_element(m_subscribers[topic], {}, [this](std::size_t member) {
        return std::tuple(m_sizes[member], member);
    });
}

std::uint64_t StickyBalance::imbalance(const std::vector<std::size_t>& sizes) const {
    std::uint64_t sum = 0;
    for (const std::size_t a : m_active) {
        for (const std::size_t b : m_active) {
            sum += sizes[a] > sizes[b] ? sizes[a] - sizes[b] : 0;
        }
    }
    return sum;
}

} // namespace sim
