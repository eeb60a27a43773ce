#include "tests/support/situation.h"

#include <QTest>

using namespace sim;

namespace {

ProducerSpec confirming(Duration timeout = 1h) {
    ProducerSpec spec;
    spec.confirms = ConfirmSpec{};
    spec.confirms->timeout = timeout;
    spec.confirms->retries = 0;
    return spec;
}

QueueSpec limited(std::uint64_t maxLength, Overflow overflow = Overflow::DropHead) {
    QueueSpec spec;
    spec.maxLength = maxLength;
    spec.overflow = overflow;
    return spec;
}

QueueSpec expiring(Duration ttl) {
    QueueSpec spec;
    spec.messageTtl = ttl;
    return spec;
}

ConsumerSpec working(Duration service, std::uint32_t prefetch = 1) {
    ConsumerSpec spec;
    spec.prefetch = prefetch;
    spec.serviceTime = always(service);
    return spec;
}

Situation::Entry prioritised(Duration when, std::optional<std::uint8_t> priority) {
    Situation::Entry entry = at(when);
    entry.priority = priority;
    return entry;
}

Situation::Entry expiring(Duration when, Duration expiration) {
    Situation::Entry entry = at(when);
    entry.expiration = expiration;
    return entry;
}

} // namespace

/// What happens to a publish at queues: https://www.rabbitmq.com/docs/confirms,
/// https://www.rabbitmq.com/docs/maxlength, https://www.rabbitmq.com/docs/ttl,
/// https://www.rabbitmq.com/docs/priority, https://www.rabbitmq.com/docs/consumer-prefetch and
/// https://www.rabbitmq.com/docs/consumers#single-active-consumer
class TestBroker : public QObject {
    Q_OBJECT

private slots:
    void confirmsComeWhenTheMessageIsSafe_data() {
        QTest::addColumn<bool>("durable");
        QTest::addColumn<bool>("persistent");
        QTest::addColumn<int>("consumer"); // 0: none, 1: manual acknowledgement, 2: automatic
        QTest::addColumn<int>("confirmedAt");
        QTest::newRow("durable and persistent: on disk") << true << true << 0 << 40;
        QTest::newRow("transient message: at once") << true << false << 0 << 0;
        QTest::newRow("transient queue: at once") << false << true << 0 << 0;
        QTest::newRow("delivered, to be acked: on disk") << true << true << 1 << 40;
        QTest::newRow("delivered for good: at once") << true << true << 2 << 0;
    }
    void confirmsComeWhenTheMessageIsSafe() {
        QFETCH(bool, durable);
        QFETCH(bool, persistent);
        QFETCH(int, consumer);
        QFETCH(int, confirmedAt);
        Situation s;
        QueueSpec queue;
        queue.durable = durable;
        ProducerSpec producer = confirming();
        producer.persistent = persistent;
        s.disk(always(40ms)).queue("q", queue).publish("p", "q", "0", producer);
        if (consumer != 0) {
            ConsumerSpec spec = working(1h);
            spec.ackMode = consumer == 1 ? AckMode::After : AckMode::Auto;
            s.consumer("c", "q", spec);
        }
        const Outcomes o = s.run(10s);
        QCOMPARE(o.timed(TraceKind::ConfirmSent, "q"),
                 "1@" + std::to_string(confirmedAt) + "ms");
        QCOMPARE(o.broken(), std::string());
    }

    void confirmsWaitForTheLastQueue() {
        Situation s;
        QueueSpec transient;
        transient.durable = false;
        s.disk(always(40ms)).queue("durable").queue("transient", transient);
        s.exchange("x", ExchangeType::Fanout).bind("x", "durable").bind("x", "transient");
        s.publish("p", "x", "0", confirming());
        QCOMPARE(s.run(10s).timed(TraceKind::ConfirmReceived, "p"), std::string("1@40ms"));
    }

    void oneRefusalIsANackAndTheOtherCopiesStay() {
        Situation s;
        s.queue("qa", limited(0, Overflow::RejectPublish)).queue("qb");
        s.exchange("x", ExchangeType::Fanout).bind("x", "qa").bind("x", "qb");
        s.publish("p", "x", "0", confirming());
        const Outcomes o = s.run(10s);
        QCOMPARE(o.count(TraceKind::NackReceived, "p"), 1u);
        QCOMPARE(o.count(TraceKind::ConfirmReceived, "p"), 0u);
        QCOMPARE(o.ready("qa"), std::string());
        QCOMPARE(o.ready("qb"), std::string("1"));
    }

