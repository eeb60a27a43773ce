#include "tests/support/situation.h"

#include <QTest>

#include <cmath>
#include <map>

using namespace sim;

namespace {

ProducerSpec confirming(Duration timeout, std::uint32_t retries, std::uint32_t maxInFlight = 0) {
    ProducerSpec spec;
    spec.confirms = ConfirmSpec{timeout, retries, maxInFlight};
    return spec;
}

ProducerSpec constant(double rate, std::uint64_t limit) {
    ProducerSpec spec;
    spec.arrivals = ConstantArrivals{.rate = rate};
    spec.limit = limit;
    return spec;
}

std::string keys(const Outcomes& o) {
    std::string text;
    for (const TraceRecord& record : o.all(TraceKind::Produced)) {
        text += (text.empty() ? "" : " ") + o.plan().catalogue.keyText(record.key) + ":v" +
                std::to_string(record.version);
    }
    return text;
}

LostConfirmsFault lostConfirms() { return {.from = "p", .to = "q", .probability = 1}; }

} // namespace

/// Keys, versions and publisher confirms: https://www.rabbitmq.com/docs/confirms
class TestProducer : public QObject {
    Q_OBJECT

private slots:
    void sequencesCountAndBeginAgain() {
        Situation s;
        ProducerSpec spec = constant(1000, 5);
        spec.keys = {.kind = KeySpec::Kind::Sequence, .count = 2, .prefix = "order-"};
        s.queue("q").producer("p", "q", spec);
        QCOMPARE(keys(s.run()),
                 std::string("order-1:v1 order-2:v1 order-1:v2 order-2:v2 order-1:v3"));
    }

    void sequencesMayHaveNoEnd() {
        Situation s;
        ProducerSpec spec = constant(1000, 3);
        spec.keys = {.kind = KeySpec::Kind::Sequence, .count = 0, .prefix = "a-"};
        ProducerSpec other = spec;
        other.keys.prefix = "b-";
        other.startAfter = 10ms;
        ProducerSpec scripted;
        scripted.keys.prefix = "c-";
        s.queue("q").producer("p", "q", spec).producer("r", "q", other);
        s.script("s", "q", {at(20ms, "a-2"), at(21ms, "named"), at(22ms, "b-4")}, scripted);
        QCOMPARE(keys(s.run()), std::string("a-1:v1 a-2:v1 a-3:v1 b-1:v1 b-2:v1 b-3:v1 "
                                            "a-2:v2 named:v1 b-4:v1"));
    }

    void headersOfAScriptedMessageReplaceThoseOfItsType() {
        Situation s;
        ProducerSpec spec;
        spec.types = {{.name = "order",
                       .headers = {{"region", std::string("eu")}, {"tier", std::string("gold")}}}};
        auto own = at(10ms, "k");
        own.headers = {{"region", std::string("us")}, {"retry", std::int64_t{1}}};
        s.queue("eu").queue("us").queue("gold").queue("retried");
        s.exchange("x", ExchangeType::Headers).script("p", "x", {at(0ms, "k"), own}, spec);
        s.bind("x", "eu", {}, {{"region", std::string("eu")}});
        s.bind("x", "us", {}, {{"region", std::string("us")}});
        s.bind("x", "gold", {}, {{"tier", std::string("gold")}});
        s.bind("x", "retried", {}, {{"retry", std::int64_t{1}}});
        const Outcomes o = s.run();
        QCOMPARE(o.enqueued("eu"), std::string("1"));      // the type's
        QCOMPARE(o.enqueued("us"), std::string("2"));      // replaced
        QCOMPARE(o.enqueued("gold"), std::string("1 2"));  // kept
        QCOMPARE(o.enqueued("retried"), std::string("2")); // added
    }

    void versionsCountOverAllProducers() {
        Situation s;
        s.queue("q").script("p", "q", {at(0ms, "k"), at(20ms, "k")});
        s.script("r", "q", {at(10ms, "k"), at(30ms, "other")});
        QCOMPARE(keys(s.run()), std::string("k:v1 k:v2 k:v3 other:v1"));
    }

