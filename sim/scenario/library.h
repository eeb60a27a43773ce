#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace sim {

/// The folder of the scenarios that come with the program: share/millrace/scenarios where it is
/// installed, `scenarios` of the source tree where it was built. Empty where there is none.
/// `program` is the program's own file.
std::filesystem::path findScenarios(const std::filesystem::path& program);

/// The scenario files below a folder, sorted by path.
std::vector<std::filesystem::path> scenariosIn(const std::filesystem::path& folder);

/// Those of them that teach something: workloads of benchmarks do not.
std::vector<std::filesystem::path> lessonsIn(const std::filesystem::path& folder);

/// The file that the user means: `name` itself, or a scenario of the library by its path in it or,
/// where only one is called so, by its file name ("rabbitmq/01-first-message", "01-first-message";
/// with or without .json).
std::filesystem::path resolveScenario(const std::string& name,
                                      const std::filesystem::path& library);

} // namespace sim
