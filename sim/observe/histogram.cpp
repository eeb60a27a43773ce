#include "sim/observe/histogram.h"

#include "sim/base/check.h"

#include <algorithm>

namespace sim {

Histogram::Bucket Histogram::rangeOf(std::size_t bucket) {
    if (bucket < 2 * perOctave) {
        const auto value = static_cast<std::int64_t>(bucket);
        return {Duration{value}, Duration{value + 1}, 0};
    }
    const std::size_t shift = bucket / perOctave - 1;
    const auto low = static_cast<std::int64_t>((bucket - shift * perOctave) << shift);
    const std::int64_t width = std::int64_t{1} << shift;
    return {Duration{low}, Duration{low + std::min(width, INT64_MAX - low)}, 0};
}

void Histogram::coverOctaveOf(std::size_t bucket) {
    const std::size_t octave = bucket / perOctave * perOctave;
    if (m_counts.empty()) {
        m_first = octave;
    }
    if (octave < m_first) {
        m_counts.insert(m_counts.begin(), m_first - octave, 0);
        m_first = octave;
    }
    m_counts.resize(std::max(m_counts.size(), octave + perOctave - m_first));
}

void Histogram::merge(const Histogram& other) {
    if (other.m_count == 0) {
        return;
    }
    coverOctaveOf(other.m_first);
    coverOctaveOf(other.m_first + other.m_counts.size() - 1);
    for (std::size_t i = 0; i < other.m_counts.size(); ++i) {
        m_counts[other.m_first - m_first + i] += other.m_counts[i];
    }
    m_count += other.m_count;
    m_sum += other.m_sum;
    m_min = std::min(m_min, other.m_min);
    m_max = std::max(m_max, other.m_max);
}

Duration Histogram::mean() const {
    return m_count == 0 ? Duration{}
                        : Duration{static_cast<std::int64_t>(m_sum / static_cast<Int128>(m_count))};
}

Duration Histogram::percentile(double percent) const {
    SIM_CHECK(percent >= 0);
    SIM_CHECK(percent <= 100);
    if (m_count == 0 || percent == 0) {
        return min();
    }
    if (percent == 100) {
        return max();
    }
    // Subtracting a hair keeps 99.9 % of 1000 at rank 999 although 0.999 is no binary fraction.
    const double exact = percent / 100 * static_cast<double>(m_count);
    const auto below = static_cast<std::uint64_t>(exact * (1 - 1e-12));
    const std::uint64_t rank = std::min(below + 1, m_count);
    std::uint64_t seen = 0;
    std::size_t i = 0;
    while ((seen += m_counts[i]) < rank) {
        ++i;
    }
    const Bucket bucket = rangeOf(m_first + i);
    const Duration middle = bucket.from + (bucket.to - bucket.from - Duration{1}) / 2;
    return std::clamp(middle, min(), max());
}

std::vector<Histogram::Bucket> Histogram::buckets() const {
    std::vector<Bucket> filled;
    for (std::size_t i = 0; i < m_counts.size(); ++i) {
        if (m_counts[i] > 0) {
            filled.push_back(rangeOf(m_first + i));
            filled.back().count = m_counts[i];
        }
    }
    return filled;
}

} // namespace sim
