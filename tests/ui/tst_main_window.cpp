#include "sim/base/units.h"
#include "tests/support/sample_frames.h"
#include "ui/canvas/canvas_view.h"
#include "ui/canvas/message_layer.h"
#include "ui/inspect/fault_panel.h"
#include "ui/playback/timeline_bar.h"
#include "ui/window/chooser.h"
#include "ui/window/desktop_options.h"
#include "ui/window/file_actions.h"
#include "ui/window/library_panel.h"
#include "ui/window/main_window.h"
#include "ui/window/panels.h"
#include "ui/window/problems_dialog.h"

#include <QAbstractItemModelTester>
#include <QDir>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFile>
#include <QHelpEvent>
#include <QInputDialog>
#include <QLineEdit>
#include <QMessageBox>
#include <QMimeData>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardItemModel>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QToolTip>
#include <QTreeWidget>
#include <QUrl>

using namespace sim;

class TestMainWindow : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    QString writeShop() {
        const QString file = m_folder.filePath("lessons/shop.json");
        QDir().mkpath(m_folder.filePath("lessons"));
        ui::Document document;
        document.replace(sample::shop(), {});
        return document.save(file).empty() ? file : QString();
    }

    QString writeText(const QString& name, const QByteArray& text) {
        QFile file(m_folder.filePath(name));
        return file.open(QIODevice::WriteOnly) && file.write(text) == text.size() ? file.fileName()
                                                                                  : QString();
    }

    /// Waits until the newest frame shows `at` or something later.
    static bool comesTo(ui::MainWindow& window, Instant at) {
        return QTest::qWaitFor(
            [&] {
                const auto frame = window.player().frame();
                return frame && frame->at >= at && !frame->advancing;
            },
            20'000);
    }

private slots:
    void initTestCase() {
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_folder.path());
    }

    void openingShowsTheFirstInstant() {
        ui::MainWindow window({});
        window.show();
        QVERIFY(window.files().open(writeShop()));
        QVERIFY(comesTo(window, start));
        QCOMPARE(window.canvas().content().layout.cards.size(), 4U);
        QCOMPARE(window.windowTitle(), "shop.json[*] — Millrace");
    }

    void playingMovesMessagesAndPausingHoldsThem() {
        ui::MainWindow window({});
        window.show();
        QVERIFY(window.files().open(writeShop()));
        QVERIFY(comesTo(window, start));
        window.player().setSpeed(5);
        QTest::keyClick(&window, Qt::Key_Space);
        QVERIFY(window.player().isPlaying());
        QVERIFY(comesTo(window, start + 500ms));
        QTest::keyClick(&window, Qt::Key_Space);
        QVERIFY(!window.player().isPlaying());
        QTest::qWait(60);
        const Instant held = window.player().playhead();
        QTest::qWait(60);
        QVERIFY(window.player().playhead() == held);
    }

    void aStepIsOneEvent() {
        ui::MainWindow window({});
        QVERIFY(window.files().open(writeShop()));
        QVERIFY(comesTo(window, start));
        const std::uint64_t before = window.player().frame()->events;
        window.player().stepEvent();
        QVERIFY(QTest::qWaitFor([&] { return window.player().frame()->events > before; }, 5000));
        QCOMPARE(window.player().frame()->events, before + 1);
    }

    void seekingBackShowsThePastAgain() {
        ui::MainWindow window({});
        QVERIFY(window.files().open(writeShop()));
        window.player().seek(start + 10s);
        QVERIFY(comesTo(window, start + 10s));
        const View then = window.player().frame()->view;
        window.player().seek(start + 30s);
        QVERIFY(comesTo(window, start + 30s));
        window.player().seek(start + 10s);
        QVERIFY(QTest::qWaitFor([&] { return window.player().playhead() == start + 10s; }, 5000));
        QVERIFY(window.player().frame()->view == then);
    }

    void aClickOnTheTimelineSeeks() {
        ui::MainWindow window({});
        window.show();
        QVERIFY(window.files().open(writeShop()));
        QVERIFY(comesTo(window, start));
        const int x = static_cast<int>(window.timeline().placeOf(start + 20s));
        QTest::mouseClick(&window.timeline(), Qt::LeftButton, {}, {x, 12});
        QVERIFY(comesTo(window, start + 19s));
    }

    void movingACardDoesNotStartTheRunAnew() {
        ui::MainWindow window({});
        QVERIFY(window.files().open(writeShop()));
        window.player().seek(start + 10s);
        QVERIFY(comesTo(window, start + 10s));
        const QSignalSpy opened(&window.player(), &ui::Player::opened);
        window.document().edit("Move",
                               [](Scenario& scenario) { scenario.components[0].position.x += 80; });
        QCOMPARE(opened.count(), 0);
        window.document().edit("Seed", [](Scenario& scenario) { scenario.seed = 2; });
        QCOMPARE(opened.count(), 1);
        QVERIFY(comesTo(window, start + 10s));
    }

    void anInjectedFaultActsAndIsMarked() {
        ui::MainWindow window({});
        QVERIFY(window.files().open(writeShop()));
        window.player().seek(start + 10s);
        QVERIFY(comesTo(window, start + 10s));
        emit window.panels().faults().faultRequested(
            {.name = {},
             .when = {.at = {}, .duration = 5s, .every = {}},
             .what = CrashFault{.target = "billing"}});
        window.player().seek(start + 11s);
        QVERIFY(QTest::qWaitFor(
            [&] { return window.canvas().content().frame->view.activeFaults.size() == 1; }, 5000));
        window.player().seek(start + 12s);
        QVERIFY(comesTo(window, start + 12s));
        QCOMPARE(ui::faultsOn(window.canvas().content(), 3), QStringList{"crash"});
    }

    void aRestartOfTheOnlyBrokerIsMarkedWhileItLasts() {
        ui::MainWindow window({});
        window.show();
        QVERIFY(window.files().open(writeShop()));
        window.player().seek(start + 10s);
        QVERIFY(comesTo(window, start + 10s));
        emit window.panels().faults().faultRequested(
            {.name = {},
             .when = {.at = {}, .duration = 5s, .every = {}},
             .what = BrokerRestartFault{}});
        const auto marked = [&](Duration at) {
            window.player().seek(start + at);
            std::vector<std::size_t> cards;
            if (!comesTo(window, start + at)) {
                return cards;
            }
            for (std::size_t card = 0; card < 4; ++card) {
                if (!ui::faultsOn(window.canvas().content(), card).isEmpty()) {
                    cards.push_back(card);
                }
            }
            return cards;
        };
        QVERIFY((marked(12s) == std::vector<std::size_t>{1, 2})); // exchange and queue
        QVERIFY(marked(16s).empty());
        const auto saysRestart = [&](Instant at) {
            const QPoint place(static_cast<int>(window.timeline().placeOf(at)), 12);
            QHelpEvent help(QEvent::ToolTip, place, window.timeline().mapToGlobal(place));
            QCoreApplication::sendEvent(&window.timeline(), &help);
            return QToolTip::text().contains("restart");
        };
        QVERIFY(saysRestart(start + 12s));
        QVERIFY(!saysRestart(start + 17s));
    }

    void aDroppedFileOpens() {
        ui::MainWindow window({});
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(writeShop())});
        QDragEnterEvent enter({10, 10}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&window, &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop({10, 10}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&window, &drop);
        QCOMPARE(window.document().scenario().components.size(), 4U);
    }

    void aBadFileShowsEveryProblemAndChangesNothing() {
        ui::MainWindow window({});
        QVERIFY(window.files().open(writeShop()));
        const QString bad = writeText("bad.json", "{\"seed\": \"many\", \"duration\": 7}");
        QVERIFY(!window.files().open(bad));
        const auto* dialog = window.findChild<ui::ProblemsDialog*>();
        QVERIFY(dialog != nullptr);
        QVERIFY(dialog->findChild<QTreeWidget*>()->topLevelItemCount() >= 2);
        QCOMPARE(window.document().scenario().components.size(), 4U);
    }

    void theLibraryListsLessonsByTitle() {
        QVERIFY(!writeShop().isEmpty());
        ui::LibraryPanel library(m_folder.filePath("lessons"));
        const QAbstractItemModelTester tester(&library.model());
        QVERIFY(library.firstLesson().endsWith("shop.json"));
        bool found = false;
        for (int row = 0; row < library.model().rowCount(); ++row) {
            const QStandardItem* group = library.model().item(row);
            for (int n = 0; n < group->rowCount(); ++n) {
                found = found || group->child(n)->text() == "Shop";
            }
        }
        QVERIFY(found);
    }

    void everyActionHasAPlaceInThePalette() {
        ui::MainWindow window({});
        ui::Chooser commands("Commands", "Type", ui::choicesOf(window.everyAction()));
        const int all = commands.shown();
        QVERIFY(all > 20);
        commands.field().setText("zoomin");
        QCOMPARE(commands.shown(), 1);
    }

    void theTimelineCannotBeClosed() {
        const ui::MainWindow window({});
        const auto* dock = window.findChild<QDockWidget*>("timeline");
        QVERIFY(dock != nullptr);
        QVERIFY((dock->features() & QDockWidget::DockWidgetClosable) == 0);
    }

    void anEditedWindowGoesQuietly() {
        auto window = std::make_unique<ui::MainWindow>(QString());
        QVERIFY(window->files().open(writeShop()));
        window->document().edit("Seed", [](Scenario& scenario) { scenario.seed = 2; });
        window.reset();
        QVERIFY(window == nullptr);
    }

    void closingEndsTheRun() {
        ui::MainWindow window({});
        window.show();
        QVERIFY(window.files().open(writeShop()));
        window.player().play();
        QVERIFY(window.close());
        QVERIFY(!window.player().hasRun());
    }

    void optionsAreRead() {
        const auto options = ui::desktopOptions(
            {"millrace", "a.json", "--at", "1.5s", "--size", "1024x640", "--theme", "dark"});
        QVERIFY(options.has_value());
        QCOMPARE(options->scenario, "a.json");
        QVERIFY(options->at == start + 1500ms);
        QCOMPARE(*options->size, QSize(1024, 640));
        QVERIFY(options->theme == ui::ThemeChoice::Dark);
    }

    void aTimeIsReadAsByTheHeadlessProgram() {
        for (const char* text : {"5", "5s", "5000 ms"}) {
            const auto options = ui::desktopOptions({"millrace", "--at", text});
            QVERIFY2(options.has_value(), text);
            QVERIFY2(options->at == sim::start + 5s, text);
        }
        const auto options = ui::desktopOptions({"millrace", "--at", "5x"});
        QVERIFY(!options.has_value());
        QCOMPARE(options.error().front().where, "--at");
        QCOMPARE(options.error().front().what, sim::readInstant("5x").error().front().what);
    }

    void runUntilTakesTheSameTimes() {
        ui::MainWindow window({});
        QVERIFY(window.files().open(writeShop()));
        QVERIFY(comesTo(window, start));
        const QList<QAction*> actions = window.everyAction();
        const auto runUntil = std::ranges::find_if(
            actions, [](const QAction* action) { return action->text() == "Run &Until…"; });
        QVERIFY(runUntil != actions.end());
        const auto answer = [&](const QString& text) {
            QTimer::singleShot(0, &window, [text] {
                auto* dialog = qobject_cast<QInputDialog*>(QApplication::activeModalWidget());
                QVERIFY(dialog != nullptr);
                dialog->setTextValue(text);
                dialog->accept();
            });
        };
        window.player().setSpeed(1000);
        answer("2.5");
        (*runUntil)->trigger();
        QVERIFY(comesTo(window, start + 2500ms));
        QVERIFY(QTest::qWaitFor([&] { return !window.player().isPlaying(); }, 20'000));
        QVERIFY(window.player().playhead() == start + 2500ms);
        QString complaint;
        answer("5x");
        QTimer watch; // for the box that comes after the dialog
        connect(&watch, &QTimer::timeout, &window, [&complaint] {
            if (auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget())) {
                complaint = box->text();
                box->accept();
            }
        });
        watch.start(1);
        (*runUntil)->trigger();
        QCOMPARE(complaint.toStdString(), sim::readInstant("5x").error().front().what);
        QVERIFY(!window.player().isPlaying());
    }

    void everyBadOptionIsNamed() {
        const auto options = ui::desktopOptions(
            {"millrace", "a.json", "b.json", "--at", "soon", "--size", "big", "--theme", "pink"});
        QVERIFY(!options.has_value());
        QCOMPARE(options.error().size(), 4U);
    }
};

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
