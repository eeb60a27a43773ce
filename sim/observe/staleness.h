#pragma once

#include "sim/base/ids.h"
#include "sim/base/time.h"
#include "sim/kernel/trace_record.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace sim {

/// How old a consumer's picture of the business state is.
///
/// A key is behind an event while the newest version that was applied to it, by the consumer or by
/// one that takes from the same queue, is older than the event's. The staleness at an instant is the age of the oldest event
/// that any key is behind, and zero when there is none. So a lost event makes its key stale until
/// a newer version of the key is applied, and from then on no longer.
///
/// Memory: 24 bytes for each event between the oldest one that a key is behind and the newest; at
/// most `eventsMax`. While more wait, the newest are left out, and the staleness may come out too
/// small after the oldest were caught up with. Cost: O(1) amortised for each event.
class Staleness {
public:
    static constexpr std::size_t eventsMax = std::size_t{1} << 18;

    /// `limit`: how old is too old, for late() and firstLate().
    explicit Staleness(Duration limit = durationMax) : m_limit(limit) {}

    /// An event that the consumer is to see exists: its record of kind Produced, or, where only the
    /// routing tells whose it is, of kind Enqueued or Refused: then it is as old as that. Requires
    /// instants in rising order here, and in applied(). Events may come here before effects that
    /// are older, so long as all older events come before an effect: the result is the same.
    void produced(const TraceRecord& event);

    /// The newest version of `key` at the consumer is now at least `version`. False where it was
    /// newer before.
    bool applied(KeyId key, std::uint32_t version, Instant at);
    /// The same by a consumer that takes from the same queue, or by this one: what it does not get
    /// does not make it stale. It says nothing about the order of this one's own effects.
    void appliedElsewhere(KeyId key, std::uint32_t version, Instant at);

    /// The newest version of the key that was applied here; 0 for none.
    std::uint32_t newest(KeyId key) const { return newestIn(m_newest, key); }

    /// Forgets what was measured, not what is behind.
    void measureFrom(Instant at);

    Duration current(Instant now) const { return empty() ? Duration{} : now - front().created; }
    Duration max(Instant now) const { return std::max(m_max, current(now)); }
    /// Integral over time since measureFrom, in square nanoseconds.
    double area(Instant now) const { return m_area + rampUntil(now); }

    struct Behind {
        Instant created{};
        MessageId message{};
        KeyId key = noKey;
        std::uint32_t version = 0;
    };
    /// How many events became the oldest one with an age above the limit, up to `now`.
    std::uint64_t late(Instant now) const { return m_late + (isLate(now) ? 1 : 0); }
    /// The first of them. Requires late(now) > 0.
    Behind firstLate() const { return m_late > 0 ? m_firstLate : front(); }

private:
    /// No event is that new: stands behind the newest one, so that nobody need ask for the end.
    static constexpr Behind sentinel{{}, {}, noKey, ~std::uint32_t{0}};

    bool empty() const { return m_head == m_tail; }
    const Behind& front() const { return m_behind[m_head & m_mask]; }
    static std::uint32_t newestIn(const std::vector<std::uint32_t>& versions, KeyId key) {
        return index(key) < versions.size() ? versions[index(key)] : 0;
    }
    bool covered(const Behind& event) const {
        return newest(event.key) >= event.version ||
               (!m_elsewhere.empty() && newestIn(m_elsewhere, event.key) >= event.version);
    }
    bool isLate(Instant now) const { return current(now) > m_limit; }
    double rampUntil(Instant now) const;
    void catchUp(Instant at);
    bool madeRoom();

    Duration m_limit;
    std::vector<std::uint32_t> m_newest;    ///< by key
    std::vector<std::uint32_t> m_elsewhere; ///< likewise, where others take from the same queue
    std::vector<Behind> m_behind =
        std::vector<Behind>(1, sentinel); ///< a ring, oldest first; the size is a power of two
    std::uint64_t m_mask = 0;             ///< the ring's size less one
    std::uint64_t m_head = 0;
    std::uint64_t m_tail = 0;
    std::size_t m_leaveOut = 0; ///< so many events go by before room is looked for again
    Instant m_from{};           ///< the area is known up to here
    double m_area = 0;
    Duration m_max{};
    std::uint64_t m_late = 0;
    Behind m_firstLate;
};

inline void Staleness::produced(const TraceRecord& event) {
    if (newest(event.key) >= event.version) [[unlikely]] {
        return; // a clock or a branch gave an old version: nobody is behind it
    }
    if (m_tail - m_head == m_mask) [[unlikely]] {
        if (!madeRoom()) {
            return;
        }
    }
    m_behind[m_tail & m_mask] = {event.at, event.message, event.key, event.version};
    m_behind[++m_tail & m_mask] = sentinel;
}

inline bool Staleness::applied(KeyId key, std::uint32_t version, Instant at) {
    if (index(key) >= m_newest.size()) [[unlikely]] {
        m_newest.resize(2 * index(key) + 16);
    }
    std::uint32_t& newest = m_newest[index(key)];
    if (version < newest) [[unlikely]] {
        return false;
    }
    newest = version;
    if (front().key == key && front().version <= version) {
        catchUp(at);
    }
    return true;
}

inline double Staleness::rampUntil(Instant now) const {
    if (empty()) {
        return 0;
    }
    const Instant from = std::max(m_from, front().created);
    if (now <= from) {
        return 0;
    }
    const auto low = static_cast<double>((from - front().created).count());
    const auto high = static_cast<double>((now - front().created).count());
    return (high - low) * (high + low) / 2;
}

/// Requires a front that is covered.
inline void Staleness::catchUp(Instant at) {
    m_area += rampUntil(at);
    m_max = std::max(m_max, at - front().created);
    m_from = at;
    if (isLate(at)) [[unlikely]] {
        m_firstLate = m_late == 0 ? front() : m_firstLate;
        ++m_late;
    }
    do {
        ++m_head; // those after the first were caught up with before they became the oldest
    } while (covered(front()));
}

} // namespace sim
