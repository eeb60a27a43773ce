#include "sim/interop/rabbitmq_export.h"
#include "sim/scenario/library.h"
#include "sim/scenario/read.h"
#include "sim/scenario/validate.h"
#include "sim/scenario/write.h"
#include "tests/support/imported.h"
#include "tests/support/situation.h"
#include "tests/support/topology_of.h"

#include <QFile>
#include <QTest>

#include <algorithm>
#include <set>

using namespace sim;

namespace {

std::string sample(const char* name) {
    QFile file{QStringLiteral(PROJECT_ROOT "/tests/data/rabbitmq/") + QString::fromUtf8(name)};
    if (!file.open(QIODevice::ReadOnly)) {
        qFatal("no sample %s", name);
    }
    return file.readAll().toStdString();
}

template <typename T> std::string textOf(const Result<T>& result) {
    return result ? std::string{} : problemsOf(result.error());
}

std::string exported(const Scenario& scenario, const ExportOptions& options = {}) {
    const auto result = exportRabbitmq(scenario, options);
    if (!result) {
        qFatal("%s", textOf(result).c_str());
    }
    return result->json;
}

/// With the members of every object by name, and without what an item may have or not have.
JsonValue plain(const JsonValue& value) {
    if (const auto* list = std::get_if<JsonValue::Array>(&value.value)) {
        JsonValue::Array items;
        std::ranges::transform(*list, std::back_inserter(items), plain);
        return {items};
    }
    const auto* object = std::get_if<JsonObject>(&value.value);
    if (object == nullptr) {
        return value;
    }
    JsonObject members;
    for (const JsonMember& member : *object) {
        members.push_back({member.key, plain(member.value)});
    }
    std::ranges::sort(members, {}, &JsonMember::key);
    return {members};
}

/// The items of a section, as text that does not depend on any order.
std::multiset<std::string> itemsOf(const std::string& json, const char* section) {
    const auto file = parseJson(json);
    std::multiset<std::string> items;
    const JsonValue* list = file ? file->find(section) : nullptr;
    if (list != nullptr) {
        for (const JsonValue& item : std::get<JsonValue::Array>(list->value)) {
            items.insert(jsonLine(plain(item)));
        }
    }
    return items;
}

const JsonValue* itemNamed(const JsonValue& file, const char* section, std::string_view name) {
    for (const JsonValue& item : std::get<JsonValue::Array>(file.find(section)->value)) {
        const JsonValue* found = item.find("name");
        if (found != nullptr && std::get<std::string>(found->value) == name) {
            return &item;
        }
    }
    return nullptr;
}

bool leavesOut(const std::vector<LeftOut>& leftOut, std::string_view what) {
    return std::ranges::any_of(leftOut, [&](const LeftOut& entry) {
        return entry.what.find(what) != std::string::npos && !entry.why.empty();
    });
}

template <typename Spec> const Spec* find(const Scenario& scenario, std::string_view id) {
    const auto found = std::ranges::find(scenario.components, id, &ComponentEntry::id);
    return found == scenario.components.end() ? nullptr : std::get_if<Spec>(&found->spec);
}

} // namespace

class RabbitmqExportTest : public QObject {
    Q_OBJECT

private slots:
    void saysWhichSettingsAreNotInTheFile() {
        BrokerSpec broker;
        broker.heartbeat = 10s;
        broker.diskDelay = always(1ms);
        QueueSpec slow;
        slow.serviceRate = 100;
        Situation situation;
        situation.broker(broker).queue("q", slow).queue("r");
        const auto result = exportRabbitmq(situation.scenario);
        QVERIFY(result.has_value());
        QVERIFY(leavesOut(result->leftOut, "setting heartbeat of a broker: broker"));
        QVERIFY(leavesOut(result->leftOut, "setting disk_delay of a broker: broker"));
        QVERIFY(leavesOut(result->leftOut, "setting service_rate of a queue: q"));
    }

    void importOfAnExportIsTheSameScenario_data() {
        QTest::addColumn<QString>("file");
        for (const char* file : {"definitions-3.10.json", "definitions-3.10-http.json",
                                 "definitions-3.10-vhost.json", "cluster-4.json"}) {
            QTest::newRow(file) << QString::fromUtf8(file);
        }
    }
    void importOfAnExportIsTheSameScenario() {
        QFETCH(QString, file);
        const Scenario once = imported(sample(qPrintable(file))).scenario;
        QVERIFY2(validate(once).empty(), problemsOf(validate(once)).c_str());
        const std::string text = exported(once);
        const Scenario again = imported(text).scenario;
        QCOMPARE(writeScenario(again), writeScenario(once));
        QVERIFY(again == once);
        QCOMPARE(exported(again), text);
    }

