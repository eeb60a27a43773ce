#pragma once

#include "sim/scenario/aws/event_pattern.h"

namespace sim {

/// Which messages of an SQS queue an event source mapping gives to its function. What no filter
/// takes is deleted from the queue.
///
/// A body that is a JSON object or list is filtered by its fields ({"body": {"type": ["a"]}}), any
/// other as a text ({"body": ["a"]}). A filter for the one kind takes none of the other.
///
/// Source: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html
/// Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
/// Not modelled: filters on anything but the body, which the service takes and never matches.
class RecordFilter {
public:
    /// By default an account may have five filters for a mapping, and ten when it asks.
    static constexpr std::size_t filtersDefault = 5;
    static constexpr std::size_t filtersMax = 10;

    /// Problems, with a pointer into the list of filters: those of EventPattern::compile(), and too
    /// many filters. None at all takes every message.
    static Result<RecordFilter> compile(const std::vector<JsonValue>& patterns,
                                        std::size_t patternsAllowed = filtersDefault);

    bool matches(const std::string& body) const;
    /// Of each filter what kept it from taking the message; empty if one takes it.
    std::vector<std::vector<PatternMiss>> whyNot(const std::string& body) const;

    const std::vector<EventPattern>& filters() const { return m_filters; }
    bool operator==(const RecordFilter&) const = default;

private:
    explicit RecordFilter(std::vector<EventPattern> filters) : m_filters(std::move(filters)) {}

    std::vector<EventPattern> m_filters;
};

} // namespace sim
