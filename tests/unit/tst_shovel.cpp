#include "sim/run/lint.h"
#include "sim/scenario/read.h"
#include "tests/support/brokers.h"
#include "tests/support/problems_of.h"

#include <QTest>

using namespace sim;

namespace {

ConsumerSpec shovel(ForwardAck ack = ForwardAck::OnConfirm, Duration reconnectDelay = 1s) {
    ConsumerSpec spec;
    spec.forward = ForwardSpec{.ackMode = ack, .reconnectDelay = reconnectDelay};
    return spec;
}

ConsumerSpec federation(std::uint32_t maxHops) {
    ConsumerSpec spec = shovel();
    spec.forward->maxHops = maxHops;
    return spec;
}

ExchangeSpec exchangeOf(const char* broker) {
    ExchangeSpec spec;
    spec.broker = broker;
    return spec;
}

/// From queue `a` of one broker to queue `b` of another, 10 ms away, where `c` consumes.
Situation moving(ConsumerSpec how, const std::string& milliseconds) {
    Situation s = brokers({"here", "there"});
    s.queue("a", queueOf("here")).queue("b", queueOf("there"));
    s.consumer("s", "a", std::move(how));
    s.publishLink("s", "b", Situation::slow(10ms));
    ConsumerSpec reader;
    reader.serviceTime = always(0s);
    s.consumer("c", "b", reader).publish("p", "a", milliseconds);
    return s;
}

/// The link to the destination is cut before the message of 100 ms is sent on it. The connection
/// breaks at 145 ms, with what it holds, and can be opened again from 2 s on.
Situation interrupted(ConsumerSpec how) {
    Situation s = moving(std::move(how), "0 100 200 300");
    s.fault(PartitionFault{.from = "s", .to = "b", .closesAfter = 50ms}, 95ms, 1905ms);
    return s;
}

} // namespace

/// Shovels and federation links: https://www.rabbitmq.com/docs/shovel-dynamic,
/// https://www.rabbitmq.com/docs/federation-reference
class TestShovel : public QObject {
    Q_OBJECT

private slots:
    void forwardsAtOnceAndAcksWhenConfirmed() {
        const Outcomes o = moving(shovel(), "0 1 2").run();
        QCOMPARE(o.timed(TraceKind::Forwarded, "s"), std::string("1@0ms 2@1ms 3@2ms"));
        QCOMPARE(o.timed(TraceKind::Enqueued, "b"), std::string("1@10ms 2@11ms 3@12ms"));
        QCOMPARE(o.timed(TraceKind::ConfirmReceived, "s"), std::string("1@20ms 2@21ms 3@22ms"));
        QCOMPARE(o.timed(TraceKind::Acked, "a"), std::string("1@20ms 2@21ms 3@22ms"));
        QCOMPARE(o.applied("c"), std::string("1 2 3"));
        QCOMPARE(o.world().messages().alive(), 0u);
        QCOMPARE(o.broken(), std::string());
    }

    void otherModesDoNotWaitForConfirms() {
        const Outcomes published = moving(shovel(ForwardAck::OnPublish), "0 1").run();
        QCOMPARE(published.timed(TraceKind::Acked, "a"), std::string("1@0ms 2@1ms"));
        QCOMPARE(published.count(TraceKind::AckSent, "s"), 2u);
        QCOMPARE(published.count(TraceKind::ConfirmSent), 0u);
        const Outcomes forgotten = moving(shovel(ForwardAck::NoAck), "0 1").run();
        QCOMPARE(forgotten.timed(TraceKind::Acked, "a"), std::string("1@0ms 2@1ms"));
        QCOMPARE(forgotten.count(TraceKind::AckSent, "s"), 0u);
        QCOMPARE(forgotten.applied("c"), std::string("1 2"));
        QCOMPARE(forgotten.broken(), std::string());
    }

