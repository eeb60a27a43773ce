#include "sim/scenario/write.h"
#include "tests/conformance/rabbitmq/broker_process.h"
#include "tests/conformance/rabbitmq/cases.h"
#include "tests/conformance/rabbitmq/comparison.h"
#include "tests/conformance/rabbitmq/performance.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <thread>

using namespace conformance;
using namespace std::chrono_literals;

namespace {

/// What ctest takes for "skipped": see SKIP_RETURN_CODE.
constexpr int skipped = 77;
/// As many cases share a restart, each in a virtual host of its own.
constexpr std::size_t most = 64;

void say(const std::string& text) { std::fprintf(stderr, "%s\n", text.c_str()); }

std::vector<std::string> vhosts() {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < most; ++i) {
        names.push_back("restart" + std::to_string(i));
    }
    return names;
}

/// Calls `work` for each number below `count`, on several threads.
void forEachAtOnce(std::size_t count, const std::function<void(std::size_t)>& work) {
    constexpr std::size_t threads = 16;
    std::vector<std::jthread> all;
    for (std::size_t t = 0; t < threads; ++t) {
        all.emplace_back([&, t] {
            for (std::size_t i = t; i < count; i += threads) {
                work(i);
            }
        });
    }
}

/// One case on its way over the restart.
struct Played {
    explicit Played(sim::Scenario s) : scenario(std::move(s)) {}

    sim::Duration restartsAt() const {
        const auto found = std::ranges::find_if(scenario.faults, [](const sim::FaultSpec& fault) {
            return std::holds_alternative<sim::BrokerRestartFault>(fault.what);
        });
        return found->when.at;
    }

    sim::Scenario scenario;
    std::unique_ptr<Connection> connection;
    std::unique_ptr<Performance> performance;
    std::string problem; ///< what went wrong, or differs
};

} // namespace

/// A broker of its own that is restarted, by an operator or with SIGKILL, while many cases are
/// played at once: what remains is compared with the simulator. What a broker confirmed is on its
/// disk; that an acknowledgement is there nobody tells, so it gets a moment.
class TestRabbitmqRestart : public QObject {
    Q_OBJECT

public:
    explicit TestRabbitmqRestart(BrokerProcess& broker) : m_broker(broker) {}

private slots:
    void aRestartLeavesTheSame_data() {
        QTest::addColumn<bool>("clean");
        QTest::newRow("stopped") << true;
        QTest::newRow("killed") << false;
    }
    void aRestartLeavesTheSame() {
        QFETCH(bool, clean);
        std::vector<Case> cases = casesOf(clean);
        const std::size_t count = cases.size();
        QVERIFY(count <= most);
        for (const Case& played : cases) {
            const std::string close = whatIsTooClose(played.scenario(60ms), 60ms / 5);
            QVERIFY2(close.empty(), (played.name + ": " + close).c_str());
        }
        // What differs is played again with more time between things, as elsewhere.
        std::map<std::string, std::string> wrong;
        for (const auto tick : {60ms, 200ms, 500ms}) {
            wrong = differencesOf(cases, tick, clean);
            std::erase_if(cases, [&](const Case& played) { return !wrong.contains(played.name); });
            if (cases.empty()) {
                break;
            }
        }
        for (const auto& [name, text] : wrong) {
            say(name + ":\n" + text);
        }
        QVERIFY(wrong.empty());
        std::fprintf(stderr, "Equal on both: %zu cases of a restart.\n", count);
    }

private:
    static std::vector<Case> casesOf(bool clean) {
        const std::uint64_t seed = qEnvironmentVariable("MILLRACE_CONFORMANCE_SEED", "1").toULongLong();
        constexpr std::size_t drawn = 10;
        std::vector<Case> all;
        for (const sim::QueueType type : {sim::QueueType::Classic, sim::QueueType::Quorum}) {
            for (auto& cases : {restartCases(type, clean),
                                drawnRestartCases(type, seed, drawn, clean)}) {
                all.insert(all.end(), cases.begin(), cases.end());
            }
        }
        return all;
    }

    /// By name of the case, where broker and simulator differ.
    std::map<std::string, std::string> differencesOf(const std::vector<Case>& cases,
                                                     sim::Duration tick, bool clean) {
        std::vector<Played> all;
        for (const Case& played : cases) {
            all.emplace_back(played.scenario(tick));
        }
        forEachPlayed(all, [&](Played& played, const std::string& vhost) {
            played.connection = std::make_unique<Connection>(m_broker.port(), vhost);
            played.performance = std::make_unique<Performance>(*played.connection, m_broker.port(),
                                                               vhost, played.scenario);
            played.performance->begin();
            played.performance->playUntil(played.restartsAt());
        });
        restart(clean);
        forEachPlayed(all, [&](Played& played, const std::string& vhost) {
            played.connection->cut();
            played.performance->loseBroker();
            played.connection = std::make_unique<Connection>(m_broker.port(), vhost);
            played.performance->findBroker(*played.connection, m_broker.port());
            played.performance->playUntil(played.scenario.duration);
            const Observed seen = played.performance->end();
            played.performance->cleanUp();
            played.problem = difference(seen, simulated(played.scenario));
        });
        std::map<std::string, std::string> wrong;
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (!all[i].problem.empty()) {
                wrong[cases[i].name] = all[i].problem + sim::writeScenario(all[i].scenario);
            }
        }
        return wrong;
    }

    /// Goes on with each that has no problem yet.
    static void forEachPlayed(std::vector<Played>& all,
                              const std::function<void(Played&, const std::string&)>& goOn) {
        const std::vector<std::string> names = vhosts();
        forEachAtOnce(all.size(), [&](std::size_t i) {
            try {
                if (all[i].problem.empty()) {
                    goOn(all[i], names[i]);
                }
            } catch (const std::exception& problem) {
                all[i].problem = std::string(problem.what()) + "\n";
            }
        });
    }

    void restart(bool clean) {
        QTest::qWait(1000);
        clean ? m_broker.stop() : m_broker.kill();
        m_broker.startAgain();
        std::string why;
        if (!m_broker.isReady(why)) {
            throw std::runtime_error("the broker does not come back: " + why);
        }
    }

    BrokerProcess& m_broker;
};

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    const QString folder = BROKER_FOLDER;
    std::string why = "it could not be unpacked";
    QElapsedTimer timer;
    timer.start();
    const auto broker =
        unpackBroker(folder) ? BrokerProcess::start(folder + "/root", vhosts(), why) : nullptr;
    if (broker == nullptr) {
        say("SKIPPED: NOTHING WAS COMPARED WITH A REAL BROKER. There is no RabbitMQ here: " + why);
        return skipped;
    }
    say("A RabbitMQ broker to restart, started within " + std::to_string(timer.elapsed()) + " ms.");
    TestRabbitmqRestart test(*broker);
    return QTest::qExec(&test, argc, argv);
}

#include "tst_rabbitmq_restart.moc"