    void eachConfirmKnowsWhenItsPublishCame() {
        Situation s;
        s.disk(always(40ms)).queue("q");
        s.publish("p", "q", "5", confirming(), Situation::slow(3ms));
        const Outcomes o = s.run(10s);
        QVERIFY(o.all(TraceKind::ConfirmSent).at(0).since == start + 8ms); // its arrival
        QVERIFY(o.all(TraceKind::ConfirmReceived).at(0).since == start + 5ms); // its publish
    }

    void overflowDropsTheHeadOrRefuses_data() {
        QTest::addColumn<int>("overflow");
        QTest::addColumn<std::string>("ready");
        QTest::addColumn<std::string>("dead");
        QTest::addColumn<std::string>("confirmed");
        QTest::addColumn<std::string>("refused");
        const auto row = [](const char* name, Overflow overflow, const char* ready,
                            const char* dead, const char* confirmed, const char* refused) {
            QTest::newRow(name) << static_cast<int>(overflow) << std::string(ready)
                                << std::string(dead) << std::string(confirmed)
                                << std::string(refused);
        };
        row("drop-head", Overflow::DropHead, "3 4", "1 2", "1 2 3 4", "");
        row("reject-publish", Overflow::RejectPublish, "1 2", "", "1 2", "3 4");
        row("reject-publish-dlx", Overflow::RejectPublishDlx, "1 2", "3 4", "1 2", "3 4");
    }
    void overflowDropsTheHeadOrRefuses() {
        QFETCH(int, overflow);
        QFETCH(std::string, ready);
        QFETCH(std::string, dead);
        QFETCH(std::string, confirmed);
        QFETCH(std::string, refused);
        Situation s;
        QueueSpec queue = limited(2, static_cast<Overflow>(overflow));
        queue.deadLetterExchange = "dlx";
        s.queue("q", queue).queue("dlq").exchange("dlx", ExchangeType::Fanout).bind("dlx", "dlq");
        s.publish("p", "q", "0 1 2 3", confirming());
        const Outcomes o = s.run(10s);
        QCOMPARE(o.ready("q"), ready);
        QCOMPARE(o.ready("dlq"), dead);
        QCOMPARE(o.messages(TraceKind::ConfirmReceived, "p"), confirmed);
        QCOMPARE(o.messages(TraceKind::NackReceived, "p"), refused);
        if (!dead.empty()) {
            QCOMPARE(o.deaths("dlq"), std::string("q maxlen 1"));
        }
        QCOMPARE(o.broken(), std::string());
    }

    void refusalComesBeforeAnIdleConsumer() {
        Situation s;
        s.queue("q", limited(0, Overflow::RejectPublish)).consumer("c", "q", working(1ms));
        s.publish("p", "q", "0 10", confirming());
        const Outcomes o = s.run(10s);
        QCOMPARE(o.delivered("q"), std::string());
        QCOMPARE(o.messages(TraceKind::NackReceived, "p"), std::string("1 2"));
    }

    void anIdleConsumerComesBeforeDroppingTheHead() {
        Situation s;
        s.queue("q", limited(0)).consumer("c", "q", working(1ms)).publish("p", "q", "0 10");
        QCOMPARE(s.run(10s).applied("c"), std::string("1 2"));
    }

    void unackedMessagesDoNotCount() {
        Situation s;
        s.queue("q", limited(2)).consumer("c", "q", working(1h)).publish("p", "q", "0 1 2 3");
        const Outcomes o = s.run(10s);
        QCOMPARE(o.unacked("q"), 1u);
        QCOMPARE(o.ready("q"), std::string("3 4"));
        QCOMPARE(o.messages(TraceKind::Dropped, "q"), std::string("2"));
    }

    void aRequeueIsHeldAgainstTheLimit() {
        Situation s;
        s.queue("q", limited(2)).consumer("c", "q", working(1h)).publish("p", "q", "0 1 2 3");
        s.fault(CrashFault{.target = "c", .instance = {}}, 1s);
        const Outcomes o = s.run(10s);
        QCOMPARE(o.ready("q"), std::string("3 4"));
        QCOMPARE(o.messages(TraceKind::Requeued, "q"), std::string("1"));
        QCOMPARE(o.messages(TraceKind::Dropped, "q"), std::string("2 1"));
        QCOMPARE(o.broken(), std::string());
    }

