#include "sim/run/look.h"
#include "sim/scenario/validate.h"
#include "tests/support/problems_of.h"
#include "tests/support/situation.h"

#include <QTest>

using namespace sim;

namespace {

ConsumerSpec holding(std::uint32_t prefetch, Duration service = 1h) {
    ConsumerSpec spec;
    spec.prefetch = prefetch;
    spec.serviceTime = always(service);
    return spec;
}

QueueSpec ofType(QueueType type) {
    QueueSpec spec;
    spec.type = type;
    return spec;
}

QueueSpec withDeadLetters(QueueType type) {
    QueueSpec spec = ofType(type);
    spec.deadLetterExchange = "";
    spec.deadLetterRoutingKey = "dead";
    return spec;
}

PurgeFault purgeOf(const std::string& queue) { return {.target = queue}; }
DeleteQueueFault deletionOf(const std::string& queue) { return {.target = queue}; }

void bothTypes() {
    QTest::addColumn<QueueType>("type");
    QTest::newRow("classic") << QueueType::Classic;
    QTest::newRow("quorum") << QueueType::Quorum;
}

} // namespace

/// Queues purged and deleted by hand, and overdue acknowledgements of 4.3:
/// https://www.rabbitmq.com/docs/consumer-cancel, https://www.rabbitmq.com/docs/dlx
class TestOperating : public QObject {
    Q_OBJECT

private slots:
    void aPurgeDropsWhatIsReady_data() { bothTypes(); }
    void aPurgeDropsWhatIsReady() { // T32: and dead-letters nothing
        QFETCH(QueueType, type);
        Situation s;
        s.queue("dead").queue("q", withDeadLetters(type)).consumer("c", "q", holding(1));
        s.publish("p", "q", "0 0 0 20").fault(purgeOf("q"), 10ms);
        const Outcomes o = s.run(100ms);
        QCOMPARE(o.timed(TraceKind::Dropped, "q"), std::string("2@10ms 3@10ms"));
        QCOMPARE(o.all(TraceKind::Dropped).front().reason, Reason::Purged);
        QCOMPARE(o.unacked("q"), std::size_t{1});
        QCOMPARE(o.ready("q"), std::string("4"));
        QCOMPARE(o.ready("dead"), std::string());
        QCOMPARE(o.broken(), std::string());
    }

    void aPurgedQueueHasRoomAgain() {
        QueueSpec queue = ofType(QueueType::Quorum);
        queue.maxLength = 2;
        queue.overflow = Overflow::RejectPublish;
        Situation s;
        s.queue("q", queue).publish("p", "q", "0 0 0 0 20").fault(purgeOf("q"), 10ms);
        const Outcomes o = s.run(100ms);
        QCOMPARE(o.ready("q"), std::string("5"));
    }

    void aDeletedQueueGoesWithAllItHolds_data() { bothTypes(); }
    void aDeletedQueueGoesWithAllItHolds() { // T32
        QFETCH(QueueType, type);
        Situation s;
        s.queue("dead").queue("q", withDeadLetters(type)).consumer("c", "q", holding(1, 50ms));
        s.publish("p", "q", "0 0 0 20").fault(deletionOf("q"), 10ms);
        const Outcomes o = s.run(1s);
        QCOMPARE(o.count(TraceKind::Dropped, "q"), std::size_t{3});
        QCOMPARE(o.messages(TraceKind::Unroutable), std::string("4"));
        QCOMPARE(o.timed(TraceKind::Enqueued, "dead"), std::string());
        QCOMPARE(o.count(TraceKind::ConsumerCancelled, "q", "c"), std::size_t{1});
        // It goes on with what it has; nobody waits for that acknowledgement, or minds it.
        QCOMPARE(o.timed(TraceKind::Applied, "c"), std::string("1@50ms"));
        QCOMPARE(o.all(TraceKind::Lost).back().reason, Reason::QueueDeleted);
        QCOMPARE(o.count(TraceKind::Disconnected), std::size_t{0});
        QCOMPARE(o.broken(), std::string());
    }

