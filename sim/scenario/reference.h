#pragma once

#include "sim/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace sim {

/// scenarios/REFERENCE.md: every field of every kind, from describe().
std::string referencePage();

/// scenarios/scenario.schema.json: a JSON Schema (draft 2020-12) for editors. It is not stricter
/// than readScenario(), and knows nothing of references.
std::string jsonSchema();

enum class KindFormat : std::uint8_t {
    Text, ///< plain, for a terminal
    Json, ///< {"kinds": [...]}
};

/// What there is to know about one kind ("rabbitmq.queue", "poisson", "crash"): its fields, and the
/// contract of a component. "queue" finds the queues of every broker. A Problem for an unknown one,
/// with the nearest.
Result<std::string> describeKind(std::string_view kind, KindFormat format = KindFormat::Text);

/// Every kind with what it is, by what it is a kind of.
std::string listKinds(KindFormat format = KindFormat::Text);

} // namespace sim
