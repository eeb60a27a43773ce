#include "ui/canvas/canvas_view.h"
#include "ui/common/palette.h"
#include "ui/common/settings.h"
#include "ui/inspect/fault_panel.h"
#include "ui/inspect/message_panel.h"
#include "ui/runs/import_dialog.h"
#include "ui/runs/run_browser.h"
#include "ui/window/file_actions.h"
#include "ui/window/main_window.h"
#include "ui/window/panels.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusVariant>
#include <QDockWidget>
#include <QFile>
#include <QLabel>
#include <QMenu>
#include <QProcess>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

using namespace sim;
using namespace std::chrono_literals;

namespace {

constexpr auto crash = PROJECT_ROOT "/scenarios/rabbitmq/06-crash-duplicates-charge.json";
constexpr std::array docks{"inspector", "message", "faults", "checks",
                           "plots",     "log",     "ledger", "metrics"};

/// A window at 16 s of a lesson in which a card is charged twice, with something to be seen in
/// every panel.
struct Scene {
    ui::MainWindow window{PROJECT_ROOT "/scenarios"};

    Scene() {
        window.resize(1280, 800);
        window.show();
        [[maybe_unused]] const bool opened = window.files().open(crash);
        window.player().seek(start + 16s);
    }

    bool isThere() {
        return QTest::qWaitFor(
            [&] {
                const auto frame = window.player().frame();
                return frame && frame->at == start + 16s && !frame->advancing;
            },
            20'000);
    }

    /// The window with a panel in front.
    QImage with(const QString& name) {
        auto* dock = window.findChild<QDockWidget*>(name);
        dock->raise();
        QApplication::processEvents();
        return window.grab().toImage();
    }
};

QColor groundOf(ui::MainWindow& window) {
    return window.canvas().grab().toImage().pixelColor(2, 2);
}

QColor windowColour(ui::Theme theme) { return ui::palette(theme).window; }

ui::ThemeChoice choiceOf(ui::Theme theme) {
    return theme == ui::Theme::Dark ? ui::ThemeChoice::Dark : ui::ThemeChoice::Light;
}

/// A desktop's portal on a bus of the test's own.
class Portal : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.portal.Settings")

public:
    enum Scheme : uint { NoPreference = 0, Dark = 1, Light = 2 };

    void say(uint scheme) {
        m_scheme = scheme;
        emit SettingChanged("org.freedesktop.appearance", "color-scheme", QDBusVariant(scheme));
    }

public slots:
    Q_SCRIPTABLE QDBusVariant Read(const QString& /*space*/, const QString& /*key*/) {
        return QDBusVariant(QVariant::fromValue(QDBusVariant(m_scheme)));
    }

signals:
    Q_SCRIPTABLE void SettingChanged(const QString& space, const QString& key,
                                     const QDBusVariant& value);

private:
    uint m_scheme = Dark;
};

} // namespace

/// Light and dark, by choice and with the system, while the program runs.
class Theme : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QProcess m_bus;
    Portal m_portal;

    /// Waits until what is drawn late (panels take ten frames a second) is as it should be.
    static void looksLike(Scene& scene, const QString& dock, const QImage& wanted) {
        const bool same = QTest::qWaitFor([&] { return scene.with(dock) == wanted; }, 3000);
        QVERIFY2(same, qPrintable(dock));
    }

    static void startsIn_data() {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light to dark") << true;
        QTest::newRow("dark to light") << false;
    }

