#include "sim/observe/describe.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

namespace sim {
namespace {

/// Where the lane of a record is an instance of its component, of its peer, a node of a cluster, or
/// none of them.
enum class LaneOf : std::uint8_t { Nobody, Component, Peer, Node };

struct Words {
    const char* fact;    ///< "requeued"
    const char* towards; ///< before the peer: " from "; empty: the peer is not named
    LaneOf lane;
};

/// By TraceKind.
constexpr Words wordsByKind[] = {
    {"produced", "", LaneOf::Nobody},
    {"published", " to ", LaneOf::Nobody},
    {"confirm received", " from ", LaneOf::Nobody},
    {"nack received", " from ", LaneOf::Nobody},
    {"return received", " from ", LaneOf::Nobody},
    {"confirm timed out", " from ", LaneOf::Nobody},
    {"gave up", "", LaneOf::Nobody},
    {"lost", " on the way to ", LaneOf::Nobody},
    {"duplicated", " on the way to ", LaneOf::Nobody},
    {"unroutable", "", LaneOf::Nobody},
    {"enqueued", " from ", LaneOf::Nobody},
    {"refused", " from ", LaneOf::Nobody},
    {"delivered", " to ", LaneOf::Peer},
    {"requeued", " from ", LaneOf::Peer},
    {"acked", " by ", LaneOf::Nobody},
    {"dropped", "", LaneOf::Nobody},
    {"dead-lettered", " to ", LaneOf::Nobody},
    {"confirm sent", " to ", LaneOf::Nobody},
    {"nack sent", " to ", LaneOf::Nobody},
    {"return sent", " to ", LaneOf::Nobody},
    {"received", " from ", LaneOf::Component},
    {"started", "", LaneOf::Component},
    {"applied", "", LaneOf::Component},
    {"skipped", "", LaneOf::Component},
    {"held", "", LaneOf::Component},
    {"failed", "", LaneOf::Component},
    {"gap skipped", "", LaneOf::Component},
    {"ack sent", " to ", LaneOf::Component},
    {"nack sent", " to ", LaneOf::Component},
    {"discarded", "", LaneOf::Component},
    {"crashed", "", LaneOf::Component},
    {"restarted", "", LaneOf::Component},
    {"paused", "", LaneOf::Component},
    {"resumed", "", LaneOf::Component},
    {"disconnected", " from ", LaneOf::Nobody},
    {"down", "", LaneOf::Node},
    {"up", "", LaneOf::Node},
    {"fault began", "", LaneOf::Nobody},
    {"fault ended", "", LaneOf::Nobody},
    {"retained", "", LaneOf::Nobody},
    {"read", " by ", LaneOf::Peer},
    {"blocked", " publishes of ", LaneOf::Peer},
    {"unblocked", " publishes of ", LaneOf::Peer},
    {"not served any more", "", LaneOf::Node},
    {"served", "", LaneOf::Node},
    {"delayed", "", LaneOf::Nobody},
    {"forwarded", " from ", LaneOf::Component},
    {"policy changed", "", LaneOf::Nobody},
    {"cancelled", " consumer ", LaneOf::Peer},
    {"had nothing", " for ", LaneOf::Peer},
    {"polled", " by ", LaneOf::Peer},
    {"filtered out", " before ", LaneOf::Nobody},
    {"delivery failed", " to ", LaneOf::Nobody},
};
static_assert(std::size(wordsByKind) == traceKinds);

/// By Reason.
constexpr const char* wordsByReason[] = {
    "",         "link loss", "partition",  "receiver down",  "lost ack",     "lost confirm",
    "rejected", "expired",   "max length", "not durable",    "not on disk",  "cycle",
    "nack",     "crash",     "disconnect", "broker restart", "duplicate id", "stale",
    "random",   "poison",    "scripted",   "timeout",        "buffer full",  "requeue",
    "reject",   "clean",     "killed",     "queue deleted",
    "delivery limit", "ack timeout", "retention", "node down", "no exchange", "too large",
    "max hops", "policy change", "heartbeat",
    "purged",
    "visibility timeout", "replica", "throttled", "missing message group",
    "missing deduplication id", "server error", "client error", "stale receipt handle",
};
static_assert(std::size(wordsByReason) == static_cast<std::size_t>(Reason::StaleHandle) + 1);

Words wordsOf(TraceKind kind) { return wordsByKind[static_cast<std::size_t>(kind)]; }

/// Whether the record is about one event.

std::string withLane(ComponentId id, std::uint16_t lane, bool named, const Catalogue& catalogue) {
    const std::string name = nameText(id, catalogue);
    return named && lane != allLanes ? fmt::format("{}[{}]", name, lane) : name;
}

std::string faultText(const TraceRecord& record, const Catalogue& catalogue) {
    return record.copy < catalogue.faults.size() ? catalogue.faults[record.copy]
                                                 : fmt::format("fault {}", record.copy);
}

/// What an operator does is no fault.
const char* faultFact(const TraceRecord& record, const Catalogue& catalogue) {
    const bool isOperation = std::ranges::binary_search(catalogue.operations, record.copy);
    return isOperation && record.kind == TraceKind::FaultBegan   ? "operation began"
           : isOperation && record.kind == TraceKind::FaultEnded ? "operation ended"
                                                                 : wordsOf(record.kind).fact;
}

/// ", attempt 2" where the fact is not the first of its sort.
std::string attemptText(const TraceRecord& record) {
    const bool counts = record.kind == TraceKind::Published || record.kind == TraceKind::Delivered;
    return counts && record.attempt > 1 ? fmt::format(", attempt {}", record.attempt) : "";
}

} // namespace

const char* text(TraceKind kind) { return wordsOf(kind).fact; }

const char* text(Reason reason) { return wordsByReason[static_cast<std::size_t>(reason)]; }

const char* text(Verdict::State state) {
    switch (state) {
    case Verdict::State::Holds:
        return "holds";
    case Verdict::State::Violated:
        return "violated";
    case Verdict::State::NotDecided:
        break;
    }
    return "not decided";
}

std::string instantText(Instant instant) {
    const std::int64_t nanoseconds = instant.time_since_epoch().count();
    return fmt::format("{}.{:09} s", nanoseconds / 1'000'000'000, nanoseconds % 1'000'000'000);
}

std::string nameText(ComponentId id, const Catalogue& catalogue) {
    return index(id) < catalogue.components.size() ? catalogue.components[index(id)] : "-";
}

std::string componentText(const TraceRecord& record, const Catalogue& catalogue) {
    return withLane(record.component, record.lane, wordsOf(record.kind).lane == LaneOf::Component,
                    catalogue);
}

std::string messageText(const TraceRecord& record, const Catalogue& catalogue) {
    if (record.key == noKey) {
        return fmt::format("#{}", index(record.message));
    }
    return fmt::format("{} v{} (#{})", catalogue.keyText(record.key), record.version,
                       index(record.message));
}

std::string describe(const TraceRecord& record, const Catalogue& catalogue) {
    const Words words = wordsOf(record.kind);
    std::string line = instantText(record.at) + "  ";
    if (record.kind == TraceKind::FaultBegan || record.kind == TraceKind::FaultEnded) {
        return line + faultFact(record, catalogue) + ": " + faultText(record, catalogue);
    }
    line += componentText(record, catalogue) + "  " + words.fact;
    if (words.lane == LaneOf::Node && record.lane != allLanes) {
        line += fmt::format(" on node {}", record.lane + 1);
    }
    if (isAboutMessage(record.kind)) {
        line += fmt::format(" {}", messageText(record, catalogue));
    }
    if (*words.towards != '\0' && record.peer != noComponent) {
        line += words.towards +
                withLane(record.peer, record.lane, words.lane == LaneOf::Peer, catalogue);
    }
    line += attemptText(record);
    if (record.reason != Reason::None) {
        line += std::string(": ") + text(record.reason);
    }
    return line;
}

} // namespace sim
