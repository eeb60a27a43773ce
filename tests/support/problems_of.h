#pragma once

#include "sim/scenario/validate.h"

#include <string>

namespace sim {

/// "where: what", a line for each.
inline std::string problemsOf(const Problems& problems) {
    std::string all;
    for (const Problem& problem : problems) {
        all += problem.where + ": " + problem.what + "\n";
    }
    return all;
}

} // namespace sim
