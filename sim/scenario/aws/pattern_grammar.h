#pragma once

#include "sim/scenario/aws/value_test.h"

#include <span>
#include <string_view>

namespace sim {

/// What one service knows of the language in which patterns are written. All of them share the
/// nesting of fields, the lists of conditions of which one must hold, the plain values and `$or`.
struct PatternGrammar {
    /// What a condition may begin with: {"prefix": ...}.
    std::span<const std::string_view> operators;
    /// Of these, which also take {"equals-ignore-case": text}.
    std::span<const std::string_view> ignoringCase;
    /// What {"anything-but": {...}} takes.
    std::span<const std::string_view> insideAnythingBut;
    /// {"anything-but": {"prefix": ["a", "b"]}}
    bool listsInsideAnythingBut;
    /// A list in the event passes anything-but if every value of it does, and not one of them.
    bool anythingButAsksEvery;
    NumberScale numbers;
};

namespace grammar {

inline constexpr std::string_view eventOperators[] = {
    "prefix", "suffix", "equals-ignore-case", "wildcard", "anything-but", "numeric",
    "cidr",   "exists"};
inline constexpr std::string_view eventIgnoringCase[] = {"prefix", "suffix"};
inline constexpr std::string_view eventInsideAnythingBut[] = {"prefix", "suffix",
                                                              "equals-ignore-case", "wildcard"};

inline constexpr std::string_view policyOperators[] = {
    "prefix", "suffix", "equals-ignore-case", "anything-but", "numeric", "cidr", "exists"};
inline constexpr std::string_view policyInsideAnythingBut[] = {"prefix"};

} // namespace grammar

/// Source:
/// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html Not
/// modelled: what pipes leave out of it.
inline constexpr PatternGrammar eventBridgeGrammar{
    .operators = grammar::eventOperators,
    .ignoringCase = grammar::eventIgnoringCase,
    .insideAnythingBut = grammar::eventInsideAnythingBut,
    .listsInsideAnythingBut = true,
    .anythingButAsksEvery = false,
    .numbers = {.max = 5e9, .perOne = 1e6},
};

/// Source: https://docs.aws.amazon.com/sns/latest/dg/string-value-matching.html
/// Source: https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
/// Not modelled: nothing known.
inline constexpr PatternGrammar snsGrammar{
    .operators = grammar::policyOperators,
    .ignoringCase = {},
    .insideAnythingBut = grammar::policyInsideAnythingBut,
    .listsInsideAnythingBut = false,
    .anythingButAsksEvery = true,
    .numbers = {.max = 1e9, .perOne = 1e5},
};

/// The same, as an older edition of the guide had it: ["rugby", "baseball"] passes
/// {"anything-but": ["rugby", "tennis"]} because of baseball.
/// Source: https://docs.aws.amazon.com/sns/latest/dg/string-value-matching.html
/// Not modelled: nothing known.
inline constexpr PatternGrammar snsGrammarOfOldGuide = [] {
    PatternGrammar old = snsGrammar;
    old.anythingButAsksEvery = false;
    return old;
}();

} // namespace sim
