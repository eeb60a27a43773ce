#include "tests/support/situation.h"

#include <QTest>
#include <algorithm>

using namespace sim;

namespace {

ExchangeSpec delaying(ExchangeType inner) {
    ExchangeSpec spec;
    spec.delayedType = inner;
    return spec;
}

/// Messages of one key, each with its delay in milliseconds; 0: without the header.
std::vector<Situation::Entry> delayedBy(std::initializer_list<std::int64_t> delays) {
    std::vector<Situation::Entry> entries;
    for (const std::int64_t delay : delays) {
        entries.push_back(at(1ms * entries.size(), {}, "k"));
        if (delay != 0) {
            entries.back().headers = {{"x-delay", delay}};
        }
    }
    return entries;
}

ProducerSpec mandatory() {
    ProducerSpec spec;
    spec.mandatory = true;
    spec.confirms = ConfirmSpec{.timeout = 1h, .retries = 0};
    return spec;
}

Situation delayed(std::initializer_list<std::int64_t> delays) {
    Situation s;
    s.exchange("x", ExchangeType::Delayed, delaying(ExchangeType::Direct)).queue("q").queue("other");
    s.bind("x", "q", "k").bind("x", "other", "o");
    return s.script("p", "x", delayedBy(delays), mandatory());
}

} // namespace

/// The delayed-message exchange, as its plugin
/// (https://github.com/rabbitmq/rabbitmq-delayed-message-exchange) says, and
/// https://www.rabbitmq.com/docs/local-random-exchange.
class TestDelayedExchange : public QObject {
    Q_OBJECT

private slots:
    void whatIsDueFirstComesFirst() { // T69
        const Outcomes o = delayed({5000, 1000}).run(10s);
        QCOMPARE(o.timed(TraceKind::Enqueued), std::string("2@1001ms 1@5000ms"));
        QCOMPARE(o.timed(TraceKind::ReturnReceived), std::string("1@0ms 2@1ms"));
        QCOMPARE(o.timed(TraceKind::ConfirmReceived), std::string("1@0ms 2@1ms"));
        QCOMPARE(o.ready("q"), std::string("2 1"));
        QCOMPARE(o.ready("other"), std::string());
        QCOMPARE(o.broken(), std::string());
    }

    void withoutADelayItIsRoutedAtOnce() {
        const Outcomes o = delayed({0, -5, 0xffff'ffff + 1ll}).run(1s);
        QCOMPARE(o.timed(TraceKind::Enqueued), std::string("1@0ms 2@1ms 3@2ms"));
        QCOMPARE(o.count(TraceKind::ReturnSent), std::size_t{0});
    }

    void theAlternateExchangeGetsItAtOnce() {
        Situation s = delayed({1000});
        s.exchange("rest", ExchangeType::Fanout).queue("early").bind("rest", "early");
        for (ComponentEntry& entry : s.scenario.components) {
            if (entry.id == "x") {
                std::get<ExchangeSpec>(entry.spec).alternateExchange = "rest";
            }
        }
        const Outcomes o = s.run(10s);
        QCOMPARE(o.timed(TraceKind::Enqueued, "early"), std::string("1@0ms"));
        QCOMPARE(o.timed(TraceKind::Enqueued, "q"), std::string("1@1000ms"));
        QCOMPARE(o.broken(), std::string());
    }

    void whatLeadsNowhereWhenItIsDueIsLost() {
        Situation s;
        s.exchange("x", ExchangeType::Delayed, delaying(ExchangeType::Fanout));
        const Outcomes o = s.script("p", "x", delayedBy({1000}), mandatory()).run(10s);
        QCOMPARE(o.timed(TraceKind::Unroutable), std::string("1@1000ms"));
        QCOMPARE(o.count(TraceKind::ReturnSent), std::size_t{1}); // the one of the publish
        QCOMPARE(o.broken(), std::string());
    }

    void itSurvivesARestartAndComesLate() {
        Situation s = delayed({1000, 5000});
        const Outcomes o = s.fault(BrokerRestartFault{}, 500ms, 2s).run(10s);
        QCOMPARE(o.timed(TraceKind::Enqueued), std::string("1@2500ms 2@5001ms"));
        QCOMPARE(o.broken(), std::string());
    }

    void itWaitsForTheNodeThatHasIt() {
        BrokerSpec three;
        three.nodes = 3;
        three.diskDelay = always(0s);
        Situation s = delayed({1000});
        s.broker(three);
        QueueSpec elsewhere;
        elsewhere.node = 2;
        s.queue("far", elsewhere).bind("x", "far", "k");
        const auto link = std::ranges::find_if(s.scenario.links, [](const LinkSpec& one) {
            return std::holds_alternative<PublishLink>(one);
        });
        std::get<PublishLink>(*link).node = 1;
        s.fault(BrokerRestartFault{.target = {}, .clean = true, .node = 1}, 500ms, 2s);
        QCOMPARE(s.run(10s).timed(TraceKind::Enqueued, "far"), std::string("1@2500ms"));
    }

    void aDeadLetterIsDelayedToo() {
        QueueSpec queue;
        queue.deadLetterExchange = "x";
        queue.deadLetterRoutingKey = "k";
        ConsumerSpec rejecting;
        rejecting.serviceTime = always(10ms);
        rejecting.onFailure = OnFailure::Reject;
        rejecting.failureRate = 1;
        ProducerSpec producer;
        producer.types.front().headers = {{"x-delay", std::int64_t{2000}}};
        Situation s;
        s.exchange("x", ExchangeType::Delayed, delaying(ExchangeType::Direct)).queue("retry");
        s.bind("x", "retry", "k").queue("work", queue).consumer("c", "work", rejecting);
        const Outcomes o = s.publish("p", "work", "0", producer).run(10s);
        QCOMPARE(o.timed(TraceKind::Enqueued, "retry"), std::string("1@2010ms"));
        QCOMPARE(o.deaths("retry"), std::string("work rejected 1"));
    }

    void localRandomKnowsTheNodeOfThePublisher() {
        BrokerSpec three;
        three.nodes = 3;
        three.diskDelay = always(0s);
        Situation s;
        s.broker(three).exchange("x", ExchangeType::LocalRandom);
        for (std::uint32_t node = 1; node <= 2; ++node) {
            QueueSpec queue;
            queue.node = node;
            for (const char* suffix : {"a", "b"}) {
                const std::string id = std::to_string(node) + suffix;
                s.queue(id, queue).bind("x", id);
            }
        }
        ProducerSpec producer;
        producer.arrivals = ConstantArrivals{.rate = 100};
        for (std::uint32_t node = 1; node <= 3; ++node) {
            s.producer("at " + std::to_string(node), "x", producer);
            std::get<PublishLink>(s.scenario.links.back()).node = node;
        }
        const Outcomes o = s.run(10s);
        const auto into = [&](const char* queue) { return o.count(TraceKind::Enqueued, queue); };
        QCOMPARE(into("1a") + into("1b"), o.count(TraceKind::Published, "at 1"));
        QCOMPARE(into("2a") + into("2b"), o.count(TraceKind::Published, "at 2"));
        QVERIFY(into("1a") > 400 && into("1b") > 400);
        QCOMPARE(o.count(TraceKind::Unroutable), o.count(TraceKind::Published, "at 3"));
    }
};

QTEST_GUILESS_MAIN(TestDelayedExchange)
#include "tst_delayed_exchange.moc"
