#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

/// How many letters must be put in, taken out or replaced to turn one name into the other.
/// Case does not count. Costs a.size() * b.size().
inline std::size_t editDistance(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) {
        row[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
        }
    }
    return row[b.size()];
}

/// Which of `names` was probably meant; nothing where none is near. Long names are not compared.
template <typename Names>
std::optional<std::string> nearestName(std::string_view found, const Names& names) {
    constexpr std::size_t lengthMax = 64;
    std::optional<std::string> best;
    std::size_t bestDistance = found.size() < 4 ? 2 : found.size() / 3 + 2; // must be less
    if (found.size() > lengthMax) {
        return best;
    }
    for (const auto& name : names) {
        const std::string_view candidate = name;
        if (candidate.size() > lengthMax) {
            continue;
        }
        const std::size_t distance = editDistance(found, candidate);
        if (distance < bestDistance) {
            best = std::string(candidate);
            bestDistance = distance;
        }
    }
    return best;
}

/// " Did you mean \"prefetch\"?", or nothing.
template <typename Names> std::string didYouMean(std::string_view found, const Names& names) {
    const auto near = nearestName(found, names);
    return near ? "; did you mean \"" + *near + "\"?" : "";
}

} // namespace sim
