#include "sim/observe/causes.h"

#include "sim/observe/describe.h"
#include "sim/observe/duration_words.h"
#include "sim/observe/journey.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace sim {
namespace {

/// "crashed" for the reason of a requeueing.
const char* partingOf(Reason reason) {
    return reason == Reason::Crash ? "crashed" : "lost its connection";
}

} // namespace

std::string Causes::at(const TraceRecord& record) { return "at " + inWords(record.at); }

void Causes::note(const TraceRecord* record) {
    if (record != nullptr) {
        m_noted.push_back(record);
    }
}

std::vector<TraceRecord> Causes::noted() const {
    std::vector<const TraceRecord*> sorted = m_noted;
    std::ranges::sort(sorted);
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    std::vector<TraceRecord> records;
    std::ranges::transform(sorted, std::back_inserter(records),
                           [](const TraceRecord* record) { return *record; });
    return records;
}

const TraceRecord* Causes::anyOf(MessageId message) const {
    for (const TraceRecord& record : m_records) {
        if (record.message == message && isAboutMessage(record)) {
            return &record;
        }
    }
    return nullptr;
}

std::string Causes::name(MessageId message) const {
    const TraceRecord* record = anyOf(message);
    return record == nullptr || record->key == noKey ? fmt::format("#{}", index(message))
                                                     : fmt::format("v{}", record->version);
}

std::string Causes::fullName(MessageId message) const {
    const TraceRecord* record = anyOf(message);
    return record == nullptr || record->key == noKey
               ? fmt::format("#{}", index(message))
               : fmt::format("v{} of {}", record->version, m_catalogue.keyText(record->key));
}

std::string Causes::component(ComponentId id) const { return nameText(id, m_catalogue); }

std::string Causes::place(const TraceRecord& record) const {
    return componentText(record, m_catalogue);
}

std::vector<const TraceRecord*> Causes::effects(MessageId message, ComponentId consumer) const {
    std::vector<const TraceRecord*> found;
    for (const TraceRecord& record : m_records) {
        if (record.kind == TraceKind::Applied && record.message == message &&
            record.component == consumer) {
            found.push_back(&record);
        }
    }
    return found;
}

const TraceRecord* Causes::first(TraceKind kind, MessageId message) const {
    for (const TraceRecord& record : m_records) {
        if (record.kind == kind && record.message == message) {
            return &record;
        }
    }
    return nullptr;
}

const TraceRecord* Causes::last(TraceKind kind, MessageId message,
                                const TraceRecord* before) const {
    const TraceRecord* found = nullptr;
    for (const TraceRecord& record : m_records) {
        if (before != nullptr && &record >= before) {
            break;
        }
        if (record.kind == kind && record.message == message) {
            found = &record;
        }
    }
    return found;
}

/// The newest record of a component (and lane) before or at the same instant as another.
const TraceRecord* Causes::lastAbout(ComponentId id, TraceKind kind, std::uint16_t lane,
                                     const TraceRecord* before) const {
    const TraceRecord* found = nullptr;
    for (const TraceRecord& record : m_records) {
        if (record.at > before->at) {
            break;
        }
        const bool sameLane = lane == allLanes || record.lane == allLanes || record.lane == lane;
        if (record.kind == kind && record.component == id && sameLane) {
            found = &record;
        }
    }
    return found;
}

// What sets an event back.

std::optional<std::string> Causes::setBack(MessageId message, const TraceRecord* from,
                                           const TraceRecord* to) {
    const TraceRecord* found = nullptr;
    for (const TraceRecord& record : m_records) {
        if (to != nullptr && &record >= to) {
            break;
        }
        if (record.message != message || !isAboutMessage(record) ||
            (from != nullptr && &record <= from)) {
            continue;
        }
        const bool again = record.kind == TraceKind::Published && (record.flags & Republished) != 0;
        if (record.kind == TraceKind::Requeued || record.kind == TraceKind::DeadLettered ||
            record.kind == TraceKind::Duplicated || again) {
            found = &record;
        }
    }
    return found == nullptr ? std::nullopt : setBackBy(*found);
}

