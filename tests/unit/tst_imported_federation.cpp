#include "sim/interop/rabbitmq_export.h"
#include "sim/run/run.h"
#include "sim/scenario/validate.h"
#include "sim/scenario/write.h"
#include "tests/support/imported.h"

#include <QTest>

#include <algorithm>

using namespace sim;

namespace {

/// The virtual hosts "/" and "west" of the cluster c1, each with the exchange "events" and the
/// queue "jobs"; in "west" these parameters and policies, where ~ stands for two slashes: moc takes
/// those for a comment.
std::string fileWith(const std::string& parameters, const std::string& policies,
                     const std::string& more = "") {
    const std::string text = R"({"vhosts": [{"name": "/"}, {"name": "west"}],
        "global_parameters": [{"name": "cluster_name", "value": "c1"}],
        "exchanges": [{"name": "events", "vhost": "/", "type": "topic"},
                      {"name": "events", "vhost": "west", "type": "topic"}],
        "queues": [{"name": "jobs", "vhost": "/"}, {"name": "jobs", "vhost": "west"},
                   {"name": "handled", "vhost": "west"})" +
                             more + R"(],
        "bindings": [{"source": "events", "vhost": "west", "destination": "handled",
                      "destination_type": "queue", "routing_key": "order.#"}],
        "parameters": [)" + parameters +
                             R"(], "policies": [)" + policies + "]}";
    return QString::fromStdString(text).replace('~', "//").toStdString();
}

std::string upstream(const std::string& name, const std::string& settings,
                     const std::string& vhost = "west") {
    return R"({"vhost": ")" + vhost + R"(", "component": "federation-upstream", "name": ")" + name +
           R"(", "value": {)" + settings + "}}";
}

std::string policy(const std::string& pattern, const std::string& definition,
                   const std::string& vhost = "west") {
    return R"({"vhost": ")" + vhost + R"(", "name": "fed", "pattern": ")" + pattern +
           R"(", "apply-to": "all", "priority": 0, "definition": {)" + definition + "}}";
}

const std::string here = R"("uri": "amqp:~")";
const std::string byUp = R"("federation-upstream": "up")";

template <typename Spec> const Spec* find(const Scenario& scenario, std::string_view id) {
    const auto found = std::ranges::find(scenario.components, id, &ComponentEntry::id);
    return found == scenario.components.end() ? nullptr : std::get_if<Spec>(&found->spec);
}

std::string forwarders(const Scenario& scenario) {
    std::string text;
    for (const ComponentEntry& entry : scenario.components) {
        const auto* consumer = std::get_if<ConsumerSpec>(&entry.spec);
        if (consumer != nullptr && consumer->forward) {
            text += (text.empty() ? "" : ", ") + entry.id;
        }
    }
    return text;
}

std::string whyLeftOut(const Imported& from, const std::string& what) {
    for (const LeftOut& entry : from.leftOut) {
        if (entry.what == what) {
            return entry.why;
        }
    }
    return {};
}

/// An export of it leads to the same scenario, and has the same text again.
void comesBackTheSame(const Imported& made) {
    const auto text = exportRabbitmq(made.scenario);
    QVERIFY(text);
    const Imported again = imported(text->json);
    QCOMPARE(writeScenario(again.scenario), writeScenario(made.scenario));
    QCOMPARE(exportRabbitmq(again.scenario)->json, text->json);
}

} // namespace

/// https://www.rabbitmq.com/docs/federation-reference,
/// https://www.rabbitmq.com/docs/federated-exchanges
class TestImportedFederation : public QObject {
    Q_OBJECT

private slots:
    void aFederatedExchangeHasAQueueInItsUpstream() {
        const Imported made = imported(fileWith(
            upstream("up",
                     here + R"(, "ack-mode": "on-publish", "prefetch-count": 50, "max-hops": 2,
                "reconnect-delay": 3, "expires": 3600000, "message-ttl": 60000,
                "queue-type": "quorum")"),
            policy("^events$", byUp)));
        const std::string id = "federation: events -> c1:west:events";
        const auto* queue = find<QueueSpec>(made.scenario, id);
        QVERIFY(queue != nullptr);
        QCOMPARE(queue->broker, std::string("/"));
        QVERIFY(queue->type == QueueType::Quorum);
        QVERIFY(queue->durable);
        QVERIFY(queue->expires == 1h);
        QVERIFY(queue->messageTtl == 1min);
        const auto* link = find<ConsumerSpec>(made.scenario, "events from up");
        QVERIFY(link != nullptr);
        QCOMPARE(link->forward->ackMode, ForwardAck::OnPublish);
        QVERIFY(link->forward->reconnectDelay == 3s);
        QCOMPARE(link->forward->maxHops.value_or(0), 2u);
        QVERIFY(!link->forward->onDemand);
        QCOMPARE(link->prefetch, 50u);
        QCOMPARE(linksOf(made.scenario, id),
                 "events>" + id + " order.#, " + id + ">events from up");
        QCOMPARE(linksOf(made.scenario, "events from up"),
                 id + ">events from up, events from up>events-2");
        QCOMPARE(problemsOf(validate(made.scenario)), std::string());
        QCOMPARE(whyLeftOut(made, "federation-upstream: up"), std::string());
        QVERIFY(runScenario(made.scenario).verdicts[0].state != Verdict::State::Violated);
    }

