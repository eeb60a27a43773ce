#include "sim/run/lint.h"
#include "tests/support/situation.h"

#include <QTest>

using namespace sim;

namespace {

QueueSpec quorum() {
    QueueSpec spec;
    spec.type = QueueType::Quorum;
    return spec;
}

QueueSpec limited(std::int32_t deliveries) {
    QueueSpec spec = quorum();
    spec.deliveryLimit = deliveries;
    spec.deadLetterExchange = "";
    spec.deadLetterRoutingKey = "dead";
    return spec;
}

/// Holds what it is given for an hour.
ConsumerSpec holding(std::uint32_t prefetch) {
    ConsumerSpec spec;
    spec.prefetch = prefetch;
    spec.concurrency = std::max(1u, prefetch);
    spec.serviceTime = always(1h);
    return spec;
}

ConsumerSpec failing(OnFailure onFailure) {
    ConsumerSpec spec;
    spec.prefetch = 1;
    spec.serviceTime = always(10ms);
    spec.onFailure = onFailure;
    spec.failureRate = 1;
    return spec;
}

CrashFault crashOf(const std::string& consumer) {
    CrashFault crash;
    crash.target = consumer;
    return crash;
}

/// One message in a queue with a dead-letter queue, and a consumer that always fails.
Situation poisoned(const QueueSpec& queue, OnFailure onFailure) {
    Situation s;
    s.queue("q", queue).queue("dead").publish("p", "q", "0");
    s.consumer("c", "q", failing(onFailure));
    return s;
}

std::vector<int> numbersOf(const Outcomes& o, TraceKind kind) {
    std::vector<int> attempts;
    for (const TraceRecord& record : o.all(kind)) {
        attempts.push_back(record.attempt);
    }
    return attempts;
}

} // namespace

/// Quorum queues, as https://www.rabbitmq.com/docs/quorum-queues and the queue's state machine
/// (https://github.com/rabbitmq/rabbitmq-server/blob/main/deps/rabbit/src/rabbit_fifo.erl) say.
class TestQuorumQueue : public QObject {
    Q_OBJECT

private slots:
    void refusesUntilItIsFourFifthsFull() { // T23
        QueueSpec queue = quorum();
        queue.maxLength = 10;
        queue.overflow = Overflow::RejectPublish;
        ProducerSpec producer;
        producer.confirms = ConfirmSpec{.timeout = 1h, .retries = 0};
        ConsumerSpec consumer;
        consumer.prefetch = 1;
        consumer.serviceTime = always(1s);
        Situation s;
        s.queue("q", queue);
        // Twelve at once, then one a second as its length falls from 9.
        s.publish("p", "q", "0 1 2 3 4 5 6 7 8 9 10 11 101500 102500 103500 104500", producer);
        s.consumer("c", "q", consumer).fault(crashOf("c"), 0s, 100s);
        const Outcomes o = s.run(105s);
        QCOMPARE(o.enqueued("q"), std::string("1 2 3 4 5 6 7 8 9 10 11 14 15 16"));
        QCOMPARE(o.messages(TraceKind::NackSent, "q"), std::string("12 13"));
        QCOMPARE(o.broken(), std::string());
    }

    void whatExpiresMakesRoom() {
        QueueSpec queue = quorum();
        queue.maxLength = 1;
        queue.overflow = Overflow::RejectPublish;
        queue.messageTtl = 1s;
        ProducerSpec producer;
        producer.confirms = ConfirmSpec{.timeout = 1h, .retries = 0};
        Situation s;
        s.queue("q", queue).publish("p", "q", "0 10 20 1100", producer);
        const Outcomes o = s.run(2s);
        QCOMPARE(o.messages(TraceKind::NackSent, "q"), std::string("3"));
        QCOMPARE(o.enqueued("q"), std::string("1 2 4"));
        QCOMPARE(o.broken(), std::string());
    }

