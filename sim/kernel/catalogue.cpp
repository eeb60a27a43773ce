#include "sim/kernel/catalogue.h"

#include "sim/base/check.h"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace sim {
namespace {

std::uint32_t endOfSpaces(const Catalogue& catalogue) {
    return catalogue.keySpaces.empty()
               ? 0
               : catalogue.keySpaces.back().first + catalogue.keySpaces.back().count;
}

} // namespace

std::uint32_t Catalogue::keyCount() const {
    return endOfSpaces(*this) + static_cast<std::uint32_t>(namedKeys.size());
}

std::string Catalogue::keyText(KeyId key) const {
    if (key == noKey) {
        return "-";
    }
    const auto number = static_cast<std::uint32_t>(key);
    SIM_CHECK(number < keyCount());
    if (number >= endOfSpaces(*this)) {
        return namedKeys[number - endOfSpaces(*this)];
    }
    const auto after = std::ranges::upper_bound(keySpaces, number, {}, &KeySpace::first);
    const KeySpace& space = *std::prev(after);
    return space.prefix + std::to_string(number - space.first + 1);
}

KeyId Catalogue::keyNamed(const std::string& text) const {
    for (const KeySpace& space : keySpaces) {
        std::uint32_t ordinal = 0;
        const char* const end = text.data() + text.size();
        const char* const digits = text.data() + space.prefix.size();
        if (!text.starts_with(space.prefix) || digits == end || *digits == '0') {
            continue;
        }
        const auto [stop, error] = std::from_chars(digits, end, ordinal);
        if (error == std::errc{} && stop == end && ordinal >= 1 && ordinal <= space.count) {
            return KeyId{space.first + ordinal - 1};
        }
    }
    const auto named = std::ranges::find(namedKeys, text);
    return named == namedKeys.end()
               ? noKey
               : KeyId{endOfSpaces(*this) +
                       static_cast<std::uint32_t>(named - namedKeys.begin())};
}

} // namespace sim
