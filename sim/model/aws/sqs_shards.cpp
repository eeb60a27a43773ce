#include "sim/model/aws/sqs_shards.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace sim {

void SqsShards::push(std::uint32_t entry, std::uint32_t shard, const Rank& rank) {
    if (entry >= m_places.size()) {
        m_places.resize(entry + 1, noPlace);
    }
    m_shards[shard].push(rank, entry, m_places);
}

std::vector<std::uint32_t> SqsShards::sample(std::uint32_t some, RandomStream& random,
                                             Chance& chance) const {
    std::vector<std::uint32_t> chosen(m_shards.size());
    std::iota(chosen.begin(), chosen.end(), 0U);
    for (std::uint32_t i = 0; i < some && i + 1 < chosen.size() && some < chosen.size(); ++i) {
        std::swap(chosen[i], chosen[i + chance.below(random, chosen.size() - i)]);
    }
    chosen.resize(std::min<std::size_t>(some, chosen.size()));
    return chosen;
}

std::optional<std::uint32_t> SqsShards::pick(const std::vector<std::uint32_t>& shards,
                                             RandomStream& random, Chance& chance) const {
    std::vector<std::uint32_t> ahead;
    bool onlyBehind = true;
    for (const std::uint32_t shard : shards) {
        if (m_shards[shard].empty()) {
            continue;
        }
        const auto& front = m_shards[shard].front();
        if (onlyBehind && !front.key.isBehind) {
            onlyBehind = false;
            ahead.clear();
        }
        if (front.key.isBehind == onlyBehind) {
            ahead.push_back(front.entry);
        }
    }
    if (ahead.empty()) {
        return std::nullopt;
    }
    return ahead[ahead.size() == 1 ? 0 : chance.below(random, ahead.size())];
}

} // namespace sim