    void aScenarioFileKeepsItAll() {
        const Scenario once = imported(sample("cluster-4.json")).scenario;
        const auto read = readScenario(writeScenario(once), Folder{});
        QVERIFY2(read, textOf(read).c_str());
        QVERIFY(*read == once);
    }

    /// Of the example nothing is lost but what says the same in fewer words.
    void whatIsNotSimulatedComesOutAsItWent() {
        const std::string before = sample("cluster-4.json");
        const std::string after = exported(imported(before).scenario);
        for (const char* section : {"users", "vhosts", "permissions", "topic_permissions",
                                    "parameters", "global_parameters", "policies", "bindings"}) {
            QVERIFY2(itemsOf(before, section) == itemsOf(after, section), section);
        }
        const auto file = parseJson(after);
        const auto original = parseJson(before);
        for (const char* section : {"exchanges", "queues"}) {
            QCOMPARE(itemsOf(after, section).size(), itemsOf(before, section).size());
        }
        const auto argumentsOf = [](const Result<JsonValue>& of, const char* section,
                                    const char* name) {
            return QString::fromStdString(
                jsonLine(plain(*itemNamed(*of, section, name)->find("arguments"))));
        };
        for (const char* queue : {"crane.1.unload", "crane.1.unload.again", "berth.a", "customs",
                                  "log", "found", "tickets.dead"}) {
            QCOMPARE(argumentsOf(file, "queues", queue), argumentsOf(original, "queues", queue));
        }
        for (const char* exchange : {"by-berth", "papers", "later", "tickets"}) {
            QCOMPARE(argumentsOf(file, "exchanges", exchange),
                     argumentsOf(original, "exchanges", exchange));
        }
        // The virtual host's default type, which any other virtual host would not give it.
        QCOMPARE(argumentsOf(file, "queues", "crane.1.unload.dead"),
                 R"({"x-queue-type": "quorum"})");
        QCOMPARE(std::get<std::string>(file->find("rabbit_version")->value), "4.1.2");
    }

    void oneVirtualHostIsOneBroker() {
        const Imported all = imported(sample("cluster-4.json"));
        QCOMPARE(find<BrokerSpec>(all.scenario, "freight")->vhost, "freight");
        QCOMPARE(find<BrokerSpec>(all.scenario, "ferries")->vhost, "ferries");
        QVERIFY(!find<BrokerSpec>(all.scenario, "unused"));
        QCOMPARE(find<QueueSpec>(all.scenario, "found")->broker, "ferries");
        QCOMPARE(find<QueueSpec>(all.scenario, "found-2")->broker, "freight");
        QCOMPARE(find<QueueSpec>(all.scenario, "found-2")->name, "found");
        QCOMPARE(all.scenario.title, "Imported from RabbitMQ: ferries, freight");

        const Imported one = imported(sample("cluster-4.json"), {std::string("ferries")});
        const auto* broker = find<BrokerSpec>(one.scenario, "broker");
        QCOMPARE(broker->vhost, "ferries");
        QCOMPARE(find<QueueSpec>(one.scenario, "found")->broker, "");
        const std::string text = exported(one.scenario);
        QCOMPARE(itemsOf(text, "vhosts").size(), 1U);
        QCOMPARE(itemsOf(text, "queues").size(), 3U);
        QCOMPARE(itemsOf(text, "permissions").size(), 0U);
        QCOMPARE(exported(all.scenario, {std::string("ferries")}).find("crane"),
                 exported(one.scenario).find("crane"));
    }

    void usersAreLeftOutOnRequest() {
        const Imported with = imported(sample("cluster-4.json"));
        QCOMPARE(with.secrets, (std::vector<std::string>{"password hashes of 2 users",
                                                         "passwords in the addresses of "
                                                         "next-harbour"}));
        QVERIFY(writeScenario(with.scenario).find("kI3GCq") != std::string::npos);
        const Imported without = imported(sample("cluster-4.json"), {.vhost = {}, .users = false});
        QVERIFY(without.secrets.empty());
        const std::string text = writeScenario(without.scenario);
        for (const char* secret : {"kI3GCq", "lift", "crane\", \"vhost", "password"}) {
            QVERIFY2(text.find(secret) == std::string::npos, secret);
        }
        QVERIFY(text.find("lost-tickets") != std::string::npos);
        QVERIFY(exportRabbitmq(without.scenario)->secrets.empty());
        QVERIFY(!exportRabbitmq(with.scenario)->secrets.empty());
    }

