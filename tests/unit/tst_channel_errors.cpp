#include "sim/scenario/read.h"
#include "tests/support/situation.h"

#include <QTest>
#include <algorithm>

using namespace sim;

namespace {

ProducerSpec confirming() {
    ProducerSpec spec;
    spec.confirms = ConfirmSpec{.timeout = 1s, .retries = 1};
    return spec;
}

/// A scenario that is written with ' in place of ".
Result<Scenario> readOf(std::string text) {
    std::ranges::replace(text, '\'', '"');
    return readScenario(text, {});
}

/// The problems of a scenario with these components, links and faults, one after the other.
std::string problemsOf(const std::string& components, const std::string& links = {},
                       const std::string& faults = {}) {
    const auto read = readOf("{'version': 1, 'components': [" + components + "], 'links': [" +
                             links + "], 'faults': [" + faults + "]}");
    std::string text;
    if (!read) {
        for (const Problem& problem : read.error()) {
            text += problem.where + " " + problem.what + "\n";
        }
    }
    return text;
}

std::string broker(const std::string& version) {
    return "{'id': 'b', 'kind': 'rabbitmq.broker', 'version': '" + version + "'}, ";
}

/// An exchange x of a type, and more of its fields.
std::string exchange(const std::string& type, const std::string& more = {}) {
    return "{'id': 'x', 'kind': 'rabbitmq.exchange', 'type': '" + type + "'" + more + "}";
}

const std::string withQueue = ", {'id': 'q', 'kind': 'rabbitmq.queue'}";

std::string bound(const std::string& key) {
    return "{'kind': 'binding', 'from': 'x', 'to': 'q', 'routing_key': '" + key + "'}";
}

} // namespace

/// What a broker answers to who breaks its rules: https://www.rabbitmq.com/docs/channels#error-handling.
class TestChannelErrors : public QObject {
    Q_OBJECT

private slots:
    /// 404: the exchange goes with its last binding. The publisher hears of it, opens its channel
    /// again and declares the exchange.
    void aPublishToAnExchangeThatIsGoneClosesTheChannel() {
        ExchangeSpec autoDelete;
        autoDelete.autoDelete = true;
        QueueSpec exclusive;
        exclusive.exclusive = true;
        CrashFault crash;
        crash.target = "c";
        Situation s;
        s.exchange("x", ExchangeType::Fanout, autoDelete).queue("q", exclusive).bind("x", "q");
        s.consumer("c", "q").publish("p", "x", "0 200 201 300", {}, Situation::slow(2ms));
        const Outcomes o = s.fault(crash, 100ms).run(10s);
        const auto lost = o.all(TraceKind::Lost);
        QCOMPARE(o.messages(TraceKind::Lost), std::string("2 3"));
        QCOMPARE(lost[0].reason, Reason::NoExchange);
        QCOMPARE(lost[1].reason, Reason::Disconnect); // sent before the publisher knew
        QCOMPARE(o.messages(TraceKind::Unroutable), std::string("4"));
        QCOMPARE(o.broken(), std::string());
    }

    /// 406: a body above the largest one, which is another by version.
    void aBodyThatIsTooLargeClosesTheChannel() {
        const auto outcome = [](RabbitmqVersion version, std::optional<std::uint64_t> most) {
            BrokerSpec broker;
            broker.version = version;
            broker.maxMessageBytes = most;
            ProducerSpec producer = confirming();
            producer.types.front().size = Distribution::constant(20e6);
            Situation s;
            s.broker(broker).queue("q").publish("p", "q", "0", producer);
            const Outcomes o = s.run(10s);
            return o.ready("q") + " " + std::to_string(o.count(TraceKind::Published)) + " " +
                   std::to_string(o.count(TraceKind::GaveUp));
        };
        QCOMPARE(outcome(RabbitmqVersion::V4_0, {}), std::string(" 2 1"));
        QCOMPARE(outcome(RabbitmqVersion::V3_13, {}), std::string("1 1 0"));
        QCOMPARE(outcome(RabbitmqVersion::V4_0, 20'000'000), std::string("1 1 0"));
    }

