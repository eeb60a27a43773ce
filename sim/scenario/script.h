#pragma once

#include "sim/scenario/flow_spec.h"

namespace sim {

/// The type of a scripted message: the one that it names, else its producer's first. Requires a
/// producer with a type.
const EventTypeSpec& typeOf(const ScriptArrivals::Entry& message, const ProducerSpec& producer);

/// The headers of a scripted message: those of its type, with its own in place of those of the same
/// name and its others behind them.
Table headersOf(const ScriptArrivals::Entry& message, const EventTypeSpec& type);

} // namespace sim
