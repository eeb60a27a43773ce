#include "sim/kernel/wide.h"

#include <array>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace sim {

namespace {

void sortByInsertion(const Event* in, std::size_t count, Event* out) {
    for (std::size_t i = 0; i < count; ++i) {
        std::size_t place = i;
        while (place > 0 && out[place - 1].key > in[i].key) {
            out[place] = out[place - 1];
            --place;
        }
        out[place] = in[i];
    }
}

} // namespace

#if defined(__x86_64__)

Instructions widestInstructions() {
    if (__builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512vl") != 0) {
        return Instructions::Avx512;
    }
    return __builtin_cpu_supports("avx2") != 0 ? Instructions::Avx2 : Instructions::Portable;
}

namespace {

/// `yes` where the mask is set, by whole places; cheaper than by bytes.
[[gnu::target("avx2"), gnu::always_inline]] inline __m256i chosen(__m256i no, __m256i yes,
                                                                  __m256i mask) {
    return _mm256_castpd_si256(_mm256_blendv_pd(_mm256_castsi256_pd(no), _mm256_castsi256_pd(yes),
                                                _mm256_castsi256_pd(mask)));
}

} // namespace

// Every place takes what stays, the new event, or its left neighbour: whoever is right for it.

[[gnu::target("avx2")]] void FewEvents::insertByAvx2(std::int64_t key, std::uint64_t rest) {
    const __m256i newKey = _mm256_set1_epi64x(key);
    const __m256i newRest = _mm256_set1_epi64x(static_cast<std::int64_t>(rest));
    auto* keys = m_keys.data() + lead;
    auto* rests = m_rests.data() + lead;
    const std::size_t top = m_size & ~std::size_t{3};
    for (auto i = static_cast<std::ptrdiff_t>(top); i >= 0; i -= 4) {
        auto* keyPlace = reinterpret_cast<__m256i*>(keys + i);
        auto* restPlace = reinterpret_cast<__m256i*>(rests + i);
        const __m256i own = _mm256_load_si256(keyPlace);
        const __m256i left = _mm256_loadu_si256(reinterpret_cast<__m256i*>(keys + i - 1));
        const __m256i ownRest = _mm256_load_si256(restPlace);
        const __m256i leftRest = _mm256_loadu_si256(reinterpret_cast<__m256i*>(rests + i - 1));
        const __m256i stays = _mm256_cmpgt_epi64(own, newKey);
        const __m256i leftStays = _mm256_cmpgt_epi64(left, newKey);
        const __m256i moved = chosen(left, newKey, leftStays);
        const __m256i movedRest = chosen(leftRest, newRest, leftStays);
        _mm256_store_si256(keyPlace, chosen(moved, own, stays));
        _mm256_store_si256(restPlace, chosen(movedRest, ownRest, stays));
    }
    ++m_size;
}

[[gnu::target("avx512f,avx512vl")]] void FewEvents::insertByAvx512(std::int64_t key,
                                                                   std::uint64_t rest) {
    const __m256i newKey = _mm256_set1_epi64x(key);
    const __m256i newRest = _mm256_set1_epi64x(static_cast<std::int64_t>(rest));
    auto* keys = m_keys.data() + lead;
    auto* rests = m_rests.data() + lead;
    const std::size_t top = m_size & ~std::size_t{3};
    for (auto i = static_cast<std::ptrdiff_t>(top); i >= 0; i -= 4) {
        auto* keyPlace = reinterpret_cast<__m256i*>(keys + i);
        const __m256i left = _mm256_loadu_si256(reinterpret_cast<__m256i*>(keys + i - 1));
        const __m256i leftRest = _mm256_loadu_si256(reinterpret_cast<__m256i*>(rests + i - 1));
        const __mmask8 goes = _mm256_cmple_epi64_mask(_mm256_load_si256(keyPlace), newKey);
        const __mmask8 leftStays = _mm256_cmpgt_epi64_mask(left, newKey);
        _mm256_mask_store_epi64(keyPlace, goes, _mm256_mask_mov_epi64(left, leftStays, newKey));
        _mm256_mask_store_epi64(rests + i, goes,
                                _mm256_mask_mov_epi64(leftRest, leftStays, newRest));
    }
    ++m_size;
}

namespace {

/// Keys relative to the bucket, made different by their place: the rank of each is the number of
/// smaller ones, counted for all at once.
template <std::size_t Places>
[[gnu::target("avx2")]] void sortByRank(const Event* in, std::size_t count, std::int64_t base,
                                        Event* out) {
    const auto start = static_cast<std::uint64_t>(base);
    alignas(32) std::array<std::int64_t, Places> ordered;
    for (std::size_t i = 0; i < Places; ++i) {
        const std::uint64_t relative = static_cast<std::uint64_t>(in[i].key) - start;
        ordered[i] = i < count ? static_cast<std::int64_t>(relative << 4 | i) : INT64_MAX;
    }
    constexpr std::size_t blocks = Places / 4;
    __m256i keys[blocks];
    __m256i ranks[blocks];
    for (std::size_t block = 0; block < blocks; ++block) {
        keys[block] = _mm256_load_si256(reinterpret_cast<__m256i*>(&ordered[4 * block]));
        ranks[block] = _mm256_setzero_si256();
    }
    for (std::size_t i = 0; i < Places; ++i) {
        const __m256i one = _mm256_set1_epi64x(ordered[i]);
        for (std::size_t block = 0; block < blocks; ++block) {
            ranks[block] = _mm256_sub_epi64(ranks[block], _mm256_cmpgt_epi64(keys[block], one));
        }
    }
    alignas(32) std::array<std::size_t, Places> rankOf;
    for (std::size_t block = 0; block < blocks; ++block) {
        _mm256_store_si256(reinterpret_cast<__m256i*>(&rankOf[4 * block]), ranks[block]);
    }
    for (std::size_t i = 0; i < Places; ++i) {
        out[rankOf[i]] = in[i];
    }
}

} // namespace

void sortBucket(const Event* in, std::size_t count, std::int64_t base, int bits, Event* out,
                Instructions instructions) {
    constexpr int bitsMax = 58; // a relative key and a place of 4 bits fit 63
    if (instructions == Instructions::Portable || bits > bitsMax) {
        sortByInsertion(in, count, out);
    } else if (count <= rankedMax / 2) {
        sortByRank<rankedMax / 2>(in, count, base, out);
    } else {
        sortByRank<rankedMax>(in, count, base, out);
    }
}

#else

Instructions widestInstructions() { return Instructions::Portable; }

void FewEvents::insertByAvx512(std::int64_t key, std::uint64_t rest) { insertPortable(key, rest); }
void FewEvents::insertByAvx2(std::int64_t key, std::uint64_t rest) { insertPortable(key, rest); }

void sortBucket(const Event* in, std::size_t count, std::int64_t, int, Event* out, Instructions) {
    sortByInsertion(in, count, out);
}

#endif

} // namespace sim
