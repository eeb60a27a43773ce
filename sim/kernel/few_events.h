#pragma once

#include "sim/kernel/event.h"
#include "sim/kernel/instructions.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace sim {

/// An event as its key and everything else, for code that only orders.
struct KeyAndRest {
    std::int64_t key;
    std::uint64_t rest;
};
static_assert(sizeof(KeyAndRest) == sizeof(Event));

/// At most `capacity` events in order: soonest last, and of equal keys the oldest last. Inserting
/// looks at all of them without a branch that depends on a key, because a guess would be wrong
/// every second time and cost more than it saves. Part of PendingEvents.
///
/// The event that came last waits beside the others until the next one comes. Among more than a
/// handful it is seldom the soonest, and the processor guesses so: it goes on with the next event
/// while the key of this one is still being drawn.
///
/// Places past the end keep what was removed last from there. It may not be later than anything
/// inserted, so that inserting need not tell it apart: time only goes on.
class FewEvents {
public:
    static constexpr std::size_t capacity = 44;

    std::size_t size() const { return m_size + (m_newest.key != none ? 1 : 0); }
    /// Whether one more may be inserted: the newest counts, be it there or not.
    bool hasRoom() const { return m_size + 1 < capacity; }

    /// Requires size() > 0.
    Event soonest() const { return newestIsSoonest() ? m_newest : sorted(m_size - 1); }
    /// Requires size() > 0.
    Event takeSoonest() {
        if (newestIsSoonest()) {
            return std::exchange(m_newest, Event{.key = none});
        }
        return sorted(--m_size);
    }
    /// INT64_MAX where there is none.
    std::int64_t soonestKey() const { return std::min(m_newest.key, lastKey()); }

    /// Requires hasRoom(), a key not below those removed and below the largest, and instructions
    /// that the processor has.
    [[gnu::always_inline]] void insert(Event event, Instructions instructions) {
        if (m_newest.key != none) { // it is older than this one, also where they are equal
            sortIn(std::exchange(m_newest, event), instructions);
        } else if (m_size < handful) {
            sortIn(event, instructions);
        } else {
            m_newest = event;
        }
    }

    template <typename Visit> void forEach(Visit&& visit) const {
        for (std::size_t i = 0; i < m_size; ++i) {
            visit(sorted(i));
        }
        if (m_newest.key != none) {
            visit(m_newest);
        }
    }

    /// Also makes the past possible again: keys below those removed.
    void clear() { *this = FewEvents{}; }

private:
    static constexpr std::size_t lead = 4; ///< places before the first, later than everything

    static constexpr std::size_t handful = 8; ///< fewer are all sorted at once
    static constexpr std::int64_t none = INT64_MAX;

    /// Index 0 is the latest, m_size - 1 the soonest.
    Event sorted(std::size_t index) const {
        return std::bit_cast<Event>(KeyAndRest{m_keys[lead + index], m_rests[lead + index]});
    }
    std::int64_t lastKey() const { return m_keys[lead + m_size - 1]; }
    /// Of equal keys the older ones come first.
    bool newestIsSoonest() const { return m_newest.key < lastKey(); }

    [[gnu::always_inline]] void sortIn(Event event, Instructions instructions) {
        const auto [key, rest] = std::bit_cast<KeyAndRest>(event);
        switch (instructions) {
        case Instructions::Avx512:
            return insertByAvx512(key, rest);
        case Instructions::Avx2:
            return insertByAvx2(key, rest);
        case Instructions::Portable:
            return insertPortable(key, rest);
        }
    }

    void insertByAvx512(std::int64_t key, std::uint64_t rest);
    void insertByAvx2(std::int64_t key, std::uint64_t rest);

    void insertPortable(std::int64_t key, std::uint64_t rest) {
        std::size_t place = lead + m_size;
        while (m_keys[place - 1] <= key) {
            m_keys[place] = m_keys[place - 1];
            m_rests[place] = m_rests[place - 1];
            --place;
        }
        m_keys[place] = key;
        m_rests[place] = rest;
        ++m_size;
    }

    static constexpr std::array<std::int64_t, lead + capacity> emptyKeys() {
        std::array<std::int64_t, lead + capacity> keys{};
        for (std::size_t i = 0; i < lead; ++i) {
            keys[i] = INT64_MAX;
        }
        return keys;
    }

    alignas(32) std::array<std::int64_t, lead + capacity> m_keys = emptyKeys();
    alignas(32) std::array<std::uint64_t, lead + capacity> m_rests{};
    std::size_t m_size = 0; ///< without the newest
    Event m_newest{.key = none};
};

} // namespace sim
