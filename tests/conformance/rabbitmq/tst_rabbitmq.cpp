#include "tests/conformance/rabbitmq/broker_process.h"
#include "tests/conformance/rabbitmq/cases.h"
#include "tests/conformance/rabbitmq/company.h"
#include "tests/conformance/rabbitmq/comparison.h"
#include "tests/conformance/rabbitmq/stage.h"
#include "tests/conformance/rabbitmq/topologies.h"
#include "tests/support/situation.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <cstdio>
#include <set>

using namespace conformance;
using namespace std::chrono_literals;

namespace {

/// What ctest takes for "skipped": see SKIP_RETURN_CODE.
constexpr int skipped = 77;
/// As long as a broker may take for what it does by itself, in milliseconds.
constexpr int patience = 30'000;

void say(const std::string& text) { std::fprintf(stderr, "%s\n", text.c_str()); }

void sayEqual(const char* what, std::size_t count) {
    std::fprintf(stderr, "Equal on both: %zu %s.\n", count, what);
}

/// Where the seeds begin: MILLRACE_CONFORMANCE_SEED, to look further than every run does.
std::uint64_t firstSeed() {
    return qEnvironmentVariable("MILLRACE_CONFORMANCE_SEED", "1").toULongLong();
}

/// What of these places differs, at every pace, from what is expected; empty: nothing.
std::string differs(Player& player, const std::function<sim::Scenario(sim::Duration)>& scenario,
                    const Observed& expected, const std::vector<std::string>& places) {
    std::string differs;
    for (const sim::Duration tick : paces) {
        const Observed seen = player.play(scenario(tick));
        Observed there;
        Observed wanted;
        for (const std::string& place : places) {
            there[place] = seen.at(place);
            wanted[place] = expected.at(place);
        }
        differs = difference(there, wanted);
        if (differs.empty()) {
            return {};
        }
    }
    return differs;
}

/// Whether nothing is wrong; all that is, is said.
bool nothingIn(const std::vector<std::string>& wrong) {
    for (const std::string& text : wrong) {
        say(text);
    }
    return wrong.empty();
}

} // namespace

/// The simulator beside a real broker, Debian's rabbitmq-server 3.10: the same scenarios on both,
/// and what is seen must be equal. Which instants things happen at is not compared, only their
/// order. The simulated broker is of the profile 3.13, the nearest one.
///
/// A quorum queue works some milliseconds after it was told, so its cases leave a tick between what
/// does not follow from each other. Left out for that: a burst of publishes to a quorum queue that
/// becomes full, because how many come in before their channel is told is the machine's affair, and
/// how commands are put together in batches.
///
/// Left out, because no scenario can say it: basic.get and basic.recover of clients, queues that are
/// purged, settling a delivery twice, exclusive consumers, connections with several channels that
/// fail alone. Left out, because players do not play it: a prefetch for a whole channel, crashes of
/// producers, faults of links, consumers that republish, acknowledgements with `multiple`, hosts that
/// vanish, publishes to an exchange that is gone. TestRabbitmqRestart restarts the broker.
class TestRabbitmq : public QObject {
    Q_OBJECT

public:
    explicit TestRabbitmq(std::uint16_t port) : m_port(port), m_company(port) {}

private slots:
    void messagesReachTheSameQueues() {
        constexpr std::size_t count = 400;
        const auto wrong = m_company.forEach(count, [](Player& player, std::size_t number) {
            const std::uint64_t seed = firstSeed() + number;
            const auto differs = [&](const sim::Scenario& scenario) {
                const auto oneMore = [&](sim::Duration) {
                    return !difference(unordered(player.play(scenario)),
                                       unordered(simulated(scenario)))
                                .empty();
                };
                return std::ranges::all_of(paces, oneMore); // its order is nobody's at any pace
            };
            const sim::Scenario drawn = topology(seed);
            if (!differs(drawn)) {
                return std::string();
            }
            const sim::Scenario least = shrunk(drawn, differs);
            return "seed " + std::to_string(seed) + ", the smallest topology that differs:\n" +
                   describe(least) +
                   difference(unordered(player.play(least)), unordered(simulated(least)));
        });
        QVERIFY(nothingIn(wrong));
        sayEqual("topologies", count);
    }