    void keysComeByTheirShares_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<double>("exponent");
        QTest::newRow("uniform") << static_cast<int>(KeySpec::Kind::Uniform) << 0.0;
        QTest::newRow("zipf of 1") << static_cast<int>(KeySpec::Kind::Zipf) << 1.0;
        QTest::newRow("zipf of 0.5") << static_cast<int>(KeySpec::Kind::Zipf) << 0.5;
        QTest::newRow("zipf of 0 is uniform") << static_cast<int>(KeySpec::Kind::Zipf) << 0.0;
    }
    void keysComeByTheirShares() {
        QFETCH(int, kind);
        QFETCH(double, exponent);
        constexpr int messages = 20'000;
        constexpr std::uint32_t count = 10;
        Situation s;
        ProducerSpec spec = constant(1e6, messages);
        spec.keys = {
            .kind = static_cast<KeySpec::Kind>(kind), .count = count, .exponent = exponent};
        s.queue("q").producer("p", "q", spec);
        std::map<KeyId, int> found;
        const Outcomes o = s.run();
        for (const TraceRecord& record : o.all(TraceKind::Produced)) {
            ++found[record.key];
        }
        double sum = 0;
        for (std::uint32_t k = 1; k <= count; ++k) {
            sum += std::pow(k, -exponent);
        }
        double chiSquare = 0;
        for (std::uint32_t k = 1; k <= count; ++k) {
            const double expected = messages * std::pow(k, -exponent) / sum;
            const KeyId key = o.plan().catalogue.keyNamed("key-" + std::to_string(k));
            chiSquare += std::pow(found[key] - expected, 2) / expected;
        }
        QVERIFY2(chiSquare < 27.9, qPrintable(QString::number(chiSquare))); // 1 in 1000, 9 degrees
    }

    void typesComeByWeight() {
        constexpr int messages = 20'000;
        Situation s;
        ProducerSpec spec = constant(1e6, messages);
        spec.types = {{.name = "a", .weight = 1}, {.name = "b", .weight = 3}};
        s.exchange("x", ExchangeType::Direct).queue("qa").queue("qb");
        s.bind("x", "qa", "a").bind("x", "qb", "b").producer("p", "x", spec);
        const Outcomes o = s.run();
        const auto a = static_cast<double>(o.count(TraceKind::Enqueued, "qa"));
        QCOMPARE(o.count(TraceKind::Enqueued), std::size_t{messages});
        QVERIFY(std::abs(a - messages * 0.25) < 3.3 * std::sqrt(messages * 0.25 * 0.75)); // 99.9 %
    }

    void channelsAreTakenInTurn() {
        Situation s;
        ProducerSpec spec = constant(1000, 5);
        spec.channels = 3;
        s.queue("q").producer("p", "q", spec);
        std::string lanes;
        for (const TraceRecord& record : s.run().all(TraceKind::Published)) {
            lanes += std::to_string(record.lane);
        }
        QCOMPARE(lanes, std::string("01201"));
    }

    void everyMessageGoesOutOnEveryLink() {
        Situation s;
        s.queue("a").queue("b").publish("p", "a", "0 1").publishLink("p", "b");
        const Outcomes o = s.run();
        QCOMPARE(o.ready("a"), std::string("1 2"));
        QCOMPARE(o.ready("b"), std::string("1 2"));
        QCOMPARE(o.count(TraceKind::Produced), 2u);
    }

    void aLostConfirmMakesADuplicate() {
        Situation s;
        s.queue("q").publish("p", "q", "0 10", confirming(1s, 3), Situation::slow(2ms));
        s.fault(lostConfirms(), 0s, 3ms);
        const Outcomes o = s.run();
        QCOMPARE(o.timed(TraceKind::Enqueued, "q"), std::string("1@2ms 2@12ms 1@1002ms"));
        QCOMPARE(o.timed(TraceKind::ConfirmTimedOut, "p"), std::string("1@1000ms"));
        QCOMPARE(o.timed(TraceKind::ConfirmReceived, "p"), std::string("2@14ms 1@1004ms"));
        QVERIFY(o.message("q", 2).has(Republished));
        QVERIFY(!o.message("q", 0).has(Republished));
        QCOMPARE(o.all(TraceKind::Published).back().attempt, std::uint8_t{2});
        QCOMPARE(o.broken(), std::string());
    }

    void eachPublishTimesOutByItself() {
        Situation s;
        s.queue("q").publish("p", "q", "0 100 200", confirming(1s, 1)).fault(lostConfirms(), 0s);
        const Outcomes o = s.run();
        QCOMPARE(o.timed(TraceKind::ConfirmTimedOut, "p"),
                 std::string("1@1000ms 2@1100ms 3@1200ms 1@2000ms 2@2100ms 3@2200ms"));
        QCOMPARE(o.timed(TraceKind::GaveUp, "p"), std::string("1@2000ms 2@2100ms 3@2200ms"));
        QCOMPARE(o.broken(), std::string());
    }

    void aNackIsPublishedAgainWhenItsTimeoutHasPassed() {
        Situation s;
        QueueSpec queue;
        queue.maxLength = 1;
        queue.overflow = Overflow::RejectPublish;
        ConsumerSpec consumer;
        consumer.prefetch = 1;
        consumer.serviceTime = always(10s);
        s.queue("q", queue).consumer("c", "q", consumer);
        s.publish("p", "q", "0 1 2", confirming(5s, 3));
        const Outcomes o = s.run(1min);
        QCOMPARE(o.timed(TraceKind::NackReceived, "p"), std::string("3@2ms 3@5002ms"));
        QCOMPARE(o.timed(TraceKind::Enqueued, "q"), std::string("1@0ms 2@1ms 3@10002ms"));
    }

    void atMostSoManyAreUnconfirmed() {
        Situation s;
        s.disk(always(10ms)).queue("q").publish("p", "q", "0 0 0 0 0", confirming(1h, 0, 2));
        const Outcomes o = s.run(1min);
        QCOMPARE(o.timed(TraceKind::Published, "p"),
                 std::string("1@0ms 2@0ms 3@10ms 4@10ms 5@20ms"));
    }

    void givingUpMakesRoomForTheNext() {
        Situation s;
        s.queue("q").publish("p", "q", "0 0 0", confirming(1s, 0, 1)).fault(lostConfirms(), 0s);
        QCOMPARE(s.run(1min).timed(TraceKind::Published, "p"),
                 std::string("1@0ms 2@1000ms 3@2000ms"));
    }

    void aCrashLosesWhatWasNotConfirmed() {
        Situation s;
        s.disk(always(50ms)).queue("q").publish("p", "q", "0 10 20 100 300", confirming(1s, 3, 2));
        s.fault(CrashFault{.target = "p", .instance = {}}, 30ms, 200ms);
        const Outcomes o = s.run();
        QCOMPARE(o.messages(TraceKind::Produced), std::string("1 2 3 4")); // none while it is down
        QCOMPARE(o.timed(TraceKind::GaveUp, "p"), std::string("3@30ms 1@30ms 2@30ms"));
        QCOMPARE(o.ready("q"), std::string("1 2 4")); // the broker has what it had
        QCOMPARE(o.messages(TraceKind::ConfirmReceived, "p"), std::string("4"));
        QCOMPARE(o.count(TraceKind::Crashed, "p"), 1u);
        QCOMPARE(o.count(TraceKind::Restarted, "p"), 1u);
        QCOMPARE(o.broken(), std::string());
    }

    void repliesToAnEarlierLifeFindNobody() {
        Situation s;
        ProducerSpec spec = confirming(1h, 0);
        spec.mandatory = true;
        s.exchange("x", ExchangeType::Direct);
        s.publish("p", "x", "0", spec, Situation::slow(50ms));
        s.fault(CrashFault{.target = "p", .instance = {}}, 10ms, 10ms);
        const Outcomes o = s.run();
        QCOMPARE(o.count(TraceKind::ReturnSent), 1u);
        QCOMPARE(o.count(TraceKind::ReturnReceived), 0u);
        QCOMPARE(o.count(TraceKind::ConfirmReceived), 0u);
    }

    void aPauseKeepsWhatIsProduced() {
        Situation s;
        s.queue("q").publish("p", "q", "0 20 30");
        s.fault(PauseFault{.target = "p", .instance = {}}, 10ms, 90ms);
        const Outcomes o = s.run();
        QCOMPARE(o.timed(TraceKind::Enqueued, "q"), std::string("1@0ms 2@100ms 3@100ms"));
        QCOMPARE(o.count(TraceKind::Paused, "p"), 1u);
        QCOMPARE(o.count(TraceKind::Resumed, "p"), 1u);
    }

    void returnsAndConfirmsKnowTheirPublish() {
        Situation s;
        ProducerSpec spec = confirming(1h, 0);
        spec.mandatory = true;
        s.exchange("x", ExchangeType::Direct).publish("p", "x", "7", spec, Situation::slow(2ms));
        const Outcomes o = s.run();
        QVERIFY(o.all(TraceKind::ReturnReceived).at(0).since == start + 7ms);
        QVERIFY(o.all(TraceKind::ReturnReceived).at(0).at == start + 11ms);
    }
};

QTEST_APPLESS_MAIN(TestProducer)
#include "tst_producer.moc"
