#include "tests/conformance/rabbitmq/broker_process.h"
#include "tests/conformance/rabbitmq/observed.h"
#include "tests/support/situation.h"

#include <QElapsedTimer>
#include <QTest>

#include <cstdio>

using namespace conformance;
using namespace std::chrono_literals;

namespace {

/// What ctest takes for "skipped": see SKIP_RETURN_CODE.
constexpr int skipped = 77;
constexpr auto vhost = "cluster";
/// An election, or the news that a node is lost, takes no longer.
constexpr auto patience = 30s;

void say(const std::string& text) { std::fprintf(stderr, "%s\n", text.c_str()); }

std::string told(const std::string& label, const std::string& words) {
    return words.empty() ? label : label + " " + words;
}

/// A connection to one node.
class Client {
public:
    explicit Client(const BrokerProcess& node) : m_connection(node.port(), vhost) {}

    Connection& connection() { return m_connection; }

    /// What came in, within `wait`.
    std::optional<Incoming> next(std::chrono::milliseconds wait = patience) {
        const auto end = std::chrono::steady_clock::now() + wait;
        do {
            if (auto incoming = m_connection.next(10ms)) {
                return incoming;
            }
        } while (std::chrono::steady_clock::now() < end);
        return std::nullopt;
    }

private:
    Connection m_connection;
};

/// Publishes one message after the other to queues, in confirm mode.
class Producer {
public:
    Producer(const BrokerProcess& node, std::string id) : m_client(node), m_id(std::move(id)) {
        m_client.connection().openChannel(channel);
        m_client.connection().selectConfirms(channel);
    }

    void publish(const std::string& queue, const sim::ProducerSpec& spec = {}) {
        Content content;
        content.messageId = m_id + "." + std::to_string(++m_published);
        content.persistent = spec.persistent;
        m_told.emplace_back(content.messageId);
        m_client.connection().publish(channel, "", queue, spec.mandatory, content);
    }
    /// Takes what it is told until the last publish is confirmed or refused. False: it is not.
    bool hear(std::chrono::milliseconds wait = patience) {
        for (;;) {
            const std::string& last = m_told.back();
            if (last.ends_with("confirmed") || last.ends_with("refused")) {
                return true;
            }
            const auto incoming = m_client.next(wait);
            if (!incoming) {
                return false;
            }
            take(*incoming);
        }
    }
    void publishAndHear(const std::string& queue, const sim::ProducerSpec& spec = {}) {
        publish(queue, spec);
        hear();
    }
    void observe(Observed& observed) const { observed[producerPlace(m_id)] = m_told; }

private:
    static constexpr std::uint16_t channel = 2;

    void take(const Incoming& incoming) {
        if (const auto* confirmation = std::get_if<Confirmation>(&incoming)) {
            for (std::uint64_t tag = confirmation->multiple ? 1 : confirmation->tag;
                 tag <= confirmation->tag; ++tag) {
                std::string& words = m_told.at(tag - 1);
                if (!words.ends_with("confirmed") && !words.ends_with("refused")) {
                    words = told(words, confirmation->positive ? "confirmed" : "refused");
                }
            }
        } else if (const auto* returned = std::get_if<Return>(&incoming)) {
            *std::ranges::find(m_told, returned->content.messageId) += " returned";
        }
    }

