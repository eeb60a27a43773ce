// What a consumer does with a message that it handled well: its strategy.

#include "sim/model/consumer/consumer.h"

#include <algorithm>
#include <utility>

namespace sim {

std::uint32_t& Consumer::lastVersion(KeyId key) {
    if (index(key) >= m_versions.size()) {
        m_versions.resize(index(key) + 1);
    }
    return m_versions[index(key)];
}

Duration& Consumer::lastTimestamp(KeyId key) {
    if (index(key) >= m_timestamps.size()) {
        m_timestamps.resize(index(key) + 1, Duration::min());
    }
    return m_timestamps[index(key)];
}

bool Consumer::isStale(const Message& message, Ordering ordering) {
    switch (ordering) {
    case Ordering::None:
        return false;
    case Ordering::LastWriteWins:
        return message.timestamp < lastTimestamp(message.key);
    case Ordering::VersionCheck:
    case Ordering::Resequence:
        return message.version <= lastVersion(message.key);
    }
    return false;
}

[[gnu::always_inline]] inline void Consumer::apply(Slot slot, Outbox& out) {
    const ConsumerPlan& ours = plan(out);
    const Message& message = out.message(slot);
    out.note(TraceKind::Applied, message, ours.component,
             out.plan().links[index(message.link)].from, message.createdAt, Reason::None,
             message.deliveries);
    ++m_applied;
    const StrategySpec& strategy = ours.spec.strategy;
    if (strategy.idempotent) {
        m_store.add(message.id, out.now(), *strategy.idempotent);
    }
    if (strategy.ordering == Ordering::LastWriteWins) {
        lastTimestamp(message.key) = message.timestamp;
    } else if (strategy.ordering != Ordering::None) {
        lastVersion(message.key) = message.version;
    }
}

bool Consumer::succeed(Slot slot, Outbox& out) {
    const ConsumerPlan& ours = plan(out);
    const StrategySpec& strategy = ours.spec.strategy;
    if (!strategy.idempotent && strategy.ordering == Ordering::None) {
        apply(slot, out);
        return true;
    }
    const Message& message = out.message(slot);
    const ComponentId queue = out.plan().links[index(message.link)].from;
    if (strategy.idempotent && m_store.knows(message.id, out.now(), *strategy.idempotent)) {
        out.note(TraceKind::Skipped, message, ours.component, queue, message.createdAt,
                 Reason::DuplicateId, message.deliveries);
        return true;
    }
    if (isStale(message, strategy.ordering)) {
        out.note(TraceKind::Skipped, message, ours.component, queue, message.createdAt,
                 Reason::Stale, message.deliveries);
        return true;
    }
    const bool gap =
        strategy.ordering == Ordering::Resequence && message.version > lastVersion(message.key) + 1;
    if (gap) {
        hold(slot, out);
        return false;
    }
    const KeyId key = message.key;
    apply(slot, out);
    releaseHeld(key, out);
    return true;
}

void Consumer::hold(Slot slot, Outbox& out) {
    const ConsumerPlan& ours = plan(out);
    const Message& message = out.message(slot);
    const KeyId key = message.key;
    const auto [place, isNew] = m_held.try_emplace({key, message.version}, Held{slot, out.now()});
    const bool isOut = ours.spec.ackMode == AckMode::After;
    const bool isSettledByHandle = polls(message.link, out);
    if (!isNew && isOut &&
        (isSettledByHandle || channelIsGone(out.message(place->second.slot), out))) {
        // The broker has this version out again: what is held can never be settled. Of SQS it is the
        // same message with a newer handle: what settles this one settles both.
        countHeld(place->second.slot, false, out);
        discard(std::exchange(place->second.slot, slot), out);
    } else if (!isNew) {
        // The same version again: the one held first is kept, this one is a duplicate.
        out.note(TraceKind::Skipped, message, ours.component,
                 out.plan().links[index(message.link)].from, message.createdAt, Reason::DuplicateId,
                 message.deliveries);
        settle(slot, Parcel::Ack, out);
        return;
    }
    out.note(TraceKind::Held, message, ours.component, out.plan().links[index(message.link)].from,
             message.readySince);
    countHeld(slot, true, out);
    const StrategySpec& strategy = ours.spec.strategy;
    if (m_held.size() > strategy.bufferMax) {
        skipGap(key, Reason::BufferFull, out);
    }
    if (strategy.gapWait) {
        out.schedule(out.now() + *strategy.gapWait, m_self, EventKind::GapTimeout,
                     static_cast<std::uint32_t>(key));
    }
}

void Consumer::releaseHeld(KeyId key, Outbox& out) {
    for (;;) {
        const auto next = m_held.lower_bound({key, 0});
        if (next == m_held.end() || next->first.first != key ||
            next->first.second > lastVersion(key) + 1) {
            return;
        }
        const Slot slot = next->second.slot;
        m_held.erase(next);
        countHeld(slot, false, out);
        if (isStale(out.message(slot), Ordering::Resequence)) {
            const Message& message = out.message(slot);
            out.note(TraceKind::Skipped, message, plan(out).component,
                     out.plan().links[index(message.link)].from, message.createdAt, Reason::Stale,
                     message.deliveries);
        } else {
            apply(slot, out);
        }
        settle(slot, Parcel::Ack, out);
    }
}

void Consumer::skipGap(KeyId key, Reason reason, Outbox& out) {
    const auto next = m_held.lower_bound({key, 0});
    if (next == m_held.end() || next->first.first != key) {
        return;
    }
    Message missing = out.message(next->second.slot);
    missing.version = lastVersion(key) + 1;
    out.note(TraceKind::GapSkipped, missing, plan(out).component, noComponent, next->second.since,
             reason);
    lastVersion(key) = next->first.second - 1;
    releaseHeld(key, out);
}

void Consumer::onGapTimeout(KeyId key, Outbox& out) {
    const auto wait = plan(out).spec.strategy.gapWait;
    const auto first = m_held.lower_bound({key, 0});
    Instant oldest = never;
    for (auto at = first; at != m_held.end() && at->first.first == key; ++at) {
        oldest = std::min(oldest, at->second.since);
    }
    if (oldest != never && oldest + *wait <= out.now()) {
        skipGap(key, Reason::Timeout, out);
    }
}

} // namespace sim
