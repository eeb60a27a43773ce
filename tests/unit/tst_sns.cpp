#include "sim/model/aws/delivery_retries.h"
#include "sim/run/run.h"
#include "sim/scenario/validate.h"
#include "tests/support/problems_of.h"
#include "tests/support/situation.h"

#include <QTest>

using namespace sim;

namespace {

ProducerSpec everyTenth(std::uint64_t limit) {
    ProducerSpec spec;
    spec.arrivals = ConstantArrivals{.rate = 10};
    spec.limit = limit;
    return spec;
}

SubscriptionLink filtered(const std::string& policy,
                          FilterPolicyScope scope = FilterPolicyScope::MessageAttributes) {
    SubscriptionLink link;
    link.filterPolicy = std::get<JsonValue::Object>(parseJson(policy)->value);
    link.filterPolicyScope = scope;
    return link;
}

EventTypeSpec typeOf(const std::string& name, Table headers, JsonObject body = {}) {
    EventTypeSpec type;
    type.name = name;
    type.headers = std::move(headers);
    type.body = std::move(body);
    return type;
}

} // namespace

/// Amazon SNS: fan-out, filters, retries, FIFO topics.
class TestSns : public QObject {
    Q_OBJECT

private slots:
    void rule41EachSubscriptionGetsACopy() {
        Situation s;
        s.topic("t").sqs("a").sqs("b").subscribe("t", "a").subscribe("t", "b");
        s.publish("p", "t", "0 5");
        const Outcomes o = s.run(1min);
        QCOMPARE(o.timed(TraceKind::Enqueued, "a", "t"), std::string("1@0ms 2@5ms"));
        QCOMPARE(o.timed(TraceKind::Enqueued, "b", "t"), std::string("1@0ms 2@5ms"));
        QCOMPARE(o.broken(), std::string());
    }

    void rule43FiltersSeeHeadersAsAttributes() {
        ProducerSpec producer;
        producer.types = {typeOf("placed", {{"type", TableValue{std::string("placed")}},
                                            {"amount", TableValue{std::int64_t{150}}}}),
                          typeOf("paid", {{"type", TableValue{std::string("paid")}},
                                          {"amount", TableValue{std::int64_t{20}}}}),
                          typeOf("plain", {})};
        std::vector<ScriptArrivals::Entry> script(3);
        script[1].type = "paid";
        script[2].type = "plain";
        Situation s;
        s.topic("t").sqs("placed").sqs("large").sqs("untyped");
        s.subscribe("t", "placed", filtered(R"({"type": ["placed"]})"));
        s.subscribe("t", "large", filtered(R"({"amount": [{"numeric": [">", 0, "<=", 149]}]})"));
        s.subscribe("t", "untyped", filtered(R"({"type": [{"exists": false}]})"));
        s.script("p", "t", script, producer);
        const Outcomes o = s.run(1min);
        QCOMPARE(o.enqueued("placed"), std::string("1"));
        QCOMPARE(o.enqueued("large"), std::string("2"));
        QCOMPARE(o.enqueued("untyped"), std::string("3"));
        QCOMPARE(o.messages(TraceKind::FilteredOut, "t", "placed"), std::string("2 3"));
        QCOMPARE(o.broken(), std::string());
    }

    void rule43AHeaderWithTheKeyIsAskedOfEachMessage() {
        ProducerSpec producer;
        producer.keys.header = "customer";
        Situation s;
        s.topic("t").sqs("q").subscribe("t", "q", filtered(R"({"customer": [{"prefix": "b"}]})"));
        s.script("p", "t", {at(0s, "anna"), at(1s, "bob"), at(2s, "berta")}, producer);
        QCOMPARE(s.run(1min).enqueued("q"), std::string("2 3"));
    }

