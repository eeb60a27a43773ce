#include "tests/support/situation.h"

#include <QTest>

using namespace sim;

namespace {

ProducerSpec ofMode(bool persistent) {
    ProducerSpec spec;
    spec.persistent = persistent;
    return spec;
}

ConsumerSpec working(Duration service, std::uint32_t prefetch = 1) {
    ConsumerSpec spec;
    spec.prefetch = prefetch;
    spec.serviceTime = always(service);
    return spec;
}

BrokerRestartFault stop(bool clean) { return {.target = "broker", .clean = clean}; }

} // namespace

/// What a restart of the broker and broken connections do: https://www.rabbitmq.com/docs/queues,
/// https://www.rabbitmq.com/docs/confirms, https://www.rabbitmq.com/docs/reliability
class TestConnections : public QObject {
    Q_OBJECT

private slots:
    void aRestartKeepsWhatIsDurable_data() {
        QTest::addColumn<bool>("durable");
        QTest::addColumn<bool>("clean");
        QTest::addColumn<int>("stopAt");
        QTest::addColumn<std::string>("kept");
        // 1 to 3 are persistent, 4 and 5 transient; each takes 40 ms to the disk; at 0, 1 and 2 ms.
        QTest::newRow("durable, clean") << true << true << 100 << std::string("1 2 3");
        QTest::newRow("durable, killed") << true << false << 100 << std::string("1 2 3");
        QTest::newRow("durable, killed early") << true << false << 41 << std::string("1 2");
        QTest::newRow("durable, clean and early") << true << true << 41 << std::string("1 2 3");
        QTest::newRow("not durable") << false << true << 100 << std::string();
    }
    void aRestartKeepsWhatIsDurable() {
        QFETCH(bool, durable);
        QFETCH(bool, clean);
        QFETCH(int, stopAt);
        QFETCH(std::string, kept);
        Situation s;
        QueueSpec queue;
        queue.durable = durable;
        s.disk(always(40ms)).queue("q", queue);
        s.publish("p", "q", "0 1 2", ofMode(true)).publish("t", "q", "3 3", ofMode(false));
        s.fault(stop(clean), std::chrono::milliseconds{stopAt}, 1s);
        const Outcomes o = s.run();
        QCOMPARE(o.ready("q"), kept);
        for (std::size_t i = 0; i < (kept.size() + 1) / 2; ++i) {
            QCOMPARE(o.message("q", i).has(Redelivered), !clean); // all of them after a kill
        }
        QCOMPARE(o.broken(), std::string());
    }

    void unackedMessagesComeBackRedelivered() {
        Situation s;
        s.queue("q").consumer("c", "q", working(1s, 2)).publish("p", "q", "0 0 0");
        s.fault(stop(true), 500ms, 1s);
        const Outcomes o = s.run(2s);
        QCOMPARE(o.messages(TraceKind::Requeued, "q"), std::string("1 2"));
        std::string flags;
        for (const TraceRecord& record : o.all(TraceKind::Delivered)) {
            flags += (record.flags & Redelivered) != 0 ? "r" : "-";
        }
        QCOMPARE(o.delivered("q"), std::string("1 2 1 2"));
        QCOMPARE(flags, std::string("--rr"));
        QCOMPARE(o.applied("c"), std::string("1")); // at 1 s; its ack found no broker
    }

    void whatIsSentToAStoppedBrokerIsLost() {
        Situation s;
        s.queue("q").publish("p", "q", "0 10", {}, Situation::slow(50ms));
        s.fault(stop(true), 30ms, 1s);
        const Outcomes o = s.run();
        QCOMPARE(o.messages(TraceKind::Lost), std::string("1 2"));
        QCOMPARE(o.ready("q"), std::string());
    }

    void whatWasOnTheWireDiesWithItsConnection() {
        // The broker is up again before the message arrives, but its connection is not.
        Situation s;
        s.queue("q").publish("p", "q", "0 70", {}, Situation::slow(50ms));
        s.fault(stop(true), 10ms, 10ms);
        const Outcomes o = s.run();
        QCOMPARE(o.messages(TraceKind::Lost), std::string("1"));
        QCOMPARE(o.ready("q"), std::string("2"));
    }

