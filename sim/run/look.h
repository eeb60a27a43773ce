#pragma once

#include "sim/run/view.h"
#include "sim/run/world.h"

#include <string>
#include <utility>
#include <vector>

namespace sim {

/// What there is to see of the world now. `listed` bounds each list of messages of a queue or lane;
/// counts are always whole. Costs O(components + pending events + what is listed).
View lookAt(const World& world, std::size_t listed = 64);

/// Everything that can be said of one copy that is alive, as names and values in reading order: its
/// envelope, its headers, its x-death history. Empty when the slot holds nothing.
using Details = std::vector<std::pair<std::string, std::string>>;
Details detailsOf(const World& world, Slot slot);

} // namespace sim