    Client m_client;
    std::string m_id;
    std::size_t m_published = 0;
    std::vector<std::string> m_told;
};

sim::QueueSpec quorumQueue() {
    sim::QueueSpec spec;
    spec.type = sim::QueueType::Quorum;
    return spec;
}
sim::QueueSpec brief() {
    sim::QueueSpec spec;
    spec.durable = false;
    return spec;
}
sim::ProducerSpec transient() {
    sim::ProducerSpec spec;
    spec.persistent = false;
    return spec;
}
sim::ProducerSpec mandatory() {
    sim::ProducerSpec spec;
    spec.mandatory = true;
    return spec;
}

/// The same for the simulator: a cluster of three nodes, in which queues are at home on the first
/// one, and clients insist on a node.
class Play : public sim::Situation {
public:
    Play() {
        version(profile);
        std::get<sim::BrokerSpec>(scenario.components.front().spec).nodes = 3;
    }
    Play& queue(const std::string& id, const sim::QueueSpec& spec = {}) {
        Situation::queue(id, spec);
        return *this;
    }
    /// Messages at these seconds.
    Play& messages(std::uint32_t node, const std::string& id, const std::string& to,
                   std::initializer_list<double> at, sim::ProducerSpec spec = {}) {
        std::vector<Entry> entries;
        for (const double second : at) {
            entries.push_back(sim::at(seconds(second)));
        }
        spec.confirms = sim::ConfirmSpec{};
        spec.confirms->retries = 0;
        spec.confirms->timeout = 1h;
        script(id, to, std::move(entries), spec);
        std::get<sim::PublishLink>(scenario.links.back()).node = node;
        return *this;
    }
    /// From `begin` on, to `end`.
    Play& consumes(std::uint32_t node, const std::string& id, const std::string& from,
                   std::uint32_t prefetch, sim::Duration service, double begin,
                   std::optional<double> end = {}) {
        sim::ConsumerSpec spec;
        spec.prefetch = prefetch;
        spec.serviceTime = sim::always(service);
        consumer(id, from, spec);
        std::get<sim::ConsumeLink>(scenario.links.back()).node = node;
        if (begin > 0) {
            fault(sim::CrashFault{id, {}}, {}, seconds(begin));
        }
        if (end) {
            fault(sim::CrashFault{id, {}}, seconds(*end));
        }
        return *this;
    }
    Play& stops(std::uint32_t node, bool clean, double from, double to) {
        fault(sim::BrokerRestartFault{.target = {}, .clean = clean, .node = node}, seconds(from),
              seconds(to - from));
        return *this;
    }
    Observed observed(double until) {
        scenario.duration = seconds(until);
        return simulated(scenario);
    }

private:
    static sim::Duration seconds(double count) {
        return std::chrono::milliseconds{static_cast<std::int64_t>(count * 1000)};
    }
};

/// Consumes from one queue and acknowledges what it should.
class Consumer {
public:
    enum class Then : std::uint8_t { Ack, Hold };

    Consumer(const BrokerProcess& node, const std::string& queue, std::uint16_t prefetch, Then then)
        : m_client(node)
        , m_then(then) {
        m_client.connection().consume(1, queue, prefetch, false);
    }

    /// Returns the next `count` things that happen to it, fewer where no more do.
    std::vector<std::string> take(std::size_t count) {
        std::vector<std::string> lines;
        while (lines.size() < count) {
            const auto incoming = m_client.next();
            if (!incoming) {
                break;
            }
            if (const auto* delivery = std::get_if<Delivery>(&*incoming)) {
                lines.push_back(describeDelivery(delivery->content.messageId, delivery->redelivered,
                                                 delivery->content.returns()));
                if (m_then == Then::Ack) {
                    m_client.connection().ack(1, delivery->tag);
                }
            }
        }
        return lines;
    }
    bool isCancelled() {
        const auto incoming = m_client.next();
        return incoming && std::holds_alternative<Cancelled>(*incoming);
    }
    /// Its node is dead, and so is the line.
    void forget() { m_client.connection().cut(); }

private:
    Client m_client;
    Then m_then;
};

} // namespace

