#include "sim/observe/observers.h"
#include "tests/support/story.h"

#include <QTest>

using namespace sim;

class ObserversTest : public QObject {
    Q_OBJECT

private slots:
    void feedsWhatWasAskedFor() {
        Story story;
        story.isHandled(5ms, story.comesIn(0ms));
        Observers some(story.scenario, story.catalogue, {.series = false, .ledger = false});
        QVERIFY(!some.series && !some.ledger && !some.log);
        Observers all(story.scenario, story.catalogue, {.recordsMax = 100});
        some.take(story.records);
        all.take(story.records);
        QCOMPARE(all.records, story.records.size());
        QCOMPARE(all.log->size(), story.records.size());
        QCOMPARE(all.ledger->row(Story::billing, KeyId{41}).applied, 1U);
        QCOMPARE(all.metrics.summaryAt(start + 1s).endToEnd.applied, 1U);
        QVERIFY(all.fingerprint == some.fingerprint);
    }
    void theFingerprintDependsOnEveryRecordAndItsOrderAndNotOnBatches() {
        Story story;
        story.isHandled(5ms, story.comesIn(0ms));
        const auto fingerprint = [&story](const std::vector<TraceRecord>& records, std::size_t by) {
            Observers observers(story.scenario, story.catalogue);
            const std::span<const TraceRecord> all = records;
            for (std::size_t i = 0; i < all.size(); i += by) {
                observers.take(all.subspan(i, std::min(by, all.size() - i)));
            }
            return observers.fingerprint.value();
        };
        std::vector<TraceRecord> records = story.records;
        const std::uint64_t expected = fingerprint(records, 3);
        QCOMPARE(fingerprint(records, 100), expected);
        std::swap(records[0], records[1]);
        QVERIFY(fingerprint(records, 3) != expected);
        std::swap(records[0], records[1]);
        records.back().attempt = 9;
        QVERIFY(fingerprint(records, 3) != expected);
    }
    void aCopyGoesOnLikeTheOriginal() {
        Story story;
        story.scenario.checks = {{"", false, NoLossCheck{}}, {"", false, KeyOrderCheck{}}};
        const auto message = story.comesIn(0ms);
        Observers observers(story.scenario, story.catalogue, {.recordsMax = 100});
        observers.take(story.records);
        Observers copy = observers;
        const std::size_t before = story.records.size();
        story.isHandled(5ms, message);
        const std::span<const TraceRecord> rest = std::span(story.records).subspan(before);
        observers.take(rest);
        QCOMPARE(copy.log->size(), before);
        copy.take(rest);
        QVERIFY(copy.fingerprint == observers.fingerprint);
        QCOMPARE(copy.checks.verdicts(start + 1s, true),
                 observers.checks.verdicts(start + 1s, true));
    }
};

QTEST_APPLESS_MAIN(ObserversTest)
#include "tst_observers.moc"