    void queuesBehaveAlike_data() {
        QTest::addColumn<std::vector<Case>>("cases");
        QTest::addColumn<bool>("drawn");
        QTest::newRow("classic, scripted") << scriptedCases() << false;
        QTest::newRow("quorum, scripted") << quorumCases() << false;
        for (const auto& [name, type] : {std::pair("classic", sim::QueueType::Classic),
                                         std::pair("quorum", sim::QueueType::Quorum)}) {
            const std::string start = name;
            const std::size_t count = type == sim::QueueType::Classic ? 200 : 100;
            QTest::newRow((start + ", cancelled").c_str()) << cancelCases(type) << false;
            QTest::newRow((start + ", lifetimes").c_str()) << lifetimeCases(type) << false;
            QTest::newRow((start + ", drawn").c_str())
                << drawnCases(type, firstSeed(), count) << true;
        }
    }
    void queuesBehaveAlike() {
        QFETCH(std::vector<Case>, cases);
        QFETCH(bool, drawn);
        const auto wrong = m_company.forEach(cases.size(), [&](Player& player, std::size_t number) {
            const Play play = [&](const sim::Scenario& scenario) { return player.play(scenario); };
            return drawn ? compareAndShrink(play, cases[number]) : compare(play, cases[number]);
        });
        QVERIFY(nothingIn(wrong));
        sayEqual("cases of queues", cases.size());
    }

    /// Brokers of 3.13 and later, which the simulator follows, tell 1 from 1.0; before, a headers
    /// exchange took them for equal. Where this fails, the broker is a newer one, and the
    /// topologies may have such numbers again.
    void numbersOfTwoTypesAreEqualToThisBrokerAlone() {
        sim::Situation situation;
        situation.version(profile).queue("q").exchange("x", sim::ExchangeType::Headers);
        situation.bind("x", "q", "", {{"k", std::int64_t{1}}});
        sim::Situation::Entry entry;
        entry.headers = {{"k", 1.0}};
        sim::ProducerSpec spec;
        spec.confirms = sim::ConfirmSpec{};
        situation.script("p", "x", {entry}, spec);
        situation.scenario.duration = 1s;
        Player player(m_port, Company::vhosts().front());
        QVERIFY(player.play(situation.scenario).contains(queuePlace("q")));
        QVERIFY(!simulated(situation.scenario).contains(queuePlace("q")));
    }

    /// A quorum queue that is full tells each channel that it knows. One that comes while the queue
    /// is between four fifths of its limit and the limit is not told, and served; the simulator
    /// refuses all until there is room.
    void whoComesLateIsServedByTheBrokerAlone() {
        QueueSpec spec = limited(5, Overflow::RejectPublish);
        spec.type = sim::QueueType::Quorum;
        const auto scenario = [&](sim::Duration tick) {
            Stage stage(tick);
            stage.queue("q", spec).from(9, "c", "q", stage.holding(1));
            stage.messages("q", {1, 2, 3, 4, 5, 6, 7, 11}).messages("q", {13});
            return stage.ended(16);
        };
        Observed simulator = simulated(scenario(paces.front()));
        QCOMPARE(simulator.at(producerPlace("p2")), std::vector<std::string>{"p2.1 refused"});
        simulator.at(producerPlace("p2")) = {"p2.1 confirmed"};
        Player player(m_port, Company::vhosts().front());
        QCOMPARE(differs(player, scenario, simulator, {producerPlace("p1"), producerPlace("p2")}),
                 std::string());
    }

    /// A basic.consume after a basic.cancel makes another consumer, with a prefetch of its own,
    /// whatever is still out.
    void whoConsumesAgainHasItsWholePrefetch() {
        const auto scenario = [](sim::Duration tick) {
            Stage stage(tick);
            stage.queue("q").consumer("c", "q", stage.holding(2)).messages("q", {0, 0, 0, 0, 0});
            return stage.cancelAt(2, "c", 4).ended(6);
        };
        Player player(m_port, Company::vhosts().front());
        const std::string place = consumerPlace("c", 0, "q");
        const Observed simulator = simulated(scenario(paces.front()));
        QCOMPARE(simulator.at(place).size(), std::size_t{4});
        QCOMPARE(differs(player, scenario, simulator, {place}), std::string());
    }

