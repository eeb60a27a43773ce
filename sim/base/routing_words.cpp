#include "sim/base/routing_words.h"

#include <algorithm>

namespace sim {
namespace {

using Words = std::vector<std::string>;

/// Goes on at the last `#` when the words after it do not fit: each pattern word is met at most
/// once for each word of the key.
bool wordsMatch(const Words& pattern, const Words& key) {
    constexpr auto none = static_cast<std::size_t>(-1);
    std::size_t p = 0;
    std::size_t k = 0;
    std::size_t hash = none;
    std::size_t hashEnd = 0; ///< words of the key that the last # has taken
    while (k < key.size()) {
        if (p < pattern.size() && pattern[p] == "#") {
            hash = p++;
            hashEnd = k;
        } else if (p < pattern.size() && (pattern[p] == "*" || pattern[p] == key[k])) {
            ++p;
            ++k;
        } else if (hash != none) {
            p = hash + 1;
            k = ++hashEnd;
        } else {
            return false;
        }
    }
    return std::all_of(pattern.begin() + static_cast<std::ptrdiff_t>(p), pattern.end(),
                       [](const std::string& word) { return word == "#"; });
}

} // namespace

std::vector<std::string> wordsOf(std::string_view key) {
    std::vector<std::string> words;
    if (key.empty()) {
        return words;
    }
    for (std::size_t begin = 0;;) {
        const std::size_t dot = key.find('.', begin);
        words.emplace_back(key.substr(begin, dot - begin));
        if (dot == std::string_view::npos) {
            return words;
        }
        begin = dot + 1;
    }
}

bool topicMatches(std::string_view pattern, std::string_view key) {
    return wordsMatch(wordsOf(pattern), wordsOf(key));
}

} // namespace sim
