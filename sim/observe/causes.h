#pragma once

#include "sim/kernel/catalogue.h"
#include "sim/kernel/trace_record.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sim {

/// Looks for causes among the records around a violation, and notes which records it named.
///
/// The records are in the order of the run. Clauses are parts of sentences without a full stop;
/// they call an event by its version ("v2"), or by its number where it has no key. Every clause
/// that is given notes the records that it rests on.
class Causes {
public:
    Causes(std::span<const TraceRecord> records, const Catalogue& catalogue)
        : m_records(records)
        , m_catalogue(catalogue) {}

    /// The effects of the event at the consumer, oldest first.
    std::vector<const TraceRecord*> effects(MessageId message, ComponentId consumer) const;
    /// The newest record of this kind about the event before `before` (null: of all); null if none.
    const TraceRecord* last(TraceKind kind, MessageId message,
                            const TraceRecord* before = nullptr) const;
    const TraceRecord* first(TraceKind kind, MessageId message) const;

    /// What sent the event back, round about, or out a second time, between two of its records
    /// (either may be null: from the beginning, to the end): "v2 was requeued at 10.204 s when
    /// billing[1] crashed". The last such thing; absent if there was none.
    std::optional<std::string> setBack(MessageId message, const TraceRecord* from,
                                       const TraceRecord* to);
    /// How `newer` got past `late` on the way to the queue or in the handlers, when nothing set
    /// `late` back: "v2 took 100 ms on billing[0] while v3 took 10 ms on billing[1]".
    std::optional<std::string> overtaken(MessageId late, MessageId newer,
                                         const TraceRecord* lateEnd, const TraceRecord* newerEnd);
    /// What became of an event that never took effect: "v2 was dropped by orders at 7 s, ...".
    /// Where it is still on its way: where it was last.
    std::string end(MessageId message);
    /// The same by the record that ended it. Requires one of the records given.
    std::string end(const TraceRecord& newest);
    /// In which part of its way the event spent most of the time up to its effect.
    std::string slowest(MessageId message, const TraceRecord& effect);
    /// Which instances of consumers were down or paused at the instant; empty where none was.
    std::string idle(Instant at);

    void note(const TraceRecord* record);
    /// Everything noted, in the order of the run.
    std::vector<TraceRecord> noted() const;

    std::string name(MessageId message) const;          ///< "v2"
    std::string fullName(MessageId message) const;      ///< "v2 of order-42"
    std::string place(const TraceRecord& record) const; ///< "billing[1]"
    std::string component(ComponentId id) const;

private:
    static std::string at(const TraceRecord& record); ///< "at 10.204 s"
    const TraceRecord* anyOf(MessageId message) const;
    const TraceRecord* lastAbout(ComponentId id, TraceKind kind, std::uint16_t lane,
                                 const TraceRecord* before) const;
    std::optional<std::string> setBackBy(const TraceRecord& record);
    std::string requeuedBy(const TraceRecord& record);
    std::string visibleAgain(const TraceRecord& record, const std::string& who);
    std::string deadLetteredBy(const TraceRecord& record);
    std::string publishedAgain(const TraceRecord& record);
    std::string failureBefore(const TraceRecord& record);
    std::string droppedBy(const TraceRecord& record);
    std::string refusedBy(const TraceRecord& record) const;
    std::string lostBy(const TraceRecord& record) const;
    std::string discardedBy(const TraceRecord& record);
    std::string settledWithoutEffect(const TraceRecord& acked);

    std::span<const TraceRecord> m_records;
    const Catalogue& m_catalogue;
    std::vector<const TraceRecord*> m_noted;
};

} // namespace sim
