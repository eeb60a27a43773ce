#include "tests/support/situation.h"

#include <QTest>

using namespace sim;

namespace {

CancelFault cancelOf(const std::string& consumer) {
    CancelFault fault;
    fault.target = consumer;
    return fault;
}

CrashFault crashOf(const std::string& consumer) {
    CrashFault fault;
    fault.target = consumer;
    return fault;
}

/// Works on so many at a time.
ConsumerSpec working(std::uint32_t prefetch, Duration serviceTime) {
    ConsumerSpec spec;
    spec.prefetch = prefetch;
    spec.concurrency = prefetch;
    spec.serviceTime = always(serviceTime);
    return spec;
}

QueueSpec quorum() {
    QueueSpec spec;
    spec.type = QueueType::Quorum;
    return spec;
}

/// Takes 1, 2 and 3, cancels, sends 2 back, then 1, and dies with 3. What the next one gets.
std::string orderAfterCancel(const QueueSpec& queue) {
    ConsumerSpec first = working(3, 1h);
    first.outcomes = {{.outcome = Outcome::Failure, .serviceTime = 30ms},
                      {.outcome = Outcome::Failure, .serviceTime = 20ms}};
    Situation s;
    s.queue("q", queue).publish("p", "q", "0 0 0 0").consumer("first", "q", first);
    s.consumer("next", "q", working(4, 1h));
    s.fault(cancelOf("first"), 10ms).fault(crashOf("first"), 50ms);
    s.fault(crashOf("next"), 0s, 60ms);
    return s.run(1s).delivered("q", "next");
}

} // namespace

/// basic.cancel and basic.qos: https://www.rabbitmq.com/docs/consumers#unsubscribing,
/// https://www.rabbitmq.com/docs/consumer-prefetch.
class TestCancel : public QObject {
    Q_OBJECT

private slots:
    void theOrderOfReturnsDecides() { // T39, T40
        QCOMPARE(orderAfterCancel(quorum()), std::string("2 1 3 4"));
        QCOMPARE(orderAfterCancel(QueueSpec{}), std::string("1 2 3 4"));
    }

    void whatItHasCanStillBeAcknowledged() { // T50
        Situation s;
        s.queue("q").publish("p", "q", "0 0 0 0 0 20").consumer("c", "q", working(5, 50ms));
        const Outcomes o = s.fault(cancelOf("c"), 10ms).run(10s);
        QCOMPARE(o.messages(TraceKind::Acked), std::string("1 2 3 4 5"));
        QCOMPARE(o.count(TraceKind::Requeued), std::size_t{0});
        QCOMPARE(o.ready("q"), std::string("6"));
        QCOMPARE(o.broken(), std::string());
    }

    void itConsumesAgainWhenTheFaultEnds() {
        Situation s;
        s.queue("q").publish("p", "q", "0 20 40").consumer("c", "q", working(1, 1ms));
        const Outcomes o = s.fault(cancelOf("c"), 10ms, 100ms).run(10s);
        QCOMPARE(o.timed(TraceKind::Delivered), std::string("1@0ms 2@110ms 3@111ms"));
    }

    void whoStartsAnewConsumesOnlyWhenTheFaultEnds() {
        Situation s;
        s.queue("q").publish("p", "q", "0 0").consumer("c", "q", working(1, 1h));
        s.fault(cancelOf("c"), 10ms, 90ms).fault(crashOf("c"), 20ms, 20ms);
        const Outcomes o = s.run(1s);
        QCOMPARE(o.timed(TraceKind::Delivered), std::string("1@0ms 1@100ms"));
        QCOMPARE(o.broken(), std::string());
    }

    void anAutoDeleteQueueGoesWithItsLastConsumer() {
        QueueSpec queue;
        queue.autoDelete = true;
        Situation s;
        s.queue("q", queue).publish("p", "q", "0 0 0").consumer("c", "q", working(1, 50ms));
        const Outcomes o = s.fault(cancelOf("c"), 10ms).run(10s);
        QCOMPARE(o.messages(TraceKind::Dropped), std::string("2 3"));
        QCOMPARE(o.broken(), std::string());
    }

    void anExclusiveQueueGoesWithItsConnectionOnly() {
        QueueSpec queue;
        queue.exclusive = true;
        Situation s;
        s.queue("q", queue).publish("p", "q", "0 0 0").consumer("c", "q", working(1, 50ms));
        const Outcomes o = s.fault(cancelOf("c"), 10ms, 1s).run(10s);
        QCOMPARE(o.messages(TraceKind::Applied), std::string("1 2 3"));
    }

