#include "sim/scenario/describe.h"
#include "sim/scenario/not_simulated.h"
#include "sim/scenario/read.h"

#include <QTemporaryDir>
#include <QTest>

#include <ctime>
#include <fstream>
#include <map>

using namespace sim;

class TestRead : public QObject {
    Q_OBJECT

private slots:
    void readsAScenario();
    void saysWhatIsWrong_data();
    void saysWhatIsWrong();
    void saysWhatIsNotSimulated_data();
    void saysWhatIsNotSimulated();
    void saysWhereTheSyntaxIsWrong_data();
    void saysWhereTheSyntaxIsWrong();
    void saysEveryProblemAtOnce();
    void saysNothingTwiceOfWhatItCouldNotRead();
    void endsQuicklyOnHostileText_data();
    void endsQuicklyOnHostileText();
    void refusesFilesThatAreNone();
    void refusesAHugeFileAtOnce();
    void readsTheTimesOfACsvFile();
    void readsTheSamplesOfACsvFile();
    void saysWhichLineOfACsvFileIsWrong_data();
    void saysWhichLineOfACsvFileIsWrong();
};

namespace {

Result<Scenario> read(const std::string& text) { return readScenario(text, Folder{}); }

/// A scenario of a producer "shop", an exchange "events", a queue "orders" and a consumer
/// "billing" on one way, with more lists of the file put in.
std::string shopWith(const std::string& more) {
    return R"({"version": 1, "components": [
        {"id": "shop", "kind": "producer"},
        {"id": "events", "kind": "rabbitmq.exchange"},
        {"id": "orders", "kind": "rabbitmq.queue"},
        {"id": "billing", "kind": "consumer"}],
        "links": [
        {"kind": "publish", "from": "shop", "to": "events"},
        {"kind": "binding", "from": "events", "to": "orders", "routing_key": "#"},
        {"kind": "consume", "from": "orders", "to": "billing"}])" +
           more + "}";
}

/// A scenario of one component.
std::string only(const std::string& component) {
    return R"({"version": 1, "components": [)" + component + "]}";
}

std::string producer(const std::string& fields) {
    return only(R"({"id": "shop", "kind": "producer", )" + fields + "}");
}

std::string consumer(const std::string& fields) {
    return only(R"({"id": "billing", "kind": "consumer", )" + fields + "}");
}

QString listed(const Problems& problems) {
    QString list;
    for (const Problem& problem : problems) {
        list += QString::fromStdString(problem.where + ": " + problem.what + "\n");
    }
    return list;
}

bool says(const Problems& problems, const QString& where, const QString& what) {
    for (const Problem& problem : problems) {
        if (QString::fromStdString(problem.where) == where &&
            QString::fromStdString(problem.what).contains(what)) {
            return true;
        }
    }
    return false;
}

void write(const QString& path, const std::string& text) {
    std::ofstream(path.toStdString(), std::ios::binary) << text;
}

} // namespace

void TestRead::readsAScenario() {
    const auto scenario = read(R"({
        // an online shop
        "version": 1, "title": "Shop", "seed": 7, "duration": "2min", "warmup": "1s",
        "components": [
            {"id": "shop", "kind": "producer", "arrivals": {"kind": "poisson", "rate": "50/s"},
             "confirms": {}, "position": [10, -20.5]},
            {"id": "billing", "kind": "consumer", "failure_rate": "1%", "prefetch": 5,
             "service_time": {"kind": "lognormal", "mean": "2ms", "p99": "9ms"},
             "strategy": {"ordering": "resequence", "gap_wait": null}}],
        "checks": [{"kind": "no-loss", "consumer": "billing"}]})");
    QVERIFY2(scenario.has_value(), scenario ? "" : qPrintable(listed(scenario.error())));
    QCOMPARE(scenario->seed, std::uint64_t{7});
    QVERIFY(scenario->duration == 120s);
    const auto& shop = std::get<ProducerSpec>(scenario->components[0].spec);
    QCOMPARE(std::get<PoissonArrivals>(shop.arrivals).rate, 50.0);
    QVERIFY(shop.confirms.has_value());
    QVERIFY(scenario->components[0].position == (Position{10, -20.5}));
    const auto& billing = std::get<ConsumerSpec>(scenario->components[1].spec);
    QCOMPARE(billing.failureRate, 0.01);
    QCOMPARE(billing.prefetch, 5U);
    QVERIFY(billing.serviceTime == Distribution::logNormalByMeanAndP99(2e6, 9e6));
    QVERIFY(!billing.strategy.gapWait.has_value());
}

