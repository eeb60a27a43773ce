#include "sim/run/run.h"
#include "sim/store/run_store.h"
#include "tests/ui/hand.h"
#include "ui/canvas/canvas_view.h"
#include "ui/inspect/checks_panel.h"
#include "ui/inspect/component_panel.h"
#include "ui/inspect/fault_panel.h"
#include "ui/inspect/trace_panel.h"
#include "ui/runs/export_run.h"
#include "ui/runs/import_dialog.h"
#include "ui/window/callouts.h"
#include "ui/window/chooser.h"
#include "ui/window/file_actions.h"
#include "ui/window/finder.h"
#include "ui/window/library_panel.h"
#include "ui/window/main_window.h"
#include "ui/window/panels.h"
#include "ui/window/run_actions.h"

#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardItemModel>
#include <QStatusBar>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

using namespace sim;

namespace {

const QString lessons = QStringLiteral(PROJECT_ROOT "/scenarios/rabbitmq/");

bool comesTo(ui::MainWindow& window, Instant at) {
    window.player().seek(at);
    return QTest::qWaitFor(
        [&] {
            const auto frame = window.player().frame();
            return frame && frame->at == std::min(at, frame->end) && !frame->advancing;
        },
        20'000);
}

QPushButton* buttonOf(const QWidget& parent, const QString& text) {
    for (auto* button : parent.findChildren<QPushButton*>()) {
        if (button->text() == text) {
            return button;
        }
    }
    return nullptr;
}

} // namespace

/// What people do with the window, from one end to the other.
class Journeys : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;

private slots:
    void initTestCase() {
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_folder.path());
    }

    void everyLessonIsDrawnAtItsStartMiddleAndEnd_data() {
        QTest::addColumn<QString>("file");
        for (const QString& name : QDir(lessons).entryList({"*.json"})) {
            QTest::newRow(qPrintable(name)) << lessons + name;
        }
    }
    void everyLessonIsDrawnAtItsStartMiddleAndEnd() {
        QFETCH(QString, file);
        ui::MainWindow window({});
        window.show();
        QVERIFY(window.files().openQuietly(file).empty());
        for (const Duration at : {0s, 5s, 86'400s}) {
            QVERIFY(comesTo(window, start + at));
            QVERIFY(!window.grab().isNull());
        }
    }

    void anEmptyDocumentShowsNothingOfTheRunBefore() {
        ui::MainWindow window({});
        window.show();
        QVERIFY(!window.grab().isNull());
        QVERIFY(window.files().open(lessons + "01-first-message.json"));
        QVERIFY(comesTo(window, start + 5s));
        window.panels().showComponent(ComponentId{2});
        window.files().create();
        window.resize(320, 200);
        QCoreApplication::processEvents();
        QVERIFY(!window.grab().isNull());
        QCOMPARE(window.panels().checks().findChild<QTreeView*>()->model()->rowCount(), 0);
        QCOMPARE(window.panels().component().findChild<QLabel*>()->text(), "Nothing is chosen");
        QVERIFY(!window.player().hasRun());
    }

    void aViolationLeadsToItsMomentAndLightsItsWitness() {
        ui::MainWindow window({});
        window.show();
        QVERIFY(window.files().open(lessons + "06-crash-duplicates-charge.json"));
        QVERIFY(comesTo(window, start + 20s));
        auto* list = window.panels().checks().findChild<QTreeView*>();
        QTRY_COMPARE(list->model()->rowCount(), 3);
        const Verdict verdict = window.player().frame()->verdicts.front();
        QVERIFY(verdict.violations > 0);
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {},
                          list->visualRect(list->model()->index(0, 0)).center());
        QTRY_COMPARE(window.player().playhead(), verdict.at);
        const auto& light = window.canvas().content().spotlight;
        QVERIFY(light.has_value());
        for (const MessageId message : verdict.messages) {
            QVERIFY(light->messages.contains(message));
        }
        QVERIFY(light->components.contains(verdict.records.back().component));
        QVERIFY(!light->components.contains(ComponentId{1})); // the exchange has no part in it
        hand::actionOf(window, "Let Go")->trigger();
        QVERIFY(!light.has_value());
    }

    void aHeapListsWhatFellOntoIt() {
        ui::MainWindow window({});
        window.show();
        QVERIFY(window.files().open(lessons + "08-retry-backoff-dead-letter.json"));
        QVERIFY(comesTo(window, start + 20s));
        const auto heaps = window.canvas().content().picture.heaps;
        QVERIFY(!heaps.empty());
        emit window.canvas().heapPicked(heaps.front().place);
        auto* table = window.panels().trace().findChild<QTableView*>();
        QTRY_COMPARE(std::uint64_t(table->model()->rowCount()), heaps.front().count);
        auto* all = window.panels().trace().findChild<QPushButton*>();
        QVERIFY(all->isVisible());
        QTest::mouseClick(all, Qt::LeftButton);
        QVERIFY(std::uint64_t(table->model()->rowCount()) > heaps.front().count);
        QVERIFY(!all->isVisible());
    }

    void aRunIsSavedAndOpenedAgainTheSame() {
        ui::MainWindow window({});
        window.show();
        const std::filesystem::path library = m_folder.filePath("runs.sqlite").toStdString();
        window.runs().setLibrary(library);
        QVERIFY(window.files().open(lessons + "06-crash-duplicates-charge.json"));
        QVERIFY(comesTo(window, start + 3s));
        emit window.panels().faults().faultRequested(
            {.name = {},
             .when = {.at = {}, .duration = 2s, .every = {}},
             .what = CrashFault{.target = "billing", .instance = {}}});
        QTRY_COMPARE(window.player().interventions().size(), std::size_t{1});
        QVERIFY(comesTo(window, start + 12s));
        QSignalSpy said(&window.runs(), &ui::RunActions::said);
        hand::actionOf(window, "Save Run")->trigger();
        QCOMPARE(said.size(), 1);
        auto store = RunStore::open(library, RunStore::Open::Existing);
        QVERIFY(store.has_value());
        const auto kept = store->load(1);
        QVERIFY(kept.has_value());
        QCOMPARE(kept->fingerprint, window.player().frame()->fingerprint);
        window.files().create();
        window.runs().reopen(*kept);
        QTRY_COMPARE_WITH_TIMEOUT(said.size(), 2, 20'000);
        QVERIFY2(said[1][0].toString().startsWith("The same run again"),
                 qPrintable(said[1][0].toString()));
        QCOMPARE(window.player().interventions().size(), std::size_t{1});
        QVERIFY(window.statusBar()->isVisible());
    }

    void aRunSavedInsideAnInstantIsSavedAtItsEnd() {
        QFile file(m_folder.filePath("two-at-once.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(R"({"version": 1, "duration": "10s",
            "components": [
                {"id": "p", "kind": "producer", "types": [{"name": "order"}],
                 "arrivals": {"kind": "script", "messages": [{"at": "1s"}, {"at": "1s"}]}},
                {"id": "q", "kind": "rabbitmq.queue"}],
            "links": [{"kind": "publish", "from": "p", "to": "q", "latency": "0s"}]})");
        file.close();
        ui::MainWindow window({});
        const std::filesystem::path library = m_folder.filePath("instant.sqlite").toStdString();
        window.runs().setLibrary(library);
        QVERIFY(window.files().open(file.fileName()));
        QVERIFY(comesTo(window, start + 500ms));
        window.player().stepEvent();
        QTRY_COMPARE(window.player().frame()->at, start + 1s);
        QCOMPARE(window.player().frame()->world->next(), start + 1s); // there is more to come
        QSignalSpy said(&window.runs(), &ui::RunActions::said);
        window.runs().save();
        QTRY_COMPARE(said.size(), 1);
        const auto kept = RunStore::open(library, RunStore::Open::Existing)->load(1);
        QVERIFY(kept.has_value());
        RunOptions options;
        options.until = kept->end;
        QCOMPARE(kept->end, start + 1s);
        QCOMPARE(runScenario(window.document().scenario(), options).fingerprint, kept->fingerprint);
    }

    void aKeptRunIsExportedWhole() {
        ui::MainWindow window({});
        const std::filesystem::path library = m_folder.filePath("export.sqlite").toStdString();
        window.runs().setLibrary(library);
        QVERIFY(window.files().open(lessons + "01-first-message.json"));
        QVERIFY(comesTo(window, start + 5s));
        window.runs().save();
        const auto kept = RunStore::open(library, RunStore::Open::Existing)->load(1);
        for (const auto& [what, beginning] : std::vector<std::pair<ui::RunExport, QByteArray>>{
                 {ui::RunExport::Report, "<!DOCTYPE html>"},
                 {ui::RunExport::Metrics, "component,metric,value,unit"},
                 {ui::RunExport::Series, "component,series,unit,seconds,value"},
                 {ui::RunExport::Scenario, "{"}}) {
            const QString file = m_folder.filePath("exported");
            QVERIFY(ui::exportRun(*kept, what, file).empty());
            QFile written(file);
            QVERIFY(written.open(QIODevice::ReadOnly));
            const QByteArray text = written.readAll();
            QVERIFY2(text.toLower().startsWith(beginning.toLower()), text.left(60));
        }
        QCOMPARE(ui::exportRun(*kept, ui::RunExport::Metrics, "/nowhere/at/all").size(), 1U);
    }

    void definitionsAreShownBeforeTheyAreImported() {
        ui::MainWindow window({});
        window.show();
        QVERIFY(window.files().open(PROJECT_ROOT "/tests/data/rabbitmq/definitions-3.10.json"));
        auto* dialog = window.findChild<ui::ImportDialog*>();
        QVERIFY(dialog != nullptr);
        QVERIFY(window.document().scenario().components.empty());
        const Scenario wanted = *dialog->scenario();
        QTest::mouseClick(buttonOf(*dialog, "Import"), Qt::LeftButton);
        QVERIFY(window.document().scenario() == wanted);
        QTRY_VERIFY(window.player().frame() != nullptr);
    }

    void aComponentAMessageAndAFactAreFound() {
        ui::MainWindow window({});
        window.show();
        QVERIFY(window.files().open(lessons + "01-first-message.json"));
        QVERIFY(comesTo(window, start + 5s));
        const std::unique_ptr<ui::Chooser> finder(
            ui::makeFinder(window.document().scenario(), window.panels(), nullptr));
        finder->field().setText("mailer");
        QVERIFY2(finder->textAt(0).startsWith("mailer"), qPrintable(finder->textAt(0)));
        QTest::keyClick(&finder->field(), Qt::Key_Return);
        QVERIFY(window.canvas().content().selected == ui::Target(ComponentId{3}));
        finder->field().setText("#1");
        QCOMPARE(finder->textAt(0), "Message #1");
        QTest::keyClick(&finder->field(), Qt::Key_Return);
        QVERIFY(window.canvas().content().selected == ui::Target(MessageId{1}));
    }

    void theContractOfTheChosenComponentIsShown() {
        ui::MainWindow window({});
        window.show();
        QVERIFY(window.files().open(lessons + "01-first-message.json"));
        QVERIFY(!window.panels().showContract());
        window.panels().showComponent(ComponentId{2});
        QVERIFY(window.panels().showContract());
        auto* tabs = window.panels().component().findChild<QTabWidget*>();
        QCOMPARE(tabs->tabText(tabs->currentIndex()), "Contract");
    }

    void theIntroductionHasThreeCalloutsAndEnds() {
        ui::MainWindow window({});
        window.show();
        QVERIFY(window.files().open(lessons + "01-first-message.json"));
        window.showCallouts();
        const QPointer<ui::Callouts> callouts = window.findChild<ui::Callouts*>();
        for (int n = 1; n <= 3; ++n) {
            QVERIFY(callouts != nullptr);
            QVERIFY(window.rect().contains(callouts->geometry()));
            callouts->next();
        }
        QTRY_VERIFY(callouts == nullptr);
    }

    void theIntroductionStaysInFrontOfWhatIsRaised() {
        ui::MainWindow window({});
        window.show();
        QVERIFY(window.files().open(lessons + "01-first-message.json"));
        window.showCallouts();
        const auto* callouts = window.findChild<ui::Callouts*>();
        for (QWidget* raised : {static_cast<QWidget*>(&window.canvas()),
                                static_cast<QWidget*>(window.findChild<QDockWidget*>("plots"))}) {
            raised->raise();
            const QWidget* seen = window.childAt(callouts->geometry().center());
            QVERIFY(seen == callouts || callouts->isAncestorOf(seen));
        }
    }

    void theLibraryMarksWhatIsOpen() {
        ui::MainWindow window(PROJECT_ROOT "/scenarios");
        QVERIFY(window.files().open(lessons + "06-idempotent-consumer.json"));
        const auto* list = window.library().findChild<QTreeView*>();
        QCOMPARE(list->currentIndex().data().toString(), "An idempotent consumer charges once");
    }
};

QTEST_MAIN(Journeys)
#include "tst_journeys.moc"
