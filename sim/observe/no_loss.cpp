#include "sim/observe/no_loss.h"

#include "sim/base/check.h"

#include <algorithm>

namespace sim {

NoLoss::NoLoss(const NoLossCheck& spec, const Routes& routes, std::size_t types)
    : m_ranks(routes.consumers().size())
    , m_everyConsumer(spec.consumer.empty())
    , m_checked(m_ranks)
    , m_types(routes, types)
    , m_unrouted(types) {
    for (const ComponentId id : routes.selectConsumers(spec.consumer)) {
        m_checked[routes.rank(id)] = true;
    }
}

void NoLoss::takeOne(const TraceRecord& record, const Routes& routes) {
    if (TypeRoutes::teaches(record.kind)) {
        m_types.learn(record, routes);
    }
    if (record.kind == TraceKind::Produced) {
        return open(record);
    }
    if (const Entry entry = find(index(record.message))) {
        follow(record, entry, routes);
        if (index(record.message) < m_begin && settled(*entry.event, entry.dues)) [[unlikely]] {
            m_old.erase(index(record.message));
        }
    }
}

void NoLoss::follow(const TraceRecord& record, const Entry& entry, const Routes& routes) {
    if (record.kind >= TraceKind::Unroutable && record.kind <= TraceKind::DeadLettered) {
        atBroker(record, entry, routes);
    } else if (record.kind >= TraceKind::Received && record.kind <= TraceKind::Discarded) {
        atConsumer(record, entry, routes);
    } else if (record.kind == TraceKind::Forwarded) {
        openHand(entry, record.copy, routes);
    } else if (record.kind == TraceKind::Published) {
        published(record, entry, routes);
    } else if (record.kind == TraceKind::ConfirmReceived || record.kind == TraceKind::GaveUp) {
        entry.event->outstanding &= routes.forwards(record.component);
        suspect(record, entry);
    } else if (record.kind == TraceKind::Lost) {
        lostOnLink(record, entry, routes);
    } else if (record.kind == TraceKind::Duplicated) {
        duplicated(record, entry, routes);
    } // with all others no chance comes or goes
}

void NoLoss::atBroker(const TraceRecord& record, const Entry& entry, const Routes& routes) {
    if (record.kind == TraceKind::Enqueued) {
        enqueued(record, entry, routes);
    } else if (record.kind == TraceKind::Delivered) {
        openHand(entry, record.copy, routes);
        takeHand(entry, record.copy, record.peer, routes);
    } else if (record.kind == TraceKind::Refused || record.kind == TraceKind::Unroutable) {
        entry.event->routed |=
            record.kind == TraceKind::Refused && !routes.isOnTheWay(record.component);
        for (const std::uint16_t rank : routes.consumersOf(record.component)) {
            entry.dues[rank].marks |= Expected; // an exchange has no consumers
        }
        if (entry.event->deadLettered != record.at) {
            arrived(record, *entry.event);
        }
        suspect(record, entry);
    } else if (record.kind != TraceKind::Requeued) {
        leftQueue(record, entry, routes); // acked, dropped or dead-lettered
    }
}

void NoLoss::atConsumer(const TraceRecord& record, const Entry& entry, const Routes& routes) {
    const bool stale = record.kind == TraceKind::Skipped && record.reason == Reason::Stale;
    if (record.kind == TraceKind::Applied || stale) {
        entry.dues[routes.rank(record.component)].marks |= Done;
    }
    if (record.kind == TraceKind::Applied || record.kind == TraceKind::Skipped ||
        record.kind == TraceKind::Failed || record.kind == TraceKind::NackSentBack ||
        record.kind == TraceKind::Discarded) {
        openHand(entry, record.copy, routes);
        suspect(record, entry);
    }
}

void NoLoss::published(const TraceRecord& record, const Entry& entry, const Routes& routes) {
    ++entry.event->flights;
    Copy& copy = m_copies[record.copy];
    copy.flying = true;
    copy.givenAway = routes.kind(record.component) == ComponentKind::Consumer &&
                     !routes.forwards(record.component);
    if (copy.givenAway) {
        entry.dues[routes.rank(record.component)].marks |= DiedHere;
    }
    if (routes.kind(record.component) == ComponentKind::Producer &&
        (record.flags & WantsConfirm) == 0) {
        entry.event->outstanding = false;
    }
}

/// A publish is no longer on its way. An exchange puts it into several queues within one instant:
/// only the first of them counts, and the same one again is a second publish.
void NoLoss::arrived(const TraceRecord& record, Event& event) {
    m_copies[record.copy].flying = false;
    if (event.arrived == record.at && event.arrivedAt != record.component) {
        return;
    }
    event.arrived = record.at;
    event.arrivedAt = record.component;
    event.flights = event.flights > 0 ? static_cast<std::uint16_t>(event.flights - 1) : 0;
}

/// Whether a way leads from the queue to a consumer that gave the event away: then it is no dead
/// letter there, but waits to be tried again.
bool NoLoss::comesBack(const Entry& entry, ComponentId queue, const Routes& routes) {
    return std::ranges::any_of(routes.reach(queue), [&](std::uint16_t rank) {
        return (entry.dues[rank].marks & DiedHere) != 0;
    });
}

/// Into a queue on the way: it is due where events of its type have come out.
void NoLoss::passesOn(const TraceRecord& record, const Entry& entry, const Routes& routes) {
    if (!routes.isOnTheWay(record.component)) {
        return;
    }
    ++entry.event->passing;
    for (const std::uint16_t rank : routes.reach(record.component)) {
        if (!routes.isSplit(record.type) && m_types.known(record.type, rank)) {
            entry.dues[rank].marks |= Expected;
        }
    }
}

void NoLoss::enqueued(const TraceRecord& record, const Entry& entry, const Routes& routes) {
    Event& event = *entry.event;
    event.routed |= !routes.isOnTheWay(record.component);
    passesOn(record, entry, routes);
    const bool deadLettered = (record.flags & DeadLetter) != 0 && event.deadLettered == record.at;
    Copy& copy = m_copies[record.copy];
    copy.dead = (deadLettered || copy.givenAway) && !comesBack(entry, record.component, routes);
    copy.givenAway = false;
    event.dead = static_cast<std::uint16_t>(event.dead + (copy.dead ? 1 : 0));
    if (!deadLettered) {
        arrived(record, event);
    }
    for (const std::uint16_t rank : routes.consumersOf(record.component)) {
        entry.dues[rank].marks |= Expected;
    }
    for (const std::uint16_t rank : routes.reach(record.component)) {
        ++entry.dues[rank].chances;
    }
}

void NoLoss::leftQueue(const TraceRecord& record, const Entry& entry, const Routes& routes) {
    Event& event = *entry.event;
    Copy& copy = m_copies[record.copy];
    if (copy.dead) {
        copy.dead = false;
        event.dead = event.dead > 0 ? static_cast<std::uint16_t>(event.dead - 1) : 0;
        event.handledDead |= record.kind == TraceKind::Acked;
    }
    if (routes.isOnTheWay(record.component) && event.passing > 0) {
        --event.passing;
    }
    for (const std::uint16_t rank : routes.reach(record.component)) {
        Due& due = entry.dues[rank];
        due.chances = due.chances > 0 ? static_cast<std::uint16_t>(due.chances - 1) : 0;
    }
    if (record.kind == TraceKind::DeadLettered) {
        openHand(entry, record.copy, routes); // whoever had it rejected it
        event.deadLettered = record.at;
        for (const std::uint16_t rank : routes.consumersOf(record.component)) {
            entry.dues[rank].marks |= DiedHere;
        }
    }
    suspect(record, entry);
}

/// A lost ack or confirm takes no copy with it: those are neither flying nor in anybody's hands.
void NoLoss::lostOnLink(const TraceRecord& record, const Entry& entry, const Routes& routes) {
    Copy& copy = m_copies[record.copy];
    if (routes.kind(record.component) == ComponentKind::Queue) {
        if (m_copies[record.copy].hands == record.peer) {
            openHand(entry, record.copy, routes);
        }
    } else if (copy.flying) {
        copy.flying = false;
        entry.event->flights =
            entry.event->flights > 0 ? static_cast<std::uint16_t>(entry.event->flights - 1) : 0;
    }
    suspect(record, entry);
}

void NoLoss::duplicated(const TraceRecord& record, const Entry& entry, const Routes& routes) {
    if (routes.kind(record.component) == ComponentKind::Queue) {
        return takeHand(entry, record.copy, record.peer, routes);
    }
    ++entry.event->flights;
    m_copies[record.copy].flying = true;
}

void NoLoss::takeHand(const Entry& entry, std::uint32_t copy, ComponentId consumer,
                      const Routes& routes) {
    m_copies[copy].hands = consumer;
    entry.event->passing = static_cast<std::uint16_t>(entry.event->passing + routes.forwards(consumer));
    for (const std::uint16_t rank : routes.reach(consumer)) {
        ++entry.dues[rank].chances;
    }
}

void NoLoss::openHand(const Entry& entry, std::uint32_t copy, const Routes& routes) {
    ComponentId& hands = m_copies[copy].hands;
    if (hands == noComponent) {
        return;
    }
    for (const std::uint16_t rank : routes.reach(hands)) {
        Due& due = entry.dues[rank];
        due.chances = due.chances > 0 ? static_cast<std::uint16_t>(due.chances - 1) : 0;
    }
    if (routes.forwards(hands) && entry.event->passing > 0) {
        --entry.event->passing;
    }
    hands = noComponent;
}

// Judging: at the end of the instant, because a dead letter leaves one queue and enters the next
// within one.

bool NoLoss::lostSomewhere(const Event& event, const Due* dues) const {
    if (upstream(event)) {
        return false;
    }
    if (!event.routed && !event.lost) {
        return true;
    }
    for (std::size_t rank = 0; rank < m_ranks; ++rank) {
        if (m_checked[rank] && dues[rank].chances == 0 && missing(event, dues[rank])) {
            return true;
        }
    }
    return false;
}

void NoLoss::suspect(const TraceRecord& record, const Entry& entry) {
    if (lostSomewhere(*entry.event, entry.dues)) [[unlikely]] {
        m_suspects.push_back(record);
        m_suspectsAt = record.at;
    }
}

void NoLoss::judgeSuspects() {
    for (const TraceRecord& record : m_suspects) {
        const Entry entry = find(index(record.message));
        if (!entry || !lostSomewhere(*entry.event, entry.dues)) {
            continue;
        }
        if (!entry.event->routed) {
            entry.event->lost = true;
            Unrouted& unrouted = m_unrouted[index(entry.event->type)];
            unrouted.first = unrouted.count++ == 0 ? record : unrouted.first;
            continue;
        }
        for (std::size_t rank = 0; rank < m_ranks; ++rank) {
            Due& due = entry.dues[rank];
            if (m_checked[rank] && due.chances == 0 && missing(*entry.event, due)) {
                due.marks |= Lost;
                m_violations.note(record, {record.message});
            }
        }
    }
    m_suspects.clear();
}

// The events that are followed.

NoLoss::Entry NoLoss::find(std::uint64_t message) {
    if (message >= m_begin && message < m_end) [[likely]] {
        const std::size_t place = message & (m_events.size() - 1);
        return {&m_events[place], &m_dues[place * m_ranks]};
    }
    const auto old = m_old.find(message);
    return old == m_old.end() ? Entry{} : Entry{&old->second.event, old->second.dues.data()};
}

void NoLoss::open(const TraceRecord& produced) {
    const std::uint64_t message = index(produced.message);
    if (m_end - m_begin >= m_events.size()) [[unlikely]] {
        makeRoom();
    }
    ++m_produced;
    m_end = message + 1;
    const std::size_t place = message & (m_events.size() - 1);
    m_events[place] = Event{};
    m_events[place].type = produced.type;
    m_events[place].outstanding = true;
    std::fill_n(m_dues.begin() + static_cast<std::ptrdiff_t>(place * m_ranks), m_ranks, Due{});
}

bool NoLoss::settled(const Event& event, const Due* dues) const {
    if (upstream(event) || (!event.routed && !event.lost)) {
        return false;
    }
    for (std::size_t rank = 0; rank < m_ranks; ++rank) {
        const Due& due = dues[rank];
        const bool done = (due.marks & (Done | Lost)) != 0;
        const bool handled = accounted(event, due) && event.handledDead && due.chances == 0;
        const bool nothingDue = (due.marks & Expected) == 0 && due.chances == 0;
        if (!done && !handled && !nothingDue) {
            return false;
        }
    }
    return true;
}

/// Forgets what is settled in the older half; what is not goes to m_old, unless it is most of it:
/// then the ring grows.
void NoLoss::makeRoom() {
    const std::uint64_t middle = m_begin + m_events.size() / 2;
    std::vector<std::uint64_t> open;
    for (std::uint64_t message = m_begin; message < middle; ++message) {
        const Entry entry = find(message);
        SIM_CHECK(entry.event != nullptr); // it is in the ring
        if (!settled(*entry.event, entry.dues)) {
            open.push_back(message);
        }
    }
    if (m_events.empty() || (open.size() * 4 > m_events.size() && m_events.size() < windowMax)) {
        return widen();
    }
    for (const std::uint64_t message : open) {
        const Entry entry = find(message);
        SIM_CHECK(entry.event != nullptr);
        m_old.emplace(message, Old{*entry.event, {entry.dues, entry.dues + m_ranks}});
    }
    m_begin = middle;
}

void NoLoss::widen() {
    const std::size_t size = std::max<std::size_t>(2 * m_events.size(), 256);
    std::vector<Event> events(size);
    std::vector<Due> dues(size * m_ranks + 1); // never empty, so that there is a first one
    for (std::uint64_t message = m_begin; message < m_end; ++message) {
        const Entry entry = find(message);
        const std::size_t place = message & (size - 1);
        events[place] = *entry.event;
        std::copy_n(entry.dues, m_ranks,
                    dues.begin() + static_cast<std::ptrdiff_t>(place * m_ranks));
    }
    m_events = std::move(events);
    m_dues = std::move(dues);
}

// The verdict.

bool NoLoss::counts(TypeId type) const {
    if (m_everyConsumer) {
        return true;
    }
    for (std::uint16_t rank = 0; rank < m_ranks; ++rank) {
        if (m_checked[rank] && m_types.known(type, rank)) {
            return true;
        }
    }
    return false;
}

void NoLoss::addOpenEnds(OpenEnds& ends, std::uint64_t message, const Event& event, const Due* dues,
                         bool atRest) const {
    const auto add = [&](bool hopeless) {
        if (hopeless && ends.stranded++ == 0) {
            ends.firstStranded = MessageId{message};
        }
        ends.waiting += hopeless ? 0 : 1;
    };
    if (!event.routed && !event.lost && counts(event.type)) {
        return add(atRest && event.passing == 0);
    }
    for (std::size_t rank = 0; rank < m_ranks; ++rank) {
        const Due& due = dues[rank];
        const bool onItsWay = (due.marks & Expected) == 0 && due.chances > 0;
        if (m_checked[rank] && (missing(event, due) || onItsWay)) {
            add(atRest && due.chances == 0);
        }
    }
}

NoLoss::OpenEnds NoLoss::openEnds(bool atRest) const {
    OpenEnds ends;
    for (const auto& [message, old] : m_old) {
        addOpenEnds(ends, message, old.event, old.dues.data(), atRest);
    }
    for (std::uint64_t message = m_begin; message < m_end; ++message) {
        const std::size_t place = message & (m_events.size() - 1);
        addOpenEnds(ends, message, m_events[place], &m_dues[place * m_ranks], atRest);
    }
    return ends;
}

Violations NoLoss::allLosses() const {
    Violations all = m_violations;
    for (std::size_t type = 0; type < m_unrouted.size(); ++type) {
        const Unrouted& unrouted = m_unrouted[type];
        if (unrouted.count == 0 || !counts(TypeId{static_cast<std::uint16_t>(type)})) {
            continue;
        }
        if (all.count == 0 || unrouted.first.at < all.at) {
            all.at = unrouted.first.at;
            all.records = {unrouted.first};
            all.messages = {unrouted.first.message};
        }
        all.count += unrouted.count;
    }
    return all;
}

Verdict NoLoss::verdict(Instant end, bool atRest) const {
    if (!m_suspects.empty() && (atRest || end > m_suspectsAt)) {
        NoLoss judged = *this;
        judged.judgeSuspects();
        return judged.verdict(end, atRest);
    }
    const OpenEnds ends = openEnds(atRest);
    Violations losses = allLosses();
    if (ends.stranded > 0) {
        losses.note(end, {}, {ends.firstStranded});
        losses.count += ends.stranded - 1;
    }
    if (losses.count > 0) {
        return verdictOf(Verdict::State::Violated,
                         counted(losses.count, "effect") + " of " +
                             counted(m_produced, "produced event") + " will never take place",
                         losses);
    }
    if (ends.waiting > 0) {
        return verdictOf(Verdict::State::NotDecided, counted(ends.waiting, "effect") + " of " +
                                                         counted(m_produced, "produced event") +
                                                         " may still take place");
    }
    if (m_produced == 0) {
        return verdictOf(Verdict::State::NotDecided, "nothing was produced yet");
    }
    return verdictOf(Verdict::State::Holds, counted(m_produced, "produced event") +
                                                ", each with its effects or accounted for");
}

} // namespace sim
