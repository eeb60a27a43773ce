#include "sim/kernel/catalogue.h"

#include "sim/base/check.h"

#include <algorithm>

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

} // namespace sim
