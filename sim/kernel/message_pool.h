#pragma once

#include "sim/base/check.h"
#include "sim/kernel/message.h"

#include <utility>
#include <vector>

namespace sim {

/// Every copy of a message that is alive in a run. Slots are used again, the last one freed first;
/// in the steady state nothing is allocated. A value, copied with the world.
class MessagePool {
public:
    /// Gives it a copy number of its own, from 1. Requires a message outside of the pool.
    Slot add(const Message& message) {
        const Slot slot = freeSlot();
        m_messages[index(slot)] = message;
        number(slot);
        return slot;
    }

    /// An empty message to be filled in where it lies; number() makes it a copy like the others.
    [[gnu::always_inline]] Slot blank() {
        const Slot slot = freeSlot();
        m_messages[index(slot)] = Message{};
        return slot;
    }
    [[gnu::always_inline]] void number(Slot slot) { m_messages[index(slot)].copy = newNumber(); }

    /// A second copy with a number and a death history of its own.
    Slot clone(Slot slot) {
        const Slot copy = twin(slot);
        number(copy);
        Message& message = m_messages[index(copy)];
        if (message.deaths != 0) [[unlikely]] {
            const Deaths history = deaths(slot);
            message.deaths = 0;
            deathsOf(copy) = history;
        }
        return copy;
    }

    /// What travels in place of a copy that stays where it is: the same copy number, no history.
    [[gnu::always_inline]] Slot lend(Slot slot) {
        const Slot lent = twin(slot);
        Message& message = m_messages[index(lent)];
        message.deaths = 0;
        ++m_holders[message.copy];
        return lent;
    }

    [[gnu::always_inline]] void release(Slot slot) {
        Message& message = m_messages[index(slot)];
        SIM_CHECK(message.copy != 0);
        giveUpNumber(message.copy);
        message.copy = 0;
        if (message.deaths != 0) [[unlikely]] {
            forgetDeaths(message.deaths);
        }
        message.tag = static_cast<std::uint32_t>(std::exchange(m_free, slot));
        --m_alive;
    }

    Message& operator[](Slot slot) { return m_messages[index(slot)]; }
    const Message& operator[](Slot slot) const { return m_messages[index(slot)]; }

    /// Whether the slot holds a message: false for a slot that was freed or never used.
    bool holds(Slot slot) const {
        return index(slot) < m_messages.size() && m_messages[index(slot)].copy != 0;
    }

    /// The x-death history of a message, made empty when it has none.
    Deaths& deathsOf(Slot slot);
    /// Its x-death history; empty when it has none.
    const Deaths& deaths(Slot slot) const { return m_deaths[m_messages[index(slot)].deaths]; }

    std::size_t alive() const { return m_alive; }

private:
    [[gnu::always_inline]] Slot freeSlot() {
        ++m_alive;
        if (m_free == noSlot) [[unlikely]] {
            m_messages.emplace_back();
            return Slot{static_cast<std::uint32_t>(m_messages.size() - 1)};
        }
        const Slot slot = m_free;
        m_free = Slot{m_messages[index(slot)].tag};
        return slot;
    }
    /// A second copy with the same number.
    [[gnu::always_inline]] Slot twin(Slot slot) {
        const Slot copy = freeSlot();
        m_messages[index(copy)] = m_messages[index(slot)];
        return copy;
    }

    void forgetDeaths(std::uint32_t deaths);

    /// Copy numbers are small and used again, so that observers can keep tables by them: a number
    /// is free once nothing that bears it is alive.
    [[gnu::always_inline]] std::uint32_t newNumber() {
        const std::uint32_t number = m_freeNumber;
        if (number == 0) [[unlikely]] {
            m_holders.push_back(1);
            return static_cast<std::uint32_t>(m_holders.size() - 1);
        }
        m_freeNumber = std::exchange(m_holders[number], 1);
        return number;
    }
    [[gnu::always_inline]] void giveUpNumber(std::uint32_t number) {
        if (--m_holders[number] == 0) {
            m_holders[number] = std::exchange(m_freeNumber, number);
        }
    }

    std::vector<Message> m_messages;
    Slot m_free = noSlot; ///< freed last; the tag of a free message is the one freed before it
    std::size_t m_alive = 0;
    std::vector<Deaths> m_deaths{Deaths{}}; ///< 0 stands for no history and stays empty
    std::vector<std::uint32_t> m_freeDeaths;
    std::vector<std::uint32_t> m_holders{0}; ///< by copy number: how many slots bear it; of a free
                                             ///< number the one freed before it
    std::uint32_t m_freeNumber = 0;          ///< freed last; 0: none is free
};

} // namespace sim
