#pragma once

#include "sim/observe/observers.h"
#include "sim/run/world.h"

#include <cstdint>
#include <vector>

namespace sim {

/// A run at one instant: the world and what its observers have made of the facts up to there, the
/// facts themselves included.
struct Moment {
    World world;
    Observers observers;

    /// On to `until`, every event at it included. Requires until >= world.now().
    void run(Instant until);
    /// On by exactly `events` events, or until there is none left at or before `until`.
    void step(std::uint64_t events, Instant until);
};

/// A run that can be looked at, at any moment of its past.
///
/// It keeps a snapshot every so many events, always between two instants: one inside an instant
/// would hide half of it. A moment of the past is the last snapshot before it, run on; determinism
/// makes the replay exact. With more than `snapshotsMax` snapshots every second one is forgotten
/// and the distance doubles, so that a seek costs one copy and at most twice
/// events / snapshotsMax events.
class Timeline {
public:
    static constexpr std::uint64_t firstInterval = 10'000;
    static constexpr std::size_t snapshotsMax = 256;

    /// `interval`: events from snapshot to snapshot at first.
    explicit Timeline(const std::shared_ptr<const Plan>& plan,
                      std::size_t recordsMax = TraceLog::recordsMaxDefault,
                      std::uint64_t interval = firstInterval);

    /// Runs the newest moment on to `until`, or only about `eventsMax` events of it, to the end of
    /// an instant. Returns whether that was all: it got to `until`, or stands still. Requires
    /// until >= end().
    bool advance(Instant until, std::uint64_t eventsMax);
    void advance(Instant until);

    /// The moment right after every event at or before `at`. Requires start <= at <= end().
    Moment seek(Instant at) const;

    /// Forgets what lies after `moment`, which becomes the newest, and adds a fault that begins
    /// right after it: the past now leads there. Requires a moment of this timeline.
    void branch(const Moment& moment, FaultSpec fault);

    Instant end() const { return m_newest.world.now(); }
    const Moment& newest() const { return m_newest; }
    /// Every record up to end(), the newest `recordsMax` of them.
    const TraceLog& log() const { return *m_newest.observers.log; }
    std::size_t snapshots() const { return m_snapshots.size(); }

private:
    void keepSnapshot();

    Moment m_newest;
    std::vector<Moment> m_snapshots; ///< by time, at least one
    std::uint64_t m_interval;
};

} // namespace sim
