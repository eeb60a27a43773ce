#include "sim/scenario/field_reader.h"
#include "sim/scenario/field_writer.h"
#include "sim/scenario/read.h"
#include "tests/support/every_field.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace sim;

class TestWrite : public QObject {
    Q_OBJECT

private slots:
    void everyFieldReadsBackAsItWasWritten_data();
    void everyFieldReadsBackAsItWasWritten();
    void leavesDefaultsOut();
    void writesAnAbsentValueThatIsNoDefault();
    void writesWhatItReadsInTheOrderOfTheText();
    void keepsDefaultsThatTheTextSpellsOut();
    void putsNewKeysBehindTheirPredecessors();
    void findsComponentsAgainByTheirId();
    void keepsTheFileOfSamples();
    void rewritesWithoutAnOriginal();
    void keepsTheDifferenceBetweenOneAndOnePointZero();
};

namespace {

Scenario read(const std::string& text) {
    const auto scenario = readScenario(text, Folder{});
    if (!scenario) {
        for (const Problem& problem : scenario.error()) {
            qWarning("%s: %s", problem.where.c_str(), problem.what.c_str());
        }
        return {};
    }
    return *scenario;
}

template <typename Spec> Problems readInto(const JsonValue& json, Spec& spec) {
    const Folder folder;
    ReadContext context(folder);
    ObjectReader object(json, "", Unit::Nanoseconds, context);
    if constexpr (isVariant<Spec>) {
        object.flat(spec);
    } else {
        describe(spec, object);
    }
    object.finish();
    return context.take();
}

template <typename Spec> JsonValue written(const Spec& spec, Defaults defaults) {
    if constexpr (isVariant<Spec>) {
        ObjectWriter writer(Unit::Nanoseconds, defaults);
        writer.flat(spec);
        return {writer.take()};
    } else {
        const Spec standard;
        ObjectWriter writer(standard, Unit::Nanoseconds, defaults);
        describe(spec, writer);
        return {writer.take()};
    }
}

/// Fills every field, writes, reads; says what went wrong.
template <typename Spec> QString roundTrip(Spec spec, int keysBeside) {
    EveryField every;
    if constexpr (isVariant<Spec>) {
        every.flat(spec);
    } else {
        describe(spec, every);
    }
    for (const Defaults defaults : {Defaults::LeftOut, Defaults::Written}) {
        const JsonValue json = written(spec, defaults);
        const auto keys = static_cast<int>(std::get<JsonValue::Object>(json.value).size());
        if (keys != every.count() + keysBeside) {
            return QString("%1 keys for %2 fields: %3")
                .arg(keys)
                .arg(every.count())
                .arg(QString::fromStdString(jsonText(json)));
        }
        const auto parsed = parseJson(jsonText(json));
        if (!parsed || *parsed != json) {
            return "the text does not parse as what it was written from";
        }
        Spec back{};
        const Problems problems = readInto(*parsed, back);
        if (!problems.empty()) {
            return QString::fromStdString(problems[0].where + ": " + problems[0].what);
        }
        if (!(back == spec)) {
            return "differs: " + QString::fromStdString(jsonText(json));
        }
    }
    return {};
}

using Trip = QString (*)(std::size_t kind);

/// `Entry` with its kind set, where it has one.
template <typename Entry> QString tripOf(std::size_t kind) {
    Entry entry{};
    int keysBeside = 0;
    if constexpr (isVariant<Entry>) {
        emplaceAt(entry, kind);
        keysBeside = 1;
    } else if constexpr (requires { entry.what; }) {
        emplaceAt(entry.what, kind);
        keysBeside = 1;
    } else if constexpr (requires { entry.spec; }) {
        emplaceAt(entry.spec, kind);
        keysBeside = 1;
    }
    return roundTrip(entry, keysBeside);
}

template <typename Entry, typename Kinds> void addRows(const char* what) {
    std::size_t kind = 0;
    for (const Name& name : kindsOf<Kinds>) {
        QTest::addRow("%s %s", what, std::string(name.text).c_str())
            << reinterpret_cast<quintptr>(&tripOf<Entry>) << qsizetype(kind++);
    }
}

} // namespace

void TestWrite::everyFieldReadsBackAsItWasWritten_data() {
    QTest::addColumn<quintptr>("trip");
    QTest::addColumn<qsizetype>("kind");
    addRows<ComponentEntry, ComponentSpec>("component");
    addRows<LinkSpec, LinkSpec>("link");
    addRows<FaultSpec, FaultKind>("fault");
    addRows<CheckSpec, CheckKind>("check");
    QTest::newRow("scenario") << reinterpret_cast<quintptr>(&tripOf<Scenario>) << qsizetype(0);
    for (std::size_t kind = 0; kind < kindsOf<ArrivalSpec>.size(); ++kind) {
        if (kindsOf<ArrivalSpec>[kind].text != "replay") { // reads a file: tst_read
            QTest::addRow("arrivals %s", std::string(kindsOf<ArrivalSpec>[kind].text).c_str())
                << reinterpret_cast<quintptr>(&tripOf<ArrivalSpec>) << qsizetype(kind);
        }
    }
    addRows<DistributionSpec, DistributionSpec>("distribution");
}

void TestWrite::everyFieldReadsBackAsItWasWritten() {
    QFETCH(quintptr, trip);
    QFETCH(qsizetype, kind);
    const QString problem = reinterpret_cast<Trip>(trip)(static_cast<std::size_t>(kind));
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
}

