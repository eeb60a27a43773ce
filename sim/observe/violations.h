#pragma once

#include "sim/observe/verdict.h"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>

namespace sim {

/// Counts violations and keeps the first.
struct Violations {
    std::uint64_t count = 0;
    Instant at{};
    std::vector<TraceRecord> records;
    std::vector<MessageId> messages;

    void note(const TraceRecord& record, std::vector<MessageId> about) {
        note(record.at, {record}, std::move(about));
    }
    void note(Instant when, std::vector<TraceRecord> facts, std::vector<MessageId> about) {
        if (count++ == 0) {
            at = when;
            records = std::move(facts);
            messages = std::move(about);
        }
    }
};

/// A verdict of this state and sentence, with what `violations` holds.
inline Verdict verdictOf(Verdict::State state, std::string summary,
                         const Violations& violations = {}) {
    Verdict verdict;
    verdict.state = state;
    verdict.summary = std::move(summary);
    verdict.violations = violations.count;
    verdict.at = violations.at;
    verdict.records = violations.records;
    verdict.messages = violations.messages;
    return verdict;
}

/// "1 204", with thin groups of three digits: numbers in sentences.
std::string grouped(std::uint64_t number);
/// "37 effects", "1 effect".
std::string counted(std::uint64_t number, const std::string& noun);
/// For a noun with a plural of its own.
std::string counted(std::uint64_t number, const std::string& one, const std::string& many);
/// "37 of 1 204 effects"
std::string share(std::uint64_t part, std::uint64_t whole, const std::string& noun);

} // namespace sim
