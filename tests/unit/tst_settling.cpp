#include "tests/support/situation.h"

#include <QTest>

using namespace sim;

namespace {

QueueSpec deadLettering(const std::string& exchange, std::optional<std::string> key = {}) {
    QueueSpec spec;
    spec.deadLetterExchange = exchange;
    spec.deadLetterRoutingKey = std::move(key);
    return spec;
}

QueueSpec deadLetteringAfter(Duration ttl, const std::string& exchange,
                             std::optional<std::string> key = {}) {
    QueueSpec spec = deadLettering(exchange, std::move(key));
    spec.messageTtl = ttl;
    return spec;
}

/// Fails every time, or the first `failures` times.
ConsumerSpec failing(OnFailure onFailure, std::size_t failures = 0) {
    ConsumerSpec spec;
    spec.prefetch = 1;
    spec.serviceTime = always(10ms);
    spec.onFailure = onFailure;
    spec.failureRate = failures == 0 ? 1 : 0;
    spec.outcomes.assign(failures, {.outcome = Outcome::Failure, .serviceTime = {}});
    return spec;
}

std::vector<bool> redelivered(const Outcomes& o) {
    std::vector<bool> flags;
    for (const TraceRecord& record : o.all(TraceKind::Delivered)) {
        flags.push_back((record.flags & Redelivered) != 0);
    }
    return flags;
}

} // namespace

/// Acknowledgements, requeueing and dead letters: https://www.rabbitmq.com/docs/confirms,
/// https://www.rabbitmq.com/docs/nack, https://www.rabbitmq.com/docs/dlx
class TestSettling : public QObject {
    Q_OBJECT

private slots:
    void anAckTakesTheMessageOut() {
        Situation s;
        ConsumerSpec consumer;
        consumer.serviceTime = always(10ms);
        s.queue("q").consumer("c", "q", consumer).publish("p", "q", "0");
        const Outcomes o = s.run();
        QCOMPARE(o.timed(TraceKind::Acked, "q"), std::string("1@10ms"));
        QCOMPARE(o.world().messages().alive(), 0u);
    }

    void aRequeueGoesBackToItsPlace() {
        Situation s;
        s.queue("q").consumer("c", "q", failing(OnFailure::Requeue)).publish("p", "q", "0 0 0");
        const Outcomes o = s.run(55ms);
        QCOMPARE(o.delivered("q"), std::string("1 1 1 1 1 1"));
        QCOMPARE(o.ready("q"), std::string("2 3"));
        const std::vector<bool> expected{false, true, true, true, true, true};
        QCOMPARE(redelivered(o), expected);
        QCOMPARE(o.all(TraceKind::Delivered).back().attempt, std::uint8_t{6});
    }

    void everyPlaceIsKept() {
        // 1, 2 and 3 are out when 2 comes back; then all come back at once.
        Situation s;
        ConsumerSpec consumer = failing(OnFailure::Requeue, 1);
        consumer.prefetch = 3;
        consumer.concurrency = 3;
        consumer.outcomes = {{.outcome = Outcome::Success, .serviceTime = 1h},
                             {.outcome = Outcome::Failure, .serviceTime = 5ms},
                             {.outcome = Outcome::Success, .serviceTime = 1h},
                             {.outcome = Outcome::Success, .serviceTime = 1h}};
        s.queue("q").consumer("c", "q", consumer).publish("p", "q", "0 0 0 0 0");
        s.fault(CrashFault{.target = "c", .instance = {}}, 1s);
        const Outcomes o = s.run(10s);
        QCOMPARE(o.delivered("q"), std::string("1 2 3 2"));
        QCOMPARE(o.ready("q"), std::string("1 2 3 4 5"));
    }

    void aRejectionIsDeadLetteredOrDropped_data() {
        QTest::addColumn<bool>("hasExchange");
        QTest::newRow("with a dead-letter exchange") << true;
        QTest::newRow("without") << false;
    }
    void aRejectionIsDeadLetteredOrDropped() {
        QFETCH(bool, hasExchange);
        Situation s;
        s.queue("q", hasExchange ? deadLettering("dlx") : QueueSpec{}).queue("dlq");
        s.exchange("dlx", ExchangeType::Fanout).bind("dlx", "dlq");
        s.consumer("c", "q", failing(OnFailure::Reject)).publish("p", "q", "0 0");
        const Outcomes o = s.run();
        QCOMPARE(o.ready("dlq"), std::string(hasExchange ? "1 2" : ""));
        QCOMPARE(o.count(TraceKind::DeadLettered, "q"), hasExchange ? 2u : 0u);
        QCOMPARE(o.count(TraceKind::Dropped, "q"), hasExchange ? 0u : 2u);
        QCOMPARE(o.broken(), std::string());
    }

