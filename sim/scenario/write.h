#pragma once

#include "sim/scenario/csv.h"
#include "sim/scenario/scenario.h"

#include <string>
#include <string_view>

namespace sim {

struct JsonValue;

/// The scenario as text that reads back as an equal one. Keys stand in the order of describe();
/// what has its default is left out.
std::string writeScenario(const Scenario& scenario);

/// As writeScenario, but with the keys in the order of `original`, the text that the scenario was
/// read from, and with the defaults that it spells out. Components are found again by their id,
/// everything else in lists by its place. Where `original` names a CSV file of samples in `folder`
/// that still has those samples, so does the new text. Comments are lost. Where `original` is no
/// JSON it does not matter.
std::string rewriteScenario(std::string_view original, const Scenario& scenario,
                            const Folder& folder);

enum class Defaults : std::uint8_t { LeftOut, Written };

/// The scenario as a JSON value.
JsonValue scenarioJson(const Scenario& scenario, Defaults defaults);

} // namespace sim
