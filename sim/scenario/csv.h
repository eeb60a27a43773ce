#pragma once

#include "sim/base/result.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

/// Where the files that a scenario names are looked for: the folder of the scenario.
struct Folder {
    std::filesystem::path path;
};

/// The limits of a CSV file.
inline constexpr std::size_t csvBytesMax = std::size_t{64} * 1024 * 1024;
inline constexpr std::size_t csvRowsMax = 4'000'000;

/// CSV files have times in seconds.
inline constexpr double nanosecondsPerSecond = 1e9;

/// The content of a file. Problems: missing, a directory, unreadable, longer than bytesMax.
Result<std::string> readFile(const std::filesystem::path& path, std::size_t bytesMax);

/// The numbers of the first column, in order. A first line without a number is a heading; empty
/// lines and lines that begin with # are skipped; columns end at a comma, semicolon or tab.
/// Problems name the line ("line 7: ...") and have no `where`.
Result<std::vector<double>> readColumn(const Folder& folder, const std::string& file);

} // namespace sim
