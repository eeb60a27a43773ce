#include "tests/support/situation.h"

#include <QTest>

#include <cmath>

using namespace sim;

namespace {

/// 20,000 messages of as many keys, which travel in the header `id`, into queues of these weights.
Situation spread(const std::vector<std::string>& weights, ExchangeSpec exchange = {},
                 ExchangeType type = ExchangeType::ConsistentHash) {
    Situation s;
    s.exchange("x", type, std::move(exchange));
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const std::string queue = "q" + std::to_string(i);
        s.queue(queue).bind("x", queue, weights[i]);
    }
    ProducerSpec producer;
    producer.arrivals = ConstantArrivals{.rate = 1000};
    producer.keys = {.kind = KeySpec::Kind::Sequence, .count = 20'000, .header = "id"};
    producer.limit = 20'000;
    s.producer("p", "x", producer);
    return s;
}

ExchangeSpec byHeader() {
    ExchangeSpec spec;
    spec.hashHeader = "id";
    return spec;
}

std::vector<double> shares(const Outcomes& o, std::size_t queues) {
    std::vector<double> shares;
    for (std::size_t i = 0; i < queues; ++i) {
        shares.push_back(double(o.count(TraceKind::Enqueued, "q" + std::to_string(i))) / 20'000);
    }
    return shares;
}

/// Which queue each key came into.
std::map<KeyId, std::string> places(const Outcomes& o) {
    std::map<KeyId, std::string> places;
    for (const TraceRecord& record : o.all(TraceKind::Enqueued)) {
        places[record.key] = o.plan().catalogue.components[index(record.component)];
    }
    return places;
}

} // namespace

/// Exchanges that choose one of their bindings, as
/// https://github.com/rabbitmq/rabbitmq-server/tree/main/deps/rabbitmq_consistent_hash_exchange,
/// https://www.rabbitmq.com/docs/modulus-hash-exchange and
/// https://github.com/rabbitmq/rabbitmq-server/tree/main/deps/rabbitmq_random_exchange say; and
/// several routing keys, as https://www.rabbitmq.com/docs/sender-selected says.
class TestHashExchange : public QObject {
    Q_OBJECT

private slots:
    void sharesFollowTheWeights() { // T15
        const Outcomes o = spread({"1", "1", "2", "2"}, byHeader()).run(30s);
        const std::vector<double> expected{1.0 / 6, 1.0 / 6, 1.0 / 3, 1.0 / 3};
        const std::vector<double> found = shares(o, 4);
        for (std::size_t i = 0; i < 4; ++i) {
            // Four standard deviations of a binomial share of 20,000 keys.
            QVERIFY(std::abs(found[i] - expected[i]) < 0.0135);
        }
        QCOMPARE(o.broken(), std::string());
    }

    void aKeyAlwaysGoesToOneQueue() {
        Situation s = spread({"1", "1", "1"}, byHeader());
        auto& producer = std::get<ProducerSpec>(s.scenario.components.back().spec);
        producer.keys.count = 50;
        producer.limit = 2000;
        const Outcomes o = s.run(10s);
        std::map<KeyId, ComponentId> first;
        for (const TraceRecord& record : o.all(TraceKind::Enqueued)) {
            QCOMPARE(first.emplace(record.key, record.component).first->second, record.component);
        }
        QCOMPARE(first.size(), std::size_t{50});
    }

    void withoutTheHeaderAllGoToOneQueue() { // T16
        ExchangeSpec exchange;
        exchange.hashHeader = "other";
        const std::vector<double> found = shares(spread({"1", "1", "1"}, exchange).run(30s), 3);
        QCOMPARE(std::ranges::count(found, 1.0), 1);
        QCOMPARE(std::ranges::count(found, 0.0), 2);
    }

    void withoutACorrelationIdAllGoToOneQueue() {
        ExchangeSpec exchange;
        exchange.hashProperty = HashProperty::CorrelationId;
        const std::vector<double> found = shares(spread({"1", "1"}, exchange).run(30s), 2);
        QCOMPARE(std::ranges::count(found, 1.0), 1);
    }

    void byMessageIdEveryMessageIsForItself() {
        ExchangeSpec exchange;
        exchange.hashProperty = HashProperty::MessageId;
        const std::vector<double> found = shares(spread({"1", "1"}, exchange).run(30s), 2);
        QVERIFY(std::abs(found[0] - 0.5) < 0.0142);
    }

