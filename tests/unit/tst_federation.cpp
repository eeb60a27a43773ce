#include "sim/run/build.h"
#include "sim/scenario/read.h"
#include "tests/support/brokers.h"
#include "tests/support/problems_of.h"

#include <QTest>

using namespace sim;

namespace {

/// Queue `e` in the east and queue `w` in the west.
Situation twoQueues(QueueType type = QueueType::Classic) {
    Situation s = brokers({"east", "west"});
    s.queue("e", queueOf("east", type)).queue("w", queueOf("west", type));
    return s;
}

/// A link that brings messages from one of them to the other, 10 ms away. It runs in the broker
/// that it brings them to.
void federate(Situation& s, const std::string& from, const std::string& to,
              std::uint32_t prefetch = 0) {
    ConsumerSpec link;
    link.forward = ForwardSpec{.onDemand = true};
    link.prefetch = prefetch;
    const std::string id = from + "-to-" + to;
    s.consumer(id, from, link, Situation::slow(10ms)).publishLink(id, to);
}

ConsumerSpec handler(Duration serviceTime, std::uint32_t prefetch = 1) {
    ConsumerSpec spec;
    spec.serviceTime = always(serviceTime);
    spec.prefetch = prefetch;
    return spec;
}

} // namespace

/// https://www.rabbitmq.com/docs/federated-queues,
/// https://www.rabbitmq.com/docs/federation-reference
class TestFederation : public QObject {
    Q_OBJECT

private slots:
    /// Demand begins at once: the link consumes from 10 ms on, and has all that is there.
    void bringsWhatIsWanted() {
        Situation s = twoQueues();
        federate(s, "e", "w");
        s.consumer("c", "w", handler(0s)).publish("p", "e", "0 1 50");
        const Outcomes o = s.run();
        QCOMPARE(o.timed(TraceKind::Delivered, "e"), std::string("1@10ms 2@10ms 3@50ms"));
        QCOMPARE(o.timed(TraceKind::Enqueued, "w"), std::string("1@20ms 2@20ms 3@60ms"));
        QCOMPARE(o.applied("c"), std::string("1 2 3"));
        QCOMPARE(o.broken(), std::string());
        QCOMPARE(noLoss(s.scenario).state, Verdict::State::Holds);
    }

    void nothingMovesWithoutAConsumer() {
        Situation s = twoQueues();
        federate(s, "e", "w");
        s.publish("p", "e", "0 1");
        QCOMPARE(s.run().ready("e"), std::string("1 2"));
    }

    /// Message 1 goes to the consumer, which counts until its next turn; 2 and 3 stay ready, and
    /// with them demand ends. What its ack has let go by then is on the way: 3 comes all the same.
    /// When the queue is empty again, at 220 ms, the link consumes again.
    void pausesWhileTheQueueHasMessages() {
        Situation s = twoQueues();
        federate(s, "e", "w", 1);
        s.consumer("c", "w", handler(100ms)).publish("p", "e", "0 0 0 0 0");
        const Outcomes o = s.run();
        QCOMPARE(o.timed(TraceKind::Delivered, "e"),
                 std::string("1@10ms 2@30ms 3@50ms 4@230ms 5@250ms"));
        QCOMPARE(o.timed(TraceKind::Applied, "c"),
                 std::string("1@120ms 2@220ms 3@320ms 4@420ms 5@520ms"));
        QCOMPARE(o.broken(), std::string());
    }

    /// A quorum queue does not count a consumer that is full.
    void aFullConsumerOfAQuorumQueueDoesNotCount() {
        Situation s = twoQueues(QueueType::Quorum);
        federate(s, "e", "w", 1);
        s.consumer("c", "w", handler(100ms)).publish("p", "e", "0 0 0");
        const Outcomes o = s.run();
        QCOMPARE(o.applied("c"), std::string("1 2 3"));
        QCOMPARE(o.timed(TraceKind::Delivered, "e"), std::string("1@10ms 2@130ms 3@250ms"));
        QCOMPARE(o.broken(), std::string());
    }

