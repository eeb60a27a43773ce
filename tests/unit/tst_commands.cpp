#include "app/commands.h"
#include "app/console_text.h"
#include "sim/experiment/record_run.h"
#include "sim/run/run.h"
#include "sim/scenario/library.h"
#include "sim/scenario/read.h"
#include "sim/store/run_store.h"
#include "sim/store/sqlite.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <sstream>

using namespace sim;

namespace {

/// A shop whose only consumer is down from 2 s to 4 s; `checks` judge it.
std::string shop(const std::string& checks) {
    return R"({ // a comment
 "version": 1, "title": "A small shop", "seed": 5, "duration": "10s",
 "components": [
  {"id": "shop", "kind": "producer", "arrivals": {"kind": "poisson", "rate": "20/s"}},
  {"id": "orders", "kind": "rabbitmq.queue"},
  {"id": "billing", "kind": "consumer", "service_time": "5ms", "prefetch": 5}
 ],
 "links": [
  {"kind": "publish", "from": "shop", "to": "orders"},
  {"kind": "consume", "from": "orders", "to": "billing"}
 ],
 "faults": [{"kind": "crash", "target": "billing", "at": "2s", "duration": "2s"}],
 "checks": [)" +
           checks + "]}";
}
const char* const holding = R"({"kind": "conservation"})";
const char* const violated = R"({"kind": "depth-bound", "queue": "orders", "max": 3})";

/// A folder to work in, and what a command printed.
struct Desk {
    QTemporaryDir folder;
    std::ostringstream out;
    std::ostringstream err;
    bool colour = false;
    bool progress = false;
    std::string scenarios = PROJECT_ROOT "/tests/data/no-scenarios";

    std::string path(const std::string& name) const {
        return folder.filePath(QString::fromStdString(name)).toStdString();
    }
    std::string write(const std::string& name, const std::string& text) const {
        std::ofstream{path(name), std::ios::binary} << text;
        return path(name);
    }
    std::string read(const std::string& name) const {
        std::ifstream file{path(name), std::ios::binary};
        return {std::istreambuf_iterator<char>{file}, {}};
    }
    QStringList files() const { return QDir{folder.path()}.entryList(QDir::Files, QDir::Name); }

    int run(const std::vector<std::string>& arguments) {
        out.str("");
        err.str("");
        const app::Console console{out,
                                   err,
                                   colour,
                                   progress,
                                   path("library/runs.sqlite"),
                                   scenarios,
                                   std::chrono::milliseconds{0}};
        return app::execute(arguments, console);
    }
    /// Changes the run library behind the program's back.
    void change(const std::string& sql) const {
        Database database{path("library/runs.sqlite"), Database::Access::ReadWrite, 1s};
        database.run(sql);
        if (!database.ok()) {
            qFatal("%s", database.failure().c_str());
        }
    }
    QJsonObject json() const {
        return QJsonDocument::fromJson(QByteArray::fromStdString(out.str())).object();
    }
};

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

} // namespace

class CommandsTest : public QObject {
    Q_OBJECT
private slots:
    void endsWith0WhenEveryCheckHolds();
    void endsWith1WhenACheckIsViolated();
    void endsWith0WhenACheckIsNotDecided();
    void endsWith2OnAScenarioWithProblems();
    void endsWith2OnWrongArguments_data();
    void endsWith2OnWrongArguments();
    void printsHelpAndVersion();
    void printsVerdictsWithWitnessAndMetrics();
    void printsNothingWhenQuiet();
    void coloursOnlyOnATerminal();
    void writesTheOutcomeAsJson();
    void givesTheSameFingerprintEveryTime();
    void takesAnotherSeed();
    void endsWhereItIsTold();
    void saysWhichTimesItTakes();
    void changesFields();
    void namesTheFieldThatCannotBeChanged();
    void writesEveryFactAsJsonLines();
    void writesEveryFactAsCsv();
    void tracingDoesNotChangeTheRun();
    void writesAReport();
    void leavesNothingBehindWhenItCannotWrite();
    void saysWhenTheDiskIsFull();
    void validatesManyFiles();
    void listsTheScenariosByTitle();
    void listsTheScenariosAroundABadOne();
    void saysThatThereIsNothingToList();
    void showsItsProgressOnATerminalOnly();
    void describesAKind();
    void namesTheNearestKind();
    void importsADefinitionsFileThatRuns();
    void importsEveryVhostOfAFile();
    void exportsWhatItImported();
    void exportsToTheStandardOutput();
    void keepsAndRepeatsARun();
    void saysThatARepeatedRunDiffers();
    void repeatsWhatWasDoneByHand();
    void exportsAKeptRun();
    void forgetsARun();
    void endsWith2WhereTimeStandsStill();
    void saysThatThereAreNoRunsYet();
    void findsTheScenariosOfTheSourceTree();
    void alignsByCharacters();
};