    void theNewsOfAStopTakesItsTime_data() {
        QTest::addColumn<int>("length");
        QTest::addColumn<std::string>("enqueued");
        QTest::newRow("long") << 1000 << std::string("1@50ms 5@1155ms");
        QTest::newRow("shorter than the way") << 10 << std::string("1@50ms 5@210ms");
    }
    void theNewsOfAStopTakesItsTime() {
        QFETCH(int, length);
        QFETCH(std::string, enqueued);
        Situation s;
        s.queue("q").publish("p", "q", "0 100 120 140 160", {}, Situation::slow(50ms));
        s.fault(stop(false), 105ms, std::chrono::milliseconds{length}); // it hears at 155 ms
        const Outcomes o = s.run();
        QCOMPARE(o.messages(TraceKind::Lost), std::string("2 3 4"));
        QCOMPARE(o.timed(TraceKind::Enqueued, "q"), enqueued);
        QCOMPARE(o.broken(), std::string());
    }

    void repliesThatLeftBeforeAStopArrive() {
        Situation s;
        ProducerSpec producer;
        producer.confirms = ConfirmSpec{};
        s.queue("q").publish("p", "q", "0", producer, Situation::slow(50ms));
        s.fault(stop(true), 60ms, 10ms);
        const Outcomes o = s.run();
        QCOMPARE(o.timed(TraceKind::ConfirmReceived, "p"), std::string("1@100ms"));
        QCOMPARE(o.ready("q"), std::string("1"));
    }

    void deliveriesThatLeftBeforeAStopArrive() {
        Situation s;
        s.queue("q").publish("p", "q", "0");
        s.consumer("c", "q", working(1ms), Situation::slow(50ms));
        s.fault(stop(true), 30ms, 10ms); // it hears at 80 ms, and the broker of it at 130 ms
        const Outcomes o = s.run();
        QCOMPARE(o.timed(TraceKind::Applied, "c"), std::string("1@51ms 1@181ms"));
        QCOMPARE(o.timed(TraceKind::Lost), std::string("1@101ms")); // its first ack
        QCOMPARE(o.broken(), std::string());
    }

    void theNewsOfAStopDoesNotEndALaterConnection() {
        Situation s;
        s.queue("q").publish("p", "q", "0");
        s.consumer("c", "q", working(1ms), Situation::slow(50ms));
        s.fault(stop(true), 30ms, 10ms);
        s.fault(CrashFault{.target = "c", .instance = {}}, 45ms, 20ms); // connects at 65 ms
        const Outcomes o = s.run();
        QCOMPARE(o.timed(TraceKind::Applied, "c"), std::string("1@166ms"));
        QCOMPARE(o.count(TraceKind::Disconnected), 0u);
    }

    void producersWaitForTheBroker() {
        Situation s;
        s.queue("q").publish("p", "q", "0 20 30", {}, Situation::slow(1ms));
        s.fault(stop(true), 10ms, 90ms);
        QCOMPARE(s.run().timed(TraceKind::Enqueued, "q"), std::string("1@1ms 2@101ms 3@101ms"));
    }

    void confirmsOfAnEarlierLifeDoNotCome() {
        Situation s;
        ProducerSpec producer;
        producer.confirms = ConfirmSpec{};
        producer.confirms->timeout = 1s;
        s.disk(always(40ms)).queue("q").publish("p", "q", "0", producer);
        s.fault(stop(false), 10ms, 10ms);
        const Outcomes o = s.run();
        QCOMPARE(o.timed(TraceKind::ConfirmSent), std::string("1@1040ms"));
        QCOMPARE(o.timed(TraceKind::ConfirmTimedOut, "p"), std::string("1@1000ms"));
        QCOMPARE(o.ready("q"), std::string("1"));
    }

