#pragma once

#include "sim/base/time.h"

#include <string>

namespace sim {

/// A duration for a sentence, to a thousandth of its unit: "250 ms", "1.5 s", "15 us", "0 s".
/// Rounded down.
std::string inWords(Duration duration);

/// An instant for a sentence, to the microsecond where it matters: "10.204 s", "0.000015 s".
std::string inWords(Instant instant);

} // namespace sim
