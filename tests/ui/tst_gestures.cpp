#include "sim/store/run_store.h"
#include "sim/store/sqlite.h"
#include "tests/support/only_reading.h"
#include "tests/support/text_of.h"
#include "tests/ui/hand.h"
#include "ui/canvas/canvas_view.h"
#include "ui/common/settings.h"
#include "ui/inspect/component_panel.h"
#include "ui/playback/timeline_bar.h"
#include "ui/plots/series_panel.h"
#include "ui/runs/import_dialog.h"
#include "ui/runs/run_browser.h"
#include "ui/window/chooser.h"
#include "ui/window/desktop_options.h"
#include "ui/window/dock_tabs.h"
#include "ui/window/file_actions.h"
#include "ui/window/library_panel.h"
#include "ui/window/main_window.h"
#include "ui/window/panels.h"
#include "ui/window/problems_dialog.h"
#include "ui/window/run_actions.h"
#include "ui/window/top_bar.h"
#include "ui/window/verdict_chip.h"

#include <QApplication>
#include <QDir>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFile>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QScrollBar>
#include <QSettings>
#include <QStatusBar>
#include <QTabBar>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>
#include <QTreeWidget>
#include <QUrl>

using namespace sim;

namespace {

const QString lessons = QStringLiteral(PROJECT_ROOT "/scenarios/rabbitmq/");
const QString firstLesson = lessons + "01-first-message.json";
const QString crash = lessons + "06-crash-duplicates-charge.json";
const QString definitions =
    QStringLiteral(PROJECT_ROOT "/tests/data/rabbitmq/definitions-3.10.json");

/// A window that plays the first lesson.
struct Playing {
    ui::MainWindow window{PROJECT_ROOT "/scenarios"};

    Playing() {
        [[maybe_unused]] const bool shown = hand::show(window);
        [[maybe_unused]] const bool opened = window.files().open(firstLesson);
        window.player().setSpeed(1);
        QTest::keyClick(&window, Qt::Key_Space);
    }
    ui::Player& player() { return window.player(); }
    bool comesTo(Instant at) {
        return QTest::qWaitFor([&] { return player().playhead() >= at; }, 20'000);
    }
};

QDockWidget* dock(const ui::MainWindow& window, const QString& name) {
    return window.findChild<QDockWidget*>(name);
}

/// The tabs that a panel is one of, and which.
std::pair<QTabBar*, int> tabOf(const ui::MainWindow& window, const QString& title) {
    for (auto* tabs : window.findChildren<QTabBar*>(QString(), Qt::FindDirectChildrenOnly)) {
        for (int tab = 0; tab < tabs->count(); ++tab) {
            if (tabs->tabText(tab) == title) {
                return {tabs, tab};
            }
        }
    }
    return {nullptr, -1};
}

/// The menu with this title, filled as if it had been opened.
QMenu* menuOf(const ui::MainWindow& window, const QString& title) {
    for (auto* menu : window.findChildren<QMenu*>()) {
        if (menu->title().remove(u'&') == title) {
            emit menu->aboutToShow();
            return menu;
        }
    }
    return nullptr;
}

void drop(ui::MainWindow& window, const QStringList& files) {
    QMimeData data;
    QList<QUrl> urls;
    for (const QString& file : files) {
        urls << QUrl::fromLocalFile(file);
    }
    data.setUrls(urls);
    const QPoint place = window.canvas().mapTo(&window, QPoint(40, 40));
    QDragEnterEvent enter(place, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&window, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent event(place, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&window, &event);
    QVERIFY(event.isAccepted());
}

/// Presses a button of the next message box as soon as it is there.
void answer(QMessageBox::StandardButton button) {
    QTimer::singleShot(0, qApp, [button] {
        auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
        box != nullptr ? QTest::mouseClick(box->button(button), Qt::LeftButton) : answer(button);
    });
}

} // namespace

/// What hands do: with files, with panels, and while a run plays.
class Gestures : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    QString write(const QString& name, const QByteArray& text) {
        QFile file(m_folder.filePath(name));
        return file.open(QIODevice::WriteOnly) && file.write(text) == text.size() ? file.fileName()
                                                                                  : QString();
    }

    QString copyOf(const QString& file, const QString& name) {
        const QString copy = m_folder.filePath(name);
        QFile::remove(copy);
        return QFile::copy(file, copy) ? copy : QString();
    }

private slots:
    void initTestCase() {
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_folder.path());
    }

    // While a run plays.