    void itsBindingsGoWithIt() {
        Situation s;
        s.exchange("x", ExchangeType::Fanout).queue("q").queue("r").bind("x", "q").bind("x", "r");
        s.publish("p", "x", "0 20 60").fault(deletionOf("q"), 10ms, 40ms);
        const Outcomes o = s.run(1s);
        QCOMPARE(o.ready("r"), std::string("1 2 3"));
        QCOMPARE(o.ready("q"), std::string("3")); // declared again with its bindings
    }

    void declaredAgainItIsConsumedAgain_data() { bothTypes(); }
    void declaredAgainItIsConsumedAgain() {
        QFETCH(QueueType, type);
        Situation s;
        s.queue("q", ofType(type)).consumer("c", "q", holding(5, 5ms));
        s.publish("p", "q", "0 20 60").fault(deletionOf("q"), 10ms, 40ms);
        const Outcomes o = s.run(1s);
        QCOMPARE(o.applied("c"), std::string("1 3"));
        QCOMPARE(o.broken(), std::string());
    }

    void aViewSaysWhatIsGoneAndWhoIsCancelled() {
        Situation s;
        s.queue("q").consumer("c", "q", holding(5, 5ms)).publish("p", "q", "0");
        s.fault(deletionOf("q"), 10ms, 40ms);
        Outcomes o = s.run(20ms);
        const auto seen = [&] {
            const View view = lookAt(o.world());
            return std::pair(std::get<QueueView>(view.components[1]).isGone,
                             std::get<ConsumerView>(view.components[2]).lanes[0].cancelled);
        };
        QCOMPARE(seen(), std::pair(true, true));
        o.run(1s);
        QCOMPARE(seen(), std::pair(false, false));
    }

    void aConsumerThatConnectsDeclaresIt() {
        Situation s;
        s.queue("q").consumer("c", "q", holding(5, 5ms)).publish("p", "q", "0 20 60");
        s.fault(deletionOf("q"), 10ms).fault(CrashFault{.target = "c", .instance = {}}, 30ms, 10ms);
        QCOMPARE(s.run(1s).applied("c"), std::string("1 3"));
    }

    void pendingConfirmsOfADeletedQueueAreAcks_data() { bothTypes(); }
    void pendingConfirmsOfADeletedQueueAreAcks() { // T70
        QFETCH(QueueType, type);
        ProducerSpec confirming;
        confirming.confirms = ConfirmSpec{};
        Situation s;
        s.queue("q", ofType(type)).publish("p", "q", "0 0 0", confirming).disk(always(50ms));
        s.fault(deletionOf("q"), 10ms);
        const Outcomes o = s.run(1s);
        QCOMPARE(o.messages(TraceKind::ConfirmReceived, "p"), std::string("1 2 3"));
        QCOMPARE(o.count(TraceKind::NackReceived), std::size_t{0});
        QCOMPARE(o.broken(), std::string());
    }

    void aDeletedStreamBeginsAnew() {
        ConsumerSpec reader = holding(10, 1ms);
        Situation s;
        s.queue("q", ofType(QueueType::Stream)).consumer("c", "q", reader);
        s.publish("p", "q", "0 0 20 60").fault(deletionOf("q"), 10ms, 40ms);
        const Outcomes o = s.run(1s);
        QCOMPARE(o.messages(TraceKind::Dropped, "q"), std::string("1 2"));
        QCOMPARE(o.applied("c"), std::string("1 2 4"));
        QCOMPARE(o.broken(), std::string());
    }

    void aShovelStartsAnewAndDeclaresIt() {
        ConsumerSpec shovel;
        shovel.forward = ForwardSpec{};
        Situation s;
        s.queue("q").queue("r").consumer("c", "q", shovel).publishLink("c", "r");
        s.publish("p", "q", "0 20 3000").fault(deletionOf("q"), 10ms);
        QCOMPARE(s.run(10s).ready("r"), std::string("1 3"));
    }