/// A cluster of three nodes of Debian's rabbitmq-server 3.10 on 127.0.0.1, whose nodes are killed
/// and stopped: what clients of the other nodes see is as expected, and as in the simulator.
///
/// Left out: partitions, which a process cannot make without rights over the network; the time that
/// an election takes.
class TestRabbitmqCluster : public QObject {
    Q_OBJECT

public:
    explicit TestRabbitmqCluster(std::vector<std::unique_ptr<BrokerProcess>> nodes)
        : m_nodes(std::move(nodes)) {}

private slots:
    void aQuorumQueueOutlivesItsLeader() {
        Observed seen;
        Client(one()).connection().declareQueue("q", true, quorum);
        Producer p(two(), "p");
        for (int i = 0; i < 6; ++i) {
            p.publishAndHear("q");
        }
        Consumer first(one(), "q", 2, Consumer::Then::Hold);
        seen[consumerPlace("first", 0, "q")] = first.take(2);
        one().kill();
        first.forget();
        // Who comes before the queue knows that the first one's node is lost gets the others first.
        QVERIFY(hasReady("q", 6));
        Consumer second(two(), "q", 0, Consumer::Then::Ack);
        seen[consumerPlace("second", 0, "q")] = second.take(6);
        p.publishAndHear("q");
        p.observe(seen);
        const auto after = second.take(1);
        seen[consumerPlace("second", 0, "q")].insert(seen[consumerPlace("second", 0, "q")].end(),
                                                     after.begin(), after.end());
        bringBack({&one()});
        compare(seen,
                {{consumerPlace("first", 0, "q"), {"p.1", "p.2"}},
                 {consumerPlace("second", 0, "q"),
                  {"p.1 redelivered count 1", "p.2 redelivered count 1", "p.3", "p.4", "p.5", "p.6",
                   "p.7"}},
                 {producerPlace("p"),
                  {"p.1 confirmed", "p.2 confirmed", "p.3 confirmed", "p.4 confirmed",
                   "p.5 confirmed", "p.6 confirmed", "p.7 confirmed"}}},
                Play()
                    .queue("q", quorumQueue())
                    .messages(2, "p", "q", {0, 1, 2, 3, 4, 5, 30})
                    .consumes(1, "first", "q", 2, 1h, 6)
                    .consumes(2, "second", "q", 0, 1ms, 20)
                    .stops(1, false, 10, 50)
                    .observed(40));
    }

    void aClassicQueueWaitsForItsNode_data() {
        QTest::addColumn<bool>("clean");
        QTest::newRow("killed") << false;
        QTest::newRow("stopped") << true;
    }
    void aClassicQueueWaitsForItsNode() {
        QFETCH(bool, clean);
        Observed seen;
        Client(one()).connection().declareQueue("q", true, {});
        Client(one()).connection().declareQueue("brief", false, {});
        Producer p(two(), "p");
        Producer lasting(two(), "lasting");
        Producer passing(two(), "passing");
        Producer asking(two(), "asking");
        p.publishAndHear("q");
        p.publishAndHear("q");
        passing.publishAndHear("q", transient());
        lasting.publishAndHear("brief", mandatory());
        Consumer c(two(), "q", 1, Consumer::Then::Hold);
        seen[consumerPlace("c", 0, "q")] = c.take(1);
        clean ? one().stop() : one().kill();
        QVERIFY(c.isCancelled());
        // It is as if it did not exist: what it should get is unroutable, and confirmed.
        p.publishAndHear("q");
        asking.publishAndHear("q", mandatory());
        lasting.publishAndHear("brief", mandatory());
        for (const Producer* producer : {&p, &lasting, &passing, &asking}) {
            producer->observe(seen);
        }
        QCOMPARE(refusalOf([&] { Client(two()).connection().readyIn("q"); }), notFound);
        QCOMPARE(refusalOf([&] { Client(two()).connection().readyIn("brief"); }), notFound);
        bringBack({&one()});
        Client reader(two());
        readAll(reader, "q", seen);
        // It was not durable, and is gone for good.
        QCOMPARE(refusalOf([&] { Client(two()).connection().readyIn("brief"); }), notFound);
        const auto lying = [](const char* message, bool redelivered) {
            return describe(
                Lying{.message = message, .redelivered = redelivered, .routingKey = "q"});
        };
        compare(
            seen,
            {{consumerPlace("c", 0, "q"), {"p.1"}},
             {producerPlace("p"), {"p.1 confirmed", "p.2 confirmed", "p.3 confirmed"}},
             {producerPlace("lasting"), {"lasting.1 confirmed", "lasting.2 returned confirmed"}},
             {producerPlace("passing"), {"passing.1 confirmed"}},
             {producerPlace("asking"), {"asking.1 returned confirmed"}},
             {queuePlace("q"), {lying("p.1", true), lying("p.2", !clean)}}},
            Play()
                .queue("q")
                .queue("brief", brief())
                .messages(2, "p", "q", {0, 1, 20})
                .messages(2, "lasting", "brief", {3, 22}, mandatory())
                .messages(2, "passing", "q", {2}, transient())
                .messages(2, "asking", "q", {21}, mandatory())
                .consumes(2, "c", "q", 1, 1h, 4, 11)
                .stops(1, clean, 10, 30)
                .observed(40));
    }