    /// At most once a dead letter comes by no channel that could be told that the queue is full; at
    /// least once it is kept.
    void aFullQueueTakesDeadLetters_data() {
        QTest::addColumn<DeadLetterStrategy>("strategy");
        QTest::addColumn<std::string>("ready");
        QTest::newRow("at most once") << DeadLetterStrategy::AtMostOnce << std::string("1 2 3 4");
        QTest::newRow("at least once") << DeadLetterStrategy::AtLeastOnce << std::string("1 2");
    }
    void aFullQueueTakesDeadLetters() {
        QFETCH(DeadLetterStrategy, strategy);
        QFETCH(std::string, ready);
        QueueSpec queue = limited(5);
        queue.messageTtl = 10ms;
        queue.overflow = Overflow::RejectPublish;
        queue.deadLetterStrategy = strategy;
        QueueSpec dead = quorum();
        dead.maxLength = 1;
        dead.overflow = Overflow::RejectPublish;
        Situation s;
        s.queue("q", queue).queue("dead", dead);
        s.publish("straight", "dead", "0 1").publish("p", "q", "10 11");
        const Outcomes o = s.run(1s);
        QCOMPARE(o.ready("dead"), ready);
        QCOMPARE(o.broken(), std::string());
    }

    void ofSeveralDroppedHeadsTheLatestIsDeadLetteredFirst() {
        QueueSpec queue = limited(5);
        queue.maxLength = 1;
        Situation s;
        s.queue("q", queue).queue("dead").publish("p", "q", "0 1 2");
        s.consumer("c", "q", holding(2)).fault(crashOf("c"), 1s);
        const Outcomes o = s.run(2s);
        QCOMPARE(o.ready("q"), std::string("3"));
        QCOMPARE(o.ready("dead"), std::string("2 1"));
        QCOMPARE(o.broken(), std::string());
    }

    /// Nobody looks at times to live once the limit has been looked at.
    void aHeadThatADropUncoversMayBeOverdue() {
        QueueSpec queue = limited(5);
        queue.maxLength = 2;
        ProducerSpec brief;
        brief.types.front().expiration = 100ms;
        Situation s;
        s.queue("q", queue).queue("dead").version(RabbitmqVersion::V3_13);
        s.publish("p", "q", "0 500 1000").publish("b", "q", "1", brief);
        const Outcomes o = s.run(2s);
        QCOMPARE(o.ready("q"), std::string("3 4"));
        QCOMPARE(o.deaths("dead", 0), std::string("q maxlen 1"));
        QCOMPARE(o.deaths("dead", 1), std::string("q expired 1"));
        QCOMPARE(o.broken(), std::string());
    }

    /// In a classic queue it stays in line until its turn comes.
    void aConsumerWithItsHandsFullLosesItsTurnAtOnce() {
        const auto toSecond = [](QueueType type) {
            QueueSpec queue;
            queue.type = type;
            ConsumerSpec second;
            second.prefetch = 1;
            second.serviceTime = always(250ms);
            Situation s;
            s.queue("q", queue).publish("p", "q", "0 100 200 400 500");
            s.consumer("one", "q", holding(9)).consumer("two", "q", second);
            return s.run(600ms).delivered("q", "two");
        };
        QCOMPARE(toSecond(QueueType::Quorum), std::string("2 5"));
        QCOMPARE(toSecond(QueueType::Classic), std::string("2 4"));
    }

    void theNextActiveConsumerBeginsWithWhatTheOneBeforeHeld_data() {
        QTest::addColumn<Duration>("commit");
        QTest::newRow("committed at once") << Duration{};
        QTest::newRow("committed later than others are published") << Duration{20ms};
    }
    void theNextActiveConsumerBeginsWithWhatTheOneBeforeHeld() {
        QFETCH(Duration, commit);
        QueueSpec queue = quorum();
        queue.singleActiveConsumer = true;
        Situation s;
        s.disk(always(commit)).queue("q", queue).publish("p", "q", "0 1 2 990 995");
        s.consumer("one", "q", holding(2)).consumer("two", "q", holding(9));
        s.fault(crashOf("one"), 1s);
        const Outcomes o = s.run(2s);
        QCOMPARE(o.delivered("q", "two"), std::string("1 2 3 4 5"));
        QCOMPARE(o.broken(), std::string());
    }

