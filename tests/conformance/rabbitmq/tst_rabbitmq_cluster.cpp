#include "tests/conformance/rabbitmq/broker_process.h"
#include "tests/conformance/rabbitmq/observed.h"

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

    void publish(const std::string& queue, bool persistent = true, bool mandatory = false) {
        Content content;
        content.messageId = m_id + "." + std::to_string(++m_published);
        content.persistent = persistent;
        m_told.emplace_back(content.messageId);
        m_client.connection().publish(channel, "", queue, mandatory, content);
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
    void publishAndHear(const std::string& queue, bool persistent = true, bool mandatory = false) {
        publish(queue, persistent, mandatory);
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
                lines.push_back(describeDelivery(delivery->content.messageId,
                                                 delivery->redelivered,
                                                 delivery->content.returns()));
                if (m_then == Then::Ack) {
                    m_client.connection().ack(1, delivery->tag);
                }
            } else if (std::holds_alternative<Cancelled>(*incoming)) {
                lines.emplace_back("cancelled");
            }
        }
        return lines;
    }
    /// Its node is dead, and so is the line.
    void forget() { m_client.connection().cut(); }

private:
    Client m_client;
    Then m_then;
};

} // namespace

/// A cluster of three nodes of Debian's rabbitmq-server 3.10 on 127.0.0.1, whose nodes are killed
/// and stopped: what clients of the other nodes see is as expected.
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
        seen[consumerPlace("second", 0, "q")].insert(
            seen[consumerPlace("second", 0, "q")].end(), after.begin(), after.end());
        bringBack({&one()});
        compare(seen, {{consumerPlace("first", 0, "q"), {"p.1", "p.2"}},
                       {consumerPlace("second", 0, "q"),
                        {"p.1 redelivered count 1", "p.2 redelivered count 1", "p.3", "p.4", "p.5",
                         "p.6", "p.7"}},
                       {producerPlace("p"),
                        {"p.1 confirmed", "p.2 confirmed", "p.3 confirmed", "p.4 confirmed",
                         "p.5 confirmed", "p.6 confirmed", "p.7 confirmed"}}});
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
        p.publishAndHear("q");
        p.publishAndHear("q");
        p.publishAndHear("q", false);
        p.publishAndHear("brief");
        Consumer c(two(), "q", 1, Consumer::Then::Hold);
        auto& delivered = seen[consumerPlace("c", 0, "q")] = c.take(1);
        clean ? one().stop() : one().kill();
        const auto then = c.take(1);
        delivered.insert(delivered.end(), then.begin(), then.end());
        // It is as if it did not exist: what it should get is unroutable, and confirmed.
        p.publishAndHear("q");
        p.publishAndHear("q", true, true);
        p.publishAndHear("brief", true, true);
        p.observe(seen);
        seen["declared again"] = {refusalOf([&] { Client(two()).connection().readyIn("q"); }),
                                  refusalOf([&] { Client(two()).connection().readyIn("brief"); })};
        bringBack({&one()});
        Client reader(two());
        readAll(reader, "q", seen);
        // It was not durable, and is gone for good.
        seen["afterwards"] = {refusalOf([&] { Client(two()).connection().readyIn("brief"); })};
        const std::string redelivered = clean ? "" : " redelivered";
        compare(seen, {{consumerPlace("c", 0, "q"), {"p.1", "cancelled"}},
                       {producerPlace("p"),
                        {"p.1 confirmed", "p.2 confirmed", "p.3 confirmed", "p.4 confirmed",
                         "p.5 confirmed", "p.6 returned confirmed", "p.7 returned confirmed"}},
                       {"declared again", {"NOT_FOUND", "NOT_FOUND"}},
                       {"afterwards", {"NOT_FOUND"}},
                       {queuePlace("q"), {"p.1 redelivered", "p.2" + redelivered}}});
    }

    void aQuorumQueueWaitsForAMajority() {
        Observed seen;
        Client(one()).connection().declareQueue("q", true, quorum);
        Producer p(one(), "p");
        p.publishAndHear("q");
        p.publishAndHear("q", false);
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
        compare(seen, {{consumerPlace("c", 0, "q"), {"p.1", "p.2", "p.3"}},
                       {producerPlace("p"), {"p.1 confirmed", "p.2 confirmed", "p.3 confirmed"}}});
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
            return text.find("NOT_FOUND") == std::string::npos ? text : "NOT_FOUND";
        }
    }

    /// What is left in a queue, until nothing is.
    static void readAll(Client& client, const std::string& queue, Observed& seen) {
        while (const auto got = client.connection().get(queue)) {
            seen[queuePlace(queue)].push_back(
                describeDelivery(got->content.messageId, got->redelivered, got->content.returns()));
        }
    }

    static void compare(const Observed& seen, const Observed& expected) {
        const std::string differs = difference(seen, expected);
        QVERIFY2(differs.empty(), differs.c_str());
    }

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
    say("A RabbitMQ cluster of its own, started within " + std::to_string(timer.elapsed()) + " ms.");
    TestRabbitmqCluster test(std::move(cluster));
    return QTest::qExec(&test, argc, argv);
}

#include "tst_rabbitmq_cluster.moc"