    void repliesDieWithTheirConnection_data() {
        QTest::addColumn<int>("latency");
        QTest::addColumn<int>("disk");
        QTest::addColumn<bool>("mandatory");
        QTest::addColumn<std::string>("lost");
        QTest::newRow("a confirm on the wire") << 50 << 0 << false << std::string("1@100ms");
        QTest::newRow("a confirm that waits for the disk") << 1 << 200 << false << std::string();
        QTest::newRow("a return on the wire") << 50 << 0 << true << std::string("1@100ms 1@100ms");
    }
    void repliesDieWithTheirConnection() {
        QFETCH(int, latency);
        QFETCH(int, disk);
        QFETCH(bool, mandatory);
        QFETCH(std::string, lost);
        Situation s;
        ProducerSpec producer;
        producer.mandatory = mandatory;
        producer.confirms = ConfirmSpec{};
        producer.confirms->timeout = 1s;
        producer.confirms->retries = 0;
        s.disk(always(std::chrono::milliseconds{disk}))
            .queue("q")
            .exchange("x", ExchangeType::Direct);
        s.publish("p", mandatory ? "x" : "q", "0", producer,
                  Situation::slow(std::chrono::milliseconds{latency}));
        s.fault(PartitionFault{.from = "p", .to = mandatory ? "x" : "q", .closesAfter = 10ms}, 60ms,
                30ms); // over before the disk is done or the reply arrives
        const Outcomes o = s.run();
        QCOMPARE(o.timed(TraceKind::Lost), lost);
        QCOMPARE(o.count(TraceKind::ConfirmReceived) + o.count(TraceKind::ReturnReceived), 0u);
        QCOMPARE(o.count(TraceKind::ConfirmTimedOut), 1u);
        QCOMPARE(o.broken(), std::string());
    }

    void clientsDeclareWhatTheyUseAgain() {
        Situation s;
        QueueSpec queue;
        queue.durable = false;
        ExchangeSpec exchange;
        exchange.durable = false;
        s.queue("q", queue).exchange("x", ExchangeType::Fanout, exchange).bind("x", "q");
        s.publish("p", "x", "0 2000").consumer("c", "q", working(1ms));
        s.fault(stop(true), 1s, 100ms);
        QCOMPARE(s.run().applied("c"), std::string("1 2"));
    }

    void aQueueThatNobodyDeclaresAgainStaysAway() {
        Situation s;
        QueueSpec queue;
        queue.durable = false;
        s.queue("q", queue).exchange("x", ExchangeType::Fanout).bind("x", "q");
        s.publish("p", "x", "0 2000");
        s.fault(stop(true), 1s, 100ms);
        const Outcomes o = s.run();
        QCOMPARE(o.ready("q"), std::string());
        QCOMPARE(o.messages(TraceKind::Unroutable, "x"), std::string("2"));
    }

    void bindingsOfWhatIsGoneComeWithTheirConsumer_data() {
        QTest::addColumn<bool>("exchangeLasts");
        QTest::addColumn<bool>("queueLasts");
        QTest::addColumn<std::string>("applied");
        QTest::newRow("both are durable") << true << true << std::string("1 2 3");
        QTest::newRow("the queue is") << false << true << std::string("1 3");
        QTest::newRow("the exchange is") << true << false << std::string("1 3");
        QTest::newRow("neither is") << false << false << std::string("1 3");
    }
    void bindingsOfWhatIsGoneComeWithTheirConsumer() {
        QFETCH(bool, exchangeLasts);
        QFETCH(bool, queueLasts);
        QFETCH(std::string, applied);
        Situation s;
        QueueSpec queue;
        queue.durable = queueLasts;
        ExchangeSpec exchange;
        exchange.durable = exchangeLasts;
        s.queue("q", queue).exchange("x", ExchangeType::Fanout, exchange).bind("x", "q");
        s.publish("p", "x", "0 1000 3000").consumer("c", "q", working(1ms));
        s.fault(CrashFault{.target = "c", .instance = {}}, 100ms, 1900ms);
        s.fault(stop(true), 500ms, 100ms);
        const Outcomes o = s.run();
        QCOMPARE(o.applied("c"), applied);
        QCOMPARE(o.count(TraceKind::Unroutable) + o.count(TraceKind::Applied), 3u);
    }

    void publishersDeclareWhatTheirExchangeLeadsTo() {
        Situation s;
        ExchangeSpec gone;
        gone.durable = false;
        s.queue("q")
            .exchange("x", ExchangeType::Fanout, gone)
            .exchange("y", ExchangeType::Fanout, gone);
        s.exchange("z", ExchangeType::Fanout).bind("x", "y").bind("y", "z").bind("z", "q");
        s.publish("p", "x", "0 1000").fault(stop(true), 500ms, 100ms);
        QCOMPARE(s.run().ready("q"), std::string("1 2"));
    }