    /// Message 2 waits in the connection that breaks, message 3 comes while there is none.
    void anInterruptionLosesOnlyWithoutConfirms_data() {
        QTest::addColumn<int>("ack");
        QTest::addColumn<std::string>("applied");
        QTest::addColumn<bool>("loses");
        const auto row = [](const char* name, ForwardAck ack, const char* applied, bool loses) {
            QTest::newRow(name) << static_cast<int>(ack) << std::string(applied) << loses;
        };
        row("on-confirm", ForwardAck::OnConfirm, "1 2 3 4", false);
        row("on-publish", ForwardAck::OnPublish, "1 3 4", true);
        row("no-ack", ForwardAck::NoAck, "1 3 4", true);
    }
    void anInterruptionLosesOnlyWithoutConfirms() {
        QFETCH(int, ack);
        QFETCH(std::string, applied);
        QFETCH(bool, loses);
        const Situation s = interrupted(shovel(static_cast<ForwardAck>(ack)));
        const Outcomes o = s.run();
        QCOMPARE(o.applied("c"), applied);
        QCOMPARE(o.broken(), std::string());
        QCOMPARE(noLoss(s.scenario).state,
                 loses ? Verdict::State::Violated : Verdict::State::Holds);
    }

    /// What arrived and was not confirmed any more comes again: at least once.
    void aLostConfirmMakesADuplicate() {
        Situation s = moving(shovel(), "0 100 200");
        s.fault(PartitionFault{.from = "s", .to = "b", .closesAfter = 50ms}, 105ms, 1895ms);
        const Outcomes o = s.run();
        QCOMPARE(o.applied("c"), std::string("1 2 2 3"));
        QCOMPARE(o.broken(), std::string());
        QCOMPARE(noLoss(s.scenario).state, Verdict::State::Holds);
    }

    /// It closes both connections: what is unacknowledged is back in its queue at once, and both
    /// are opened again together.
    void reconnectsAfterTheDelay() {
        Situation s = interrupted(shovel(ForwardAck::OnConfirm, 700ms));
        const Outcomes o = s.run();
        QCOMPARE(o.timed(TraceKind::Disconnected, "s"), std::string("1@145ms"));
        QCOMPARE(o.timed(TraceKind::Requeued, "a"), std::string("2@145ms"));
        // Attempts at 845 ms and 1545 ms fail, that of 2245 ms does not.
        QCOMPARE(o.timed(TraceKind::Forwarded, "s"),
                 std::string("1@0ms 2@100ms 2@2245ms 3@2245ms 4@2245ms"));
    }

    /// The other end counts as much: nothing is left to publish to while the source is away.
    void aLostSourceClosesTheDestinationToo() {
        Situation s = moving(shovel(), "0 100 200");
        s.fault(PartitionFault{.from = "a", .to = "s", .closesAfter = 1ms}, 95ms, 10ms);
        const Outcomes o = s.run();
        QCOMPARE(o.timed(TraceKind::Forwarded, "s"), std::string("1@0ms 2@1096ms 3@1096ms"));
        QCOMPARE(o.applied("c"), std::string("1 2 3"));
        QCOMPARE(o.broken(), std::string());
    }

    void aRefusedMessageGoesBack() {
        Situation s = brokers({"here", "there"});
        QueueSpec small = queueOf("there");
        small.maxLength = 1;
        small.overflow = Overflow::RejectPublish;
        s.queue("a", queueOf("here")).queue("b", small);
        s.consumer("s", "a", shovel()).publishLink("s", "b", Situation::slow(10ms));
        s.publish("p", "a", "0 1");
        const Outcomes o = s.run(100ms);
        QCOMPARE(o.enqueued("b"), std::string("1"));
        QCOMPARE(o.timed(TraceKind::NackReceived, "s").substr(0, 13), std::string("2@21ms 2@41ms"));
        QCOMPARE(o.timed(TraceKind::Requeued, "a").substr(0, 13), std::string("2@21ms 2@41ms"));
        QCOMPARE(o.broken(), std::string());
    }

    void prefetchBoundsWhatIsUnconfirmed() {
        ConsumerSpec two = shovel();
        two.prefetch = 2;
        QCOMPARE(moving(two, "0 0 0 0 0").run().timed(TraceKind::Forwarded, "s"),
                 std::string("1@0ms 2@0ms 3@20ms 4@20ms 5@40ms"));
        std::string many;
        for (int i = 0; i < 1001; ++i) {
            many += "0 ";
        }
        const std::vector<TraceRecord> forwarded =
            moving(shovel(), many).run().all(TraceKind::Forwarded, "s");
        QCOMPARE(forwarded.size(), 1001u);
        QCOMPARE(forwarded[999].at, start);
        QCOMPARE(forwarded[1000].at, start + 20ms);
    }

