#include "sim/observe/staleness.h"

#include <QTest>

using namespace sim;

namespace {

TraceRecord made(Duration at, std::uint32_t key, std::uint32_t version) {
    TraceRecord record;
    record.at = start + at;
    record.kind = TraceKind::Produced;
    record.message = MessageId{100 * key + version};
    record.key = KeyId{key};
    record.version = version;
    return record;
}

} // namespace

class StalenessTest : public QObject {
    Q_OBJECT

private slots:
    void isTheAgeOfTheOldestEventBehind() {
        Staleness staleness;
        QCOMPARE(staleness.current(start + 5s), Duration{});
        staleness.produced(made(1s, 1, 1));
        staleness.produced(made(2s, 2, 1));
        QCOMPARE(staleness.current(start + 3s), 2s);
        staleness.applied(KeyId{1}, 1, start + 3s);
        QCOMPARE(staleness.current(start + 3s), 1s);
        staleness.applied(KeyId{2}, 1, start + 4s);
        QCOMPARE(staleness.current(start + 9s), Duration{});
        QCOMPARE(staleness.max(start + 9s), 2s);
    }
    void aNewerVersionCatchesUpWithAnOlderOne() {
        Staleness staleness;
        staleness.produced(made(1s, 1, 1));
        staleness.produced(made(2s, 1, 2));
        staleness.applied(KeyId{1}, 2, start + 3s);
        QCOMPARE(staleness.current(start + 4s), Duration{});
        QCOMPARE(staleness.newest(KeyId{1}), 2U);
        staleness.applied(KeyId{1}, 1, start + 5s);
        QCOMPARE(staleness.newest(KeyId{1}), 2U);
    }
    void anEffectOfOneThatTakesFromTheSameQueueCatchesUp() {
        Staleness staleness;
        staleness.produced(made(1s, 1, 1));
        staleness.produced(made(2s, 1, 2));
        staleness.appliedElsewhere(KeyId{1}, 2, start + 3s);
        QCOMPARE(staleness.current(start + 4s), Duration{});
        QCOMPARE(staleness.max(start + 4s), 2s);
        QVERIFY(staleness.applied(KeyId{1}, 1, start + 5s)); // the first of its own effects
        staleness.produced(made(6s, 1, 3));
        QCOMPARE(staleness.current(start + 8s), 2s);
    }
    void areaIsTheIntegralOverTime() {
        Staleness staleness;
        staleness.produced(made(1s, 1, 1));
        staleness.applied(KeyId{1}, 1, start + 3s);
        QCOMPARE(staleness.area(start + 9s), 2e9 * 2e9 / 2);
        staleness.measureFrom(start + 9s);
        QCOMPARE(staleness.area(start + 10s), 0.0);
        QCOMPARE(staleness.max(start + 10s), Duration{});
    }
    void countsWhatWasBehindForLongerThanTheLimit() {
        Staleness staleness(1s);
        staleness.produced(made(0s, 1, 1));
        staleness.produced(made(0s, 2, 1));
        QCOMPARE(staleness.late(start + 1s), 0U);
        QCOMPARE(staleness.late(start + 2s), 1U);
        QCOMPARE(staleness.firstLate().key, KeyId{1});
        staleness.applied(KeyId{1}, 1, start + 3s);
        QCOMPARE(staleness.late(start + 3s), 2U);
        QCOMPARE(staleness.firstLate().key, KeyId{1});
    }
    void eventsMayComeBeforeOlderEffects() {
        Staleness inOrder;
        Staleness eventsFirst;
        for (Staleness* some : {&inOrder, &eventsFirst}) {
            const bool early = some == &eventsFirst;
            some->produced(made(1s, 1, 1));
            if (early) {
                some->produced(made(5s, 2, 1)); // nobody is behind version 1 by then
                some->produced(made(6s, 1, 2));
            }
            QVERIFY(some->applied(KeyId{2}, 3, start + 2s));
            QVERIFY(some->applied(KeyId{1}, 1, start + 4s));
            if (!early) {
                some->produced(made(5s, 2, 1));
                some->produced(made(6s, 1, 2));
            }
            QVERIFY(!some->applied(KeyId{2}, 1, start + 7s));
            QVERIFY(some->applied(KeyId{1}, 2, start + 8s));
        }
        QCOMPARE(inOrder.area(start + 9s), 3e9 * 3e9 / 2 + 2e9 * 2e9 / 2);
        QCOMPARE(eventsFirst.area(start + 9s), inOrder.area(start + 9s));
        QCOMPARE(eventsFirst.max(start + 9s), 3s);
        QCOMPARE(eventsFirst.current(start + 9s), Duration{});
    }
    void followsManyEventsInBoundedSpace() {
        Staleness staleness;
        for (std::uint32_t i = 1; i <= 100'000; ++i) {
            staleness.produced(made(1ms * i, i % 10, i));
            if (i > 50) {
                staleness.applied(KeyId{(i - 50) % 10}, i - 50, start + 1ms * i);
            }
        }
        QCOMPARE(staleness.current(start + 100s), 49ms);
        QCOMPARE(staleness.max(start + 100s), 50ms);
    }
};

QTEST_APPLESS_MAIN(StalenessTest)
#include "tst_staleness.moc"