    void publishesDoNotOvertakeTheirDeclaration_data() {
        QTest::addColumn<int>("channels");
        QTest::addColumn<bool>("fifo");
        QTest::newRow("channels overtake each other") << 4 << true;
        QTest::newRow("messages overtake each other") << 1 << false;
    }
    void publishesDoNotOvertakeTheirDeclaration() {
        QFETCH(int, channels);
        QFETCH(bool, fifo);
        Situation s;
        QueueSpec queue;
        queue.durable = false;
        ProducerSpec producer;
        producer.channels = static_cast<std::uint32_t>(channels);
        NetworkSpec network = Situation::slow(1ms);
        network.latency = Distribution::exponential(20e6);
        network.fifo = fifo;
        s.queue("q", queue).fault(stop(true), 100ms, 900ms);
        s.publish("p", "q", "600 600 600 600 600 600 600 600 600 600 600 600", producer, network);
        const Outcomes o = s.run();
        QCOMPARE(o.count(TraceKind::Unroutable), 0u);
        QCOMPARE(o.count(TraceKind::Enqueued, "q"), 12u);
    }

    void consumersDeclareWhereTheyRepublish() {
        Situation s;
        ConsumerSpec consumer = working(1ms);
        consumer.failureRate = 1;
        consumer.onFailure = OnFailure::Republish;
        consumer.giveUpKey = std::string("k");
        ExchangeSpec gone;
        gone.durable = false;
        s.queue("q").queue("dead").exchange("x", ExchangeType::Fanout).bind("x", "dead");
        s.exchange("retry", ExchangeType::Fanout, gone).bind("retry", "x");
        s.consumer("c", "q", consumer).publishLink("c", "retry").publish("p", "q", "0 1000");
        s.fault(stop(true), 500ms, 100ms);
        QCOMPARE(s.run().ready("dead"), std::string("1 2"));
    }

    void timeGoesOnForMessagesOfAStoppedBroker() {
        Situation s;
        QueueSpec queue;
        queue.messageTtl = 1s;
        s.queue("q", queue).publish("p", "q", "0");
        s.fault(stop(true), 500ms, 2s);
        QCOMPARE(s.run().timed(TraceKind::Dropped, "q"), std::string("1@2500ms"));
    }

    void limitsHoldForWhatComesBackAtARestart() {
        Situation s;
        QueueSpec queue;
        queue.maxLength = 2;
        s.queue("q", queue).consumer("c", "q", working(1h, 2)).publish("p", "q", "0 0 0 0");
        s.fault(stop(true), 1s, 1s).fault(CrashFault{.target = "c", .instance = {}}, 1500ms);
        const Outcomes o = s.run(10s);
        QCOMPARE(o.ready("q"), std::string("3 4"));
        QCOMPARE(o.messages(TraceKind::Dropped, "q"), std::string("1 2"));
    }

    void twoStopsAtOnceEndWithTheLast() {
        Situation s;
        s.queue("q").publish("p", "q", "0");
        s.fault(stop(true), 1s, 2s).fault(stop(true), 2s, 2s);
        const Outcomes o = s.run();
        QVERIFY(o.all(TraceKind::BrokerUp).size() == 1);
        QVERIFY(o.all(TraceKind::BrokerUp)[0].at == start + 4s);
    }

    void aPartitionHoldsEverythingUntilItEnds() {
        Situation s;
        s.queue("q").consumer("c", "q", working(10ms)).publish("p", "q", "0 100 200");
        s.fault(PartitionFault{.from = "q", .to = "c", .closesAfter = {}}, 5ms, 495ms);
        const Outcomes o = s.run();
        QCOMPARE(o.timed(TraceKind::Applied, "c"), std::string("1@10ms 2@510ms 3@520ms"));
        QCOMPARE(o.timed(TraceKind::Acked, "q"), std::string("1@500ms 2@510ms 3@520ms"));
        QCOMPARE(o.count(TraceKind::Lost), 0u);
    }

    void aPartitionThatClosesConnectionsRequeues() {
        Situation s;
        s.queue("q").consumer("c", "q", working(10ms, 2)).publish("p", "q", "0 0 100");
        s.fault(PartitionFault{.from = "q", .to = "c", .closesAfter = 200ms}, 5ms, 495ms);
        const Outcomes o = s.run();
        // Both were worked on, their acks were lost with the connection: they come again.
        QCOMPARE(o.timed(TraceKind::Requeued, "q"), std::string("1@205ms 2@205ms"));
        QCOMPARE(o.timed(TraceKind::Applied, "c"),
                 std::string("1@10ms 2@20ms 1@510ms 2@520ms 3@530ms"));
        QVERIFY(o.all(TraceKind::Requeued)[0].reason == Reason::Disconnect);
        QCOMPARE(o.broken(), std::string());
    }