void CommandsTest::endsWith0WhenEveryCheckHolds() {
    Desk desk;
    QCOMPARE(desk.run({"run", desk.write("a.json", shop(holding))}), 0);
    QCOMPARE(desk.err.str(), "");
}

void CommandsTest::endsWith1WhenACheckIsViolated() {
    Desk desk;
    QCOMPARE(desk.run({"run", desk.write("a.json", shop(violated))}), 1);
    QVERIFY(has(desk.out.str(), "VIOLATED"));
}

void CommandsTest::endsWith0WhenACheckIsNotDecided() {
    Desk desk;
    const std::string file = desk.write("a.json", shop(R"({"kind": "no-loss"})"));
    QCOMPARE(desk.run({"run", file, "--until", "3s"}), 0); // billing is down
    QVERIFY2(has(desk.out.str(), "not decided"), desk.out.str().c_str());
}

void CommandsTest::endsWith2OnAScenarioWithProblems() {
    Desk desk;
    std::string text = shop(holding);
    text.replace(text.find("rabbitmq.queue"), 14, "rabbitmq.quueu");
    const std::string file = desk.write("a.json", text);
    QCOMPARE(desk.run({"run", file}), 2);
    QVERIFY2(has(desk.err.str(), file + ": /components/1/kind: "), desk.err.str().c_str());
    QCOMPARE(desk.out.str(), "");
    QCOMPARE(desk.run({"run", desk.path("missing.json")}), 2);
    QVERIFY(has(desk.err.str(), "missing.json"));
}

void CommandsTest::endsWith2OnWrongArguments_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("none") << QStringList{};
    QTest::newRow("unknown command") << QStringList{"rnu", "a.json"};
    QTest::newRow("unknown option") << QStringList{"run", "a.json", "--sed", "1"};
    QTest::newRow("no scenario") << QStringList{"run"};
    QTest::newRow("seed that is no number") << QStringList{"run", "a.json", "--seed", "x"};
    QTest::newRow("negative seed") << QStringList{"run", "a.json", "--seed", "-1"};
    QTest::newRow("time before the start") << QStringList{"run", "a.json", "--until", "-5s"};
    QTest::newRow("time that is none") << QStringList{"run", "a.json", "--until", "soon"};
    QTest::newRow("time of an unknown unit") << QStringList{"run", "a.json", "--until", "5x"};
    QTest::newRow("setting without a value") << QStringList{"run", "a.json", "--set", "/seed"};
    QTest::newRow("trace of another kind") << QStringList{"run", "a.json", "--trace", "t.txt"};
    QTest::newRow("import without output") << QStringList{"import", "rabbitmq", "d.json"};
    QTest::newRow("export of nothing") << QStringList{"runs", "export", "1"};
    QTest::newRow("run that is no number") << QStringList{"runs", "show", "x"};
}

void CommandsTest::endsWith2OnWrongArguments() {
    QFETCH(const QStringList, arguments);
    std::vector<std::string> list;
    for (const QString& argument : arguments) {
        list.push_back(argument.toStdString());
    }
    Desk desk;
    QCOMPARE(desk.run(list), 2);
    QVERIFY(!desk.err.str().empty());
    QCOMPARE(desk.out.str(), "");
}

void CommandsTest::printsHelpAndVersion() {
    Desk desk;
    QCOMPARE(desk.run({"--help"}), 0);
    for (const char* command : {"run", "validate", "list", "describe", "import", "runs"}) {
        QVERIFY2(has(desk.out.str(), command), command);
    }
    QVERIFY(has(desk.out.str(), "Exit codes"));
    QCOMPARE(desk.run({"--version"}), 0);
    QCOMPARE(desk.out.str(), "millrace-cli " MILLRACE_VERSION "\n");
}