private slots:
    void initTestCase() {
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_folder.path());
        m_bus.start(DBUS_DAEMON, {"--session", "--nofork", "--print-address",
                                  "--address=unix:dir=" + m_folder.path()});
        QVERIFY(m_bus.waitForReadyRead());
        const QByteArray address = m_bus.readLine().trimmed();
        qputenv("DBUS_SESSION_BUS_ADDRESS", address);
        QDBusConnection bus = QDBusConnection::connectToBus(QString::fromUtf8(address), "portal");
        QVERIFY(bus.registerObject("/org/freedesktop/portal/desktop", &m_portal,
                                   QDBusConnection::ExportScriptableContents));
        QVERIFY(bus.registerService("org.freedesktop.portal.Desktop"));
    }

    void cleanupTestCase() {
        QDBusConnection::disconnectFromBus("portal");
        m_bus.terminate();
        m_bus.waitForFinished();
    }

    void atTheStartTheSystemIsAsked() {
        ui::applyTheme(ui::ThemeChoice::System);
        ui::MainWindow window({});
        window.show();
        QTRY_COMPARE(groundOf(window), windowColour(ui::Theme::Dark));
    }

    void theSystemIsFollowedWhileTheProgramRuns() {
        ui::applyTheme(ui::ThemeChoice::System);
        ui::MainWindow window({});
        window.show();
        m_portal.say(Portal::Light);
        QTRY_COMPARE(groundOf(window), windowColour(ui::Theme::Light));
        m_portal.say(Portal::Dark);
        QTRY_COMPARE(groundOf(window), windowColour(ui::Theme::Dark));
        QCOMPARE(window.palette().color(QPalette::Window), windowColour(ui::Theme::Dark));
    }

    void aChoiceStaysWhateverTheSystemDoes() {
        ui::applyTheme(ui::ThemeChoice::Dark);
        ui::MainWindow window({});
        window.show();
        m_portal.say(Portal::Dark);
        m_portal.say(Portal::Light);
        QTest::qWait(100); // it was heard
        QCOMPARE(groundOf(window), windowColour(ui::Theme::Dark));
        ui::applyTheme(ui::ThemeChoice::System);
        QTRY_COMPARE(groundOf(window), windowColour(ui::Theme::Light));
    }

    /// As a desktop's plug-in for Qt does it.
    void coloursThatThePlatformBringsAreFollowed() {
        ui::applyTheme(ui::ThemeChoice::System);
        ui::MainWindow window({});
        window.show();
        m_portal.say(Portal::NoPreference);
        const auto bring = [](Qt::GlobalColor ground) { QApplication::setPalette(QColor(ground)); };
        QTRY_COMPARE(groundOf(window), windowColour(ui::Theme::Light));
        bring(Qt::black);
        QTRY_COMPARE(groundOf(window), windowColour(ui::Theme::Dark));
        QTRY_COMPARE(QApplication::palette().color(QPalette::Window),
                     windowColour(ui::Theme::Dark));
        bring(Qt::white);
        QTRY_COMPARE(groundOf(window), windowColour(ui::Theme::Light));
        ui::applyTheme(ui::ThemeChoice::Dark);
        bring(Qt::white);
        QTRY_COMPARE(groundOf(window), windowColour(ui::Theme::Dark));
    }

    void theMenuSwitchesAndIsRemembered() {
        ui::MainWindow window({});
        window.show();
        QMenu* themes = nullptr;
        for (auto* menu : window.findChildren<QMenu*>()) {
            themes = menu->title() == "&Theme" ? menu : themes;
        }
        QVERIFY(themes != nullptr);
        const QList<QAction*> choices = themes->actions();
        QCOMPARE(choices.size(), 3);
        choices[2]->trigger();
        QTRY_COMPARE(groundOf(window), windowColour(ui::Theme::Dark));
        QVERIFY(ui::settings::theme() == ui::ThemeChoice::Dark);
        choices[1]->trigger();
        QTRY_COMPARE(groundOf(window), windowColour(ui::Theme::Light));
        QVERIFY(ui::settings::theme() == ui::ThemeChoice::Light);
        QVERIFY(choices[1]->isChecked());
        m_portal.say(Portal::Dark);
        choices[0]->trigger();
        QTRY_COMPARE(groundOf(window), windowColour(ui::Theme::Dark));
    }

    void noColourOfTheOtherThemeStays_data() { startsIn_data(); }
    void noColourOfTheOtherThemeStays() {
        QFETCH(bool, dark);
        const ui::Theme wanted = dark ? ui::Theme::Dark : ui::Theme::Light;
        const ui::Theme other = dark ? ui::Theme::Light : ui::Theme::Dark;
        const auto prepare = [](Scene& scene) {
            scene.window.panels().showComponent(ComponentId{2});
            scene.window.panels().showMessage(MessageId{0});
            scene.window.panels().faults().prepare(
                {.name = {}, .when = {}, .what = CrashFault{.target = "nobody"}});
        };
        ui::applyTheme(choiceOf(other));
        Scene switched;
        QVERIFY(switched.isThere());
        prepare(switched);
        for (const QString dock : docks) { // each has drawn itself in the other theme
            switched.with(dock);
            QTest::qWait(120);
        }
        switched.with("checks");
        switched.with("inspector");
        QCOMPARE(groundOf(switched.window), windowColour(other));
        ui::applyTheme(choiceOf(wanted));
        QTRY_COMPARE(groundOf(switched.window), windowColour(wanted));
        Scene fresh;
        QVERIFY(fresh.isThere());
        prepare(fresh);
        for (const QString dock : docks) {
            fresh.with(dock);
            QTest::qWait(120);
            looksLike(switched, dock, fresh.with(dock));
        }
    }

    void dialogsThatAreOpenChangeToo_data() { startsIn_data(); }
    void dialogsThatAreOpenChangeToo() {
        QFETCH(bool, dark);
        const ui::Theme wanted = dark ? ui::Theme::Dark : ui::Theme::Light;
        ui::applyTheme(choiceOf(dark ? ui::Theme::Light : ui::Theme::Dark));
        QFile file(PROJECT_ROOT "/tests/data/rabbitmq/definitions-3.10.json");
        QVERIFY(file.open(QIODevice::ReadOnly));
        const std::string definitions = file.readAll().toStdString();
        const std::filesystem::path library(m_folder.filePath("none.db").toStdString());
        ui::RunBrowser runs(library);
        ui::ImportDialog import(definitions, "definitions.json");
        runs.show();
        import.show();
        runs.grab();
        import.grab();
        ui::applyTheme(choiceOf(wanted));
        ui::RunBrowser freshRuns(library);
        ui::ImportDialog freshImport(definitions, "definitions.json");
        freshRuns.show();
        freshImport.show();
        QApplication::processEvents(); // Qt tells the widgets then
        QCOMPARE(runs.grab().toImage(), freshRuns.grab().toImage());
        QCOMPARE(import.grab().toImage(), freshImport.grab().toImage());
    }
};

QTEST_MAIN(Theme)
#include "tst_theme.moc"
