#include "sim/model/aws/sqs_queue.h"

namespace sim {

std::uint64_t& SqsQueue::count(State state) {
    return state == State::Visible ? m_visible : state == State::InFlight ? m_inFlight : m_delayed;
}

std::uint32_t SqsQueue::add(const Arrival& arrival, Instant now) {
    std::uint32_t entry = 0;
    if (m_free.empty()) {
        entry = static_cast<std::uint32_t>(m_entries.size());
        m_entries.emplace_back();
        m_timerPlaces.push_back(noPlace);
    } else {
        entry = m_free.back();
        m_free.pop_back();
    }
    m_entries[entry] = Entry{.slot = arrival.slot,
                             .shard = arrival.shard,
                             .group = arrival.group,
                             .receives = arrival.receives,
                             .number = ++m_numbers,
                             .order = arrival.order,
                             .changesAt = arrival.visibleAt,
                             .expiresAt = arrival.expiresAt};
    if (m_isFifo) {
        m_groups.push(entry, arrival.group);
    }
    enter(entry, arrival.visibleAt > now ? State::Delayed : State::Visible);
    return entry;
}

void SqsQueue::enter(std::uint32_t entry, State state) {
    Entry& here = m_entries[entry];
    here.state = state;
    ++count(state);
    if (state == State::Visible) {
        here.changesAt = never;
        if (m_isFifo) {
            m_groups.offer(here.group, [this](std::uint32_t other) { return isVisible(other); });
        } else {
            m_shards.push(entry, here.shard,
                          {.isBehind = here.receives >= receivesBehind,
                           .order = here.order,
                           .number = here.number});
        }
    }
    setTimer(entry);
}

void SqsQueue::leaveState(std::uint32_t entry) {
    Entry& here = m_entries[entry];
    --count(here.state);
    if (here.state == State::Visible && !m_isFifo) {
        m_shards.erase(entry, here.shard);
    }
}

void SqsQueue::setTimer(std::uint32_t entry) {
    if (m_timerPlaces[entry] != noPlace) {
        m_timers.erase(entry, m_timerPlaces);
    }
    const Entry& here = m_entries[entry];
    const Instant at = std::min(here.changesAt, here.expiresAt);
    if (here.state != State::Gone && at != never) {
        m_timers.push({at, here.number}, entry, m_timerPlaces);
    }
}

std::optional<SqsQueue::Due> SqsQueue::due(Instant now) {
    if (next() > now) {
        return std::nullopt;
    }
    Due due{.entry = m_timers.front().entry};
    const Entry& here = m_entries[due.entry];
    due.wasDelayed = here.state == State::Delayed;
    if (here.expiresAt <= here.changesAt) {
        due.expired = remove(due.entry);
    } else {
        setVisibility(due.entry, now, now);
    }
    return due;
}

Slot SqsQueue::remove(std::uint32_t entry) {
    leaveState(entry);
    Entry& here = m_entries[entry];
    here.state = State::Gone;
    setTimer(entry);
    m_free.push_back(entry);
    if (m_isFifo) {
        m_groups.erase(entry, here.group);
        m_groups.offer(here.group, [this](std::uint32_t other) { return isVisible(other); });
    }
    return std::exchange(here.slot, noSlot);
}

void SqsQueue::setVisibility(std::uint32_t entry, Instant until, Instant now) {
    leaveState(entry);
    m_entries[entry].changesAt = until;
    enter(entry, until > now ? State::InFlight : State::Visible);
}

std::optional<std::uint32_t> SqsQueue::find(const ReceiptHandle& handle) const {
    const bool isThere = handle.entry < m_entries.size() &&
                         m_entries[handle.entry].state != State::Gone &&
                         static_cast<std::uint32_t>(m_entries[handle.entry].number) ==
                             handle.number;
    return isThere ? std::optional(handle.entry) : std::nullopt;
}

bool SqsQueue::canDelete(const ReceiptHandle& handle) const {
    return isLatest(handle) &&
           (!m_isFifo || m_entries[handle.entry].state == State::InFlight);
}

bool SqsQueue::canChange(const ReceiptHandle& handle, Instant until) const {
    return canDelete(handle) && until - m_entries[handle.entry].receivedAt <= visibilityMax;
}

bool SqsQueue::canReceive(std::uint64_t maxInFlight) {
    if (m_visible == 0 || m_inFlight >= maxInFlight) {
        return false;
    }
    return !m_isFifo ||
           m_groups.hasTurn([this](std::uint32_t entry) { return isVisible(entry); });
}

bool SqsQueue::isDead(std::uint32_t entry, const Receive& receive) const {
    return receive.maxReceives > 0 && m_entries[entry].receives >= receive.maxReceives;
}

void SqsQueue::bury(std::uint32_t entry, std::vector<Taken>& taken) {
    const Instant expiresAt = m_entries[entry].expiresAt;
    taken.push_back({.entry = entry, .dead = remove(entry), .expiresAt = expiresAt});
}

void SqsQueue::take(std::uint32_t entry, const Receive& receive, Instant now) {
    Entry& here = m_entries[entry];
    ++here.receives;
    here.receive = ++m_receives;
    here.receivedAt = now;
    leaveState(entry);
    here.changesAt = receive.until;
    enter(entry, State::InFlight);
}

std::vector<SqsQueue::Taken> SqsQueue::receive(const Receive& receive, Instant now,
                                               RandomStream& random, Chance& chance) {
    std::vector<Taken> taken;
    if (m_isFifo) {
        receiveFifo(receive, now, taken);
    } else {
        receiveStandard(receive, now, random, chance, taken);
    }
    return taken;
}

void SqsQueue::receiveStandard(const Receive& receive, Instant now, RandomStream& random,
                               Chance& chance, std::vector<Taken>& taken) {
    std::uint32_t returned = 0;
    while (returned < receive.most && m_inFlight < receive.maxInFlight) {
        const auto entry = m_shards.pick(receive.shards, random, chance);
        if (!entry) {
            return;
        }
        if (isDead(*entry, receive)) {
            bury(*entry, taken);
        } else {
            take(*entry, receive, now);
            taken.push_back({.entry = *entry});
            ++returned;
        }
    }
}

void SqsQueue::receiveFifo(const Receive& receive, Instant now, std::vector<Taken>& taken) {
    const auto visible = [this](std::uint32_t entry) { return isVisible(entry); };
    std::uint32_t returned = 0;
    while (returned < receive.most && m_inFlight < receive.maxInFlight) {
        const auto group = m_groups.takeTurn(visible);
        if (!group) {
            return;
        }
        receiveGroup(*group, receive, now, taken, returned);
    }
}

/// As much of the run of visible messages as fits. What is dead makes room for what is behind it.
void SqsQueue::receiveGroup(std::uint32_t group, const Receive& receive, Instant now,
                            std::vector<Taken>& taken, std::uint32_t& returned) {
    const auto visible = [this](std::uint32_t entry) { return isVisible(entry); };
    std::vector<std::uint32_t> run;
    const Ring<std::uint32_t>& entries = m_groups.entriesOf(group);
    std::uint32_t room = receive.most - returned;
    for (std::size_t at = 0; at < entries.size() && room > 0 && isVisible(entries[at]); ++at) {
        run.push_back(entries[at]);
        room -= isDead(entries[at], receive) ? 0 : 1;
    }
    for (const std::uint32_t entry : run) {
        if (isDead(entry, receive)) {
            bury(entry, taken);
        } else if (m_inFlight < receive.maxInFlight) {
            take(entry, receive, now);
            taken.push_back({.entry = entry});
            ++returned;
        }
    }
    m_groups.offer(group, visible);
}

} // namespace sim