    /// The link consumes with a lower priority: it gets what the local consumer cannot take.
    void localConsumersComeFirst() {
        Situation s = twoQueues();
        federate(s, "e", "w");
        s.consumer("here", "e", handler(100ms)).consumer("there", "w", handler(0s));
        s.publish("p", "e", "20 21 200 201");
        const Outcomes o = s.run();
        QCOMPARE(o.applied("here"), std::string("1 3"));
        QCOMPARE(o.delivered("e", "e-to-w"), std::string("2 4"));
        QCOMPARE(o.applied("there"), std::string("2 4"));
    }

    /// Who consumes with a negative priority, as a link does, is no demand.
    void consumersOfNegativePriorityDoNotCount() {
        Situation s = twoQueues();
        federate(s, "e", "w");
        s.consumer("c", "w", handler(0s)).publish("p", "e", "0");
        std::get<ConsumeLink>(s.scenario.links[2]).priority = -1;
        QCOMPARE(s.run().ready("e"), std::string("1"));
    }

    /// Each is the upstream of the other. First there is a consumer in the west only, then in the
    /// east: messages go where it is, from both.
    void peersBringMessagesToTheConsumers() {
        Situation s = twoQueues();
        federate(s, "e", "w");
        federate(s, "w", "e");
        s.consumer("east-worker", "e", handler(0s)).consumer("west-worker", "w", handler(0s));
        s.publish("p", "e", "100 2000").publish("q", "w", "200 2100");
        s.fault(CancelFault{.target = "east-worker", .instance = {}}, 0s, 1s);
        s.fault(CancelFault{.target = "west-worker", .instance = {}}, 1s, 5s);
        const Outcomes o = s.run(4s);
        QCOMPARE(o.applied("west-worker"), std::string("1 2"));
        QCOMPARE(o.applied("east-worker"), std::string("3 4"));
        QCOMPARE(o.broken(), std::string());
        QCOMPARE(noLoss(s.scenario).state, Verdict::State::Holds);
    }

    /// Nobody consumes anywhere: nothing goes round.
    void peersWithoutConsumersRest() {
        Situation s = twoQueues();
        federate(s, "e", "w");
        federate(s, "w", "e");
        s.publish("p", "e", "0 1").publish("q", "w", "2");
        const Outcomes o = s.run();
        QCOMPARE(o.ready("e"), std::string("1 2"));
        QCOMPARE(o.ready("w"), std::string("3"));
        QCOMPARE(o.count(TraceKind::Forwarded), 0u);
    }

    /// A link that has lost a connection forgets what was wanted, and is told when it is back.
    void isToldAgainAfterAnInterruption_data() {
        QTest::addColumn<std::string>("from");
        QTest::addColumn<std::string>("to");
        QTest::newRow("of the upstream") << std::string("e") << std::string("e-to-w");
        QTest::newRow("of the downstream") << std::string("e-to-w") << std::string("w");
    }
    void isToldAgainAfterAnInterruption() {
        QFETCH(std::string, from);
        QFETCH(std::string, to);
        Situation s = twoQueues();
        federate(s, "e", "w");
        s.consumer("c", "w", handler(0s)).publish("p", "e", "0 100 200 3000");
        s.fault(PartitionFault{.from = from, .to = to, .closesAfter = 50ms}, 95ms, 1s);
        const Outcomes o = s.run();
        QCOMPARE(o.applied("c"), std::string("1 2 3 4"));
        QCOMPARE(o.broken(), std::string());
        QCOMPARE(noLoss(s.scenario).state, Verdict::State::Holds);
    }

    void anIdleLinkThatConnectsAgainTakesNothing() {
        Situation s = twoQueues();
        federate(s, "e", "w");
        s.publish("p", "e", "0 0 0");
        s.fault(PartitionFault{.from = "e", .to = "e-to-w", .closesAfter = 50ms}, 100ms, 1s);
        const Outcomes o = s.run();
        QCOMPARE(o.count(TraceKind::Delivered), std::size_t{0});
        QCOMPARE(o.ready("e"), std::string("1 2 3"));
    }

    void isToldAgainAfterARestart_data() {
        QTest::addColumn<std::string>("broker");
        QTest::newRow("of the upstream") << std::string("east");
        QTest::newRow("of the downstream") << std::string("west");
    }
    void isToldAgainAfterARestart() {
        QFETCH(std::string, broker);
        Situation s = twoQueues();
        federate(s, "e", "w");
        s.consumer("c", "w", handler(0s)).publish("p", "e", "0 4000");
        s.fault(BrokerRestartFault{.target = broker, .clean = true, .node = {}}, 1s, 1s);
        const Outcomes o = s.run();
        QCOMPARE(o.applied("c"), std::string("1 2"));
        QCOMPARE(o.broken(), std::string());
    }

