#include "sim/observe/trace_log.h"

#include <QTest>

#include <vector>

using namespace sim;

namespace {

/// `count` records, the i-th of them i milliseconds after the start, from the first-th on.
std::vector<TraceRecord> records(std::size_t count, std::size_t first = 0) {
    std::vector<TraceRecord> made(count);
    for (std::size_t i = 0; i < count; ++i) {
        made[i].at = start + Duration{static_cast<std::int64_t>(first + i) * 1'000'000};
        made[i].copy = static_cast<std::uint32_t>(first + i);
    }
    return made;
}

} // namespace

class TraceLogTest : public QObject {
    Q_OBJECT

private slots:
    void givesBackWhatWasAppendedInOrder() {
        TraceLog log;
        QVERIFY(log.empty());
        log.append(records(3000));
        log.append(records(7000, 3000));
        QCOMPARE(log.size(), 10000U);
        std::uint32_t next = 0;
        for (const TraceRecord& record : log) {
            QCOMPARE(record.copy, next++);
        }
        QCOMPARE(next, 10000U);
        QCOMPARE(log[4096].copy, 4096U);
    }

    void findsTheFirstRecordAtOrAfterAnInstant() {
        TraceLog log;
        log.append(records(5000));
        QCOMPARE(log.lowerBound(start), 0U);
        QCOMPARE(log.lowerBound(start + 4200ms), 4200U);
        QCOMPARE(log.lowerBound(start + 4199ms + 1us), 4200U);
        QCOMPARE(log.lowerBound(start + 1h), 5000U);
    }

    void aCopyKeepsItsPastWhileTheOriginalGoesOn() {
        TraceLog log;
        log.append(records(5000));
        const TraceLog before = log;
        log.append(records(5000, 5000));
        QCOMPARE(before.size(), 5000U);
        QCOMPARE(before[4999].copy, 4999U);
        QCOMPARE(log[5000].copy, 5000U);
    }

    void aCopyThatGoesOnDoesNotWriteIntoTheOriginal() {
        TraceLog log;
        log.append(records(10));
        TraceLog branch = log;
        branch.append(records(10, 100));
        log.append(records(10, 10));
        QCOMPARE(log[10].copy, 10U);
        QCOMPARE(branch[10].copy, 100U);
        TraceLog assigned;
        assigned = branch;
        assigned.append(records(1, 900));
        branch.append(records(1, 800));
        QCOMPARE(assigned[20].copy, 900U);
        QCOMPARE(branch[20].copy, 800U);
    }

    void dropsTheOldestChunkWhenItIsFullAndSaysSo() {
        TraceLog log(8192);
        log.append(records(8192));
        QCOMPARE(log.firstKept(), 0U);
        log.append(records(1, 8192));
        QCOMPARE(log.firstKept(), 4096U);
        QCOMPARE(log.size(), 8193U);
        QCOMPARE(log.begin()->copy, 4096U);
        QCOMPARE(log[8192].copy, 8192U);
        QCOMPARE(log.lowerBound(start), 4096U);
    }
};

QTEST_APPLESS_MAIN(TraceLogTest)
#include "tst_trace_log.moc"
