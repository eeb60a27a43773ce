#include "sim/run/run.h"
#include "tests/ui/hand.h"
#include "ui/inspect/fault_panel.h"
#include "ui/window/file_actions.h"
#include "ui/window/main_window.h"
#include "ui/window/panels.h"

#include <QApplication>
#include <QDockWidget>
#include <QFile>
#include <QFileDialog>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QWindow>

using namespace sim;
using namespace std::chrono_literals;

namespace {

const QString lessons = QStringLiteral(PROJECT_ROOT "/scenarios/rabbitmq/");
const QString firstLesson = lessons + "01-first-message.json";
const QString crash = lessons + "06-crash-duplicates-charge.json";

/// A window in front, with a lesson in it.
struct Desk {
    ui::MainWindow window{{}};

    explicit Desk(const QString& lesson) {
        window.resize(1280, 800);
        [[maybe_unused]] const bool active = hand::show(window);
        [[maybe_unused]] const bool opened = window.files().open(lesson);
    }

    ui::Player& player() { return window.player(); }
    bool standsAt(Instant at) {
        return QTest::qWaitFor(
            [&] {
                const auto frame = player().frame();
                return frame && frame->at == at && !frame->advancing;
            },
            20'000);
    }
    bool goesTo(Instant at) {
        player().seek(at);
        return standsAt(at);
    }
};

/// Types a file's name into the next file dialog and takes it.
void chooseFile(const QString& file) {
    QTimer::singleShot(0, qApp, [file] {
        auto* dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
        auto* name = dialog != nullptr ? dialog->findChild<QLineEdit*>("fileNameEdit") : nullptr;
        if (name == nullptr) {
            chooseFile(file);
            return;
        }
        name->setText(file); // as pasted
        for (auto* button : dialog->findChildren<QPushButton*>()) {
            if (button->isDefault()) {
                QTest::mouseClick(button, Qt::LeftButton);
            }
        }
    });
}

std::string fingerprintOf(Desk& desk) {
    RunOptions options;
    options.interventions = desk.player().interventions();
    return runScenario(desk.window.document().scenario(), options).fingerprint;
}

} // namespace

/// Keys, menus and clicks: what each of them promises.
class Controls : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    QString copyOf(const QString& file, const QString& name) {
        const QString copy = m_folder.filePath(name);
        QFile::remove(copy);
        return QFile::copy(file, copy) ? copy : QString();
    }

private slots:
    void initTestCase() {
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_folder.path());
        QApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
    }

    // Faults by hand.

    void aFaultFromACardsMenuIsInTheRunAndTheRunCanBeRepeated() {
        Desk desk(firstLesson);
        QVERIFY(desk.goesTo(start + 2s));
        const std::string unharmed = fingerprintOf(desk);
        QMenu* menu = hand::menuOfCard(desk.window, "mailer");
        QVERIFY(menu != nullptr);
        QVERIFY(hand::click(*menu, "Crash for 5"));
        QTRY_COMPARE(desk.player().interventions().size(), std::size_t{1});
        const FaultSpec fault = desk.player().interventions().front();
        QCOMPARE(std::get<CrashFault>(fault.what).target, "mailer");
        QVERIFY(fault.when.at > Duration{2s}); // right after the instant that is shown
        QVERIFY(fault.when.at <= Duration{2s} + 1us);
        QCOMPARE(fault.when.duration, std::optional<Duration>(5s));
        QVERIFY(desk.goesTo(start + 3s));
        QCOMPARE(ui::faultsOn(desk.window.canvas().content(), hand::cardOf(desk.window.canvas(), "mailer")),
                 QStringList{"crash"});
        QVERIFY(desk.goesTo(start + 8s));
        QVERIFY(
            ui::faultsOn(desk.window.canvas().content(), hand::cardOf(desk.window.canvas(), "mailer")).isEmpty());
        QVERIFY(desk.goesTo(start + desk.player().duration()));
        QCOMPARE(desk.player().frame()->fingerprint, fingerprintOf(desk));
        QVERIFY(desk.player().frame()->fingerprint != unharmed);
    }

    void aFaultWithOtherParametersIsSetInThePanelAndInjectedByItsButton() {
        Desk desk(firstLesson);
        QVERIFY(desk.goesTo(start + 2s));
        QMenu* menu = hand::menuOfCard(desk.window, "mailer");
        QVERIFY(menu != nullptr);
        QVERIFY(hand::click(*menu, "With other parameters"));
        QTRY_VERIFY(QApplication::activePopupWidget() != menu);
        auto* others = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        QVERIFY(others != nullptr);
        QVERIFY(hand::click(*others, "Slow"));
        ui::FaultPanel& panel = desk.window.panels().faults();
        QTRY_VERIFY(!panel.visibleRegion().isEmpty());
        QVERIFY(desk.player().interventions().empty()); // not yet
        auto* duration = panel.findChild<QLineEdit*>("/duration");
        QVERIFY(duration != nullptr);
        QTest::mouseClick(duration, Qt::LeftButton);
        duration->selectAll();
        QTest::keyClicks(duration, "1500 ms");
        QTest::keyClick(duration, Qt::Key_Return);
        auto* inject = panel.findChild<QPushButton*>();
        QVERIFY(inject->isEnabled());
        QTest::mouseClick(inject, Qt::LeftButton);
        QTRY_COMPARE(desk.player().interventions().size(), std::size_t{1});
        const FaultSpec fault = desk.player().interventions().front();
        QCOMPARE(std::get<SlowFault>(fault.what).target, "mailer");
        QCOMPARE(fault.when.duration, std::optional<Duration>(1500ms));
        QVERIFY(desk.goesTo(start + desk.player().duration()));
        QCOMPARE(desk.player().frame()->fingerprint, fingerprintOf(desk));
    }

    // Keys.

    void aFullStopIsOneEventFurtherAndACommaIsOneFactBack() {
        Desk desk(crash);
        QVERIFY(desk.goesTo(start + 3s));
        for (int n = 0; n < 5; ++n) {
            const std::uint64_t events = desk.player().frame()->events;
            QTest::keyClick(&desk.window, Qt::Key_Period);
            QTRY_COMPARE(desk.player().frame()->events, events + 1);
        }
        const Instant there = desk.player().playhead();
        QVERIFY(there > start + 3s);
        QTest::keyClick(&desk.window, Qt::Key_Comma);
        QTRY_VERIFY(desk.player().playhead() < there);
        const Instant before = desk.player().playhead();
        bool isAFact = false;
        const TraceLog& log = desk.player().frame()->log;
        for (std::size_t n = log.firstKept(); n < log.size(); ++n) {
            isAFact = isAFact || log[n].at == before;
            QVERIFY(log[n].at <= before || log[n].at >= there); // none lies between
        }
        QVERIFY(isAFact);
        QVERIFY(!desk.player().isPlaying());
    }

    void homeAndEndGoToTheEndsOfTheRun() {
        Desk desk(crash);
        QVERIFY(desk.standsAt(start));
        const std::string first = desk.player().frame()->fingerprint;
        QVERIFY(desk.goesTo(start + 3s));
        QVERIFY(desk.player().frame()->fingerprint != first);
        QTest::keyClick(&desk.window, Qt::Key_End);
        QVERIFY(desk.standsAt(start + desk.player().duration()));
        QTest::keyClick(&desk.window, Qt::Key_Home);
        QVERIFY(desk.standsAt(start));
        QCOMPARE(desk.player().frame()->fingerprint, first);
    }

    void bracketsChangeTheSpeedAndBackAgain() {
        Desk desk(crash);
        const double usual = desk.player().speed();
        QTest::keyClick(&desk.window, Qt::Key_BracketRight);
        const double faster = desk.player().speed();
        QVERIFY(faster > usual);
        QTest::keyClick(&desk.window, Qt::Key_BracketLeft);
        QCOMPARE(desk.player().speed(), usual);
        QTest::keyClick(&desk.window, Qt::Key_BracketLeft);
        QVERIFY(desk.player().speed() < usual);
    }

    // Files.

    void openAsksForAFileAndShowsIt() {
        Desk desk(firstLesson);
        chooseFile(crash);
        hand::actionOf(desk.window, "Open…")->trigger();
        QCOMPARE(desk.window.document().file(), crash);
        QVERIFY(desk.standsAt(start));
        QVERIFY(desk.window.windowTitle().startsWith("06-crash-duplicates-charge.json"));
    }

    void saveWritesWhatWasEdited() {
        const QString file = copyOf(firstLesson, "mine.json");
        Desk desk(file);
        desk.window.document().edit("Seed", [](Scenario& scenario) { scenario.seed = 4711; });
        QVERIFY(desk.window.isWindowModified());
        hand::actionOf(desk.window, "Save")->trigger();
        QVERIFY(!desk.window.isWindowModified());
        ui::Document again;
        QVERIFY(again.open(file).empty());
        QVERIFY(again.scenario() == desk.window.document().scenario());
        QCOMPARE(again.scenario().seed, std::uint64_t{4711});
    }

    void saveAsAsksForANameAndGoesOnUnderIt() {
        const QString file = m_folder.filePath("other.json");
        Desk desk(firstLesson);
        chooseFile(file);
        hand::actionOf(desk.window, "Save As…")->trigger();
        QVERIFY(QFile::exists(file));
        QCOMPARE(desk.window.document().file(), file);
        ui::Document again;
        QVERIFY(again.open(file).empty());
        QVERIFY(again.scenario() == desk.window.document().scenario());
    }

    void recentFilesAreListedTheNewestFirstAndOpen() {
        const QString one = copyOf(firstLesson, "one.json");
        const QString two = copyOf(crash, "two.json");
        Desk desk(one);
        QVERIFY(desk.window.files().open(two));
        QMenu* recent = nullptr;
        for (auto* menu : desk.window.findChildren<QMenu*>()) {
            recent = menu->title().remove(u'&') == "Open Recent" ? menu : recent;
        }
        QVERIFY(recent != nullptr);
        emit recent->aboutToShow();
        QCOMPARE(recent->actions()[0]->text(), "two.json");
        QCOMPARE(recent->actions()[1]->text(), "one.json");
        recent->actions()[1]->trigger();
        QCOMPARE(desk.window.document().file(), one);
        emit recent->aboutToShow();
        QCOMPARE(recent->actions()[0]->text(), "one.json");
    }
};

QTEST_MAIN(Controls)
#include "tst_controls.moc"
