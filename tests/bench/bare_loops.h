#pragma once

#include <cstdint>

/// The work of a benchmark as one loop written for it alone: no components, no generic events, no
/// statistics but the check, times as doubles. The limit that an engine is measured against.

namespace bench {

struct BareResult {
    std::uint64_t events = 0; ///< timed events of the model
    double seconds = 0;       ///< of processor time, for the loop
    double check = 0;         ///< mean of what the workload names

    double nanosecondsPerEvent() const { return seconds * 1e9 / static_cast<double>(events); }
};

/// W1: M/M/1, arrivals 0.9, service 1.0, first come first served. Two events for each customer.
/// Check: mean time in the system, 10.
BareResult bareQueue(std::uint64_t customers, std::uint64_t seed);

/// W2: PHOLD, 1024 processes with 16 events each; an event goes to a random process after an
/// exponential time of mean 1. Check: events per unit of time and pending event, 1.
BareResult barePhold(std::uint64_t events, std::uint64_t seed);

/// W3: ten Poisson producers -> lognormal latency (mean 2 ms, sigma 0.5) -> exchange -> five queues
/// -> the same latency -> one of two consumers at each queue (prefetch 1, longest idle first) ->
/// exponential service of 3 ms -> acknowledgement after 1 ms, which frees the consumer. Check: mean
/// time from publishing to the end of service in ms, 9.21.
///
/// By topic: 100 messages/s from each producer, each into one random queue; five events a publish.
BareResult w3Topic(std::uint64_t publishes, std::uint64_t seed);
/// By fanout: 20 messages/s from each producer, each into all queues; 17 events a publish.
BareResult w3Fanout(std::uint64_t publishes, std::uint64_t seed);

} // namespace bench
