#include "tests/support/situation.h"

#include <QTest>

#include <set>

using namespace sim;

namespace {

ConsumerSpec working(Duration service) {
    ConsumerSpec spec;
    spec.prefetch = 1;
    spec.serviceTime = always(service);
    return spec;
}

/// A producer `p`, a queue `q` and a consumer `c`, a message every 100 ms.
Situation traffic() {
    ProducerSpec producer;
    producer.arrivals = ConstantArrivals{.rate = 10};
    producer.limit = 100;
    producer.confirms = ConfirmSpec{.timeout = 1s};
    Situation s;
    s.queue("q").producer("p", "q", producer).consumer("c", "q", working(10ms));
    return s;
}

} // namespace

class TestFaults : public QObject {
    Q_OBJECT

private slots:
    /// Every kind begins and ends when it should, and afterwards everything works again.
    void everyKindBeginsAndEnds_data() {
        QTest::addColumn<FaultKind>("what");
        const auto row = [](const char* name, FaultKind what) { QTest::newRow(name) << what; };
        row("crash of a producer", CrashFault{.target = "p", .instance = {}});
        row("crash of a consumer", CrashFault{.target = "c", .instance = {}});
        row("pause of a producer", PauseFault{.target = "p", .instance = {}});
        row("pause of a consumer", PauseFault{.target = "c", .instance = 0});
        row("slow", SlowFault{.target = "c", .instance = {}});
        row("partition in", PartitionFault{.from = "p", .to = "q", .closesAfter = {}});
        row("partition that closes in", PartitionFault{.from = "p", .to = "q", .closesAfter = 10ms});
        row("partition out", PartitionFault{.from = "q", .to = "c", .closesAfter = {}});
        row("partition that closes out",
            PartitionFault{.from = "q", .to = "c", .closesAfter = 10ms});
        row("latency", LatencyFault{.from = "p", .to = "q"});
        row("bandwidth", BandwidthFault{.from = "p", .to = "q"});
        row("loss in", LossFault{.from = "p", .to = "q", .probability = 1});
        row("loss out", LossFault{.from = "q", .to = "c", .probability = 1});
        row("duplicates", DuplicateFault{.from = "p", .to = "q", .probability = 1});
        row("duplicates out", DuplicateFault{.from = "q", .to = "c", .probability = 1});
        row("reordering", ReorderFault{.from = "p", .to = "q", .probability = 1});
        row("lost acks", LostAcksFault{.from = "q", .to = "c", .probability = 1});
        row("lost confirms", LostConfirmsFault{.from = "p", .to = "q", .probability = 1});
        row("poison", PoisonFault{.target = "c", .key = "key-1", .type = {}});
        row("clock skew", ClockSkewFault{.target = "p", .offset = -5s});
        row("restart", BrokerRestartFault{.target = "broker", .clean = true});
        row("kill", BrokerRestartFault{.target = "", .clean = false});
        row("shuffled ties", ShuffleTiesFault{});
        PolicyChangeFault policies;
        policies.set.push_back({});
        policies.set.back().name = "enough";
        policies.set.back().maxLength = 1'000'000;
        row("policies", policies);
    }
    void everyKindBeginsAndEnds() {
        QFETCH(FaultKind, what);
        for (const Duration length : {2s, 0s}) {
            Situation s = traffic();
            s.fault(what, 2s, length);
            // What was lost on the way to the consumer comes again when its channel closes.
            s.fault(CrashFault{.target = "c", .instance = {}}, 30s, 1s);
            const Outcomes o = s.run(60s);
            QCOMPARE(o.count(TraceKind::FaultBegan), 2u);
            QVERIFY(o.all(TraceKind::FaultBegan)[0].at == start + 2s);
            QVERIFY(o.all(TraceKind::FaultEnded)[0].at == start + 2s + length);
            QVERIFY(o.world().faults().active().empty());
            QCOMPARE(o.ready("q"), std::string());
            QCOMPARE(o.world().messages().alive(), 0u);
            QCOMPARE(o.broken(), std::string());
            // Confirms bring back what was lost on the way in, but for a producer that was down.
            std::set<MessageId> applied;
            for (const TraceRecord& record : o.all(TraceKind::Applied)) {
                applied.insert(record.message);
            }
            QCOMPARE(applied.size(), o.count(TraceKind::Produced));
        }
    }

    void aFaultWithoutAnEndLasts() {
        Situation s = traffic();
        s.fault(CrashFault{.target = "c", .instance = {}}, 2s);
        const Outcomes o = s.run(60s);
        QCOMPARE(o.count(TraceKind::FaultEnded), 0u);
        QCOMPARE(o.world().faults().active(), std::vector<std::uint32_t>{0});
    }

