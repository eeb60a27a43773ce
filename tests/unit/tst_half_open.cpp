#include "tests/support/situation.h"

#include <QTest>

using namespace sim;

namespace {

CrashFault vanishing(const std::string& consumer) {
    return CrashFault{.target = consumer, .instance = {}, .silent = true};
}

ConsumerSpec working(std::uint32_t prefetch, Duration serviceTime) {
    ConsumerSpec spec;
    spec.prefetch = prefetch;
    spec.serviceTime = always(serviceTime);
    return spec;
}

Situation& heartbeat(Situation& s, Duration timeout) {
    for (ComponentEntry& entry : s.scenario.components) {
        if (auto* broker = std::get_if<BrokerSpec>(&entry.spec)) {
            broker->heartbeat = timeout;
        }
    }
    return s;
}

} // namespace

/// Clients that vanish without closing their connections: https://www.rabbitmq.com/docs/heartbeats
class TestHalfOpen : public QObject {
    Q_OBJECT

private slots:
    void itIsMissedAtACheckOfTheTimeout_data() {
        QTest::addColumn<int>("vanishesAt");
        QTest::addColumn<QString>("requeued");
        QTest::newRow("as it connects") << 0 << "1@30000ms";
        QTest::newRow("late before a check") << 9999 << "1@30000ms";
        QTest::newRow("at a check") << 10'000 << "1@40000ms";
        QTest::newRow("later") << 25'000 << "1@50000ms";
    }
    void itIsMissedAtACheckOfTheTimeout() {
        QFETCH(int, vanishesAt);
        QFETCH(QString, requeued);
        Situation s;
        s.queue("q").publish("p", "q", "0").consumer("c", "q", working(1, 1h));
        s.fault(vanishing("c"), std::chrono::milliseconds{vanishesAt});
        const Outcomes o = heartbeat(s, 10s).run(10min);
        QCOMPARE(o.timed(TraceKind::Requeued, "q"), requeued.toStdString());
        QCOMPARE(o.all(TraceKind::Requeued)[0].reason, Reason::Heartbeat);
        QCOMPARE(o.broken(), std::string());
    }

    void untilThenItsPrefetchFillsUp() {
        Situation s;
        s.queue("q").publish("p", "q", "20 20 20 20 20").consumer("a", "q", working(2, 1h));
        s.consumer("b", "q", working(1, 10ms)).fault(vanishing("a"), 10ms);
        const Outcomes o = s.run(10min);
        QCOMPARE(o.delivered("q", "a"), std::string("1 3"));
        QCOMPARE(o.timed(TraceKind::Lost), std::string("1@20ms 3@20ms"));
        QCOMPARE(o.timed(TraceKind::Applied, "b"),
                 std::string("2@30ms 4@40ms 5@50ms 1@180010ms 3@180020ms"));
        QCOMPARE(o.broken(), std::string());
    }

    void whoComesBackFindsItsFormerConnectionThere() {
        Situation s;
        s.queue("q").publish("p", "q", "0 0 0 0").consumer("c", "q", working(2, 100ms));
        s.fault(vanishing("c"), 10ms, 1s);
        const Outcomes o = s.run(10min);
        QCOMPARE(o.timed(TraceKind::Applied, "c"),
                 std::string("3@1110ms 4@1210ms 1@180100ms 2@180200ms"));
        QCOMPARE(o.timed(TraceKind::Requeued, "q"), std::string("1@180000ms 2@180000ms"));
        QCOMPARE(o.broken(), std::string());
    }

    void whatComesGoesToTheFormerConnectionToo() {
        Situation s;
        s.queue("q").publish("p", "q", "2000 2000 2000 2000");
        s.consumer("c", "q", working(2, 100ms)).fault(vanishing("c"), 10ms, 1s);
        const Outcomes o = s.run(10s);
        QCOMPARE(o.count(TraceKind::Delivered, "q"), std::size_t{4});
        QCOMPARE(o.count(TraceKind::Lost), std::size_t{2});
        QCOMPARE(o.count(TraceKind::Applied), std::size_t{2});
        QCOMPARE(o.unacked("q"), std::size_t{2});
        QCOMPARE(o.broken(), std::string());
    }

    void itCanVanishAgain() {
        Situation s;
        s.queue("q").publish("p", "q", "0 0 0").consumer("c", "q", working(1, 1h));
        s.fault(vanishing("c"), 10ms, 990ms).fault(vanishing("c"), 70s, 1s);
        const Outcomes o = s.run(10min);
        // The second connection was opened at 1 s, and is last heard of in the check at 121 s.
        QCOMPARE(o.timed(TraceKind::Delivered, "q"), std::string("1@0ms 2@1000ms 3@71000ms"));
        QCOMPARE(o.timed(TraceKind::Requeued, "q"), std::string("1@180000ms 2@241000ms"));
        QCOMPARE(o.unacked("q"), std::size_t{1});
        QCOMPARE(o.broken(), std::string());
    }