void TestRead::saysWhatIsWrong_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("where");
    QTest::addColumn<QString>("what");
    const auto row = [](const char* name, const std::string& text, const char* where,
                        const char* what) {
        QTest::newRow(name) << QString::fromStdString(text) << QString(where) << QString(what);
    };
    row("no object", "[1]", "", "found a list; expected an object");
    row("no version", "{}", "/version", "is missing; expected 1");
    row("later version", R"({"version": 2})", "/version", "found 2; this program reads version 1");
    row("version as text", R"({"version": "1"})", "/version", "found \"1\"");
    row("unknown key", R"({"version": 1, "durration": "5s"})", "/durration",
        "did you mean \"duration\"?");
    row("unknown key without a near one", R"({"version": 1, "zzz": 1})", "/zzz",
        "is not known here; allowed: \"version\", \"title\"");
    row("key twice", R"({"version": 1, "seed": 1, "seed": 2})", "/seed", "stands here twice");
    row("key twice inside", consumer(R"("strategy": {"buffer_max": 1, "buffer_max": 2})"),
        "/components/0/strategy/buffer_max", "stands here twice");
    row("list instead of object", R"({"version": 1, "components": [[]]})", "/components/0",
        "found a list; expected an object");
    row("object instead of list", R"({"version": 1, "components": {}})", "/components",
        "found an object; expected a list");
    row("number instead of text", R"({"version": 1, "title": 5})", "/title",
        "found 5; expected a text");
    row("null instead of text", R"({"version": 1, "title": null})", "/title", "found null");
    row("text instead of bool", only(R"({"id": "q", "kind": "rabbitmq.queue", "durable": "yes"})"),
        "/components/0/durable", "found \"yes\"; expected true or false");
    row("no id", only(R"({"kind": "consumer"})"), "/components/0/id", "is missing");
    row("empty id", only(R"({"id": "", "kind": "consumer"})"), "/components/0/id", "is empty");
    row("no kind", only(R"({"id": "x"})"), "/components/0/kind",
        "is missing; allowed: \"producer\"");
    row("unknown kind", only(R"({"id": "x", "kind": "producr"})"), "/components/0/kind",
        "did you mean \"producer\"?");
    row("kind of another type", only(R"({"id": "x", "kind": 5})"), "/components/0/kind", "found 5");
    row("kind to come", only(R"({"id": "x", "kind": "rabbitmq.shovel"})"), "/components/0/kind",
        "(a consumer with `forward` is a shovel) is not simulated yet");
    row("exchange type to come",
        only(R"({"id": "x", "kind": "rabbitmq.exchange", "type": "x-recent-history"})"),
        "/components/0/type", "the recent-history exchange is not simulated yet");
    row("key to come", only(R"({"id": "x", "kind": "rabbitmq.broker", "memory_limit": 3})"),
        "/components/0/memory_limit", "not simulated yet");
    row("unknown choice", consumer(R"("ack_mode": "afterr")"), "/components/0/ack_mode",
        "allowed: \"after\", \"before\", \"auto\"; did you mean \"after\"?");
    row("choice of another type", consumer(R"("ack_mode": 1)"), "/components/0/ack_mode",
        "found 1");
    row("duration without unit", R"({"version": 1, "duration": "10"})", "/duration",
        "units ns, us, ms");
    row("duration as number", R"({"version": 1, "duration": 10})", "/duration",
        "expected a duration with its unit");
    row("duration of nothing", R"({"version": 1, "duration": "0s"})", "/duration",
        "0s is out of range; allowed: 1ns to 3653d");
    row("negative duration", R"({"version": 1, "warmup": "-1s"})", "/warmup",
        "-1s is out of range; allowed: 0s to 3653d");
    row("rate as number", producer(R"("arrivals": {"kind": "poisson", "rate": 50})"),
        "/components/0/arrivals/rate", "expected a rate with its unit, as \"50/s\"");
    row("no rate at all", producer(R"("arrivals": {"kind": "poisson", "rate": "0/s"})"),
        "/components/0/arrivals/rate", "allowed: more than 0/s");
    row("rate above all", producer(R"("arrivals": {"kind": "poisson", "rate": "1e10/s"})"),
        "/components/0/arrivals/rate", "at most 1000000000/s");
    row("arrivals as text", producer(R"("arrivals": "50/s")"), "/components/0/arrivals",
        "expected an object");
    row("unknown arrivals", producer(R"("arrivals": {"kind": "poison"})"),
        "/components/0/arrivals/kind", "did you mean \"poisson\"?");
    row("probability above 1", consumer(R"("failure_rate": "170%")"), "/components/0/failure_rate",
        "170% is out of range; allowed: 0% to 100%");
    row("negative probability", consumer(R"("failure_rate": -0.5)"), "/components/0/failure_rate",
        "-50% is out of range");
    row("whole number with a point", consumer(R"("prefetch": 1.5)"), "/components/0/prefetch",
        "found 1.5; expected a whole number");
    row("whole number too great", consumer(R"("prefetch": 70000)"), "/components/0/prefetch",
        "70000 is out of range; allowed: 0 to 65535");
    row("whole number far too great", consumer(R"("prefetch": 18446744073709551615)"),
        "/components/0/prefetch", "is out of range; allowed: 0 to 65535");
    row("whole number below zero", consumer(R"("prefetch": -1)"), "/components/0/prefetch",
        "-1 is out of range");
    row("none where one is needed", consumer(R"("instances": 0)"), "/components/0/instances",
        "0 is out of range; allowed: 1 to 10000");
    row("negative seed", R"({"version": 1, "seed": -1})", "/seed", "-1 is out of range");
    row("bytes with a fraction", only(R"({"id": "q", "kind": "rabbitmq.queue",
        "max_length_bytes": "0.5B"})"),
        "/components/0/max_length_bytes", "whole number of bytes");
    row("position of three", only(R"({"id": "c", "kind": "consumer", "position": [1, 2, 3]})"),
        "/components/0/position", "expected a list of two numbers");
    row("position far away", only(R"({"id": "c", "kind": "consumer", "position": [1, 1e9]})"),
        "/components/0/position/1", "out of range");
    row("nested header", producer(R"("types": [{"headers": {"a/b": [1]}}])"),
        "/components/0/types/0/headers/a~1b", "nested tables are not simulated yet");
    row("lognormal that is none",
        consumer(R"("service_time": {"kind": "lognormal", "mean": "2ms", "p99": "90ms"})"),
        "/components/0/service_time/p99", "no lognormal distribution has this mean and p99");
    row("lognormal of both kinds",
        consumer(R"("service_time": {"kind": "lognormal", "mean": "2ms", "sigma": 1})"),
        "/components/0/service_time", "needs either mean and p99, or mu and sigma");
    row("uniform the wrong way round",
        consumer(R"("service_time": {"kind": "uniform", "min": "2ms", "max": "1ms"})"),
        "/components/0/service_time/min", "is above max");
    row("normal outside its limits",
        consumer(R"("service_time": {"kind": "normal", "mean": "1ms", "deviation": "1us",
                    "min": "1s"})"),
        "/components/0/service_time", "fewer than one value in a thousand");
    row("parameter out of range",
        consumer(R"("service_time": {"kind": "gamma", "shape": 0, "mean": "1ms"})"),
        "/components/0/service_time/shape", "allowed: more than 0");
    row("parameter missing", consumer(R"("service_time": {"kind": "exponential"})"),
        "/components/0/service_time/mean", "is missing");
    row("parameter of another unit",
        consumer(R"("service_time": {"kind": "exponential", "mean": "4KiB"})"),
        "/components/0/service_time/mean", "is not a duration");
    row("unknown distribution", consumer(R"("service_time": {"kind": "log-normal"})"),
        "/components/0/service_time/kind", "did you mean \"lognormal\"?");
    row("negative constant", consumer(R"("service_time": "-1ms")"), "/components/0/service_time",
        "is out of range");
    row("mixture without weight",
        consumer(R"("service_time": {"kind": "mixture", "parts": [{"weight": 0, "of": "1ms"}]})"),
        "/components/0/service_time/parts", "sum above 0");
    row("empty mixture", consumer(R"("service_time": {"kind": "mixture", "parts": []})"),
        "/components/0/service_time/parts", "needs at least one");
    row("mixture inside out", consumer(R"("service_time": {"kind": "mixture", "parts": [{"of":
                    {"kind": "uniform", "min": "1s", "max": "1ms"}}]})"),
        "/components/0/service_time/parts/0/of/min", "is above max");
    row("samples missing", consumer(R"("service_time": {"kind": "empirical"})"),
        "/components/0/service_time", "needs either file or samples");
    row("negative sample",
        consumer(R"("service_time": {"kind": "empirical", "samples": ["1ms", "-1ms"]})"),
        "/components/0/service_time/samples/1", "is out of range");
    row("file that is missing",
        consumer(R"("service_time": {"kind": "empirical", "file": "../no/such.csv"})"),
        "/components/0/service_time/file", "there is no such file");
    row("link to nothing",
        shopWith(R"(, "faults": [{"kind": "loss", "from": "shp", "to": "events"}])"),
        "/faults/0/from", "did you mean \"shop\"?");
    row("link end missing", R"({"version": 1, "links": [{"kind": "publish", "to": "x"}]})",
        "/links/0/from", "is missing");
    row("long routing key",
        shopWith(
            R"(, "checks": [], "faults": [{"kind": "poison", "target": "billing", "type": "evnt"}])"),
        "/faults/0/type", "no producer has an event type \"evnt\"; did you mean \"event\"?");
}

