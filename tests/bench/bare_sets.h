#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#if defined(__AVX2__)
#include <immintrin.h>
#endif

/// Pending sets for the bare loops: made for one workload, nothing checked, nothing adapted.

namespace bench {

struct BareEvent {
    double at;
    std::uint64_t what;
};

/// At most 60 events, sorted, soonest last.
class BareFew {
public:
    BareFew() { std::fill_n(m_at.begin(), lead, std::numeric_limits<double>::infinity()); }

    BareEvent pop() {
        --m_size;
        return {m_at[lead + m_size], m_what[lead + m_size]};
    }

    void push(double at, std::uint64_t what) {
#if defined(__AVX2__)
        const __m256d newAt = _mm256_set1_pd(at);
        const __m256d newWhat = _mm256_set1_pd(std::bit_cast<double>(what));
        // What lies past the end was popped, so it is not later than the new event.
        for (std::size_t i = lead + (m_size & ~std::size_t{3});; i -= 4) {
            double* ats = m_at.data() + i;
            auto* whats = reinterpret_cast<double*>(m_what.data() + i);
            const __m256d own = _mm256_load_pd(ats);
            const __m256d left = _mm256_loadu_pd(ats - 1);
            const __m256d stays = _mm256_cmp_pd(own, newAt, _CMP_GT_OQ);
            const __m256d leftStays = _mm256_cmp_pd(left, newAt, _CMP_GT_OQ);
            const __m256d ownWhat = _mm256_load_pd(whats);
            const __m256d leftWhat = _mm256_loadu_pd(whats - 1);
            _mm256_store_pd(ats,
                            _mm256_blendv_pd(_mm256_blendv_pd(left, newAt, leftStays), own, stays));
            _mm256_store_pd(whats, _mm256_blendv_pd(_mm256_blendv_pd(leftWhat, newWhat, leftStays),
                                                    ownWhat, stays));
            if (i == lead) {
                break;
            }
        }
#else
        std::size_t place = lead + m_size;
        for (; m_at[place - 1] <= at; --place) {
            m_at[place] = m_at[place - 1];
            m_what[place] = m_what[place - 1];
        }
        m_at[place] = at;
        m_what[place] = what;
#endif
        ++m_size;
    }

private:
    static constexpr std::size_t lead = 4;
    static constexpr std::size_t places = 64;
    alignas(32) std::array<double, lead + places> m_at{};
    alignas(32) std::array<std::uint64_t, lead + places> m_what{};
    std::size_t m_size = 0;
};

/// Buckets of a fixed width over a ring of a fixed length, for a known number and rate of events.
class BareWheel {
public:
    /// `rate` events are due per unit of time; the ring reaches over `reach` units or more.
    BareWheel(double rate, double reach)
        : m_perUnit(rate / 8)
        , m_buckets(std::bit_ceil(static_cast<std::size_t>(reach * rate / 8)))
        , m_counts(m_buckets.size())
        , m_mask(m_buckets.size() - 1)
        , m_end(m_buckets.size()) {}

    BareEvent pop() {
        while (m_head == m_tail) {
            open();
        }
        return m_run[m_head++];
    }

    void push(double at, std::uint64_t what) {
        const auto window = static_cast<std::uint64_t>(at * m_perUnit);
        if (window >= m_end) {
            m_far.push_back({at, what});
        } else if (window < m_next) {
            std::size_t place = m_tail++;
            for (; place > m_head && m_run[place - 1].at > at; --place) {
                m_run[place] = m_run[place - 1];
            }
            m_run[place] = {at, what};
        } else {
            append(window, {at, what});
        }
    }

private:
    static constexpr std::size_t slots = 16;

    void append(std::uint64_t window, BareEvent event) {
        std::uint8_t& count = m_counts[window & m_mask];
        if (count < slots) {
            m_buckets[window & m_mask][count++] = event;
        } else {
            m_overfull.emplace_back(window, event);
        }
    }

    void open() {
        if (m_next == m_end) {
            m_end += m_buckets.size();
            std::vector<BareEvent> far;
            far.swap(m_far);
            for (const BareEvent& event : far) {
                push(event.at, event.what);
            }
        }
        const std::size_t slot = m_next & m_mask;
        m_head = 0;
        m_tail = m_counts[slot];
        m_counts[slot] = 0;
        sort(m_buckets[slot]);
        if (!m_overfull.empty()) {
            takeOverfull();
        }
        ++m_next;
    }

    void takeOverfull() {
        const auto isNow = [this](const auto& one) { return one.first == m_next; };
        for (const auto& [window, event] : m_overfull) {
            if (window == m_next) {
                m_run[m_tail++] = event;
            }
        }
        std::erase_if(m_overfull, isNow);
        std::sort(m_run.begin(), m_run.begin() + static_cast<std::ptrdiff_t>(m_tail),
                  [](const BareEvent& a, const BareEvent& b) { return a.at < b.at; });
    }

    void sort(const std::array<BareEvent, slots>& bucket) {
        if (m_tail <= slots / 2) {
            sortPlaces<slots / 2>(bucket);
        } else {
            sortPlaces<slots>(bucket);
        }
    }

    template <std::size_t Places> void sortPlaces(const std::array<BareEvent, slots>& bucket) {
        alignas(32) std::array<double, Places> at;
        alignas(32) std::array<std::int64_t, Places> rank{};
        for (std::size_t i = 0; i < Places; ++i) {
            at[i] = i < m_tail ? bucket[i].at : std::numeric_limits<double>::infinity();
        }
        countSooner(at, rank);
        for (std::size_t i = 0; i < Places; ++i) {
            m_run[static_cast<std::size_t>(rank[i])] = bucket[i];
        }
    }

    template <std::size_t Places>
    static void countSooner(const std::array<double, Places>& at,
                            std::array<std::int64_t, Places>& rank) {
#if defined(__AVX2__)
        __m256i ranks[Places / 4] = {};
        for (std::size_t i = 0; i < Places; ++i) {
            const __m256d one = _mm256_set1_pd(at[i]);
            for (std::size_t block = 0; block < Places / 4; ++block) {
                const __m256d other = _mm256_load_pd(&at[4 * block]);
                const __m256d later = _mm256_cmp_pd(other, one, _CMP_GT_OQ);
                ranks[block] = _mm256_sub_epi64(ranks[block], _mm256_castpd_si256(later));
            }
        }
        for (std::size_t block = 0; block < Places / 4; ++block) {
            _mm256_store_si256(reinterpret_cast<__m256i*>(&rank[4 * block]), ranks[block]);
        }
#else
        for (std::size_t i = 0; i < Places; ++i) {
            for (std::size_t j = 0; j < Places; ++j) {
                rank[j] += at[j] > at[i];
            }
        }
#endif
    }

    double m_perUnit;
    std::vector<std::array<BareEvent, slots>> m_buckets;
    std::vector<std::uint8_t> m_counts;
    std::size_t m_mask;
    std::uint64_t m_next = 0;
    std::uint64_t m_end;
    std::array<BareEvent, 256> m_run;
    std::size_t m_head = 0;
    std::size_t m_tail = 0;
    std::vector<BareEvent> m_far;
    std::vector<std::pair<std::uint64_t, BareEvent>> m_overfull;
};

} // namespace bench
