#pragma once

#include "sim/base/result.h"
#include "sim/scenario/csv.h"
#include "sim/scenario/scenario.h"

#include <filesystem>
#include <string_view>

namespace sim {

struct JsonValue;

/// The scenario that `text` says: JSON with comments, as scenarios/REFERENCE.md describes it. CSV
/// files that it names are looked for in `folder`.
///
/// Problems: every one that can be seen at once, up to 1000, each with the JSON pointer of what it
/// is about; where the text is no JSON, with line and column. What comes back without problems is
/// valid (validate.h).
Result<Scenario> readScenario(std::string_view text, const Folder& folder);

/// The same of a file; its folder is where CSV files are looked for.
Result<Scenario> readScenarioFile(const std::filesystem::path& path);

/// The same of a JSON value.
Result<Scenario> readScenario(const JsonValue& json, const Folder& folder);

} // namespace sim