    void aRejectedMessageIsGivenUpAtItsLimit_data() { // T34
        QTest::addColumn<RabbitmqVersion>("version");
        QTest::newRow("3.13") << RabbitmqVersion::V3_13;
        QTest::newRow("4.0-4.2") << RabbitmqVersion::V4_0;
        QTest::newRow("4.3") << RabbitmqVersion::V4_3;
    }
    void aRejectedMessageIsGivenUpAtItsLimit() {
        QFETCH(RabbitmqVersion, version);
        const Outcomes o = poisoned(limited(3), OnFailure::RejectRequeue).version(version).run(10s);
        const std::vector<int> expected{1, 2, 3, 4};
        QCOMPARE(numbersOf(o, TraceKind::Delivered), expected);
        QCOMPARE(o.deaths("dead"), std::string("q delivery_limit 1"));
        QCOMPARE(o.broken(), std::string());
    }

    void aNackCountsByTheVersion_data() { // T35, T36
        QTest::addColumn<RabbitmqVersion>("version");
        QTest::addColumn<bool>("counts");
        QTest::newRow("T36: 4.0-4.2") << RabbitmqVersion::V4_0 << true;
        QTest::newRow("T35: 4.3") << RabbitmqVersion::V4_3 << false;
    }
    void aNackCountsByTheVersion() {
        QFETCH(RabbitmqVersion, version);
        QFETCH(bool, counts);
        const Outcomes o = poisoned(limited(3), OnFailure::Requeue).version(version).run(10s);
        QCOMPARE(o.count(TraceKind::Delivered), std::size_t(counts ? 4 : 1001));
        QCOMPARE(o.ready("dead"), std::string(counts ? "1" : ""));
    }

    void theLimitIsTwentyUnlessTheVersionHasNone() {
        const auto deliveries = [](RabbitmqVersion version) {
            return poisoned(quorum(), OnFailure::RejectRequeue)
                .version(version)
                .run(1s)
                .count(TraceKind::Delivered);
        };
        QCOMPARE(deliveries(RabbitmqVersion::V4_0), std::size_t{21});
        QCOMPARE(deliveries(RabbitmqVersion::V4_3), std::size_t{21});
        QCOMPARE(deliveries(RabbitmqVersion::V3_13), std::size_t{101});
    }

    void aCrashCountsForEverythingThatWasOut() { // T37
        Situation s;
        s.queue("q", limited(1)).queue("dead").publish("p", "q", "0 0 0");
        s.consumer("c", "q", holding(3));
        s.fault(crashOf("c"), 1s, 1s).fault(crashOf("c"), 3s, 1s);
        const Outcomes o = s.run(10s);
        QCOMPARE(o.delivered("q"), std::string("1 2 3 1 2 3"));
        QCOMPARE(o.ready("dead"), std::string("1 2 3"));
        QCOMPARE(o.ready("q"), std::string());
        QCOMPARE(o.broken(), std::string());
    }

    void whatComesBackGoesFirstInTheOrderOfItsReturn() { // T39b, and T40 beside it
        const auto order = [](QueueType type) {
            QueueSpec queue;
            queue.type = type;
            ConsumerSpec consumer = holding(3);
            consumer.outcomes = {{.outcome = Outcome::Success, .serviceTime = {}},
                                 {.outcome = Outcome::Failure, .serviceTime = 10ms},
                                 {.outcome = Outcome::Success, .serviceTime = {}}};
            consumer.onFailure = OnFailure::RejectRequeue;
            Situation s;
            s.queue("q", queue).publish("p", "q", "0 0 0 0").consumer("c", "q", consumer);
            s.fault(crashOf("c"), 1s);
            return s.run(10s).ready("q");
        };
        QCOMPARE(order(QueueType::Quorum), std::string("1 3 2 4"));
        QCOMPARE(order(QueueType::Classic), std::string("1 2 3 4"));
    }