std::optional<std::string> Causes::setBackBy(const TraceRecord& record) {
    note(&record);
    if (record.kind == TraceKind::Requeued) {
        return requeuedBy(record);
    }
    if (record.kind == TraceKind::DeadLettered) {
        return deadLetteredBy(record);
    }
    if (record.kind == TraceKind::Duplicated) {
        return fmt::format("{} was duplicated on the way from {} to {} {}", name(record.message),
                           component(record.component), component(record.peer), at(record));
    }
    return publishedAgain(record);
}

std::string Causes::requeuedBy(const TraceRecord& record) {
    const std::string what = fmt::format("{} was requeued {}", name(record.message), at(record));
    const std::string who = fmt::format("{}[{}]", component(record.peer), record.lane);
    if (record.reason == Reason::Crash || record.reason == Reason::Disconnect) {
        const TraceRecord* lostAck = last(TraceKind::Lost, record.message, &record);
        std::string text = fmt::format("{} when {} {}", what, who, partingOf(record.reason));
        if (lostAck != nullptr && lostAck->reason == Reason::LostAck) {
            note(lostAck);
            text += fmt::format(", its ack having been lost {}", at(*lostAck));
        }
        const bool crashed = record.reason == Reason::Crash;
        note(lastAbout(record.peer, crashed ? TraceKind::Crashed : TraceKind::Disconnected,
                       crashed ? record.lane : allLanes, &record));
        return text;
    }
    if (record.reason == Reason::BrokerRestart) {
        return what + " when the broker restarted";
    }
    if (record.reason == Reason::NodeDown) {
        return what + " when its queue went out of reach of " + who;
    }
    if (record.reason == Reason::Heartbeat) {
        note(lastAbout(record.peer, TraceKind::Crashed, record.lane, &record));
        return what + " when the broker had missed the heartbeats of " + who;
    }
    if (record.reason == Reason::Visibility) {
        return visibleAgain(record, who);
    }
    if (record.reason == Reason::Replica) {
        return fmt::format("{} stayed visible {}, a server of {} not having learnt that {} had "
                           "received it",
                           name(record.message), at(record), component(record.component), who);
    }
    if (record.reason == Reason::AckTimeout) {
        return what + " when " + who + " had not acknowledged it in time";
    }
    return fmt::format("{} because {} sent it back{}", what, who, failureBefore(record));
}

/// The visibility timeout is over: nobody has deleted it, or the request got lost.
std::string Causes::visibleAgain(const TraceRecord& record, const std::string& who) {
    std::string text =
        fmt::format("{} became visible again {}, not deleted by {} within {}", name(record.message),
                    at(record), who, inWords(record.at - record.since));
    const TraceRecord* lostAck = last(TraceKind::Lost, record.message, &record);
    if (lostAck != nullptr && lostAck->reason == Reason::LostAck) {
        note(lostAck);
        text += fmt::format(", its delete having been lost {}", at(*lostAck));
    } else {
        text += failureBefore(record);
    }
    return text;
}

/// " after a failure (poison)", for the newest failure of the event before the record.
std::string Causes::failureBefore(const TraceRecord& record) {
    const TraceRecord* failed = last(TraceKind::Failed, record.message, &record);
    if (failed == nullptr) {
        return "";
    }
    note(failed);
    return fmt::format(" after a failure ({})", text(failed->reason));
}

std::string Causes::deadLetteredBy(const TraceRecord& record) {
    std::string why = text(record.reason);
    if (record.reason == Reason::Rejected) {
        why += failureBefore(record);
    }
    std::string clause = fmt::format("{} was dead-lettered by {} {} ({})", name(record.message),
                                     component(record.component), at(record), why);
    for (const TraceRecord& next : m_records) {
        if (&next > &record && next.kind == TraceKind::Enqueued && next.message == record.message) {
            note(&next);
            return clause + " and came round by " + component(next.component);
        }
    }
    return clause;
}

std::string Causes::publishedAgain(const TraceRecord& record) {
    std::string clause = fmt::format("{} was published again by {} {}", name(record.message),
                                     component(record.component), at(record));
    if (last(TraceKind::Failed, record.message, &record) != nullptr && record.attempt <= 1) {
        return clause + failureBefore(record);
    }
    const TraceRecord* lost = last(TraceKind::Lost, record.message, &record);
    if (lost != nullptr && lost->reason == Reason::LostConfirm) {
        note(lost);
        return clause + fmt::format(", because its confirm was lost {}", at(*lost));
    }
    const TraceRecord* nacked = last(TraceKind::NackReceived, record.message, &record);
    const TraceRecord* late = last(TraceKind::ConfirmTimedOut, record.message, &record);
    if (late != nullptr && (nacked == nullptr || nacked < late)) {
        note(late);
        return clause + fmt::format(", because no confirm had come by {}", inWords(late->at));
    }
    if (nacked != nullptr) {
        note(nacked);
        return clause + fmt::format(", because the broker refused it {}", at(*nacked));
    }
    return clause;
}