    void nothingIsDoneToAQueueOfABrokerThatIsDown() {
        Situation s;
        s.queue("q").publish("p", "q", "0 0", [] {
            ProducerSpec spec;
            spec.persistent = true;
            return spec;
        }());
        s.fault(BrokerRestartFault{}, 10ms, 50ms).fault(deletionOf("q"), 20ms, 10ms);
        QCOMPARE(s.run(1s).ready("q"), std::string("1 2"));
    }

    void aStreamIsNotPurged() {
        Situation s;
        s.queue("q", ofType(QueueType::Stream)).publish("p", "q", "0").fault(purgeOf("q"), 10ms);
        QCOMPARE(problemsOf(validate(s.scenario)),
                 std::string("/faults/0/target: \"q\" is a stream, which cannot be purged\n"));
    }

    /// From 4.3 on: https://www.rabbitmq.com/docs/consumers#acknowledgement-timeout
    void anOverdueConsumerIsCancelledAndConsumesAgain() {
        ConsumerSpec consumer = holding(2, 1s);
        consumer.outcomes = {{.outcome = Outcome::Success, .serviceTime = 40min}};
        Situation s;
        s.queue("q", ofType(QueueType::Quorum)).consumer("c", "q", consumer);
        s.publish("p", "q", "0").version(RabbitmqVersion::V4_3);
        const Outcomes o = s.run(2h);
        const auto back = o.all(TraceKind::Requeued, "q");
        QCOMPARE(back.size(), std::size_t{1});
        QCOMPARE(back.front().at, start + 30min);
        QCOMPARE(back.front().reason, Reason::AckTimeout);
        QCOMPARE(o.count(TraceKind::ConsumerCancelled, "q", "c"), std::size_t{1});
        QCOMPARE(o.count(TraceKind::Disconnected), std::size_t{0});
        // It has it again, and its late answer to the first delivery is ignored.
        QCOMPARE(o.delivered("q", "c"), std::string("1 1"));
        QCOMPARE(o.all(TraceKind::Lost).front().reason, Reason::AckTimeout);
        QCOMPARE(o.count(TraceKind::Acked, "q"), std::size_t{1});
        QCOMPARE(o.broken(), std::string());
    }

    void whatIsNotOverdueStaysWithTheChannel() {
        ConsumerSpec consumer = holding(2, 1s);
        consumer.concurrency = 2;
        consumer.outcomes = {{.outcome = Outcome::Success, .serviceTime = 2h},
                             {.outcome = Outcome::Success, .serviceTime = 20min}};
        Situation s;
        s.queue("q", ofType(QueueType::Quorum)).consumer("c", "q", consumer);
        s.publish("p", "q", "0 900000").version(RabbitmqVersion::V4_3); // 15 min
        const Outcomes o = s.run(1h);
        QCOMPARE(o.messages(TraceKind::Requeued, "q"), std::string("1"));
        QCOMPARE(o.messages(TraceKind::Acked, "q"), std::string("2 1"));
        QCOMPARE(o.count(TraceKind::Disconnected), std::size_t{0});
        QCOMPARE(o.broken(), std::string());
    }

    void aCancelledConsumersNextOverdueDeliveryClosesTheChannel() {
        ConsumerSpec consumer = holding(2, 10h);
        consumer.concurrency = 2;
        Situation s;
        s.queue("q", ofType(QueueType::Quorum)).consumer("c", "q", consumer);
        s.publish("p", "q", "0 60000").version(RabbitmqVersion::V4_3);
        const Outcomes o = s.run(32min);
        QCOMPARE(o.count(TraceKind::ConsumerCancelled), std::size_t{1});
        QCOMPARE(o.count(TraceKind::Disconnected, "c"), std::size_t{1});
        QCOMPARE(o.broken(), std::string());
    }
};

QTEST_GUILESS_MAIN(TestOperating)
#include "tst_operating.moc"
