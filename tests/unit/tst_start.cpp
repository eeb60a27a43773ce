// The two set-up scripts, in a folder of their own, with stubs in place of everything that
// installs, builds or tests: what they call, and what they do not call again.
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

namespace {

/// Every stub writes down its name and arguments.
const char* const noteTheCall = "#!/bin/bash\nprintf '%s\\n' \"${0##*/} $*\" >> \"$CALLS\"\n";

/// What is installed stands in a file; so apt-get can install.
const char* const dpkgQuery = "shift 3\nfor name; do grep -qx \"$name\" \"$INSTALLED\" && echo "
                              "\"installed $name\"; done\n:\n";
const char* const aptGet = "install=\nfor word; do\n"
                           "  case $word in install) install=yes ;; -*) ;;\n"
                           "    *) [[ $install ]] && echo \"$word\" >> \"$INSTALLED\" ;;\n"
                           "  esac\ndone\n:\n";
const char* const sudo = "\"$@\"\n";
const char* const cmake = "[[ $* != *'--preset release'* ]] || touch build/release/build.ninja\n";
/// Builds programs that write down their names and arguments, too.
const char* const ninja = "mkdir -p \"$2/app\"\nfor program in millrace millrace-cli; do\n"
                          "  cp \"$STUBS/program\" \"$2/app/$program\"\ndone\n";

} // namespace

class StartTest : public QObject {
    Q_OBJECT

    /// A tree as after a clone, as far as the scripts look at it.
    struct Clone {
        QTemporaryDir folder;

        Clone() {
            for (const char* name : {"app", "tests", "stubs", "scenarios/rabbitmq", "elsewhere"}) {
                QDir{folder.path()}.mkpath(name);
            }
            for (const char* name : {"app/start", "app/packages", "tests/run", "CMakePresets.json",
                                     "scenarios/rabbitmq/01-first-message.json"}) {
                if (!QFile::copy(PROJECT_ROOT "/" + QString(name), folder.filePath(name))) {
                    qFatal("no %s", name);
                }
            }
            write("os-release", "ID=debian\nVERSION_ID=\"12\"\n");
            write("installed", "");
            write("elsewhere/mine.json", "{}");
            stub("program", "");
            stub("dpkg-query", dpkgQuery);
            stub("apt-get", aptGet);
            stub("sudo", sudo);
            stub("cmake", cmake);
            stub("ninja", ninja);
            stub("ctest", "");
        }

        void write(const char* name, const QByteArray& text) const {
            QFile file(folder.filePath(name));
            if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size()) {
                qFatal("%s cannot be written", name);
            }
        }
        void stub(const QByteArray& name, const QByteArray& does) const {
            write("stubs/" + name, noteTheCall + does);
            QFile::setPermissions(folder.filePath("stubs/" + name),
                                  QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        }
        QString path(const char* name) const { return folder.filePath(name); }
    };

    /// What a call of a script came to.
    struct Call {
        int exitCode = 0;
        QString out;
        QString err;
        QStringList calls; ///< of the stubs

        QStringList of(const QString& program) const {
            return calls.filter(QRegularExpression("^" + program + " "));
        }
    };
    static Call call(const Clone& clone, const char* script, const QStringList& arguments,
                     const QString& display = {}) {
        QFile::remove(clone.path("calls"));
        QProcessEnvironment environment;
        environment.insert("PATH", clone.path("stubs") + ":/usr/bin:/bin");
        environment.insert("HOME", clone.path("elsewhere"));
        environment.insert("STUBS", clone.path("stubs"));
        environment.insert("CALLS", clone.path("calls"));
        environment.insert("INSTALLED", clone.path("installed"));
        environment.insert("MILLRACE_OS_RELEASE", clone.path("os-release"));
        if (!display.isEmpty()) {
            environment.insert("DISPLAY", display);
        }
        QProcess process;
        process.setProcessEnvironment(environment);
        process.setWorkingDirectory(clone.path("elsewhere"));
        process.start(clone.path(script), arguments);
        if (!process.waitForFinished()) {
            qFatal("%s did not end", script);
        }
        QFile calls(clone.path("calls"));
        const QString text =
            calls.open(QIODevice::ReadOnly) ? QString::fromUtf8(calls.readAll()) : QString();
        return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
                QString::fromUtf8(process.readAllStandardError()),
                text.split('\n', Qt::SkipEmptyParts)};
    }