// How one event gets past another.

std::optional<std::string> Causes::overtaken(MessageId late, MessageId newer,
                                             const TraceRecord* lateEnd,
                                             const TraceRecord* newerEnd) {
    const TraceRecord* lateIn = last(TraceKind::Enqueued, late, lateEnd);
    const TraceRecord* newerIn = last(TraceKind::Enqueued, newer, newerEnd);
    const TraceRecord* lateOut = last(TraceKind::Published, late, lateIn);
    const TraceRecord* newerOut = last(TraceKind::Published, newer, newerIn);
    if (lateIn != nullptr && newerIn != nullptr && lateIn > newerIn && lateOut != nullptr &&
        newerOut != nullptr) {
        std::ranges::for_each(std::array{lateOut, newerOut, lateIn, newerIn},
                              [this](const TraceRecord* record) { note(record); });
        return fmt::format("{} took {} from {} to {} while {} took {}", name(late),
                           inWords(lateIn->at - lateOut->at), component(lateOut->component),
                           component(lateIn->component), name(newer),
                           inWords(newerIn->at - newerOut->at));
    }
    const TraceRecord* lateStart = last(TraceKind::Started, late, lateEnd);
    const TraceRecord* newerStart = last(TraceKind::Started, newer, newerEnd);
    if (lateStart == nullptr || newerStart == nullptr || lateEnd == nullptr ||
        newerEnd == nullptr) {
        return std::nullopt;
    }
    note(lateStart);
    note(newerStart);
    if (lateStart < newerStart) {
        return fmt::format("{} took {} on {} while {} took {} on {}", name(late),
                           inWords(lateEnd->at - lateStart->at), place(*lateStart), name(newer),
                           inWords(newerEnd->at - newerStart->at), place(*newerStart));
    }
    return fmt::format("{} started on {} {} and {} only {} on {}", name(newer), place(*newerStart),
                       at(*newerStart), name(late), at(*lateStart), place(*lateStart));
}

// Where the time went.

std::string Causes::slowest(MessageId message, const TraceRecord& effect) {
    const TraceRecord* before = nullptr;
    const TraceRecord* longestFrom = nullptr;
    const TraceRecord* longestTo = nullptr;
    for (const TraceRecord& record : m_records) {
        if (record.message != message || !isAboutMessage(record)) {
            continue;
        }
        if (before != nullptr &&
            (longestFrom == nullptr || record.at - before->at > longestTo->at - longestFrom->at)) {
            longestFrom = before;
            longestTo = &record;
        }
        before = &record;
        if (&record == &effect || record == effect) {
            break;
        }
    }
    if (longestFrom == nullptr) {
        return "";
    }
    note(longestFrom);
    note(longestTo);
    return fmt::format("{} of it passed from {} at {} to {} at {}",
                       inWords(longestTo->at - longestFrom->at), text(longestFrom->kind),
                       place(*longestFrom), text(longestTo->kind), place(*longestTo));
}

std::string Causes::idle(Instant at) {
    std::vector<const TraceRecord*> stopped;
    for (const TraceRecord& record : m_records) {
        if (record.at > at) {
            break;
        }
        if (record.kind == TraceKind::Crashed || record.kind == TraceKind::Paused) {
            stopped.push_back(&record);
        }
        if (record.kind == TraceKind::Restarted || record.kind == TraceKind::Resumed) {
            std::erase_if(stopped, [&record](const TraceRecord* other) {
                return other->component == record.component &&
                       (record.lane == allLanes || other->lane == record.lane);
            });
        }
    }
    std::string clause;
    for (const TraceRecord* record : stopped) {
        note(record);
        clause += fmt::format("{}{} {} at {}", clause.empty() ? "" : ", ", place(*record),
                              record->kind == TraceKind::Crashed ? "crashed" : "was paused",
                              inWords(record->at));
    }
    return clause;
}

} // namespace sim
