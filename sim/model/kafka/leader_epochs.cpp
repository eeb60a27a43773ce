#include "sim/model/kafka/leader_epochs.h"

#include <algorithm>

namespace sim {

void LeaderEpochs::begin(std::uint32_t epoch, std::uint64_t offset) {
    if (latest() == epoch && m_entries.back().offset <= offset) {
        return;
    }
    std::erase_if(m_entries, [&](const Entry& entry) {
        return entry.epoch >= epoch || entry.offset >= offset;
    });
    m_entries.push_back({.epoch = epoch, .offset = offset});
}

std::optional<std::uint32_t> LeaderEpochs::latest() const {
    return m_entries.empty() ? std::nullopt : std::optional(m_entries.back().epoch);
}

std::optional<LeaderEpochs::Entry> LeaderEpochs::endOf(std::uint32_t epoch,
                                                       std::uint64_t logEnd) const {
    const auto next = std::ranges::upper_bound(m_entries, epoch, {}, &Entry::epoch);
    if (next == m_entries.end()) {
        return latest() == epoch ? std::optional(Entry{epoch, logEnd}) : std::nullopt;
    }
    const std::uint32_t found = next == m_entries.begin() ? epoch : (next - 1)->epoch;
    return Entry{found, next->offset};
}

void LeaderEpochs::truncate(std::uint64_t offset) {
    std::erase_if(m_entries, [offset](const Entry& entry) { return entry.offset >= offset; });
}

void LeaderEpochs::startAt(std::uint64_t offset) {
    const auto next = std::ranges::upper_bound(m_entries, offset, {}, &Entry::offset);
    if (next == m_entries.begin()) {
        return;
    }
    m_entries.erase(m_entries.begin(), next - 1);
    m_entries.front().offset = offset;
}

} // namespace sim
