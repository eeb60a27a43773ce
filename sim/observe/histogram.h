#pragma once

#include "sim/base/int128.h"
#include "sim/base/time.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sim {

/// How durations are distributed: counts in buckets whose width grows with the value.
///
/// Every octave (a value and its double) has 64 buckets, so a percentile is off by at most 1/128
/// (0.8 %) of its value, and by nothing below 128 ns; count, minimum, maximum and mean are exact.
/// Memory: 512 bytes for each octave between the smallest and the largest value. Merging two
/// histograms gives that of the union, whatever the order.
class Histogram {
public:
    /// A negative duration counts as zero.
    void add(Duration value) {
        const std::int64_t nanoseconds = value.count() < 0 ? 0 : value.count();
        const std::size_t bucket = bucketOf(nanoseconds);
        if (bucket - m_first >= m_counts.size()) [[unlikely]] {
            coverOctaveOf(bucket);
        }
        ++m_counts[bucket - m_first];
        ++m_count;
        m_sum += nanoseconds;
        if (nanoseconds < m_min) [[unlikely]] {
            m_min = nanoseconds;
        }
        if (nanoseconds > m_max) [[unlikely]] {
            m_max = nanoseconds;
        }
    }

    void merge(const Histogram& other);

    std::uint64_t count() const { return m_count; }
    /// Zero while empty, as are max, mean and every percentile.
    Duration min() const { return Duration{m_count == 0 ? 0 : m_min}; }
    Duration max() const { return Duration{m_max}; }
    /// Rounded down to whole nanoseconds.
    Duration mean() const;
    Int128 sum() const { return m_sum; }

    /// The smallest value that at least `percent` % of all values do not exceed (nearest rank), to
    /// the middle of its bucket and never outside min()..max(). 0 gives min(), 100 gives max().
    /// Requires 0 <= percent <= 100.
    Duration percentile(double percent) const;

    struct Bucket {
        Duration from{}; ///< inclusive
        Duration to{};   ///< exclusive; of the last bucket the largest duration, inclusive
        std::uint64_t count = 0;
        bool operator==(const Bucket&) const = default;
    };
    /// The buckets that hold something, smallest values first.
    std::vector<Bucket> buckets() const;

    bool operator==(const Histogram&) const = default;

private:
    static constexpr std::size_t perOctave = 64;

    static std::size_t bucketOf(std::int64_t nanoseconds) {
        const auto value = static_cast<std::uint64_t>(nanoseconds);
        const auto shift = static_cast<std::size_t>(63 - std::countl_zero(value | perOctave)) - 6;
        return shift * perOctave + static_cast<std::size_t>(value >> shift);
    }
    static Bucket rangeOf(std::size_t bucket);
    void coverOctaveOf(std::size_t bucket);

    std::size_t m_first = 0; ///< bucket of m_counts[0]; a multiple of perOctave
    std::vector<std::uint64_t> m_counts;
    std::uint64_t m_count = 0;
    Int128 m_sum = 0;
    std::int64_t m_min = INT64_MAX;
    std::int64_t m_max = 0;
};

} // namespace sim
