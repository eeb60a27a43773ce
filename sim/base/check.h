#pragma once

#include <cstdio>
#include <cstdlib>

/// Stops the program when the code itself is wrong. On in every build: a simulator that goes on
/// from a broken state reports wrong results. Never for bad input, which is a Problem (result.h).
#define SIM_CHECK(condition)                                                                       \
    (__builtin_expect(static_cast<bool>(condition), 1)                                             \
         ? void(0)                                                                                 \
         : ::sim::checkFailed(__FILE__, __LINE__, #condition))

namespace sim {

/// Prints where and what, then aborts.
[[noreturn, gnu::cold]] inline void checkFailed(const char* file, int line, const char* what) {
    std::fprintf(stderr, "%s:%d: check failed: %s\n", file, line, what);
    std::abort();
}

} // namespace sim
