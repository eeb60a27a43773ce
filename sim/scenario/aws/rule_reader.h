#pragma once

#include "sim/scenario/aws/pattern_tree.h"

namespace sim {

/// Reads the condition list of one field.
/// Source:
/// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html Not
/// modelled: see readPattern().
class RuleReader {
public:
    /// Problems go to the list, with pointers that begin with `where`.
    RuleReader(const PatternGrammar& grammar, std::string where, Problems& problems)
        : m_grammar(grammar)
        , m_where(std::move(where))
        , m_problems(problems) {}

    FieldRule read(const JsonValue::Array& conditions);

private:
    void readCondition(const JsonValue& condition, FieldRule& rule);
    void readOperator(const JsonMember& member, FieldRule& rule);
    void readExists(const JsonValue& operand, FieldRule& rule);
    void readAnythingBut(const JsonValue& operand, FieldRule& rule);
    std::vector<ValueTest> readUnwantedValues(const JsonValue& operand);
    std::vector<ValueTest> readUnwantedTexts(const JsonMember& member);
    std::optional<ValueTest> readTextOperator(std::string_view name, const JsonValue& operand);
    std::optional<ValueTest> readText(std::string_view name, const JsonValue& operand);
    std::optional<ValueTest> readNumeric(const JsonValue& operand);
    bool readBound(const JsonValue::Array& list, std::size_t at, bool first, NumberRange& range);
    std::optional<std::int64_t> readNumber(const JsonValue* operand);
    std::optional<SameValue> readPlainValue(const JsonValue& value);
    /// The only member of an object that is one of `allowed`, or null and a problem.
    const JsonMember* onlyMember(const JsonValue& object,
                                 std::span<const std::string_view> allowed);
    void expected(const JsonValue& found, std::string_view what);
    void add(std::string what);

    const PatternGrammar& m_grammar;
    std::string m_where;
    Problems& m_problems;
};

} // namespace sim
