#pragma once

#include "sim/kernel/trace_record.h"
#include "sim/observe/batch.h"
#include "sim/observe/copy_table.h"
#include "sim/observe/routes.h"
#include "sim/observe/stream_readers.h"
#include "sim/observe/violations.h"
#include "sim/scenario/check_spec.h"

#include <map>
#include <vector>

namespace sim {

/// I1: every produced event has an effect at every consumer that it was routed to, or is accounted
/// for in a dead-letter queue.
///
/// Routed to: a copy was put into a queue that the consumer takes from, or refused by it, or died
/// with the broker on its way into it. Of the consumers that share a queue the effect is expected
/// at one, and so it is of those of federated queues that take from it: what is said here of a
/// consumer goes for them together. Each reader of a stream is one
/// of its own, and what its offset leaves out (StreamReaders) was not routed to it.
/// Effect: Applied, or Skipped as stale (a newer version stands for it). An id that was skipped as
/// a duplicate without ever being applied is no effect.
/// Accounted for at a consumer: one of its queues dead-lettered the event (on refusing it, with
/// reject-publish-dlx), or it published the event itself, and a dead letter of the event rests in a
/// queue or was taken out of one by a consumer. A queue from which a way leads back to that
/// consumer (a retry queue) holds no dead letters.
///
/// What waits for a shovel or a federation link, or is in its hands, is still on its way to a queue:
/// it was routed to nobody yet. It is expected where others of its type came out, unless events of
/// the type go different ways.
///
/// A loss is certain, and the check Violated, once an instant is over in which the event was left
/// with nothing that can still bring it to the consumer: no copy in a queue from which a way leads
/// there (bindings, dead-lettering, republishing), none in a consumer's hands, none on its way to
/// an exchange or, as a dead letter, to a queue, no publish outstanding (an unconfirmed one may be
/// repeated until the producer gives up). An event that ended without ever reaching a queue (lost
/// on the link, unroutable, given up) was routed to nobody: it is a loss for the check of every
/// consumer, and for that of one consumer where other events of its type went to it. At rest
/// nothing outstanding will happen any more: then only copies in queues can still bring an effect.
/// Not decided: copies are left that may still have an effect, or nothing was produced.
/// Holds: every event had its effects or is accounted for.
///
/// Witness: the record that took the last chance; its event.
/// Memory: about 8 bytes and 4 for each queue with consumers for the events between the oldest
/// unsettled and the newest, at most `windowMax` of them; older unsettled ones (resting in queues,
/// as the world holds them too) cost about 150 bytes each; 8 bytes for each copy alive; and that
/// of StreamReaders.
class NoLoss {
public:
    static constexpr std::uint64_t windowMax = std::uint64_t{1} << 16;

    NoLoss(const NoLossCheck& spec, const Routes& routes, std::size_t types);

    void take(const Batch& batch, const Routes& routes) {
        for (const TraceRecord& record : batch.records()) {
            if (record.at > m_openAt) [[unlikely]] {
                endInstant(routes);
            }
            if (concerns(record.kind)) {
                takeOne(record, routes);
            }
        }
    }
    Verdict verdict(Instant end, bool atRest, const Routes& routes) const;

private:
    /// What may still happen to an event before it is in a queue, and to its dead letters.
    struct Event {
        TypeId type = noType;
        std::uint16_t flights = 0; ///< publishes and dead letters on their way
        std::uint16_t passing = 0; ///< copies in queues on the way, and in the hands of shovels
        std::uint16_t dead = 0;    ///< dead letters that rest in queues
        bool outstanding = false;  ///< the producer will publish it (again)
        bool routed = false;       ///< was ever put into or refused by a queue
        bool handledDead = false;  ///< a dead letter of it was taken out of a queue and acked
        bool lost = false;         ///< judged as lost before it reached a queue
    };
    /// What the event is to one group of consumers, see Routes.
    struct Due {
        std::uint16_t chances = 0; ///< copies in queues and hands that can come to one of them
        std::uint8_t marks = 0;    ///< Mark bits
    };
    enum Mark : std::uint8_t { Expected = 1, Done = 2, DiedHere = 4, Lost = 8 };
    struct Old {
        Event event;
        std::vector<Due> dues;
    };
    /// An event's state; null where it is settled and forgotten.
    struct Entry {
        Event* event = nullptr;
        Due* dues = nullptr; ///< by group
        explicit operator bool() const { return event != nullptr; }
    };
    struct Copy {
        ComponentId hands = noComponent; ///< the consumer that has or gets it; noComponent: none
        bool flying = false;             ///< published or dead-lettered, and not yet seen to arrive
        bool retained = false;           ///< its dead letter is a copy of its own
        bool dead = false;               ///< in a queue as a dead letter
        bool givenAway = false;          ///< published by a consumer and not yet seen to arrive
    };
    /// An event that may be lost after a record; of a stream, one that is about another event.
    struct Suspect {
        TraceRecord record;
        std::uint64_t message = 0;
    };
    struct Unrouted {
        std::uint64_t count = 0;
        TraceRecord first;
    };
    struct OpenEnds {
        std::uint64_t waiting = 0;  ///< events and groups that may still come together
        std::uint64_t stranded = 0; ///< events and groups that cannot any more
        MessageId firstStranded{};
    };

