#pragma once

#include "sim/base/ids.h"
#include "sim/base/time.h"
#include "sim/kernel/trace_record.h"
#include "sim/observe/histogram.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace sim {

/// A histogram in a few numbers; percentiles as Histogram::percentile has them.
struct Percentiles {
    std::uint64_t count = 0;
    Duration min{};
    Duration mean{};
    Duration p50{};
    Duration p90{};
    Duration p95{};
    Duration p99{};
    Duration p999{};
    Duration max{};

    static Percentiles of(const Histogram& histogram);
    bool operator==(const Percentiles&) const = default;
};

struct ProducerSummary {
    std::uint64_t produced = 0;
    std::uint64_t published = 0;   ///< copies, republished ones included
    std::uint64_t republished = 0; ///< of them, those after the first publish of their event
    std::uint64_t confirmed = 0;
    std::uint64_t nacked = 0;
    std::uint64_t returned = 0;
    std::uint64_t timedOut = 0;
    std::uint64_t gaveUp = 0;
    std::uint64_t lost = 0;  ///< on the way to the broker
    double producedRate = 0; ///< per second, as every rate
    double publishedRate = 0;
    bool operator==(const ProducerSummary&) const = default;
};

struct ExchangeSummary {
    std::uint64_t routed = 0; ///< copies put into queues or refused by them
    std::uint64_t unroutable = 0;
    double routedRate = 0;
    bool operator==(const ExchangeSummary&) const = default;
};

struct QueueSummary {
    std::uint64_t enqueued = 0;
    std::uint64_t refused = 0;
    std::uint64_t delivered = 0;
    std::uint64_t redelivered = 0; ///< of them, those of copies delivered before
    std::uint64_t requeued = 0;
    std::uint64_t acked = 0;
    std::uint64_t deadLettered = 0; ///< out of this queue, or on being refused by it
    std::uint64_t dropped = 0;
    std::uint64_t lost = 0;  ///< deliveries on the way to a consumer
    std::uint64_t ready = 0; ///< at the end of the measurement
    std::uint64_t unacked = 0;
    std::uint64_t readyMax = 0;
    std::uint64_t unackedMax = 0;
    std::uint64_t depthMax = 0; ///< ready and unacknowledged together
    double readyMean = 0;       ///< over time
    double unackedMean = 0;
    double enqueuedRate = 0;
    double deliveredRate = 0;
    double ackedRate = 0;
    Percentiles wait;    ///< from ready to delivered
    Percentiles sojourn; ///< from enqueued to out of the queue
    /// Little's law: the depth summed over time, and the time in the queue summed over the copies
    /// (those inside counted up to now), in message seconds. They were counted independently, in
    /// whole nanoseconds.
    double depthTime = 0;
    double sojournTime = 0;
    bool littleHolds = true;      ///< the two are equal to the nanosecond
    std::uint64_t impossible = 0; ///< records that say what cannot be, such as a second leaving
    bool operator==(const QueueSummary&) const = default;
};

struct ConsumerSummary {
    std::uint64_t received = 0;
    std::uint64_t started = 0;
    std::uint64_t applied = 0;
    std::uint64_t skipped = 0;
    std::uint64_t failed = 0;
    std::uint64_t held = 0;
    std::uint64_t gapsSkipped = 0;
    std::uint64_t discarded = 0;
    std::uint64_t published = 0; ///< retries by way of a publish
    std::uint64_t acks = 0;
    std::uint64_t nacks = 0;
    std::uint64_t duplicates = 0;      ///< effects after the first one of their event
    std::uint64_t orderViolations = 0; ///< effects after that of a newer version of their key
    std::uint64_t busy = 0;            ///< handlers at work at the end of the measurement
    double utilisation = 0;            ///< share of all handlers' time that was spent in handlers
    double appliedRate = 0;
    Percentiles service;  ///< from the start of a handler to its outcome
    Percentiles latency;  ///< from the creation of an event to its effect here
    Duration staleness{}; ///< at the end of the measurement; see class Staleness
    Duration stalenessMax{};
    Duration stalenessMean{}; ///< over time
    bool operator==(const ConsumerSummary&) const = default;
};

struct BrokerSummary {
    std::uint64_t stops = 0;
    bool operator==(const BrokerSummary&) const = default;
};

/// How often a component did something for one reason: "Dropped for Expired: 3".
struct ReasonCount {
    TraceKind kind{};
    Reason reason{};
    std::uint64_t count = 0;
    bool operator==(const ReasonCount&) const = default;
};

struct ComponentSummary {
    using What = std::variant<ProducerSummary, ConsumerSummary, BrokerSummary, ExchangeSummary,
                              QueueSummary>;
    ComponentId id{};
    std::string name;
    What what;
    std::vector<ReasonCount> reasons; ///< those that occurred, by kind, then reason
    bool operator==(const ComponentSummary&) const = default;
};

/// The run as a whole.
struct EndToEndSummary {
    std::uint64_t produced = 0;
    std::uint64_t published = 0;
    std::uint64_t applied = 0;
    std::uint64_t lost = 0; ///< copies, on links
    std::uint64_t unroutable = 0;
    std::uint64_t dropped = 0;
    std::uint64_t deadLettered = 0;
    std::uint64_t redelivered = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t orderViolations = 0;
    double producedRate = 0;
    double appliedRate = 0;
    std::uint64_t depth = 0; ///< messages in all queues, ready or unacknowledged, at the end
    double depthMean = 0;    ///< over time
    double utilisation = 0;  ///< share of the time of all consumers' handlers spent in handlers
    Percentiles latency;     ///< from creation to effect, over all consumers
    Duration staleness{};    ///< of the consumer that is stalest at the end, as the next two
    Duration stalenessMax{};
    Duration stalenessMean{}; ///< the greatest of the consumers' means
    bool operator==(const EndToEndSummary&) const = default;
};

/// One number for a table: "orders", "ready mean", 3.2, "messages". Durations are in seconds.
struct MetricRow {
    std::string component; ///< empty: the run as a whole
    std::string name;
    double value = 0;
    std::string unit; ///< "", "1/s" or "s"
    bool operator==(const MetricRow&) const = default;
};

/// What Metrics measured between two instants.
struct MetricsSummary {
    Instant from{};
    Instant to{};
    std::vector<ComponentSummary> components; ///< by ComponentId
    EndToEndSummary endToEnd;

    /// Every number, the run as a whole first. The order and the names are stable.
    std::vector<MetricRow> rows() const;
    /// Where the numbers contradict each other (Little's law, impossible records): one sentence
    /// each. Empty in a sound run.
    std::vector<std::string> warnings() const;

    bool operator==(const MetricsSummary&) const = default;
};

} // namespace sim
