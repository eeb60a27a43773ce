#include "sim/model/aws/record_filter.h"

#include <algorithm>
#include <fmt/format.h>

namespace sim {
namespace {

/// A record of the queue as filters see it.
struct SeenRecord {
    JsonValue json;
    bool hasFields = false;
};

SeenRecord seenRecord(const std::string& body) {
    auto parsed = parseJson(body);
    const bool hasFields = parsed && (std::holds_alternative<JsonValue::Object>(parsed->value) ||
                                      std::holds_alternative<JsonValue::Array>(parsed->value));
    JsonValue value = hasFields ? std::move(*parsed) : JsonValue{body};
    return {{JsonValue::Object{{"body", std::move(value)}}}, hasFields};
}

std::vector<PatternMiss> missesOf(const EventPattern& filter, const SeenRecord& record) {
    if (record.hasFields && filter.asksFor("body")) {
        return {{"body", "a text", "JSON with fields"}};
    }
    if (!record.hasFields && filter.asksBelow("body")) {
        return {{"body", "JSON with fields", jsonSummary(*record.json.find("body"))}};
    }
    return filter.whyNot(record.json);
}

bool takes(const EventPattern& filter, const SeenRecord& record) {
    const bool otherKind = record.hasFields ? filter.asksFor("body") : filter.asksBelow("body");
    return !otherKind && filter.matches(record.json);
}

} // namespace

Result<RecordFilter> RecordFilter::compile(const std::vector<JsonValue>& patterns,
                                           std::size_t patternsAllowed) {
    Problems problems;
    std::vector<EventPattern> filters;
    if (patterns.size() > patternsAllowed) {
        problems.push_back({"", fmt::format("{} filters are too many; allowed: up to {}",
                                            patterns.size(), patternsAllowed)});
    }
    for (std::size_t i = 0; i < patterns.size(); ++i) {
        auto filter = EventPattern::compile(patterns[i]);
        if (filter) {
            filters.push_back(std::move(*filter));
            continue;
        }
        for (const Problem& problem : filter.error()) {
            problems.push_back({fmt::format("/{}{}", i, problem.where), problem.what});
        }
    }
    if (!problems.empty()) {
        return problems;
    }
    return RecordFilter(std::move(filters));
}

bool RecordFilter::matches(const std::string& body) const {
    const SeenRecord record = seenRecord(body);
    return m_filters.empty() || std::ranges::any_of(m_filters, [&](const EventPattern& filter) {
               return takes(filter, record);
           });
}

std::vector<std::vector<PatternMiss>> RecordFilter::whyNot(const std::string& body) const {
    const SeenRecord record = seenRecord(body);
    std::vector<std::vector<PatternMiss>> all;
    for (const EventPattern& filter : m_filters) {
        all.push_back(missesOf(filter, record));
        if (all.back().empty()) {
            return {};
        }
    }
    return all;
}

} // namespace sim
