#include "tests/support/situation.h"

#include <QTest>

using namespace sim;

namespace {

QueueSpec withDeadLetters() {
    QueueSpec spec;
    spec.deadLetterExchange = "";
    spec.deadLetterRoutingKey = "dead";
    return spec;
}

/// Handles a message for a second, so that the next ones stay in the queue.
ConsumerSpec slow() {
    ConsumerSpec spec;
    spec.prefetch = 1;
    spec.serviceTime = always(1s);
    return spec;
}

CrashFault crashOf(const std::string& consumer) {
    CrashFault crash;
    crash.target = consumer;
    return crash;
}

/// Three messages at once and one at 5 s, through an exchange; the consumer is down from 2 s to
/// 4 s.
Situation shop(const QueueSpec& queue) {
    Situation s;
    s.exchange("x", ExchangeType::Fanout).queue("q", queue).queue("dead").bind("x", "q");
    s.publish("p", "x", "0 0 0 5000");
    s.consumer("c", "q", slow()).fault(crashOf("c"), 1500ms, 2500ms);
    return s;
}

} // namespace

/// When queues and exchanges go by themselves, as https://www.rabbitmq.com/docs/queues#properties,
/// https://www.rabbitmq.com/docs/ttl#queue-ttl and https://www.rabbitmq.com/docs/exchanges say.
class TestQueueLife : public QObject {
    Q_OBJECT

private slots:
    void anAutoDeleteQueueGoesWithItsLastConsumer() { // T32 too: nothing is dead-lettered
        QueueSpec queue = withDeadLetters();
        queue.autoDelete = true;
        const Outcomes o = shop(queue).run(20s);
        const auto dropped = o.all(TraceKind::Dropped, "q");
        QCOMPARE(dropped.size(), std::size_t{2}); // the one being handled and the one behind it
        for (const TraceRecord& record : dropped) {
            QCOMPARE(record.reason, Reason::QueueDeleted);
            QVERIFY(record.at == start + 1500ms);
        }
        QCOMPARE(o.ready("dead"), std::string());
        QCOMPARE(o.applied("c"), std::string("1 4")); // the consumer has declared it anew
        QCOMPARE(o.broken(), std::string());
    }

    void whatComesMeanwhileIsUnroutable() {
        QueueSpec queue;
        queue.autoDelete = true;
        Situation s = shop(queue);
        s.publish("late", "x", "3000");
        const Outcomes o = s.run(20s);
        QCOMPARE(o.count(TraceKind::Unroutable, "x"), std::size_t{1});
    }

    void anAutoDeleteQueueStaysWhileAConsumerIsLeft() {
        QueueSpec queue;
        queue.autoDelete = true;
        Situation s = shop(queue);
        s.consumer("other", "q", slow());
        const Outcomes o = s.run(20s);
        QCOMPARE(o.count(TraceKind::Dropped), std::size_t{0});
        QCOMPARE(o.count(TraceKind::Applied), std::size_t{4});
    }

    void anAutoDeleteQueueNeverConsumedStays() { // T54
        QueueSpec queue;
        queue.autoDelete = true;
        Situation s;
        s.queue("q", queue).publish("p", "q", "0");
        QCOMPARE(s.run().ready("q"), std::string("1"));
    }

    void anExclusiveQueueGoesWithItsConnection() { // T53
        QueueSpec queue = withDeadLetters();
        queue.exclusive = true;
        const Outcomes o = shop(queue).run(20s);
        QCOMPARE(o.count(TraceKind::Dropped, "q"), std::size_t{2});
        QCOMPARE(o.applied("c"), std::string("1 4"));
    }

