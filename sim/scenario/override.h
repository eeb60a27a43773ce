#pragma once

#include "sim/base/result.h"
#include "sim/scenario/csv.h"
#include "sim/scenario/field.h"
#include "sim/scenario/scenario.h"

#include <string>
#include <string_view>
#include <vector>

namespace sim {

/// The scenario with one field changed. `pointer` is a JSON pointer ("/components/2/prefetch"), in
/// which a component may also be called by its id ("/components/billing/prefetch"; a position goes
/// first where an id is a number). `value` is the JSON value or, for texts, just the text.
///
/// Problems: a pointer that leads nowhere, and all that readScenario says of the changed scenario.
Result<Scenario> withValue(const Scenario& scenario, std::string_view pointer,
                           std::string_view value, const Folder& folder);

/// A number of a scenario that may be varied in a sweep.
struct Parameter {
    std::string pointer;   ///< as withValue() takes it, with ids
    std::string value;     ///< as it stands in a scenario, without quotes: "50/s"
    std::string_view help; ///< one sentence
    bool operator==(const Parameter&) const = default;
};

/// All of them, in the order of the scenario. Fields that are absent are not among them.
std::vector<Parameter> parametersOf(const Scenario& scenario);

} // namespace sim
