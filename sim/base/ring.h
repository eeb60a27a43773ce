#pragma once

#include "sim/base/check.h"

#include <bit>
#include <cstddef>
#include <utility>
#include <vector>

namespace sim {

/// A queue in one block of memory: push at the end, take from the front, look at any position by
/// index (0: front). All of these cost O(1), the first two amortised; insert() and erase() move
/// whatever is nearer to the front. A value: a copy holds what the original holds.
template <typename T> class Ring {
public:
    bool empty() const { return m_size == 0; }
    std::size_t size() const { return m_size; }

    /// Requires i < size().
    T& operator[](std::size_t i) {
        SIM_CHECK(i < m_size);
        return m_items[at(i)];
    }
    const T& operator[](std::size_t i) const {
        SIM_CHECK(i < m_size);
        return m_items[at(i)];
    }
    T& front() { return (*this)[0]; }
    const T& front() const { return (*this)[0]; }
    T& back() { return (*this)[m_size - 1]; }
    const T& back() const { return (*this)[m_size - 1]; }

    [[gnu::always_inline]] void push(T item) {
        if (m_size == m_room) [[unlikely]] {
            grow();
        }
        m_items[at(m_size++)] = std::move(item);
    }

    /// Requires !empty().
    [[gnu::always_inline]] T pop() {
        SIM_CHECK(m_size > 0);
        T item = std::move(m_items[m_first]);
        m_first = at(1);
        --m_size;
        return item;
    }

    /// Puts `item` before position i. Costs O(i). Requires i <= size().
    void insert(std::size_t i, T item) {
        SIM_CHECK(i <= m_size);
        if (m_size == m_room) {
            grow();
        }
        m_first = (m_first + m_room - 1) & (m_room - 1);
        ++m_size;
        for (std::size_t k = 0; k < i; ++k) {
            m_items[at(k)] = std::move(m_items[at(k + 1)]);
        }
        m_items[at(i)] = std::move(item);
    }

    /// Takes out position i. Costs O(i). Requires i < size().
    T erase(std::size_t i) {
        SIM_CHECK(i < m_size);
        T item = std::move(m_items[at(i)]);
        for (std::size_t k = i; k > 0; --k) {
            m_items[at(k)] = std::move(m_items[at(k - 1)]);
        }
        m_first = at(1);
        --m_size;
        return item;
    }

    void clear() {
        m_first = 0;
        m_size = 0;
    }

private:
    std::size_t at(std::size_t i) const { return (m_first + i) & (m_room - 1); }

    [[gnu::noinline]] void grow() {
        std::vector<T> larger(m_room == 0 ? 4 : m_room * 2);
        for (std::size_t i = 0; i < m_size; ++i) {
            larger[i] = std::move(m_items[at(i)]);
        }
        m_items = std::move(larger);
        m_room = m_items.size();
        m_first = 0;
    }

    std::vector<T> m_items; ///< its size is 0 or a power of two
    std::size_t m_room = 0; ///< its size, at hand
    std::size_t m_first = 0;
    std::size_t m_size = 0;
};

} // namespace sim
