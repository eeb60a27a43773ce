#pragma once

#include "app/options.h"

#include <chrono>
#include <filesystem>
#include <iosfwd>

namespace app {

/// Exit codes.
inline constexpr int good = 0;        ///< every check holds, or is not decided
inline constexpr int checkFailed = 1; ///< a check is violated, or a repeated run differs
inline constexpr int badInput = 2;    ///< a problem that the user can mend

/// Where a command writes to, and how.
struct Console {
    std::ostream& out;
    std::ostream& err;
    bool colour = false;             ///< `out` is a terminal that shows colours
    bool progress = false;           ///< `err` is a terminal
    std::filesystem::path library;   ///< the user's run library
    std::filesystem::path scenarios; ///< the scenarios that come with the program; may be empty
    std::chrono::milliseconds progressAfter{1000}; ///< a run that is shorter shows no progress
};

int execute(const RunOptions& options, const Console& console);
int execute(const ValidateOptions& options, const Console& console);
int execute(const ListOptions& options, const Console& console);
int execute(const DescribeOptions& options, const Console& console);
int execute(const ImportRabbitmqOptions& options, const Console& console);
int execute(const ExportRabbitmqOptions& options, const Console& console);
int execute(const RouteOptions& options, const Console& console);
int execute(const RunsOptions& options, const Console& console);

/// Parses and executes. What help prints goes to `out`, what is wrong with the arguments to `err`.
int execute(const std::vector<std::string>& arguments, const Console& console);

} // namespace app
