#include "sim/interop/left_out_list.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <span>

namespace sim {
namespace {

/// Arguments that change nothing of what the simulation shows.
constexpr std::array<std::string_view, 8> storageArguments{"x-queue-mode",
                                                            "x-queue-version",
                                                            "x-queue-master-locator",
                                                            "x-queue-leader-locator",
                                                            "x-ha-policy",
                                                            "x-max-in-memory-bytes",
                                                            "x-max-in-memory-length",
                                                            "x-quorum-target-group-size"};

constexpr std::size_t namesShown = 8;

} // namespace

void LeftOutList::add(std::string kind, std::string why, std::string name) {
    const auto group = std::ranges::find_if(
        m_groups, [&](const Group& known) { return known.kind == kind && known.why == why; });
    if (group != m_groups.end()) {
        group->names.push_back(std::move(name));
        return;
    }
    m_groups.push_back({std::move(kind), std::move(why), {std::move(name)}});
}

std::vector<LeftOut> LeftOutList::entries() const {
    std::vector<LeftOut> entries;
    for (const Group& group : m_groups) {
        const std::span<const std::string> names{group.names};
        const auto shown = names.first(std::min(names.size(), namesShown));
        std::string what = fmt::format("{}: {}", group.kind, fmt::join(shown, ", "));
        if (shown.size() < names.size()) {
            what += fmt::format(" and {} more", names.size() - shown.size());
        }
        entries.push_back({std::move(what), group.why});
    }
    return entries;
}

std::string whyLeftOut(std::string_view argument) {
    if (std::ranges::find(storageArguments, argument) != storageArguments.end()) {
        return "it says where and how the broker keeps messages, which the simulation has no part "
               "of";
    }
    return "not simulated";
}

} // namespace sim
