#pragma once

#include "sim/base/ids.h"
#include "sim/base/time.h"
#include "sim/kernel/trace_record.h"

#include <cstdint>
#include <string>
#include <vector>

namespace sim {

/// What a check says of a run so far.
struct Verdict {
    enum class State : std::uint8_t {
        Holds,      ///< nothing that happens later can change the past; no violation up to here
        Violated,   ///< `at`, `records` and `messages` are of the first violation
        NotDecided, ///< the run ended too early to tell; `summary` says what is missing
    };

    std::string check; ///< name as shown
    std::string id;    ///< "I4" where patterns name it, else empty
    State state = State::NotDecided;
    bool shows = false; ///< the check asks for the violation: state is already turned round
    std::string
        summary; ///< one sentence with numbers: "37 of 1 204 effects came after a newer version"
    std::uint64_t violations = 0;     ///< how often, up to here
    Instant at{};                     ///< of the first violation
    std::vector<TraceRecord> records; ///< the facts that make up the first violation, oldest first
    std::vector<MessageId> messages;  ///< whose journeys explain it

    bool operator==(const Verdict&) const = default;
};

/// A violation explained from the facts around it.
struct Witness {
    std::vector<TraceRecord> records; ///< the smallest list that shows it, oldest first
    std::string text;                 ///< one paragraph that names the chain of causes
};

} // namespace sim