    /// Whether with such a record a chance may come or go: the others are about half of a run.
    static constexpr bool concerns(TraceKind kind) {
        using enum TraceKind;
        return kind != ConfirmSent && kind != Requeued && kind != Received && kind != Started &&
               kind != Held && kind != GapSkipped && kind != AckSent;
    }
    void takeOne(const TraceRecord& record, const Routes& routes);
    void follow(const TraceRecord& record, const Entry& entry, const Routes& routes);
    void atBroker(const TraceRecord& record, const Entry& entry, const Routes& routes);
    void atConsumer(const TraceRecord& record, const Entry& entry, const Routes& routes);
    void published(const TraceRecord& record, const Entry& entry, const Routes& routes);
    void takeOff(std::uint32_t copy, Event& event);
    void land(std::uint32_t copy, Event& event);
    static void mark(ComponentId place, const Entry& entry, Mark mark, const Routes& routes);
    void died(const TraceRecord& record, const Entry& entry, const Routes& routes);
    void passesOn(const TraceRecord& record, const Entry& entry, const Routes& routes);
    static bool comesBack(const Entry& entry, ComponentId queue, const Routes& routes);
    void enqueued(const TraceRecord& record, const Entry& entry, const Routes& routes);
    void read(const TraceRecord& record, const Entry& entry, const Routes& routes);
    void passReaders(const TraceRecord* by, const Routes& routes);
    void leftQueue(const TraceRecord& record, const Entry& entry, const Routes& routes);
    void lostOnLink(const TraceRecord& record, const Entry& entry, const Routes& routes);
    void duplicated(const TraceRecord& record, const Entry& entry, const Routes& routes);
    void takeHand(const Entry& entry, std::uint32_t copy, ComponentId consumer,
                  const Routes& routes);
    void openHand(const Entry& entry, std::uint32_t copy, const Routes& routes);
    static void addChances(const Entry& entry, const std::vector<std::uint16_t>& groups);
    static void removeChances(const Entry& entry, const std::vector<std::uint16_t>& groups);
    void suspect(const TraceRecord& record, const Entry& entry) {
        suspect(record, index(record.message), entry);
    }
    void suspect(const TraceRecord& record, std::uint64_t message, const Entry& entry);
    void endInstant(const Routes& routes);
    void judgeSuspects();
    void forgetIfSettled(std::uint64_t message, const Entry& entry);

    Entry find(std::uint64_t message);
    void open(const TraceRecord& produced);
    void makeRoom();
    void widen();

    static bool upstream(const Event& event) {
        return event.outstanding || event.flights > 0 || (event.passing > 0 && !event.routed);
    }
    static bool accounted(const Event& event, const Due& due) {
        return (due.marks & DiedHere) != 0 && (event.dead > 0 || event.handledDead);
    }
    static bool missing(const Event& event, const Due& due) {
        return (due.marks & (Expected | Done | Lost)) == Expected && !accounted(event, due);
    }
    bool settled(const Event& event, const Due* dues) const;
    bool lostSomewhere(const Event& event, const Due* dues) const;
    void addOpenEnds(OpenEnds& ends, std::uint64_t message, const Event& event, const Due* dues,
                     bool atRest) const;
    OpenEnds openEnds(bool atRest) const;
    Violations allLosses() const;
    bool counts(TypeId type) const;

    static constexpr Instant nothingOpen = Instant::max();

    std::size_t m_groups;
    bool m_everyConsumer;
    std::vector<std::uint16_t> m_ranks; ///< of the consumers that are checked
    std::vector<bool> m_checked;        ///< by group
    TypeRoutes m_types;
    std::vector<Event> m_events; ///< a ring by MessageId
    std::vector<Due> m_dues;     ///< m_groups for each event of the ring
    std::uint64_t m_begin = 0;   ///< the ring holds m_begin .. m_end - 1
    std::uint64_t m_end = 0;
    std::map<std::uint64_t, Old> m_old; ///< unsettled events before m_begin
    CopyTable<Copy> m_copies;
    StreamReaders m_readers;
    std::vector<Suspect> m_suspects;
    Instant m_openAt = nothingOpen; ///< the instant after which there is something to judge
    std::uint64_t m_produced = 0;
    Violations m_violations;          ///< of events that had been routed
    std::vector<Unrouted> m_unrouted; ///< by type
};

} // namespace sim