    void withoutHeartbeatsItIsMissedWhenItComesBack() {
        Situation s;
        s.queue("q").publish("p", "q", "0 0").consumer("c", "q", working(2, 1h));
        heartbeat(s, 0s).fault(vanishing("c"), 10ms, 1s);
        QCOMPARE(s.run(10min).timed(TraceKind::Requeued, "q"), std::string("1@1010ms 2@1010ms"));

        s.scenario.faults[0].when.duration.reset();
        QCOMPARE(s.run(20min).count(TraceKind::Requeued), std::size_t{0});
    }

    void aSingleActiveConsumerThatVanishesKeepsTheOthersWaiting() {
        for (const QueueType type : {QueueType::Classic, QueueType::Quorum}) {
            QueueSpec queue;
            queue.type = type;
            queue.singleActiveConsumer = true;
            Situation s;
            s.queue("q", queue).publish("p", "q", "0 20").consumer("a", "q", working(1, 1h));
            s.consumer("b", "q", working(1, 10ms)).fault(vanishing("a"), 10ms, 1s);
            const Outcomes o = s.run(10min);
            QCOMPARE(o.timed(TraceKind::Applied), std::string("1@180010ms 2@180020ms"));
            QCOMPARE(o.delivered("q", "a"), std::string("1"));
            QCOMPARE(o.broken(), std::string());
        }
    }

    void automaticAcknowledgementSendsItIntoTheVoid() {
        ConsumerSpec consumer = working(0, 10ms);
        consumer.ackMode = AckMode::Auto;
        Situation s;
        s.queue("q").publish("p", "q", "20 20 200000").consumer("c", "q", consumer);
        const Outcomes o = s.fault(vanishing("c"), 10ms).run(10min);
        QCOMPARE(o.timed(TraceKind::Lost), std::string("1@20ms 2@20ms"));
        QCOMPARE(o.ready("q"), std::string("3"));
    }

    void anAutoDeleteQueueStaysUntilThen() {
        QueueSpec queue;
        queue.autoDelete = true;
        Situation s;
        s.queue("q", queue).publish("p", "q", "0").consumer("c", "q", working(1, 1h));
        s.fault(vanishing("c"), 10ms);
        QCOMPARE(s.run(10min).timed(TraceKind::Dropped, "q"), std::string("1@180000ms"));
    }

    void aPartitionThatClosesEndsBothConnections() {
        Situation s;
        s.queue("q").publish("p", "q", "0 0 0 0").consumer("c", "q", working(2, 1h));
        s.fault(vanishing("c"), 10ms, 1s);
        s.fault(PartitionFault{.from = "q", .to = "c", .closesAfter = 1s}, 2s, 1h);
        const Outcomes o = s.run(30min);
        QCOMPARE(o.timed(TraceKind::Requeued, "q"),
                 std::string("3@3000ms 4@3000ms 1@3000ms 2@3000ms"));
        QCOMPARE(o.ready("q"), std::string("1 2 3 4"));
        QCOMPARE(o.broken(), std::string());
    }

    void theBrokerTakesBothConnectionsWithIt() {
        Situation s;
        s.queue("q").publish("p", "q", "0 0").consumer("c", "q", working(1, 1h));
        s.fault(vanishing("c"), 10ms, 1s);
        s.fault(BrokerRestartFault{.target = {}, .clean = true, .node = {}}, 2s, 1s);
        const Outcomes o = s.run(10min);
        QCOMPARE(o.count(TraceKind::Requeued), std::size_t{2});
        QCOMPARE(o.unacked("q"), std::size_t{1});
        QCOMPARE(o.broken(), std::string());
    }

    void aLimitOfTheChannelStaysWithEachConnection() {
        ConsumerSpec consumer = working(0, 1h);
        consumer.channelPrefetch = 2;
        Situation s;
        s.queue("a").queue("b").publish("p", "a", "0 0 0").publish("r", "b", "1 1");
        s.consumer("c", "a", consumer).consumeLink("b", "c").fault(vanishing("c"), 10ms, 1s);
        const Outcomes o = s.run(1min);
        QCOMPARE(o.unacked("a") + o.unacked("b"), std::size_t{4});
        QCOMPARE(o.broken(), std::string());
    }

    void aProducerThatVanishesJustStops() {
        const auto published = [](bool silent) {
            Situation s;
            s.queue("q").publish("p", "q", "0 100 200");
            s.fault(CrashFault{.target = "p", .instance = {}, .silent = silent}, 50ms, 100ms);
            return s.run().timed(TraceKind::Enqueued);
        };
        QCOMPARE(published(true), published(false));
    }
};

QTEST_GUILESS_MAIN(TestHalfOpen)
#include "tst_half_open.moc"
