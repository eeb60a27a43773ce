#include "sim/model/kafka/uniform_assignor.h"

#include <algorithm>
#include <tuple>

namespace sim {

namespace {

/// What each member owned of the topics that it is subscribed to.
Assignment stillOwned(std::span<const GroupMember> members, const Claims& claims) {
    Assignment owned(members.size());
    for (const auto& [partition, member] : claims.owners) {
        if (subscribes(members[member], partition.topic)) {
            owned[member].push_back(partition);
        }
    }
    return owned;
}

std::vector<TopicPartition> notIn(const Assignment& owned, const std::vector<TopicPartition>& all) {
    std::set<TopicPartition> left(all.begin(), all.end());
    for (const std::vector<TopicPartition>& partitions : owned) {
        for (const TopicPartition& partition : partitions) {
            left.erase(partition);
        }
    }
    return {left.begin(), left.end()};
}

Assignment fillQuotas(Assignment owned, const std::vector<TopicPartition>& all) {
    std::vector<TopicPartition> left = notIn(owned, all);
    const auto quota = [&](std::size_t member) {
        return all.size() / owned.size() + (member < all.size() % owned.size() ? 1 : 0);
    };
    for (std::size_t member = 0; member < owned.size(); ++member) {
        std::vector<TopicPartition>& mine = owned[member];
        const std::size_t kept = std::min(mine.size(), quota(member));
        left.insert(left.end(), mine.begin() + static_cast<std::ptrdiff_t>(kept), mine.end());
        mine.resize(kept);
    }
    auto next = left.begin();
    for (std::size_t member = 0; member < owned.size(); ++member) {
        while (owned[member].size() < quota(member)) {
            owned[member].push_back(*next++);
        }
    }
    return owned;
}

/// Different subscriptions: who has how many, and evens it out one topic at a time.
class UnevenGroup {
public:
    UnevenGroup(std::span<const GroupMember> members, std::span<const std::uint32_t> topics,
                Assignment owned)
        : m_members(members)
        , m_topics(topics)
        , m_owned(std::move(owned)) {
        for (std::uint16_t topic = 0; topic < topics.size(); ++topic) {
            if (topics[topic] > 0 && !subscribersOf(topic, members).empty()) {
                m_order.push_back(topic);
            }
        }
        std::ranges::stable_sort(m_order, [this](std::uint16_t a, std::uint16_t b) {
            const auto subscribersA = subscribersOf(a, m_members).size();
            const auto subscribersB = subscribersOf(b, m_members).size();
            const std::uint64_t shareA = std::uint64_t{m_topics[a]} * subscribersB;
            const std::uint64_t shareB = std::uint64_t{m_topics[b]} * subscribersA;
            return std::tuple(shareB, subscribersA) < std::tuple(shareA, subscribersB);
        });
    }

    void place(const std::vector<TopicPartition>& left) {
        for (const std::uint16_t topic : m_order) {
            const std::vector<std::size_t> subscribers = bySize(topic);
            for (const TopicPartition& partition : left) {
                if (partition.topic == topic) {
                    m_owned[least(subscribers)].push_back(partition);
                }
            }
        }
    }

    void even() {
        constexpr int roundsMax = 16;
        for (int round = 0; round < roundsMax; ++round) {
            bool moved = false;
            for (const std::uint16_t topic : m_order) {
                moved = even(topic) || moved;
            }
            if (!moved) {
                return;
            }
        }
    }

    const Assignment& owned() const { return m_owned; }

private:
    std::vector<std::size_t> bySize(std::uint16_t topic) const {
        std::vector<std::size_t> subscribers = subscribersOf(topic, m_members);
        std::ranges::stable_sort(subscribers, {},
                                 [this](std::size_t member) { return m_owned[member].size(); });
        return subscribers;
    }

    std::size_t least(const std::vector<std::size_t>& subscribers) const {
        return *std::ranges::min_element(
            subscribers, {}, [this](std::size_t member) { return m_owned[member].size(); });
    }

    /// The last of the topic's partitions that the member owns.
    std::optional<TopicPartition> lastOf(std::uint16_t topic, std::size_t member) const {
        std::optional<TopicPartition> last;
        for (const TopicPartition& partition : m_owned[member]) {
            if (partition.topic == topic && (!last || *last < partition)) {
                last = partition;
            }
        }
        return last;
    }

    /// Whether anything moved.
    bool even(std::uint16_t topic) {
        const std::vector<std::size_t> subscribers = bySize(topic);
        for (bool movedAny = false;; movedAny = true) {
            std::optional<std::size_t> most;
            for (const std::size_t member : subscribers) {
                const bool hasMore = !most || m_owned[member].size() >= m_owned[*most].size();
                if (hasMore && lastOf(topic, member)) {
                    most = member;
                }
            }
            const std::size_t taker = least(subscribers);
            if (!most || m_owned[*most].size() <= m_owned[taker].size() + 1) {
                return movedAny;
            }
            const TopicPartition partition = *lastOf(topic, *most);
            std::erase(m_owned[*most], partition);
            m_owned[taker].push_back(partition);
        }
    }

    std::span<const GroupMember> m_members;
    std::span<const std::uint32_t> m_topics;
    Assignment m_owned;
    std::vector<std::uint16_t> m_order; ///< of topics, as they are gone through
};

} // namespace

Assignment assignUniform(std::span<const GroupMember> members,
                         std::span<const std::uint32_t> topics) {
    const std::vector<TopicPartition> all = subscribedPartitions(members, topics);
    const Assignment owned = stillOwned(members, claimsOf(members, topics));
    if (subscribeToTheSame(members)) {
        return fillQuotas(owned, all);
    }
    UnevenGroup group(members, topics, owned);
    group.place(notIn(owned, all));
    group.even();
    return group.owned();
}

} // namespace sim