    void anExclusiveQueueIsForOneConnection() { // T53: 405 RESOURCE_LOCKED
        QueueSpec queue;
        queue.exclusive = true;
        Situation s = shop(queue);
        s.consumer("other", "q");
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, s.run());
    }

    void anExclusiveQueueIsNotDurable() {
        QueueSpec queue;
        queue.exclusive = true;
        Situation s;
        s.queue("q", queue).publish("p", "q", "0 0");
        s.consumer("c", "q", slow()).fault(BrokerRestartFault{}, 500ms, 1s);
        const Outcomes o = s.run(20s);
        const auto dropped = o.all(TraceKind::Dropped, "q");
        QCOMPARE(dropped.size(), std::size_t{2});
        QCOMPARE(dropped.front().reason, Reason::NotDurable);
    }

    void aPublisherDoesNotDeclareTheExclusiveQueueOfAnother() {
        QueueSpec queue;
        queue.exclusive = true;
        Situation s;
        s.queue("q", queue).publish("p", "q", "0 3500 6000");
        s.consumer("c", "q").fault(crashOf("c"), 500ms, 4500ms); // back at 5 s
        s.fault(BrokerRestartFault{}, 1s, 1s);                   // the publisher is back at 2 s
        const Outcomes o = s.run(20s);
        QCOMPARE(o.applied("c"), std::string("1 3"));
        QCOMPARE(o.count(TraceKind::Unroutable), std::size_t{1});
        QCOMPARE(o.broken(), std::string());
    }

    void whatIsDeletedStaysSoAfterARestart() {
        QueueSpec expiring;
        expiring.expires = 1s;
        QueueSpec source;
        source.messageTtl = 10ms;
        source.deadLetterExchange = "";
        source.deadLetterRoutingKey = "q";
        Situation s;
        s.queue("q", expiring).queue("source", source).publish("p", "source", "3000");
        const Outcomes o = s.fault(BrokerRestartFault{}, 1500ms, 200ms).run(10s);
        QCOMPARE(o.timed(TraceKind::Unroutable), std::string("1@3010ms"));
        QCOMPARE(o.ready("q"), std::string());
    }

    void aQueueExpiresWhenItIsUnused() { // T32
        QueueSpec queue = withDeadLetters();
        queue.expires = 1s;
        const Outcomes o = shop(queue).run(20s);
        QCOMPARE(o.count(TraceKind::Dropped, "q"), std::size_t{2});
        QVERIFY(o.all(TraceKind::Dropped, "q").front().at == start + 2500ms);
        QCOMPARE(o.ready("dead"), std::string());
    }

    void aQuorumQueueLooksOnceInFiveSeconds() {
        QueueSpec queue;
        queue.type = QueueType::Quorum;
        queue.expires = 1s;
        Situation s;
        s.queue("q", queue).publish("p", "q", "0 4900 5100");
        const Outcomes o = s.run(20s);
        QCOMPARE(o.timed(TraceKind::Dropped), std::string("1@5000ms 2@5000ms"));
        QCOMPARE(o.timed(TraceKind::Unroutable), std::string("3@5100ms"));
    }

    void aQueueThatIsUsedAgainInTimeStays() {
        QueueSpec queue;
        queue.expires = 2500ms + 1ms;
        const Outcomes o = shop(queue).run(20s);
        QCOMPARE(o.count(TraceKind::Dropped), std::size_t{0});
        QCOMPARE(o.count(TraceKind::Applied), std::size_t{4});
    }

    void aQueueExpiresThatNobodyEverUsed() {
        QueueSpec queue;
        queue.expires = 1s;
        Situation s;
        s.queue("q", queue).publish("p", "q", "0 2000");
        const Outcomes o = s.run();
        QCOMPARE(o.count(TraceKind::Dropped, "q"), std::size_t{1});
        QCOMPARE(o.count(TraceKind::Unroutable), std::size_t{1});
    }

    void anAutoDeleteExchangeGoesWithItsLastBinding_data() {
        QTest::addColumn<bool>("autoDelete");
        QTest::newRow("auto-delete: what it is bound to has nothing left") << true;
        QTest::newRow("it stays") << false;
    }
    void anAutoDeleteExchangeGoesWithItsLastBinding() {
        QFETCH(bool, autoDelete);
        ExchangeSpec inner;
        inner.autoDelete = autoDelete;
        ExchangeSpec outer;
        outer.alternateExchange = "rest";
        QueueSpec queue;
        queue.autoDelete = true;
        Situation s;
        s.exchange("outer", ExchangeType::Fanout, outer).exchange("rest", ExchangeType::Fanout);
        s.exchange("inner", ExchangeType::Fanout, inner).bind("outer", "inner");
        s.queue("q", queue).queue("left").bind("inner", "q").bind("rest", "left");
        s.publish("p", "outer", "3000").consumer("c", "q").fault(crashOf("c"), 1s);
        const Outcomes o = s.run(10s);
        // Bound to an exchange that leads nowhere, the outer one has routed all the same.
        QCOMPARE(o.ready("left"), std::string(autoDelete ? "1" : ""));
        QCOMPARE(o.count(TraceKind::Unroutable), autoDelete ? 0u : 1u);
    }
};

QTEST_APPLESS_MAIN(TestQueueLife)
#include "tst_queue_life.moc"
