#include "sim/scenario/contract.h"
#include "sim/scenario/field.h"
#include "sim/scenario/json.h"
#include "sim/scenario/reference.h"

#include <QFile>
#include <QTest>

using namespace sim;

class TestReference : public QObject {
    Q_OBJECT

private slots:
    void committedFilesAreCurrent_data();
    void committedFilesAreCurrent();
    void namesEveryKind_data();
    void namesEveryKind();
    void describesAKind();
    void everyComponentHasAContract();
    void describesAKindAsJson();
    void listsTheKinds();
    void saysWhichKindWasMeant();
    void schemaRefersOnlyToWhatItDefines();
};

void TestReference::committedFilesAreCurrent_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("current");
    QTest::newRow("REFERENCE.md") << "REFERENCE.md" << QByteArray::fromStdString(referencePage());
    QTest::newRow("scenario.schema.json")
        << "scenario.schema.json" << QByteArray::fromStdString(jsonSchema());
}

/// UPDATE_GOLDEN=1 writes them.
void TestReference::committedFilesAreCurrent() {
    QFETCH(QString, file);
    QFETCH(QByteArray, current);
    QFile committed(QString(PROJECT_ROOT "/scenarios/") + file);
    if (qEnvironmentVariableIsSet("UPDATE_GOLDEN")) {
        QVERIFY(committed.open(QIODevice::WriteOnly | QIODevice::Truncate));
        QCOMPARE(committed.write(current), current.size());
        return;
    }
    QVERIFY2(committed.open(QIODevice::ReadOnly), qPrintable(committed.fileName()));
    QVERIFY2(committed.readAll() == current,
             qPrintable(file + " is stale; UPDATE_GOLDEN=1 ctest -R tst_reference writes it"));
}

void TestReference::namesEveryKind_data() {
    QTest::addColumn<QString>("kind");
    for (const char* kind :
         {"producer",        "consumer",      "rabbitmq.broker", "rabbitmq.exchange",
          "rabbitmq.queue",  "publish",       "binding",         "consume",
          "poisson",         "constant",      "burst",           "on-off",
          "profile",         "replay",        "script",          "crash",
          "pause",           "slow",          "partition",       "latency",
          "bandwidth",       "loss",          "duplicate",       "reorder",
          "lost-acks",       "lost-confirms", "poison",          "clock-skew",
          "broker-restart",  "shuffle-ties",  "purge",           "delete-queue",
          "no-loss",         "no-duplicate-effect",
          "key-order",       "no-gap",        "convergence",     "conservation",
          "depth-bound",     "lag-bound",     "latency-bound",   "staleness-bound",
          "no-dead-letters", "no-unroutable", "uniform",         "exponential",
          "normal",          "lognormal",     "gamma",           "weibull",
          "pareto",          "empirical",     "mixture"}) {
        QTest::newRow(kind) << QString(kind);
    }
}

void TestReference::namesEveryKind() {
    QFETCH(QString, kind);
    const std::string page = referencePage();
    QVERIFY(QString::fromStdString(page).contains("### `" + kind + "`\n"));
    const auto text = describeKind(kind.toStdString());
    QVERIFY(text.has_value());
    QVERIFY(QString::fromStdString(*text).startsWith(kind + " ("));
}

void TestReference::describesAKind() {
    const QString text = QString::fromStdString(*describeKind("consumer"));
    QVERIFY(text.contains("whole number, 0 to 65535; default: `0`")); // prefetch
    QVERIFY(text.contains("strategy.idempotent.ttl"));
    QVERIFY(text.contains("\n  id\n"));
    // both are arrivals and a distribution
    QCOMPARE(QString::fromStdString(*describeKind("constant")).count("constant ("), 2);
    QCOMPARE(*describeKind("queue"), *describeKind("rabbitmq.queue"));
}

/// The compiler sees to it that there is one; this, that it says something.
void TestReference::everyComponentHasAContract() {
    const QString page = QString::fromStdString(referencePage());
    for (const ComponentSpec& spec : everyKind<ComponentSpec>()) {
        const std::vector<Contract> all = contractsOf(spec);
        QVERIFY(!all.empty());
        QCOMPARE(all.size() > 1, std::holds_alternative<QueueSpec>(spec) ||
                                     std::holds_alternative<SqsQueueSpec>(spec));
        for (const Contract& contract : all) {
            for (const auto* part : {&contract.guarantees, &contract.doesNot,
                                     &contract.notModelled, &contract.sources}) {
                QVERIFY(!part->empty());
                for (const std::string_view sentence : *part) {
                    const bool isSource = part == &contract.sources;
                    QVERIFY(isSource ? sentence.starts_with("https://") : sentence.ends_with('.'));
                    QVERIFY(page.contains(QString::fromUtf8(sentence.data(), int(sentence.size()))));
                }
            }
        }
    }
    QueueSpec quorum;
    quorum.type = QueueType::Quorum;
    QCOMPARE(contractOf(quorum).of, std::string_view("quorum"));
    const QString text = QString::fromStdString(*describeKind("rabbitmq.queue"));
    QVERIFY(text.contains("\n  Contract: stream\n  Guarantees:\n    - Reading removes nothing"));
}

void TestReference::describesAKindAsJson() {
    const auto json = parseJson(*describeKind("queue", KindFormat::Json));
    QVERIFY(json.has_value());
    const auto& kinds = std::get<JsonValue::Array>(json->find("kinds")->value);
    QCOMPARE(kinds.size(), std::size_t{1});
    QCOMPARE(std::get<std::string>(kinds[0].find("kind")->value), std::string("rabbitmq.queue"));
    const auto& contracts = std::get<JsonValue::Array>(kinds[0].find("contracts")->value);
    QCOMPARE(contracts.size(), std::size_t{3});
    for (const char* part : {"guarantees", "does_not_guarantee", "not_modelled", "sources"}) {
        QVERIFY2(contracts[1].find(part) != nullptr, part);
    }
    const auto& fields = std::get<JsonValue::Array>(kinds[0].find("fields")->value);
    QCOMPARE(std::get<std::string>(fields[0].find("key")->value), std::string("name"));
}

void TestReference::listsTheKinds() {
    const QString text = QString::fromStdString(listKinds());
    QVERIFY(text.startsWith("Components\n  producer  "));
    QVERIFY(text.contains("\n  delete-queue "));
    const auto json = parseJson(listKinds(KindFormat::Json));
    QVERIFY(json.has_value());
    QVERIFY(std::get<JsonValue::Array>(json->find("kinds")->value).size() > 40);
}

void TestReference::saysWhichKindWasMeant() {
    const auto text = describeKind("rabbitmq.qeue");
    QVERIFY(!text);
    QVERIFY(QString::fromStdString(text.error().front().what)
                .contains("did you mean \"rabbitmq.queue\"?"));
}

void TestReference::schemaRefersOnlyToWhatItDefines() {
    const std::string text = jsonSchema();
    const auto schema = parseJson(text);
    QVERIFY(schema.has_value());
    const JsonValue* definitions = schema->find("$defs");
    const std::string mark = "#/$defs/";
    int references = 0;
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
        const std::size_t begin = at + mark.size();
        const std::string name = text.substr(begin, text.find('"', begin) - begin);
        QVERIFY2(definitions->find(name) != nullptr, name.c_str());
        ++references;
    }
    QVERIFY(references > 50);
}

QTEST_APPLESS_MAIN(TestReference)
#include "tst_reference.moc"
