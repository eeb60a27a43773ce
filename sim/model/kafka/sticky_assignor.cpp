#include "sim/model/kafka/sticky_assignor.h"

#include "sim/model/kafka/sticky_balance.h"

#include <algorithm>
#include <tuple>

namespace sim {

namespace {

/// The members of a group with equal subscriptions while their shares are filled. Every share is
/// `least` or one more, `larger` of them one more.
class EqualShares {
public:
    EqualShares(std::size_t members, std::size_t partitions)
        : m_least(partitions / members)
        , m_larger(partitions % members)
        , m_shares(members) {}

    /// Takes what the member owned, up to its share. Returns nothing of what it has to give up.
    void keep(std::size_t member, std::vector<TopicPartition> owned) {
        std::ranges::sort(owned, {}, [](const TopicPartition& each) {
            return std::tuple(each.partition, each.topic);
        });
        const std::size_t most = m_least + (m_larger > 0 ? 1 : 0);
        if (owned.size() < m_least) {
            m_below.push_back(member);
        } else if (owned.size() >= most && m_kept < m_larger) {
            owned.resize(most);
            if (++m_kept == m_larger) {
                m_atLeast.clear();
            }
        } else {
            owned.resize(m_least);
            if (m_kept < m_larger) {
                m_atLeast.push_back(member);
            }
        }
        m_shares[member] = std::move(owned);
    }

    /// Gives it to the next one below its share; with none, to one that can take one more.
    void deal(const TopicPartition& partition) {
        if (m_below.empty()) {
            m_shares[m_atLeast[m_raised++]].push_back(partition);
            return;
        }
        if (m_turn >= m_below.size()) {
            m_turn = 0;
        }
        const std::size_t member = m_below[m_turn];
        m_shares[member].push_back(partition);
        if (m_shares[member].size() < m_least) {
            ++m_turn;
            return;
        }
        m_below.erase(m_below.begin() + static_cast<std::ptrdiff_t>(m_turn));
        m_atLeast.push_back(member);
    }

    const Assignment& shares() const { return m_shares; }

private:
    std::size_t m_least;
    std::size_t m_larger;
    std::size_t m_kept = 0; ///< members that kept one more
    Assignment m_shares;
    std::vector<std::size_t> m_below;   ///< members with less than m_least
    std::vector<std::size_t> m_atLeast; ///< members that may get one more
    std::size_t m_turn = 0;             ///< in m_below
    std::size_t m_raised = 0;           ///< of m_atLeast
};

Assignment shareEqually(std::span<const GroupMember> members, const Claims& claims,
                        const std::vector<TopicPartition>& all) {
    Assignment owned(members.size());
    for (const TopicPartition& partition : all) {
        if (const auto owner = claims.owners.find(partition); owner != claims.owners.end()) {
            owned[owner->second].push_back(partition);
        }
    }
    EqualShares shares(members.size(), all.size());
    for (std::size_t member = 0; member < members.size(); ++member) {
        shares.keep(member, owned[member]);
    }
    std::set<TopicPartition> left(all.begin(), all.end());
    for (const std::vector<TopicPartition>& share : shares.shares()) {
        for (const TopicPartition& partition : share) {
            left.erase(partition);
        }
    }
    for (const TopicPartition& partition : left) {
        shares.deal(partition);
    }
    return shares.shares();
}

} // namespace

Assignment assignSticky(std::span<const GroupMember> members,
                        std::span<const std::uint32_t> topics) {
    const Claims claims = claimsOf(members, topics);
    if (subscribeToTheSame(members)) {
        return shareEqually(members, claims, subscribedPartitions(members, topics));
    }
    return StickyBalance(members, topics, claims).assignment();
}

Assignment withholdMoving(Assignment assignment, std::span<const GroupMember> members,
                          std::span<const std::uint32_t> topics) {
    const Claims claims = claimsOf(members, topics);
    for (std::size_t member = 0; member < assignment.size(); ++member) {
        std::erase_if(assignment[member], [&](const TopicPartition& partition) {
            const auto owner = claims.owners.find(partition);
            const bool isKept = owner != claims.owners.end() && owner->second == member;
            return !isKept && claims.claimed.contains(partition);
        });
    }
    return assignment;
}

} // namespace sim
