// The half of class NoLoss that is asked.

#include "sim/observe/no_loss.h"

#include <algorithm>

namespace sim {

bool NoLoss::counts(TypeId type) const {
    return m_everyConsumer || std::ranges::any_of(m_ranks, [&](std::uint16_t rank) {
               return m_types.known(type, rank);
           });
}

bool NoLoss::settled(const Event& event, const Due* dues) const {
    if (upstream(event) || (!event.routed && !event.lost)) {
        return false;
    }
    for (std::size_t group = 0; group < m_groups; ++group) {
        const Due& due = dues[group];
        const bool done = (due.marks & (Done | Lost)) != 0;
        const bool handled = accounted(event, due) && event.handledDead && due.chances == 0;
        const bool nothingDue = (due.marks & Expected) == 0 && due.chances == 0;
        if (!done && !handled && !nothingDue) {
            return false;
        }
    }
    return true;
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
    for (std::size_t group = 0; group < m_groups; ++group) {
        const Due& due = dues[group];
        const bool onItsWay = (due.marks & Expected) == 0 && due.chances > 0;
        if (m_checked[group] && (missing(event, due) || onItsWay)) {
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
        addOpenEnds(ends, message, m_events[place], &m_dues[place * m_groups], atRest);
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

Verdict NoLoss::verdict(Instant end, bool atRest, const Routes& routes) const {
    if (m_openAt != nothingOpen && (atRest || end > m_openAt)) {
        NoLoss judged = *this;
        judged.endInstant(routes);
        return judged.verdict(end, atRest, routes);
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
