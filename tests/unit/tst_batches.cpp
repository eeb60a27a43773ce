#include "sim/run/lint.h"
#include "sim/scenario/validate.h"
#include "tests/support/problems_of.h"
#include "tests/support/situation.h"

#include <QTest>

using namespace sim;

namespace {

/// Acknowledges so many at a time; each takes 10 ms.
ConsumerSpec batches(std::uint32_t every, std::uint32_t concurrency = 1) {
    ConsumerSpec spec;
    spec.ackEvery = every;
    spec.concurrency = concurrency;
    spec.serviceTime = always(10ms);
    return spec;
}

ScriptedOutcome takes(Duration service, Outcome outcome = Outcome::Success) {
    return {.outcome = outcome, .serviceTime = service};
}

} // namespace

/// Several deliveries acknowledged by one basic.ack:
/// https://www.rabbitmq.com/docs/confirms#consumer-acks-multiple-parameter
class TestBatches : public QObject {
    Q_OBJECT

private slots:
    void soManyAreAcknowledgedTogether() {
        Situation s;
        s.queue("q").publish("p", "q", "0 0 0 0 0").consumer("c", "q", batches(3));
        const Outcomes o = s.run(10min);
        QCOMPARE(o.timed(TraceKind::AckSent, "c"), std::string("1@30ms 2@30ms 3@30ms"));
        QCOMPARE(o.timed(TraceKind::Acked, "q"), std::string("1@30ms 2@30ms 3@30ms"));
        QCOMPARE(o.messages(TraceKind::Applied), std::string("1 2 3 4 5"));
        QCOMPARE(o.unacked("q"), std::size_t{2});
        QCOMPARE(o.broken(), std::string());
    }

    void whatWasInTheWayMayGoWithItsConnection() {
        ConsumerSpec consumer = batches(3, 4);
        consumer.channelPrefetch = 10;
        consumer.outcomes = {takes(1h)};
        Situation s;
        s.queue("a").queue("b").publish("p", "a", "1 1 1").publish("r", "b", "0");
        s.consumer("c", "a", consumer).consumeLink("b", "c");
        s.fault(PartitionFault{.from = "b", .to = "c", .closesAfter = 1ms}, 100ms, 10min);
        const Outcomes o = s.run(1min);
        QCOMPARE(o.timed(TraceKind::Acked, "a"), std::string("2@101ms 3@101ms 4@101ms"));
        QCOMPARE(o.broken(), std::string());
    }

    void theFirstWaitsNoLongerThanItMay() {
        ConsumerSpec consumer = batches(3);
        consumer.ackAfter = 100ms;
        Situation s;
        s.queue("q").publish("p", "q", "0 0 0 0 0 500").consumer("c", "q", consumer);
        const Outcomes o = s.run(10min);
        QCOMPARE(o.timed(TraceKind::Acked, "q"),
                 std::string("1@30ms 2@30ms 3@30ms 4@140ms 5@140ms 6@610ms"));
        QVERIFY(o.world().isAtRest());
        QCOMPARE(o.world().messages().alive(), 0u);
    }

    void aRunIsAtRestThoughATimerIsSet() {
        ConsumerSpec consumer = batches(2);
        consumer.ackAfter = 1h;
        Situation s;
        s.queue("q").publish("p", "q", "0 0").consumer("c", "q", consumer);
        QVERIFY(s.run(10s).world().isAtRest());
    }

    void aCrashRepeatsTheWholeBatch() {
        Situation s;
        s.queue("q").publish("p", "q", "0 0 0 0 0").consumer("c", "q", batches(3));
        s.fault(CrashFault{.target = "c", .instance = {}}, 55ms, 45ms);
        const Outcomes o = s.run(10min);
        QCOMPARE(o.timed(TraceKind::Discarded, "c"), std::string("4@55ms 5@55ms"));
        QCOMPARE(o.timed(TraceKind::Requeued, "q"), std::string("4@55ms 5@55ms"));
        QCOMPARE(o.timed(TraceKind::Applied, "c"),
                 std::string("1@10ms 2@20ms 3@30ms 4@40ms 5@50ms 4@110ms 5@120ms"));
        QCOMPARE(o.broken(), std::string());
    }

    void aLostAckLosesTheWholeBatch() {
        Situation s;
        s.queue("q").publish("p", "q", "0 0 0").consumer("c", "q", batches(3));
        s.fault(LostAcksFault{.from = "q", .to = "c", .probability = 1}, 0s, 40ms);
        s.fault(CrashFault{.target = "c", .instance = {}}, 50ms, 50ms);
        const Outcomes o = s.run(10min);
        QCOMPARE(o.timed(TraceKind::Lost), std::string("3@30ms"));
        QCOMPARE(o.timed(TraceKind::Requeued, "q"), std::string("1@50ms 2@50ms 3@50ms"));
        QCOMPARE(o.timed(TraceKind::Acked, "q"), std::string("1@130ms 2@130ms 3@130ms"));
        QCOMPARE(o.broken(), std::string());
    }