    void bytesOfBodiesCount() {
        Situation s;
        QueueSpec queue;
        queue.maxLengthBytes = 250;
        ProducerSpec producer;
        producer.types[0].size = Distribution::constant(100);
        s.queue("q", queue).publish("p", "q", "0 1 2", producer);
        QCOMPARE(s.run(10s).ready("q"), std::string("2 3"));
        QueueSpec exact = queue;
        exact.maxLengthBytes = 200; // the limit itself is allowed
        Situation t;
        t.queue("q", exact).publish("p", "q", "0 1", producer);
        QCOMPARE(t.run(10s).ready("q"), std::string("1 2"));
    }

    void expiredMessagesAreNotDelivered() {
        Situation s;
        s.queue("q", expiring(100ms)).publish("p", "q", "0");
        s.consumer("c", "q", working(1ms));
        s.fault(CrashFault{.target = "c", .instance = {}}, 0s, 150ms);
        const Outcomes o = s.run(10s);
        QCOMPARE(o.delivered("q"), std::string());
        QCOMPARE(o.timed(TraceKind::Dropped, "q"), std::string("1@100ms"));
        QVERIFY(o.all(TraceKind::Dropped).at(0).reason == Reason::Expired);
    }

    void aTtlOfZeroAsksForAnIdleConsumer() {
        Situation with;
        with.queue("q", expiring(0ms)).publish("p", "q", "0 1").consumer("c", "q", working(10ms));
        const Outcomes o = with.run(10s);
        QCOMPARE(o.applied("c"), std::string("1"));
        QCOMPARE(o.timed(TraceKind::Dropped, "q"), std::string("2@1ms")); // the consumer is busy
        Situation without;
        without.queue("q", expiring(0ms)).publish("p", "q", "0");
        QCOMPARE(without.run(10s).timed(TraceKind::Dropped, "q"), std::string("1@0ms"));
    }

    void theSmallerTtlCounts_data() {
        QTest::addColumn<int>("ofQueue");
        QTest::addColumn<int>("ofMessage");
        QTest::addColumn<std::string>("dropped");
        QTest::newRow("the queue's") << 100 << 200 << std::string("1@100ms");
        QTest::newRow("the message's") << 200 << 100 << std::string("1@100ms");
        QTest::newRow("the only one") << 0 << 100 << std::string("1@100ms");
    }
    void theSmallerTtlCounts() {
        QFETCH(int, ofQueue);
        QFETCH(int, ofMessage);
        QFETCH(std::string, dropped);
        QueueSpec queue;
        if (ofQueue > 0) {
            queue.messageTtl = std::chrono::milliseconds{ofQueue};
        }
        Situation s;
        s.queue("q", queue).script("p", "q", {expiring(0ms, std::chrono::milliseconds{ofMessage})});
        QCOMPARE(s.run(10s).timed(TraceKind::Dropped, "q"), dropped);
    }

    void expiryActsAtTheHeadOnly() {
        Situation s;
        QueueSpec queue;
        queue.deadLetterExchange = "";
        queue.deadLetterRoutingKey = "dlq";
        s.queue("q", queue).queue("dlq");
        s.script("p", "q", {expiring(0ms, 60s), expiring(0ms, 1s)});
        const Outcomes o = s.run(2min);
        QCOMPARE(o.timed(TraceKind::Enqueued, "dlq"), std::string("1@60000ms 2@60000ms"));
    }

    void lowerPrioritiesExpireWhenTheyReachTheHead() {
        Situation s;
        QueueSpec queue;
        queue.maxPriority = 5;
        Situation::Entry low = expiring(0ms, 1s);
        low.priority = 1;
        Situation::Entry high = expiring(0ms, 10s);
        high.priority = 4;
        s.queue("q", queue).script("p", "q", {low, high});
        QCOMPARE(s.run(1min).timed(TraceKind::Dropped, "q"), std::string("2@10000ms 1@10000ms"));
    }

    void aMessageThatOvertakesIsNotWatched() {
        Situation s;
        QueueSpec queue;
        queue.maxPriority = 5;
        Situation::Entry urgent = expiring(1ms, 10ms);
        urgent.priority = 3;
        s.queue("q", queue).script("p", "q", {prioritised(0ms, 1), urgent});
        QCOMPARE(s.run(1min).ready("q"), std::string("2 1"));
        s.consumer("c", "q", working(1ms));
        s.fault(CrashFault{.target = "c", .instance = {}}, 0s, 1s);
        QCOMPARE(s.run(1min).applied("c"), std::string("2 1"));
    }

