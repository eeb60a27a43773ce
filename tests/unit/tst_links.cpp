#include "tests/support/situation.h"

#include <QTest>

#include <cmath>

using namespace sim;

namespace {

ProducerSpec constant(double rate, std::uint64_t limit) {
    ProducerSpec spec;
    spec.arrivals = ConstantArrivals{.rate = rate};
    spec.limit = limit;
    return spec;
}

NetworkSpec jittery(bool fifo) {
    NetworkSpec network;
    network.latency = Distribution::exponential(10e6);
    network.fifo = fifo;
    return network;
}

std::size_t inversions(const Outcomes& o) {
    std::size_t found = 0;
    const auto records = o.all(TraceKind::Enqueued, "q");
    for (std::size_t i = 1; i < records.size(); ++i) {
        found += records[i].message < records[i - 1].message;
    }
    return found;
}

/// Whether a count of `n` tries fits the probability: wrong about once in a thousand.
bool fits(std::size_t count, double n, double probability) {
    const double deviation = std::sqrt(n * probability * (1 - probability));
    return std::abs(static_cast<double>(count) - n * probability) < 3.3 * deviation;
}

constexpr int many = 2000;

} // namespace

class TestLinks : public QObject {
    Q_OBJECT

private slots:
    void bothWaysTakeTheirTime() {
        NetworkSpec network = Situation::slow(5ms);
        network.backLatency = always(20ms);
        ConsumerSpec consumer;
        consumer.serviceTime = always(1ms);
        Situation s;
        s.queue("q").publish("p", "q", "0").consumer("c", "q", consumer, network);
        const Outcomes o = s.run();
        QCOMPARE(o.timed(TraceKind::Received, "c"), std::string("1@5ms"));
        QCOMPARE(o.timed(TraceKind::Acked, "q"), std::string("1@26ms"));
        QVERIFY(o.all(TraceKind::Received).at(0).since == start);
    }

    void nothingOvertakesOnAFifoLink_data() {
        QTest::addColumn<bool>("fifo");
        QTest::newRow("fifo") << true;
        QTest::newRow("not fifo") << false;
    }
    void nothingOvertakesOnAFifoLink() {
        QFETCH(bool, fifo);
        Situation s;
        s.queue("q").producer("p", "q", constant(1000, many), jittery(fifo));
        const Outcomes o = s.run();
        QCOMPARE(o.count(TraceKind::Enqueued), std::size_t{many});
        QVERIFY(fifo ? inversions(o) == 0 : inversions(o) > 100);
    }

    void channelsOvertakeEachOther() {
        ProducerSpec spec = constant(1000, many);
        spec.channels = 2;
        Situation s;
        s.queue("q").producer("p", "q", spec, jittery(true));
        QVERIFY(inversions(s.run()) > 100);
    }

    void bandwidthPutsOneAfterTheOther() {
        NetworkSpec network = Situation::slow(1ms);
        network.bandwidth = 100'000; // 100 bytes in 1 ms
        ProducerSpec spec;
        spec.types[0].size = Distribution::constant(100);
        Situation s;
        s.queue("q").publish("p", "q", "0 0 0 10", spec, network);
        QCOMPARE(s.run().timed(TraceKind::Enqueued, "q"),
                 std::string("1@2ms 2@3ms 3@4ms 4@12ms"));
    }

    void aBandwidthFaultOnlySlows() {
        NetworkSpec network = Situation::quick();
        network.bandwidth = 100'000;
        ProducerSpec spec;
        spec.types[0].size = Distribution::constant(100);
        Situation s;
        s.queue("q").publish("p", "q", "0 10 20 30", spec, network);
        s.fault(BandwidthFault{.from = "p", .to = "q", .bandwidth = 20'000}, 5ms, 10ms);
        s.fault(BandwidthFault{.from = "p", .to = "q", .bandwidth = 1e9}, 16ms, 10ms);
        QCOMPARE(s.run().timed(TraceKind::Enqueued, "q"),
                 std::string("1@1ms 2@15ms 3@21ms 4@31ms"));
    }

    void lossTakesItsShare() {
        Situation s;
        s.queue("q").producer("p", "q", constant(1000, many));
        s.fault(LossFault{.from = "p", .to = "q", .probability = 0.3}, 0s);
        const Outcomes o = s.run();
        QVERIFY(fits(o.count(TraceKind::Lost), many, 0.3));
        QCOMPARE(o.count(TraceKind::Lost) + o.count(TraceKind::Enqueued), std::size_t{many});
        QVERIFY(o.all(TraceKind::Lost)[0].reason == Reason::LinkLoss);
        QCOMPARE(o.broken(), std::string());
    }

    void twoLossesAddUp() {
        Situation s;
        s.queue("q").producer("p", "q", constant(1000, many));
        s.fault(LossFault{.from = "p", .to = "q", .probability = 0.3}, 0s);
        s.fault(LossFault{.from = "p", .to = "q", .probability = 0.5}, 0s);
        QVERIFY(fits(s.run().count(TraceKind::Lost), many, 1 - 0.7 * 0.5));
    }

    void duplicatesArriveTwice() {
        Situation s;
        s.queue("q").producer("p", "q", constant(1000, many));
        s.fault(DuplicateFault{.from = "p", .to = "q", .probability = 0.2}, 0s);
        const Outcomes o = s.run();
        QVERIFY(fits(o.count(TraceKind::Duplicated), many, 0.2));
        QCOMPARE(o.count(TraceKind::Enqueued), many + o.count(TraceKind::Duplicated));
        QCOMPARE(o.broken(), std::string());
    }

    void reorderingHoldsSomeBack() {
        Situation s;
        s.queue("q").publish("p", "q", "0 10 20 30");
        s.fault(ReorderFault{.from = "p", .to = "q", .probability = 1, .delay = always(15ms)}, 5ms,
                10ms);
        QCOMPARE(s.run().timed(TraceKind::Enqueued, "q"),
                 std::string("1@0ms 3@20ms 2@25ms 4@30ms"));
    }

    void latencyFaultsAddUpAndEnd() {
        Situation s;
        s.queue("q").publish("p", "q", "0 10 20 30", {}, Situation::slow(1ms));
        s.fault(LatencyFault{.from = "p", .to = "q", .extra = always(2ms)}, 5ms, 20ms);
        s.fault(LatencyFault{.from = "p", .to = "q", .extra = always(4ms)}, 15ms, 10ms);
        QCOMPARE(s.run().timed(TraceKind::Enqueued, "q"),
                 std::string("1@1ms 2@13ms 3@27ms 4@31ms"));
    }

    void aLostAckKeepsTheMessageOutUntilTheChannelCloses() {
        ConsumerSpec consumer;
        consumer.prefetch = 2;
        consumer.serviceTime = always(10ms);
        Situation s;
        s.queue("q").consumer("c", "q", consumer).publish("p", "q", "0 50 100");
        s.fault(LostAcksFault{.from = "q", .to = "c", .probability = 1}, 0s, 20ms);
        s.fault(CrashFault{.target = "c", .instance = {}}, 1s, 1s);
        const Outcomes o = s.run();
        QCOMPARE(o.messages(TraceKind::Lost), std::string("1"));
        QVERIFY(o.all(TraceKind::Lost)[0].reason == Reason::LostAck);
        QCOMPARE(o.timed(TraceKind::Acked, "q"), std::string("2@60ms 3@110ms 1@2010ms"));
        QCOMPARE(o.applied("c"), std::string("1 2 3 1")); // the effect is there twice
        QCOMPARE(o.broken(), std::string());
    }
};

QTEST_APPLESS_MAIN(TestLinks)
#include "tst_links.moc"
