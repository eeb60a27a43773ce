#pragma once

#include "sim/scenario/scenario.h"

#include <set>
#include <string>
#include <string_view>

namespace sim {

/// Makes ids of components that no other component of the scenario has.
class UniqueIds {
public:
    UniqueIds() = default;
    explicit UniqueIds(const Scenario& scenario) {
        for (const ComponentEntry& entry : scenario.components) {
            m_taken.insert(entry.id);
        }
    }

    /// `wish` if it is free, else with a number behind it; cut to the length that an id may have.
    std::string make(std::string_view wish) {
        std::string id = cut(wish, bytesMax);
        for (int number = 2; !m_taken.insert(id).second; ++number) {
            const std::string tail = "-" + std::to_string(number);
            id = cut(wish, bytesMax - tail.size()) + tail;
        }
        return id;
    }

private:
    static constexpr std::size_t bytesMax = 255;

    /// The first `size` bytes at most, and no half of a UTF-8 character.
    static std::string cut(std::string_view text, std::size_t size) {
        if (text.size() > size) {
            while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0U) == 0x80U) {
                --size;
            }
        }
        return std::string{text.substr(0, size)};
    }

    std::set<std::string> m_taken;
};

} // namespace sim
