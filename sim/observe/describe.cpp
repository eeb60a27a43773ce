#include "sim/observe/describe.h"

#include <fmt/format.h>

namespace sim {
namespace {

/// Where the lane of a record is an instance of its component, of its peer, or neither.
enum class LaneOf : std::uint8_t { Nobody, Component, Peer };

struct Words {
    const char* fact;    ///< "requeued"
    const char* towards; ///< before the peer: " from "; empty: the peer is not named
    LaneOf lane;
};

Words wordsOf(TraceKind kind) {
    constexpr LaneOf nobody = LaneOf::Nobody;
    constexpr LaneOf component = LaneOf::Component;
    constexpr LaneOf peer = LaneOf::Peer;
    switch (kind) {
    case TraceKind::Produced:
        return {"produced", "", nobody};
    case TraceKind::Published:
        return {"published", " to ", nobody};
    case TraceKind::ConfirmReceived:
        return {"confirm received", " from ", nobody};
    case TraceKind::NackReceived:
        return {"nack received", " from ", nobody};
    case TraceKind::ReturnReceived:
        return {"return received", " from ", nobody};
    case TraceKind::ConfirmTimedOut:
        return {"confirm timed out", " from ", nobody};
    case TraceKind::GaveUp:
        return {"gave up", "", nobody};
    case TraceKind::Lost:
        return {"lost", " on the way to ", nobody};
    case TraceKind::Duplicated:
        return {"duplicated", " on the way to ", nobody};
    case TraceKind::Unroutable:
        return {"unroutable", "", nobody};
    case TraceKind::Enqueued:
        return {"enqueued", " from ", nobody};
    case TraceKind::Refused:
        return {"refused", " from ", nobody};
    case TraceKind::Delivered:
        return {"delivered", " to ", peer};
    case TraceKind::Requeued:
        return {"requeued", " from ", peer};
    case TraceKind::Acked:
        return {"acked", " by ", nobody};
    case TraceKind::Dropped:
        return {"dropped", "", nobody};
    case TraceKind::DeadLettered:
        return {"dead-lettered", " to ", nobody};
    case TraceKind::ConfirmSent:
        return {"confirm sent", " to ", nobody};
    case TraceKind::NackSent:
        return {"nack sent", " to ", nobody};
    case TraceKind::ReturnSent:
        return {"return sent", " to ", nobody};
    case TraceKind::Received:
        return {"received", " from ", component};
    case TraceKind::Started:
        return {"started", "", component};
    case TraceKind::Applied:
        return {"applied", "", component};
    case TraceKind::Skipped:
        return {"skipped", "", component};
    case TraceKind::Held:
        return {"held", "", component};
    case TraceKind::Failed:
        return {"failed", "", component};
    case TraceKind::GapSkipped:
        return {"gap skipped", "", component};
    case TraceKind::AckSent:
        return {"ack sent", " to ", component};
    case TraceKind::NackSentBack:
        return {"nack sent", " to ", component};
    case TraceKind::Discarded:
        return {"discarded", "", component};
    case TraceKind::Crashed:
        return {"crashed", "", component};
    case TraceKind::Restarted:
        return {"restarted", "", component};
    case TraceKind::Paused:
        return {"paused", "", component};
    case TraceKind::Resumed:
        return {"resumed", "", component};
    case TraceKind::Disconnected:
        return {"disconnected", " from ", nobody};
    case TraceKind::BrokerDown:
        return {"down", "", nobody};
    case TraceKind::BrokerUp:
        return {"up", "", nobody};
    case TraceKind::FaultBegan:
        return {"fault began", "", nobody};
    case TraceKind::FaultEnded:
        return {"fault ended", "", nobody};
    }
    return {"", "", nobody};
}

/// Whether the record is about one event.
bool hasMessage(const TraceRecord& record) { return record.kind < TraceKind::Crashed; }

std::string withLane(ComponentId id, std::uint16_t lane, bool named, const Catalogue& catalogue) {
    const std::string name = nameText(id, catalogue);
    return named && lane != allLanes ? fmt::format("{}[{}]", name, lane) : name;
}

std::string faultText(const TraceRecord& record, const Catalogue& catalogue) {
    return record.copy < catalogue.faults.size() ? catalogue.faults[record.copy]
                                                 : fmt::format("fault {}", record.copy);
}

/// ", attempt 2" where the fact is not the first of its sort.
std::string attemptText(const TraceRecord& record) {
    const bool counts = record.kind == TraceKind::Published || record.kind == TraceKind::Delivered;
    return counts && record.attempt > 1 ? fmt::format(", attempt {}", record.attempt) : "";
}

} // namespace

const char* text(TraceKind kind) { return wordsOf(kind).fact; }

const char* text(Reason reason) {
    switch (reason) {
    case Reason::None:
        return "";
    case Reason::LinkLoss:
        return "link loss";
    case Reason::Partition:
        return "partition";
    case Reason::ReceiverDown:
        return "receiver down";
    case Reason::LostAck:
        return "lost ack";
    case Reason::LostConfirm:
        return "lost confirm";
    case Reason::Rejected:
        return "rejected";
    case Reason::Expired:
        return "expired";
    case Reason::MaxLength:
        return "max length";
    case Reason::NotDurable:
        return "not durable";
    case Reason::NotOnDisk:
        return "not on disk";
    case Reason::Cycle:
        return "cycle";
    case Reason::Nack:
        return "nack";
    case Reason::Crash:
        return "crash";
    case Reason::Disconnect:
        return "disconnect";
    case Reason::BrokerRestart:
        return "broker restart";
    case Reason::DuplicateId:
        return "duplicate id";
    case Reason::Stale:
        return "stale";
    case Reason::Random:
        return "random";
    case Reason::Poison:
        return "poison";
    case Reason::Scripted:
        return "scripted";
    case Reason::Timeout:
        return "timeout";
    case Reason::BufferFull:
        return "buffer full";
    case Reason::Requeue:
        return "requeue";
    case Reason::Reject:
        return "reject";
    case Reason::Clean:
        return "clean";
    case Reason::Killed:
        return "killed";
    }
    return "";
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
        return line + words.fact + ": " + faultText(record, catalogue);
    }
    line += componentText(record, catalogue) + "  " + words.fact;
    if (hasMessage(record)) {
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
