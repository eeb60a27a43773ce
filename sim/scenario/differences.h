#pragma once

#include "sim/scenario/scenario.h"

#include <string>
#include <vector>

namespace sim {

/// One field that two specs of a kind have different values of, as a scenario file writes them;
/// "none" where one has no value.
struct Difference {
    std::string key;
    std::string before;
    std::string after;
    bool operator==(const Difference&) const = default;
};

/// The top-level fields in which `after` differs from `before`, in the order of describe().
/// Requires specs of the same kind.
std::vector<Difference> differences(const ComponentSpec& before, const ComponentSpec& after);

} // namespace sim