    void aDeadLetterKeepsItsEnvelope() {
        Situation s;
        s.queue("q", deadLettering("dlx")).queue("dlq");
        s.exchange("x", ExchangeType::Direct).bind("x", "q", "k");
        s.exchange("dlx", ExchangeType::Direct).bind("dlx", "dlq", "k");
        Situation::Entry entry = at(0ms, "order-1", "k");
        entry.expiration = 5s;
        entry.priority = 3;
        entry.headers = {{"h", true}};
        s.script("p", "x", {entry}).consumer("c", "q", failing(OnFailure::Reject));
        const Outcomes o = s.run();
        const Message& dead = o.message("dlq");
        const auto& names = o.plan().catalogue.components;
        QCOMPARE(dead.expiration, noExpiration);
        QCOMPARE(dead.priority, std::uint8_t{3});
        QVERIFY(dead.has(Persistent));
        QVERIFY(!dead.has(Redelivered)); // by this queue it was not
        QCOMPARE(o.plan().routingKeys[dead.routingKey], std::string("k"));
        QCOMPARE(o.plan().headers[dead.headers].table.size(), 1u);
        QCOMPARE(names[index(dead.exchange)], std::string("dlx"));
        const Deaths& deaths = o.world().messages().deaths(Slot{0});
        QCOMPARE(deaths.size(), 1u);
        QCOMPARE(deaths[0].expiration, 5000u); // original-expiration
        QCOMPARE(names[index(deaths[0].exchange)], std::string("x"));
        QVERIFY(deaths[0].firstAt == start + 10ms);
        QCOMPARE(o.deaths("dlq"), std::string("q rejected 1"));
    }

    void theDeadLetterKeyReplacesTheMessagesOwn_data() {
        QTest::addColumn<bool>("hasKey");
        QTest::newRow("set") << true;
        QTest::newRow("not set") << false;
    }
    void theDeadLetterKeyReplacesTheMessagesOwn() {
        QFETCH(bool, hasKey);
        Situation s;
        s.queue("q", deadLettering("dlx", hasKey ? std::optional<std::string>("dead")
                                                 : std::nullopt));
        s.queue("own").queue("dead").exchange("dlx", ExchangeType::Direct);
        s.bind("dlx", "own", "q").bind("dlx", "dead", "dead");
        s.consumer("c", "q", failing(OnFailure::Reject)).publish("p", "q", "0");
        const Outcomes o = s.run();
        QCOMPARE(o.ready("dead"), std::string(hasKey ? "1" : ""));
        QCOMPARE(o.ready("own"), std::string(hasKey ? "" : "1"));
    }

    void anEmptyNameIsTheDefaultExchange() {
        Situation s;
        s.queue("q", deadLettering("", "dlq")).queue("dlq");
        s.consumer("c", "q", failing(OnFailure::Reject)).publish("p", "q", "0");
        QCOMPARE(s.run().ready("dlq"), std::string("1"));
    }

    void aDeadLetterWithoutAQueueVanishes() {
        Situation s;
        ProducerSpec mandatory;
        mandatory.mandatory = true;
        s.queue("q", deadLettering("dlx")).exchange("dlx", ExchangeType::Direct);
        s.consumer("c", "q", failing(OnFailure::Reject)).publish("p", "q", "0", mandatory);
        const Outcomes o = s.run();
        QCOMPARE(o.count(TraceKind::Unroutable, "dlx"), 1u);
        QCOMPARE(o.count(TraceKind::ReturnSent), 0u); // nobody to return it to
        QCOMPARE(o.world().messages().alive(), 0u);
    }

    void aDeadLetterExchangeHasItsAlternate() {
        Situation s;
        ExchangeSpec alternate;
        alternate.alternateExchange = "ae";
        s.queue("q", deadLettering("dlx")).queue("dlq");
        s.exchange("dlx", ExchangeType::Direct, alternate);
        s.exchange("ae", ExchangeType::Fanout).bind("ae", "dlq");
        s.consumer("c", "q", failing(OnFailure::Reject)).publish("p", "q", "0");
        QCOMPARE(s.run().ready("dlq"), std::string("1"));
    }

