#include "sim/interop/rabbitmq_export.h"
#include "sim/run/run.h"
#include "sim/scenario/validate.h"
#include "sim/scenario/write.h"
#include "tests/support/imported.h"

#include <QTest>

#include <algorithm>

using namespace sim;

namespace {

/// Two virtual hosts and one shovel with these settings, where ~ stands for two slashes: moc takes
/// those for a comment.
std::string fileWith(const std::string& settings) {
    const std::string text = R"({"vhosts": [{"name": "/"}, {"name": "far away"}],
        "exchanges": [{"name": "events", "vhost": "/", "type": "topic"},
                      {"name": "events", "vhost": "far away", "type": "topic"}],
        "queues": [{"name": "out", "vhost": "/"}, {"name": "in", "vhost": "far away"},
                   {"name": "handled", "vhost": "far away"}],
        "bindings": [{"source": "events", "vhost": "/", "destination": "out",
                      "destination_type": "queue", "routing_key": "order.#"},
                     {"source": "events", "vhost": "far away", "destination": "handled",
                      "destination_type": "queue", "routing_key": "order.#"}],
        "parameters": [{"vhost": "/", "component": "shovel", "name": "mover", "value": {)" +
                             settings + "}}]}";
    return QString::fromStdString(text).replace('~', "//").toStdString();
}

const std::string local =
    R"("src-uri": "amqp:~", "src-queue": "out", "dest-uri": "amqp:~/far%20away", )";

const ConsumerSpec* shovelIn(const Scenario& scenario) {
    for (const ComponentEntry& entry : scenario.components) {
        const auto* consumer = std::get_if<ConsumerSpec>(&entry.spec);
        if (consumer != nullptr && consumer->forward) {
            return consumer;
        }
    }
    return nullptr;
}

std::string whyLeftOut(const Imported& from, const std::string& what) {
    for (const LeftOut& entry : from.leftOut) {
        if (entry.what == what) {
            return entry.why;
        }
    }
    return {};
}

} // namespace

/// https://www.rabbitmq.com/docs/shovel-dynamic, https://www.rabbitmq.com/docs/uri-spec
class TestImportedShovels : public QObject {
    Q_OBJECT

private slots:
    void aShovelBetweenVirtualHostsIsAConsumerThatForwards() {
        const Imported made = imported(fileWith(
            local + R"("dest-queue": "in", "ack-mode": "on-publish", "src-prefetch-count": 50,
                       "reconnect-delay": 5)"));
        const ConsumerSpec* shovel = shovelIn(made.scenario);
        QVERIFY(shovel != nullptr);
        QCOMPARE(shovel->forward->ackMode, ForwardAck::OnPublish);
        QVERIFY(shovel->forward->reconnectDelay == 5s);
        QVERIFY(!shovel->forward->maxHops);
        QCOMPARE(shovel->prefetch, 50u);
        QCOMPARE(linksOf(made.scenario, "mover"), std::string("out>mover, mover>in"));
        // The shovel is who empties the one and fills the other queue.
        QCOMPARE(linksOf(made.scenario, "out-consumer"), std::string());
        QCOMPARE(linksOf(made.scenario, "in-producer"), std::string());
        QCOMPARE(linksOf(made.scenario, "in-consumer"), std::string("in>in-consumer"));
        QVERIFY(validate(made.scenario).empty());
        QVERIFY(whyLeftOut(made, "shovel: mover").empty());
        QVERIFY(runScenario(made.scenario).verdicts[0].state != Verdict::State::Violated);
    }

    void anExchangeGetsTheKeyThatIsGiven() {
        const Imported own = imported(fileWith(local + R"("dest-exchange": "events")"));
        QVERIFY(!shovelIn(own.scenario)->forward->routingKey);
        const Imported given = imported(
            fileWith(local + R"("dest-exchange": "events", "dest-exchange-key": "order.moved")"));
        QCOMPARE(shovelIn(given.scenario)->forward->routingKey.value_or(""),
                 std::string("order.moved"));
        QCOMPARE(shovelIn(given.scenario)->prefetch, 0u);
    }

    void anExportHasTheShovelOnce() {
        const Imported made = imported(fileWith(local + R"("dest-queue": "in")"));
        const auto text = exportRabbitmq(made.scenario);
        QVERIFY(text);
        const std::size_t first = text->json.find("\"mover\"");
        QVERIFY(first != std::string::npos);
        QCOMPARE(text->json.find("\"mover\"", first + 1), std::string::npos);
        const Imported again = imported(text->json);
        QCOMPARE(writeScenario(again.scenario), writeScenario(made.scenario));
        QCOMPARE(exportRabbitmq(again.scenario)->json, text->json);
    }

    void whatIsLeftOutSaysWhy_data() {
        QTest::addColumn<std::string>("settings");
        QTest::addColumn<std::string>("why");
        const auto row = [](const char* name, const std::string& settings, const char* why) {
            QTest::newRow(name) << settings << std::string(why);
        };
        row("another host",
            R"("src-uri": "amqp:~", "src-queue": "out", "dest-uri": "amqp:~far", "dest-queue": "in")",
            "one end of it is on another host");
        row("several addresses",
            R"("src-uri": ["amqp:~", "amqp:~b"], "src-queue": "out", "dest-uri": "amqp:~",
               "dest-queue": "out")",
            "one end of it is on another host");
        row("no such virtual host",
            R"("src-uri": "amqp:~/%2fname", "src-queue": "out", "dest-uri": "amqp:~", "dest-queue": "out")",
            "one end of it is in a virtual host that the scenario does not have");
        row("an exchange",
            R"("src-uri": "amqp:~", "src-exchange": "events", "dest-uri": "amqp:~/far%20away",
               "dest-queue": "in")",
            "it consumes from a queue of its own, which is in no file");
        row("no such queue", local + R"("dest-queue": "out")",
            "what it publishes to is not in the scenario");
        row("another protocol", local + R"("dest-queue": "in", "dest-protocol": "amqp10")",
            "it does not use AMQP 0.9.1");
        row("deletes itself", local + R"("dest-queue": "in", "src-delete-after": "queue-length")",
            "it deletes itself when it has moved enough, which is not simulated");
    }
    void whatIsLeftOutSaysWhy() {
        QFETCH(std::string, settings);
        QFETCH(std::string, why);
        const Imported made = imported(fileWith(settings));
        QVERIFY(shovelIn(made.scenario) == nullptr);
        QCOMPARE(whyLeftOut(made, "shovel: mover"), why);
        QVERIFY(exportRabbitmq(made.scenario)->json.find("\"mover\"") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestImportedShovels)
#include "tst_imported_shovels.moc"