    void withoutALimitANackGoesToTheEnd() { // T41
        ConsumerSpec consumer = failing(OnFailure::Requeue);
        consumer.failureRate = 0;
        consumer.outcomes = {{.outcome = Outcome::Failure, .serviceTime = {}}};
        for (const auto version :
             {RabbitmqVersion::V3_13, RabbitmqVersion::V4_0, RabbitmqVersion::V4_3}) {
            Situation s;
            s.queue("q", limited(-1)).queue("dead").publish("p", "q", "0 0 0");
            s.consumer("c", "q", consumer).version(version);
            QCOMPARE(s.run(10s).delivered("q"), std::string("1 2 3 1"));
        }
    }

    void aMessageCountsWhenItIsCommitted() {
        Situation s;
        s.disk(always(2ms)).queue("q", quorum()).consumer("c", "q", failing(OnFailure::Ignore));
        ProducerSpec producer;
        producer.confirms = ConfirmSpec{};
        s.publish("p", "q", "0 1", producer);
        const Outcomes o = s.run(1s);
        QCOMPARE(o.timed(TraceKind::Enqueued, "q"), std::string("1@2ms 2@3ms"));
        QCOMPARE(o.timed(TraceKind::ConfirmSent, "q"), std::string("1@2ms 2@3ms"));
        // Its ack travels through the log too, and only then is there room for the next one.
        QCOMPARE(o.timed(TraceKind::Acked, "q"), std::string("1@14ms 2@26ms"));
        QCOMPARE(o.timed(TraceKind::Delivered, "q"), std::string("1@2ms 2@14ms"));
    }

    void aPublishIsConfirmedWhenEveryQueueHasIt() {
        BrokerSpec broker;
        broker.diskDelay = always(5ms);
        broker.commitDelay = always(2ms);
        ProducerSpec producer;
        producer.confirms = ConfirmSpec{};
        Situation s;
        s.broker(broker).queue("a", quorum()).queue("b", quorum()).queue("classic");
        s.exchange("two", ExchangeType::Fanout).bind("two", "a").bind("two", "b");
        s.exchange("three", ExchangeType::Fanout).bind("three", "two").bind("three", "classic");
        s.publish("p", "two", "0", producer).publish("q", "three", "100", producer);
        const Outcomes o = s.run(1s);
        QCOMPARE(o.timed(TraceKind::ConfirmSent), std::string("1@2ms 2@105ms"));
        QCOMPARE(o.broken(), std::string());
    }

    void oneRefusalIsANackAlthoughTheOthersCommit() {
        QueueSpec full = quorum();
        full.maxLength = 0;
        full.overflow = Overflow::RejectPublish;
        ProducerSpec producer;
        producer.confirms = ConfirmSpec{.timeout = 1h, .retries = 0};
        Situation s;
        s.disk(always(2ms)).queue("full", full).queue("q", quorum());
        s.exchange("x", ExchangeType::Fanout).bind("x", "full").bind("x", "q");
        s.publish("p", "x", "0 10", producer);
        const Outcomes o = s.run(1s);
        QCOMPARE(o.timed(TraceKind::ConfirmSent), std::string("1@2ms"));
        QCOMPARE(o.timed(TraceKind::NackSent), std::string("2@10ms"));
        QCOMPARE(o.ready("q"), std::string("1 2"));
        QCOMPARE(o.broken(), std::string());
    }