    void theSpeedChangesWhileItPlays() {
        Playing it;
        QVERIFY(it.comesTo(start + 100ms));
        const double before = it.player().speed();
        QTest::keyClick(&it.window, Qt::Key_BracketRight);
        QVERIFY(it.player().speed() > before);
        QTest::keyClick(&it.window, Qt::Key_BracketLeft);
        QTest::keyClick(&it.window, Qt::Key_BracketLeft);
        QVERIFY(it.player().speed() < before);
        QVERIFY(it.player().isPlaying());
        it.player().setSpeed(20);
        QVERIFY(it.comesTo(start + 3s));
    }

    void aSeekWhileItPlaysGoesOnFromThere() {
        Playing it;
        QVERIFY(it.comesTo(start + 100ms));
        ui::TimelineBar& timeline = it.window.timeline();
        const int x = static_cast<int>(timeline.placeOf(start + 10s));
        QTest::mouseClick(&timeline, Qt::LeftButton, {}, {x, 12});
        QVERIFY(it.comesTo(start + 9s));
        QVERIFY(it.player().isPlaying());
        const Instant there = it.player().playhead();
        QVERIFY(it.comesTo(there + 100ms));
        QTest::mouseClick(&timeline, Qt::LeftButton, {},
                          {static_cast<int>(timeline.placeOf(start + 2s)), 12});
        QTRY_VERIFY(it.player().playhead() < start + 5s);
        QVERIFY(it.player().isPlaying());
        QVERIFY(it.comesTo(it.player().playhead() + 100ms));
    }

    void aWindowIsClosedWhileItPlays() {
        auto it = std::make_unique<Playing>();
        QVERIFY(it->comesTo(start + 100ms));
        QVERIFY(it->window.close());
        QVERIFY(!it->player().hasRun());
        QTest::qWait(40); // ticks that were on their way
        it.reset();
    }