void TestRead::saysWhatIsWrong() {
    QFETCH(QString, text);
    QFETCH(QString, where);
    QFETCH(QString, what);
    const auto scenario = read(text.toStdString());
    QVERIFY(!scenario);
    QVERIFY2(says(scenario.error(), where, what), qPrintable(listed(scenario.error())));
}

/// A component of that kind with the key where somebody would write it.
QByteArray withKey(const std::string& kind, std::string_view key) {
    return QByteArray::fromStdString(
        only(R"({"id": "x", "kind": ")" + kind + R"(", ")" + std::string(key) + R"(": "1"})"));
}

void TestRead::saysWhatIsNotSimulated_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("where");
    QTest::addColumn<QString>("what");
    const std::map<std::string_view, std::string> elsewhere{
        {"policy", "rabbitmq.exchange"},      {"delayed_type", "rabbitmq.exchange"},
        {"auto_delete", "rabbitmq.exchange"}, {"vhost", "rabbitmq.exchange"},
        {"policies", "rabbitmq.broker"},      {"operator_policy", "rabbitmq.broker"},
        {"nodes", "rabbitmq.broker"},         {"memory_limit", "rabbitmq.broker"},
        {"consumer_priority", "consumer"},    {"consumer_timeout", "consumer"}};
    for (const NotSimulated& refusal : keysNotSimulated) {
        const auto place = elsewhere.find(refusal.name);
        const std::string kind = place == elsewhere.end() ? "rabbitmq.queue" : place->second;
        QTest::addRow("key %s", std::string(refusal.name).c_str())
            << withKey(kind, refusal.name)
            << QString::fromStdString("/components/0/" + std::string(refusal.name))
            << QString::fromStdString(std::string(refusal.what) + ": not simulated yet");
    }
    for (const NotSimulated& refusal : kindsNotSimulated) {
        const std::string kind{refusal.name};
        QTest::addRow("kind %s", kind.c_str())
            << QByteArray::fromStdString(only(R"({"id": "x", "kind": ")" + kind + "\"}"))
            << QStringLiteral("/components/0/kind")
            << QString::fromStdString(std::string(refusal.what) +
                                      (refusal.what.ends_with("s") ? " are" : " is") +
                                      " not simulated yet; allowed: \"producer\"");
    }
    for (const NotSimulated& refusal : exchangeTypesNotSimulated) {
        const std::string type{refusal.name};
        QTest::addRow("exchange type %s", type.c_str())
            << QByteArray::fromStdString(
                   only(R"({"id": "x", "kind": "rabbitmq.exchange", "type": ")" + type + "\"}"))
            << QStringLiteral("/components/0/type")
            << QString::fromStdString("\"" + type + "\": " + std::string(refusal.what) +
                                      " is not simulated yet; allowed: \"direct\"");
    }
}

