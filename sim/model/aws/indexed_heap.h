#pragma once

#include "sim/base/check.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace sim {

/// The places of entries in heaps: an entry is in one heap of those that share a table at most.
using HeapPlaces = std::vector<std::uint32_t>;
inline constexpr std::uint32_t noPlace = std::numeric_limits<std::uint32_t>::max();

/// A binary heap, the least key first, out of which any entry can be taken. A value. What it costs
/// is O(log n); the caller keeps the places, which heaps may share.
/// Source: https://en.wikipedia.org/wiki/Binary_heap
/// Not modelled: nothing of a service; keys must be distinct, or their order is not defined.
template <typename Key> class IndexedHeap {
public:
    struct Item {
        Key key;
        std::uint32_t entry;
    };

    bool empty() const { return m_items.empty(); }
    /// Requires !empty().
    const Item& front() const {
        SIM_CHECK(!m_items.empty());
        return m_items.front();
    }

    /// Requires an entry that is in no heap of these places, which have room for it.
    void push(Key key, std::uint32_t entry, HeapPlaces& places) {
        m_items.push_back({key, entry});
        rise(m_items.size() - 1, places);
    }

    /// Requires an entry that is in this heap.
    void erase(std::uint32_t entry, HeapPlaces& places) {
        const std::size_t at = std::exchange(places[entry], noPlace);
        SIM_CHECK(at < m_items.size() && m_items[at].entry == entry);
        const Item last = m_items.back();
        m_items.pop_back();
        if (at < m_items.size()) {
            m_items[at] = last;
            places[last.entry] = static_cast<std::uint32_t>(at);
            sink(at, places);
            rise(places[last.entry], places);
        }
    }

private:
    void rise(std::size_t at, HeapPlaces& places) {
        const Item item = m_items[at];
        while (at > 0 && item.key < m_items[(at - 1) / 2].key) {
            put(at, m_items[(at - 1) / 2], places);
            at = (at - 1) / 2;
        }
        put(at, item, places);
    }

    void sink(std::size_t at, HeapPlaces& places) {
        const Item item = m_items[at];
        for (std::size_t child = 2 * at + 1; child < m_items.size(); child = 2 * at + 1) {
            const bool right =
                child + 1 < m_items.size() && m_items[child + 1].key < m_items[child].key;
            child += right ? 1 : 0;
            if (!(m_items[child].key < item.key)) {
                break;
            }
            put(at, m_items[child], places);
            at = child;
        }
        put(at, item, places);
    }

    void put(std::size_t at, const Item& item, HeapPlaces& places) {
        m_items[at] = item;
        places[item.entry] = static_cast<std::uint32_t>(at);
    }

    std::vector<Item> m_items;
};

} // namespace sim
