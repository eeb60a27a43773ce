#include "app/management.h"
#include "sim/interop/rabbitmq_definitions.h"
#include "sim/interop/rabbitmq_export.h"
#include "sim/scenario/json.h"
#include "tests/conformance/rabbitmq/broker_process.h"
#include "tests/conformance/rabbitmq/cases.h"
#include "tests/conformance/rabbitmq/company.h"
#include "tests/conformance/rabbitmq/topologies.h"
#include "tests/support/situation.h"
#include "tests/support/topology_of.h"

#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QTest>

#include <cstdio>
#include <curl/curl.h>
#include <mutex>

using namespace conformance;
using namespace std::chrono_literals;

namespace {

/// What ctest takes for "skipped": see SKIP_RETURN_CODE.
constexpr int skipped = 77;

void say(const std::string& text) { std::fprintf(stderr, "%s\n", text.c_str()); }

std::size_t append(const char* bytes, std::size_t size, std::size_t count, void* to) {
    static_cast<std::string*>(to)->append(bytes, size * count);
    return size * count;
}

/// POST /api/definitions. Returns the status, and what was answered behind it.
std::string take(const std::string& address, const std::string& definitions) {
    CURL* transfer = curl_easy_init();
    curl_slist* headers = curl_slist_append(nullptr, "content-type: application/json");
    std::string answer;
    curl_easy_setopt(transfer, CURLOPT_URL, (address + "/api/definitions").c_str());
    curl_easy_setopt(transfer, CURLOPT_USERNAME, BrokerProcess::user);
    curl_easy_setopt(transfer, CURLOPT_PASSWORD, BrokerProcess::user);
    curl_easy_setopt(transfer, CURLOPT_PROXY, "");
    curl_easy_setopt(transfer, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(transfer, CURLOPT_TIMEOUT, 30L);
    curl_easy_setopt(transfer, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(transfer, CURLOPT_POSTFIELDS, definitions.c_str());
    curl_easy_setopt(transfer, CURLOPT_WRITEFUNCTION, &append);
    curl_easy_setopt(transfer, CURLOPT_WRITEDATA, &answer);
    const CURLcode code = curl_easy_perform(transfer);
    long status = 0;
    curl_easy_getinfo(transfer, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    curl_easy_cleanup(transfer);
    return code == CURLE_OK ? std::to_string(status) + " " + answer : curl_easy_strerror(code);
}

std::string textOf(const sim::Problems& problems) {
    std::string text;
    for (const sim::Problem& problem : problems) {
        text += problem.where + ": " + problem.what + "\n";
    }
    return text;
}

/// The scenario, as the virtual host `vhost`.
sim::Scenario inVhost(sim::Scenario scenario, const std::string& vhost) {
    for (sim::ComponentEntry& entry : scenario.components) {
        if (auto* broker = std::get_if<sim::BrokerSpec>(&entry.spec)) {
            broker->vhost = vhost;
            return scenario;
        }
    }
    sim::BrokerSpec broker;
    broker.vhost = vhost;
    scenario.components.push_back({"the broker", broker, {}});
    return scenario;
}

/// Exchanges, queues, bindings and policies that one virtual host has; none where it has nothing.
std::multiset<std::string> topologyIn(const std::string& definitions, const std::string& vhost) {
    auto made = sim::importRabbitmq(definitions, {.vhost = vhost});
    if (!made) {
        return {};
    }
    for (sim::ComponentEntry& entry : made->scenario.components) {
        if (auto* broker = std::get_if<sim::BrokerSpec>(&entry.spec)) {
            broker->definitions.clear(); // those of the whole cluster among them
            broker->version = {};
        }
    }
    return sim::topologyOf(made->scenario);
}

std::string onlyIn(const std::multiset<std::string>& one, const std::multiset<std::string>& other) {
    std::string text;
    for (const std::string& thing : one) {
        text += other.contains(thing) ? "" : thing;
    }
    return text;
}

} // namespace

/// Definitions files and a real broker, Debian's rabbitmq-server 3.10, through its management
/// interface: it takes ours, and has and does what they say; we take what it exports.
class TestBrokerDefinitions : public QObject {
    Q_OBJECT

public:
    TestBrokerDefinitions(std::uint16_t port, std::string address)
        : m_address(std::move(address))
        , m_company(port) {}

private slots:
    void anExportHasTheSameTopologyAndRoutesTheSame() {
        constexpr std::size_t count = 60;
        const auto wrong = m_company.forEach(count, [&](Player& player, std::size_t number) {
            const std::string text = judge(player, inVhost(topology(number + 1), player.vhost()));
            return text.empty() ? text : "seed " + std::to_string(number + 1) + ": " + text;
        });
        for (const std::string& text : wrong) {
            say(text);
        }
        QVERIFY(wrong.empty());
        say("Taken by the broker, and equal on both: " + std::to_string(count) + " topologies, " +
            std::to_string(m_whole) + " exports without a binding left out.");
    }

    void queuesOfAnExportHaveTheirArguments() {
        const std::vector<Case> cases = drawnCases(sim::QueueType::Classic, 1, 30);
        const auto wrong = m_company.forEach(cases.size(), [&](Player& player, std::size_t number) {
            const sim::Scenario scenario = inVhost(cases[number].scenario(60ms), player.vhost());
            return taken(player, scenario);
        });
        for (const std::string& text : wrong) {
            say(text);
        }
        QVERIFY(wrong.empty());
    }

    /// What a broker of today has and this one has not is refused by it, the rest is taken.
    void whatItExportsComesInAndGoesOutAgain() {
        const std::string vhost = Company::vhosts().front();
        const auto before = exported();
        const auto made = sim::importRabbitmq(*before);
        QVERIFY(!made); // nothing is in there yet, and it says so
        sim::Situation situation;
        sim::QueueSpec queue;
        queue.expires = 1h;
        queue.maxLength = 5;
        situation.exchange("x", sim::ExchangeType::Headers).queue("q", queue);
        situation.bind("x", "q", "", {{"x-match", std::string("any")}, {"n", 1.5}, {"b", true}});
        sim::Scenario scenario = inVhost(situation.scenario, vhost);
        auto& broker = std::get<sim::BrokerSpec>(
            std::ranges::find_if(scenario.components, [](const sim::ComponentEntry& entry) {
                return std::holds_alternative<sim::BrokerSpec>(entry.spec);
            })->spec);
        sim::PolicySpec policy;
        policy.name = "cap";
        policy.maxLength = 7;
        policy.otherKeys = {{"queue-mode", {std::string("lazy")}}};
        sim::PolicySpec limit;
        limit.name = "limit";
        limit.isOperator = true;
        limit.expires = 2h;
        broker.policies = {policy, limit};
        const auto ours = sim::exportRabbitmq(scenario);
        QVERIFY(ours);
        QCOMPARE(QString::fromStdString(take(m_address, ours->json)), QString("204 "));
        const auto theirs = exported();
        QVERIFY(topologyIn(*theirs, vhost) == topologyIn(ours->json, vhost));
        const auto came = sim::importRabbitmq(*theirs);
        QVERIFY2(came, came ? "" : textOf(came.error()).c_str());
        const auto again = sim::exportRabbitmq(came->scenario);
        QVERIFY(again);
        QCOMPARE(QString::fromStdString(take(m_address, again->json)), QString("204 "));
        QVERIFY(sim::importRabbitmq(again->json)->scenario == came->scenario);
        clear(vhost, {"q"}, {"x"});
    }

    /// T60: what comes before the binding is there. This broker says nothing and skips the binding;
    /// a newer one ends the import with an error.
    void t60ABindingToAMissingQueueIsNotMade() {
        const std::string vhost = Company::vhosts().front();
        const std::string answer = take(m_address, R"({"exchanges": [
            {"name": "x", "vhost": ")" + vhost + R"(", "type": "fanout", "durable": true,
             "auto_delete": false, "internal": false, "arguments": {}}],
            "bindings": [{"source": "x", "vhost": ")" + vhost +
                                                       R"(", "destination": "none",
             "destination_type": "queue", "routing_key": "", "arguments": {}}]})");
        QVERIFY2(answer == "204 " || answer.starts_with("400"), answer.c_str());
        const auto left = sim::importRabbitmq(*exported(), {.vhost = vhost});
        QVERIFY(left);
        QVERIFY(std::ranges::find(left->scenario.components, "x", &sim::ComponentEntry::id) !=
                left->scenario.components.end());
        QVERIFY(std::ranges::none_of(left->scenario.links, [](const sim::LinkSpec& link) {
            return std::holds_alternative<sim::BindingLink>(link);
        }));
        clear(vhost, {}, {"x"});
    }

    /// T61: an export that says otherwise is taken without an error, and changes nothing.
    void t61AQueueThatIsThereStaysAsItIs() {
        const std::string vhost = Company::vhosts().back(); // without policies of other tests
        const auto withLength = [&](std::uint64_t length) {
            sim::Situation situation;
            sim::QueueSpec queue;
            queue.maxLength = length;
            situation.queue("q", queue).version(sim::RabbitmqVersion::V3_13); // as the broker
            return sim::exportRabbitmq(inVhost(situation.scenario, vhost))->json;
        };
        QCOMPARE(QString::fromStdString(take(m_address, withLength(3))), QString("204 "));
        const auto before = topologyIn(*exported(), vhost);
        QCOMPARE(QString::fromStdString(take(m_address, withLength(8))), QString("204 "));
        QVERIFY(topologyIn(*exported(), vhost) == before);
        const auto ours = topologyIn(withLength(3), vhost);
        QVERIFY2(before == ours, ("only in the broker: " + onlyIn(before, ours) + "\nonly in ours: " + onlyIn(ours, before)).c_str());
        clear(vhost, {"q"}, {});
    }

    void aWrongPasswordIsRefused() {
        const auto refused = app::fetchDefinitions(m_address, {BrokerProcess::user, "wrong"}, 30s);
        QVERIFY(!refused);
        QVERIFY(refused.error().front().what.find("refuses this user") != std::string::npos);
    }

private:
    sim::Result<std::string> exported() const {
        return app::fetchDefinitions(m_address, {BrokerProcess::user, BrokerProcess::user}, 30s);
    }

    void clear(const std::string& vhost, const std::vector<std::string>& queues,
               const std::vector<std::string>& exchanges) {
        Connection connection(m_company.port(), vhost);
        for (const std::string& queue : queues) {
            connection.deleteQueue(queue);
        }
        for (const std::string& exchange : exchanges) {
            connection.deleteExchange(exchange);
        }
    }

    /// Whether the broker takes the export and then has what it says; what the player declares
    /// besides has to be equal.
    std::string taken(Player& player, const sim::Scenario& scenario) {
        const std::lock_guard lock(m_oneAtATime);
        const auto ours = sim::exportRabbitmq(scenario);
        if (!ours) {
            return textOf(ours.error());
        }
        const bool isWhole = std::ranges::none_of(ours->leftOut, [](const sim::LeftOut& entry) {
            return entry.what.starts_with("binding");
        });
        m_whole += isWhole ? 1 : 0;
        const std::string answer = take(m_address, ours->json);
        if (answer != "204 ") {
            return "it answers " + answer + " to\n" + ours->json;
        }
        const auto theirs = exported();
        if (!theirs) {
            return textOf(theirs.error());
        }
        const auto expected = topologyIn(ours->json, player.vhost());
        const auto there = topologyIn(*theirs, player.vhost());
        player.cleanUp(scenario);
        return expected == there
                   ? ""
                   : "we said:\n" + onlyIn(expected, there) + "it has:\n" + onlyIn(there, expected);
    }

    std::string judge(Player& player, const sim::Scenario& scenario) {
        std::string wrong = taken(player, scenario);
        if (!wrong.empty()) {
            return wrong;
        }
        {
            const std::lock_guard lock(m_oneAtATime);
            take(m_address, sim::exportRabbitmq(scenario)->json);
        }
        return difference(unordered(player.play(scenario)), unordered(simulated(scenario)));
    }

    std::string m_address;
    Company m_company;
    std::size_t m_whole = 0;
    std::mutex m_oneAtATime; ///< imports, here (layOut()) and by the broker
};

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const QString folder = BROKER_FOLDER;
    std::string why = "it could not be unpacked";
    const auto broker =
        unpackBroker(folder)
            ? BrokerProcess::start(folder + "/root", Company::vhosts(), why, Management::On)
            : nullptr;
    if (broker == nullptr) {
        say("SKIPPED: NOTHING WAS COMPARED WITH A REAL BROKER. There is no RabbitMQ here: " + why);
        return skipped;
    }
    say("A RabbitMQ broker of its own, its management interface at " + broker->management() + ".");
    TestBrokerDefinitions test(broker->port(), broker->management());
    return QTest::qExec(&test, argc, argv);
}

#include "tst_broker_definitions.moc"