    void keepsWhatTheMessageSays() {
        ProducerSpec producer;
        EventTypeSpec type;
        type.name = "placed";
        type.priority = 3;
        type.headers = {{"region", std::string("eu")}};
        type.expiration = 1h;
        producer.types = {type};
        Situation s = brokers({"here", "there"});
        s.queue("a", queueOf("here"));
        s.exchange("x", ExchangeType::Topic, exchangeOf("there"));
        s.queue("own", queueOf("there")).bind("x", "own", "a");
        s.consumer("s", "a", shovel()).publishLink("s", "x");
        s.publish("p", "a", "0", producer);
        const Outcomes o = s.run(1s);
        const Message& moved = o.message("own");
        QCOMPARE(moved.priority, std::uint8_t{3});
        QCOMPARE(moved.expiration, 3'600'000u);
        QVERIFY(moved.has(Persistent));
        QVERIFY(moved.has(Republished));
        QCOMPARE(o.plan().headers[moved.headers].table, type.headers);
    }

    void aRoutingKeyOfItsOwn() {
        ConsumerSpec keyed = shovel();
        keyed.forward->routingKey = "moved";
        Situation s = brokers({"here", "there"});
        s.queue("a", queueOf("here"));
        s.exchange("x", ExchangeType::Direct, exchangeOf("there"));
        s.queue("b", queueOf("there")).bind("x", "b", "moved");
        s.consumer("s", "a", keyed).publishLink("s", "x").publish("p", "a", "0");
        QCOMPARE(s.run().enqueued("b"), std::string("1"));
    }

    /// Two brokers that federate the same exchange from one another.
    void aLoopOfFederatedExchangesEnds_data() {
        QTest::addColumn<int>("hops");
        QTest::newRow("one hop") << 1;
        QTest::newRow("more hops than brokers") << 5;
    }
    void aLoopOfFederatedExchangesEnds() {
        QFETCH(int, hops);
        Situation s = brokers({"A", "B"});
        for (const char* at : {"A", "B"}) {
            const std::string name = at;
            s.exchange("x" + name, ExchangeType::Fanout, exchangeOf(at));
            s.queue("q" + name, queueOf(at)).bind("x" + name, "q" + name);
            s.queue("upstream" + name, queueOf(at)).bind("x" + name, "upstream" + name);
        }
        s.consumer("AtoB", "upstreamA", federation(static_cast<std::uint32_t>(hops)));
        s.consumer("BtoA", "upstreamB", federation(static_cast<std::uint32_t>(hops)));
        s.publishLink("AtoB", "xB").publishLink("BtoA", "xA").publish("p", "xA", "0 1");
        const Outcomes o = s.run();
        QCOMPARE(o.enqueued("qA"), std::string("1 2"));
        QCOMPARE(o.enqueued("qB"), std::string("1 2"));
        QCOMPARE(o.messages(TraceKind::Skipped, "BtoA"), std::string("1 2"));
        QCOMPARE(o.ready("upstreamB"), std::string());
        QCOMPARE(o.broken(), std::string());
    }

    /// A ring of three: with one hop the message comes to the next broker, with two to the third.
    void hopsAreCounted() {
        const auto ring = [](std::uint32_t hops) {
            Situation s = brokers({"A", "B", "C"});
            for (const char* at : {"A", "B", "C"}) {
                const std::string name = at;
                s.exchange("x" + name, ExchangeType::Fanout, exchangeOf(at));
                s.queue("q" + name, queueOf(at)).bind("x" + name, "q" + name);
                s.queue("u" + name, queueOf(at)).bind("x" + name, "u" + name);
                s.consumer("from" + name, "u" + name, federation(hops));
            }
            s.publishLink("fromA", "xB").publishLink("fromB", "xC").publishLink("fromC", "xA");
            s.publish("p", "xA", "0");
            return s.run();
        };
        QCOMPARE(ring(1).enqueued("qB"), std::string("1"));
        QCOMPARE(ring(1).enqueued("qC"), std::string());
        QCOMPARE(ring(2).enqueued("qC"), std::string("1"));
        QCOMPARE(ring(9).enqueued("qA"), std::string("1"));
    }

