#include "sim/observe/no_loss.h"

#include "sim/base/check.h"

#include <algorithm>

namespace sim {

NoLoss::NoLoss(const NoLossCheck& spec, const Routes& routes, std::size_t types)
    : m_groups(routes.groups())
    , m_everyConsumer(spec.consumer.empty())
    , m_checked(m_groups)
    , m_types(routes, types)
    , m_readers(routes)
    , m_unrouted(types) {
    for (const ComponentId id : routes.selectConsumers(spec.consumer)) {
        m_ranks.push_back(routes.rank(id));
        for (const std::uint16_t group : routes.groupsOf(id)) {
            m_checked[group] = true;
        }
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
        forgetIfSettled(index(record.message), entry);
    }
    const bool atStream = record.kind == TraceKind::Enqueued || record.kind == TraceKind::Read ||
                          record.kind == TraceKind::Dropped;
    if ((atStream && routes.isStream(record.component)) || StreamReaders::isTurn(record.kind)) {
        m_readers.take(record);
        passReaders(isAboutMessage(record.kind) ? &record : nullptr, routes);
        m_openAt = m_readers.isOpen() ? record.at : m_openAt;
    }
}

void NoLoss::forgetIfSettled(std::uint64_t message, const Entry& entry) {
    if (message < m_begin && settled(*entry.event, entry.dues)) [[unlikely]] {
        m_old.erase(message);
    }
}

void NoLoss::follow(const TraceRecord& record, const Entry& entry, const Routes& routes) {
    if (record.kind >= TraceKind::Unroutable && record.kind <= TraceKind::DeadLettered) {
        atBroker(record, entry, routes);
    } else if (record.kind >= TraceKind::Received && record.kind <= TraceKind::Discarded) {
        atConsumer(record, entry, routes);
    } else if (record.kind == TraceKind::Forwarded) {
        mark(record.component, entry, Done, routes); // of a stream
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
    } else if (record.kind == TraceKind::Retained) {
        m_copies[record.copy].retained = true;
        died(record, entry, routes);
    } else if (record.kind == TraceKind::Read) {
        read(record, entry, routes);
    } // with all others no chance comes or goes
}

void NoLoss::atBroker(const TraceRecord& record, const Entry& entry, const Routes& routes) {
    if (record.kind == TraceKind::Enqueued) {
        enqueued(record, entry, routes);
    } else if (record.kind == TraceKind::Delivered) {
        if (routes.isPolled(record.component)) { // a copy of its own goes: see atConsumer()
            addChances(entry, routes.groupsReached(record.peer));
        } else {
            openHand(entry, record.copy, routes);
            takeHand(entry, record.copy, record.peer, routes);
        }
    } else if (record.kind == TraceKind::Refused || record.kind == TraceKind::Unroutable) {
        entry.event->routed |=
            record.kind == TraceKind::Refused && !routes.isOnTheWay(record.component);
        land(record.copy, *entry.event);
        mark(record.component, entry, Expected, routes); // an exchange has no consumers
        if (routes.isDeath(record)) {
            died(record, entry, routes);
            takeOff(record.copy, *entry.event);
        }
        suspect(record, entry);
    } else {
        leftQueue(record, entry, routes); // acked, dropped or dead-lettered
    }
}

void NoLoss::atConsumer(const TraceRecord& record, const Entry& entry, const Routes& routes) {
    const bool stale = record.kind == TraceKind::Skipped &&
                       (record.reason == Reason::Stale || record.reason == Reason::MaxHops);
    if (record.kind == TraceKind::Applied || stale) {
        mark(record.component, entry, Done, routes);
    }
    if (record.kind == TraceKind::Received && routes.isPolled(record.peer)) {
        m_copies[record.copy].hands = record.component; // its chances are there since it set off
    }
    if (record.kind == TraceKind::Applied || record.kind == TraceKind::Skipped ||
        record.kind == TraceKind::Failed || record.kind == TraceKind::NackSentBack ||
        record.kind == TraceKind::Discarded) {
        openHand(entry, record.copy, routes);
        suspect(record, entry);
    }
}

void NoLoss::published(const TraceRecord& record, const Entry& entry, const Routes& routes) {
    if (routes.kind(record.component) == ComponentKind::Exchange) { // a topic sends it on
        if (!m_copies[record.copy].flying) {
            takeOff(record.copy, *entry.event);
        }
        return;
    }
    takeOff(record.copy, *entry.event);
    Copy& copy = m_copies[record.copy];
    copy.givenAway = routes.kind(record.component) == ComponentKind::Consumer &&
                     !routes.forwards(record.component);
    if (copy.givenAway) {
        mark(record.component, entry, DiedHere, routes);
    }
    if (routes.kind(record.component) == ComponentKind::Producer &&
        (record.flags & WantsConfirm) == 0) {
        entry.event->outstanding = false;
    }
}

void NoLoss::takeOff(std::uint32_t copy, Event& event) {
    m_copies[copy].flying = true;
    ++event.flights;
}

/// A copy is no longer on its way. Where it goes into several queues, it is the last of them that
/// gets it, and the others get copies of their own.
void NoLoss::land(std::uint32_t copy, Event& event) {
    if (m_copies[copy].flying) {
        m_copies[copy].flying = m_copies[copy].givenAway = false;
        event.flights = event.flights > 0 ? static_cast<std::uint16_t>(event.flights - 1) : 0;
    }
}

/// To the groups of a queue, or to those that a consumer is in.
void NoLoss::mark(ComponentId place, const Entry& entry, Mark mark, const Routes& routes) {
    for (const std::uint16_t group : routes.groupsOf(place)) {
        entry.dues[group].marks |= mark;
    }
}

/// Its queue gave it up, or is about to.
void NoLoss::died(const TraceRecord& record, const Entry& entry, const Routes& routes) {
    openHand(entry, record.copy, routes); // whoever had it rejected it
    mark(record.component, entry, DiedHere, routes);
}

/// Whether a way leads from the queue to a consumer that gave the event away: then it is no dead
/// letter there, but waits to be tried again.
bool NoLoss::comesBack(const Entry& entry, ComponentId queue, const Routes& routes) {
    return std::ranges::any_of(routes.groupsReached(queue), [&](std::uint16_t group) {
        return (entry.dues[group].marks & DiedHere) != 0;
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
            mark(routes.consumers()[rank], entry, Expected, routes);
        }
    }
}

void NoLoss::enqueued(const TraceRecord& record, const Entry& entry, const Routes& routes) {
    Event& event = *entry.event;
    event.routed |= !routes.isOnTheWay(record.component);
    passesOn(record, entry, routes);
    Copy& copy = m_copies[record.copy];
    copy.hands = noComponent; // of an event that is forgotten: the number is used again
    copy.retained = false;
    copy.dead = ((record.flags & DeadLetter) != 0 || copy.givenAway) &&
                !comesBack(entry, record.component, routes);
    copy.givenAway = false;
    event.dead = static_cast<std::uint16_t>(event.dead + (copy.dead ? 1 : 0));
    land(record.copy, event);
    if (!routes.isStream(record.component)) {
        mark(record.component, entry, Expected, routes);
        return addChances(entry, routes.groupsReached(record.component));
    }
    for (const Routes::Reader& reader : routes.readersOf(record.component)) {
        addChances(entry, routes.groupsReached(reader.consumer));
    }
}

void NoLoss::read(const TraceRecord& record, const Entry& entry, const Routes& routes) {
    for (const Routes::Reader& reader : routes.readersOf(record.component)) {
        if (reader.consumer == record.peer) {
            entry.dues[reader.group].marks |= Expected;
        }
    }
    takeHand(entry, record.copy, record.peer, routes);
}

/// What readers of streams will not get any more: it rests there for others, or not at all.
void NoLoss::passReaders(const TraceRecord* by, const Routes& routes) {
    for (const StreamReaders::Pass& pass : m_readers.passes()) {
        const Entry entry = find(pass.message);
        if (!entry) {
            continue;
        }
        removeChances(entry, routes.groupsReached(pass.reader));
        entry.dues[pass.group].marks |= pass.missed ? Expected : 0;
        if (by != nullptr) {
            suspect(*by, pass.message, entry);
        }
        forgetIfSettled(pass.message, entry);
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
    if (!routes.isStream(record.component)) { // else see passReaders()
        removeChances(entry, routes.groupsReached(record.component));
    }
    if (routes.isOnTheWay(record.component) && event.passing > 0) {
        --event.passing;
    }
    if (record.kind == TraceKind::DeadLettered) {
        died(record, entry, routes);
        if (!copy.retained) {
            takeOff(record.copy, event);
        }
    }
    suspect(record, entry);
}

/// A lost ack or confirm takes no copy with it: those are neither flying nor in anybody's hands.
/// What was at the broker was routed to the queue that it did not reach.
void NoLoss::lostOnLink(const TraceRecord& record, const Entry& entry, const Routes& routes) {
    const bool byTopic = routes.kind(record.component) == ComponentKind::Exchange &&
                         routes.kind(record.peer) == ComponentKind::Queue;
    const bool atBroker = record.reason == Reason::NotOnDisk || byTopic;
    const bool isDelivery = routes.isPolled(record.component) &&
                            routes.kind(record.peer) == ComponentKind::Consumer &&
                            !routes.forwards(record.peer); // else it is a confirm
    if (isDelivery) {
        removeChances(entry, routes.groupsReached(record.peer));
    } else if (routes.kind(record.component) == ComponentKind::Queue && !atBroker) {
        if (m_copies[record.copy].hands == record.peer) {
            openHand(entry, record.copy, routes);
        }
    } else {
        land(record.copy, *entry.event);
    }
    if (atBroker) {
        entry.event->routed |= !routes.groupsOf(record.peer).empty();
        mark(record.peer, entry, Expected, routes);
    }
    suspect(record, entry);
}

void NoLoss::duplicated(const TraceRecord& record, const Entry& entry, const Routes& routes) {
    if (routes.isPolled(record.component)) {
        return addChances(entry, routes.groupsReached(record.peer));
    }
    if (routes.kind(record.component) == ComponentKind::Queue) {
        return takeHand(entry, record.copy, record.peer, routes);
    }
    takeOff(record.copy, *entry.event);
}

void NoLoss::takeHand(const Entry& entry, std::uint32_t copy, ComponentId consumer,
                      const Routes& routes) {
    m_copies[copy].hands = consumer;
    if (routes.forwards(consumer)) {
        ++entry.event->passing;
    }
    addChances(entry, routes.groupsReached(consumer));
}

void NoLoss::openHand(const Entry& entry, std::uint32_t copy, const Routes& routes) {
    if (m_copies[copy].hands != noComponent) {
        removeChances(entry, routes.groupsReached(m_copies[copy].hands));
        if (routes.forwards(m_copies[copy].hands) && entry.event->passing > 0) {
            --entry.event->passing;
        }
        m_copies[copy].hands = noComponent;
    }
}

void NoLoss::addChances(const Entry& entry, const std::vector<std::uint16_t>& groups) {
    for (const std::uint16_t group : groups) {
        ++entry.dues[group].chances;
    }
}

void NoLoss::removeChances(const Entry& entry, const std::vector<std::uint16_t>& groups) {
    for (const std::uint16_t group : groups) {
        Due& due = entry.dues[group];
        due.chances = due.chances > 0 ? static_cast<std::uint16_t>(due.chances - 1) : 0;
    }
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
    for (std::size_t group = 0; group < m_groups; ++group) {
        if (m_checked[group] && dues[group].chances == 0 && missing(event, dues[group])) {
            return true;
        }
    }
    return false;
}

void NoLoss::suspect(const TraceRecord& record, std::uint64_t message, const Entry& entry) {
    if (lostSomewhere(*entry.event, entry.dues)) [[unlikely]] {
        m_suspects.push_back({record, message});
        m_openAt = record.at;
    }
}

void NoLoss::endInstant(const Routes& routes) {
    m_openAt = nothingOpen;
    m_readers.endInstant();
    passReaders(nullptr, routes);
    judgeSuspects();
}

void NoLoss::judgeSuspects() {
    for (const auto& [record, message] : m_suspects) {
        const Entry entry = find(message);
        if (!entry || !lostSomewhere(*entry.event, entry.dues)) {
            continue;
        }
        if (!entry.event->routed) {
            entry.event->lost = true;
            for (std::size_t group = 0; group < m_groups; ++group) {
                const bool counted = missing(*entry.event, entry.dues[group]);
                entry.dues[group].marks |= counted ? Lost : 0;
            }
            Unrouted& unrouted = m_unrouted[index(entry.event->type)];
            unrouted.first = unrouted.count++ == 0 ? record : unrouted.first;
            continue;
        }
        for (std::size_t group = 0; group < m_groups; ++group) {
            Due& due = entry.dues[group];
            if (m_checked[group] && due.chances == 0 && missing(*entry.event, due)) {
                due.marks |= Lost;
                m_violations.note(record, {MessageId{message}});
            }
        }
    }
    m_suspects.clear();
}

// The events that are followed.

NoLoss::Entry NoLoss::find(std::uint64_t message) {
    if (message >= m_begin && message < m_end) [[likely]] {
        const std::size_t place = message & (m_events.size() - 1);
        return {&m_events[place], &m_dues[place * m_groups]};
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
    std::fill_n(m_dues.begin() + static_cast<std::ptrdiff_t>(place * m_groups), m_groups, Due{});
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
        m_old.emplace(message, Old{*entry.event, {entry.dues, entry.dues + m_groups}});
    }
    m_begin = middle;
}

void NoLoss::widen() {
    const std::size_t size = std::max<std::size_t>(2 * m_events.size(), 256);
    std::vector<Event> events(size);
    std::vector<Due> dues(size * m_groups + 1); // never empty, so that there is a first one
    for (std::uint64_t message = m_begin; message < m_end; ++message) {
        const Entry entry = find(message);
        const std::size_t place = message & (size - 1);
        events[place] = *entry.event;
        std::copy_n(entry.dues, m_groups,
                    dues.begin() + static_cast<std::ptrdiff_t>(place * m_groups));
    }
    m_events = std::move(events);
    m_dues = std::move(dues);
}

} // namespace sim