    /// The same by the simulator: T70 of TestVectors.
    void whatADeletedQueueHadIsConfirmed_data() {
        QTest::addColumn<sim::Table>("arguments");
        QTest::newRow("classic") << sim::Table{};
        QTest::newRow("quorum") << sim::Table{{"x-queue-type", std::string("quorum")}};
    }
    void whatADeletedQueueHadIsConfirmed() {
        QFETCH(sim::Table, arguments);
        constexpr std::uint16_t channel = 2;
        constexpr std::uint64_t count = 300;
        Connection connection(m_port, Company::vhosts().front());
        connection.declareQueue("q", true, arguments);
        connection.openChannel(channel);
        connection.selectConfirms(channel);
        for (std::uint64_t i = 0; i < count; ++i) {
            connection.publish(channel, "", "q", false, {.messageId = "m", .persistent = true});
        }
        connection.deleteQueue("q");
        std::set<std::uint64_t> confirmed;
        while (confirmed.size() < count) {
            const auto incoming = connection.next(30s);
            QVERIFY(incoming);
            const auto* confirmation = std::get_if<Confirmation>(&*incoming);
            QVERIFY(confirmation != nullptr && confirmation->positive);
            for (auto tag = confirmation->multiple ? 1 : confirmation->tag;
                 tag <= confirmation->tag; ++tag) {
                confirmed.insert(tag);
            }
        }
    }

    /// Others may publish to it. That it goes with its connection is among the lifetimes.
    void anExclusiveQueueIsLockedToOthers() {
        const std::string vhost = Company::vhosts().front();
        const auto refusal = [&] {
            try {
                Connection(m_port, vhost).readyIn("mine");
                return std::string();
            } catch (const std::runtime_error& problem) {
                return std::string(problem.what());
            }
        };
        Connection owner(m_port, vhost);
        owner.declareQueue("mine", true, {}, {.exclusive = true});
        QVERIFY2(refusal().find("RESOURCE_LOCKED") != std::string::npos, refusal().c_str());
        Connection(m_port, vhost).publish(1, "", "mine", false, Content{.messageId = "m"});
        QTRY_COMPARE_WITH_TIMEOUT(owner.readyIn("mine"), std::size_t{1}, patience);
        owner.cut();
        QTRY_VERIFY_WITH_TIMEOUT(refusal().find("NOT_FOUND") != std::string::npos, patience);
    }

    /// Brokers of 3.13 and later list the deaths of a message with the latest first, as documented;
    /// before, those behind the first changed places with each death. Where this fails, the broker
    /// is a newer one, and the order of all of them can be compared.
    void earlierDeathsChangePlacesInThisBrokerAlone() {
        const std::string empty;
        const auto dying = [&](const char* how, const char* next) {
            return sim::Table{{how, std::int64_t{0}},
                              {"x-dead-letter-exchange", empty},
                              {"x-dead-letter-routing-key", std::string(next)}};
        };
        Connection connection(m_port, Company::vhosts().front());
        connection.declareQueue("one", false, dying("x-max-length", "two"));
        connection.declareQueue("two", false, dying("x-message-ttl", "three"));
        connection.declareQueue("three", false, dying("x-message-ttl", "last"));
        connection.declareQueue("last", false, {});
        connection.publish(1, "", "one", false, Content{.messageId = "m"});
        std::optional<Delivery> last;
        QTRY_VERIFY_WITH_TIMEOUT(last || (last = connection.get("last")), patience);
        std::vector<std::string> order;
        for (const DeathNote& note : last->content.deaths) {
            order.push_back(note.queue);
        }
        QVERIFY((order == std::vector<std::string>{"three", "one", "two"}));
        for (const char* queue : {"one", "two", "three", "last"}) {
            connection.deleteQueue(queue);
        }
    }

private:
    std::uint16_t m_port;
    Company m_company;
};

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    const QString folder = BROKER_FOLDER;
    std::string why = "it could not be unpacked";
    QElapsedTimer timer;
    timer.start();
    const auto broker = unpackBroker(folder)
                            ? BrokerProcess::start(folder + "/root", Company::vhosts(), why)
                            : nullptr;
    if (broker == nullptr) {
        say("SKIPPED: NOTHING WAS COMPARED WITH A REAL BROKER. There is no RabbitMQ here: " + why);
        return skipped;
    }
    say("A RabbitMQ broker of its own, on 127.0.0.1:" + std::to_string(broker->port()) +
        ", started within " + std::to_string(timer.elapsed()) + " ms.");
    TestRabbitmq test(broker->port());
    return QTest::qExec(&test, argc, argv);
}

#include "tst_rabbitmq.moc"