    void aPrefetchBelowTheBatchStalls() {
        ConsumerSpec consumer = batches(3);
        consumer.prefetch = 2;
        Situation s;
        s.queue("q").publish("p", "q", "0 0 0").consumer("c", "q", consumer);
        QCOMPARE(s.run(10min).timed(TraceKind::Applied), std::string("1@10ms 2@20ms"));

        std::get<ConsumerSpec>(s.scenario.components.back().spec).ackAfter = 100ms;
        const Outcomes o = s.run(10min);
        QCOMPARE(o.timed(TraceKind::Acked), std::string("1@110ms 2@110ms 3@220ms"));
        QCOMPARE(o.broken(), std::string());
    }

    void whatIsNotFinishedHoldsUpWhatIsAboveIt() {
        ConsumerSpec consumer = batches(2, 3);
        consumer.outcomes = {takes(100ms), takes(10ms), takes(20ms)};
        Situation s;
        s.queue("q").publish("p", "q", "0 0 0").consumer("c", "q", consumer);
        const Outcomes o = s.run(10min);
        QCOMPARE(o.timed(TraceKind::Acked), std::string("1@100ms 2@100ms 3@100ms"));
        QCOMPARE(o.broken(), std::string());
    }

    void whatHasWaitedLongEnoughGoesAsSoonAsItCan() {
        ConsumerSpec consumer = batches(9, 2);
        consumer.ackAfter = 30ms;
        consumer.outcomes = {takes(100ms), takes(10ms)};
        Situation s;
        s.queue("q").publish("p", "q", "0 0").consumer("c", "q", consumer);
        QCOMPARE(s.run(10min).timed(TraceKind::Acked), std::string("1@100ms 2@100ms"));
    }

    void aCarelessAckCoversWhatIsNotFinished() {
        ConsumerSpec consumer = batches(2, 3);
        consumer.acksUnfinished = true;
        consumer.outcomes = {takes(100ms), takes(10ms), takes(20ms)};
        Situation s;
        s.queue("q").publish("p", "q", "0 0 0").consumer("c", "q", consumer);
        const Outcomes o = s.run(10min);
        QCOMPARE(o.timed(TraceKind::Acked), std::string("1@20ms 2@20ms 3@20ms"));
        QCOMPARE(o.timed(TraceKind::Applied), std::string("2@10ms 3@20ms 1@100ms"));
        QCOMPARE(o.broken(), std::string());

        s.fault(CrashFault{.target = "c", .instance = {}}, 50ms, 10ms);
        const Outcomes crashed = s.run(10min);
        QCOMPARE(crashed.messages(TraceKind::Applied), std::string("2 3"));
        QCOMPARE(crashed.messages(TraceKind::Requeued), std::string());
        QCOMPARE(crashed.messages(TraceKind::Discarded), std::string("1"));
    }

    /// What fails after it was acknowledged breaks the protocol (406).
    void aCarelessAckAndAFailureCloseTheChannel() {
        ConsumerSpec consumer = batches(2, 3);
        consumer.acksUnfinished = true;
        consumer.outcomes = {takes(100ms, Outcome::Failure), takes(10ms), takes(20ms)};
        Situation s;
        s.queue("q").publish("p", "q", "0 0 0").consumer("c", "q", consumer);
        const Outcomes o = s.run(10min);
        QCOMPARE(o.timed(TraceKind::Lost), std::string("1@100ms"));
        QCOMPARE(o.count(TraceKind::Disconnected, "c"), std::size_t{1});
        QCOMPARE(o.broken(), std::string());
    }

    void whatFailsIsSentBackByItself() {
        ConsumerSpec consumer = batches(2, 3);
        consumer.onFailure = OnFailure::Reject;
        consumer.outcomes = {takes(50ms, Outcome::Failure), takes(10ms), takes(20ms)};
        Situation s;
        s.queue("q").publish("p", "q", "0 0 0").consumer("c", "q", consumer);
        const Outcomes o = s.run(10min);
        QCOMPARE(o.timed(TraceKind::Dropped, "q"), std::string("1@50ms"));
        QCOMPARE(o.timed(TraceKind::Acked, "q"), std::string("2@50ms 3@50ms"));
        QCOMPARE(o.broken(), std::string());
    }

    void whoCancelsAcknowledgesWhatIsFinished() {
        ConsumerSpec consumer = batches(10);
        Situation s;
        s.queue("q").publish("p", "q", "0 0 0").consumer("c", "q", consumer);
        const Outcomes o = s.fault(CancelFault{.target = "c", .instance = {}}, 25ms).run(10min);
        QCOMPARE(o.timed(TraceKind::Acked), std::string("1@25ms 2@25ms 3@30ms"));
    }

