#include "sim/observe/causes.h"
#include "tests/support/story.h"

#include <QTest>

using namespace sim;

namespace {

QString endOf(const Story& story, std::uint64_t message) {
    Causes causes(story.records, story.catalogue);
    return QString::fromStdString(causes.end(MessageId{message}));
}

} // namespace

class CausesTest : public QObject {
    Q_OBJECT

private slots:
    void namesAnEventByItsVersion() {
        Story story;
        const auto message = story.comesIn(0ms);
        const Causes causes(story.records, story.catalogue);
        QCOMPARE(causes.name(MessageId{message}), "v1");
        QCOMPARE(causes.fullName(MessageId{message}), "v1 of order-42");
        QCOMPARE(causes.name(MessageId{99}), "#99");
    }
    void findsTheFirstAndTheLastOfAKind() {
        Story story;
        const auto message = story.comesIn(0ms);
        story.delivered(5ms, message);
        story.requeued(6ms, message, Reason::Nack);
        story.delivered(7ms, message);
        const Causes causes(story.records, story.catalogue);
        QCOMPARE(causes.first(TraceKind::Delivered, MessageId{message})->at, start + 5ms);
        const TraceRecord* last = causes.last(TraceKind::Delivered, MessageId{message});
        QCOMPARE(last->at, start + 7ms);
        QCOMPARE(causes.last(TraceKind::Delivered, MessageId{message}, last)->at, start + 5ms);
        QVERIFY(causes.last(TraceKind::Acked, MessageId{message}) == nullptr);
    }
    void saysHowAnEventEnded() {
        Story story;
        const auto message = story.comesIn(0ms);
        QVERIFY(endOf(story, message).startsWith("v1 was last seen"));
        Story dropped = story;
        dropped.left(5ms, TraceKind::Dropped, message, Reason::MaxLength);
        QVERIFY(endOf(dropped, message).endsWith(", the queue being full"));
        Story expired = story;
        expired.left(5ms, TraceKind::Dropped, message, Reason::Expired);
        QVERIFY(endOf(expired, message).contains("its time to live over after 4 ms"));
        Story odd = story;
        odd.left(5ms, TraceKind::Dropped, message, Reason::Nack);
        QVERIFY(endOf(odd, message).contains("was dropped by orders at 0.005 s ("));
        Story unroutable = story;
        unroutable.note(5ms, TraceKind::Unroutable, Story::events, noComponent, message);
        QVERIFY(endOf(unroutable, message).contains("found no queue at events"));
        QCOMPARE(endOf(story, 99), "#99 left no record");
    }
    void notesWhatItNamesOnceAndInOrder() {
        Story story;
        const auto message = story.comesIn(0ms);
        Causes causes(story.records, story.catalogue);
        causes.note(&story.records[2]);
        causes.note(nullptr);
        causes.end(MessageId{message}); // names the same record
        causes.note(&story.records[0]);
        QCOMPARE(causes.noted(), (std::vector{story.records[0], story.records[2]}));
    }
};

QTEST_APPLESS_MAIN(CausesTest)
#include "tst_causes.moc"
