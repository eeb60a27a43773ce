#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace sim {

/// Which leader epoch of a partition began at which offset, as each replica remembers it. By these
/// a follower finds how far its log is that of the leader. A value.
/// Source: https://kafka.apache.org/documentation/#replication (KIP-101, KIP-279)
/// Not modelled: the file that it is kept in.
class LeaderEpochs {
public:
    struct Entry {
        std::uint32_t epoch = 0;
        std::uint64_t offset = 0;

        bool operator==(const Entry&) const = default;
    };

    /// Records of `epoch` begin at `offset`. What contradicts it goes: later epochs, and those that
    /// begin there or later, as they hold nothing.
    void begin(std::uint32_t epoch, std::uint64_t offset);
    std::optional<std::uint32_t> latest() const;

    /// The largest epoch up to `epoch` that is known, and where the next one begins; for the latest
    /// `logEnd`. Of an epoch before all that are known: that epoch, and where the first begins.
    /// Nothing for one after all that are known.
    std::optional<Entry> endOf(std::uint32_t epoch, std::uint64_t logEnd) const;

    void truncate(std::uint64_t offset);
    void startAt(std::uint64_t offset);

    const std::vector<Entry>& entries() const { return m_entries; }

private:
    std::vector<Entry> m_entries; ///< ascending by both
};

} // namespace sim
