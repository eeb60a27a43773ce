#include "tests/support/situation.h"

#include <QTest>

using namespace sim;

namespace {

QueueSpec stream() {
    QueueSpec spec;
    spec.type = QueueType::Stream;
    return spec;
}

ConsumerSpec reader(std::uint32_t instances = 1) {
    ConsumerSpec spec;
    spec.instances = instances;
    spec.prefetch = 10;
    spec.serviceTime = always(1ms);
    return spec;
}

CrashFault crashOf(const std::string& consumer, std::optional<std::uint32_t> instance = {}) {
    CrashFault crash;
    crash.target = consumer;
    crash.instance = instance;
    return crash;
}

CancelFault cancelOf(const std::string& consumer, std::optional<std::uint32_t> instance = {}) {
    CancelFault cancel;
    cancel.target = consumer;
    cancel.instance = instance;
    return cancel;
}

ConsumeLink& linkTo(Situation& s, const std::string& consumer) {
    for (LinkSpec& link : s.scenario.links) {
        auto* consume = std::get_if<ConsumeLink>(&link);
        if (consume != nullptr && consume->to == consumer) {
            return *consume;
        }
    }
    throw std::invalid_argument("nobody consumes as " + consumer);
}

/// Messages at 0, 1, 2 and 3 s, and one at 10 s.
Situation events(const QueueSpec& queue = stream()) {
    Situation s;
    s.queue("s", queue).publish("p", "s", "0 1000 2000 3000 10000");
    return s;
}

} // namespace

/// Streams, as far as AMQP 0-9-1 shows them: https://www.rabbitmq.com/docs/streams
class TestStream : public QObject {
    Q_OBJECT

private slots:
    void everyReaderGetsEverythingAndNothingGoes() {
        Situation s = events();
        s.consumer("a", "s", reader()).consumer("b", "s", reader());
        const Outcomes o = s.run(20s);
        QCOMPARE(o.applied("a"), std::string("1 2 3 4 5"));
        QCOMPARE(o.applied("b"), std::string("1 2 3 4 5"));
        QCOMPARE(o.ready("s"), std::string("1 2 3 4 5"));
        QCOMPARE(o.count(TraceKind::Read, "s"), std::size_t{10});
        QCOMPARE(o.broken(), std::string());
    }

    void everyInstanceReadsEverythingUnlessOneIsActive() {
        const auto applied = [](bool singleActive) {
            Situation s = events();
            s.consumer("c", "s", reader(2));
            linkTo(s, "c").singleActive = singleActive;
            return s.run(20s).applied("c");
        };
        QCOMPARE(applied(false), std::string("1 1 2 2 3 3 4 4 5 5"));
        QCOMPARE(applied(true), std::string("1 2 3 4 5"));
    }

    void aReaderBeginsWhereItAsksTo_data() {
        QTest::addColumn<std::string>("offset");
        QTest::addColumn<std::string>("applied");
        QTest::newRow("first") << std::string("first") << std::string("1 2 3 4 5");
        QTest::newRow("last") << std::string("last") << std::string("4 5");
        QTest::newRow("next") << std::string("next") << std::string("5");
        QTest::newRow("an offset") << std::string("2") << std::string("3 4 5");
        QTest::newRow("beyond the end") << std::string("99") << std::string("5");
        QTest::newRow("a time ago") << std::string("3s") << std::string("3 4 5");
    }
    void aReaderBeginsWhereItAsksTo() {
        QFETCH(std::string, offset);
        QFETCH(std::string, applied);
        Situation s = events();
        s.consumer("c", "s", reader()).fault(crashOf("c"), 0s, 5s);
        linkTo(s, "c").offset = offset;
        // The message of the very first instant was read before the crash, and is read again.
        Outcomes o = s.run(4s);
        const std::size_t before = o.count(TraceKind::Applied);
        QCOMPARE(before, std::size_t{0});
        o.run(20s);
        QCOMPARE(o.applied("c"), applied);
        QCOMPARE(o.broken(), std::string());
    }

    void withoutAStoredOffsetAReaderMissesOrRepeats_data() {
        QTest::addColumn<std::string>("offset");
        QTest::addColumn<bool>("stores");
        QTest::addColumn<std::string>("applied");
        QTest::newRow("next: a gap") << std::string("next") << false << std::string("1 2 5");
        QTest::newRow("first: again") << std::string("first") << false << std::string("1 2 1 2 3 4 5");
        QTest::newRow("stored") << std::string("next") << true << std::string("1 2 3 4 5");
    }
    void withoutAStoredOffsetAReaderMissesOrRepeats() {
        QFETCH(std::string, offset);
        QFETCH(bool, stores);
        QFETCH(std::string, applied);
        Situation s = events();
        s.consumer("c", "s", reader()).fault(crashOf("c"), 1500ms, 3s);
        linkTo(s, "c").offset = offset;
        linkTo(s, "c").storesOffset = stores;
        QCOMPARE(s.run(20s).applied("c"), applied);
    }

    void aCrashAfterTheEffectRepeatsIt() {
        Situation s = events();
        ConsumerSpec consumer = reader();
        consumer.outcomes = {{.outcome = Outcome::Success, .serviceTime = {}},
                             {.outcome = Outcome::CrashAfterEffect, .serviceTime = {}}};
        s.consumer("c", "s", consumer);
        linkTo(s, "c").storesOffset = true;
        QCOMPARE(s.run(20s).applied("c"), std::string("1 2 2 3 4 5"));
    }

