#include "tests/support/situation.h"

#include <QTest>

#include <cmath>

using namespace sim;

namespace {

/// When a producer with these arrivals produces, up to `until`.
std::vector<Duration> arrivals(ArrivalSpec spec, Duration until, std::uint64_t limit = 0,
                               Duration startAfter = {}) {
    ProducerSpec producer;
    producer.arrivals = std::move(spec);
    producer.limit = limit;
    producer.startAfter = startAfter;
    Situation s;
    s.exchange("x", ExchangeType::Fanout).producer("p", "x", producer);
    std::vector<Duration> instants;
    for (const TraceRecord& record : s.run(until).all(TraceKind::Produced)) {
        instants.push_back(record.at - start);
    }
    return instants;
}

std::string text(const std::vector<Duration>& instants) {
    std::string all;
    for (const Duration instant : instants) {
        all += (all.empty() ? "" : " ") + std::to_string(instant.count());
    }
    return all;
}

std::size_t between(const std::vector<Duration>& instants, Duration from, Duration to) {
    return static_cast<std::size_t>(std::ranges::count_if(
        instants, [&](Duration instant) { return instant >= from && instant < to; }));
}

/// Whether a Poisson count fits its mean: wrong about once in a thousand.
bool fits(std::size_t count, double mean) {
    return std::abs(static_cast<double>(count) - mean) < 3.3 * std::sqrt(mean);
}

} // namespace

class TestArrivals : public QObject {
    Q_OBJECT

private slots:
    void constantArrivalsDoNotDrift() {
        QCOMPARE(text(arrivals(ConstantArrivals{.rate = 4}, 1s)),
                 std::string("0 250000000 500000000 750000000 1000000000"));
        const auto thirds = arrivals(ConstantArrivals{.rate = 3}, 1000s);
        QCOMPARE(thirds.size(), 3001u);
        QVERIFY(thirds.back() == 1000s);
        QVERIFY(thirds[1] == 333'333'333ns);
    }

    void theStartAndTheLimitHold() {
        QCOMPARE(text(arrivals(ConstantArrivals{.rate = 1e9}, 1s, 3, 5ns)), std::string("5 6 7"));
    }

    void burstsComeAgain() {
        const BurstArrivals bursts{.size = 3, .every = 100ns, .spacing = 10ns};
        QCOMPARE(text(arrivals(bursts, 220ns)),
                 std::string("0 10 20 100 110 120 200 210 220"));
        const BurstArrivals together{.size = 2, .every = 100ns};
        QCOMPARE(text(arrivals(together, 100ns)), std::string("0 0 100 100"));
    }

    void aBurstLongerThanItsPeriodKeepsItsOrder() {
        const BurstArrivals overlapping{.size = 3, .every = 15ns, .spacing = 10ns};
        const auto found = arrivals(overlapping, 100ns);
        QVERIFY(std::ranges::is_sorted(found));
        QVERIFY(found.size() > 9);
    }

    void replayAndScriptAreExact() {
        QCOMPARE(text(arrivals(ReplayArrivals{.file = "f", .times = {1ns, 5ns, 5ns}}, 1s)),
                 std::string("1 5 5"));
        ScriptArrivals script;
        script.messages = {at(3ns), at(4ns)};
        QCOMPARE(text(arrivals(script, 1s)), std::string("3 4"));
    }

    void poissonArrivalsHaveExponentialGaps() {
        constexpr double rate = 100;
        const auto found = arrivals(PoissonArrivals{.rate = rate}, 200s);
        QVERIFY(fits(found.size(), rate * 200));
        double distance = 0; // Kolmogorov and Smirnov
        std::vector<double> gaps;
        for (std::size_t i = 1; i < found.size(); ++i) {
            gaps.push_back(std::chrono::duration<double>(found[i] - found[i - 1]).count());
        }
        std::ranges::sort(gaps);
        for (std::size_t i = 0; i < gaps.size(); ++i) {
            const double cdf = 1 - std::exp(-rate * gaps[i]);
            distance = std::max(distance,
                                std::abs(cdf - static_cast<double>(i) / double(gaps.size())));
        }
        QVERIFY(distance * std::sqrt(double(gaps.size())) < 1.95); // 1 in 1000
    }

    void theSwitchedProcessHasItsMeanRate() {
        // Mean 0.5 * 40 + 0.5 * 0 = 20/s; the count's variance is far above Poisson's: with cycles
        // of 2 s there are 5000 in 10000 s, and each brings 40 +- about 40.
        const OnOffArrivals spec{.onRate = 40, .offRate = 0, .meanOn = 1s, .meanOff = 1s};
        const auto found = arrivals(spec, 10'000s);
        const double mean = static_cast<double>(found.size()) / 10'000;
        QVERIFY2(std::abs(mean - 20) < 3.3 * 20 / std::sqrt(5000.0) * 1.5,
                 qPrintable(QString::number(mean)));
        std::size_t quiet = 0; // gaps that are no gaps of the on state: about one in a cycle
        for (std::size_t i = 1; i < found.size(); ++i) {
            quiet += found[i] - found[i - 1] > 500ms;
        }
        QVERIFY2(quiet > 2700 && quiet < 3500, qPrintable(QString::number(quiet)));
    }

    void aProfileBringsItsIntegral_data() {
        QTest::addColumn<bool>("ramp");
        QTest::newRow("ramp") << true;
        QTest::newRow("step") << false;
    }
    void aProfileBringsItsIntegral() {
        QFETCH(bool, ramp);
        ProfileArrivals profile;
        profile.between = ramp ? ProfileArrivals::Between::Ramp : ProfileArrivals::Between::Step;
        profile.points = {{10s, 100}, {20s, 300}, {30s, 0}, {40s, 0}, {50s, 200}};
        const auto found = arrivals(profile, 60s);
        QVERIFY(fits(between(found, 0s, 10s), 1000));
        QVERIFY(fits(between(found, 10s, 20s), ramp ? 2000 : 1000));
        QVERIFY(fits(between(found, 15s, 20s), ramp ? 1250 : 500));
        QVERIFY(fits(between(found, 20s, 30s), ramp ? 1500 : 3000));
        QVERIFY(fits(between(found, 25s, 30s), ramp ? 375 : 1500));
        QCOMPARE(between(found, 30s, 40s), 0u);
        QVERIFY(ramp ? fits(between(found, 40s, 50s), 1000) : between(found, 40s, 50s) == 0);
        QVERIFY(fits(between(found, 50s, 60s), 2000));
    }

    void aRateOfZeroBringsNothing() {
        ProfileArrivals nothing;
        nothing.points = {{0s, 0}};
        QCOMPARE(arrivals(nothing, 1h).size(), 0u);
    }
};

QTEST_APPLESS_MAIN(TestArrivals)
#include "tst_arrivals.moc"
