#include "sim/model/rabbitmq/matching.h"

#include <algorithm>
#include <string>
#include <vector>

namespace sim {
namespace {

const TableValue* find(const Table& table, std::string_view name) {
    const auto found =
        std::ranges::find_if(table, [&](const auto& entry) { return entry.first == name; });
    return found == table.end() ? nullptr : &found->second;
}

std::string modeOf(const Table& arguments) {
    const TableValue* match = find(arguments, "x-match");
    return match == nullptr ? "all" : std::get<std::string>(*match); // validation saw to the type
}

/// Calls visit(name, wanted, found, hit) for each argument that takes part.
template <typename Visit>
void forEachAsked(const Table& arguments, const Table& headers, Visit visit) {
    const bool withX = modeOf(arguments).ends_with("-with-x");
    for (const auto& [name, wanted] : arguments) {
        if (name == "x-match" || (!withX && name.starts_with("x-"))) {
            continue;
        }
        const TableValue* found = find(headers, name);
        visit(name, wanted, found,
              found != nullptr &&
                  (std::holds_alternative<std::monostate>(wanted) || *found == wanted));
    }
}

} // namespace

bool headersMatch(const Table& arguments, const Table& headers) {
    bool all = true;
    bool one = false;
    forEachAsked(arguments, headers, [&](const auto&, const auto&, const auto*, bool hit) {
        all = all && hit;
        one = one || hit;
    });
    return modeOf(arguments).starts_with("any") ? one : all;
}

std::vector<HeaderMiss> headerMisses(const Table& arguments, const Table& headers) {
    std::vector<HeaderMiss> misses;
    forEachAsked(arguments, headers,
                 [&](const auto& name, const auto& wanted, const auto* found, bool hit) {
                     if (!hit) {
                         misses.push_back({name, &wanted, found});
                     }
                 });
    return misses;
}

} // namespace sim
