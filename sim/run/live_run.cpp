#include "sim/run/live_run.h"

#include "sim/run/build.h"

#include <algorithm>
#include <utility>

namespace sim {
namespace {

constexpr std::uint64_t eventsPerFrame = 100'000; ///< some milliseconds between frames
constexpr std::size_t recentMax = 4'000;

std::vector<std::vector<LedgerRow>> ledgerRows(const Scenario& scenario, const Ledger& ledger) {
    std::vector<std::vector<LedgerRow>> rows(scenario.components.size());
    for (std::uint16_t i = 0; i < rows.size(); ++i) {
        if (std::holds_alternative<ConsumerSpec>(scenario.components[i].spec)) {
            rows[i] = ledger.rows(ComponentId{i});
        }
    }
    return rows;
}

} // namespace

LiveRun::LiveRun(Scenario scenario, std::vector<FaultSpec> interventions)
    : m_scenario(std::move(scenario))
    , m_plan(build(m_scenario, interventions))
    , m_timeline(m_plan)
    , m_moment(m_timeline.newest())
    , m_interventions(std::move(interventions))
    , m_worker([this](const std::stop_token& stop) { work(stop); }) {}

LiveRun::~LiveRun() {
    m_worker.request_stop();
    m_worker.join();
}

void LiveRun::request(Instant playhead) {
    const std::lock_guard lock(m_mutex);
    m_wish.seeks = true;
    m_wish.playhead = playhead;
    m_wished.notify_one();
}

void LiveRun::stepEvent() {
    const std::lock_guard lock(m_mutex);
    ++m_wish.steps;
    m_wished.notify_one();
}

void LiveRun::inject(FaultSpec fault) {
    const std::lock_guard lock(m_mutex);
    m_wish.faults.push_back(std::move(fault));
    m_wished.notify_one();
}

std::shared_ptr<const Frame> LiveRun::frame() const {
    const std::lock_guard lock(m_mutex);
    return m_frame;
}

std::vector<FaultSpec> LiveRun::interventions() const {
    const std::lock_guard lock(m_mutex);
    return m_interventions;
}

void LiveRun::work(const std::stop_token& stop) {
    publish(false);
    while (!stop.stop_requested()) {
        Wish wish;
        {
            std::unique_lock lock(m_mutex);
            if (!m_wished.wait(lock, stop, [this] { return m_wish.any(); })) {
                return;
            }
            wish = std::exchange(m_wish, {});
        }
        carryOut(wish, stop);
    }
}

void LiveRun::carryOut(const Wish& wish, const std::stop_token& stop) {
    for (const FaultSpec& fault : wish.faults) {
        begin(fault);
    }
    for (std::uint32_t i = 0; i < wish.steps; ++i) {
        stepOnce();
    }
    if (wish.seeks) {
        goTo(std::min(wish.playhead, start + m_scenario.duration), stop);
    }
    publish(false);
}

bool LiveRun::wishesWait() const {
    const std::lock_guard lock(m_mutex);
    return m_wish.any();
}

void LiveRun::goTo(Instant playhead, const std::stop_token& stop) {
    if (playhead < m_moment.world.now()) {
        m_moment = m_timeline.seek(std::max(playhead, start));
        m_movedBack = true;
        return;
    }
    if (playhead < m_timeline.end()) { // at its end, events of that instant may be left to do
        m_moment.run(playhead);
        return;
    }
    while (!m_timeline.advance(playhead, eventsPerFrame)) {
        m_moment = m_timeline.newest();
        if (stop.stop_requested() || wishesWait()) {
            return;
        }
        publish(true);
    }
    m_moment = m_timeline.newest();
}

void LiveRun::stepOnce() {
    const Instant last = start + m_scenario.duration;
    const Instant next = m_moment.world.next();
    if (std::min(next, last) > m_timeline.end()) {
        m_timeline.advance(std::min(next, last));
    }
    if (next > last) {
        m_moment.run(last);
        return;
    }
    m_moment.step(1, next);
}

void LiveRun::begin(FaultSpec fault) {
    m_timeline.branch(m_moment, std::move(fault));
    m_moment = m_timeline.newest();
    const FaultSpec added = m_moment.world.plan().faults.back().spec;
    const std::lock_guard lock(m_mutex);
    m_interventions.push_back(added);
}

std::vector<TraceRecord> LiveRun::recentRecords() const {
    std::vector<TraceRecord> recent;
    const std::uint64_t last = m_moment.observers.records;
    if (m_movedBack || last <= m_shownRecords) {
        return recent;
    }
    const TraceLog& log = m_timeline.log();
    std::uint64_t from = std::max<std::uint64_t>(m_shownRecords, log.firstKept());
    from = std::max(from, last - std::min<std::uint64_t>(last, recentMax));
    for (std::uint64_t i = from; i < last; ++i) {
        recent.push_back(log[i]);
    }
    return recent;
}

void LiveRun::publish(bool advancing) {
    const Instant now = m_moment.world.now();
    const Observers& observers = m_moment.observers;
    auto frame = std::make_shared<Frame>();
    frame->at = now;
    frame->end = start + m_scenario.duration;
    frame->number = ++m_number;
    frame->events = m_moment.world.events();
    frame->atRest = m_moment.world.isAtRest();
    frame->advancing = advancing;
    frame->standsStill = m_moment.world.standsStill();
    frame->view = lookAt(m_moment.world);
    frame->recent = recentRecords();
    frame->metrics = observers.metrics.summaryAt(now);
    frame->verdicts = observers.checks.verdicts(now, frame->atRest);
    frame->ledger = ledgerRows(m_scenario, *observers.ledger);
    frame->series = observers.series;
    frame->series->passTo(now);
    frame->log = m_timeline.log();
    frame->fingerprint = observers.fingerprint.text();
    frame->world = std::make_shared<const World>(m_moment.world);
    m_shownRecords = observers.records;
    m_movedBack = false;
    const std::lock_guard lock(m_mutex);
    frame->interventions = m_interventions;
    m_frame = std::move(frame);
}

} // namespace sim
