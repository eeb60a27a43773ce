#include "tests/ui/panel_sample.h"
#include "ui/common/fault_history.h"
#include "ui/inspect/ledger_model.h"
#include "ui/inspect/message_facts.h"
#include "ui/inspect/metrics_model.h"
#include "ui/inspect/trace_table_model.h"
#include "ui/inspect/verdict_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace sim;
using Mode = QAbstractItemModelTester::FailureReportingMode;

namespace {

std::size_t searchAll(ui::TraceTableModel& model) {
    std::size_t parts = 0;
    for (; model.searching(); ++parts) {
        model.searchOn(100);
    }
    return parts;
}

LedgerRow rowOf(std::uint32_t key) {
    LedgerRow row;
    row.key = KeyId{key};
    return row;
}

} // namespace

class InspectModels : public QObject {
    Q_OBJECT

private slots:
    void logRowsGrowWithTheRun() {
        ui::TraceTableModel model;
        QAbstractItemModelTester tester(&model, Mode::QtTest);
        model.setCatalogue(sample::catalogue());
        model.setLog(sample::log(10));
        QCOMPARE(model.rowCount(), 50);
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        model.setLog(sample::log(12));
        QCOMPARE(model.rowCount(), 60);
        QCOMPARE(resets.size(), 0);
    }

    void logStartsAnewWhenTheRunTakesAnotherCourse() {
        ui::TraceTableModel model;
        QAbstractItemModelTester tester(&model, Mode::QtTest);
        model.setLog(sample::log(10));
        TraceLog other = sample::log(9);
        other.append(std::array{sample::record(TraceKind::Lost, 5s, 99, sample::orders)});
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        model.setLog(other);
        QCOMPARE(resets.size(), 1);
        QCOMPARE(model.rowCount(), 46);
    }

    void logFiltersByMessageComponentKindAndText() {
        ui::TraceTableModel model;
        QAbstractItemModelTester tester(&model, Mode::QtTest);
        model.setCatalogue(sample::catalogue());
        model.setLog(sample::log(100));
        model.setFilter({.component = {}, .message = MessageId{42}, .kind = {}, .text = {}});
        QCOMPARE(searchAll(model), std::size_t{5});
        QCOMPARE(model.rowCount(), 5);
        model.setFilter({.component = sample::billing, .message = {}, .kind = {}, .text = {}});
        searchAll(model);
        QCOMPARE(model.rowCount(), 300); // as component or as peer
        model.setFilter({.component = {}, .message = {}, .kind = TraceKind::Applied, .text = {}});
        searchAll(model);
        QCOMPARE(model.rowCount(), 100);
        model.setFilter({.component = {}, .message = {}, .kind = {}, .text = "ORDER-2 v1 "});
        searchAll(model);
        QCOMPARE(model.rowCount(), 5);
    }

    void logFindsTheRowOfAnInstant() {
        ui::TraceTableModel model;
        model.setCatalogue(sample::catalogue());
        model.setLog(sample::log(10));
        QCOMPARE(model.rowAt(start - 1ns), -1);
        QCOMPARE(model.rowAt(start), 0);
        QCOMPARE(model.rowAt(start + 11ms), 2);
        QCOMPARE(model.rowAt(start + 60s), 49);
    }

    void verdictsKeepTheirRowsWhileTheChecksAreTheSame() {
        ui::VerdictModel model;
        QAbstractItemModelTester tester(&model, Mode::QtTest);
        Verdict order;
        order.check = "order";
        order.summary = "nothing yet";
        model.setVerdicts({order});
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        order.state = Verdict::State::Violated;
        order.summary = "1 of 3 effects came after a newer version";
        model.setVerdicts({order});
        QCOMPARE(resets.size(), 0);
        QCOMPARE(changes.size(), 1);
        QCOMPARE(model.index(0, ui::VerdictModel::State).data().toString(), "Violated");
        QVERIFY(!model.index(0, ui::VerdictModel::State)
                     .data(Qt::DecorationRole)
                     .value<QIcon>()
                     .isNull());
    }

    void ledgerSaysWhatIsWrongInWords() {
        LedgerRow row = rowOf(1);
        row.expectedVersion = row.actualVersion = 3;
        row.produced = row.applied = 3;
        QCOMPARE(ui::marksOf(row), QString());
        row.actualVersion = 2;
        row.applied = 2;
        row.doubled = 1;
        row.outOfOrder = 4;
        QCOMPARE(ui::marksOf(row), "differs, 1 missing, 1 doubled, 4 out of order");
        QCOMPARE(ui::stateText(0, 0), "–");
        QCOMPARE(ui::stateText(7, 12), "v7, sum 12");
    }

    void ledgerRowsFollowTheKeys() {
        ui::LedgerModel model;
        QAbstractItemModelTester tester(&model, Mode::QtTest);
        model.setCatalogue(sample::catalogue());
        model.setLines({{sample::billing, rowOf(0)}, {sample::billing, rowOf(1)}});
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(1, ui::LedgerModel::Key).data().toString(), "order-2");
        LedgerRow changed = rowOf(1);
        changed.expectedVersion = 1;
        model.setLines({{sample::billing, rowOf(0)}, {sample::billing, changed}});
        QCOMPARE(model.differences(), 1);
    }

    void metricsGoToTheClipboardUnrounded() {
        ui::MetricsModel model;
        QAbstractItemModelTester tester(&model, Mode::QtTest);
        model.setRows({{"", "produced", 1204, ""}, {"bill,ing", "latency p99", 0.00342123, "s"}});
        QCOMPARE(model.index(1, ui::MetricsModel::Value).data().toString(), "3.42\u2009ms");
        QCOMPARE(model.csv(), "component,metric,value,unit\n"
                              "\"\",\"produced\",1204,\"\"\n"
                              "\"bill,ing\",\"latency p99\",0.00342123,\"s\"\n");
    }

    void messageFactsComeAPartAtATime() {
        const TraceLog log = sample::log(200);
        ui::MessageFacts facts(MessageId{150});
        QVERIFY(!facts.follow(log, start + 60s, 500));
        QCOMPARE(facts.records().size(), std::size_t{0});
        QVERIFY(facts.follow(log, start + 60s, 500));
        QCOMPARE(facts.records().size(), std::size_t{5});
        QVERIFY(facts.follow(log, start + 1s)); // back in time: it is not there yet
        QCOMPARE(facts.records().size(), std::size_t{0});
    }

    void faultHistoryKnowsWhatLasts() {
        TraceLog log;
        log.append(std::array{sample::faultRecord(TraceKind::FaultBegan, 2s, 0),
                              sample::faultRecord(TraceKind::FaultEnded, 3s, 0),
                              sample::faultRecord(TraceKind::FaultBegan, 4s, 1)});
        ui::FaultHistory history;
        history.follow(log, start + 10s);
        QCOMPARE(history.spans().size(), std::size_t{2});
        QCOMPARE(history.spans()[0].ended, std::optional(start + 3s));
        QVERIFY(!history.spans()[1].ended);
        history.follow(log, start + 2500ms);
        QCOMPARE(history.spans().size(), std::size_t{1});
        QVERIFY(!history.spans()[0].ended);
    }
};

QTEST_MAIN(InspectModels)
#include "tst_inspect_models.moc"