    void aCrashedShovelGoesOnWhereItWas() {
        Situation s = moving(shovel(), "0 100 200");
        s.fault(CrashFault{.target = "s"}, 105ms, 1s);
        const Outcomes o = s.run();
        QCOMPARE(o.applied("c"), std::string("1 2 2 3"));
        QCOMPARE(o.broken(), std::string());
    }

    void aRunIsTheSameTwice() {
        const Situation s = interrupted(shovel());
        QCOMPARE(s.run().fingerprint(), s.run().fingerprint());
    }

    void validationNamesWhatHasNoMeaning_data() {
        QTest::addColumn<QString>("settings");
        QTest::addColumn<QString>("links");
        QTest::addColumn<QString>("problem");
        const QString there = R"({"kind": "publish", "from": "s", "to": "b"})";
        QTest::newRow("nowhere to publish") << "" << "" << "/components/3/forward: needs a publish link";
        QTest::newRow("two places")
            << "" << there + R"(, {"kind": "publish", "from": "s", "to": "x"})"
            << "/links/2: \"s\" forwards to one place only";
        QTest::newRow("two queues")
            << "" << there + R"(, {"kind": "consume", "from": "b", "to": "s"})"
            << "/links/2: \"s\" forwards from one queue only";
        for (const char* setting :
             {R"("ack_mode": "before")", R"("service_time": "5ms")", R"("failure_rate": 0.5)",
              R"("on_failure": "reject")", R"("retry_keys": ["r"])", R"("concurrency": 2)",
              R"("strategy": {"ordering": "resequence"})", R"("one_connection": true)"}) {
            const QString key = QString(setting).section('"', 1, 1);
            QTest::newRow(qPrintable(key))
                << QString(setting) + "," << there
                << "/components/3/" + key + ": has no meaning with forward";
        }
    }
    void validationNamesWhatHasNoMeaning() {
        QFETCH(QString, settings);
        QFETCH(QString, links);
        QFETCH(QString, problem);
        const QString text = R"({"version": 1, "components": [
            {"id": "a", "kind": "rabbitmq.queue"}, {"id": "b", "kind": "rabbitmq.queue"},
            {"id": "x", "kind": "rabbitmq.exchange", "type": "fanout"},
            {"id": "s", "kind": "consumer", )" + settings + R"("forward": {}}],
            "links": [{"kind": "consume", "from": "a", "to": "s"})" +
                             (links.isEmpty() ? links : ", " + links) + "]}";
        const Result<Scenario> scenario = readScenario(text.toStdString(), Folder{});
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

    /// Without hops to count nothing ends it.
    void shovelsThatLeadRoundAreNamed_data() {
        QTest::addColumn<bool>("federation");
        QTest::newRow("shovels") << false;
        QTest::newRow("links of federated exchanges") << true;
    }
    void shovelsThatLeadRoundAreNamed() {
        QFETCH(bool, federation);
        Situation s = brokers({"A", "B"});
        for (const char* at : {"A", "B"}) {
            const std::string name = at;
            s.exchange("x" + name, ExchangeType::Fanout, exchangeOf(at));
            s.queue("u" + name, queueOf(at)).bind("x" + name, "u" + name);
        }
        s.consumer("AtoB", "uA", federation ? ::federation(1) : shovel()).publishLink("AtoB", "xB");
        s.consumer("BtoA", "uB", federation ? ::federation(1) : shovel()).publishLink("BtoA", "xA");
        s.publish("p", "xA", "0");
        std::string all;
        for (const Problem& problem : lint(s.scenario)) {
            all += problem.where + ": " + problem.what;
        }
        QVERIFY2(all == (federation ? "" : "/components/3: shovels lead round, from uA back to it: "
                                           "what comes there does so for ever"),
                 all.c_str());
    }

    void aQueueNameLeavesNoRoutingKey() {
        ConsumerSpec keyed = shovel();
        keyed.forward->routingKey = "moved";
        const std::string all = problemsOf(validate(moving(keyed, "0").scenario));
        QVERIFY2(all.find("/forward/routing_key: has no meaning") != std::string::npos, all.c_str());
    }
};

QTEST_GUILESS_MAIN(TestShovel)
#include "tst_shovel.moc"
