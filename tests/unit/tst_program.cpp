// The headless program as a process: what it does where it is on a terminal, and where it is not.
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <poll.h>
#include <pty.h>
#include <unistd.h>

namespace {

/// Runs until it is stopped: no machine is through with it while a test looks on.
const char* const endless = R"({
    "version": 1, "title": "Endless", "duration": "3000d", "components": [
        {"id": "p", "kind": "producer", "arrivals": {"kind": "constant", "rate": "1000/s"}},
        {"id": "q", "kind": "rabbitmq.queue", "max_length": 10}],
    "links": [{"kind": "publish", "from": "p", "to": "q"}]})";
const char* const brief = R"({
    "version": 1, "title": "Brief", "duration": "1s", "components": [
        {"id": "p", "kind": "producer"}, {"id": "q", "kind": "rabbitmq.queue"}],
    "links": [{"kind": "publish", "from": "p", "to": "q"}],
    "checks": [{"kind": "conservation"}]})";

/// A terminal that programs write to and a test reads from.
class Terminal {
public:
    Terminal() {
        if (::openpty(&m_ours, &m_theirs, nullptr, nullptr, nullptr) != 0) {
            qFatal("there is no terminal to be had");
        }
    }
    ~Terminal() {
        ::close(m_ours);
        ::close(m_theirs);
    }
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;
    Terminal(Terminal&&) = delete;
    Terminal& operator=(Terminal&&) = delete;

    /// Makes it what `program` writes to as `descriptor`.
    void attach(QProcess& program, int descriptor) {
        program.setChildProcessModifier(
            [theirs = m_theirs, descriptor] { ::dup2(theirs, descriptor); });
    }
    /// Everything written so far, after waiting until `part` is there or nothing more comes.
    QByteArray readUntil(const QByteArray& part) {
        constexpr int patienceMs = 60'000;
        pollfd waiting{m_ours, POLLIN, 0};
        while (!m_text.contains(part) && ::poll(&waiting, 1, patienceMs) > 0) {
            QByteArray bytes(4096, '\0');
            const ssize_t count = ::read(m_ours, bytes.data(), std::size_t(bytes.size()));
            if (count <= 0) {
                break;
            }
            m_text += bytes.first(count);
        }
        return m_text;
    }

private:
    int m_ours = -1;
    int m_theirs = -1;
    QByteArray m_text;
};

} // namespace

class ProgramTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    QString write(const char* name, const char* text) const {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) < 0) {
            qFatal("%s cannot be written", name);
        }
        return file.fileName();
    }
    static void prepare(QProcess& program, const QStringList& arguments) {
        program.setProgram(PROGRAM);
        program.setArguments(arguments);
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.remove("NO_COLOR");
        program.setProcessEnvironment(environment);
    }

private slots:
    void showsHowFarALongRunIsOnATerminal() {
        const QString file = write("endless.json", endless);
        QProcess elsewhere; // its errors go to a pipe; it begins first
        prepare(elsewhere, {"run", file, "--quiet"});
        elsewhere.start();
        QVERIFY(elsewhere.waitForStarted());
        Terminal terminal;
        QProcess program;
        prepare(program, {"run", file, "--quiet"});
        terminal.attach(program, STDERR_FILENO);
        program.start();
        QVERIFY(program.waitForStarted());
        const QByteArray bar = terminal.readUntil(" million events");
        QVERIFY2(bar.contains("\r[") && bar.contains(" %  ") && bar.contains(" million events"),
                 bar);
        QCOMPARE(elsewhere.bytesAvailable(), 0);
        elsewhere.kill();
        program.kill();
        QVERIFY(elsewhere.waitForFinished() && program.waitForFinished());
        QCOMPARE(elsewhere.readAllStandardError(), QByteArray());
    }

    void coloursVerdictsOnATerminal() {
        const QString file = write("brief.json", brief);
        Terminal terminal;
        QProcess program;
        prepare(program, {"run", file});
        terminal.attach(program, STDOUT_FILENO);
        program.start();
        QVERIFY(program.waitForFinished());
        QCOMPARE(program.exitCode(), 0);
        const QByteArray text = terminal.readUntil("\033[32mholds");
        QVERIFY2(text.contains("\033[32mholds"), text);
        QCOMPARE(program.readAllStandardError(), QByteArray());
    }

    void doesNotColourWhereItIsAskedNotTo() {
        const QString file = write("brief.json", brief);
        Terminal terminal;
        QProcess program;
        prepare(program, {"run", file});
        QProcessEnvironment environment = program.processEnvironment();
        environment.insert("NO_COLOR", "1");
        program.setProcessEnvironment(environment);
        terminal.attach(program, STDOUT_FILENO);
        program.start();
        QVERIFY(program.waitForFinished());
        const QByteArray text = terminal.readUntil("conservation");
        QVERIFY2(text.contains("holds") && !text.contains("\033["), text);
    }

    void doesNotColourAFile() {
        QProcess program;
        prepare(program, {"run", write("brief.json", brief)});
        program.start();
        QVERIFY(program.waitForFinished());
        const QByteArray text = program.readAllStandardOutput();
        QVERIFY2(text.contains("holds") && !text.contains('\033'), text);
    }

    void saysWhenTheOutputCannotBeWritten() {
        QProcess program;
        prepare(program, {"run", write("brief.json", brief)});
        program.setStandardOutputFile("/dev/full");
        program.start();
        QVERIFY(program.waitForFinished());
        QCOMPARE(program.exitCode(), 2);
        QCOMPARE(program.readAllStandardError(), QByteArray("The output cannot be written.\n"));
    }
};

QTEST_GUILESS_MAIN(ProgramTest)
#include "tst_program.moc"