    void exportOfALessonImportsToTheSameTopology_data() {
        QTest::addColumn<QString>("file");
        for (const auto& file : scenariosIn(PROJECT_ROOT "/scenarios/rabbitmq")) {
            QTest::newRow(file.filename().c_str()) << QString::fromStdString(file.string());
        }
    }
    void exportOfALessonImportsToTheSameTopology() {
        QFETCH(QString, file);
        const auto lesson = readScenarioFile(file.toStdString());
        QVERIFY(lesson);
        const auto text = exportRabbitmq(*lesson);
        QVERIFY2(text, textOf(text).c_str());
        const bool exclusive = leavesOut(text->leftOut, "exclusive queue");
        QVERIFY(!exclusive); // else the comparison would have to leave it out
        QVERIFY(topologyOf(imported(text->json).scenario) == topologyOf(*lesson));
    }

    void saysWhatIsNoPartOfRabbitmq() {
        const auto lesson =
            readScenarioFile(PROJECT_ROOT "/scenarios/aws/07-rabbitmq-to-sns.json");
        QVERIFY(lesson);
        const auto text = exportRabbitmq(*lesson);
        QVERIFY2(text, textOf(text).c_str());
        QVERIFY(leavesOut(text->leftOut, "queue or topic of AWS"));
    }

    void saysWhatADefinitionsFileCannotHold() {
        Situation s;
        s.exchange("x", ExchangeType::Direct).queue("q").bind("x", "q", "k");
        QueueSpec own;
        own.exclusive = true;
        s.queue("mine", own).bind("x", "mine", "k");
        s.script("p", "x", {});
        s.consumer("c", "q");
        s.consumer("d", "mine");
        FaultSpec fault;
        fault.name = "night";
        s.scenario.faults = {fault};
        s.scenario.checks.resize(2);
        const auto result = exportRabbitmq(s.scenario);
        QVERIFY2(result, textOf(result).c_str());
        for (const char* what : {"producer: p", "consumer: c, d", "exclusive queue: mine",
                                 "fault: night", "checks: 2", "title, description, seed"}) {
            QVERIFY2(leavesOut(result->leftOut, what), what);
        }
        QCOMPARE(itemsOf(result->json, "queues").size(), 1U);
        QCOMPARE(itemsOf(result->json, "bindings").size(), 1U);
    }

    void leavesOutWhatNoBrokerTakesFromAFile() {
        Situation s;
        QueueSpec queue;
        queue.moreArguments = {{"x-list", {JsonValue::Array{{}, {true}}}}, {"x-good", {true}}};
        s.exchange("x", ExchangeType::Headers).queue("q", queue);
        s.bind("x", "q", "", {{"n", std::monostate{}}}).bind("x", "q", "", {{"n", true}});
        const auto result = exportRabbitmq(s.scenario);
        QVERIFY2(result, textOf(result).c_str());
        QVERIFY(leavesOut(result->leftOut, "binding: x to q"));
        QVERIFY(leavesOut(result->leftOut, "argument x-list: q"));
        QCOMPARE(itemsOf(result->json, "bindings").size(), 1U);
        QVERIFY(result->json.find("null") == std::string::npos);
        QVERIFY(result->json.find("x-good") != std::string::npos);
    }