    void anotherLessonIsOpenedWhileItPlays() {
        Playing it;
        QVERIFY(it.comesTo(start + 500ms));
        auto* list = it.window.library().findChild<QTreeView*>();
        const auto lessons = list->model()->match(list->model()->index(0, 0), Qt::DisplayRole,
                                                  "A crash charges a customer twice", 1,
                                                  Qt::MatchRecursive | Qt::MatchContains);
        QCOMPARE(lessons.size(), 1);
        const QModelIndex lesson = lessons.front();
        list->scrollTo(lesson);
        const QPoint place = list->visualRect(lesson).center();
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, place);
        QTest::mouseDClick(list->viewport(), Qt::LeftButton, {}, place);
        QTRY_COMPARE(it.window.windowTitle(), "06-crash-duplicates-charge.json[*] — Millrace");
        QTRY_VERIFY(it.player().frame() != nullptr);
        QVERIFY(!it.player().isPlaying());
        QVERIFY(it.player().playhead() == start);
        QTest::keyClick(&it.window, Qt::Key_Space);
        QVERIFY(it.comesTo(start + 10ms));
        QVERIFY(!it.window.grab().isNull());
    }

    // Files.

    void aRecentFileThatIsGoneIsSaidToBe() {
        ui::MainWindow window({});
        window.show();
        const QString file = copyOf(firstLesson, "kept.json");
        QVERIFY(window.files().open(file));
        QMenu* recent = menuOf(window, "Open Recent");
        QVERIFY(recent != nullptr);
        QAction* entry = recent->actions().front();
        QCOMPARE(entry->text(), "kept.json");
        entry->trigger();
        QCOMPARE(window.document().file(), file);
        QFile::remove(file);
        entry->trigger(); // it was there when the menu opened
        QVERIFY(window.findChild<ui::ProblemsDialog*>() != nullptr);
        QVERIFY(!window.document().scenario().components.empty());
        menuOf(window, "Open Recent");
        for (const QAction* action : recent->actions()) {
            QVERIFY(action->text() != "kept.json");
        }
    }

    void aDroppedScenarioIsOpened() {
        ui::MainWindow window({});
        window.show();
        drop(window, {crash});
        QCOMPARE(window.document().file(), crash);
    }

    void droppedDefinitionsAreShownBeforeTheyAreImported() {
        ui::MainWindow window({});
        window.show();
        drop(window, {definitions});
        auto* dialog = window.findChild<ui::ImportDialog*>();
        QVERIFY(dialog != nullptr && dialog->isVisible());
        QVERIFY(window.document().scenario().components.empty());
    }

    void aDroppedTextIsRefusedWithItsReason() {
        ui::MainWindow window({});
        window.show();
        QVERIFY(window.files().open(crash));
        drop(window, {write("notes.txt", "milk, eggs\n")});
        const auto* dialog = window.findChild<ui::ProblemsDialog*>();
        QVERIFY(dialog != nullptr && dialog->isVisible());
        QCOMPARE(dialog->findChild<QTreeWidget*>()->topLevelItemCount(), 1);
        QCOMPARE(window.document().file(), crash);
    }

    void ofTwoDroppedFilesTheFirstIsOpenedAndItIsSaid() {
        ui::MainWindow window({});
        window.show();
        drop(window, {crash, firstLesson});
        QCOMPARE(window.document().file(), crash);
        QVERIFY(window.statusBar()->isVisible());
        QVERIFY2(window.statusBar()->currentMessage().contains("06-crash-duplicates-charge.json"),
                 qPrintable(window.statusBar()->currentMessage()));
    }

    void aDropOnUnsavedChangesAsksFirst() {
        ui::MainWindow window({});
        window.show();
        QVERIFY(window.files().open(copyOf(firstLesson, "mine.json")));
        window.document().edit("Seed", [](Scenario& scenario) { scenario.seed = 77; });
        answer(QMessageBox::Cancel);
        drop(window, {crash});
        QCOMPARE(window.document().scenario().seed, 77U);
        answer(QMessageBox::Discard);
        drop(window, {crash});
        QCOMPARE(window.document().file(), crash);
    }

    void everyProblemOfAFileCanBeReadToItsEnd() {
        QStringList links;
        for (int n = 0; n < 40; ++n) {
            links << QStringLiteral("{'kind':'publish','from':'a','to':'b',"
                                    "'the_setting_with_quite_a_long_name_%1':1}")
                         .arg(n);
        }
        const QString text = QStringLiteral("{'components':[],'links':[%1]}").arg(links.join(','));
        const QString file = write("bad.json", QString(text).replace('\'', '"').toUtf8());
        ui::MainWindow window({});
        window.show();
        QVERIFY(!window.files().open(file));
        auto* dialog = window.findChild<ui::ProblemsDialog*>();
        auto* list = dialog->findChild<QTreeWidget*>();
        QVERIFY(list->topLevelItemCount() >= 40);
        const int margins =
            2 * (list->style()->pixelMetric(QStyle::PM_FocusFrameHMargin, nullptr, list) + 1);
        for (const int width : {720, 480, 1000}) {
            dialog->resize(width, 380);
            QCoreApplication::processEvents();
            QVERIFY(list->columnWidth(0) + list->columnWidth(1) <= list->viewport()->width());
            QVERIFY(list->columnWidth(1) * 2 >= list->viewport()->width());
            for (int n = 0; n < list->topLevelItemCount(); ++n) {
                const QTreeWidgetItem* row = list->topLevelItem(n);
                for (const int column : {0, 1}) {
                    const QRect needed = list->fontMetrics().boundingRect(
                        {0, 0, list->columnWidth(column) - margins, 9999}, Qt::TextWordWrap,
                        row->text(column));
                    QVERIFY(needed.width() <= list->columnWidth(column));
                    QVERIFY2(list->visualItemRect(row).height() >= needed.height(),
                             qPrintable(row->text(column)));
                }
            }
        }
        list->verticalScrollBar()->setValue(list->verticalScrollBar()->maximum());
        const QTreeWidgetItem* last = list->topLevelItem(list->topLevelItemCount() - 1);
        QVERIFY(list->viewport()->rect().contains(list->visualItemRect(last).center()));
    }

    // The run library.

    void aLockedLibraryIsSaidToBeAndNothingIsLost() {
        Playing it;
        const std::filesystem::path library = m_folder.filePath("locked.sqlite").toStdString();
        it.window.runs().setLibrary(library);
        QVERIFY(it.comesTo(start + 500ms));
        it.window.runs().save();
        {
            Database other(library, Database::Access::ReadWrite, 0s);
            other.run("begin exclusive");
            QVERIFY(other.ok());
            it.window.runs().save();
            const auto* dialog = it.window.findChild<ui::ProblemsDialog*>();
            QVERIFY(dialog != nullptr && dialog->isVisible());
            QVERIFY(it.player().hasRun());
            ui::RunBrowser browser(library);
            browser.setConfirm([](int) { return true; });
            browser.show();
            QCOMPARE(browser.findChild<QTableView*>()->model()->rowCount(), 1);
            for (auto* button : browser.findChildren<QPushButton*>()) {
                button->text() == "Delete" ? QTest::mouseClick(button, Qt::LeftButton) : void();
            }
            const auto labels = browser.findChildren<QLabel*>();
            QVERIFY(std::ranges::any_of(labels, [](const QLabel* label) {
                return label->isVisible() && label->text().contains("locked.sqlite");
            }));
            QCOMPARE(browser.findChild<QTableView*>()->model()->rowCount(), 1);
        }
        it.window.runs().save();
        ui::RunBrowser browser(library);
        QCOMPARE(browser.findChild<QTableView*>()->model()->rowCount(), 2);
    }

    void aReadOnlyLibraryIsShownAndSavingSaysWhyItCannot() {
        Playing it;
        const QTemporaryDir folder;
        const QString library = folder.filePath("runs.sqlite");
        it.window.runs().setLibrary(library.toStdString());
        QVERIFY(it.comesTo(start + 500ms));
        it.window.runs().save();
        const OnlyReading onlyReading{folder.path().toStdString()};
        it.window.runs().save();
        const auto* dialog = it.window.findChild<ui::ProblemsDialog*>();
        QVERIFY(dialog != nullptr && dialog->isVisible());
        QVERIFY(it.player().hasRun());
        const ui::RunBrowser reading(library.toStdString());
        QCOMPARE(reading.findChild<QTableView*>()->model()->rowCount(), 1);
    }

    void aLibraryThatCannotBeReadSaysSo() {
        const QString folder = m_folder.filePath("runs.sqlite"); // a folder where a file should be
        QVERIFY(QDir().mkpath(folder));
        ui::RunBrowser browser(folder.toStdString());
        browser.show();
        const auto labels = browser.findChildren<QLabel*>();
        QVERIFY(std::ranges::any_of(labels, [](const QLabel* label) {
            return label->isVisible() && label->text().contains("is a folder");
        }));
        Playing it;
        it.window.runs().setLibrary(folder.toStdString());
        QVERIFY(it.comesTo(start + 100ms));
        it.window.runs().save();
        const auto* dialog = it.window.findChild<ui::ProblemsDialog*>();
        QVERIFY(dialog != nullptr && dialog->isVisible());
        QVERIFY(it.player().hasRun());
    }

    // Panels.

    void thePanelsMenuListsEveryPanelWithItsMark() {
        ui::MainWindow window({});
        window.show();
        const QMenu* menu = menuOf(window, "Panels");
        QStringList names;
        for (const QAction* action : menu->actions()) {
            QVERIFY(action->isCheckable());
            // Where a message goes is not shown until it is asked.
            QCOMPARE(action->isChecked(), action->text() != "Route");
            names << action->text();
        }
        names.sort();
        QCOMPARE(names, QStringList({"Checks", "Faults", "Inspector", "Ledger", "Library", "Log",
                                     "Message", "Metrics", "Plots", "Route"}));
    }

    void aTabsCrossHidesItsPanelAndTheMenuBringsItToTheFront() {
        ui::MainWindow window({});
        window.show();
        QDockWidget* plots = dock(window, "plots");
        QTRY_VERIFY(tabOf(window, "Plots").first != nullptr);
        const auto [tabs, tab] = tabOf(window, "Plots");
        QWidget* cross = tabs->tabButton(tab, QTabBar::RightSide);
        QVERIFY(cross != nullptr && cross->isVisible());
        QTest::mouseClick(cross, Qt::LeftButton);
        QVERIFY(plots->isHidden());
        const QMenu* menu = menuOf(window, "Panels");
        QAction* entry = plots->toggleViewAction();
        QVERIFY(menu->actions().contains(entry) && !entry->isChecked());
        entry->trigger();
        QVERIFY(!plots->isHidden());
        QTRY_COMPARE(tabOf(window, "Plots").second, tabOf(window, "Plots").first->currentIndex());
    }

    void aPanelFloatsAndIsDockedAgain() {
        ui::MainWindow window({});
        window.show();
        QTRY_VERIFY(tabOf(window, "Ledger").first != nullptr);
        const auto [tabs, tab] = tabOf(window, "Ledger");
        QContextMenuEvent click(QContextMenuEvent::Mouse, tabs->tabRect(tab).center(),
                                tabs->mapToGlobal(tabs->tabRect(tab).center()));
        QCoreApplication::sendEvent(tabs, &click);
        QMenu* menu = nullptr;
        QTRY_VERIFY((menu = qobject_cast<QMenu*>(QApplication::activePopupWidget())) != nullptr);
        QTest::mouseClick(menu, Qt::LeftButton, {},
                          menu->actionGeometry(menu->actions().at(1)).center());
        QDockWidget* ledger = dock(window, "ledger");
        QTRY_VERIFY(ledger->isFloating() && ledger->isVisible());
        QVERIFY(ledger->titleBarWidget() == nullptr); // its own bar, with its buttons
        QMouseEvent twice(QEvent::NonClientAreaMouseButtonDblClick, {40, -8},
                          ledger->mapToGlobal(QPointF(40, -8)), Qt::LeftButton, Qt::LeftButton,
                          Qt::NoModifier);
        QCoreApplication::sendEvent(ledger, &twice); // on its title
        QTRY_VERIFY(!ledger->isFloating());
        QTRY_VERIFY(tabOf(window, "Ledger").first != nullptr);
    }

    void aTabDraggedOutOfItsBarTakesItsPanelAlong() {
        ui::MainWindow window({});
        window.resize(1280, 800);
        window.show();
        QTRY_VERIFY(tabOf(window, "Ledger").first != nullptr);
        const auto [tabs, tab] = tabOf(window, "Ledger");
        const int count = tabs->count();
        const QPoint held = tabs->tabRect(tab).center();
        QDockWidget* ledger = dock(window, "ledger");
        QTest::mousePress(tabs, Qt::LeftButton, {}, held);
        QTest::mouseMove(tabs, held + QPoint(15, -10)); // still near: the tab is only moved along
        QVERIFY(!ledger->isFloating());
        QTest::mouseMove(tabs, held + QPoint(60, -90));
        QVERIFY(ledger->isFloating() && ledger->isVisible());
        const QPoint there = held + QPoint(100, -220);
        QTest::mouseMove(tabs, there);
        QTest::mouseRelease(tabs, Qt::LeftButton, {}, there);
        QVERIFY(ledger->frameGeometry().contains(tabs->mapToGlobal(there)));
        QTRY_COMPARE(tabOf(window, "Checks").first->count(), count - 1);
        const QPoint dropped = ledger->pos();
        QTest::mouseMove(tabs, held + QPoint(200, -300)); // nobody holds it any more
        QCOMPARE(ledger->pos(), dropped);
        ledger->setFloating(false);
        QTRY_COMPARE(tabOf(window, "Ledger").first->count(), count);
    }

    void aTabDraggedAlongItsBarChangesItsPlaceOnly() {
        ui::MainWindow window({});
        window.resize(1280, 800);
        window.show();
        QTRY_VERIFY(tabOf(window, "Checks").first != nullptr);
        const auto [tabs, tab] = tabOf(window, "Checks");
        QCOMPARE(tab, 0);
        const QPoint from = tabs->tabRect(0).center();
        const QPoint to = tabs->tabRect(2).center() + QPoint(20, 3);
        QTest::mousePress(tabs, Qt::LeftButton, {}, from);
        for (int step = 1; step <= 10; ++step) {
            QTest::mouseMove(tabs, from + (to - from) * step / 10);
        }
        QTest::mouseRelease(tabs, Qt::LeftButton, {}, to);
        QVERIFY(!dock(window, "checks")->isFloating());
        QTRY_COMPARE(tabOf(window, "Checks").second, 2);
    }

    void thePaletteSaysWhatItDoesToAPanel() {
        ui::MainWindow window({});
        QVERIFY(hand::show(window));
        QTest::keyClick(&window, Qt::Key_K, Qt::ControlModifier);
        auto* commands = window.findChild<ui::Chooser*>();
        QVERIFY(commands != nullptr);
        QTest::keyClicks(&commands->field(), "panel: plots");
        QCOMPARE(commands->shown(), 2);
        QCOMPARE(commands->textAt(0), "Show panel: Plots");
        QCOMPARE(commands->textAt(1), "Hide panel: Plots");
        QTest::keyClick(&commands->field(), Qt::Key_Return);
        QTRY_COMPARE(tabOf(window, "Plots").second, tabOf(window, "Plots").first->currentIndex());
    }

    void everyWordOfThePaletteIsItsOwn() {
        ui::MainWindow window({});
        window.show();
        menuOf(window, "Panels");
        const ui::Chooser commands("Commands", "Type", ui::choicesOf(window.everyAction()));
        QStringList all;
        for (int row = 0; row < commands.shown(); ++row) {
            all << commands.textAt(row);
        }
        QVERIFY(all.contains("Theme: Dark"));
        QVERIFY(!all.contains("Plots"));
        QCOMPARE(all.removeDuplicates(), 0);
    }

    void aNewDocumentIsNoLesson() {
        ui::MainWindow window(PROJECT_ROOT "/scenarios");
        window.show();
        QVERIFY(window.files().open(crash));
        const auto* list = window.library().findChild<QTreeView*>();
        QVERIFY(list->selectionModel()->hasSelection());
        window.files().create();
        QVERIFY(!list->selectionModel()->hasSelection());
    }

    void anotherDocumentHasNothingChosen() {
        ui::MainWindow window({});
        window.show();
        QVERIFY(window.files().open(firstLesson));
        window.panels().showComponent(ComponentId{2});
        QVERIFY(window.files().open(crash));
        QCOMPARE(window.panels().component().findChild<QLabel*>()->text(), "Nothing is chosen");
    }

    // Plots and text.

    void theDepthOfAConsumerIsDrawn() {
        Playing it;
        it.player().seek(start + 10s);
        QVERIFY(it.comesTo(start + 10s));
        dock(it.window, "plots")->raise();
        it.window.panels().showComponent(ComponentId{3});
        auto* series = it.window.findChild<ui::SeriesPanel*>();
        ui::Plot* depth = series->plots()[0];
        QTRY_VERIFY(depth->isVisible() && depth->readout().contains("unacked"));
    }

    // Room.

    void everyMenuIsThereAtAnySizeOfText_data() {
        QTest::addColumn<double>("times");
        QTest::addColumn<QSize>("size");
        QTest::newRow("usual") << 1.0 << QSize(1440, 900);
        QTest::newRow("smallest window") << 1.0 << QSize(1024, 640);
        QTest::newRow("150 %") << 1.5 << QSize(1024, 640);
        QTest::newRow("200 %") << 2.0 << QSize(1024, 640);
        QTest::newRow("200 % in a large window") << 2.0 << QSize(1920, 1080);
        QTest::newRow("300 %") << 3.0 << QSize(1024, 640);
    }
    void everyMenuIsThereAtAnySizeOfText() {
        QFETCH(double, times);
        QFETCH(QSize, size);
        const TextOf text(times);
        ui::MainWindow window({});
        window.resize(size);
        window.show();
        QVERIFY(window.files().open(crash));
        window.player().seek(start + 16s);
        QTRY_VERIFY(window.player().playhead() == start + 16s);
        QApplication::processEvents();
        const QMenuBar& menus = *window.menuBar();
        for (QAction* menu : menus.actions()) {
            const QRect place = menus.actionGeometry(menu);
            QVERIFY2(!place.isEmpty() && menus.rect().contains(place), qPrintable(menu->text()));
        }
        const auto* bar = window.findChild<ui::TopBar*>();
        if (times == 1) {
            QVERIFY(!bar->standsAlone());
        }
        const QRect seen = window.rect();
        for (auto* part : bar->findChildren<QWidget*>()) {
            const QRect place(part->mapTo(&window, QPoint()), part->size());
            QVERIFY2(part->isHidden() || (part->isVisible() && seen.contains(place)),
                     part->metaObject()->className());
        }
        auto* chip = window.findChild<ui::VerdictChip*>();
        QVERIFY(chip->width() >= chip->sizeHint().width());
        QCOMPARE(window.size(), size); // nothing pushes it larger
    }

    void theBarGoesToItsOwnLineAndBackAsTheWindowIsResized() {
        ui::MainWindow window({});
        window.resize(1440, 900);
        window.show();
        const auto* bar = window.findChild<ui::TopBar*>();
        QVERIFY(!bar->standsAlone());
        window.resize(700, 640);
        QTRY_VERIFY(bar->standsAlone() && bar->isVisible());
        window.resize(1440, 900);
        QTRY_VERIFY(!bar->standsAlone() && bar->isVisible());
    }

    void textSizeIsAnOption() {
        const auto options = ui::desktopOptions({"millrace", "--text", "200"});
        QVERIFY(options.has_value());
        QCOMPARE(options->textPercent, std::optional(200));
        QVERIFY(!ui::desktopOptions({"millrace", "--text", "huge"}).has_value());
    }
};

QTEST_MAIN(Gestures)
#include "tst_gestures.moc"
