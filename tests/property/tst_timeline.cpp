#include "sim/run/live_run.h"
#include "sim/run/run.h"
#include "sim/run/timeline.h"
#include "tests/support/random_scenario.h"

#include <QTest>

using namespace sim;

namespace {

QByteArray named(std::uint64_t seed) { return "seed " + QByteArray::number(qulonglong(seed)); }

constexpr std::uint64_t interval = 15; ///< so short that snapshots are thinned, again and again

Timeline wholeRun(const Situation& s) {
    Timeline timeline(build(s.scenario), TraceLog::recordsMaxDefault, interval);
    timeline.advance(start + randomEnd);
    return timeline;
}

Moment direct(const Situation& s, Instant at) {
    const auto plan = build(s.scenario);
    Moment moment{World(plan), Observers(plan->scenario, plan->catalogue, {.recordsMax = 1'000})};
    moment.run(at);
    return moment;
}

Instant someInstant(RandomStream& random) {
    return start + Duration(random.below(static_cast<std::uint64_t>(randomEnd.count())));
}

/// Whether everything that can be asked of them is the same.
bool same(const Moment& one, const Moment& other) {
    const Instant now = one.world.now();
    return now == other.world.now() && one.world.events() == other.world.events() &&
           one.world.next() == other.world.next() &&
           one.world.messages().alive() == other.world.messages().alive() &&
           one.world.pending().size() == other.world.pending().size() &&
           one.observers.fingerprint.text() == other.observers.fingerprint.text() &&
           one.observers.metrics.summaryAt(now) == other.observers.metrics.summaryAt(now);
}

/// A message that is requeued for ever, and nothing takes time.
Situation goesRound() {
    ConsumerSpec consumer;
    consumer.serviceTime = always(0ns);
    consumer.failureRate = 1;
    consumer.onFailure = OnFailure::Requeue;
    return Situation().queue("q").publish("p", "q", "5").consumer("c", "q", consumer);
}

/// The frame of an instant, once it is there.
std::shared_ptr<const Frame> frameAt(LiveRun& run, Instant at) {
    run.request(at);
    const auto there = [&] {
        const auto frame = run.frame();
        return frame && !frame->advancing && frame->at == at;
    };
    return QTest::qWaitFor(there, 60'000) ? run.frame() : nullptr;
}

} // namespace

class TestTimeline : public QObject {
    Q_OBJECT

private slots:
    void aSeekIsADirectRunToTheInstant() {
        bool thinned = false;
        for (std::uint64_t seed = 1; seed <= seedsToTry(20); ++seed) {
            const Situation s = randomSituation(seed);
            const Timeline timeline = wholeRun(s);
            const std::uint64_t events = timeline.newest().world.events();
            thinned = thinned || timeline.snapshots() < events / interval / 2;
            QVERIFY2(timeline.snapshots() <= Timeline::snapshotsMax, named(seed));
            RandomStream random = streamFor(seed, "test", "seeks");
            for (int i = 0; i < 6; ++i) {
                const Instant at = someInstant(random);
                Moment moment = timeline.seek(at);
                QVERIFY2(same(moment, direct(s, at)), named(seed));
                moment.run(start + randomEnd);
                QVERIFY2(same(moment, timeline.newest()), named(seed));
            }
        }
        QVERIFY(thinned);
    }

    void aTimelineInPortionsIsTheSame() {
        for (std::uint64_t seed = 1; seed <= seedsToTry(10); ++seed) {
            const Situation s = randomSituation(seed);
            Timeline timeline(build(s.scenario), TraceLog::recordsMaxDefault, interval);
            RandomStream random = streamFor(seed, "test", "portions");
            while (!timeline.advance(start + randomEnd, 1 + random.below(100))) {
                const Instant past = start + timeline.end().time_since_epoch() / 2;
                QVERIFY2(same(timeline.seek(past), direct(s, past)), named(seed));
                timeline.advance(timeline.end() + Duration(random.below(4'000'000'000)));
                if (timeline.end() > start + randomEnd) {
                    return;
                }
            }
            QVERIFY2(same(timeline.newest(), direct(s, start + randomEnd)), named(seed));
        }
    }

    void aBranchFromThePastIsTheRunWithThatFault() {
        for (std::uint64_t seed = 1; seed <= seedsToTry(10); ++seed) {
            Situation s = randomSituation(seed);
            Timeline timeline = wholeRun(s);
            RandomStream random = streamFor(seed, "test", "branches");
            const Instant at = someInstant(random);
            timeline.branch(timeline.seek(at),
                            faultOf(BrokerRestartFault{.target = "broker"}, 0s, 1s));
            QVERIFY2(timeline.end() == at, named(seed));
            timeline.advance(start + randomEnd);
            s.fault(BrokerRestartFault{.target = "broker"}, at - start + 1ns, 1s);
            QVERIFY2(same(timeline.newest(), direct(s, start + randomEnd)), named(seed));
            const Instant before = start + (at - start) / 2;
            QVERIFY2(same(timeline.seek(before), direct(s, before)), named(seed));
        }
    }

    void aLiveRunIsTheHeadlessRunAtEverySpeed() {
        for (const std::uint64_t seed : {3, 11, 12}) {
            Situation s = randomSituation(seed);
            s.scenario.duration = 30s;
            const RunResult headless = runScenario(s.scenario);
            for (const Duration step : {Duration(30s), Duration(1'234'567'891), Duration(17s)}) {
                LiveRun live(s.scenario);
                for (Instant at = start; at < headless.end;) {
                    at = std::min(at + step, headless.end);
                    QVERIFY(frameAt(live, at));
                }
                QVERIFY(frameAt(live, start + 2s)); // back, and on again by steps
                const std::uint64_t events = live.frame()->events;
                live.stepEvent();
                QVERIFY(QTest::qWaitFor([&] { return live.frame()->events == events + 1; }));
                const auto last = frameAt(live, headless.end);
                QVERIFY2(last && last->fingerprint == headless.fingerprint, named(seed));
                QVERIFY2(last->metrics == headless.metrics, named(seed));
            }
        }
    }

    void whatTakesNoTimeStandsStill() {
        const Situation s = goesRound();
        const auto plan = build(s.scenario);
        Recorder nothing([](std::span<const TraceRecord>) {});
        World whole(plan);
        whole.run(start + 1h, nothing);
        QVERIFY(whole.standsStill());
        QCOMPARE(whole.now(), start + 5ms);
        World portions(plan);
        while (portions.runSome(start + 1h, 1'000, nothing)) {
        }
        QVERIFY(portions.standsStill());
        QCOMPARE(portions.events(), whole.events());
        QVERIFY(!portions.step(start + 1h, nothing));
        QVERIFY(!portions.runSome(start + 1h, 1'000, nothing));
        QCOMPARE(portions.events(), whole.events());
    }

    void aLiveRunThatStandsStillSaysSoAndEnds() {
        LiveRun live(goesRound().scenario);
        live.request(start + 10s);
        QVERIFY(QTest::qWaitFor([&] { return live.frame() && live.frame()->standsStill; }, 60'000));
        QCOMPARE(live.frame()->at, start + 5ms);
        QVERIFY(frameAt(live, start + 1ms)->at == start + 1ms); // its past can be looked at
    }

    void aLiveRunIsLeftInTheMiddleOfALongWay() {
        Situation s = goesRound();
        s.scenario.components.clear();
        s.scenario.links.clear();
        ProducerSpec fast;
        fast.arrivals = PoissonArrivals{.rate = 1e6};
        s.producer("p", "q", fast).queue("q").consumer("c", "q");
        s.scenario.duration = 10h;
        LiveRun live(s.scenario);
        live.request(start + 10h); // hours of work; the destructor does not wait for them
        QVERIFY(QTest::qWaitFor([&] { return live.frame() && live.frame()->advancing; }, 60'000));
    }
};

QTEST_GUILESS_MAIN(TestTimeline)
#include "tst_timeline.moc"
