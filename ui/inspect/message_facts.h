#pragma once

#include "sim/observe/trace_log.h"

#include <cstdint>
#include <vector>

namespace ui {

/// Every fact about one message up to an instant. Learns from a log a part at a time and starts
/// anew when it is given another log, or when time goes back.
class MessageFacts {
public:
    /// About so many records are looked at in a few milliseconds.
    static constexpr std::size_t part = 400'000;

    explicit MessageFacts(sim::MessageId message = {}) : m_message(message) {}

    sim::MessageId message() const { return m_message; }
    /// Looks at up to `records` further records at or before `upTo`; false when there are more.
    bool follow(const sim::TraceLog& log, sim::Instant upTo, std::size_t records = part);

    /// Oldest first.
    const std::vector<sim::TraceRecord>& records() const { return m_records; }

private:
    bool continues(const sim::TraceLog& log, sim::Instant upTo) const;

    sim::MessageId m_message{};
    std::vector<sim::TraceRecord> m_records;
    std::size_t m_read = 0;
    sim::TraceRecord m_last; ///< the newest record looked at
};

/// One entry of the x-death header: how often and when first the message was dead-lettered from a
/// queue for a reason.
struct Death {
    sim::ComponentId queue = sim::noComponent;
    sim::Reason reason{};
    std::uint32_t count = 0;
    sim::Instant first{};

    bool operator==(const Death&) const = default;
};

/// What x-death says after these facts: one entry for each queue and reason, the newest first.
/// RabbitMQ, "Dead letter exchanges", effects on messages.
std::vector<Death> deathsOf(const std::vector<sim::TraceRecord>& records);

} // namespace ui
