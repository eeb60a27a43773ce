#pragma once

#include "sim/observe/ledger.h"
#include "sim/observe/metrics_summary.h"
#include "sim/observe/series.h"
#include "sim/observe/trace_log.h"
#include "sim/observe/verdict.h"
#include "sim/run/look.h"
#include "sim/run/timeline.h"
#include "sim/run/view.h"

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace sim {

/// What a watcher sees of a run at one instant: everything in it is of that instant.
struct Frame {
    Instant at{};
    Instant end{};            ///< of the scenario
    std::uint64_t number = 0; ///< counts frames, from 1
    std::uint64_t events = 0; ///< handled up to here
    bool atRest = false;      ///< nothing more will happen
    bool advancing = false;   ///< on the way to a requested instant that is further on
    bool standsStill = false; ///< too many events at `at`: see World::standsStill()
    View view;
    std::vector<TraceRecord> recent; ///< facts since the frame before, the newest few thousand;
                                     ///< empty after a step back
    MetricsSummary metrics;
    std::vector<Verdict> verdicts;
    std::vector<std::vector<LedgerRow>> ledger; ///< by ComponentId; empty where it is no consumer
    std::optional<Series> series; ///< always there: a series cannot be made without a scenario
    TraceLog log;                 ///< of the run as far as it has been simulated
    std::string fingerprint;      ///< of the records up to here
    std::vector<FaultSpec> interventions;
    /// The world itself, for what is asked for by hand: see details().
    std::shared_ptr<const World> world;

    /// Everything about one copy that is in this frame; empty when it is gone.
    Details details(Slot slot) const { return detailsOf(*world, slot); }
};

/// A run for somebody who watches: one thread moves it, frames come out. Nothing here waits for the
/// simulation, but the destructor, for the slice that is under way.
class LiveRun {
public:
    /// Requires a scenario without problems.
    explicit LiveRun(Scenario scenario, std::vector<FaultSpec> interventions = {});
    ~LiveRun();
    LiveRun(const LiveRun&) = delete;
    LiveRun& operator=(const LiveRun&) = delete;
    LiveRun(LiveRun&&) = delete;
    LiveRun& operator=(LiveRun&&) = delete;

    /// Asks for the frame of an instant, past or future; the newest request wins. On a long way
    /// there frames come in between. Beyond the scenario's end it is the end's.
    void request(Instant playhead);
    /// Asks for the frame one event further than the newest frame.
    void stepEvent();
    /// Begins a fault right after the newest frame's instant; what was simulated beyond is dropped.
    /// Its `when.at` is set. Requires that its targets exist.
    void inject(FaultSpec fault);

    /// The newest finished frame; null before the first.
    std::shared_ptr<const Frame> frame() const;

    const Scenario& scenario() const { return m_scenario; }
    /// Of the scenario; faults injected later are named in the frame's world.
    const Catalogue& catalogue() const { return m_plan->catalogue; }
    std::vector<FaultSpec> interventions() const;

private:
    struct Wish {
        bool seeks = false;
        Instant playhead{};
        std::uint32_t steps = 0;
        std::vector<FaultSpec> faults;
        bool any() const { return seeks || steps > 0 || !faults.empty(); }
    };

    void work(const std::stop_token& stop);
    void carryOut(const Wish& wish, const std::stop_token& stop);
    void goTo(Instant playhead, const std::stop_token& stop);
    void stepOnce();
    void begin(FaultSpec fault);
    bool wishesWait() const;
    void publish(bool advancing);
    std::vector<TraceRecord> recentRecords() const;

    const Scenario m_scenario;
    const std::shared_ptr<const Plan> m_plan;

    // The worker's own: nobody else touches them.
    Timeline m_timeline;
    Moment m_moment; ///< what the newest frame shows
    std::uint64_t m_shownRecords = 0;
    bool m_movedBack = false;
    std::uint64_t m_number = 0;

    mutable std::mutex m_mutex; ///< guards what follows
    std::condition_variable_any m_wished;
    Wish m_wish;
    std::shared_ptr<const Frame> m_frame;
    std::vector<FaultSpec> m_interventions;

    std::jthread m_worker; ///< last: it starts when the rest is there, and ends first
};

} // namespace sim
