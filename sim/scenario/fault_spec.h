#pragma once

#include "sim/base/distribution.h"
#include "sim/base/one_of.h"
#include "sim/base/time.h"
#include "sim/scenario/rabbitmq_spec.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace sim {

/// When a fault is there. Scheduled: from `at` for `duration` (absent: to the end of the run).
/// Random: it comes again and again, the time from an end (or from `at`) to the next beginning
/// drawn from `every`.
struct FaultTiming {
    Duration at{};
    std::optional<Duration> duration;
    std::optional<Distribution> every; ///< nanoseconds
    bool operator==(const FaultTiming&) const = default;
};

/// The processes of a producer or consumer die, and start again when the fault ends. `silent`: the
/// host vanishes with them, so that nothing closes the connections. A broker holds nothing of a
/// producer: there the two are alike.
struct CrashFault {
    std::string target;                    ///< producer or consumer
    std::optional<std::uint32_t> instance; ///< one instance, from 0; absent: all
    bool silent = false; ///< the broker notices only that heartbeats stay away
    bool operator==(const CrashFault&) const = default;
};
/// Nothing is started while it lasts; connections stay open and work goes on afterwards.
struct PauseFault {
    std::string target; ///< producer or consumer
    std::optional<std::uint32_t> instance;
    bool operator==(const PauseFault&) const = default;
};
/// Sends basic.cancel: it gets nothing new, keeps its channel, and settles what it has. When the
/// fault ends it consumes again.
struct CancelFault {
    std::string target; ///< consumer
    std::optional<std::uint32_t> instance;
    bool operator==(const CancelFault&) const = default;
};
/// Work that begins while it lasts takes `factor` times as long.
struct SlowFault {
    std::string target; ///< consumer
    std::optional<std::uint32_t> instance;
    double factor = 10;
    bool operator==(const SlowFault&) const = default;
};
/// Nothing gets through in either direction; what was sent waits for TCP to repeat it, or is lost
/// when the connection is closed after `closesAfter`, which says what heartbeats or TCP would do:
/// BrokerSpec::heartbeat is about hosts that vanish.
struct PartitionFault {
    std::string from;
    std::string to;
    std::optional<Duration> closesAfter; ///< absent: the connection survives
    bool operator==(const PartitionFault&) const = default;
};
struct LatencyFault {
    std::string from;
    std::string to;
    Distribution extra = Distribution::constant(100e6); ///< nanoseconds added to each message
    bool operator==(const LatencyFault&) const = default;
};
struct BandwidthFault {
    std::string from;
    std::string to;
    double bandwidth = 1e5; ///< bytes per second at most
    bool operator==(const BandwidthFault&) const = default;
};
/// Messages from `from` to `to` vanish on the way.
struct LossFault {
    std::string from;
    std::string to;
    double probability = 0.1; ///< 0..1
    bool operator==(const LossFault&) const = default;
};
/// Messages arrive twice.
struct DuplicateFault {
    std::string from;
    std::string to;
    double probability = 0.1;
    bool operator==(const DuplicateFault&) const = default;
};
/// Some messages are held back by `delay`, so that later ones overtake them, whatever the link
/// says.
struct ReorderFault {
    std::string from;
    std::string to;
    double probability = 0.1;
    Distribution delay = Distribution::constant(50e6); ///< nanoseconds
    bool operator==(const ReorderFault&) const = default;
};
/// Acknowledgements from the consumer `to` vanish on the way back to the queue `from`; of an
/// SQS queue, the requests to delete or to change the visibility timeout.
struct LostAcksFault {
    std::string from;
    std::string to;
    double probability = 1;
    bool operator==(const LostAcksFault&) const = default;
};
/// Publisher confirms vanish on the way back from the exchange or queue `to` to the producer
/// `from`.
struct LostConfirmsFault {
    std::string from;
    std::string to;
    double probability = 1;
    bool operator==(const LostConfirmsFault&) const = default;
};
/// Why a topic cannot deliver.
enum class DeliveryErrorClass : std::uint8_t {
    Client, ///< no permission, or no such queue: not tried again
    Server, ///< the queue does not answer: tried again
};
/// What an SNS topic delivers to the queue `to` is refused.
struct DeliveryErrorFault {
    std::string from;
    std::string to;
    DeliveryErrorClass error = DeliveryErrorClass::Client;
    bool operator==(const DeliveryErrorFault&) const = default;
};
/// The consumer fails on every message of the key, or of the type, or of both where both are given.
struct PoisonFault {
    std::string target; ///< consumer
    std::string key;
    std::string type;
    bool operator==(const PoisonFault&) const = default;
};
/// The wall clock of a producer is off by `offset`. Not modelled: the clocks of consumers and
/// brokers.
struct ClockSkewFault {
    std::string target;
    Duration offset = 5s; ///< may be negative
    bool operator==(const ClockSkewFault&) const = default;
};
/// The broker, or one node of it, goes down and comes back when the fault ends.
struct BrokerRestartFault {
    std::string target; ///< broker; empty: the only one
    bool clean = true;  ///< false: kill -9, what is not on disk yet is lost
    std::optional<std::uint32_t> node; ///< one node, from 1; absent: all
    bool operator==(const BrokerRestartFault&) const = default;
};
/// What a broker has too little of.
enum class AlarmResource : std::uint8_t { Memory, Disk };
/// An alarm is raised: the broker stops reading the connections that publish, and with them what
/// else comes by these connections.
struct AlarmFault {
    std::string target; ///< broker; empty: the only one
    AlarmResource resource = AlarmResource::Memory;
    bool operator==(const AlarmFault&) const = default;
};
/// Some nodes of a broker and the others lose sight of each other.
struct ClusterPartitionFault {
    std::string target;               ///< broker; empty: the only one
    std::uint32_t firstNode = 1;          ///< from 1: of those on one side
    std::optional<std::uint32_t> lastNode; ///< absent: the first alone
    bool operator==(const ClusterPartitionFault&) const = default;
};
/// Policies of a broker are set and cleared while it runs, as its operator does it: no failure.
/// When it ends they are as if it had not been. Of several changes the one that began last counts.
struct PolicyChangeFault {
    std::string target;             ///< broker; empty: the only one
    std::vector<PolicySpec> set;    ///< each in place of the one of its name, or beside the others
    std::vector<std::string> clear; ///< names, of users' policies and of operators' alike
    bool operator==(const PolicyChangeFault&) const = default;
};
/// Events of the same instant run in random order, which shows what depends on it.
struct ShuffleTiesFault {
    bool operator==(const ShuffleTiesFault&) const = default;
};

using FaultKind = OneOf<
    std::variant<CrashFault, PauseFault, SlowFault, PartitionFault, LatencyFault, BandwidthFault,
                 LossFault, DuplicateFault, ReorderFault, LostAcksFault, LostConfirmsFault,
                 PoisonFault, ClockSkewFault, BrokerRestartFault, ShuffleTiesFault, AlarmFault,
                 ClusterPartitionFault, CancelFault, PolicyChangeFault, DeliveryErrorFault>>;

/// A fault in a scenario, or an intervention made by hand while it ran.
struct FaultSpec {
    std::string name; ///< shown beside its band; empty: made from kind and target
    FaultTiming when;
    FaultKind what;
    bool operator==(const FaultSpec&) const = default;
};

} // namespace sim