void CommandsTest::printsVerdictsWithWitnessAndMetrics() {
    Desk desk;
    desk.run({"run", desk.write("a.json", shop(std::string{holding} + "," + violated))});
    const std::string text = desk.out.str();
    QVERIFY(has(text, "A small shop"));
    QVERIFY(has(text, "holds       conservation"));
    QVERIFY(has(text, "seed 5, fingerprint "));
    QVERIFY2(has(text, "orders  enqueued"), text.c_str()); // a fact of the witness
    QVERIFY(has(text, "metric"));
    QVERIFY(has(text, "whole run"));
}

void CommandsTest::printsNothingWhenQuiet() {
    Desk desk;
    QCOMPARE(desk.run({"run", desk.write("a.json", shop(violated)), "--quiet", "--report",
                       desk.path("r.html"), "--save"}),
             1);
    QCOMPARE(desk.out.str() + desk.err.str(), "");
}

void CommandsTest::coloursOnlyOnATerminal() {
    Desk desk;
    const std::string file = desk.write("a.json", shop(holding));
    desk.run({"run", file});
    QVERIFY(!has(desk.out.str(), "\033"));
    desk.colour = true;
    desk.run({"run", file});
    QVERIFY(has(desk.out.str(), "\033[32mholds"));
}

void CommandsTest::writesTheOutcomeAsJson() {
    Desk desk;
    const std::string file = desk.write("a.json", shop(std::string{holding} + "," + violated));
    QCOMPARE(desk.run({"run", file, "--json", "-"}), 1);
    const QJsonObject outcome = desk.json();
    QCOMPARE(outcome["title"].toString(), "A small shop");
    QVERIFY(!outcome["fingerprint"].toString().isEmpty());
    QCOMPARE(outcome["verdicts"].toArray().size(), 2);
    QCOMPARE(outcome["verdicts"].toArray().at(0).toObject()["state"].toString(), "holds");
    const QJsonObject violation = outcome["verdicts"].toArray().at(1).toObject();
    QCOMPARE(violation["state"].toString(), "violated");
    QVERIFY(!violation["witness"].toString().isEmpty());
    QVERIFY(!violation["facts"].toArray().isEmpty());
    QVERIFY(outcome["metrics"].toArray().size() > 20);
    const QJsonArray laws = outcome["littles_law"].toArray();
    QCOMPARE(laws.size(), 1);
    QCOMPARE(laws.at(0)["queue"].toString(), "orders");
    QCOMPARE(laws.at(0)["holds"], QJsonValue(true));
    QVERIFY(laws.at(0)["depth_time"].toDouble() > 0);
    QCOMPARE(laws.at(0)["depth_time"], laws.at(0)["sojourn_time"]);
    QCOMPARE(desk.run({"run", file, "--json", desk.path("o.json"), "--quiet"}), 1);
    QVERIFY(QJsonDocument::fromJson(QByteArray::fromStdString(desk.read("o.json"))).object() ==
            outcome);
}

void CommandsTest::givesTheSameFingerprintEveryTime() {
    Desk desk;
    const std::string file = desk.write("a.json", shop(holding));
    desk.run({"run", file, "--json", "-"});
    const std::string first = desk.out.str();
    desk.run({"run", file, "--json", "-"});
    QCOMPARE(desk.out.str(), first);
}

void CommandsTest::takesAnotherSeed() {
    Desk desk;
    const std::string file = desk.write("a.json", shop(holding));
    desk.run({"run", file, "--json", "-"});
    const QJsonObject first = desk.json();
    desk.run({"run", file, "--json", "-", "--seed", "18446744073709551615"});
    QVERIFY(desk.json()["fingerprint"] != first["fingerprint"]);
    QVERIFY(has(desk.out.str(), "\"seed\": 18446744073709551615"));
}

