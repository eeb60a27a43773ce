#include "sim/run/look.h"
#include "sim/scenario/validate.h"
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

QueueSpec handling(double rate) {
    QueueSpec queue;
    queue.serviceRate = rate;
    return queue;
}

ProducerSpec burstOf(std::uint32_t size) {
    ProducerSpec spec;
    spec.arrivals = BurstArrivals{.size = size, .every = 1h, .spacing = 0s};
    return spec;
}

/// How many messages came into the queue at each instant.
std::map<Instant, int> enqueuedAt(const Outcomes& o, const std::string& queue) {
    std::map<Instant, int> times;
    for (const TraceRecord& record : o.all(TraceKind::Enqueued, queue)) {
        ++times[record.at];
    }
    return times;
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

    /// A classic queue that handles so much a second: credit for 400, and 200 more for 200 handled.
    void aConnectionWaitsForCredit() {
        Situation s;
        s.queue("q", handling(100)).producer("p", "q", burstOf(1000));
        const Outcomes o = s.run(1s);
        const View view = lookAt(o.world());
        QCOMPARE(std::get<BrokerView>(view.components[0]).inFlow, 1u);
        QCOMPARE(std::get<BrokerView>(view.components[0]).unread, std::uint64_t{600});
        const std::map<Instant, int> expected{
            {start, 400}, {start + 2s, 200}, {start + 4s, 200}, {start + 6s, 200}};
        QVERIFY(enqueuedAt(s.run(20s), "q") == expected);
        QCOMPARE(s.run(20s).broken(), std::string());
    }

    void inTheLongRunAPublisherIsAsFastAsTheQueue() {
        ProducerSpec fast;
        fast.arrivals = ConstantArrivals{.rate = 200};
        fast.limit = 10'000;
        Situation s;
        s.queue("q", handling(100)).producer("p", "q", fast);
        Outcomes o = s.run(61s);
        QCOMPARE(o.count(TraceKind::Enqueued, "q"), std::size_t{400 + 30 * 200});
        o.run(81s);
        QCOMPARE(o.count(TraceKind::Enqueued, "q"), std::size_t{400 + 40 * 200});
        o.run(10min);
        QCOMPARE(o.count(TraceKind::Enqueued, "q"), std::size_t{10'000});
        QCOMPARE(o.broken(), std::string());
    }

    void whoIsSlowerThanTheQueueNeverWaits() {
        ProducerSpec slow;
        slow.arrivals = ConstantArrivals{.rate = 99};
        slow.limit = 3'000;
        Situation s;
        s.queue("q", handling(100)).queue("free");
        s.producer("p", "q", slow).producer("other", "free", slow);
        const Outcomes o = s.run(1min);
        QCOMPARE(o.timed(TraceKind::Enqueued, "q"), o.timed(TraceKind::Published, "p"));
    }

    void acknowledgementsWaitForCreditToo_data() {
        QTest::addColumn<bool>("one");
        QTest::newRow("one connection") << true;
        QTest::newRow("a connection for each") << false;
    }
    void acknowledgementsWaitForCreditToo() {
        QFETCH(bool, one);
        ConsumerSpec consumer = working(1ms);
        consumer.oneConnection = one;
        consumer.onFailure = OnFailure::Republish;
        consumer.failureRate = 1;
        consumer.retryKeys = {"again"};
        Situation s;
        s.queue("q").queue("again", handling(100)).producer("p", "q", burstOf(600));
        s.consumer("c", "q", consumer).publishLink("c", "again");
        Outcomes o = s.run(2s);
        QCOMPARE(o.count(TraceKind::Enqueued, "again"), std::size_t{400});
        // That of the last one comes behind it.
        QCOMPARE(o.count(TraceKind::Acked, "q"), std::size_t(one ? 399 : 600));
        o.run(2001ms); // the first came after 1 ms: the 200th is handled now
        QCOMPARE(o.count(TraceKind::Enqueued, "again"), std::size_t{600});
        QCOMPARE(o.count(TraceKind::Acked, "q"), std::size_t(one ? 599 : 600));
        o.run(10s);
        QCOMPARE(o.count(TraceKind::Acked, "q"), std::size_t{600});
        QCOMPARE(o.broken(), std::string());
    }

    void theSlowestOfSeveralQueuesDecides() {
        Situation s;
        s.exchange("x", ExchangeType::Fanout).queue("q", handling(100)).queue("r", handling(50));
        s.bind("x", "q").bind("x", "r").producer("p", "x", burstOf(800));
        const std::map<Instant, int> expected{{start, 400}, {start + 4s, 200}, {start + 8s, 200}};
        const Outcomes o = s.run(20s);
        QVERIFY(enqueuedAt(o, "q") == expected);
        QVERIFY(enqueuedAt(o, "r") == expected);
    }

    void aRestartGivesTheWholeCredit() {
        ProducerSpec twice = burstOf(1000);
        std::get<BurstArrivals>(twice.arrivals).every = 5s;
        twice.limit = 2000;
        Situation s;
        s.queue("q", handling(100)).producer("p", "q", twice);
        s.fault(BrokerRestartFault{}, 1s, 1s);
        const Outcomes o = s.run(8s);
        const std::map<Instant, int> expected{{start, 400}, {start + 5s, 400}, {start + 7s, 200}};
        QVERIFY(enqueuedAt(o, "q") == expected);
        QCOMPARE(o.count(TraceKind::Lost), std::size_t{600}); // it had not read them
        QCOMPARE(o.broken(), std::string());
    }

    void aNewConnectionHasTheWholeCredit() {
        Situation s;
        s.queue("q", handling(100)).producer("p", "q", burstOf(1000));
        s.fault(CrashFault{.target = "p", .instance = {}}, 1s, 500ms);
        const Outcomes o = s.run(20s);
        // The queue's process has the first 400 to handle before the next.
        const std::map<Instant, int> expected{
            {start, 400}, {start + 1500ms, 400}, {start + 6s, 200}};
        QVERIFY(enqueuedAt(o, "q") == expected);
        QCOMPARE(o.broken(), std::string());
    }

    void onlyClassicQueuesTakeTheirTime() {
        QueueSpec queue = handling(100);
        queue.type = QueueType::Quorum;
        Situation s;
        s.queue("q", queue);
        const Problems problems = validate(s.scenario);
        QCOMPARE(problems.size(), std::size_t{1});
        QCOMPARE(problems.front().where, std::string("/components/1/service_rate"));
        QVERIFY(problems.front().what.starts_with("is for classic queues"));
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
        // 33 of each channel at a time.
        const std::map<Instant, int> expected{{start + 10ms, 66},
                                              {start + 20ms, 66},
                                              {start + 30ms, 66},
                                              {start + 40ms, 2}};
        QVERIFY(enqueuedAt(o, "q") == expected);
        QCOMPARE(o.broken(), std::string());
    }
};

QTEST_GUILESS_MAIN(TestAlarms)
#include "tst_alarms.moc"