    void whatIsNotSaidIsAsInABroker() {
        const Imported made = imported(fileWith(upstream("up", here), policy("^events$", byUp)));
        const auto* link = find<ConsumerSpec>(made.scenario, "events from up");
        QCOMPARE(link->forward->ackMode, ForwardAck::OnConfirm);
        QVERIFY(link->forward->reconnectDelay == 5s);
        QCOMPARE(link->forward->maxHops.value_or(0), 1u);
        QCOMPARE(link->prefetch, 0u);
        const auto* queue = find<QueueSpec>(made.scenario, "federation: events -> c1:west:events");
        QVERIFY(queue->type == QueueType::Classic);
        QVERIFY(!queue->expires && !queue->messageTtl);
    }

    void aFederatedQueuePullsOnDemand() {
        const Imported made = imported(fileWith(
            upstream("up", here + R"(, "max-hops": 4, "queue": "jobs")"), policy("^jobs$", byUp)));
        QCOMPARE(forwarders(made.scenario), std::string("jobs from up"));
        const auto* link = find<ConsumerSpec>(made.scenario, "jobs from up");
        QVERIFY(link->forward->onDemand);
        QVERIFY(!link->forward->maxHops);
        QCOMPARE(linksOf(made.scenario, "jobs from up"),
                 std::string("jobs>jobs from up, jobs from up>jobs-2"));
        // Published there, handled here.
        QCOMPARE(linksOf(made.scenario, "jobs-consumer"), std::string());
        QCOMPARE(linksOf(made.scenario, "jobs-2-producer"), std::string());
        QCOMPARE(linksOf(made.scenario, "jobs-2-consumer"), std::string("jobs-2>jobs-2-consumer"));
        QCOMPARE(problemsOf(validate(made.scenario)), std::string());
        QVERIFY(runScenario(made.scenario).verdicts[0].state != Verdict::State::Violated);
        comesBackTheSame(made);
    }

