#include "tests/support/situation.h"

#include <QTest>

using namespace sim;

namespace {

ConsumerSpec holding(std::uint32_t prefetch, Duration serviceTime = 1h) {
    ConsumerSpec spec;
    spec.prefetch = prefetch;
    spec.concurrency = std::max(1u, prefetch);
    spec.serviceTime = always(serviceTime);
    return spec;
}

QueueSpec singleActive(QueueType type) {
    QueueSpec spec;
    spec.type = type;
    spec.singleActiveConsumer = true;
    return spec;
}

CrashFault crashOf(const std::string& consumer) {
    CrashFault crash;
    crash.target = consumer;
    return crash;
}

void setPriority(Situation& s, const std::string& consumer, std::int32_t priority) {
    for (LinkSpec& link : s.scenario.links) {
        auto* consume = std::get_if<ConsumeLink>(&link);
        if (consume != nullptr && consume->to == consumer) {
            consume->priority = priority;
        }
    }
}

} // namespace

/// Who gets the next message: https://www.rabbitmq.com/docs/consumer-priority,
/// https://www.rabbitmq.com/docs/consumers#single-active-consumer; and when a broker takes its
/// messages back: https://www.rabbitmq.com/docs/consumers#acknowledgement-timeout
class TestConsumerPriority : public QObject {
    Q_OBJECT

private slots:
    void theHighestThatCanTakeGetsIt_data() { // T44
        QTest::addColumn<QueueType>("type");
        QTest::newRow("classic") << QueueType::Classic;
        QTest::newRow("quorum") << QueueType::Quorum;
    }
    void theHighestThatCanTakeGetsIt() {
        QFETCH(QueueType, type);
        QueueSpec queue;
        queue.type = type;
        Situation s;
        s.queue("q", queue).consumer("low", "q", holding(10)).consumer("high", "q", holding(1));
        s.publish("p", "q", "0 1 2");
        setPriority(s, "high", 10);
        const Outcomes o = s.run(1s);
        QCOMPARE(o.delivered("q", "high"), std::string("1"));
        QCOMPARE(o.delivered("q", "low"), std::string("2 3"));
    }

    void equalsTakeTurnsBehindAHigherOne() {
        Situation s;
        s.queue("q");
        s.consumer("a", "q", holding(2)).consumer("high", "q", holding(1)).consumer("b", "q", holding(2));
        s.publish("p", "q", "0 1 2 3 4");
        setPriority(s, "high", 1);
        const Outcomes o = s.run(1s);
        QCOMPARE(o.delivered("q", "high"), std::string("1"));
        QCOMPARE(o.delivered("q", "a"), std::string("2 4"));
        QCOMPARE(o.delivered("q", "b"), std::string("3 5"));
    }

    void aHigherOneIsServedAgainAsSoonAsItCan() {
        Situation s;
        s.queue("q").consumer("low", "q", holding(1, 100ms)).consumer("high", "q", holding(1, 10ms));
        s.publish("p", "q", "0 0 0 0 0");
        setPriority(s, "high", 1);
        const Outcomes o = s.run(1s);
        QCOMPARE(o.delivered("q", "high"), std::string("1 3 4 5"));
    }

    void aClassicQueueKeepsItsActiveConsumer() { // T45
        Situation s;
        s.queue("q", singleActive(QueueType::Classic)).consumer("c1", "q", holding(1, 10ms));
        s.consumer("c0", "q", holding(1, 10ms)).consumer("c2", "q", holding(1, 10ms));
        s.publish("p", "q", "0 50 200");
        s.fault(crashOf("c1"), 100ms);
        setPriority(s, "c2", 10);
        const Outcomes o = s.run(1s);
        QCOMPARE(o.delivered("q", "c1"), std::string("1 2"));
        QCOMPARE(o.delivered("q", "c2"), std::string("3"));
    }

