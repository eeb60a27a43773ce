#include "sim/run/run.h"
#include "sim/scenario/read.h"

#include <QTest>

#include <sys/resource.h>

using namespace sim;

namespace {

/// The most that this process has used so far, in mebibytes.
double peakMebibytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

} // namespace

class TestMemory : public QObject {
    Q_OBJECT

private slots:
    /// Observers remember the newest events, a bit each up to DenseSet::windowDefault of them:
    /// what a longer run may add is less than half a byte for each of its records.
    void aLongRunKeepsNoRecords_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("seconds"); // about two million events
        QTest::newRow("topic") << "w3-topic.json" << 400;
        QTest::newRow("fanout") << "w3-fanout.json" << 600;
    }
    void aLongRunKeepsNoRecords() {
        QFETCH(QString, file);
        QFETCH(int, seconds);
        auto scenario = readScenarioFile(PROJECT_ROOT "/scenarios/bench/" + file.toStdString());
        QVERIFY(scenario);
        scenario->duration = std::chrono::seconds(seconds);
        const RunResult once = runScenario(*scenario);
        QVERIFY(once.events > 1'500'000);
        const double before = peakMebibytes();
        scenario->duration *= 10;
        const RunResult longer = runScenario(*scenario);
        QVERIFY(longer.events > 9 * once.events);
        const double grown = (peakMebibytes() - before) * 1024 * 1024;
        QVERIFY2(grown < static_cast<double>(longer.events) / 2,
                 qPrintable(QString("%1 bytes more").arg(grown)));
    }
};

QTEST_APPLESS_MAIN(TestMemory)
#include "tst_memory.moc"
