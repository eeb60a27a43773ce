#include "tests/tidy/rules.h"

#include <QFile>
#include <QProcess>
#include <QTest>

namespace {

/// Sources of app, sim and ui that may be longer than tidy::linesMax, each with its reason.
const QMap<QString, QString> mayBeLong = {};

/// Licences and the like are not ours to judge.
bool isForeign(const QString& path) { return path == "LICENSE" || path.startsWith("tests/data/"); }

/// Every file that is tracked or about to be, by its path from the project's root. Empty where the
/// project is not a git checkout.
QStringList trackedFiles() {
    QProcess git;
    git.setWorkingDirectory(PROJECT_ROOT);
    git.start("git", {"-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others",
                      "--exclude-standard"});
    if (!git.waitForFinished() || git.exitCode() != 0) {
        return {};
    }
    QStringList paths;
    for (const QByteArray& path : git.readAllStandardOutput().split('\0')) {
        const QString name = QString::fromUtf8(path);
        if (!name.isEmpty() && QFile::exists(PROJECT_ROOT "/" + name)) {
            paths << name;
        }
    }
    return paths;
}

/// The file's text, or nothing when it is not text.
QString textOf(const QString& path) {
    QFile file(PROJECT_ROOT "/" + path);
    const QByteArray bytes = file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
    return bytes.contains('\0') ? QString() : QString::fromUtf8(bytes);
}

} // namespace

/// The house rules, held against every tracked file; and each rule against samples that break it,
/// because a rule that finds nothing may be a rule that sees nothing.
class TestTidy : public QObject {
    Q_OBJECT

private:
    QStringList m_files;

    /// What `rule(path, text)` finds in all of the files that are text.
    template <typename Rule> QStringList inAllFiles(const Rule& rule) const {
        QStringList found;
        for (const QString& path : m_files) {
            if (!isForeign(path)) {
                found << rule(path, textOf(path));
            }
        }
        return found;
    }

    static void none(const QStringList& found) {
        QVERIFY2(found.isEmpty(), qPrintable('\n' + found.join('\n')));
    }

private slots:
    void initTestCase() {
        m_files = trackedFiles();
        if (m_files.isEmpty()) {
            QSKIP("not a git checkout: nothing tells which files are the project's");
        }
        QVERIFY(m_files.contains("tests/tidy/tst_tidy.cpp"));
    }

    void includesPointDownwards() { none(inAllFiles(tidy::includes)); }
    void chanceAndTimeComeInAsArguments() { none(inAllFiles(tidy::chanceAndTime)); }
    void everyModelCitesItsSource() { none(inAllFiles(tidy::citation)); }
    void noUnfinishedWork() { none(inAllFiles(tidy::unfinished)); }
    void everyScenarioHasAGolden() { none(tidy::goldens(m_files)); }
    void topLevelIsExactly() { none(tidy::topLevel(m_files)); }

    void filesStaySmall() {
        none(inAllFiles([](const QString& path, const QString& text) {
            return tidy::size(path, text, mayBeLong);
        }));
        for (const QString& path : mayBeLong.keys()) {
            QVERIFY2(m_files.contains(path), qPrintable(path + " has an exception, but is gone"));
        }
    }

    void namesOfTheMachineStayOut() {
        const QString root = PROJECT_ROOT;
        const bool telling = root.count('/') >= 2; // "/millrace" could stand in any text
        const QStringList places = telling ? QStringList{root} : QStringList{};
        none(inAllFiles([&places](const QString& path, const QString& text) {
            return tidy::machineNames(path, text, places);
        }));
    }

