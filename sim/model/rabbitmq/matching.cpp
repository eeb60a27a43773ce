#include "sim/model/rabbitmq/matching.h"

#include <algorithm>
#include <string>
#include <vector>

namespace sim {
namespace {

std::vector<std::string_view> wordsOf(std::string_view key) {
    std::vector<std::string_view> words;
    if (key.empty()) {
        return words;
    }
    for (std::size_t from = 0;;) {
        const std::size_t dot = key.find('.', from);
        words.push_back(key.substr(from, dot - from));
        if (dot == std::string_view::npos) {
            return words;
        }
        from = dot + 1;
    }
}

const TableValue* find(const Table& table, std::string_view name) {
    const auto found =
        std::ranges::find_if(table, [&](const auto& entry) { return entry.first == name; });
    return found == table.end() ? nullptr : &found->second;
}

} // namespace

bool topicMatches(std::string_view bindingKey, std::string_view routingKey) {
    const std::vector<std::string_view> pattern = wordsOf(bindingKey);
    const std::vector<std::string_view> words = wordsOf(routingKey);
    // reached[j]: the pattern so far matches the first j words.
    std::vector<bool> reached(words.size() + 1, false);
    reached[0] = true;
    for (const std::string_view part : pattern) {
        if (part == "#") {
            for (std::size_t j = 1; j <= words.size(); ++j) {
                reached[j] = reached[j] || reached[j - 1];
            }
            continue;
        }
        for (std::size_t j = words.size(); j > 0; --j) {
            reached[j] = reached[j - 1] && (part == "*" || part == words[j - 1]);
        }
        reached[0] = false;
    }
    return reached[words.size()];
}

bool headersMatch(const Table& arguments, const Table& headers) {
    const TableValue* match = find(arguments, "x-match");
    const std::string mode =
        match == nullptr ? "all" : std::get<std::string>(*match); // validation saw to the type
    const bool withX = mode.ends_with("-with-x");
    const bool any = mode.starts_with("any");
    bool all = true;
    bool one = false;
    for (const auto& [name, wanted] : arguments) {
        if (name == "x-match" || (!withX && name.starts_with("x-"))) {
            continue;
        }
        const TableValue* found = find(headers, name);
        const bool hit = found != nullptr &&
                         (std::holds_alternative<std::monostate>(wanted) || *found == wanted);
        all = all && hit;
        one = one || hit;
    }
    return any ? one : all;
}

} // namespace sim
