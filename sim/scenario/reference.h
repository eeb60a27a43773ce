#pragma once

#include "sim/base/result.h"

#include <string>
#include <string_view>

namespace sim {

/// scenarios/REFERENCE.md: every field of every kind, from describe().
std::string referencePage();

/// scenarios/scenario.schema.json: a JSON Schema (draft 2020-12) for editors. It is not stricter
/// than readScenario(), and knows nothing of references.
std::string jsonSchema();

/// What there is to know about one kind ("rabbitmq.queue", "poisson", "crash"), as plain text for
/// a terminal; "queue" finds the queues of every broker. A Problem for an unknown one, with the
/// nearest.
Result<std::string> describeKind(std::string_view kind);

} // namespace sim