    void aRejectionAllowsARetryLoop() {
        Situation s;
        s.queue("work", deadLettering("", "retry")).queue("retry", deadLetteringAfter(1s, "", "work"));
        s.consumer("c", "work", failing(OnFailure::Reject)).publish("p", "work", "0");
        const Outcomes o = s.run(3500ms);
        QCOMPARE(o.count(TraceKind::Failed, "c"), 4u);
        QCOMPARE(o.deaths("retry"), std::string("work rejected 4, retry expired 3"));
        const Deaths& deaths = o.world().messages().deaths(Slot{0});
        QVERIFY(deaths[0].firstAt == start + 10ms); // the other fields stay from the first time
        QCOMPARE(o.broken(), std::string());
    }

    void aCycleWithoutARejectionIsCut_data() {
        QTest::addColumn<int>("queues");
        QTest::newRow("back to itself") << 1;
        QTest::newRow("over another queue") << 2;
        QTest::newRow("over two") << 3;
    }
    void aCycleWithoutARejectionIsCut() {
        QFETCH(int, queues);
        Situation s;
        for (int i = 0; i < queues; ++i) {
            s.queue("q" + std::to_string(i),
                    deadLetteringAfter(1s, "", "q" + std::to_string((i + 1) % queues)));
        }
        s.publish("p", "q0", "0");
        const Outcomes o = s.run(1min);
        QCOMPARE(o.count(TraceKind::Enqueued), static_cast<std::size_t>(queues));
        const auto cut = o.all(TraceKind::Unroutable);
        QCOMPARE(cut.size(), 1u);
        QVERIFY(cut[0].reason == Reason::Cycle);
        QCOMPARE(o.world().messages().alive(), 0u);
    }

    void onlyTheCopyThatClosesTheCycleIsCut() {
        Situation s;
        s.queue("q", deadLetteringAfter(1s, "dlx")).queue("other");
        s.exchange("dlx", ExchangeType::Fanout).bind("dlx", "q").bind("dlx", "other");
        s.publish("p", "q", "0");
        const Outcomes o = s.run(1min);
        QCOMPARE(o.ready("other"), std::string("1"));
        QCOMPARE(o.enqueued("q"), std::string("1"));
    }

    void aDeadLetterMeetsTheTtlOfItsNewQueue() {
        Situation s;
        s.queue("q", deadLettering("", "dlq"));
        QueueSpec short_;
        short_.messageTtl = 2s;
        s.queue("dlq", short_).consumer("c", "q", failing(OnFailure::Reject));
        s.publish("p", "q", "0");
        QCOMPARE(s.run().timed(TraceKind::Dropped, "dlq"), std::string("1@2010ms"));
    }

    void aCopyForEachQueueHasAHistoryOfItsOwn() {
        Situation s;
        s.queue("q", deadLettering("dlx"));
        s.queue("a", deadLetteringAfter(1s, "", "end")).queue("b").queue("end");
        s.exchange("dlx", ExchangeType::Fanout).bind("dlx", "a").bind("dlx", "b");
        s.consumer("c", "q", failing(OnFailure::Reject)).publish("p", "q", "0");
        const Outcomes o = s.run();
        QCOMPARE(o.deaths("b"), std::string("q rejected 1"));
        QCOMPARE(o.deaths("end"), std::string("a expired 1, q rejected 1"));
        QCOMPARE(o.broken(), std::string());
    }

    void settlingTwiceClosesTheChannel() { // T48
        Situation s;
        ConsumerSpec consumer;
        consumer.prefetch = 3;
        consumer.serviceTime = always(10ms);
        s.queue("q").consumer("c", "q", consumer).publish("p", "q", "0 0 0");
        s.fault(DuplicateFault{.from = "q", .to = "c", .probability = 1}, 0s, 5ms);
        const Outcomes o = s.run();
        QCOMPARE(o.timed(TraceKind::Requeued, "q"), std::string("2@20ms 3@20ms"));
        QCOMPARE(o.count(TraceKind::Disconnected, "c"), 1u);
        QCOMPARE(o.messages(TraceKind::Acked, "q"), std::string("1 2 3"));
        QCOMPARE(o.broken(), std::string());
    }
};

QTEST_APPLESS_MAIN(TestSettling)
#include "tst_settling.moc"