    void aRejectionIsLostAsAnAcknowledgementIs() {
        Situation s = poisoned(limited(3), OnFailure::RejectRequeue);
        s.fault(LostAcksFault{.from = "q", .to = "c"}, 0s);
        const Outcomes o = s.run(10s);
        QCOMPARE(o.count(TraceKind::Delivered), std::size_t{1});
        QCOMPARE(o.all(TraceKind::Lost).front().reason, Reason::LostAck);
    }

    void survivesARestartWhateverTheMessagesAre() { // T52; T51 beside it
        const auto left = [](QueueType type, bool clean) {
            QueueSpec queue;
            queue.type = type;
            ProducerSpec transient;
            transient.persistent = false;
            Situation s;
            s.queue("q", queue).publish("p", "q", "0 1 2").publish("t", "q", "3 4", transient);
            s.fault(BrokerRestartFault{.target = {}, .clean = clean}, 1s, 1s);
            return s.run(10s).ready("q");
        };
        QCOMPARE(left(QueueType::Quorum, true), std::string("1 2 3 4 5"));
        QCOMPARE(left(QueueType::Quorum, false), std::string("1 2 3 4 5"));
        QCOMPARE(left(QueueType::Classic, true), std::string("1 2 3"));
    }

    void aKillLosesWhatIsNotCommitted() {
        Situation s;
        ProducerSpec producer;
        producer.confirms = ConfirmSpec{.timeout = 1h, .retries = 0};
        ConsumerSpec consumer;
        consumer.serviceTime = always(99ms);
        consumer.prefetch = 1;
        s.disk(always(2ms)).queue("q", quorum()).consumer("c", "q", consumer);
        s.publish("p", "q", "0 101", producer);
        // 1 is acknowledged at 101 ms and 2 comes at 101 ms: neither is committed.
        s.fault(BrokerRestartFault{.target = {}, .clean = false}, 102ms, 100ms);
        const Outcomes o = s.run(10s);
        const auto lost = o.all(TraceKind::Lost);
        QCOMPARE(lost.size(), std::size_t{1});
        QCOMPARE(lost.front().reason, Reason::NotOnDisk);
        QCOMPARE(o.applied("c"), std::string("1 1"));
        QCOMPARE(o.messages(TraceKind::ConfirmSent), std::string("1"));
        QCOMPARE(o.broken(), std::string());
    }

    void aCleanStopCommitsFirst() {
        Situation s;
        s.disk(always(2ms)).queue("q", quorum()).publish("p", "q", "0 101");
        s.fault(BrokerRestartFault{.target = {}, .clean = true}, 102ms, 100ms);
        QCOMPARE(s.run(10s).ready("q"), std::string("1 2"));
    }

    void anUnsetPriorityIsFour() { // T68
        ProducerSpec low;
        low.types.front().priority = 3;
        ProducerSpec high;
        high.types.front().priority = 7;
        const auto order = [&](RabbitmqVersion version) {
            Situation s;
            s.queue("q", quorum()).publish("low", "q", "0", low).publish("none", "q", "1");
            return s.publish("high", "q", "2", high).version(version).run(1s).ready("q");
        };
        QCOMPARE(order(RabbitmqVersion::V4_3), std::string("3 2 1"));
        QCOMPARE(order(RabbitmqVersion::V4_0), std::string("3 1 2"));
        QCOMPARE(order(RabbitmqVersion::V3_13), std::string("1 2 3"));
    }

    void twoHighOnesLeaveForEachNormalOne() {
        ProducerSpec high;
        high.types.front().priority = 9;
        Situation s;
        s.queue("q", quorum()).publish("n", "q", "0 1 2 3").publish("h", "q", "4 5 6 7 8", high);
        ConsumerSpec consumer;
        consumer.prefetch = 1;
        s.consumer("c", "q", consumer).fault(crashOf("c"), 0s, 1s);
        QCOMPARE(s.run(500ms).ready("q"), std::string("5 6 1 7 8 2 9 3 4"));
        QCOMPARE(s.run(10s).delivered("q"), std::string("5 6 1 7 8 2 9 3 4"));
    }