    void randomFaultsComeAgain() {
        Situation s = traffic();
        FaultSpec fault = faultOf(CrashFault{.target = "c", .instance = {}}, 1s, 2s);
        fault.when.every = Distribution::exponential(8e9);
        s.scenario.faults.push_back(fault);
        const Outcomes o = s.run(10'000s);
        const auto begins = o.all(TraceKind::FaultBegan);
        const auto ends = o.all(TraceKind::FaultEnded);
        QVERIFY2(begins.size() > 900 && begins.size() < 1100,
                 qPrintable(QString::number(begins.size()))); // one in 10 s, sd about 25
        QVERIFY(begins[0].at > start + 1s);
        for (std::size_t i = 0; i < ends.size(); ++i) {
            QVERIFY(ends[i].at == begins[i].at + 2s);
        }
    }

    void crashesOfOneTargetEndWithTheLast() {
        Situation s = traffic();
        s.fault(CrashFault{.target = "c", .instance = {}}, 1s, 2s);
        s.fault(CrashFault{.target = "c", .instance = 0}, 2s, 2s);
        const Outcomes o = s.run(60s);
        QCOMPARE(o.count(TraceKind::Crashed, "c"), 1u);
        QVERIFY(o.all(TraceKind::Restarted, "c").at(0).at == start + 4s);
    }

    void pausesOfOneTargetEndWithTheLast() {
        Situation s = traffic();
        s.fault(PauseFault{.target = "c", .instance = {}}, 1s, 2s);
        s.fault(PauseFault{.target = "c", .instance = {}}, 2s, 2s);
        QVERIFY(s.run(60s).all(TraceKind::Resumed, "c").at(0).at == start + 4s);
    }

    void aCrashedInstanceStaysDownUntilTheFaultEnds() {
        ConsumerSpec consumer = working(10ms);
        consumer.outcomes = {{.outcome = Outcome::CrashBeforeEffect, .serviceTime = {}}};
        consumer.restartAfter = always(100ms);
        Situation s;
        s.queue("q").publish("p", "q", "0").consumer("c", "q", consumer);
        s.fault(CrashFault{.target = "c", .instance = {}}, 50ms, 950ms);
        const Outcomes o = s.run(60s);
        QCOMPARE(o.count(TraceKind::Crashed, "c"), 1u); // it was down already
        QVERIFY(o.all(TraceKind::Restarted, "c").at(0).at == start + 1s);
        QCOMPARE(o.timed(TraceKind::Applied, "c"), std::string("1@1010ms"));
    }

    void clockSkewsAddUp() {
        Situation s;
        s.queue("q").publish("p", "q", "0 1000 2000 3000");
        s.fault(ClockSkewFault{.target = "p", .offset = 5s}, 500ms, 2s);
        s.fault(ClockSkewFault{.target = "p", .offset = -1s}, 1500ms, 2s);
        const Outcomes o = s.run(60s);
        QVERIFY(o.message("q", 0).timestamp == 0s);
        QVERIFY(o.message("q", 1).timestamp == 6s);
        QVERIFY(o.message("q", 2).timestamp == 6s);
        QVERIFY(o.message("q", 3).timestamp == 2s);
    }

    void poisonIsOfAKeyOrATypeOrBoth_data() {
        QTest::addColumn<std::string>("key");
        QTest::addColumn<std::string>("type");
        QTest::addColumn<std::string>("failed");
        QTest::newRow("key") << std::string("a") << std::string() << std::string("1 2");
        QTest::newRow("type") << std::string() << std::string("t2") << std::string("2 4");
        QTest::newRow("both") << std::string("a") << std::string("t2") << std::string("2");
        QTest::newRow("no such key") << std::string("zzz") << std::string() << std::string();
    }
    void poisonIsOfAKeyOrATypeOrBoth() {
        QFETCH(std::string, key);
        QFETCH(std::string, type);
        QFETCH(std::string, failed);
        ProducerSpec producer;
        producer.types = {{.name = "t1"}, {.name = "t2"}};
        std::vector<Situation::Entry> entries{at(0ms, "a"), at(10ms, "a"), at(20ms, "b"),
                                              at(30ms, "b")};
        entries[1].type = entries[3].type = "t2";
        ConsumerSpec consumer = working(1ms);
        consumer.onFailure = OnFailure::Reject;
        Situation s;
        s.queue("q").script("p", "q", entries, producer).consumer("c", "q", consumer);
        s.fault(PoisonFault{.target = "c", .key = key, .type = type}, 0s);
        QCOMPARE(s.run(1min).messages(TraceKind::Failed, "c"), failed);
    }

    void shuffledTiesKeepTheOrderOfEachConnection() {
        Situation s;
        ProducerSpec two;
        two.channels = 2;
        s.queue("q").queue("r").publish("p", "q", "0 0 0 0 0 0");
        s.publish("d", "r", "0 0 0 0 0 0", two).fault(ShuffleTiesFault{}, 0ms);
        bool overtaken = false; // two channels are two connections
        for (std::uint64_t seed = 1; seed <= 50; ++seed) {
            const Outcomes o = s.seed(seed).run();
            const auto inOrder = [&](const std::string& queue) {
                return std::ranges::is_sorted(o.all(TraceKind::Enqueued, queue), {},
                                              &TraceRecord::message);
            };
            QVERIFY2(inOrder("q"), qPrintable(QString("seed %1").arg(seed)));
            overtaken = overtaken || !inOrder("r");
        }
        QVERIFY(overtaken);
    }

    void partitionsOfOneLinkEndWithTheLast() {
        Situation s;
        s.queue("q").publish("p", "q", "100");
        s.fault(PartitionFault{.from = "p", .to = "q", .closesAfter = {}}, 0s, 1s);
        s.fault(PartitionFault{.from = "p", .to = "q", .closesAfter = {}}, 500ms, 1500ms);
        QCOMPARE(s.run().timed(TraceKind::Enqueued, "q"), std::string("1@2000ms"));
    }

    void oneOfTwoPartitionsClosesTheConnections() {
        Situation s;
        s.queue("q").publish("p", "q", "100 1500");
        s.fault(PartitionFault{.from = "p", .to = "q", .closesAfter = 300ms}, 0s, 1s);
        s.fault(PartitionFault{.from = "p", .to = "q", .closesAfter = {}}, 500ms, 1500ms);
        const Outcomes o = s.run();
        QCOMPARE(o.messages(TraceKind::Lost), std::string("1"));
        QCOMPARE(o.timed(TraceKind::Enqueued, "q"), std::string("2@2000ms"));
    }
};

QTEST_APPLESS_MAIN(TestFaults)
#include "tst_faults.moc"