    void aCrashBehindAPartitionIsNotSeenByTheBroker() {
        Situation s;
        s.queue("q").consumer("c", "q", working(1h)).consumer("d", "q", working(10ms, 2));
        s.publish("p", "q", "0");
        s.fault(PartitionFault{.from = "q", .to = "c", .closesAfter = {}}, 5ms, 495ms);
        s.fault(CrashFault{.target = "c", .instance = {}}, 100ms);
        const Outcomes o = s.run();
        QCOMPARE(o.timed(TraceKind::Requeued, "q"), std::string("1@500ms"));
        QCOMPARE(o.timed(TraceKind::Applied, "d"), std::string("1@510ms"));
    }

    void aConnectionThatBrokeOnTheWayOpensNothing_data() {
        QTest::addColumn<bool>("autoAck");
        QTest::newRow("acks by itself") << true;   // what is delivered then is lost
        QTest::newRow("acks after work") << false; // or stays with nobody
    }
    void aConnectionThatBrokeOnTheWayOpensNothing() {
        QFETCH(bool, autoAck);
        Situation s;
        ConsumerSpec consumer = working(1ms);
        consumer.ackMode = autoAck ? AckMode::Auto : AckMode::After;
        s.queue("q").publish("p", "q", "1000 1100");
        s.consumer("c", "q", consumer, Situation::slow(100ms));
        s.consumer("d", "q", working(1ms));
        s.fault(CrashFault{.target = "d", .instance = {}}, 0ms, 2s);
        s.fault(CrashFault{.target = "c", .instance = {}}, 50ms, 450ms); // it comes at 600 ms
        s.fault(PartitionFault{.from = "q", .to = "c", .closesAfter = 10ms}, 510ms, 30s);
        const Outcomes o = s.run(10s);
        QCOMPARE(o.delivered("q", "c"), std::string());
        QCOMPARE(o.timed(TraceKind::Applied, "d"), std::string("1@2001ms 2@2002ms"));
    }

    void aProducerBehindAPartitionWaitsOrKeepsSending_data() {
        QTest::addColumn<bool>("closes");
        QTest::addColumn<std::string>("lost");
        QTest::addColumn<std::string>("enqueued");
        QTest::newRow("the connection survives") << false << std::string()
                                                 << std::string("1@0ms 2@500ms 3@500ms");
        QTest::newRow("the connection closes") << true << std::string("2")
                                               << std::string("1@0ms 3@500ms");
    }
    void aProducerBehindAPartitionWaitsOrKeepsSending() {
        QFETCH(bool, closes);
        QFETCH(std::string, lost);
        QFETCH(std::string, enqueued);
        Situation s;
        PartitionFault partition{.from = "p", .to = "q", .closesAfter = {}};
        if (closes) {
            partition.closesAfter = 200ms;
        }
        s.queue("q").publish("p", "q", "0 100 300").fault(partition, 5ms, 495ms);
        const Outcomes o = s.run();
        QCOMPARE(o.messages(TraceKind::Lost), lost);
        QCOMPARE(o.timed(TraceKind::Enqueued, "q"), enqueued);
        QCOMPARE(o.broken(), std::string());
    }

    void whereTheBrokerIsDownAsWellBothMustEnd_data() {
        QTest::addColumn<int>("partitionEnds");
        QTest::addColumn<int>("brokerEnds");
        QTest::newRow("the partition first") << 500 << 900;
        QTest::newRow("the broker first") << 900 << 500;
    }
    void whereTheBrokerIsDownAsWellBothMustEnd() {
        QFETCH(int, partitionEnds);
        QFETCH(int, brokerEnds);
        Situation s;
        s.queue("q").publish("p", "q", "0 600").consumer("c", "q", working(1ms));
        const PartitionFault out{.from = "p", .to = "q", .closesAfter = 10ms};
        const PartitionFault in{.from = "q", .to = "c", .closesAfter = 10ms};
        const auto until = [](int ms) { return std::chrono::milliseconds{ms - 100}; };
        s.fault(out, 100ms, until(partitionEnds)).fault(in, 100ms, until(partitionEnds));
        s.fault(stop(true), 100ms, until(brokerEnds));
        const Outcomes o = s.run();
        QCOMPARE(o.count(TraceKind::Lost), 0u);
        QCOMPARE(o.timed(TraceKind::Applied, "c"), std::string("1@1ms 2@901ms"));
    }
};

QTEST_APPLESS_MAIN(TestConnections)
#include "tst_connections.moc"
