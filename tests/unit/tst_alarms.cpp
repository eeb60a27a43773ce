#include "tests/support/situation.h"

#include <QTest>

using namespace sim;

namespace {

ProducerSpec confirming(Duration timeout = 1h, std::uint32_t retries = 0) {
    ProducerSpec spec;
    spec.confirms = ConfirmSpec{.timeout = timeout, .retries = retries};
    return spec;
}

ConsumerSpec working(Duration serviceTime, std::uint32_t prefetch = 0) {
    ConsumerSpec spec;
    spec.prefetch = prefetch;
    spec.serviceTime = always(serviceTime);
    return spec;
}

} // namespace

/// Alarms and flow control: https://www.rabbitmq.com/docs/alarms,
/// https://www.rabbitmq.com/docs/connection-blocked, https://www.rabbitmq.com/docs/flow-control
class TestAlarms : public QObject {
    Q_OBJECT

private slots:
    void publishesWaitUntilTheAlarmIsOver_data() {
        QTest::addColumn<AlarmResource>("resource");
        QTest::newRow("memory") << AlarmResource::Memory;
        QTest::newRow("disk") << AlarmResource::Disk;
    }
    void publishesWaitUntilTheAlarmIsOver() {
        QFETCH(AlarmResource, resource);
        Situation s;
        s.queue("q").publish("p", "q", "0 1000 2000 5000", confirming());
        s.fault(AlarmFault{.target = {}, .resource = resource}, 500ms, 3s);
        const Outcomes o = s.run(10s);
        QCOMPARE(o.timed(TraceKind::Enqueued, "q"),
                 std::string("1@0ms 2@3500ms 3@3500ms 4@5000ms"));
        QCOMPARE(o.timed(TraceKind::ConfirmSent),
                 std::string("1@0ms 2@3500ms 3@3500ms 4@5000ms"));
        QCOMPARE(o.count(TraceKind::ConnectionBlocked), std::size_t{1});
        QCOMPARE(o.count(TraceKind::ConnectionUnblocked), std::size_t{1});
        QCOMPARE(o.broken(), std::string());
    }

    void allAlarmsMustBeOver() {
        Situation s;
        s.queue("q").publish("p", "q", "1000");
        s.fault(AlarmFault{}, 0s, 3s).fault(AlarmFault{}, 2s, 3s);
        QCOMPARE(s.run(10s).timed(TraceKind::Enqueued, "q"), std::string("1@5000ms"));
    }

    void consumersGoOn() {
        Situation s;
        s.queue("q").publish("p", "q", "0 0 0").consumer("c", "q", working(100ms, 1));
        s.fault(AlarmFault{}, 50ms, 10s);
        const Outcomes o = s.run(5s);
        QCOMPARE(o.applied("c"), std::string("1 2 3"));
        QCOMPARE(o.count(TraceKind::Acked), std::size_t{3});
    }

    /// A consumer that republishes by the connection that it consumes by is not heard any more, and
    /// gets what its prefetch allows.
    void acknowledgementsOfAConnectionThatPublishesWait_data() { // T55
        QTest::addColumn<bool>("one");
        QTest::newRow("one connection") << true;
        QTest::newRow("a connection for each") << false;
    }
    void acknowledgementsOfAConnectionThatPublishesWait() {
        QFETCH(bool, one);
        ConsumerSpec consumer = working(100ms, 2);
        consumer.oneConnection = one;
        consumer.onFailure = OnFailure::Republish;
        consumer.failureRate = 1;
        consumer.retryKeys = {"again"};
        Situation s;
        s.queue("q").queue("again").publish("p", "q", "0 0 0 0 0").consumer("c", "q", consumer);
        s.publishLink("c", "again").fault(AlarmFault{}, 50ms, 3s);
        const Outcomes o = s.run(10s);
        const auto acked = o.all(TraceKind::Acked, "q");
        QCOMPARE(acked.size(), std::size_t{5});
        QCOMPARE(acked.front().at, start + (one ? 3050ms : 100ms));
        const auto delivered = o.all(TraceKind::Delivered, "q");
        QCOMPARE(std::ranges::count_if(delivered, [](const TraceRecord& r) { return r.at < start + 3s; }),
                 std::ptrdiff_t(one ? 2 : 5));
        QCOMPARE(o.all(TraceKind::Enqueued, "again").front().at, start + 3050ms);
        QCOMPARE(o.broken(), std::string());
    }

    void aProducerThatHeedsTheNoticeKeepsItsMessages() {
        ProducerSpec heeding = confirming(500ms, 3);
        heeding.heedsBlocked = true;
        Situation s;
        s.queue("q").publish("heeds", "q", "1000 1100 1200", heeding);
        s.publish("ignores", "q", "1000 1100 1200", confirming(500ms, 3));
        s.fault(AlarmFault{}, 0s, 1800ms);
        const Outcomes o = s.run(20s);
        // The one was on its way when the notice came; the others were not sent. Who does not heed
        // it publishes everything again.
        QCOMPARE(o.count(TraceKind::Published, "heeds"), std::size_t{4});
        QCOMPARE(o.count(TraceKind::Published, "ignores"), std::size_t{6});
        QCOMPARE(o.broken(), std::string());
    }

    void aRestartLosesWhatWasNotRead() {
        Situation s;
        s.queue("q").publish("p", "q", "1000 5000").fault(AlarmFault{}, 0s, 4s);
        s.fault(BrokerRestartFault{}, 2s, 1s);
        const Outcomes o = s.run(20s);
        QCOMPARE(o.messages(TraceKind::Lost), std::string("1"));
        QCOMPARE(o.ready("q"), std::string("2"));
        QCOMPARE(o.broken(), std::string());
    }

    void aChannelWaitsWhileAQuorumQueueHasTooMuchOfIt() {
        QueueSpec queue;
        queue.type = QueueType::Quorum;
        BrokerSpec broker;
        broker.commitDelay = always(10ms);
        ProducerSpec burst;
        burst.arrivals = BurstArrivals{.size = 100, .every = 1h, .spacing = 0s};
        Situation s;
        s.broker(broker).queue("q", queue).producer("p", "q", burst).producer("other", "q", burst);
        const Outcomes o = s.run(1s);
        std::map<Instant, int> times;
        for (const TraceRecord& record : o.all(TraceKind::Enqueued, "q")) {
            ++times[record.at];
        }
        // 33 of each channel at a time.
        const std::map<Instant, int> expected{{start + 10ms, 66},
                                              {start + 20ms, 66},
                                              {start + 30ms, 66},
                                              {start + 40ms, 2}};
        QVERIFY(times == expected);
        QCOMPARE(o.broken(), std::string());
    }
};

QTEST_GUILESS_MAIN(TestAlarms)
#include "tst_alarms.moc"