void CommandsTest::endsWhereItIsTold() {
    Desk desk;
    desk.run({"run", desk.write("a.json", shop(holding)), "--json", "-", "--until", "1500ms"});
    QCOMPARE(desk.json()["simulated"].toString(), "1.5s");
    desk.run({"run", desk.path("a.json"), "--json", "-", "--until", "2.5"});
    QCOMPARE(desk.json()["simulated"].toString(), "2.5s"); // as --at of the desktop program
}

void CommandsTest::saysWhichTimesItTakes() {
    Desk desk;
    desk.run({"run", desk.write("a.json", shop(holding)), "--until", "5x"});
    QVERIFY2(has(desk.err.str(), "--until: \"5x\" is not a time from the start on, as \"90s\""),
             desk.err.str().c_str());
}

void CommandsTest::changesFields() {
    Desk desk;
    const std::string file = desk.write("a.json", shop(violated));
    QCOMPARE(desk.run({"run", file, "--set", "/checks/0/max=100000", "--set",
                       "/components/billing/prefetch=9"}),
             0);
}

void CommandsTest::namesTheFieldThatCannotBeChanged() {
    Desk desk;
    const std::string file = desk.write("a.json", shop(holding));
    QCOMPARE(desk.run({"run", file, "--set", "/components/billing/prefetsch=9"}), 2);
    QVERIFY2(has(desk.err.str(), "prefetsch"), desk.err.str().c_str());
}

void CommandsTest::writesEveryFactAsJsonLines() {
    Desk desk;
    const std::string file = desk.write("a.json", shop(holding));
    QCOMPARE(desk.run({"run", file, "--trace", desk.path("t.jsonl")}), 0);
    std::istringstream lines{desk.read("t.jsonl")};
    std::size_t count = 0;
    qint64 last = 0;
    for (std::string line; std::getline(lines, line); ++count) {
        const QJsonObject fact = QJsonDocument::fromJson(QByteArray::fromStdString(line)).object();
        QVERIFY2(!fact["kind"].toString().isEmpty(), line.c_str());
        QVERIFY2(!fact["text"].toString().isEmpty(), line.c_str());
        QVERIFY2(fact["at"].toInteger() >= last, line.c_str());
        last = fact["at"].toInteger();
    }
    QVERIFY(count > 1000); // 200 messages, a handful of facts each
}

void CommandsTest::writesEveryFactAsCsv() {
    Desk desk;
    const std::string file = desk.write("a.json", shop(holding));
    QCOMPARE(desk.run({"run", file, "--trace", desk.path("t.csv")}), 0);
    const std::string csv = desk.read("t.csv");
    QVERIFY(csv.starts_with("at,kind,component,lane,peer,message,copy,key,version,type,reason,"
                            "attempt,since,text\r\n"));
    QVERIFY(has(csv, ",crashed,billing,"));
}

void CommandsTest::tracingDoesNotChangeTheRun() {
    Desk desk;
    const std::string file = desk.write("a.json", shop(violated));
    desk.run({"run", file, "--json", "-"});
    const std::string without = desk.out.str();
    desk.run({"run", file, "--json", "-", "--trace", desk.path("t.csv")});
    QCOMPARE(desk.out.str(), without);
}

void CommandsTest::writesAReport() {
    Desk desk;
    const std::string file = desk.write("a.json", shop(violated));
    QCOMPARE(desk.run({"run", file, "--report", desk.path("r.html")}), 1);
    QVERIFY(has(desk.err.str(), "Report written to "));
    const std::string html = desk.read("r.html");
    QVERIFY(html.starts_with("<!DOCTYPE html>"));
    for (const char* part : {"A small shop", "<svg class='topology'", "<svg class='chart'",
                             "violated", "class='band'", "prefetch"}) {
        QVERIFY2(has(html, part), part);
    }
}

void CommandsTest::leavesNothingBehindWhenItCannotWrite() {
    Desk desk;
    const std::string file = desk.write("a.json", shop(holding));
    for (const char* option : {"--report", "--json", "--trace"}) {
        QCOMPARE(desk.run({"run", file, option, desk.path("no/folder/t.csv")}), 2);
        QVERIFY2(has(desk.err.str(), "no/folder/t.csv: cannot be written: No such file"),
                 desk.err.str().c_str());
    }
    QCOMPARE(desk.files(), QStringList{"a.json"});
}

