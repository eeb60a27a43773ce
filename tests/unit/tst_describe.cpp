#include "sim/observe/describe.h"
#include "tests/support/story.h"

#include <QTest>

#include <set>

using namespace sim;

class DescribeTest : public QObject {
    Q_OBJECT

private slots:
    void writesOneLineForARecord_data() {
        QTest::addColumn<QString>("expected");
        QTest::addColumn<TraceRecord>("record");
        Story story;
        const auto message = story.comesIn(10s + 200ms);
        const auto row = [](const char* expected, const TraceRecord& record) {
            QTest::newRow(expected) << QString(expected) << record;
        };
        row("10.200000000 s  shop  produced order-42 v1 (#0)", story.records[0]);
        row("10.200000000 s  shop  published order-42 v1 (#0) to events", story.records[1]);
        row("10.201000000 s  orders  enqueued order-42 v1 (#0) from events", story.records[2]);
        row("10.203000000 s  orders  delivered order-42 v1 (#0) to billing[1]",
            story.delivered(10s + 203ms, message, 1));
        row("10.204000000 s  billing[1]  crashed",
            story.component(10s + 204ms, TraceKind::Crashed, Story::billing, 1));
        row("10.204000000 s  billing  crashed",
            story.component(10s + 204ms, TraceKind::Crashed, Story::billing, allLanes));
        row("10.204000000 s  billing[1]  discarded order-42 v1 (#0)",
            story.atConsumer(10s + 204ms, TraceKind::Discarded, message, 1));
        row("10.204000000 s  orders  requeued order-42 v1 (#0) from billing[1]: crash",
            story.requeued(10s + 204ms, message, Reason::Crash, 1));
        row("10.205000000 s  orders  delivered order-42 v1 (#0) to billing[0], attempt 2",
            story.delivered(10s + 205ms, message, 0));
        row("10.300000001 s  orders  dropped order-42 v1 (#0): max length",
            story.left(10s + 300ms + 1ns, TraceKind::Dropped, message, Reason::MaxLength));
        row("0.000000000 s  fault began: crash of billing",
            story.component(0ms, TraceKind::FaultBegan, noComponent));
    }
    void writesOneLineForARecord() {
        QFETCH(QString, expected);
        QFETCH(TraceRecord, record);
        QCOMPARE(QString::fromStdString(describe(record, Story().catalogue)), expected);
    }

    void namesEveryKindAndReason() {
        for (int kind = 0; kind < traceKinds; ++kind) {
            QVERIFY(*text(static_cast<TraceKind>(kind)) != '\0');
        }
        std::set<std::string> reasons;
        for (int reason = 0; reason <= static_cast<int>(Reason::Killed); ++reason) {
            QVERIFY(reasons.insert(text(static_cast<Reason>(reason))).second);
        }
    }
};

QTEST_APPLESS_MAIN(DescribeTest)
#include "tst_describe.moc"