    void anotherInstanceGoesOnWhereTheGroupStored() {
        Situation s = events();
        s.consumer("c", "s", reader(2)).fault(crashOf("c", 0), 1500ms);
        linkTo(s, "c").singleActive = true;
        linkTo(s, "c").storesOffset = true;
        const Outcomes o = s.run(20s);
        QCOMPARE(o.applied("c"), std::string("1 2 3 4 5"));
        QCOMPARE(o.all(TraceKind::Applied, "c").back().lane, std::uint16_t{1});
    }

    /// From its offset, which is "next": what came meanwhile it misses.
    void whoConsumesAgainBeginsAnew() {
        Situation s = events();
        s.consumer("c", "s", reader()).fault(cancelOf("c"), 1500ms, 2s);
        QCOMPARE(s.run(20s).applied("c"), std::string("1 2 5"));
    }

    void whoCancelsLeavesTheTurnToAnother() {
        Situation s = events();
        s.consumer("c", "s", reader(2)).fault(cancelOf("c", 0), 1500ms);
        linkTo(s, "c").singleActive = true;
        linkTo(s, "c").storesOffset = true;
        const Outcomes o = s.run(20s);
        QCOMPARE(o.applied("c"), std::string("1 2 3 4 5"));
        QCOMPARE(o.all(TraceKind::Applied, "c").back().lane, std::uint16_t{1});
    }

    void aRejectionBringsNothingBack() {
        Situation s = events();
        ConsumerSpec consumer = reader();
        consumer.prefetch = 1;
        consumer.failureRate = 1;
        s.consumer("c", "s", consumer);
        const Outcomes o = s.run(20s);
        QCOMPARE(o.messages(TraceKind::Failed, "c"), std::string("1 2 3 4 5"));
        QCOMPARE(o.broken(), std::string());
    }

    void thePrefetchLimitsWhatIsOut() {
        Situation s = events();
        ConsumerSpec consumer = reader();
        consumer.prefetch = 2;
        consumer.serviceTime = always(1h);
        s.consumer("c", "s", consumer);
        QCOMPARE(s.run(20s).unacked("s"), std::size_t{2});
    }

    void whatIsTooMuchGoesBySegments() {
        QueueSpec queue = stream();
        queue.segmentBytes = 512; // two messages of 256
        queue.maxLengthBytes = 800;
        Situation s;
        s.queue("s", queue).publish("p", "s", "0 1 2 3 4 5 6");
        const Outcomes o = s.run(1s);
        // 5 begins the third segment, and 1 and 2 are too much; 7 the fourth, and 3 and 4 go.
        QCOMPARE(o.ready("s"), std::string("5 6 7"));
        QCOMPARE(o.all(TraceKind::Dropped, "s").front().reason, Reason::Retention);
        QCOMPARE(o.broken(), std::string());
    }

    void whatIsTooOldGoesWhenASegmentBegins() {
        QueueSpec queue = stream();
        queue.segmentBytes = 512;
        queue.maxAge = 1500ms;
        const Outcomes o = events(queue).run(20s);
        QCOMPARE(o.timed(TraceKind::Dropped, "s"), std::string("1@10000ms 2@10000ms 3@10000ms 4@10000ms"));
        QCOMPARE(o.ready("s"), std::string("5"));
    }

    void aReaderThatIsTooSlowMissesWhatIsGone() {
        QueueSpec queue = stream();
        queue.segmentBytes = 256;
        queue.maxLengthBytes = 256;
        Situation s;
        ConsumerSpec slow = reader();
        slow.prefetch = 1;
        slow.serviceTime = always(10ms);
        s.queue("s", queue).publish("p", "s", "0 1 2 3").consumer("c", "s", slow);
        QCOMPARE(s.run(1s).applied("c"), std::string("1 4"));
    }

    void aRestartKeepsIt() {
        ProducerSpec transient;
        transient.persistent = false;
        Situation s;
        s.queue("s", stream()).publish("p", "s", "0 1", transient).consumer("c", "s", reader());
        s.fault(BrokerRestartFault{.target = {}, .clean = false}, 1s, 1s);
        linkTo(s, "c").offset = "first";
        const Outcomes o = s.run(20s);
        QCOMPARE(o.applied("c"), std::string("1 2 1 2"));
        QCOMPARE(o.broken(), std::string());
    }

    void declarationsItRefuses_data() {
        QTest::addColumn<QueueSpec>("queue");
        const auto row = [](const char* name, auto change) {
            QueueSpec queue = stream();
            change(queue);
            QTest::newRow(name) << queue;
        };
        row("time to live", [](QueueSpec& q) { q.messageTtl = 1s; });
        row("length", [](QueueSpec& q) { q.maxLength = 5; });
        row("overflow", [](QueueSpec& q) { q.overflow = Overflow::RejectPublish; });
        row("dead letters", [](QueueSpec& q) { q.deadLetterExchange = ""; });
        row("expires", [](QueueSpec& q) { q.expires = 1s; });
        row("single active consumer", [](QueueSpec& q) { q.singleActiveConsumer = true; });
        row("not durable", [](QueueSpec& q) { q.durable = false; });
    }
    void declarationsItRefuses() {
        QFETCH(QueueSpec, queue);
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, events(queue).run());
    }

    void consumersItRefuses() {
        ConsumerSpec unlimited = reader();
        unlimited.prefetch = 0;
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, events().consumer("c", "s", unlimited).run());
        ConsumerSpec automatic = reader();
        automatic.ackMode = AckMode::Auto;
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, events().consumer("c", "s", automatic).run());
    }
};

QTEST_GUILESS_MAIN(TestStream)
#include "tst_stream.moc"
