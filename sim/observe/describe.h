#pragma once

#include "sim/kernel/catalogue.h"
#include "sim/kernel/trace_record.h"
#include "sim/observe/verdict.h"

#include <string>

namespace sim {

/// What a record says, in one line without its end: instant, component, fact, message, where from
/// or to, and why. The text is stable: goldens and exported traces contain it.
///
///     10.204000000 s  billing[1]  discarded order-42 v2 (#17)
///     10.204000000 s  orders  requeued order-42 v2 (#17) from billing[1]: crash
std::string describe(const TraceRecord& record, const Catalogue& catalogue);

/// "order-42 v2 (#17)"; the number alone for an event without a key.
std::string messageText(const TraceRecord& record, const Catalogue& catalogue);
/// "billing[1]" for a record of an instance, else "billing"; "-" for noComponent.
std::string componentText(const TraceRecord& record, const Catalogue& catalogue);
/// The name of a component; "-" for noComponent.
std::string nameText(ComponentId id, const Catalogue& catalogue);

/// "dead-lettered", "confirm received": lower case, as in a sentence.
const char* text(TraceKind kind);
/// "max length"; "" for Reason::None.
const char* text(Reason reason);

/// "holds", "violated", "not decided".
const char* text(Verdict::State state);

/// The instant with all its nanoseconds: "10.204000000 s".
std::string instantText(Instant instant);

} // namespace sim