    void validationNamesWhatHasNoMeaning_data() {
        QTest::addColumn<QString>("forward");
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<QString>("problem");
        QTest::newRow("hops") << R"("max_hops": 1,)"
                              << "a"
                              << "b"
                              << "/components/4/forward/max_hops: has no meaning with on_demand";
        QTest::newRow("an exchange") << ""
                                     << "a"
                                     << "x"
                                     << "/links/1/to: \"x\" is no queue: \"s\" has on_demand";
        QTest::newRow("a stream") << ""
                                  << "t"
                                  << "b"
                                  << "/links/0/from: \"t\" is a stream: \"s\" has on_demand";
    }
    void validationNamesWhatHasNoMeaning() {
        QFETCH(QString, forward);
        QFETCH(QString, from);
        QFETCH(QString, to);
        QFETCH(QString, problem);
        const QString text = R"({"version": 1, "components": [
            {"id": "a", "kind": "rabbitmq.queue"}, {"id": "b", "kind": "rabbitmq.queue"},
            {"id": "x", "kind": "rabbitmq.exchange", "type": "fanout"},
            {"id": "t", "kind": "rabbitmq.queue", "type": "stream"},
            {"id": "s", "kind": "consumer", "forward": {%1 "on_demand": true}}],
            "links": [{"kind": "consume", "from": "%2", "to": "s"},
                      {"kind": "publish", "from": "s", "to": "%3"}]})";
        const Result<Scenario> scenario =
            readScenario(text.arg(forward, from, to).toStdString(), Folder{});
        std::string all;
        if (scenario) {
            all = problemsOf(validate(*scenario));
        } else {
            for (const Problem& each : scenario.error()) {
                all += each.where + ": " + each.what + "\n";
            }
        }
        QVERIFY2(all.find(problem.toStdString()) != std::string::npos, all.c_str());
    }

    void aPriorityIsNotToBeChosen() {
        Situation s = twoQueues();
        federate(s, "e", "w");
        std::get<ConsumeLink>(s.scenario.links[0]).priority = 3;
        const std::string all = problemsOf(validate(s.scenario));
        QVERIFY2(all.find("/links/0/priority: has no meaning: \"e-to-w\" has on_demand") !=
                     std::string::npos,
                 all.c_str());
    }

    /// A ring has as many sets of headers as brokers that a message may have come through: those
    /// of no other way are not made.
    void aRingOfBrokersNeedsFewSetsOfHeaders() {
        constexpr int brokerCount = 16;
        const ComponentEntry broker = brokers({"b"}).scenario.components.front();
        Situation s = brokers({});
        for (int i = 0; i < brokerCount; ++i) {
            const std::string n = std::to_string(i);
            s.scenario.components.push_back({.id = "b" + n, .spec = broker.spec, .position = {}});
            ExchangeSpec exchange;
            exchange.broker = "b" + n;
            s.exchange("x" + n, ExchangeType::Fanout, exchange);
            s.queue("u" + n, queueOf(exchange.broker.c_str())).bind("x" + n, "u" + n);
            ConsumerSpec link;
            link.forward = ForwardSpec{.maxHops = 16};
            s.consumer("link" + n, "u" + n, link);
        }
        for (int i = 0; i < brokerCount; ++i) {
            s.publishLink("link" + std::to_string(i), "x" + std::to_string((i + 1) % brokerCount));
        }
        s.publish("p", "x0", "0");
        const Outcomes o = s.run(1s);
        // The empty set, and those of 1 to 15 brokers in a row from any of the 16.
        QCOMPARE(o.plan().headers.size(), std::size_t{1 + 15 * 16});
        QCOMPARE(o.enqueued("u15"), std::string("1"));
        QCOMPARE(o.messages(TraceKind::Skipped, "link15"), std::string("1"));
    }
};

QTEST_GUILESS_MAIN(TestFederation)
#include "tst_federation.moc"