void CommandsTest::saysWhenTheDiskIsFull() {
    Desk desk;
    const std::string file = desk.write("a.json", shop(holding));
    QCOMPARE(desk.run({"run", file, "--report", "/dev/full"}), 2);
    QVERIFY2(has(desk.err.str(), "/dev/full: cannot be written: No space left"),
             desk.err.str().c_str());
    QVERIFY(QFile::symLinkTarget(desk.folder.filePath("full.csv")).isEmpty());
    QVERIFY(QFile::link("/dev/full", desk.folder.filePath("full.csv")));
    QCOMPARE(desk.run({"run", file, "--trace", desk.path("full.csv")}), 2);
    QVERIFY(has(desk.err.str(), "No space left"));
}

void CommandsTest::validatesManyFiles() {
    Desk desk;
    const std::string right = desk.write("right.json", shop(holding));
    const std::string wrong = desk.write("wrong.json", "{\"version\": 1, \"titel\": 3}");
    QCOMPARE(desk.run({"validate", right}), 0);
    QVERIFY(has(desk.out.str(), "right.json: good"));
    QCOMPARE(desk.run({"validate", wrong, right}), 2);
    QVERIFY(has(desk.out.str(), "right.json: good"));
    QVERIFY(has(desk.err.str(), "wrong.json: /titel: "));
}

void CommandsTest::listsTheScenariosByTitle() {
    Desk desk;
    desk.scenarios = desk.path("scenarios");
    QDir{desk.folder.path()}.mkpath("scenarios/rabbitmq");
    desk.write("scenarios/scenario.schema.json", "{}");
    desk.write("scenarios/rabbitmq/b.json", shop(holding));
    desk.write("scenarios/rabbitmq/longer.json",
               R"({"version": 1, "title": "Nothing happens", "components": []})");
    QCOMPARE(desk.run({"list"}), 0);
    QCOMPARE(desk.out.str(), "rabbitmq/b.json       A small shop\n"
                             "rabbitmq/longer.json  Nothing happens\n");
    QCOMPARE(desk.err.str(), "");
    QCOMPARE(desk.run({"run", "rabbitmq/b", "--quiet"}), 0); // the names are there to be used
    desk.scenarios = PROJECT_ROOT "/scenarios";
    QCOMPARE(desk.run({"list"}), 0);
    QVERIFY(has(desk.out.str(), "rabbitmq/06-crash-duplicates-charge.json"));
    QVERIFY(has(desk.out.str(), "A crash charges a customer twice"));
}

void CommandsTest::listsTheScenariosAroundABadOne() {
    Desk desk;
    desk.scenarios = desk.path("scenarios");
    QDir{desk.folder.path()}.mkpath("scenarios/rabbitmq");
    desk.write("scenarios/rabbitmq/a.json", "{\"version\": 1, \"titel\": 3}");
    desk.write("scenarios/rabbitmq/b.json", shop(holding));
    QCOMPARE(desk.run({"list"}), 2);
    QCOMPARE(desk.out.str(), "rabbitmq/b.json  A small shop\n");
    QVERIFY2(has(desk.err.str(), "rabbitmq/a.json: /titel: "), desk.err.str().c_str());
}

void CommandsTest::saysThatThereIsNothingToList() {
    Desk desk;
    desk.scenarios.clear(); // what findScenarios() gives where there are none
    QCOMPARE(desk.run({"list"}), 2);
    QCOMPARE(desk.out.str(), "");
    QVERIFY(has(desk.err.str(), "The folder of scenarios is neither beside the program"));
}

void CommandsTest::showsItsProgressOnATerminalOnly() {
    Desk desk;
    // Progress is looked at every half a million events, so there have to be more.
    const std::string file = desk.write("a.json", R"({
        "version": 1, "duration": "10s", "components": [
            {"id": "p", "kind": "producer", "arrivals": {"kind": "constant", "rate": "30000/s"}},
            {"id": "q", "kind": "rabbitmq.queue", "max_length": 10}],
        "links": [{"kind": "publish", "from": "p", "to": "q"}]})");
    QCOMPARE(desk.run({"run", file, "--quiet"}), 0);
    QCOMPARE(desk.err.str(), "");
    desk.progress = true;
    QCOMPARE(desk.run({"run", file, "--quiet"}), 0);
    const std::string bar = desk.err.str();
    QVERIFY2(bar.starts_with("\r[") && has(bar, " %  ") && has(bar, " million events"),
             bar.c_str());
    QVERIFY(bar.ends_with("\r\033[K")); // and the line is given back
    QCOMPARE(desk.out.str(), "");
}