    void includeRuleFindsWhatItForbids_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("line");
        QTest::addColumn<bool>("forbidden");
        const auto row = [](const char* path, const char* line, bool forbidden) {
            QTest::addRow("%s: %s", path, line) << path << line << forbidden;
        };
        row("sim/base/time.h", R"(#include "sim/base/ids.h")", false);
        row("sim/base/time.h", R"(#include "sim/kernel/event.h")", true);
        row("sim/scenario/read.cpp", R"(#include "sim/kernel/event.h")", true);
        row("sim/model/rabbitmq/queue.h", R"(#include "sim/model/link.h")", false);
        row("sim/model/rabbitmq/queue.h", R"(#include "sim/observe/metrics.h")", true);
        row("sim/observe/metrics.h", R"(#include "sim/model/component.h")", true);
        row("sim/run/world.h", R"(#include "sim/model/component.h")", false);
        row("sim/run/world.h", R"(#include "ui/common/text.h")", true);
        row("sim/wrong/place.h", "", true);
        row("sim/place.h", "", true);
        row("ui/canvas/node_item.h", R"(#include "sim/run/readings.h")", false);
        row("ui/canvas/node_item.h", R"(#include "sim/model/component.h")", true);
        row("ui/canvas/node_item.h", R"(#include "sim/kernel/outbox.h")", true);
        row("ui/canvas/node_item.h", R"(#include "ui/window/main_window.h")", true);
        row("ui/document/document.h", R"(#include "ui/playback/player.h")", true);
        row("ui/playback/player.h", R"(#include "ui/document/document.h")", true);
        row("ui/window/main_window.h", R"(#include "ui/plots/plot.h")", false);
        row("app/desktop.cpp", R"(#include "ui/window/main_window.h")", false);
        row("app/desktop.cpp", R"(#include "ui/canvas/canvas_view.h")", true);
        row("app/commands.h", R"(#include "sim/run/world.h")", false);
        row("tests/unit/tst_world.cpp", R"(#include "sim/model/component.h")", false);
        row("sim/scenario/read.cpp", "#include <nlohmann/json.hpp>", false);
        row("sim/scenario/read.h", "#include <nlohmann/json.hpp>", true);
        row("sim/run/world.cpp", "#include <nlohmann/json_fwd.hpp>", true);
        row("app/commands.cpp", "#include <nlohmann/json.hpp>", false);
        row("ui/common/text.cpp", "#include <nlohmann/json.hpp>", true);
        row("sim/store/sqlite.cpp", "#include <sqlite3.h>", false);
        row("sim/store/run_store.cpp", "#include <sqlite3.h>", true);
        row("ui/plots/chart.h", "#include <qcustomplot.h>", false);
        row("ui/plots/plot.h", "#include <qcustomplot.h>", true);
        row("sim/base/time.cpp", "#include <QString>", true);
        row("sim/base/time.cpp", "#include <QtCore/QString>", true);
        row("sim/base/time.cpp", "  #  include   <QString>", true);
        row("ui/common/text.h", "#include <QString>", false);
        row("sim/base/time.cpp", R"(#include "time.h")", true);
        row("ui/common/text.cpp", R"(#include "text.moc")", false);
    }
    void includeRuleFindsWhatItForbids() {
        QFETCH(const QString, path);
        QFETCH(const QString, line);
        QFETCH(const bool, forbidden);
        QCOMPARE(!tidy::includes(path, line).isEmpty(), forbidden);
    }

    void chanceRuleFindsWhatItForbids_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("line");
        QTest::addColumn<bool>("forbidden");
        const auto row = [](const char* path, const char* line, bool forbidden) {
            QTest::addRow("%s: %s", path, line) << path << line << forbidden;
        };
        row("sim/run/world.cpp", "auto t = std::chrono::system_clock::now();", true);
        row("sim/run/world.cpp", "auto t = std::chrono::steady_clock::now();", true);
        row("sim/run/world.cpp", "auto t = time(nullptr);", true);
        row("sim/run/world.cpp", "auto t = spec.time(now);", false);
        row("sim/run/world.cpp", "// not the system_clock", false);
        row("sim/run/world.cpp", R"(print("rand() is banned");)", false);
        row("ui/playback/player.cpp", "auto t = std::chrono::steady_clock::now();", false);
        row("sim/base/random.cpp", "std::random_device seed;", true);
        row("sim/base/random.cpp", "#include <random>", true);
        row("sim/base/random.cpp", "return rand() % 6;", true);
        row("sim/base/random.cpp", "return operand();", false);
        row("sim/scenario/read.cpp", "std::unordered_map<std::string, int> ids;", true);
        row("sim/scenario/read.cpp", "std::unordered_map<std::string, int> ids; // lookup only",
            false);
        row("sim/scenario/read.cpp", "#include <unordered_map>", false);
        row("sim/scenario/read.cpp", "std::unordered_set<int> ids;", true);
        row("sim/run/world.cpp", "std::map<const Node*, int> depth;", true);
        row("sim/run/world.cpp", "std::map<NodeId, Node*> nodes;", false);
        row("sim/base/random.cpp", "return std::log(x);", true);
        row("sim/base/random.cpp", "return std::log(x); // not in a run", false);
        row("sim/model/link.cpp", "return std::exp(x);", true);
        row("sim/model/link.cpp", "return std::exp(x); // not in a run", true);
        row("sim/observe/metrics.cpp", "return std::pow(x, 2); // not in a run", false);
        row("sim/observe/metrics.cpp", "return std::sqrt(x);", false);
    }
    void chanceRuleFindsWhatItForbids() {
        QFETCH(const QString, path);
        QFETCH(const QString, line);
        QFETCH(const bool, forbidden);
        QCOMPARE(!tidy::chanceAndTime(path, line).isEmpty(), forbidden);
    }

    void citationRuleAsksForBothWords() {
        const QString path = "sim/model/rabbitmq/queue.h";
        const QString whole = "/// Source: RabbitMQ, \"Queues\".\n/// Not modelled: clusters.\n";
        QVERIFY(tidy::citation(path, whole).isEmpty());
        QCOMPARE(tidy::citation(path, "/// A queue.\n").size(), 2);
        QCOMPARE(tidy::citation(path, "/// Source: RabbitMQ.\n").size(), 1);
        QCOMPARE(tidy::citation(path, "/// Source:\n/// Not modelled: clusters.\n").size(), 1);
        QCOMPARE(tidy::citation(path, "const char* a = \"Source: b Not modelled: c\";\n").size(),
                 2);
        QVERIFY(tidy::citation("sim/model/rabbitmq/queue.cpp", "").isEmpty());
    }

    void unfinishedRuleFindsMarksAndBareSkips() {
        const auto found = [](const char* line) {
            return !tidy::unfinished("sim/a.cpp", line).isEmpty();
        };
        QVERIFY(found("// TO"
                      "DO: later"));
        QVERIFY(found("// FIX"
                      "ME"));
        QVERIFY(found("# XX"
                      "X"));
        QVERIFY(found("/* HA"
                      "CK */"));
        QVERIFY(found("QSKI"
                      "P(\"\");"));
        QVERIFY(found("QSKI"
                      "P();"));
        QVERIFY(!found("QSKIP(\"no git here\");"));
        QVERIFY(!found("mkstemp(\"fooXXXXXX\");"));
        QVERIFY(!found("const auto methodology = 1;"));
    }

    void sizeRuleCountsLinesAndKeepsItsExceptionsHonest() {
        const QString full = QString("\n").repeated(tidy::linesMax);
        const QString tooLong = full + "\n";
        const QMap<QString, QString> exception{{"sim/a.cpp", "one table"}};
        QVERIFY(tidy::size("sim/a.cpp", full, {}).isEmpty());
        QVERIFY(!tidy::size("sim/a.cpp", tooLong, {}).isEmpty());
        QVERIFY(!tidy::size("app/a.h", tooLong, exception).isEmpty());
        QVERIFY(tidy::size("tests/a.cpp", tooLong, {}).isEmpty());
        QVERIFY(tidy::size("sim/a.cpp", tooLong, exception).isEmpty());
        QVERIFY(!tidy::size("sim/a.cpp", full, exception).isEmpty());
    }

    void machineRuleFindsHomesAndPlaces() {
        const auto found = [](const QString& line) {
            return !tidy::machineNames("README.md", line, {"/some/checkout"}).isEmpty();
        };
        QVERIFY(found("cd " + QString("/") + "home/someone/x"));
        QVERIFY(found("cd " + QString("/") + "root/x"));
        QVERIFY(found("see \"/some/checkout/sim\""));
        QVERIFY(!found("see /usr/share and /tmp/x and ~/.cache"));
        QVERIFY(!found("/components/home/x"));
        QVERIFY(!found("https://example.org/home/page"));
    }

    void topLevelRuleFindsStrangersAndGaps() {
        const QStringList agreed = {"CMakeLists.txt", "CMakePresets.json", "README.md",
                                    "LICENSE",        "app/start",         "resources/a",
                                    "scenarios/a",    "sim/a.h",           "tests/run",
                                    "ui/a.h",         ".gitignore",        ".ci/run"};
        QCOMPARE(tidy::topLevel(agreed), QStringList());
        QCOMPARE(tidy::topLevel(agreed + QStringList{"CHANGELOG.md"}), QStringList());
        QCOMPARE(tidy::topLevel(agreed + QStringList{"docs/a.md"}).size(), 1);
        QCOMPARE(tidy::topLevel(agreed.mid(1)).size(), 1);
    }

    void goldenRuleFindsBothKindsOfOrphans() {
        const QString scenario = "scenarios/rabbitmq/01-a.json";
        const QString golden = "tests/golden/rabbitmq/01-a.txt";
        QCOMPARE(tidy::goldens({scenario, golden, "scenarios/schema.json"}), QStringList());
        QCOMPARE(tidy::goldens({scenario}).size(), 1);
        QCOMPARE(tidy::goldens({golden}).size(), 1);
    }
};

QTEST_APPLESS_MAIN(TestTidy)
#include "tst_tidy.moc"
