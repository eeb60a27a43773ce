#pragma once

#include "sim/scenario/aws/json_pattern.h"

namespace sim {

/// What a rule of an event bus asks of an event.
/// Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
/// Source:
/// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html Not
/// modelled: see JsonPattern and ValueTest.
class EventPattern {
public:
    /// As JSON without blanks.
    static constexpr std::size_t bytesMax = 4096;
    /// What the lists under `$or` come to, multiplied.
    static constexpr std::uint64_t alternativesMax = 1000;

    /// Problems, each with a pointer into the pattern: those of readPattern(), and beyond a limit.
    static Result<EventPattern> compile(const JsonValue& pattern);

    bool matches(const JsonValue& event) const { return m_pattern.matches(event); }
    std::vector<PatternMiss> whyNot(const JsonValue& event) const {
        return m_pattern.whyNot(event);
    }
    JsonValue json() const { return m_pattern.json(); }
    /// Whether the field itself is asked for, and whether something below it is.
    bool asksFor(std::string_view field) const;
    bool asksBelow(std::string_view field) const;

    bool operator==(const EventPattern&) const = default;

private:
    explicit EventPattern(JsonPattern pattern) : m_pattern(std::move(pattern)) {}

    JsonPattern m_pattern;
};

/// How long JSON is, written without blanks.
std::size_t compactSize(const JsonValue& json);

} // namespace sim
