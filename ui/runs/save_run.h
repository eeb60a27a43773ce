#pragma once

#include "sim/run/live_run.h"
#include "sim/store/run_store.h"

#include <filesystem>
#include <string>

namespace ui {

/// How long the window waits for a library that another program holds locked.
inline constexpr sim::Duration libraryPatience = std::chrono::milliseconds{300};

/// Keeps the run that a frame shows, up to its instant, in a library, which is made where it is
/// missing. `folder` is where the CSV files are that the scenario names. Returns the run's number,
/// or why it could not be kept.
sim::Result<std::int64_t> saveRun(const std::filesystem::path& library,
                                  const sim::Scenario& scenario, const sim::Frame& frame,
                                  const sim::Catalogue& catalogue, const std::string& folder);

} // namespace ui