void CommandsTest::describesAKind() {
    Desk desk;
    QCOMPARE(desk.run({"describe", "rabbitmq.queue"}), 0);
    QVERIFY(has(desk.out.str(), "message_ttl"));
    QVERIFY(has(desk.out.str(), "Contract: quorum"));
    QCOMPARE(desk.run({"describe"}), 0);
    QVERIFY(has(desk.out.str(), "rabbitmq.exchange"));
    QCOMPARE(desk.run({"describe", "consumer", "--json"}), 0);
    QVERIFY(desk.json()["kinds"][0]["contracts"][0]["guarantees"].isArray());
}

void CommandsTest::namesTheNearestKind() {
    Desk desk;
    QCOMPARE(desk.run({"describe", "rabbitmq.quueu"}), 2);
    QVERIFY(has(desk.err.str(), "rabbitmq.queue"));
}

void CommandsTest::importsADefinitionsFileThatRuns() {
    Desk desk;
    const std::string definitions = PROJECT_ROOT "/tests/data/rabbitmq/definitions-3.10-http.json";
    QCOMPARE(desk.run({"import", "rabbitmq", definitions, "--vhost", "shop", "-o",
                       desk.path("shop.json")}),
             0);
    QVERIFY(has(desk.out.str(), "Left out, or not fully there:"));
    QVERIFY(has(desk.out.str(), "- argument x-queue-mode of a queue: billing.orders.dead"));
    QCOMPARE(desk.run({"validate", desk.path("shop.json")}), 0);
    const int exitCode = desk.run({"run", desk.path("shop.json"), "--until", "5s", "--json", "-"});
    QVERIFY2(exitCode != 2, desk.err.str().c_str());
    QVERIFY(desk.json()["events"].toInteger() > 100);
}

void CommandsTest::importsEveryVhostOfAFile() {
    Desk desk;
    const std::string definitions = PROJECT_ROOT "/tests/data/rabbitmq/definitions-3.10.json";
    QCOMPARE(desk.run({"import", "rabbitmq", definitions, "-o", desk.path("shop.json")}), 0);
    QCOMPARE(desk.run({"route", desk.path("shop.json"), "--broker", "reports", "--exchange", "",
                       "--key", "nightly"}),
             0);
    QVERIFY(has(desk.out.str(), "-> nightly"));
    QCOMPARE(desk.run({"import", "rabbitmq", definitions, "--vhost", "shp", "-o",
                       desk.path("no.json")}),
             2);
    QVERIFY(has(desk.err.str(), "choose one of reports, shop"));
    QCOMPARE(desk.files(), QStringList{"shop.json"});
}

void CommandsTest::exportsWhatItImported() {
    Desk desk;
    const std::string definitions = PROJECT_ROOT "/tests/data/rabbitmq/cluster-4.json";
    QCOMPARE(desk.run({"import", "rabbitmq", definitions, "-o", desk.path("a.json")}), 0);
    QVERIFY(has(desk.out.str(), "password hashes of 2 users"));
    QVERIFY(!has(desk.out.str(), "kI3GCq"));
    QCOMPARE(desk.run({"export", "rabbitmq", desk.path("a.json"), "-o", desk.path("d.json")}), 0);
    QVERIFY(has(desk.out.str(), "- producer: amq.topic-producer"));
    QVERIFY(has(desk.out.str(), "password hashes of 2 users"));
    QCOMPARE(desk.run({"import", "rabbitmq", desk.path("d.json"), "-o", desk.path("b.json")}), 0);
    QCOMPARE(desk.read("b.json"), desk.read("a.json"));
    QCOMPARE(desk.run({"import", "rabbitmq", definitions, "--without-users", "-o",
                       desk.path("c.json")}),
             0);
    QVERIFY(!has(desk.out.str(), "password"));
    QVERIFY(!has(desk.read("c.json"), "kI3GCq"));
}

