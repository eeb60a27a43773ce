#include "sim/scenario/validate.h"
#include "tests/support/problems_of.h"
#include "tests/support/situation.h"

#include <QTest>

using namespace sim;

namespace {

ScriptedOutcome takes(Duration service, Outcome outcome = Outcome::Success) {
    return {.outcome = outcome, .serviceTime = service};
}

/// Acknowledges four at a time; each takes 10 ms.
ConsumerSpec givingBack(GivesBack what, std::vector<ScriptedOutcome> outcomes,
                        std::uint32_t concurrency = 1) {
    ConsumerSpec spec;
    spec.ackEvery = 4;
    spec.ackAfter = 1s;
    spec.concurrency = concurrency;
    spec.serviceTime = always(10ms);
    spec.outcomes = std::move(outcomes);
    spec.givesBack = what;
    return spec;
}

QueueSpec quorum() {
    QueueSpec spec;
    spec.type = QueueType::Quorum;
    return spec;
}

/// 1 and 2 are done, 3 fails; 4 has come by then.
Outcomes afterTheThirdFails(const QueueSpec& queue, GivesBack what,
                            OnFailure onFailure = OnFailure::Requeue) {
    ConsumerSpec consumer =
        givingBack(what, {takes(10ms), takes(10ms), takes(10ms, Outcome::Failure), takes(1h)});
    consumer.onFailure = onFailure;
    consumer.prefetch = 4;
    QueueSpec withLetters = queue;
    withLetters.deadLetterExchange = "";
    withLetters.deadLetterRoutingKey = "dead";
    Situation s;
    s.queue("dead").queue("q", withLetters).publish("p", "q", "0 0 0 0 0");
    s.consumer("c", "q", consumer);
    Outcomes o = s.run(100ms);
    return o;
}

} // namespace

/// Several deliveries given back at once: https://www.rabbitmq.com/docs/nack,
/// https://www.rabbitmq.com/docs/confirms#consumer-acks-multiple-parameter
class TestGivingBack : public QObject {
    Q_OBJECT

private slots:
    void oneGoesBackByItself() {
        const Outcomes o = afterTheThirdFails({}, GivesBack::One);
        QCOMPARE(o.timed(TraceKind::Requeued, "q"), std::string("3@30ms"));
        QCOMPARE(o.broken(), std::string());
    }

    void aBatchGoesBackToItsPlace() { // as T40: sorted by where they were
        const Outcomes o = afterTheThirdFails({}, GivesBack::UpTo);
        QCOMPARE(o.timed(TraceKind::NackSentBack, "c"), std::string("1@30ms 2@30ms 3@30ms"));
        QCOMPARE(o.timed(TraceKind::Requeued, "q"), std::string("1@30ms 2@30ms 3@30ms"));
        QCOMPARE(o.delivered("q"), std::string("1 2 3 4 1 2 3"));
        QCOMPARE(o.count(TraceKind::Acked), std::size_t{0});
        QCOMPARE(o.broken(), std::string());
    }

    void aQuorumQueueReturnsThemInTheOrderOfTheirDeliveries() { // as T39
        const Outcomes o = afterTheThirdFails(quorum(), GivesBack::UpTo);
        QCOMPARE(o.messages(TraceKind::Requeued, "q"), std::string("1 2 3"));
        QCOMPARE(o.delivered("q"), std::string("1 2 3 4 1 2 3"));
        QCOMPARE(o.broken(), std::string());
    }

    void withoutRequeueTheyAreDeadLettered_data() {
        QTest::addColumn<QueueSpec>("queue");
        QTest::newRow("classic") << QueueSpec{};
        QTest::newRow("quorum") << quorum();
    }
    void withoutRequeueTheyAreDeadLettered() {
        QFETCH(QueueSpec, queue);
        const Outcomes o = afterTheThirdFails(queue, GivesBack::UpTo, OnFailure::Reject);
        QCOMPARE(o.ready("dead"), std::string("1 2 3"));
        QCOMPARE(o.deaths("dead"), std::string("q rejected 1"));
        QCOMPARE(o.count(TraceKind::Requeued), std::size_t{0});
        QCOMPARE(o.broken(), std::string());
    }

