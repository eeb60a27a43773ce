#include "sim/observe/causes.h"
#include "sim/observe/describe.h"
#include "sim/observe/duration_words.h"
#include "sim/observe/journey.h"

#include <fmt/format.h>

// How an event ends without an effect.

namespace sim {

std::string Causes::end(MessageId message) {
    const TraceRecord* newest = nullptr;
    for (const TraceRecord& record : m_records) {
        const bool answer =
            record.kind >= TraceKind::ConfirmSent && record.kind <= TraceKind::ReturnSent;
        const bool confirm =
            record.kind >= TraceKind::ConfirmReceived && record.kind <= TraceKind::ConfirmTimedOut;
        if (record.message == message && isAboutMessage(record) && !answer && !confirm) {
            newest = &record;
        }
    }
    if (newest == nullptr) {
        return name(message) + " left no record";
    }
    note(newest);
    return end(*newest);
}

std::string Causes::end(const TraceRecord& newest) {
    switch (newest.kind) {
    case TraceKind::Dropped:
        return droppedBy(newest);
    case TraceKind::Lost:
        return lostBy(newest);
    case TraceKind::DeadLettered:
        return deadLetteredBy(newest);
    case TraceKind::Discarded:
        return discardedBy(newest);
    case TraceKind::Acked:
    case TraceKind::AckSent:
        return settledWithoutEffect(newest);
    case TraceKind::FilteredOut:
        return fmt::format("{} was kept from {} by its filter policy {}", name(newest.message),
                           component(newest.peer), at(newest));
    case TraceKind::Refused:
        return refusedBy(newest);
    case TraceKind::Unroutable:
        if (newest.reason != Reason::None && newest.reason != Reason::Cycle) {
            return refusedBy(newest);
        }
        return fmt::format("{} found no queue at {} {}{}", name(newest.message),
                           component(newest.component), at(newest),
                           newest.reason == Reason::Cycle
                               ? ", because dead-lettering it would have closed a cycle"
                               : "");
    case TraceKind::GaveUp:
        note(last(TraceKind::Lost, newest.message, &newest));
        return fmt::format("{} gave up publishing {} {}", component(newest.component),
                           name(newest.message), at(newest));
    case TraceKind::Produced:
    case TraceKind::Published:
    case TraceKind::ConfirmReceived:
    case TraceKind::NackReceived:
    case TraceKind::ReturnReceived:
    case TraceKind::ConfirmTimedOut:
    case TraceKind::Duplicated:
    case TraceKind::Enqueued:
    case TraceKind::Delivered:
    case TraceKind::Requeued:
    case TraceKind::ConfirmSent:
    case TraceKind::NackSent:
    case TraceKind::ReturnSent:
    case TraceKind::Received:
    case TraceKind::Started:
    case TraceKind::Applied:
    case TraceKind::Skipped:
    case TraceKind::Held:
    case TraceKind::Failed:
    case TraceKind::GapSkipped:
    case TraceKind::NackSentBack:
    case TraceKind::Crashed:
    case TraceKind::Restarted:
    case TraceKind::Paused:
    case TraceKind::Resumed:
    case TraceKind::Disconnected:
    case TraceKind::BrokerDown:
    case TraceKind::BrokerUp:
    case TraceKind::FaultBegan:
    case TraceKind::FaultEnded:
    case TraceKind::Retained:
    case TraceKind::Read:
    case TraceKind::ConnectionBlocked:
    case TraceKind::ConnectionUnblocked:
    case TraceKind::QueueDown:
    case TraceKind::QueueUp:
    case TraceKind::Delayed:
    case TraceKind::Forwarded:
    case TraceKind::PolicyChanged:
    case TraceKind::ConsumerCancelled:
    case TraceKind::GotEmpty:
    case TraceKind::Polled:
    case TraceKind::DeliveryFailed:
        break; // no end
    }
    return fmt::format("{} was last seen {} at {} {}", name(newest.message), text(newest.kind),
                       place(newest), at(newest));
}

std::string Causes::droppedBy(const TraceRecord& record) {
    const std::string what = fmt::format("{} was dropped by {} {}", name(record.message),
                                         component(record.component), at(record));
    switch (record.reason) {
    case Reason::Expired:
        return fmt::format("{}, its time to live over after {} in the queue", what,
                           inWords(record.at - record.since));
    case Reason::MaxLength:
        return what + ", the queue being full";
    case Reason::NotDurable:
        return what + ", being transient when the broker restarted";
    case Reason::NotOnDisk:
        return what + ", not being on disk yet when the broker was killed";
    case Reason::Cycle:
        return what + ", because dead-lettering it would have closed a cycle";
    case Reason::QueueDeleted:
        return what + ", with the queue";
    case Reason::Purged:
        return what + ", an operator having purged the queue";
    case Reason::Retention:
        return what + ", the stream's retention being over";
    case Reason::PolicyChange:
        return what + ", no policy keeping its dead letters any more";
    case Reason::DeliveryLimit:
        return what + ", having come back more often than the delivery limit allows";
    case Reason::Rejected:
        return fmt::format("{}, rejected{}, and nothing takes its dead letters", what,
                           failureBefore(record));
    case Reason::None:
    case Reason::LinkLoss:
    case Reason::Partition:
    case Reason::ReceiverDown:
    case Reason::LostAck:
    case Reason::LostConfirm:
    case Reason::Nack:
    case Reason::AckTimeout:
    case Reason::Crash:
    case Reason::Disconnect:
    case Reason::BrokerRestart:
    case Reason::DuplicateId:
    case Reason::Stale:
    case Reason::Random:
    case Reason::Poison:
    case Reason::Scripted:
    case Reason::Timeout:
    case Reason::BufferFull:
    case Reason::Requeue:
    case Reason::Reject:
    case Reason::Clean:
    case Reason::Killed:
    case Reason::NodeDown:
    case Reason::NoExchange:
    case Reason::MaxHops:
    case Reason::Heartbeat:
    case Reason::TooLarge:
    case Reason::Visibility:
    case Reason::Replica:
    case Reason::Throttled:
    case Reason::MissingGroup:
    case Reason::MissingId:
    case Reason::ServerError:
    case Reason::ClientError:
    case Reason::StaleHandle:
        break; // no queue drops for these
    }
    return what + (record.reason == Reason::None ? "" : fmt::format(" ({})", text(record.reason)));
}

/// A queue or a topic did not take it.
std::string Causes::refusedBy(const TraceRecord& record) const {
    const bool isDuplicate = record.reason == Reason::DuplicateId;
    return fmt::format("{} was {} by {} {}{}", name(record.message),
                       isDuplicate ? "taken for a duplicate" : "refused",
                       component(record.component), at(record),
                       isDuplicate || record.reason == Reason::None
                           ? ""
                           : fmt::format(" ({})", text(record.reason)));
}

std::string Causes::lostBy(const TraceRecord& record) const {
    return fmt::format("{} was lost on the way from {} to {} {} ({})", name(record.message),
                       component(record.component), component(record.peer), at(record),
                       text(record.reason));
}

std::string Causes::discardedBy(const TraceRecord& record) {
    const TraceRecord* crashed =
        lastAbout(record.component, TraceKind::Crashed, record.lane, &record);
    note(crashed);
    const TraceRecord* acked = last(TraceKind::Acked, record.message, &record);
    note(acked);
    std::string clause =
        fmt::format("{} died with {} {} {}", name(record.message), place(record),
                    crashed == nullptr ? "as its connection closed" : "as it crashed", at(record));
    if (acked != nullptr) {
        clause += fmt::format(", after {} had already forgotten it {}", component(acked->component),
                              at(*acked));
    }
    return clause;
}

std::string Causes::settledWithoutEffect(const TraceRecord& acked) {
    const TraceRecord* failed = last(TraceKind::Failed, acked.message, &acked);
    const TraceRecord* skipped = last(TraceKind::Skipped, acked.message, &acked);
    if (failed != nullptr && (skipped == nullptr || skipped < failed)) {
        note(failed);
        return fmt::format("{} failed on {} {} ({}) and acked it all the same", place(*failed),
                           name(acked.message), at(*failed), text(failed->reason));
    }
    if (skipped != nullptr) {
        note(skipped);
        return fmt::format("{} skipped {} {} ({}) although it had never applied it",
                           place(*skipped), name(acked.message), at(*skipped),
                           text(skipped->reason));
    }
    return fmt::format("{} was acked {} without an effect", name(acked.message), at(acked));
}

} // namespace sim