    void aFifthQueueTakesAFifthFromTheOthers() {
        const auto before = places(spread({"1", "1", "1", "1"}, byHeader()).run(30s));
        const auto after = places(spread({"1", "1", "1", "1", "1"}, byHeader()).run(30s));
        std::size_t moved = 0;
        for (const auto& [key, place] : before) {
            const bool moves = after.at(key) != place;
            moved += moves;
            QVERIFY(!moves || after.at(key) == "q4"); // nothing moves between the old ones
        }
        QVERIFY(std::abs(double(moved) / 20'000 - 0.2) < 0.0114);
    }

    void aSecondBindingOfAQueueCountsNothing() {
        Situation s = spread({"1", "1"}, byHeader());
        s.bind("x", "q0", "50");
        QCOMPARE(shares(s.run(30s), 2), shares(spread({"1", "1"}, byHeader()).run(30s), 2));
    }

    void withoutABindingNothingIsRouted() {
        const Outcomes o = spread({}, byHeader()).run(30s);
        QCOMPARE(o.count(TraceKind::Unroutable), std::size_t{20'000});
    }

    void aRestartMayMoveKeys() {
        Situation s = spread({"3", "2", "1"}, byHeader());
        s.scenario.components[2].id = "z"; // the first queue is the last by name
        for (LinkSpec& link : s.scenario.links) {
            if (auto* binding = std::get_if<BindingLink>(&link); binding && binding->to == "q0") {
                binding->to = "z";
            }
        }
        auto& producer = std::get<ProducerSpec>(s.scenario.components.back().spec);
        producer.keys.count = 1000;
        s.fault(BrokerRestartFault{}, 10s, 1s);
        const Outcomes o = s.run(30s);
        std::map<KeyId, ComponentId> first;
        std::size_t moved = 0;
        for (const TraceRecord& record : o.all(TraceKind::Enqueued)) {
            moved += first.emplace(record.key, record.component).first->second != record.component;
        }
        QVERIFY(moved > 0);
    }

    void modulusHashIgnoresBindingKeys() {
        Situation s;
        s.exchange("x", ExchangeType::ModulusHash).queue("a").queue("b");
        s.bind("x", "a", "whatever").bind("x", "b", "");
        std::vector<Situation::Entry> entries;
        for (int i = 0; i < 2000; ++i) {
            entries.push_back(at(i * 1ms, "k", "key-" + std::to_string(i % 1000)));
        }
        const Outcomes o = s.script("p", "x", entries).run();
        const auto inA = o.all(TraceKind::Enqueued, "a");
        QVERIFY(std::abs(double(inA.size()) / 2000 - 0.5) < 0.064);
        QCOMPARE(inA.size() % 2, std::size_t{0}); // each key went the same way twice
        QCOMPARE(o.count(TraceKind::Enqueued), std::size_t{2000});
    }

    void randomTakesAnyBinding() {
        const std::vector<double> found =
            shares(spread({"", "", ""}, {}, ExchangeType::Random).run(30s), 3);
        for (const double share : found) {
            QVERIFY(std::abs(share - 1.0 / 3) < 0.0134);
        }
        const Outcomes one = spread({"", ""}, {}, ExchangeType::Random).run(30s);
        const Outcomes same = spread({"", ""}, {}, ExchangeType::Random).run(30s);
        QCOMPARE(one.fingerprint(), same.fingerprint());
    }

    void aMessageGoesWhereItsCcSaysToo_data() { // T14
        QTest::addColumn<bool>("hidden");
        QTest::newRow("cc") << false;
        QTest::newRow("bcc") << true;
    }
    void aMessageGoesWhereItsCcSaysToo() {
        QFETCH(bool, hidden);
        Situation s;
        s.exchange("x", ExchangeType::Direct).queue("q1").queue("q2").queue("q3");
        s.bind("x", "q1", "k1").bind("x", "q2", "k2").bind("x", "q3", "k3");
        ProducerSpec producer;
        (hidden ? producer.types[0].bcc : producer.types[0].cc) = {"k2", "k1"};
        const Outcomes o = s.script("p", "x", {at(0ms, {}, "k1")}, producer).run();
        QCOMPARE(o.ready("q1"), std::string("1"));
        QCOMPARE(o.ready("q2"), std::string("1"));
        QCOMPARE(o.ready("q3"), std::string());
        const HeaderSet& seen = o.plan().headers[o.message("q1").headers];
        QCOMPARE(seen.cc.size(), hidden ? 0u : 2u);
    }

    void theDefaultExchangeTakesCcForNames() {
        Situation s;
        s.queue("a").queue("b");
        ProducerSpec producer;
        producer.types[0].cc = {"b", "nobody"};
        const Outcomes o = s.publish("p", "a", "0", producer).run();
        QCOMPARE(o.ready("a"), std::string("1"));
        QCOMPARE(o.ready("b"), std::string("1"));
    }

    void aDeadLetterKeyRemovesTheOtherKeys_data() { // T31
        QTest::addColumn<bool>("hasKey");
        QTest::newRow("no dead-letter key: both") << false;
        QTest::newRow("a dead-letter key: that alone") << true;
    }
    void aDeadLetterKeyRemovesTheOtherKeys() {
        QFETCH(bool, hasKey);
        Situation s;
        QueueSpec work;
        work.messageTtl = 10ms;
        work.deadLetterExchange = "dlx";
        if (hasKey) {
            work.deadLetterRoutingKey = "k1";
        }
        s.queue("work", work).queue("d1").queue("d2");
        s.exchange("x", ExchangeType::Direct).bind("x", "work", "k1");
        s.exchange("dlx", ExchangeType::Direct).bind("dlx", "d1", "k1").bind("dlx", "d2", "k2");
        ProducerSpec producer;
        producer.types[0].cc = {"k2"};
        const Outcomes o = s.script("p", "x", {at(0ms, {}, "k1")}, producer).run();
        QCOMPARE(o.ready("d1"), std::string("1"));
        QCOMPARE(o.ready("d2"), std::string(hasKey ? "" : "1"));
    }
};

QTEST_APPLESS_MAIN(TestHashExchange)
#include "tst_hash_exchange.moc"