private slots:
    void opensTheScenarioThatIsNamed() {
        const Clone clone;
        const Call started = call(clone, "app/start", {"mine.json"}, ":9");
        QVERIFY2(started.exitCode == 0, qPrintable(started.err));
        QCOMPARE(started.calls.last(), "millrace " + clone.path("elsewhere/mine.json"));
        QVERIFY(started.of("apt-get").last().contains("qt6-wayland")); // what shows windows
    }

    void opensTheFirstLessonWhereNoneIsNamed() {
        const Clone clone;
        const Call started = call(clone, "app/start", {}, ":9");
        QVERIFY2(started.exitCode == 0, qPrintable(started.err));
        QCOMPARE(started.calls.last(),
                 "millrace " + clone.path("scenarios/rabbitmq/01-first-message.json"));
    }

    void runsTheScenarioWhereThereIsNoDisplay() {
        const Clone clone;
        const Call started = call(clone, "app/start", {clone.path("elsewhere/mine.json")});
        QVERIFY2(started.exitCode == 0, qPrintable(started.err));
        QCOMPARE(started.calls.last(), "millrace-cli run " + clone.path("elsewhere/mine.json") +
                                           " --report " + clone.path("build/reports/mine.html"));
        QVERIFY(started.out.contains("No display here"));
        QVERIFY(!started.of("apt-get").last().contains("qt6-wayland"));
    }

    void endsAsTheProgramEnds() {
        const Clone clone;
        clone.stub("program", "exit 1\n");
        QCOMPARE(call(clone, "app/start", {"mine.json"}).exitCode, 1);
    }

    void doesNothingForWhatItCannotStart_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("missing file")
            << QStringList{"nowhere.json"}
            << "There is no scenario that can be read at %1/nowhere.json.";
        QTest::newRow("folder") << QStringList{"../app"}
                                << "There is no scenario that can be read at %1/../app.";
        QTest::newRow("option")
            << QStringList{"--fast"}
            << "app/start does not know the option --fast: see app/start --help.";
        QTest::newRow("two") << QStringList{"mine.json", "mine.json"}
                             << "app/start takes one scenario, not 2: see app/start --help.";
    }

    void doesNothingForWhatItCannotStart() {
        QFETCH(QStringList, arguments);
        QFETCH(QString, sentence);
        const Clone clone;
        const Call refused = call(clone, "app/start", arguments);
        QCOMPARE(refused.exitCode, 2);
        QCOMPARE(refused.err, sentence.replace("%1", clone.path("elsewhere")) + "\n");
        QCOMPARE(refused.out, "");
        QCOMPARE(refused.calls, QStringList()); // nothing was installed, built or run
    }

    void startsASecondTimeWithoutDoingAnythingTwice() {
        const Clone clone;
        const Call first = call(clone, "app/start", {"mine.json"});
        QVERIFY2(first.exitCode == 0, qPrintable(first.err));
        QVERIFY(first.out.contains("Installing from Debian's packages: "));
        QCOMPARE(first.of("apt-get").size(), 2); // update, install
        QCOMPARE(first.of("cmake"), QStringList{"cmake --preset release"});
        QCOMPARE(first.of("ninja"), QStringList{"ninja -C build/release millrace millrace-cli"});
        const Call second = call(clone, "app/start", {"mine.json"});
        QCOMPARE(second.exitCode, 0);
        QVERIFY2(!second.out.contains("Installing"), qPrintable(second.out));
        QCOMPARE(second.of("apt-get") + second.of("sudo") + second.of("cmake"), QStringList());
        QCOMPARE(second.of("ninja"), QStringList{"ninja -C build/release --quiet millrace millrace-cli"}); // what changed
        QCOMPARE(second.calls.last(), first.calls.last());
    }

    void installsOnlyWhatIsMissing() {
        const Clone clone;
        QVERIFY(call(clone, "app/start", {"mine.json"}).exitCode == 0);
        QFile installed(clone.path("installed"));
        QVERIFY(installed.open(QIODevice::ReadOnly));
        clone.write("installed", installed.readAll().replace("libfmt-dev\n", ""));
        const Call again = call(clone, "app/start", {"mine.json"});
        QVERIFY(again.out.contains("Installing from Debian's packages: libfmt-dev\n"));
        QVERIFY(again.of("apt-get").last().endsWith(" --no-install-recommends libfmt-dev"));
    }

    void saysWhatCouldNotBeInstalled() {
        const Clone clone;
        clone.stub("apt-get", "exit 1\n");
        const Call failed = call(clone, "app/start", {"mine.json"});
        QCOMPARE(failed.exitCode, 2);
        QVERIFY2(failed.err.contains("apt-get could not install: "), qPrintable(failed.err));
        QCOMPARE(failed.of("cmake") + failed.of("ninja"), QStringList());
    }

    void testsASecondTimeWithoutInstallingAgain() {
        const Clone clone;
        const Call first = call(clone, "tests/run", {"--fast"});
        QVERIFY2(first.exitCode == 0, qPrintable(first.out + first.err));
        QCOMPARE(first.of("apt-get").size(), 2);
        QVERIFY(first.of("apt-get").last().contains("librapidcheck-dev"));
        QCOMPARE(first.of("ctest").size(), 1);
        const Call second = call(clone, "tests/run", {"--fast"});
        QVERIFY2(second.exitCode == 0, qPrintable(second.out + second.err));
        QCOMPARE(second.of("apt-get") + second.of("sudo"), QStringList());
        QCOMPARE(second.of("ctest"), first.of("ctest")); // it tests again, that is what it is for
    }

    void aFailedStepFailsTheTests() {
        const Clone clone;
        clone.stub("ctest", "echo 'FAIL!  : TestQueue::isShort() Compared values differ'\nexit 8\n");
        const Call failed = call(clone, "tests/run", {"--fast"});
        QCOMPARE(failed.exitCode, 1);
        QVERIFY2(failed.out.contains(" FAIL\n"), qPrintable(failed.out));
        const auto atTheEnd = failed.out.indexOf("==== what failed in dev");
        QVERIFY2(atTheEnd > 0 && failed.out.indexOf("TestQueue::isShort()", atTheEnd) > 0,
                 qPrintable(failed.out));
    }
};

QTEST_GUILESS_MAIN(StartTest)
#include "tst_start.moc"
