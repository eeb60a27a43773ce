#pragma once

#include "sim/base/check.h"
#include "sim/kernel/message.h"

#include <vector>

namespace sim {

/// Every copy of a message that is alive in a run. Slots are used again, the last one freed first;
/// in the steady state nothing is allocated. A value, copied with the world.
class MessagePool {
public:
    /// Gives it a copy number of its own, from 1.
    Slot add(const Message& message) {
        const Slot slot = place(message);
        m_messages[index(slot)].copy = newNumber();
        return slot;
    }

    /// A second copy with a number and a death history of its own.
    Slot clone(Slot slot) {
        const Slot copy = add(m_messages[index(slot)]);
        Message& message = m_messages[index(copy)];
        if (message.deaths != 0) [[unlikely]] {
            const Deaths history = deaths(slot);
            message.deaths = 0;
            deathsOf(copy) = history;
        }
        return copy;
    }

    /// What travels in place of a copy that stays where it is: the same copy number, no history.
    Slot lend(Slot slot) {
        const Slot lent = place(m_messages[index(slot)]);
        Message& message = m_messages[index(lent)];
        message.deaths = 0;
        ++m_holders[message.copy];
        return lent;
    }

    void release(Slot slot) {
        Message& message = m_messages[index(slot)];
        SIM_CHECK(message.copy != 0);
        giveUpNumber(message.copy);
        message.copy = 0;
        if (message.deaths != 0) {
            m_deaths[message.deaths].clear();
            m_freeDeaths.push_back(message.deaths);
        }
        m_free.push_back(slot);
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

    std::size_t alive() const { return m_messages.size() - m_free.size(); }

private:
    /// Puts a message, which may be one of the pool, into a slot.
    Slot place(const Message& message) {
        if (m_free.empty()) [[unlikely]] {
            m_messages.push_back(message);
            return Slot{static_cast<std::uint32_t>(m_messages.size() - 1)};
        }
        const Slot slot = m_free.back();
        m_free.pop_back();
        m_messages[index(slot)] = message;
        return slot;
    }

    /// Copy numbers are small and used again, so that observers can keep tables by them: a number
    /// is free once nothing that bears it is alive.
    std::uint32_t newNumber() {
        if (m_freeNumbers.empty()) {
            m_holders.push_back(1);
            return static_cast<std::uint32_t>(m_holders.size() - 1);
        }
        const std::uint32_t number = m_freeNumbers.back();
        m_freeNumbers.pop_back();
        m_holders[number] = 1;
        return number;
    }
    void giveUpNumber(std::uint32_t number) {
        if (--m_holders[number] == 0) {
            m_freeNumbers.push_back(number);
        }
    }

    std::vector<Message> m_messages;
    std::vector<Slot> m_free;
    std::vector<Deaths> m_deaths{Deaths{}}; ///< 0 stands for no history and stays empty
    std::vector<std::uint32_t> m_freeDeaths;
    std::vector<std::uint32_t> m_holders{0}; ///< by copy number: how many slots bear it
    std::vector<std::uint32_t> m_freeNumbers;
};

} // namespace sim