    void aQuorumQueueChangesToAHigherOne_data() { // T46
        QTest::addColumn<RabbitmqVersion>("version");
        QTest::addColumn<bool>("changes");
        QTest::newRow("3.13 knows no such priority") << RabbitmqVersion::V3_13 << false;
        QTest::newRow("4.0-4.2") << RabbitmqVersion::V4_0 << true;
        QTest::newRow("4.3") << RabbitmqVersion::V4_3 << true;
    }
    void aQuorumQueueChangesToAHigherOne() {
        QFETCH(RabbitmqVersion, version);
        QFETCH(bool, changes);
        Situation s;
        s.queue("q", singleActive(QueueType::Quorum)).consumer("c1", "q", holding(2, 100ms));
        s.consumer("c2", "q", holding(2, 10ms)).fault(crashOf("c2"), 0s, 50ms);
        // c1 holds 1 when c2 comes; 2 waits until c1 has acknowledged it.
        s.publish("p", "q", "0 60 200").version(version);
        setPriority(s, "c2", 10);
        s.fault(crashOf("c2"), 500ms);
        const Outcomes o = s.run(1s);
        QCOMPARE(o.delivered("q", "c1"), std::string(changes ? "1" : "1 2 3"));
        QCOMPARE(o.timed(TraceKind::Delivered, "q", "c2"),
                 std::string(changes ? "2@100ms 3@200ms" : ""));
    }

    void anOverdueAcknowledgementClosesTheChannel_data() { // T63
        QTest::addColumn<QueueType>("type");
        QTest::addColumn<RabbitmqVersion>("version");
        QTest::addColumn<bool>("closes");
        QTest::newRow("4.2, classic") << QueueType::Classic << RabbitmqVersion::V4_0 << true;
        QTest::newRow("4.2, quorum") << QueueType::Quorum << RabbitmqVersion::V4_0 << true;
        QTest::newRow("4.3, classic") << QueueType::Classic << RabbitmqVersion::V4_3 << false;
    }
    void anOverdueAcknowledgementClosesTheChannel() {
        QFETCH(QueueType, type);
        QFETCH(RabbitmqVersion, version);
        QFETCH(bool, closes);
        QueueSpec queue;
        queue.type = type;
        Situation s;
        s.queue("q", queue).consumer("c", "q", holding(10, 10h)).version(version);
        s.publish("p", "q", "10000 10001 10002 10003 10004 10005 10006 10007 10008 10009 10010");
        const Outcomes o = s.run(40min);
        const auto back = o.all(TraceKind::Requeued, "q");
        QCOMPARE(back.size(), std::size_t(closes ? 10 : 0));
        if (closes) {
            const Duration after = back.front().at - start;
            QVERIFY(after >= 30min + 10s && after <= 31min + 10s);
            QCOMPARE(back.front().reason, Reason::AckTimeout);
        }
        QCOMPARE(o.broken(), std::string());
    }

    void anAcknowledgementInTimeKeepsTheChannel() {
        Situation s;
        s.queue("q").consumer("c", "q", holding(1, 29min)).publish("p", "q", "0 1 2 3 4");
        const Outcomes o = s.run(5h);
        QCOMPARE(o.count(TraceKind::Requeued), std::size_t{0});
        QCOMPARE(o.count(TraceKind::Applied), std::size_t{5});
    }

    void aRunRestsThoughATimerIsLeft() {
        Situation s;
        s.queue("q").consumer("c", "q", holding(1, 1s)).publish("p", "q", "0 1");
        Outcomes o = s.run(1500ms);
        QVERIFY(!o.world().isAtRest());
        o.run(3s);
        QVERIFY(o.world().isAtRest());
        QVERIFY(o.world().next() != never);
    }

    void withoutATimeoutNothingIsTakenBack() {
        BrokerSpec broker;
        broker.consumerTimeout = std::nullopt;
        Situation s;
        s.broker(broker).queue("q").consumer("c", "q", holding(1, 10h)).publish("p", "q", "0");
        QCOMPARE(s.run(20h).count(TraceKind::Requeued), std::size_t{0});
    }
};

QTEST_GUILESS_MAIN(TestConsumerPriority)
#include "tst_consumer_priority.moc"
