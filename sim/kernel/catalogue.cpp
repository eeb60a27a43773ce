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

/// The number that follows the prefix, from 1; 0 where the text is something else.
std::uint32_t ordinalIn(const std::string& prefix, const std::string& text) {
    const char* const end = text.data() + text.size();
    const char* const digits = text.data() + prefix.size();
    if (!text.starts_with(prefix) || digits == end || *digits == '0') {
        return 0;
    }
    std::uint32_t ordinal = 0;
    const auto [stop, error] = std::from_chars(digits, end, ordinal);
    return error == std::errc{} && stop == end ? ordinal : 0;
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
    if (number >= keyCount()) {
        SIM_CHECK(!endless.empty());
        const std::size_t turn = (number - keyCount()) % endless.size();
        return endless[turn] + std::to_string((number - keyCount()) / endless.size() + 1);
    }
    if (number >= endOfSpaces(*this)) {
        return namedKeys[number - endOfSpaces(*this)];
    }
    const auto after = std::ranges::upper_bound(keySpaces, number, {}, &KeySpace::first);
    const KeySpace& space = *std::prev(after);
    return space.prefix + std::to_string(number - space.first + 1);
}

KeyId Catalogue::keyNamed(const std::string& text) const {
    for (const KeySpace& space : keySpaces) {
        const std::uint32_t ordinal = ordinalIn(space.prefix, text);
        if (ordinal >= 1 && ordinal <= space.count) {
            return KeyId{space.first + ordinal - 1};
        }
    }
    for (std::size_t turn = 0; turn < endless.size(); ++turn) {
        const std::uint32_t ordinal = ordinalIn(endless[turn], text);
        const std::uint64_t id = keyCount() + (ordinal - std::uint64_t{1}) * endless.size() + turn;
        if (ordinal >= 1 && id < index(noKey)) {
            return KeyId{static_cast<std::uint32_t>(id)};
        }
    }
    const auto named = std::ranges::find(namedKeys, text);
    return named == namedKeys.end()
               ? noKey
               : KeyId{endOfSpaces(*this) + static_cast<std::uint32_t>(named - namedKeys.begin())};
}

} // namespace sim
