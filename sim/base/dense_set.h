#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sim {

/// A set of numbers that are handed out densely and roughly in rising order, as message ids are:
/// one bit each.
///
/// It remembers the newest `window` numbers. What lies further back is forgotten: it counts as
/// absent, and inserting it changes nothing. Memory is at most window / 8 bytes, and less while
/// fewer numbers were seen. insert and contains cost O(1).
class DenseSet {
public:
    static constexpr std::uint64_t windowDefault = std::uint64_t{1} << 23;

    explicit DenseSet(std::uint64_t window = windowDefault)
        : m_wordsMax(std::bit_ceil(std::max<std::uint64_t>(window, 64)) / 64) {}

    /// Whether `number` was absent.
    bool insert(std::uint64_t number) {
        const std::uint64_t word = number / 64;
        if (word >= m_end) [[unlikely]] {
            extend(word);
        }
        if (word + m_words.size() < m_end) [[unlikely]] {
            return true;
        }
        const std::uint64_t bit = std::uint64_t{1} << (number % 64);
        std::uint64_t& bits = m_words[word & (m_words.size() - 1)];
        const bool absent = (bits & bit) == 0;
        bits |= bit;
        return absent;
    }

    bool contains(std::uint64_t number) const {
        const std::uint64_t word = number / 64;
        return word < m_end && word + m_words.size() >= m_end &&
               (m_words[word & (m_words.size() - 1)] >> (number % 64) & 1) != 0;
    }

    /// The smallest number that is not forgotten.
    std::uint64_t firstKept() const {
        return m_end > m_words.size() ? (m_end - m_words.size()) * 64 : 0;
    }

private:
    /// Makes room for `word`: grows while the window allows it, then forgets the oldest words.
    void extend(std::uint64_t word) {
        if (word >= m_words.size() && m_words.size() < m_wordsMax) {
            m_words.resize(std::min(m_wordsMax, std::bit_ceil(word + 1)));
        }
        const std::uint64_t cleared = std::min<std::uint64_t>(word + 1 - m_end, m_words.size());
        for (std::uint64_t fresh = word + 1 - cleared; fresh <= word; ++fresh) {
            m_words[fresh & (m_words.size() - 1)] = 0;
        }
        m_end = word + 1;
    }

    std::uint64_t m_wordsMax;           ///< a power of two
    std::uint64_t m_end = 0;            ///< one past the newest word seen
    std::vector<std::uint64_t> m_words; ///< a ring: word w is at w modulo the size
};

} // namespace sim