    void aTtlActsAtTheHeadOfEachLevelFrom43On() {
        QueueSpec queue = quorum();
        ProducerSpec high;
        high.types.front().priority = 9;
        ProducerSpec brief;
        brief.types.front().expiration = 100ms;
        const auto left = [&](RabbitmqVersion version) {
            Situation s;
            s.queue("q", queue).publish("h", "q", "0", high).publish("b", "q", "1", brief);
            return s.version(version).run(1s).ready("q");
        };
        QCOMPARE(left(RabbitmqVersion::V4_0), std::string("1 2"));
        QCOMPARE(left(RabbitmqVersion::V4_3), std::string("1"));
    }

    void aReturnedMessageWaitsLongerEachTime() {
        QueueSpec queue = limited(5);
        queue.delayedRetry = DelayedRetry::All;
        queue.delayedRetryMin = 100ms;
        queue.delayedRetryMax = 300ms;
        const Outcomes o =
            poisoned(queue, OnFailure::RejectRequeue).version(RabbitmqVersion::V4_3).run(10s);
        QCOMPARE(o.timed(TraceKind::Delivered),
                 std::string("1@0ms 1@110ms 1@320ms 1@630ms 1@940ms 1@1250ms"));
        QCOMPARE(o.ready("dead"), std::string("1"));
        QCOMPARE(o.broken(), std::string());
    }

    void aDeadLetterBringsItsCountFrom43On() {
        const auto deliveries = [](RabbitmqVersion version) {
            QueueSpec dead = quorum();
            Situation s;
            s.queue("q", limited(21)).queue("dead", dead).publish("p", "q", "0");
            s.consumer("c", "q", failing(OnFailure::RejectRequeue));
            s.consumer("again", "dead", failing(OnFailure::RejectRequeue));
            return s.version(version).run(10s).count(TraceKind::Delivered, "dead");
        };
        QCOMPARE(deliveries(RabbitmqVersion::V4_0), std::size_t{21});
        QCOMPARE(deliveries(RabbitmqVersion::V4_3), std::size_t{1});
    }

    void deadLettersAreKeptUntilTheyAreTaken_data() { // T64, T65
        QTest::addColumn<Overflow>("overflow");
        QTest::addColumn<std::string>("kept");
        QTest::newRow("T64: kept while the target refuses") << Overflow::RejectPublish << std::string("2 3");
        QTest::newRow("T65: at most once with drop-head") << Overflow::DropHead << std::string();
    }
    void deadLettersAreKeptUntilTheyAreTaken() {
        QFETCH(Overflow, overflow);
        QFETCH(std::string, kept);
        QueueSpec queue = limited(5);
        queue.messageTtl = 1s;
        queue.deadLetterStrategy = DeadLetterStrategy::AtLeastOnce;
        queue.maxLength = 1;
        queue.overflow = overflow;
        QueueSpec dead;
        dead.maxLength = 1;
        dead.overflow = Overflow::RejectPublish;
        ConsumerSpec late;
        late.serviceTime = always(1ms);
        Situation s;
        s.queue("q", queue).queue("dead", dead);
        // The target is full until its consumer comes, at 100 s; the worker tries again at 181 s.
        s.publish("other", "dead", "0").publish("p", "q", "0 100 2000");
        s.consumer("c", "dead", late).fault(crashOf("c"), 0s, 100s);
        Outcomes o = s.run(100s - 1ms);
        QCOMPARE(o.messages(TraceKind::Retained, "q"), kept);
        // Both are ready messages for the limit: the third is refused, while with drop-head it came.
        QCOMPARE(o.count(TraceKind::Refused, "q"), std::size_t(kept.empty() ? 0 : 1));
        QCOMPARE(o.broken(), std::string());
        o.run(500s);
        QCOMPARE(o.messages(TraceKind::DeadLettered, "q").empty(), false);
        QCOMPARE(o.count(TraceKind::Applied), std::size_t(kept.empty() ? 1 : 3));
        QCOMPARE(o.broken(), std::string());
    }

