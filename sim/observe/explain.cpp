#include "sim/observe/explain.h"

#include "sim/base/check.h"
#include "sim/observe/causes.h"
#include "sim/observe/describe.h"
#include "sim/observe/duration_words.h"
#include "sim/observe/journey.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace sim {
namespace {

/// Joins an observation and its cause, where there is one.
std::string because(const std::string& what, const std::string& why) {
    return why.empty() ? what + "." : what + ", because " + why + ".";
}

/// The record in `around` that equals this one, so that it keeps its place in the order.
const TraceRecord* within(std::span<const TraceRecord> around, const TraceRecord& record) {
    const auto found = std::ranges::find(around, record);
    return found == around.end() ? nullptr : &*found;
}

std::string duplicateText(Causes& causes, const TraceRecord& second) {
    const auto effects = causes.effects(second.message, second.component);
    if (effects.size() < 2) {
        return because(fmt::format("{} was applied more than once, the last time at {}",
                                   causes.fullName(second.message), inWords(second.at)),
                       "");
    }
    const TraceRecord* before = effects[effects.size() - 2];
    causes.note(before);
    causes.note(effects.back());
    std::string what = fmt::format("{} was applied by {} at {} and again by {} at {}",
                                   causes.fullName(second.message), causes.place(*before),
                                   inWords(before->at), causes.place(second), inWords(second.at));
    const auto between = causes.setBack(second.message, before, effects.back());
    return because(what,
                   between ? *between
                           : causes.setBack(second.message, nullptr, effects.back()).value_or(""));
}

/// `late` was applied after `newer`, which has the higher version.
std::string orderText(Causes& causes, const TraceRecord& late, MessageId newer) {
    const auto lateEffects = causes.effects(late.message, late.component);
    const auto newerEffects = causes.effects(newer, late.component);
    if (lateEffects.empty() || newerEffects.empty()) {
        return because(fmt::format("{} was applied at {} after a newer version",
                                   causes.fullName(late.message), inWords(late.at)),
                       "");
    }
    const TraceRecord* lateEnd = lateEffects.back();
    const TraceRecord* newerEnd = newerEffects.front();
    causes.note(newerEnd);
    causes.note(lateEnd);
    const bool repeated = lateEffects.size() > 1;
    const std::string what =
        fmt::format("{} was applied at {} before {}{} at {}", causes.fullName(newer),
                    inWords(newerEnd->at), causes.name(late.message),
                    repeated ? " was applied a second time" : "", inWords(lateEnd->at));
    std::optional<std::string> why =
        causes.setBack(late.message, repeated ? lateEffects.front() : nullptr, lateEnd);
    if (!why) {
        why = causes.overtaken(late.message, newer, lateEnd, newerEnd);
    }
    return because(what, why.value_or(""));
}

/// What only other consumers than this one did or had is no cause of its effects. What those did
/// that share its queue is, and so are publishes, and the way round by other queues.
std::vector<TraceRecord> seenBy(ComponentId consumer, std::span<const TraceRecord> around) {
    std::set<ComponentId> queues;
    std::set<ComponentId> queuesOfOthers;
    std::set<ComponentId> streams;
    const auto consumerOf = [](const TraceRecord& record) {
        const bool acts = record.kind >= TraceKind::Received && record.kind <= TraceKind::Discarded;
        const bool gets = record.kind == TraceKind::Delivered || record.kind == TraceKind::Read ||
                          record.kind == TraceKind::Requeued || record.kind == TraceKind::Acked;
        return acts ? record.component : gets ? record.peer : noComponent;
    };
    for (const TraceRecord& record : around) {
        const ComponentId who = consumerOf(record);
        if (who != noComponent) {
            (who == consumer ? queues : queuesOfOthers)
                .insert(who == record.component ? record.peer : record.component);
        }
        if (record.kind == TraceKind::Read) {
            streams.insert(record.component);
        }
    }
    std::vector<TraceRecord> seen;
    for (const TraceRecord& record : around) {
        const ComponentId who = consumerOf(record);
        const bool elsewhere =
            isAtQueue(record.kind) && queuesOfOthers.contains(record.component) &&
            !queues.contains(record.component) && (record.flags & (DeadLetter | Republished)) == 0;
        const ComponentId from = who == record.component ? record.peer : record.component;
        const bool shared = queues.contains(from) && !streams.contains(from);
        if ((who == noComponent || who == consumer || shared) && !elsewhere) {
            seen.push_back(record);
        }
    }
    return seen;
}

/// Of a stream: "v1 was appended to log at 8.022 s and not read by statistics, which was given v2
/// at 10.02 s". Empty where the consumer does not read one, or was given both.
std::string skippedText(Causes& causes, const TraceRecord& early, MessageId missing) {
    const TraceRecord* appended = causes.last(TraceKind::Enqueued, missing);
    const TraceRecord* given = causes.first(TraceKind::Read, early.message);
    if (appended == nullptr || given == nullptr || appended > given ||
        appended->component != given->component ||
        causes.last(TraceKind::Read, missing) != nullptr ||
        causes.last(TraceKind::Dropped, missing) != nullptr) {
        return "";
    }
    causes.note(appended);
    causes.note(given);
    return fmt::format("{} was appended to {} at {} and not read by {}, which was given {} at {}",
                       causes.name(missing), causes.component(appended->component),
                       inWords(appended->at), causes.component(early.component),
                       causes.name(early.message), inWords(given->at));
}

std::string gapText(Causes& causes, const TraceRecord& early, MessageId missing) {
    const std::string what =
        fmt::format("{} was applied at {} while {} had not been", causes.fullName(early.message),
                    inWords(early.at), causes.name(missing));
    const TraceRecord* skipped = causes.last(TraceKind::GapSkipped, early.message);
    if (skipped != nullptr) {
        causes.note(skipped);
        return because(what, fmt::format("{} stopped waiting for it at {} ({}), and {}",
                                         causes.place(*skipped), inWords(skipped->at),
                                         text(skipped->reason), causes.end(missing)));
    }
    const std::string offset = skippedText(causes, early, missing);
    if (!offset.empty()) {
        return because(what, offset);
    }
    const auto back = causes.setBack(missing, nullptr, nullptr);
    return because(what, back ? *back : causes.end(missing));
}

/// By the record of the loss, where that is an end: other queues may have had the event later.
std::string lossText(Causes& causes, const Verdict& verdict, std::span<const TraceRecord> around) {
    const MessageId message = verdict.messages.front();
    const TraceRecord* loss =
        verdict.records.empty() ? nullptr : within(around, verdict.records.front());
    const bool ends = loss != nullptr && loss->message == message &&
                      (loss->kind == TraceKind::Dropped || loss->kind == TraceKind::Lost);
    return fmt::format("{} will never have its effect: {}.", causes.fullName(message),
                       ends ? causes.end(*loss) : causes.end(message));
}

std::string latencyText(Causes& causes, const TraceRecord& effect) {
    causes.note(causes.last(TraceKind::Applied, effect.message));
    return fmt::format("{} was applied {} after it was produced: {}.",
                       causes.fullName(effect.message), inWords(effect.at - effect.since),
                       causes.slowest(effect.message, effect));
}

std::string depthText(Causes& causes, const Verdict& verdict) {
    const TraceRecord& record = verdict.records.front();
    return because(fmt::format("{} rose above its bound at {} with {} ({})",
                               causes.component(record.component), inWords(record.at),
                               causes.fullName(record.message), verdict.summary),
                   causes.idle(record.at));
}

std::string staleText(Causes& causes, const Verdict& verdict) {
    const MessageId message = verdict.messages.front();
    const auto back = causes.setBack(message, nullptr, nullptr);
    return because(
        fmt::format("{} had not been applied by {}", causes.fullName(message), inWords(verdict.at)),
        back ? *back : causes.end(message));
}

std::string deadLetterText(Causes& causes, const TraceRecord& record) {
    return because(fmt::format("{} became a dead letter at {}", causes.fullName(record.message),
                               inWords(record.at)),
                   causes.setBack(record.message, nullptr, nullptr).value_or(""));
}

/// The state of a key differs from all its events: `messages` are its newest event and, where that
/// is another one, the event applied last.
std::string divergenceText(Causes& causes, const Verdict& verdict,
                           std::span<const TraceRecord> around) {
    const TraceRecord* last = nullptr;
    for (const TraceRecord& record : around) {
        last = record.kind == TraceKind::Applied && record.message == verdict.messages.back()
                   ? &record
                   : last;
    }
    if (last == nullptr) {
        return lossText(causes, verdict, around);
    }
    const MessageId newest = verdict.messages.front();
    if (causes.effects(newest, last->component).empty()) {
        return lossText(causes, verdict, around);
    }
    if (newest != last->message) {
        return orderText(causes, *last, newest);
    }
    if (causes.effects(newest, last->component).size() > 1) {
        return duplicateText(causes, *last);
    }
    causes.note(last);
    return verdict.summary + ".";
}

std::string textOf(Causes& causes, const Verdict& verdict, std::span<const TraceRecord> around) {
    const bool withRecord = !verdict.records.empty();
    if (verdict.id == "I1") {
        return lossText(causes, verdict, around);
    }
    if (verdict.id == "I3" && withRecord) {
        return duplicateText(causes, verdict.records.front());
    }
    if (verdict.id == "I4" && verdict.messages.size() > 1 && withRecord) {
        return orderText(causes, verdict.records.front(), verdict.messages[1]);
    }
    if (verdict.id == "I5") {
        return divergenceText(causes, verdict, around);
    }
    if (!withRecord) {
        return staleText(causes, verdict);
    }
    const TraceRecord& record = verdict.records.front();
    if (verdict.id == "I6") {
        return fmt::format("It cannot be that {} {} {} at {}: it did not hold that copy so.",
                           causes.component(record.component), text(record.kind),
                           causes.fullName(record.message), inWords(record.at));
    }
    if (record.kind == TraceKind::Unroutable) {
        const bool cycle = record.reason == Reason::Cycle;
        return fmt::format("{} found no queue at {} at {}: {}.", causes.fullName(record.message),
                           causes.component(record.component), inWords(record.at),
                           cycle ? "dead-lettering it would have closed a cycle"
                                 : "none of its bindings took it");
    }
    if (record.kind == TraceKind::Applied) {
        return verdict.messages.size() > 1 ? gapText(causes, record, verdict.messages[1])
                                           : latencyText(causes, record);
    }
    if (record.kind == TraceKind::Refused) {
        return fmt::format("{} became a dead letter at {}, because {} refused it ({}).",
                           causes.fullName(record.message), inWords(record.at),
                           causes.component(record.component), text(record.reason));
    }
    if (record.kind == TraceKind::DeadLettered || (record.flags & DeadLetter) != 0) {
        return verdict.id == "I7" ? depthText(causes, verdict) : deadLetterText(causes, record);
    }
    return depthText(causes, verdict);
}

} // namespace

bool belongs(const TraceRecord& record, const Verdict& verdict) {
    if (record.at > verdict.at) {
        return false;
    }
    return !isAboutMessage(record) ||
           std::ranges::find(verdict.messages, record.message) != verdict.messages.end();
}

Witness explain(const Verdict& verdict, std::span<const TraceRecord> around,
                const Catalogue& catalogue) {
    SIM_CHECK(!verdict.messages.empty());
    std::vector<TraceRecord> seen;
    if (!verdict.records.empty() && verdict.records.front().kind == TraceKind::Applied) {
        seen = seenBy(verdict.records.front().component, around);
        around = seen;
    }
    Causes causes(around, catalogue);
    Witness witness;
    witness.text = textOf(causes, verdict, around);
    for (const TraceRecord& record : verdict.records) {
        causes.note(within(around, record));
    }
    witness.records = causes.noted();
    return witness;
}

} // namespace sim