void TestWrite::leavesDefaultsOut() {
    Scenario scenario;
    scenario.components.push_back({"orders", QueueSpec{}, {}});
    ConsumerSpec billing;
    billing.prefetch = 5;
    scenario.components.push_back({"billing", billing, {10, 20}});
    QCOMPARE(QString::fromStdString(writeScenario(scenario)), R"({
  "version": 1,
  "components": [
    {"id": "orders", "kind": "rabbitmq.queue"},
    {"id": "billing", "kind": "consumer", "prefetch": 5, "position": [10, 20]}
  ]
}
)");
}

void TestWrite::writesAnAbsentValueThatIsNoDefault() {
    StrategySpec strategy;
    strategy.gapWait.reset();
    QCOMPARE(jsonLine(written(strategy, Defaults::LeftOut)), std::string(R"({"gap_wait": null})"));
}

void TestWrite::writesWhatItReadsInTheOrderOfTheText() {
    const std::string text = R"({
  "components": [
    {
      "kind": "consumer",
      "position": [10, 20.5],
      "service_time": {"p99": "9ms", "kind": "lognormal", "mean": "2ms"},
      "prefetch": 5,
      "strategy": {"gap_wait": null, "idempotent": {"ttl": "1h", "capacity": 7}},
      "id": "billing"
    }
  ],
  "seed": 9,
  "version": 1,
  "title": "Order of keys"
}
)";
    QCOMPARE(QString::fromStdString(rewriteScenario(text, read(text), Folder{})),
             QString::fromStdString(text));
}

void TestWrite::keepsDefaultsThatTheTextSpellsOut() {
    const std::string text = R"({"version": 1, "seed": 1, "links": [], "components": [
        {"id": "q", "kind": "rabbitmq.queue", "durable": true, "max_length": null}]})";
    const auto before = parseJson(text);
    const auto after = parseJson(rewriteScenario(text, read(text), Folder{}));
    QVERIFY(*before == *after);
}

void TestWrite::putsNewKeysBehindTheirPredecessors() {
    const std::string text =
        R"({"title": "T", "version": 1, "components": [{"position": [1, 2], "id": "c", "kind": "consumer"}]})";
    Scenario scenario = read(text);
    scenario.seed = 5;
    std::get<ConsumerSpec>(scenario.components[0].spec).prefetch = 3;
    const auto json = parseJson(rewriteScenario(text, scenario, Folder{}));
    QCOMPARE(QString::fromStdString(jsonLine(*json)),
             R"({"title": "T", "seed": 5, "version": 1, "components": [{"position": [1, 2], )"
             R"("id": "c", "kind": "consumer", "prefetch": 3}]})");
}

void TestWrite::findsComponentsAgainByTheirId() {
    const std::string text = R"({"version": 1, "components": [
        {"id": "a", "kind": "consumer", "prefetch": 1}, {"prefetch": 2, "kind": "consumer", "id": "b"}]})";
    Scenario scenario = read(text);
    scenario.components.erase(scenario.components.begin());
    scenario.components.push_back({"new", QueueSpec{}, {}});
    QCOMPARE(
        QString::fromStdString(jsonLine(*parseJson(rewriteScenario(text, scenario, Folder{})))),
        R"({"version": 1, "components": [{"prefetch": 2, "kind": "consumer", "id": "b"}, )"
        R"({"id": "new", "kind": "rabbitmq.queue"}]})");
}

void TestWrite::keepsTheFileOfSamples() {
    const QTemporaryDir directory;
    const Folder folder{directory.path().toStdString()};
    const std::string text = R"({"version": 1, "components": [{"id": "c", "kind": "consumer",
        "service_time": {"kind": "empirical", "file": "samples.csv"}}]})";
    std::ofstream(folder.path / "samples.csv") << "0.001\n0.0025\n";
    const auto scenario = readScenario(text, folder);
    QVERIFY(scenario.has_value());
    const auto kept = parseJson(rewriteScenario(text, *scenario, folder));
    QVERIFY(*kept == *parseJson(text));
    std::ofstream(folder.path / "samples.csv") << "0.001\n0.0035\n";
    const std::string changed = rewriteScenario(text, *scenario, folder);
    QVERIFY(read(changed) == *scenario);
}

void TestWrite::rewritesWithoutAnOriginal() {
    const Scenario scenario = read(R"({"version": 1, "seed": 3})");
    QCOMPARE(rewriteScenario("no JSON", scenario, Folder{}), writeScenario(scenario));
    QCOMPARE(rewriteScenario("[1]", scenario, Folder{}), writeScenario(scenario));
}

void TestWrite::keepsTheDifferenceBetweenOneAndOnePointZero() {
    const std::string text = R"({"version": 1, "components": [{"id": "p", "kind": "producer",
        "types": [{"headers": {"whole": 1, "float": 1.0, "text": "1"}}]}]})";
    const Scenario scenario = read(text);
    const auto& headers = std::get<ProducerSpec>(scenario.components[0].spec).types[0].headers;
    QVERIFY(headers ==
            (Table{{"whole", std::int64_t{1}}, {"float", 1.0}, {"text", std::string("1")}}));
    QVERIFY(read(writeScenario(scenario)) == scenario);
}

QTEST_APPLESS_MAIN(TestWrite)
#include "tst_write.moc"