void CommandsTest::exportsToTheStandardOutput() {
    Desk desk;
    const std::string file = desk.write("a.json", shop(holding));
    QCOMPARE(desk.run({"export", "rabbitmq", file}), 0);
    QVERIFY(desk.json()["queues"].toArray().size() > 0);
    QVERIFY(has(desk.err.str(), "Left out, or not fully there:"));
    QCOMPARE(desk.run({"export", "rabbitmq", file, "--broker", "none"}), 2);
    QVERIFY(has(desk.err.str(), "has no broker \"none\""));
    QCOMPARE(desk.run({"export", "rabbitmq", file, "-o", desk.path("no/such/folder.json")}), 2);
}

void CommandsTest::keepsAndRepeatsARun() {
    Desk desk;
    const std::string file = desk.write("a.json", shop(violated));
    QCOMPARE(desk.run({"run", file, "--save", "--seed", "77", "--until", "8s"}), 1);
    QVERIFY(has(desk.err.str(), "Saved as run 1 in "));
    QCOMPARE(desk.run({"runs", "list"}), 0);
    QVERIFY(has(desk.out.str(), "A small shop"));
    QCOMPARE(desk.run({"runs", "show", "1"}), 0);
    QVERIFY(has(desk.out.str(), "seed 77") && has(desk.out.str(), "VIOLATED"));
    QFile::remove(QString::fromStdString(file)); // the library has all of it
    QCOMPARE(desk.run({"runs", "rerun", "1"}), 0);
    QVERIFY2(has(desk.out.str(), "The same run again"), desk.out.str().c_str());
}

void CommandsTest::saysThatARepeatedRunDiffers() {
    Desk desk;
    QCOMPARE(desk.run({"run", desk.write("a.json", shop(holding)), "--save", "--json", "-"}), 0);
    const std::string real = desk.json()["fingerprint"].toString().toStdString();
    desk.change("UPDATE run SET fingerprint = '0123456789abcdef'");
    QCOMPARE(desk.run({"runs", "rerun", "1"}), 1);
    QCOMPARE(desk.out.str(),
             "Another run: fingerprint " + real + " in place of 0123456789abcdef.\n");
    desk.change("UPDATE run SET version = '0.0.1'");
    QCOMPARE(desk.run({"runs", "rerun", "1"}), 1);
    QVERIFY2(has(desk.out.str(), "It was saved by Millrace 0.0.1; this is " MILLRACE_VERSION ".\n"),
             desk.out.str().c_str());
    desk.change("UPDATE run SET scenario = '{\"version\": 1, \"titel\": 3}'");
    QCOMPARE(desk.run({"runs", "rerun", "1"}), 2); // nothing that could be run again
    QVERIFY2(has(desk.err.str(), "run 1: /titel: "), desk.err.str().c_str());
}

void CommandsTest::repeatsWhatWasDoneByHand() {
    Desk desk;
    const std::string file = desk.write("a.json", shop(holding));
    const Scenario scenario = *readScenarioFile(file);
    const std::vector<FaultSpec> interventions{{"", {6s, 1s, {}}, CrashFault{"billing", {}}}};
    sim::RunOptions how;
    how.interventions = interventions;
    const RunResult result = runScenario(scenario, how);
    QVERIFY(result.fingerprint != runScenario(scenario).fingerprint); // the crash was felt
    const std::filesystem::path library = desk.path("library/runs.sqlite");
    QVERIFY(RunStore::open(library, RunStore::Open::Create)
                ->save(recordRun(scenario, interventions, result, "")));
    QCOMPARE(desk.run({"runs", "rerun", "1"}), 0);
    QVERIFY2(has(desk.out.str(), "The same run again: fingerprint " + result.fingerprint),
             desk.out.str().c_str());
    QCOMPARE(desk.run({"runs", "export", "1", "--report", desk.path("r.html")}), 0);
    QVERIFY(has(desk.read("r.html"), "by hand"));
    desk.change("UPDATE run SET interventions = ''");
    QCOMPARE(desk.run({"runs", "rerun", "1"}), 1); // without them it is another run
}