    void aRecoverTakesBackWhatIsNotBegun_data() { withoutRequeueTheyAreDeadLettered_data(); }
    void aRecoverTakesBackWhatIsNotBegun() {
        QFETCH(QueueSpec, queue);
        const Outcomes o = afterTheThirdFails(queue, GivesBack::All);
        QCOMPARE(o.messages(TraceKind::Requeued, "q"), std::string("1 2 3 4"));
        QCOMPARE(o.messages(TraceKind::Discarded, "c"), std::string("4"));
        QCOMPARE(o.delivered("q"), std::string("1 2 3 4 1 2 3 4"));
        QCOMPARE(o.broken(), std::string());
    }

    void whatComesBeforeTheAnswerComesAgain() {
        ConsumerSpec consumer = givingBack(GivesBack::All, {takes(5ms, Outcome::Failure)});
        consumer.prefetch = 2;
        Situation s;
        s.queue("q").publish("p", "q", "0 12").consumer("c", "q", consumer, Situation::slow(10ms));
        // 1 fails at 15 ms; 2 comes at 22 ms, before the answer at 35 ms.
        const Outcomes o = s.run(10s);
        QCOMPARE(o.timed(TraceKind::Discarded, "c"), std::string("2@22ms"));
        QCOMPARE(o.timed(TraceKind::Requeued, "q"), std::string("1@25ms 2@25ms"));
        QCOMPARE(o.timed(TraceKind::Applied, "c"), std::string("1@45ms 2@55ms"));
        QCOMPARE(o.unacked("q"), std::size_t{0});
        QCOMPARE(o.broken(), std::string());
    }

    void whatOthersWorkOnIsNotAcknowledgedAnyMore() {
        const std::vector<ScriptedOutcome> outcomes{takes(50ms), takes(10ms, Outcome::Failure)};
        ConsumerSpec consumer = givingBack(GivesBack::UpTo, outcomes, 2);
        consumer.prefetch = 2;
        Situation s;
        s.queue("q").publish("p", "q", "0 0").consumer("c", "q", consumer);
        const Outcomes o = s.run(10s);
        // 1 was sent back at 10 ms while it was handled to 50 ms: both handle it.
        QCOMPARE(o.messages(TraceKind::Requeued, "q"), std::string("1 2"));
        QCOMPARE(o.count(TraceKind::Lost), std::size_t{0});
        QCOMPARE(o.count(TraceKind::Acked, "q"), std::size_t{2});
        QCOMPARE(o.count(TraceKind::Applied, "c"), std::size_t{3});
        QCOMPARE(o.broken(), std::string());
    }

    void aPrefetchOfTheChannelMakesThemOne() {
        const std::vector<ScriptedOutcome> outcomes{takes(10ms), takes(10ms, Outcome::Failure)};
        ConsumerSpec consumer = givingBack(GivesBack::UpTo, outcomes);
        consumer.channelPrefetch = 2;
        Situation s;
        s.queue("a").queue("b").publish("p", "a", "0").publish("r", "b", "1");
        s.consumer("c", "a", consumer).consumeLink("b", "c");
        const Outcomes o = s.run(10s);
        QCOMPARE(o.messages(TraceKind::Requeued, "a"), std::string("1"));
        QCOMPARE(o.messages(TraceKind::Requeued, "b"), std::string("2"));
        QCOMPARE(o.count(TraceKind::Acked), std::size_t{2});
        QCOMPARE(o.broken(), std::string());
    }

    void itNeedsABatchToGiveBack() {
        ConsumerSpec consumer;
        consumer.givesBack = GivesBack::UpTo;
        consumer.onFailure = OnFailure::Ignore;
        Situation s;
        s.queue("q").publish("p", "q", "0").consumer("c", "q", consumer);
        QCOMPARE(
            problemsOf(validate(s.scenario)),
            std::string("/components/3/gives_back: needs an ack_every above 1: each delivery is "
                        "acknowledged by itself\n"
                        "/components/3/gives_back: has no meaning with on_failure ignore; "
                        "allowed there: requeue, reject\n"));
    }
};

QTEST_GUILESS_MAIN(TestGivingBack)
#include "tst_giving_back.moc"