    void aStrategyThatIsSilentlyWeakerIsWarnedOf_data() {
        QTest::addColumn<Overflow>("overflow");
        QTest::addColumn<std::string>("warned");
        QTest::newRow("drop-head: it is") << Overflow::DropHead
                                          << std::string("/components/1/dead_letter_strategy");
        QTest::newRow("reject-publish: as it should be") << Overflow::RejectPublish << std::string();
    }
    void aStrategyThatIsSilentlyWeakerIsWarnedOf() {
        QFETCH(Overflow, overflow);
        QFETCH(std::string, warned);
        QueueSpec queue = limited(5);
        queue.deadLetterStrategy = DeadLetterStrategy::AtLeastOnce;
        queue.maxLength = 1;
        queue.overflow = overflow;
        Situation s;
        s.queue("q", queue).queue("dead").publish("p", "q", "0");
        s.consumer("c", "q", failing(OnFailure::RejectRequeue));
        std::string found;
        for (const Problem& problem : lint(s.scenario)) {
            found += problem.where;
        }
        QCOMPARE(found, warned);
    }

    void aKillRepeatsDeadLettersThatWereNotConfirmed() {
        QueueSpec queue = limited(5);
        queue.messageTtl = 1s;
        queue.deadLetterStrategy = DeadLetterStrategy::AtLeastOnce;
        queue.overflow = Overflow::RejectPublish;
        BrokerSpec broker;
        broker.diskDelay = always(10ms);
        broker.commitDelay = always(0s);
        Situation s;
        s.broker(broker).queue("q", queue).queue("dead").publish("p", "q", "0");
        s.fault(BrokerRestartFault{.target = {}, .clean = true}, 1005ms, 1s);
        const Outcomes o = s.run(10s);
        QCOMPARE(o.ready("dead"), std::string("1 1"));
        QCOMPARE(o.count(TraceKind::DeadLettered, "q"), std::size_t{1});
        QCOMPARE(o.broken(), std::string());
    }

    void anOverflowByPolicyWinsOverTheArgument() { // T59
        const auto enqueued = [](QueueType type) {
            QueueSpec queue;
            queue.type = type;
            queue.maxLength = 1;
            queue.overflow = Overflow::DropHead;
            BrokerSpec broker;
            broker.policies = {PolicySpec{.name = "refuse", .overflow = Overflow::RejectPublish}};
            broker.commitDelay = always(0s);
            Situation s;
            s.broker(broker).queue("q", queue).publish("p", "q", "0 1 2 3");
            return s.run(1s).ready("q");
        };
        QCOMPARE(enqueued(QueueType::Classic), std::string("4"));
        QCOMPARE(enqueued(QueueType::Quorum), std::string("1 2"));
    }

    void declarationsItRefuses_data() {
        QTest::addColumn<QueueSpec>("queue");
        const auto row = [](const char* name, auto change) {
            QueueSpec queue = quorum();
            change(queue);
            QTest::newRow(name) << queue;
        };
        row("not durable", [](QueueSpec& q) { q.durable = false; });
        row("auto-delete", [](QueueSpec& q) { q.autoDelete = true; });
        row("priorities", [](QueueSpec& q) { q.maxPriority = 5; });
        row("reject-publish-dlx", [](QueueSpec& q) { q.overflow = Overflow::RejectPublishDlx; });
        row("delayed retry before 4.3",
            [](QueueSpec& q) { q.delayedRetry = DelayedRetry::All; });
    }
    void declarationsItRefuses() {
        QFETCH(QueueSpec, queue);
        Situation s;
        s.queue("q", queue);
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, s.run());
    }
};

QTEST_GUILESS_MAIN(TestQuorumQueue)
#include "tst_quorum_queue.moc"
