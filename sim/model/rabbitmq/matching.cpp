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

} // namespace

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