    /// What a broker refuses to declare or to bind is said before the run.
    void refusedByVersionAndType_data() {
        QTest::addColumn<std::string>("components");
        QTest::addColumn<std::string>("links");
        QTest::addColumn<std::string>("problem"); // how it begins; empty: there is none
        const std::string hashes = bound("a.#.b.#.c.#");
        const std::string heavy = bound("10001");
        const std::string delayed = "x-delayed-message";
        const std::string inner = ", 'delayed_type': 'topic'";
        const auto row = [](const char* name, const std::string& components,
                            const std::string& links, const std::string& problem) {
            QTest::newRow(name) << components << links << problem;
        };
        row("three hashes, 4.3", broker("4.3") + exchange("topic") + withQueue, hashes,
            "/links/0/routing_key \"a.#.b.#.c.#\" has 3 words #");
        row("three hashes, 4.2", broker("4.0-4.2") + exchange("topic") + withQueue, hashes, "");
        row("weight", exchange("x-consistent-hash") + withQueue, heavy, "/links/0/routing_key");
        row("weight, 3.13", broker("3.13") + exchange("x-consistent-hash") + withQueue, heavy, "");
        row("no inner type", exchange(delayed), "", "/components/0/delayed_type");
        row("inner type of another", exchange("direct", inner), "", "/components/0/delayed_type");
        row("inner type", exchange(delayed, inner), "", "");
        row("local random, 3.13", broker("3.13") + exchange("x-local-random"), "",
            "/components/1/type");
        row("local random with a key", exchange("x-local-random") + withQueue, bound("k"),
            "/links/0/routing_key must be empty");
    }
    void refusedByVersionAndType() {
        QFETCH(std::string, components);
        QFETCH(std::string, links);
        QFETCH(std::string, problem);
        const std::string found = problemsOf(components, links);
        QVERIFY2(problem.empty() ? found.empty() : found.starts_with(problem), found.c_str());
    }

    void nodesThatTheBrokerDoesNotHave() {
        const std::string three = "{'id': 'b', 'kind': 'rabbitmq.broker', 'nodes': 3}, ";
        const auto onNode = [](const char* node) {
            return std::string("{'id': 'q', 'kind': 'rabbitmq.queue', 'node': ") + node + "}";
        };
        QCOMPARE(problemsOf(three + onNode("3")), std::string());
        QCOMPARE(problemsOf(three + onNode("4")),
                 std::string("/components/1/node 4 is out of range: the broker has 3 nodes\n"));
        QCOMPARE(problemsOf(onNode("2")),
                 std::string("/components/0/node 2 is out of range: the broker has 1 node\n"));
        QVERIFY(problemsOf("{'id': 'b', 'kind': 'rabbitmq.broker', 'version': '4.3', "
                           "'partition_handling': 'ignore'}")
                    .starts_with("/components/0/partition_handling"));
        const auto faults = [&](const std::string& fault) {
            const std::string found =
                problemsOf(three + onNode("1"), "", "{'at': '1s', " + fault + "}");
            return found.substr(0, found.find(' '));
        };
        const std::string cut = "'kind': 'cluster-partition', 'first_node': ";
        QCOMPARE(faults("'kind': 'broker-restart', 'node': 3"), std::string());
        QCOMPARE(faults("'kind': 'broker-restart', 'node': 4"), std::string("/faults/0/node"));
        QCOMPARE(faults(cut + "2, 'last_node': 3"), std::string());
        QCOMPARE(faults(cut + "1, 'last_node': 3"), std::string("/faults/0/last_node"));
        QCOMPARE(faults(cut + "3, 'last_node': 2"), std::string("/faults/0/last_node"));
    }
};

QTEST_GUILESS_MAIN(TestChannelErrors)
#include "tst_channel_errors.moc"