    void whatWasOutWhenItsQueueWentDoesNotComeBack() {
        QueueSpec queue;
        queue.autoDelete = true;
        ConsumerSpec failing = working(1, 50ms);
        failing.outcomes = {{.outcome = Outcome::Failure, .serviceTime = {}}};
        Situation s;
        s.queue("q", queue).publish("p", "q", "0").consumer("c", "q", failing);
        const Outcomes o = s.fault(cancelOf("c"), 10ms, 1s).run(10s);
        QCOMPARE(o.count(TraceKind::Requeued), std::size_t{0});
        QCOMPARE(o.messages(TraceKind::Dropped), std::string("1"));
        QCOMPARE(o.count(TraceKind::Delivered), std::size_t{1});
        QCOMPARE(o.broken(), std::string());
    }

    /// Who was active and cancels works on while the next one begins: two at a time.
    void aSingleActiveConsumerThatCancelsIsNotAlone() {
        QueueSpec queue = quorum();
        queue.singleActiveConsumer = true;
        Situation s;
        s.queue("q", queue).publish("p", "q", "0 0").consumer("first", "q", working(1, 100ms));
        s.consumer("second", "q", working(1, 100ms));
        const Outcomes o = s.fault(cancelOf("first"), 10ms).run(10s);
        QCOMPARE(o.timed(TraceKind::Started, "first"), std::string("1@0ms"));
        QCOMPARE(o.timed(TraceKind::Started, "second"), std::string("2@10ms"));
        QCOMPARE(o.timed(TraceKind::Applied, "first"), std::string("1@100ms"));
    }

    void aLimitOfTheChannelHoldsOverItsQueues() {
        const auto out = [](RabbitmqVersion version, std::uint32_t each) {
            ConsumerSpec consumer = working(1, 100ms);
            consumer.prefetch = each;
            consumer.channelPrefetch = 3;
            consumer.concurrency = 10;
            Situation s;
            s.version(version).queue("a").queue("b").publish("p", "a", "0 0 0 0 0");
            s.publish("r", "b", "1 1 1 1 1").consumer("c", "a", consumer).consumeLink("b", "c");
            const Outcomes o = s.run(50ms);
            return std::to_string(o.unacked("a")) + " " + std::to_string(o.unacked("b"));
        };
        QCOMPARE(out(RabbitmqVersion::V4_0, 0), std::string("3 0"));
        QCOMPARE(out(RabbitmqVersion::V4_0, 2), std::string("2 1")); // both limits hold
        QCOMPARE(out(RabbitmqVersion::V4_3, 0), std::string("3 3"));
        QCOMPARE(out(RabbitmqVersion::V4_3, 2), std::string("2 2"));
    }

    void whoConsumesAgainHasItsWholePrefetch() {
        Situation s;
        s.queue("q").publish("p", "q", "0 0 0 0 0").consumer("c", "q", working(2, 400ms));
        s.fault(cancelOf("c"), 100ms, 100ms);
        const Outcomes o = s.run(10s);
        // 3 and 4 come to it as to another consumer; what it held before frees no place for 5.
        QCOMPARE(o.timed(TraceKind::Delivered),
                 std::string("1@0ms 2@0ms 3@200ms 4@200ms 5@800ms"));
        QCOMPARE(o.broken(), std::string());
    }

    void aFreePlaceServesTheOtherQueue() {
        ConsumerSpec consumer = working(1, 100ms);
        consumer.prefetch = 0;
        consumer.channelPrefetch = 1;
        Situation s;
        s.queue("a").queue("b").publish("p", "a", "0").publish("r", "b", "1 1");
        s.consumer("c", "a", consumer).consumeLink("b", "c");
        const Outcomes o = s.run(10s);
        QCOMPARE(o.timed(TraceKind::Delivered), std::string("1@0ms 2@100ms 3@200ms"));
        QCOMPARE(o.broken(), std::string());
    }

    void aCrashFreesTheChannel() {
        ConsumerSpec consumer = working(1, 1h);
        consumer.prefetch = 0;
        consumer.channelPrefetch = 2;
        consumer.outcomes = {{.outcome = Outcome::CrashBeforeEffect, .serviceTime = 50ms}};
        consumer.restartAfter = always(100ms);
        Situation s;
        s.queue("a").queue("b").publish("p", "a", "0 0").publish("r", "b", "1");
        s.consumer("c", "a", consumer).consumeLink("b", "c");
        const Outcomes o = s.run(1s);
        QCOMPARE(o.unacked("a") + o.unacked("b"), std::size_t{2});
        QCOMPARE(o.broken(), std::string());
    }
};

QTEST_GUILESS_MAIN(TestCancel)
#include "tst_cancel.moc"