    void aQuorumQueueWaitsForAMajority() {
        Observed seen;
        Client(one()).connection().declareQueue("q", true, quorum);
        Producer p(one(), "p");
        p.publishAndHear("q");
        p.publishAndHear("q");
        two().kill();
        three().kill();
        p.publish("q");
        QVERIFY(!p.hear(3s)); // nobody says anything while there is no majority
        bringBack({&two()});
        p.hear();
        p.observe(seen);
        Consumer c(one(), "q", 0, Consumer::Then::Ack);
        seen[consumerPlace("c", 0, "q")] = c.take(3);
        bringBack({&three()});
        compare(seen,
                {{consumerPlace("c", 0, "q"), {"p.1", "p.2", "p.3"}},
                 {producerPlace("p"), {"p.1 confirmed", "p.2 confirmed", "p.3 confirmed"}}},
                Play()
                    .queue("q", quorumQueue())
                    .messages(1, "p", "q", {0, 1, 20})
                    .consumes(1, "c", "q", 0, 1ms, 40)
                    .stops(2, false, 10, 30)
                    .stops(3, false, 10, 60)
                    .observed(50));
    }

    void cleanup() {
        Client client(two());
        for (const char* queue : {"q", "brief"}) {
            client.connection().deleteQueue(queue);
        }
    }

private:
    BrokerProcess& one() { return *m_nodes[0]; }
    BrokerProcess& two() { return *m_nodes[1]; }
    BrokerProcess& three() { return *m_nodes[2]; }

    static void bringBack(std::initializer_list<BrokerProcess*> nodes) {
        std::string why;
        for (BrokerProcess* node : nodes) {
            node->startAgain();
        }
        for (BrokerProcess* node : nodes) {
            QVERIFY2(node->isReady(why), why.c_str());
        }
    }

    /// Whether so many messages are ready in a queue within a while.
    bool hasReady(const std::string& queue, std::size_t count) {
        Client client(two());
        return QTest::qWaitFor([&] { return client.connection().readyIn(queue) == count; }, 30'000);
    }

    /// The name of the error that the broker answers with; empty: it does not.
    static std::string refusalOf(const std::function<void()>& asks) {
        try {
            asks();
            return {};
        } catch (const std::runtime_error& problem) {
            const std::string text = problem.what();
            return text.find(notFound) == std::string::npos ? text : notFound;
        }
    }

    /// What is left in a queue, until nothing is.
    static void readAll(Client& client, const std::string& queue, Observed& seen) {
        while (const auto got = client.connection().get(queue)) {
            seen[queuePlace(queue)].push_back(describe(Lying{.message = got->content.messageId,
                                                             .redelivered = got->redelivered,
                                                             .returns = got->content.returns(),
                                                             .exchange = got->exchange,
                                                             .routingKey = got->routingKey,
                                                             .content = got->content}));
        }
    }

    static void compare(const Observed& seen, const Observed& expected, const Observed& simulator) {
        const std::string unexpected = difference(seen, expected);
        QVERIFY2(unexpected.empty(),
                 ("not as expected (below in the simulator's place):\n" + unexpected).c_str());
        const std::string differs = difference(seen, simulator);
        QVERIFY2(differs.empty(), differs.c_str());
    }

    inline static const std::string notFound = "NOT_FOUND";
    const sim::Table quorum{{"x-queue-type", std::string("quorum")}};
    std::vector<std::unique_ptr<BrokerProcess>> m_nodes;
};

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    const QString folder = BROKER_FOLDER;
    constexpr std::size_t nodes = 3;
    std::string why = "it could not be unpacked";
    QElapsedTimer timer;
    timer.start();
    std::vector<std::unique_ptr<BrokerProcess>> cluster;
    if (unpackBroker(folder)) {
        cluster = BrokerProcess::startCluster(folder + "/root", nodes, {vhost}, why);
    }
    if (cluster.empty()) {
        say("SKIPPED: NOTHING WAS COMPARED WITH A CLUSTER. There is no RabbitMQ here: " + why);
        return skipped;
    }
    say("A RabbitMQ cluster of its own, started within " + std::to_string(timer.elapsed()) +
        " ms.");
    TestRabbitmqCluster test(std::move(cluster));
    return QTest::qExec(&test, argc, argv);
}

#include "tst_rabbitmq_cluster.moc"