void TestRead::saysWhatIsNotSimulated() {
    QFETCH(QByteArray, text);
    QFETCH(QString, where);
    QFETCH(QString, what);
    const auto scenario = readScenario(text.toStdString(), {});
    QVERIFY(!scenario);
    QCOMPARE(scenario.error().size(), 1U);
    QVERIFY2(says(scenario.error(), where, what), qPrintable(listed(scenario.error())));
}

void TestRead::saysWhereTheSyntaxIsWrong_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("what");
    QTest::newRow("empty") << QByteArray("") << "line 1, column 1";
    QTest::newRow("blank") << QByteArray("\n\n  ") << "line 3, column 3";
    QTest::newRow("trailing comma") << QByteArray("{\"version\": 1,\n}") << "line 2, column 1";
    QTest::newRow("no comma") << QByteArray("{\"version\": 1\n\"seed\": 1}") << "line 2, column 6";
    QTest::newRow("cut off") << QByteArray("{\"version\": 1, \"components\": [") << "line 1";
    QTest::newRow("two values") << QByteArray("{} {}") << "line 1, column 4";
    QTest::newRow("not a number") << QByteArray("{\"seed\": NaN}") << "line 1, column 10";
    QTest::newRow("number overflow") << QByteArray("{\"seed\": 1e999}") << "number overflow";
    QTest::newRow("not UTF-8") << QByteArray("{\"title\": \"\xff\"}") << "line 1, column 12";
    QTest::newRow("nul") << QByteArray("{\"title\": \0}", 12) << "line 1, column 11";
    QTest::newRow("UTF-16") << QByteArray("\xff\xfe{\0}\0", 6) << "line 1, column 1";
    QTest::newRow("open comment") << QByteArray("{} /* never closed") << "comment";
    QTest::newRow("column in characters") << QByteArray("{\"ä\": x}") << "line 1, column 7";
}

