#pragma once

#include "sim/scenario/aws/pattern_grammar.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace sim {

/// What one field of an event must satisfy: any of the conditions in its list.
struct FieldRule {
    bool exists = false;
    bool absent = false;
    std::vector<ValueTest> anyOf;
    std::vector<std::vector<ValueTest>> noneOf; ///< one list for each anything-but
    bool operator==(const FieldRule&) const = default;
};

/// The condition list of a rule, as it is written.
JsonValue ruleJson(const FieldRule& rule, const NumberScale& scale);

using RuleIndex = std::uint32_t;
struct PatternMember;

/// An object of a pattern: all of its members must hold.
struct PatternGroup {
    std::vector<PatternMember> members;
    bool operator==(const PatternGroup& other) const;
};

struct PatternMember {
    std::string key; ///< "$or" for the list of groups
    std::variant<RuleIndex, PatternGroup, std::vector<PatternGroup>> value;
    bool operator==(const PatternMember& other) const;
};

/// A pattern as it is written, understood.
/// Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
/// Source: https://docs.aws.amazon.com/sns/latest/dg/and-or-logic.html
/// Not modelled: the `exactly` and the reserved words of the library behind EventBridge.
struct PatternTree {
    PatternGroup root;
    std::vector<FieldRule> rules; ///< in the order of the text
    bool operator==(const PatternTree&) const = default;
};

/// The pattern of a JSON object. Problems, each with a pointer into the pattern: an object or list
/// without content, a value outside of a list, a condition of no or two operators, an operator that
/// the grammar does not know, an operand of another type or out of range, wildcards that are too
/// complex, nesting beyond jsonDepthMax.
Result<PatternTree> readPattern(const JsonValue& json, const PatternGrammar& grammar);

/// JSON that readPattern() takes for the same pattern.
JsonValue writePattern(const PatternTree& tree, const NumberScale& scale);

/// How many places of a field's wildcards one text may have come to at once, at most this. The
/// service publishes no measure and refuses what is too complex.
/// Source:
/// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html Not
/// modelled: the measure itself; this one tells the published examples of both kinds apart.
inline constexpr std::size_t wildcardPlacesMax = 10;
std::size_t wildcardPlaces(const FieldRule& rule);

} // namespace sim