    void anExpirationOfZeroWaitsBehindOthers() {
        Situation s;
        s.queue("q").publish("p1", "q", "0").script("p2", "q", {expiring(1ms, 0ms)});
        QCOMPARE(s.run(1min).ready("q"), std::string("1 2"));
        s.consumer("c", "q", working(1ms));
        s.fault(CrashFault{.target = "c", .instance = {}}, 0s, 1s);
        const Outcomes o = s.run(1min);
        QCOMPARE(o.applied("c"), std::string("1"));
        QCOMPARE(o.timed(TraceKind::Dropped, "q"), std::string("2@1000ms"));
    }

    void anOverflowComesBeforeATtlOfZero() {
        Situation s;
        QueueSpec queue = limited(0);
        queue.messageTtl = 0ms;
        queue.deadLetterExchange = "";
        queue.deadLetterRoutingKey = "dlq";
        s.queue("q", queue).queue("dlq").publish("p", "q", "0");
        QCOMPARE(s.run(1s).deaths("dlq"), std::string("q maxlen 1"));
    }

    void aDeliveredMessageExpiresOnItsReturn() {
        Situation s;
        ConsumerSpec consumer = working(1s);
        consumer.outcomes = {{.outcome = Outcome::Failure, .serviceTime = {}}};
        s.queue("q", expiring(1s)).consumer("c", "q", consumer).publish("p", "q", "0 100 500");
        const Outcomes o = s.run(10s);
        // The first comes back at 1 s and expires; the second has to wait for 1.1 s and is taken.
        QCOMPARE(o.timed(TraceKind::Dropped, "q"), std::string("1@1000ms 3@1500ms"));
        QCOMPARE(o.timed(TraceKind::Applied, "c"), std::string("2@2000ms"));
    }

    void prioritiesRuleWhatIsReady() {
        const std::vector<Situation::Entry> entries{prioritised(0ms, 1), prioritised(0ms, 3),
                                                    prioritised(0ms, 2), prioritised(0ms, {}),
                                                    prioritised(0ms, 9)};
        QueueSpec queue;
        queue.maxPriority = 3;
        Situation waiting;
        waiting.queue("q", queue).script("p", "q", entries);
        QCOMPARE(waiting.run(1s).ready("q"), std::string("2 5 3 1 4"));
        Situation taken;
        taken.queue("q", queue).script("p", "q", entries).consumer("c", "q", working(1ms, 10));
        QCOMPARE(taken.run(1s).delivered("q"), std::string("1 2 3 4 5"));
    }

    void dropHeadTakesTheMostUrgent() {
        Situation s;
        QueueSpec queue = limited(2);
        queue.maxPriority = 5;
        s.queue("q", queue);
        s.script("p", "q", {prioritised(0ms, 5), prioritised(0ms, 1), prioritised(0ms, 1)});
        const Outcomes o = s.run(1s);
        QCOMPARE(o.messages(TraceKind::Dropped, "q"), std::string("1"));
        QCOMPARE(o.ready("q"), std::string("2 3"));
    }

    void aRequeueReturnsToItsPriority() {
        Situation s;
        QueueSpec queue;
        queue.maxPriority = 5;
        ConsumerSpec consumer = working(10ms);
        consumer.outcomes = {{.outcome = Outcome::Failure, .serviceTime = {}}};
        s.queue("q", queue).consumer("c", "q", consumer);
        s.script("p", "q", {prioritised(0ms, 1), prioritised(1ms, 1), prioritised(2ms, 5)});
        QCOMPARE(s.run(1s).delivered("q"), std::string("1 3 1 2"));
    }

    void whoIsFullLosesItsTurnOnlyWhenItComes() {
        Situation s; // c2 is full from 1 ms to 21 ms, and meanwhile it is c1's turn
        s.queue("q").consumer("c1", "q", working(1h, 0)).consumer("c2", "q", working(20ms));
        s.publish("p", "q", "0 1 2 30");
        QCOMPARE(s.run(1s).delivered("q", "c2"), std::string("2 4"));
        Situation t; // but where its turn came, c1 is before it
        t.queue("q").consumer("c1", "q", working(1h, 0)).consumer("c2", "q", working(20ms));
        t.publish("p", "q", "0 1 2 3 30");
        QCOMPARE(t.run(1s).delivered("q", "c2"), std::string("2"));
    }