void TestRead::saysWhereTheSyntaxIsWrong() {
    QFETCH(QByteArray, text);
    QFETCH(QString, what);
    const auto scenario = read(text.toStdString());
    QVERIFY(!scenario);
    QVERIFY2(says(scenario.error(), "", what), qPrintable(listed(scenario.error())));
}

void TestRead::saysEveryProblemAtOnce() {
    const auto scenario = read(R"({"version": 1, "seed": "x", "components": [
        {"id": "a", "kind": "consumer", "prefetch": -1, "instances": 0, "acks": 1},
        {"id": "a", "kind": "rabbitmq.queue", "max_priority": 256}],
        "links": [{"kind": "consume", "from": "q", "to": "a"}, 5]})");
    QVERIFY(!scenario);
    QStringList where;
    for (const Problem& problem : scenario.error()) {
        where << QString::fromStdString(problem.where);
    }
    where.sort();
    QCOMPARE(where,
             QStringList({"/components/0/acks", "/components/0/instances", "/components/0/prefetch",
                          "/components/1/id", "/components/1/max_priority", "/links/0/from",
                          "/links/1", "/seed"}));
}

void TestRead::saysNothingTwiceOfWhatItCouldNotRead() {
    const auto scenario = read(R"({"version": 1, "components": [
        {"id": "shop", "kind": "unheard of", "rate": 5}, {"id": "q", "kind": "rabbitmq.queue"}],
        "links": [{"kind": "publish", "from": "shop", "to": "q"}, {"kind": "unheard of"}]})");
    QVERIFY(!scenario);
    QCOMPARE(listed(scenario.error()).count('\n'), 2);
    QVERIFY(says(scenario.error(), "/components/0/kind", "found \"unheard of\""));
    QVERIFY(says(scenario.error(), "/links/1/kind", "found \"unheard of\""));
}

void TestRead::endsQuicklyOnHostileText_data() {
    QTest::addColumn<QString>("start");
    QTest::addColumn<QString>("repeated");
    QTest::addColumn<int>("times");
    QTest::newRow("deep lists") << ""
                                << "[" << 1'000'000;
    QTest::newRow("deep objects") << ""
                                  << "{\"a\":" << 1'000'000;
    QTest::newRow("deep distributions") << R"({"version": 1, "components": [{"id": "c", "kind":
        "consumer", "service_time": )"
                                        << R"({"kind": "mixture", "parts": [{"of": )" << 1'000'000;
    QTest::newRow("many values") << "[1"
                                 << ",1" << 2'100'000;
    QTest::newRow("one key again and again") << "{\"a\": 1"
                                             << ",\"a\": 1" << 1'000'000;
    QTest::newRow("many bad entries") << R"({"version": 1, "links": [5)"
                                      << ",5" << 1'000'000;
    QTest::newRow("many digits") << "[1"
                                 << "1" << 1'000'000;
    QTest::newRow("long text") << "[\""
                               << "xy" << 1'000'000;
    QTest::newRow("spaces") << ""
                            << "    " << 1'000'000;
}

void TestRead::endsQuicklyOnHostileText() {
    QFETCH(QString, start);
    QFETCH(QString, repeated);
    QFETCH(int, times);
    std::string text = start.toStdString();
    const std::string more = repeated.toStdString();
    text.reserve(text.size() + more.size() * static_cast<std::size_t>(times));
    for (int i = 0; i < times; ++i) {
        text += more;
    }
    const std::clock_t before = std::clock(); // of this process: others may be busy
    const auto scenario = read(text);
    QVERIFY(!scenario);
    QVERIFY(scenario.error().size() <= 1002);
    const auto seconds = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
    QVERIFY2(seconds < 30, qPrintable(QString::number(seconds)));
}

