#pragma once

#include "sim/store/run_record.h"

#include <string>

namespace app {

/// The outcome of a run as JSON: title, seed, fingerprint, verdicts, metrics, Little's law at every
/// queue and so on. Instants are text with units; metrics in seconds, the sums of Little's law in
/// message seconds; what is no number is null.
std::string outcomeJson(const sim::RunRecord& run);

} // namespace app