    void workGoesToWhoIsFree() {
        Situation s;
        s.queue("q").consumer("c1", "q", working(10ms)).consumer("c2", "q", working(30ms));
        s.publish("p", "q", "0 0 0 0");
        const Outcomes o = s.run(1s);
        QCOMPARE(o.applied("c1"), std::string("1 3 4"));
        QCOMPARE(o.timed(TraceKind::Applied, "c2"), std::string("2@30ms"));
    }

    void withoutPrefetchConsumersTakeTurns() {
        Situation s;
        s.queue("q").consumer("c1", "q", working(10ms, 0)).consumer("c2", "q", working(99ms, 0));
        s.publish("p", "q", "0 0 0 0 0 0");
        const Outcomes o = s.run(1s);
        QCOMPARE(o.delivered("q", "c1"), std::string("1 3 5"));
        QCOMPARE(o.delivered("q", "c2"), std::string("2 4 6"));
    }

    void prefetchBoundsWhatIsOut() {
        Situation s;
        s.queue("q").consumer("c", "q", working(1h, 3)).publish("p", "q", "0 0 0 0 0");
        const Outcomes o = s.run(1s);
        QCOMPARE(o.unacked("q"), 3u);
        QCOMPARE(o.ready("q"), std::string("4 5"));
    }

    void autoAckKnowsNoPrefetch() {
        Situation s;
        ConsumerSpec consumer = working(1h, 1);
        consumer.ackMode = AckMode::Auto;
        s.queue("q").consumer("c", "q", consumer).publish("p", "q", "0 0 0");
        const Outcomes o = s.run(1s);
        QCOMPARE(o.delivered("q"), std::string("1 2 3"));
        QCOMPARE(o.messages(TraceKind::Acked, "q"), std::string("1 2 3"));
        QCOMPARE(o.unacked("q"), 0u);
    }

    void autoAckLosesWhatTheConsumerHeld() {
        Situation s;
        ConsumerSpec consumer = working(10ms);
        consumer.ackMode = AckMode::Auto;
        ProducerSpec hundred;
        hundred.arrivals = BurstArrivals{.size = 100, .every = 1h};
        hundred.limit = 100;
        s.queue("q").consumer("c", "q", consumer).producer("p", "q", hundred);
        s.fault(CrashFault{.target = "c", .instance = {}}, 105ms, 1s);
        const Outcomes o = s.run(10s);
        QCOMPARE(o.count(TraceKind::Applied, "c"), 10u);
        QCOMPARE(o.count(TraceKind::Discarded, "c"), 90u);
        QCOMPARE(o.count(TraceKind::Requeued, "q"), 0u);
        QCOMPARE(o.ready("q"), std::string());
    }

    void oneActiveConsumerAtATime() {
        Situation s;
        QueueSpec queue;
        queue.singleActiveConsumer = true;
        s.queue("q", queue).consumer("c1", "q", working(10ms, 2)).consumer("c2", "q", working(10ms, 2));
        s.publish("p", "q", "0 0 0 0 0");
        s.fault(CrashFault{.target = "c1", .instance = {}}, 15ms);
        const Outcomes o = s.run(1s);
        QCOMPARE(o.delivered("q", "c1"), std::string("1 2 3"));
        QCOMPARE(o.delivered("q", "c2"), std::string("2 3 4 5")); // order is kept
        QCOMPARE(o.applied("c2"), std::string("2 3 4 5"));
        QCOMPARE(o.broken(), std::string());
    }

    void aSingleActiveConsumerThatComesBackWaits() {
        Situation s;
        QueueSpec queue;
        queue.singleActiveConsumer = true;
        ConsumerSpec two = working(10ms);
        two.instances = 2;
        s.queue("q", queue).consumer("c", "q", two).publish("p", "q", "0 50 100 150 200");
        s.fault(CrashFault{.target = "c", .instance = 0}, 70ms, 20ms);
        const Outcomes o = s.run(1s);
        std::string lanes;
        for (const TraceRecord& record : o.all(TraceKind::Delivered)) {
            lanes += std::to_string(record.lane);
        }
        QCOMPARE(lanes, std::string("00111"));
    }
};

QTEST_APPLESS_MAIN(TestBroker)
#include "tst_broker.moc"
