#include "sim/model/consumer/idempotency_store.h"

#include <algorithm>

namespace sim {
namespace {

constexpr std::uint64_t bitsPerWord = 64;

} // namespace

bool IdempotencyStore::bit(MessageId id) const {
    const auto number = static_cast<std::uint64_t>(id);
    if (number < m_base || number >= m_base + m_bits.size() * bitsPerWord) {
        return false;
    }
    const std::uint64_t at = number % (m_bits.size() * bitsPerWord);
    return (m_bits[at / bitsPerWord] >> (at % bitsPerWord) & 1) != 0;
}

void IdempotencyStore::setBit(MessageId id, bool value) {
    const auto number = static_cast<std::uint64_t>(id) % (m_bits.size() * bitsPerWord);
    const std::uint64_t mask = std::uint64_t{1} << (number % bitsPerWord);
    std::uint64_t& word = m_bits[number / bitsPerWord];
    word = value ? word | mask : word & ~mask;
}

bool IdempotencyStore::knows(MessageId id, Instant now, const IdempotencySpec& spec) {
    while (!m_known.empty() && m_known.front().since + spec.ttl <= now) {
        forgetOldest();
    }
    return bit(id);
}

void IdempotencyStore::forgetOldest() { setBit(m_known.pop().id, false); }

void IdempotencyStore::add(MessageId id, Instant now, const IdempotencySpec& spec) {
    if (bit(id)) {
        return;
    }
    const auto number = static_cast<std::uint64_t>(id);
    std::uint64_t lowest = number;
    std::uint64_t highest = number;
    const bool outside =
        m_bits.empty() || number < m_base || number >= m_base + m_bits.size() * bitsPerWord;
    if (outside) {
        for (std::size_t i = 0; i < m_known.size(); ++i) {
            lowest = std::min(lowest, static_cast<std::uint64_t>(m_known[i].id));
            highest = std::max(highest, static_cast<std::uint64_t>(m_known[i].id));
        }
        std::uint64_t words = std::max<std::uint64_t>(16, m_bits.size());
        while (words * bitsPerWord < 2 * (highest - lowest + 1)) {
            words *= 2;
        }
        m_bits.assign(words, 0);
        m_base = lowest;
        for (std::size_t i = 0; i < m_known.size(); ++i) {
            setBit(m_known[i].id, true);
        }
    }
    setBit(id, true);
    m_known.push({id, now});
    while (m_known.size() > spec.capacity) {
        forgetOldest();
    }
}

} // namespace sim