    void upstreamsCanBeASetOrAllOrFoundByAPattern_data() {
        QTest::addColumn<std::string>("definition");
        QTest::addColumn<std::string>("links");
        const auto row = [](const char* name, const char* definition, const char* links) {
            QTest::newRow(name) << std::string(definition) << std::string(links);
        };
        row("one", R"("federation-upstream": "down")", "events from down");
        row("a set", R"("federation-upstream-set": "some")", "events from up");
        row("all", R"("federation-upstream-set": "all")", "events from down, events from up");
        row("a pattern", R"("federation-upstream-pattern": "^u")", "events from up");
    }
    void upstreamsCanBeASetOrAllOrFoundByAPattern() {
        QFETCH(std::string, definition);
        QFETCH(std::string, links);
        const Imported made = imported(fileWith(
            upstream("up", here) + ", " + upstream("down", here + R"(, "exchange": "amq.topic")") +
                R"(, {"vhost": "west", "component": "federation-upstream-set", "name": "some",
                      "value": [{"upstream": "up", "max-hops": 3}]},
                    {"vhost": "/", "component": "federation-upstream", "name": "u-2", "value": {}})",
            policy("^events$", definition),
            R"(, {"name": "log", "vhost": "/", "arguments": {"x-dead-letter-exchange": "amq.topic"}})"));
        QCOMPARE(forwarders(made.scenario), links);
        if (const auto* link = find<ConsumerSpec>(made.scenario, "events from up")) {
            const bool isOfSet = definition.find("some") != std::string::npos;
            QCOMPARE(link->forward->maxHops.value_or(0), isOfSet ? 3u : 1u);
        }
    }

    /// The broker of the file makes queue and link by itself, from what is kept of the file.
    void anExportHasNeitherQueueNorLink() {
        const Imported made = imported(
            fileWith(upstream("up", here + R"(, "expires": 1000)"), policy("^events$", byUp)));
        const std::string text = exportRabbitmq(made.scenario)->json;
        QCOMPARE(text.find("federation: "), std::string::npos);
        QVERIFY(text.find("\"federation-upstream\"") != std::string::npos);
        comesBackTheSame(made);
    }

    /// A broker of that file has exported the queue of the link too.
    void aQueueOfTheLinkInTheFileIsMadeAnew() {
        const Imported made =
            imported(fileWith(upstream("up", here), policy("^events$", byUp),
                              R"(, {"name": "federation: events -> c1:west:events", "vhost": "/",
                  "arguments": {"x-internal-purpose": "federation", "x-expires": 5}})"));
        const auto* queue = find<QueueSpec>(made.scenario, "federation: events -> c1:west:events");
        QVERIFY(queue != nullptr && !queue->expires);
        comesBackTheSame(made);
    }

    /// a <- b <- c: what c is bound with goes as far up as the hops allow.
    void bindingsTravelAsFarAsMessages_data() {
        QTest::addColumn<int>("hops");
        QTest::addColumn<std::string>("links");
        const std::string queue = "federation: x -> cluster:b:x";
        QTest::newRow("one hop") << 1 << queue + ">x from up";
        QTest::newRow("two hops") << 2 << "x>" + queue + " k, " + queue + ">x from up";
    }
    void bindingsTravelAsFarAsMessages() {
        QFETCH(int, hops);
        QFETCH(std::string, links);
        const std::string hopsText = R"(, "max-hops": )" + std::to_string(hops);
        std::string text = R"({"exchanges": [)";
        for (const char* vhost : {"a", "b", "c"}) {
            const QString exchange = R"({"name": "x", "type": "topic", "vhost": "%1"})";
            text += (*vhost == 'a' ? "" : ", ") + exchange.arg(vhost).toStdString();
        }
        text += R"(], "queues": [{"name": "q", "vhost": "c"}], "bindings": [{"source": "x",
            "vhost": "c", "destination": "q", "destination_type": "queue", "routing_key": "k"}],
            "parameters": [)" +
                upstream("up", R"("uri": "amqp:~/a")" + hopsText, "b") + ", " +
                upstream("up", R"("uri": "amqp:~/b")" + hopsText, "c") + R"(], "policies": [)" +
                policy("x", byUp, "b") + ", " + policy("x", byUp, "c") + "]}";
        const Imported made =
            imported(QString::fromStdString(text).replace('~', "//").toStdString());
        QVERIFY2(linksOf(made.scenario, "federation: x -> cluster:b:x") == links,
                 linksOf(made.scenario, "federation: x -> cluster:b:x").c_str());
        QCOMPARE(linksOf(made.scenario, "federation: x -> cluster:c:x"),
                 std::string("x-2>federation: x -> cluster:c:x k, "
                             "federation: x -> cluster:c:x>x from up-2"));
        QCOMPARE(problemsOf(validate(made.scenario)), std::string());
        comesBackTheSame(made);
    }

    void whatIsLeftOutSaysWhy_data() {
        QTest::addColumn<std::string>("settings");
        QTest::addColumn<std::string>("definition");
        QTest::addColumn<std::string>("what");
        QTest::addColumn<std::string>("why");
        const auto row = [](const char* name, const std::string& settings,
                            const std::string& definition, const char* what, const char* why) {
            QTest::newRow(name) << settings << definition << std::string(what) << std::string(why);
        };
        row("another host", R"("uri": "amqp:~far")", byUp, "federation-upstream: up",
            "it is on another host: add that broker and a consumer with forward");
        row("no such virtual host", R"("uri": "amqp:~/south")", byUp, "federation-upstream: up",
            "it is a virtual host that the scenario does not have");
        row("no such exchange", here + R"(, "exchange": "none")", byUp,
            "federation link: events from up",
            "its upstream has no such exchange: nobody publishes to the one that it makes");
        row("itself", R"("uri": "amqp:~/west")", byUp, "federation link: events from up",
            "it leads back to where it comes from");
        row("no policy", here, R"("max-length": 5)", "federation-upstream: up",
            "no policy that applies to anything here uses it");
        row("no such upstream", here, R"("federation-upstream": "none")",
            "federation by a policy: fed",
            "the file has no upstream \"none\" in that virtual host");
        row("no such set", here, R"("federation-upstream-set": "none")",
            "federation by a policy: fed",
            "the file has no set of upstreams \"none\" in that virtual host");
    }
    void whatIsLeftOutSaysWhy() {
        QFETCH(std::string, settings);
        QFETCH(std::string, definition);
        QFETCH(std::string, what);
        QFETCH(std::string, why);
        const Imported made =
            imported(fileWith(upstream("up", settings), policy("^events$", definition)));
        QCOMPARE(forwarders(made.scenario), std::string());
        QCOMPARE(whyLeftOut(made, what), why);
        QVERIFY(exportRabbitmq(made.scenario)->json.find("\"up\"") != std::string::npos);
    }

    void aStreamIsNotFederated() {
        const Imported made = imported(
            fileWith(upstream("up", here + R"(, "queue": "log")"), policy("^log$", byUp),
                     R"(, {"name": "log", "vhost": "/", "arguments": {"x-queue-type": "stream"}},
                        {"name": "log", "vhost": "west"})"));
        QCOMPARE(forwarders(made.scenario), std::string());
        QCOMPARE(whyLeftOut(made, "federation link: log from up"),
                 std::string("a stream cannot be federated"));
    }
};

QTEST_GUILESS_MAIN(TestImportedFederation)
#include "tst_imported_federation.moc"
