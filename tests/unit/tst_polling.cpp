#include "sim/scenario/validate.h"
#include "tests/support/problems_of.h"
#include "tests/support/situation.h"

#include <QTest>

using namespace sim;

namespace {

/// Asks every 100 ms; each takes 10 ms.
ConsumerSpec polling(Duration service = 10ms) {
    ConsumerSpec spec;
    spec.poll = 100ms;
    spec.serviceTime = always(service);
    return spec;
}

QueueSpec quorum() {
    QueueSpec spec;
    spec.type = QueueType::Quorum;
    return spec;
}

} // namespace

/// basic.get: https://www.rabbitmq.com/docs/consumers#fetching
class TestPolling : public QObject {
    Q_OBJECT

private slots:
    void eachPollBringsOneMessage() {
        Situation s;
        s.queue("q").publish("p", "q", "50 50 50").consumer("c", "q", polling());
        const Outcomes o = s.run(450ms);
        QCOMPARE(o.timed(TraceKind::Delivered, "q"), std::string("1@100ms 2@200ms 3@300ms"));
        QCOMPARE(o.timed(TraceKind::Acked, "q"), std::string("1@110ms 2@210ms 3@310ms"));
        QCOMPARE(o.count(TraceKind::GotEmpty, "q", "c"), std::size_t{2}); // at 0 and 400 ms
        QVERIFY(o.world().isAtRest());
        QCOMPARE(o.broken(), std::string());
    }

    void theAnswerTakesARoundTrip() {
        Situation s;
        s.queue("q").publish("p", "q", "0").consumer("c", "q", polling(), Situation::slow(7ms));
        const Outcomes o = s.run(1s);
        QCOMPARE(o.timed(TraceKind::Delivered, "q"), std::string("1@7ms"));
        QCOMPARE(o.timed(TraceKind::Received, "c"), std::string("1@14ms"));
    }

    void aQuorumQueueAnswersWhenAMajorityKnows() {
        Situation s;
        s.queue("q", quorum()).publish("p", "q", "0").consumer("c", "q", polling());
        s.disk(always(3ms));
        const Outcomes o = s.run(1s);
        // The publish is committed at 3 ms, and the get that came with it no sooner.
        QCOMPARE(o.count(TraceKind::Delivered, "q"), std::size_t{1});
        QCOMPARE(o.count(TraceKind::Acked, "q"), std::size_t{1});
        QCOMPARE(o.all(TraceKind::GotEmpty, "q").back().at, start + 903ms);
        QCOMPARE(o.broken(), std::string());
    }

    void aBusyInstanceAsksForNothing() {
        Situation s;
        s.queue("q").publish("p", "q", "0 0").consumer("c", "q", polling(250ms));
        const Outcomes o = s.run(1s);
        QCOMPARE(o.timed(TraceKind::Delivered, "q"), std::string("1@0ms 2@300ms"));
    }

    void theNextToLeaveIsTakenAndUnacknowledged() {
        QueueSpec queue;
        queue.maxPriority = 9;
        queue.singleActiveConsumer = true; // says nothing to who polls
        ConsumerSpec consumer = polling(1h);
        consumer.instances = 2;
        ProducerSpec urgent;
        urgent.types[0].priority = 5;
        Situation s;
        s.queue("q", queue).publish("p", "q", "10 20").publish("r", "q", "30", urgent);
        s.consumer("c", "q", consumer);
        const Outcomes o = s.run(1s);
        QCOMPARE(o.delivered("q"), std::string("3 1"));
        QCOMPARE(o.unacked("q"), std::size_t{2});
    }

    void itIsNoConsumer() { // docs/queues: only consumers count for auto-delete
        QueueSpec queue;
        queue.autoDelete = true;
        Situation s;
        s.queue("q", queue).publish("p", "q", "150 400").consumer("c", "q", polling());
        s.fault(CrashFault{.target = "c", .instance = {}}, 250ms, 1ms);
        const Outcomes o = s.run(1s);
        QCOMPARE(o.count(TraceKind::Unroutable), std::size_t{0});
        QCOMPARE(o.applied("c"), std::string("1 2"));
    }

    void aQueueThatIsAskedIsInUse() { // docs/ttl#queue-ttl
        QueueSpec queue;
        queue.expires = 150ms;
        Situation s;
        s.queue("q", queue).publish("p", "q", "1050 1450").consumer("c", "q", polling());
        s.fault(PauseFault{.target = "c", .instance = {}}, 1150ms);
        const Outcomes o = s.run(2s);
        QCOMPARE(o.enqueued("q"), std::string("1"));
        QCOMPARE(o.count(TraceKind::Unroutable), std::size_t{1});
    }

    void aCrashGivesBackWhatItGot() {
        Situation s;
        s.queue("q").publish("p", "q", "0").consumer("c", "q", polling(80ms));
        s.fault(CrashFault{.target = "c", .instance = {}}, 50ms, 25ms);
        const Outcomes o = s.run(1s);
        QCOMPARE(o.timed(TraceKind::Requeued, "q"), std::string("1@50ms"));
        QCOMPARE(o.timed(TraceKind::Applied, "c"), std::string("1@155ms"));
        QCOMPARE(o.broken(), std::string());
    }

    void aLostAnswerIsNotWaitedForWhenTheConnectionBreaks() {
        Situation s;
        s.queue("q").publish("p", "q", "350").consumer("c", "q", polling(), Situation::slow(5ms));
        s.fault(PartitionFault{.from = "q", .to = "c", .closesAfter = 50ms}, 99ms, 200ms);
        const Outcomes o = s.run(1s);
        QCOMPARE(o.applied("c"), std::string("1"));
        QCOMPARE(o.broken(), std::string());
    }

    void whoPollsHasNoPrefetchAndNoStream() { // reference: features of queue types
        ConsumerSpec consumer = polling();
        consumer.prefetch = 5;
        QueueSpec stream;
        stream.type = QueueType::Stream;
        QueueSpec single = quorum();
        single.singleActiveConsumer = true;
        Situation s;
        s.queue("s", stream).queue("q", single).publish("p", "q", "0");
        s.consumer("c", "s", consumer).consumeLink("q", "c");
        QCOMPARE(
            problemsOf(validate(s.scenario)),
            std::string("/components/4/prefetch: has no meaning with poll: a basic.get brings "
                        "one message, whatever the prefetch\n"
                        "/links/1/from: \"s\" is a stream, and \"c\" polls: streams refuse "
                        "basic.get\n"
                        "/links/2/from: \"q\" is a quorum queue with a single active consumer, "
                        "and \"c\" polls: it refuses basic.get\n"));
    }
};

QTEST_GUILESS_MAIN(TestPolling)
#include "tst_polling.moc"