void CommandsTest::exportsAKeptRun() {
    Desk desk;
    desk.run({"run", desk.write("a.json", shop(holding)), "--save", "--json", "-"});
    const std::string outcome = desk.out.str();
    QCOMPARE(desk.run({"runs", "export", "1", "--json", "-", "--report", desk.path("r.html"),
                       "--metrics", desk.path("m.csv"), "--series", desk.path("s.csv"),
                       "--scenario", desk.path("b.json")}),
             0);
    QCOMPARE(desk.out.str(), outcome);
    QVERIFY(has(desk.read("r.html"), "A small shop"));
    QVERIFY(desk.read("m.csv").starts_with("component,metric,value,unit\r\n"));
    QVERIFY(has(desk.read("s.csv"), "orders,ready messages,"));
    QCOMPARE(desk.run({"validate", desk.path("b.json")}), 0);
}

void CommandsTest::forgetsARun() {
    Desk desk;
    desk.run({"run", desk.write("a.json", shop(holding)), "--save"});
    QCOMPARE(desk.run({"runs", "delete", "1"}), 0);
    QCOMPARE(desk.run({"runs", "show", "1"}), 2);
    QVERIFY(has(desk.err.str(), "has no run 1"));
}

void CommandsTest::endsWith2WhereTimeStandsStill() {
    Desk desk;
    const std::string file = desk.write("a.json", R"({
        "version": 1, "title": "Round and round", "duration": "10s",
        "components": [
            {"id": "p", "kind": "producer", "arrivals": {"kind": "script", "messages": [{"at": "1s"}]},
             "types": [{"name": "order"}]},
            {"id": "q", "kind": "rabbitmq.queue"},
            {"id": "c", "kind": "consumer", "service_time": "0s", "failure_rate": 1,
             "on_failure": "requeue"}
        ],
        "links": [
            {"kind": "publish", "from": "p", "to": "q", "latency": "0s"},
            {"kind": "consume", "from": "q", "to": "c", "latency": "0s"}
        ]})");
    QCOMPARE(desk.run({"run", file}), 2);
    QVERIFY2(has(desk.err.str(), "time stands still at 1s"), desk.err.str().c_str());
}

void CommandsTest::saysThatThereAreNoRunsYet() {
    Desk desk;
    QCOMPARE(desk.run({"runs", "list"}), 0);
    QVERIFY(has(desk.out.str(), "No runs yet"));
    QCOMPARE(desk.run({"runs", "--library", desk.path("other.sqlite"), "list"}), 2);
    QVERIFY(has(desk.err.str(), "no run was saved there yet"));
    QVERIFY(desk.files().isEmpty());
}

void CommandsTest::findsTheScenariosOfTheSourceTree() {
    Desk desk;
    QDir{desk.folder.path()}.mkpath("build/dev/app");
    QDir{desk.folder.path()}.mkpath("scenarios/rabbitmq");
    desk.write("CMakePresets.json", "{}");
    desk.write("scenarios/scenario.schema.json", "{}");
    desk.write("scenarios/rabbitmq/a.json", shop(holding));
    const auto found = sim::findScenarios(desk.path("build/dev/app/millrace-cli"));
    QCOMPARE(found.string(), desk.path("scenarios"));
    QCOMPARE(sim::scenariosIn(found).size(), 1U);
    QCOMPARE(sim::resolveScenario("rabbitmq/a", found).string(),
             desk.path("scenarios/rabbitmq/a.json"));
    QCOMPARE(sim::resolveScenario("a", found).string(), desk.path("scenarios/rabbitmq/a.json"));
    QDir{desk.folder.path()}.mkpath("scenarios/kafka");
    desk.write("scenarios/kafka/a.json", shop(holding));
    QCOMPARE(sim::resolveScenario("a", found).string(), "a"); // two are called so
    QVERIFY(sim::findScenarios(desk.path("elsewhere/bin/millrace-cli")) != desk.path("elsewhere"));
}

void CommandsTest::alignsByCharacters() {
    const sim::ReportTable table{
        "", {"metric", "ä"}, {{"wait", "12 µs"}, {"none", "0"}, {"n", "7"}}};
    QCOMPARE(app::alignedTable(table), "metric      ä\nwait    12 µs\nn           7\n");
}

QTEST_GUILESS_MAIN(CommandsTest)
#include "tst_commands.moc"