    void anomaly13ClientErrorsAreNotTriedAgain() {
        Situation s;
        s.topic("t").sqs("a").sqs("b").subscribe("t", "a").subscribe("t", "b");
        s.producer("p", "t", everyTenth(1'000));
        s.fault(DeliveryErrorFault{.from = "t", .to = "b"}, 20s + 1ms, 60s);
        const Outcomes o = s.run(10min);
        QCOMPARE(o.count(TraceKind::Enqueued, "a"), std::size_t{1'000});
        QCOMPARE(o.count(TraceKind::Enqueued, "b"), std::size_t{400});
        QCOMPARE(o.count(TraceKind::Lost, "t", "b"), std::size_t{600});
        QCOMPARE(o.broken(), std::string());
        s.consumer("ca", "a", {}).consumer("cb", "b", {});
        s.scenario.checks = {{.what = NoLossCheck{"ca"}}, {.what = NoLossCheck{"cb"}}};
        s.scenario.duration = 10min;
        const RunResult result = runScenario(s.scenario);
        QVERIFY(result.verdicts[0].state == Verdict::State::Holds);
        QVERIFY(result.verdicts[1].state == Verdict::State::Violated);
    }

    void anomaly13ServerErrorsAreTriedAgain() {
        Situation s;
        s.topic("t").sqs("a").sqs("b").subscribe("t", "a").subscribe("t", "b");
        ProducerSpec producer = everyTenth(600);
        producer.startAfter = 10s;
        s.producer("p", "t", producer);
        const DeliveryErrorFault outage{
            .from = "t", .to = "b", .error = DeliveryErrorClass::Server};
        s.fault(outage, 10s, 60s);
        const Outcomes o = s.run(10min);
        QCOMPARE(o.count(TraceKind::Enqueued, "b"), std::size_t{600});
        Instant latest{};
        Instant first{};
        for (const TraceRecord& record : o.all(TraceKind::Enqueued, "b")) {
            latest = std::max(latest, record.at);
            first = record.message == MessageId{0} ? record.at : first;
        }
        const Duration created = o.all(TraceKind::Produced).front().at - start;
        QCOMPARE((first - start - created) / 100ms, 701); // 10.1 s after the outage
        QVERIFY(latest - start <= 70s + 20s + 100ms);
        QCOMPARE(o.broken(), std::string());
    }

    void rule42TheTimesOfTheTries() {
        const std::vector<double> times{0,    0,    0,    1,    2,    3.0,  4.4, 6.3,
                                        9.1,  12.8, 18.1, 25.5, 35.8, 50.1, 70.1};
        Duration at{};
        for (std::uint32_t failures = 1; failures <= times.size(); ++failures) {
            at += *deliveryRetryDelay(failures);
            const double seconds = std::chrono::duration<double>(at).count();
            QVERIFY(std::abs(seconds - times[failures - 1]) < 0.051);
        }
        QCOMPARE(*deliveryRetryDelay(100'015), Duration{20s});
        QVERIFY(!deliveryRetryDelay(100'016));
    }

    void rule42WhatIsRefusedGoesToTheSubscriptionsLetters() {
        SubscriptionLink link;
        link.deadLetterQueue = "letters";
        Situation s;
        s.topic("t").sqs("q").sqs("letters").subscribe("t", "q", link).publish("p", "t", "0");
        s.fault(DeliveryErrorFault{.from = "t", .to = "q"}, 0s, 1s);
        const Outcomes o = s.run(1min);
        QCOMPARE(o.timed(TraceKind::Enqueued, "letters"), std::string("1@0ms"));
        QVERIFY((o.all(TraceKind::Enqueued, "letters").front().flags & DeadLetter) != 0);
        QCOMPARE(o.broken(), std::string());
    }

    void rule41ALargeMessageIsRefusedByTheTopic() {
        ProducerSpec producer;
        producer.types[0].size = Distribution::constant(300'000);
        producer.confirms = ConfirmSpec{.retries = 0};
        Situation s;
        s.topic("t").sqs("q").subscribe("t", "q").publish("p", "t", "0", producer);
        const Outcomes o = s.run(1min);
        QCOMPARE(o.count(TraceKind::NackReceived, "p"), std::size_t{1});
        QCOMPARE(o.all(TraceKind::Unroutable, "t").at(0).reason, Reason::TooLarge);
    }

    void anomaly14TheFilterScopeMistake_data() {
        QTest::addColumn<bool>("ofBody");
        QTest::addColumn<int>("delivered");
        QTest::newRow("scope of attributes: nothing comes, and no error") << false << 0;
        QTest::newRow("scope of the body: all come") << true << 20;
    }
    void anomaly14TheFilterScopeMistake() {
        QFETCH(bool, ofBody);
        QFETCH(int, delivered);
        ProducerSpec producer = everyTenth(20);
        producer.types = {typeOf("placed", {}, {{"country", JsonValue{std::string("de")}}})};
        Situation s;
        s.topic("t").sqs("q");
        s.subscribe("t", "q",
                    filtered(R"({"country": ["de"]})", ofBody ? FilterPolicyScope::MessageBody
                                                              : FilterPolicyScope::MessageAttributes));
        s.producer("p", "t", producer);
        const Outcomes o = s.run(1min);
        QCOMPARE(o.count(TraceKind::Enqueued, "q"), std::size_t(delivered));
        QCOMPARE(o.count(TraceKind::FilteredOut, "t", "q"), std::size_t(20 - delivered));
        QCOMPARE(o.broken(), std::string());
    }

    void rule44AFifoTopicKeepsTheOrderOfAGroupThroughAnOutage() {
        ProducerSpec producer = everyTenth(100);
        producer.keys.kind = KeySpec::Kind::Sequence;
        producer.keys.count = 2;
        Situation s;
        s.topic("t", Situation::instantTopic(true)).sqs("q", Situation::instant(true));
        s.subscribe("t", "q").producer("p", "t", producer);
        const DeliveryErrorFault outage{
            .from = "t", .to = "q", .error = DeliveryErrorClass::Server};
        s.fault(outage, 3s, 4s);
        const Outcomes o = s.run(1min);
        std::map<KeyId, std::uint32_t> versions;
        for (const TraceRecord& record : o.all(TraceKind::Enqueued, "q")) {
            QCOMPARE(record.version, ++versions[record.key]);
        }
        QCOMPARE(o.count(TraceKind::Enqueued, "q"), std::size_t{100});
        QCOMPARE(o.broken(), std::string());
    }

    void rule44ATopicTakesADuplicateOnce() {
        ProducerSpec producer;
        producer.confirms = ConfirmSpec{.timeout = 10s};
        Situation s;
        s.topic("t", Situation::instantTopic(true)).sqs("f", Situation::instant(true)).sqs("q");
        s.subscribe("t", "f").subscribe("t", "q").publish("p", "t", "0", producer);
        s.fault(LostConfirmsFault{.from = "p", .to = "t", .probability = 1}, 0s, 1s);
        const Outcomes o = s.run(1min);
        QCOMPARE(o.timed(TraceKind::Published, "p"), std::string("1@0ms 1@10000ms"));
        QCOMPARE(o.enqueued("f"), std::string("1"));
        QCOMPARE(o.enqueued("q"), std::string("1"));
        QCOMPARE(o.broken(), std::string());
    }

    void whatSnsDoesNotKnowIsSaid() {
        Situation s;
        s.topic("t").sqs("f", Situation::instant(true)).sqs("q");
        s.subscribe("t", "f");
        s.subscribe("t", "q", filtered(R"({"a": {"b": [1]}, "c": []})"));
        const std::string problems = problemsOf(validate(s.scenario));
        QVERIFY(problems.starts_with("/links/0/to: \"f\" is a FIFO queue: a standard topic does not "
                                     "deliver to one\n/links/1/filter_policy/"));
    }
};

QTEST_GUILESS_MAIN(TestSns)
#include "tst_sns.moc"
