// The desktop program as a process: what its options do.
#include <QDir>
#include <QImage>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

namespace {

const QString lesson =
    QStringLiteral(PROJECT_ROOT "/scenarios/rabbitmq/06-crash-duplicates-charge.json");

} // namespace

class DesktopTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    /// What a call came to. Settings are those of nobody.
    struct Call {
        int exitCode = 0;
        QString out;
        QString err;
    };
    Call call(const QStringList& arguments) const {
        QProcess program;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("QT_QPA_PLATFORM", "offscreen");
        environment.insert("XDG_CONFIG_HOME", m_folder.filePath("config"));
        environment.insert("XDG_DATA_HOME", m_folder.filePath("data"));
        program.setProcessEnvironment(environment);
        program.start(PROGRAM, arguments);
        if (!program.waitForFinished(120'000)) {
            program.kill();
            program.waitForFinished();
            return {-1, {}, "it did not end"};
        }
        return {program.exitCode(), QString::fromUtf8(program.readAllStandardOutput()),
                QString::fromUtf8(program.readAllStandardError())};
    }
    QString path(const char* name) const { return m_folder.filePath(name); }

private slots:
    void takesAPictureOfTheWindow() {
        const Call taken = call({lesson, "--screenshot", path("plain.png"), "--size", "1000x700"});
        QVERIFY2(taken.exitCode == 0, qPrintable(taken.err));
        QCOMPARE(QImage(path("plain.png")).size(), QSize(1000, 700));
    }

    void aScaleMakesMorePixelsOfTheSameWindow() {
        const Call taken =
            call({lesson, "--screenshot", path("large.png"), "--size", "1000x700", "--scale", "2"});
        QVERIFY2(taken.exitCode == 0, qPrintable(taken.err));
        QCOMPARE(QImage(path("large.png")).size(), QSize(2000, 1400));
    }

    void beginsAtTheTimeThatIsAskedFor() {
        const auto pictureAt = [this](const char* name, const char* at) {
            const Call taken =
                call({lesson, "--screenshot", path(name), "--size", "1000x700", "--at", at});
            return taken.exitCode == 0 ? QImage(path(name)) : QImage();
        };
        const QImage atStart = pictureAt("start.png", "0");
        const QImage later = pictureAt("later.png", "12.5");
        QVERIFY(!atStart.isNull() && !later.isNull());
        QVERIFY(atStart != later); // the clock alone says another time
    }

    void namesWhatItCannotDo_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("problem");
        const QString none = path("none.png");
        QTest::newRow("no such scenario") << QStringList{"nowhere.json", "--screenshot", none}
                                          << "nowhere.json: there is no such file";
        QFile bad(path("bad.json"));
        QVERIFY(bad.open(QIODevice::WriteOnly) && bad.write("{\"version\": 1, \"titel\": 3}") > 0);
        bad.close();
        QTest::newRow("bad scenario") << QStringList{path("bad.json"), "--screenshot", none}
                                      << path("bad.json") + ": /titel: is not known here";
        QTest::newRow("no such folder")
            << QStringList{lesson, "--screenshot", path("no/folder/x.png")}
            << "no/folder/x.png: The picture cannot be written.";
        QTest::newRow("no time") << QStringList{lesson, "--screenshot", none, "--at", "5x"}
                                 << "--at: \"5x\" is not a time from the start on, as \"90s\"";
        QTest::newRow("no scale") << QStringList{lesson, "--screenshot", none, "--scale", "big"}
                                  << "--scale: \"big\" is not understood";
        QTest::newRow("scale of nothing")
            << QStringList{lesson, "--screenshot", none, "--scale", "0"}
            << "--scale: \"0\" is not understood";
        QTest::newRow("no option") << QStringList{"--screenshoot", none} << "screenshoot";
    }

    void namesWhatItCannotDo() {
        QFETCH(QStringList, arguments);
        QFETCH(QString, problem);
        const Call failed = call(arguments);
        QCOMPARE(failed.exitCode, 2);
        QVERIFY2(failed.err.contains(problem), qPrintable(failed.err));
        QVERIFY(!QFile::exists(path("none.png")));
    }

    void saysItsVersion() {
        const Call version = call({"--version"});
        QCOMPARE(version.exitCode, 0);
        QCOMPARE(version.out, "millrace " MILLRACE_VERSION "\n");
    }
};

QTEST_GUILESS_MAIN(DesktopTest)
#include "tst_desktop_program.moc"