void TestRead::refusesFilesThatAreNone() {
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.path().toStdString();
    QVERIFY(says(readScenarioFile(path).error(), "", "is not a file"));
    QVERIFY(says(readScenarioFile(path / "missing.json").error(), "", "there is no such file"));
    QVERIFY(says(readScenarioFile("/dev/zero").error(), "", "is not a file"));
    write(folder.filePath("bom.json"), "\xef\xbb\xbf{\"version\": 1}");
    QVERIFY(readScenarioFile(path / "bom.json").has_value());
}

void TestRead::refusesAHugeFileAtOnce() {
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.filePath("huge.json").toStdString();
    std::ofstream(path) << "{";
    std::filesystem::resize_file(path, 100'000'000);
    const auto scenario = readScenarioFile(path);
    QVERIFY2(says(scenario.error(), "", "100000000 bytes are too many; at most 67108864 are read"),
             qPrintable(listed(scenario.error())));
}

void TestRead::readsTheTimesOfACsvFile() {
    const QTemporaryDir folder;
    write(folder.filePath("times.csv"),
          "seconds;note\r\n0.5;first\r\n\r\n# a comment\n\"1.25\";\n2");
    const auto scenario =
        readScenario(producer(R"("arrivals": {"kind": "replay", "file": "times.csv"})"),
                     Folder{folder.path().toStdString()});
    QVERIFY2(scenario.has_value(), scenario ? "" : qPrintable(listed(scenario.error())));
    const auto& shop = std::get<ProducerSpec>(scenario->components[0].spec);
    QVERIFY(std::get<ReplayArrivals>(shop.arrivals).times ==
            (std::vector<Duration>{500ms, 1250ms, 2s}));
}

void TestRead::readsTheSamplesOfACsvFile() {
    const QTemporaryDir folder;
    write(folder.filePath("samples.csv"), "0.001\n0.002\n");
    const auto scenario =
        readScenario(consumer(R"("service_time": {"kind": "empirical", "file": "samples.csv"})"),
                     Folder{folder.path().toStdString()});
    QVERIFY2(scenario.has_value(), scenario ? "" : qPrintable(listed(scenario.error())));
    QVERIFY(std::get<ConsumerSpec>(scenario->components[0].spec).serviceTime ==
            Distribution::empirical({1e6, 2e6}));
}

void TestRead::saysWhichLineOfACsvFileIsWrong_data() {
    QTest::addColumn<QByteArray>("csv");
    QTest::addColumn<QString>("what");
    QTest::newRow("empty") << QByteArray("") << "has no numbers in its first column";
    QTest::newRow("heading only") << QByteArray("seconds\n") << "has no numbers";
    QTest::newRow("text") << QByteArray("1\ntwo\n3") << "line 2: \"two\" is not a number";
    QTest::newRow("two headings") << QByteArray("a\nb\n3") << "line 2: \"b\" is not a number";
    QTest::newRow("negative") << QByteArray("1\n-2") << "line 2: \"-2\" is not a number of 0 or";
    QTest::newRow("infinite") << QByteArray("1\ninf") << "line 2";
    QTest::newRow("not a number") << QByteArray("1\nnan") << "line 2";
    QTest::newRow("binary") << QByteArray("1\n\x01\xff\x00", 5) << "line 2: \"??";
    QTest::newRow("backwards") << QByteArray("2\n1") << "the times must ascend";
    QTest::newRow("too late") << QByteArray("1e300") << "line 1";
    QTest::newRow("after the end of time") << QByteArray("1e12") << "up to 3653 days";
}

void TestRead::saysWhichLineOfACsvFileIsWrong() {
    QFETCH(QByteArray, csv);
    QFETCH(QString, what);
    const QTemporaryDir folder;
    write(folder.filePath("t.csv"), csv.toStdString());
    const auto scenario =
        readScenario(producer(R"("arrivals": {"kind": "replay", "file": "t.csv"})"),
                     Folder{folder.path().toStdString()});
    QVERIFY(!scenario);
    QVERIFY2(says(scenario.error(), "/components/0/arrivals/file", what),
             qPrintable(listed(scenario.error())));
}

QTEST_APPLESS_MAIN(TestRead)
#include "tst_read.moc"
