#include "sim/observe/journey.h"
#include "tests/support/story.h"

#include <QTest>

using namespace sim;

class JourneyTest : public QObject {
    Q_OBJECT

private slots:
    void groupsTheRecordsOfOneEventByCopyOldestFirst() {
        Story story;
        const auto message = story.comesIn(0ms); // three records of copy 1
        story.comesIn(1ms);                      // another event
        story.component(2ms, TraceKind::Crashed, Story::billing);
        story.enqueued(2ms, message, Story::audits, 0, 9);
        story.isHandled(5ms, message);
        TraceLog log;
        log.append(story.records);
        const std::vector<CopyJourney> copies = journey(log, MessageId{message});
        QCOMPARE(copies.size(), 2U);
        QCOMPARE(copies[0].copy, 1U);
        QCOMPARE(copies[0].records.size(), 7U);
        QCOMPARE(copies[0].records.front().kind, TraceKind::Produced);
        QCOMPARE(copies[0].records.back().kind, TraceKind::Acked);
        QCOMPARE(copies[1].copy, 9U);
        QCOMPARE(copies[1].records.size(), 1U);
    }

    void isEmptyForAnEventWithoutRecords() { QVERIFY(journey(TraceLog(), MessageId{3}).empty()); }
};

QTEST_APPLESS_MAIN(JourneyTest)
#include "tst_journey.moc"