    void oneChannelIsAcknowledgedOverItsQueues() {
        const auto acked = [](RabbitmqVersion version, std::uint32_t channelPrefetch) {
            ConsumerSpec consumer = batches(3, 10);
            consumer.channelPrefetch = channelPrefetch;
            Situation s;
            s.version(version).queue("a").queue("b").publish("p", "a", "0 2");
            s.publish("r", "b", "1").consumer("c", "a", consumer).consumeLink("b", "c");
            const Outcomes o = s.run(10min);
            return o.timed(TraceKind::Acked) + "; " + o.broken();
        };
        QCOMPARE(acked(RabbitmqVersion::V4_0, 9), std::string("1@12ms 3@12ms 2@12ms; "));
        QCOMPARE(acked(RabbitmqVersion::V4_3, 9), std::string("1@12ms 3@12ms 2@12ms; "));
        QCOMPARE(acked(RabbitmqVersion::V4_0, 0), std::string("; ")); // two channels
    }

    void aQuorumQueueCommitsItAsOneCommand() {
        QueueSpec quorum;
        quorum.type = QueueType::Quorum;
        Situation s;
        s.disk(Distribution::uniform(1e6, 50e6));
        s.queue("q", quorum).publish("p", "q", "0 0 0").consumer("c", "q", batches(3));
        const Outcomes o = s.run(10min);
        const auto acked = o.all(TraceKind::Acked);
        QCOMPARE(acked.size(), std::size_t{3});
        QVERIFY(acked[0].at == acked[2].at && acked[0].at > o.all(TraceKind::AckSent)[0].at);
        QCOMPARE(o.broken(), std::string());
    }

    void aStreamStoresTheLastOffset() {
        QueueSpec stream;
        stream.type = QueueType::Stream;
        ConsumerSpec consumer = batches(2);
        consumer.prefetch = 10;
        Situation s;
        s.queue("s", stream).publish("p", "s", "0 0 0").consumer("c", "s", consumer);
        auto& link = std::get<ConsumeLink>(s.scenario.links.back());
        link.offset = "first";
        link.storesOffset = true;
        const Outcomes o =
            s.fault(CrashFault{.target = "c", .instance = {}}, 25ms, 75ms).run(10min);
        QCOMPARE(o.timed(TraceKind::Applied), std::string("1@10ms 2@20ms 3@110ms"));
        QCOMPARE(o.broken(), std::string());
    }

    void settingsThatContradictEachOtherAreNamed() {
        ConsumerSpec early = batches(5);
        early.ackMode = AckMode::Before;
        ConsumerSpec single;
        single.ackAfter = 1s;
        single.acksUnfinished = true;
        ConsumerSpec shovel = batches(5);
        shovel.serviceTime = ConsumerSpec().serviceTime;
        shovel.forward = ForwardSpec{};
        Situation s;
        s.scenario.components.clear();
        s.queue("q").queue("r").consumer("a", "q", early).consumer("b", "q", single);
        s.consumer("s", "q", shovel).publishLink("s", "r");
        const std::string expected =
            "/components/2/ack_every: has no meaning with ack_mode before: what is finished is "
            "acknowledged already\n"
            "/components/3/ack_after: needs an ack_every above 1: each delivery is acknowledged by "
            "itself\n"
            "/components/3/acks_unfinished: needs an ack_every above 1: each delivery is "
            "acknowledged by itself\n"
            "/components/4/ack_every: has no meaning with forward: it settles each as it is "
            "confirmed\n";
        QCOMPARE(problemsOf(validate(s.scenario)), expected);
    }

    void aPrefetchBelowTheBatchIsPointedOut() {
        const auto hints = [](ConsumerSpec spec, QueueType type = QueueType::Classic) {
            QueueSpec queue;
            queue.type = type;
            Situation s;
            s.scenario.components.clear();
            s.queue("q", queue).publish("p", "q", "0").consumer("c", "q", std::move(spec));
            return problemsOf(lint(s.scenario));
        };
        ConsumerSpec consumer = batches(10);
        QCOMPARE(hints(consumer), std::string());
        consumer.prefetch = 10;
        QCOMPARE(hints(consumer), std::string());
        consumer.prefetch = 9;
        QCOMPARE(hints(consumer),
                 std::string("/components/2/ack_every: c never has 10 deliveries to acknowledge: "
                             "its prefetch lets no more than 9 be out, and it stalls\n"));
        consumer.ackAfter = 1s;
        QCOMPARE(hints(consumer),
                 std::string("/components/2/ack_every: c never has 10 deliveries to acknowledge: "
                             "its prefetch lets no more than 9 be out, and it waits for ack_after "
                             "each time\n"));
        // Without a prefetch a quorum queue lets 2000 be out.
        QCOMPARE(hints(batches(2000), QueueType::Quorum), std::string());
        QCOMPARE(hints(batches(2001)), std::string());
        QCOMPARE(hints(batches(2001), QueueType::Quorum),
                 std::string("/components/2/ack_every: c never has 2001 deliveries to acknowledge: "
                             "its prefetch lets no more than 2000 be out, and it stalls\n"));
        ConsumerSpec careless = batches(2, 4);
        careless.acksUnfinished = true;
        QCOMPARE(hints(careless),
                 std::string("/components/2/acks_unfinished: c acknowledges what its other "
                             "handlers still work on: a crash loses that\n"));
    }
};

QTEST_GUILESS_MAIN(TestBatches)
#include "tst_batches.moc"
