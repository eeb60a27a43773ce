#pragma once

#include "sim/base/result.h"
#include "sim/scenario/scenario.h"

namespace sim {

/// What a broker accepts and nobody means: each with the JSON pointer of what it is about. The
/// scenario can be run all the same. Requires a valid scenario.
///
/// Exchanges that nothing comes to; bindings that nothing can take; a hash of a header that no
/// message has; dead-letter exchanges that lead to no queue; dead-letter cycles, those that the
/// broker cuts and those that run for ever; an overflow that drops what dead-lettering should keep;
/// messages that expire late behind others; priorities without effect, or that starve; policies
/// that apply to nothing, are skipped as a whole because of one key, or tie; shovels that lead round.
Problems lint(const Scenario& scenario);

} // namespace sim