    void writesOneTextForOneScenario() {
        Situation s;
        QueueSpec queue;
        queue.name = "orders";
        queue.messageTtl = 1500ms;
        queue.deadLetterExchange = "x-id";
        queue.singleActiveConsumer = true;
        s.exchange("x-id", ExchangeType::Direct).queue("q-id", queue);
        s.bind("x-id", "q-id", "k", {{"n", std::int64_t{1}}});
        std::get<ExchangeSpec>(s.scenario.components.at(1).spec).name = "orders";
        QCOMPARE(QString::fromStdString(exported(s.scenario)), QString::fromUtf8(R"({
  "rabbitmq_definition_format": "cluster",
  "users": [],
  "vhosts": [{"name": "/"}],
  "permissions": [],
  "exchanges": [
    {
      "name": "orders",
      "vhost": "/",
      "type": "direct",
      "durable": true,
      "auto_delete": false,
      "internal": false,
      "arguments": {}
    }
  ],
  "topic_permissions": [],
  "policies": [],
  "global_parameters": [],
  "parameters": [],
  "queues": [
    {
      "name": "orders",
      "vhost": "/",
      "durable": true,
      "auto_delete": false,
      "arguments": {
        "x-dead-letter-exchange": "orders",
        "x-message-ttl": 1500,
        "x-single-active-consumer": true
      }
    }
  ],
  "bindings": [
    {
      "source": "orders",
      "vhost": "/",
      "destination": "orders",
      "destination_type": "queue",
      "routing_key": "k",
      "arguments": {"n": 1}
    }
  ]
}
)"));
    }

    void refusesTwoOfOneName() {
        Scenario scenario;
        BrokerSpec spec;
        scenario.components = {{"near", spec, {}}, {"far", spec, {}}};
        QCOMPARE(textOf(exportRabbitmq(scenario)),
                 "/components/1/vhost: \"near\" and \"far\" are both the virtual host \"/\", and a "
                 "file has each once: give one another name, or choose one with --broker\n");
        QVERIFY(exportRabbitmq(scenario, {std::string("far")}));
        QCOMPARE(textOf(exportRabbitmq(scenario, {std::string("fare")})),
                 ": has no broker \"fare\"; did you mean \"far\"?\n");

        Scenario kept = imported(sample("cluster-4.json"), {std::string("freight")}).scenario;
        kept.components.push_back({"log", QueueSpec{}, {}});
        QVERIFY(textOf(exportRabbitmq(kept)).find("has two queues \"log\"") != std::string::npos);
    }

    void refusesDefinitionsThatNoBrokerCouldRead() {
        Scenario scenario;
        BrokerSpec spec;
        spec.definitions = {{"queues", {std::int64_t{5}}},
                            {"users", {JsonValue::Array{{std::string("guest")}}}}};
        scenario.components = {{"broker", spec, {}}};
        QCOMPARE(textOf(exportRabbitmq(scenario)),
                 "/components/0/definitions/queues: is 5; it has to be a list\n"
                 "/components/0/definitions/users/0: is \"guest\"; it has to be an object\n");
    }

    /// T60: a broker ends an import at a binding to a queue that is not there, and keeps what it
    /// made before. Here the binding is left out, with its reason, the rest is there, and an export
    /// has the binding again and says what a broker makes of it.
    void t60BindingToAMissingQueue() {
        const std::string text = R"({"queues": [{"name": "q", "vhost": "v"}],
            "exchanges": [{"name": "x", "vhost": "v", "type": "fanout"}],
            "bindings": [
                {"source": "x", "vhost": "v", "destination": "none", "destination_type": "queue"},
                {"source": "x", "vhost": "v", "destination": "q", "destination_type": "queue"}]})";
        const Imported made = imported(text);
        QVERIFY(leavesOut(made.leftOut, "queue: none"));
        QVERIFY(find<QueueSpec>(made.scenario, "q") && find<ExchangeSpec>(made.scenario, "x"));
        const auto again = exportRabbitmq(made.scenario);
        QVERIFY(again);
        QCOMPARE(itemsOf(again->json, "bindings").size(), 2U);
        QVERIFY(leavesOut(again->leftOut, "queue: none"));
    }

    /// T61: what a broker has already stays as it is, without an error. A scenario is new and has
    /// only what every broker has.
    void t61WhatIsThereAlreadyStaysAsItIs() {
        const Imported made = imported(R"({"queues": [{"name": "q"}],
            "exchanges": [{"name": "amq.topic", "type": "fanout", "durable": false}],
            "bindings": [{"source": "amq.topic", "destination": "q", "destination_type": "queue",
                          "routing_key": "a"}]})");
        const auto* exchange = find<ExchangeSpec>(made.scenario, "amq.topic");
        QVERIFY(exchange);
        QCOMPARE(exchange->type, ExchangeType::Topic);
        QVERIFY(exchange->durable);
        QVERIFY(itemsOf(exported(made.scenario), "exchanges").empty());
    }
};

QTEST_GUILESS_MAIN(RabbitmqExportTest)
#include "tst_rabbitmq_export.moc"
