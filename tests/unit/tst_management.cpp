// What the headless program makes of a broker's management interface: a server of this test that
// answers as a test says.
#include "app/commands.h"
#include "app/management.h"

#include <QFile>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <fstream>
#include <iterator>
#include <semaphore>
#include <sstream>
#include <thread>

using namespace std::chrono_literals;

namespace {

/// Answers every request on a free port of this machine with the same bytes, as long as it lives.
class Server {
public:
    explicit Server(QByteArray answer)
        : m_answer(std::move(answer))
        , m_thread([this](const std::stop_token& stop) { serve(stop); }) {
        m_listens.acquire();
    }

    std::string address() const { return "http://127.0.0.1:" + std::to_string(m_port); }
    /// What was asked last. Requires that an answer has come.
    std::string request() {
        m_thread.request_stop();
        m_thread.join();
        return m_request.toStdString();
    }

private:
    void serve(const std::stop_token& stop) {
        QTcpServer server;
        server.listen(QHostAddress::LocalHost);
        m_port = server.serverPort();
        m_listens.release();
        while (!stop.stop_requested()) {
            if (server.waitForNewConnection(20)) {
                const std::unique_ptr<QTcpSocket> socket(server.nextPendingConnection());
                m_request.clear();
                while (!m_request.contains("\r\n\r\n") && socket->waitForReadyRead(10'000)) {
                    m_request += socket->readAll();
                }
                if (m_answer.isEmpty()) {
                    while (!stop.stop_requested()) {
                        std::this_thread::sleep_for(5ms);
                    }
                }
                socket->write(m_answer);
                socket->disconnectFromHost();
                if (socket->state() != QAbstractSocket::UnconnectedState) {
                    socket->waitForDisconnected(10'000);
                }
            }
        }
    }

    QByteArray m_answer;
    QByteArray m_request;
    std::atomic<std::uint16_t> m_port = 0;
    std::binary_semaphore m_listens{0};
    std::jthread m_thread;
};

QByteArray answer(const char* status, const QByteArray& body, const QByteArray& header = {}) {
    return "HTTP/1.1 " + QByteArray(status) +
           "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\nConnection: close\r\n" +
           header + "\r\n" + body;
}

const app::Credentials someone{"olga", "s3cret:word"};

std::string failureOf(const std::string& address, std::chrono::milliseconds patience = 30s) {
    const auto fetched = app::fetchDefinitions(address, someone, patience);
    return fetched ? "" : fetched.error().front().what;
}

QByteArray sample() {
    QFile file(QStringLiteral(PROJECT_ROOT "/tests/data/rabbitmq/definitions-3.10-http.json"));
    file.open(QIODevice::ReadOnly);
    return file.readAll();
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

} // namespace

class TestManagement : public QObject {
    Q_OBJECT

private slots:
    void fetchesDefinitions() {
        Server server(answer("200 OK", sample()));
        const auto fetched = app::fetchDefinitions(server.address() + "/", someone, 30s);
        QVERIFY2(fetched, fetched ? "" : fetched.error().front().what.c_str());
        QCOMPARE(QByteArray::fromStdString(*fetched), sample());
        const std::string request = server.request();
        QVERIFY(request.starts_with("GET /api/definitions HTTP/1.1\r\n"));
        const QByteArray who = "Authorization: Basic " + QByteArray("olga:s3cret:word").toBase64();
        QVERIFY(has(request, who.toStdString()));
    }

    void keepsThePathInFrontOfTheInterface() {
        Server server(answer("200 OK", "{}"));
        QVERIFY(app::fetchDefinitions(server.address() + "/rabbit/", someone, 30s));
        QVERIFY(server.request().starts_with("GET /rabbit/api/definitions "));
    }

    void saysWhatWentWrong_data() {
        QTest::addColumn<QByteArray>("answered");
        QTest::addColumn<QString>("said");
        QTest::newRow("401") << answer("401 Unauthorized", "{}")
                             << "refuses this user or this password (status 401)";
        QTest::newRow("403") << answer("403 Forbidden", "{}") << "(status 403)";
        QTest::newRow("404") << answer("404 Not Found", "no")
                             << "has no /api/definitions (status 404)";
        QTest::newRow("500") << answer("500 Internal Server Error", "{}")
                             << "answers with status 500, not with definitions";
        QTest::newRow("redirect") << answer("302 Found", "", "Location: http://127.0.0.1:1/x\r\n")
                                  << "sends on to http://127.0.0.1:1/x (status 302): nothing is "
                                     "sent there";
        QTest::newRow("page") << answer("200 OK", "<html>") << "does not answer with JSON";
        QTest::newRow("half") << answer("200 OK", sample().first(900))
                              << "does not answer with JSON";
        QTest::newRow("cut off") << answer("200 OK", sample()).first(900) << "127.0.0.1:";
        QTest::newRow("not HTTP") << QByteArray("AMQP\0\0\x09\x01", 8) << "127.0.0.1:";
    }
    void saysWhatWentWrong() {
        QFETCH(QByteArray, answered);
        QFETCH(QString, said);
        Server server(answered);
        const std::string failure = failureOf(server.address());
        QVERIFY2(has(failure, said.toStdString()), failure.c_str());
        QVERIFY(!has(failure, "s3cret"));
    }

    void saysThatNobodyListens() {
        QTcpServer closed;
        closed.listen(QHostAddress::LocalHost);
        const std::string address = "http://127.0.0.1:" + std::to_string(closed.serverPort());
        closed.close();
        QVERIFY(has(failureOf(address), "nobody listens at 127.0.0.1:"));
        QVERIFY(has(failureOf(address), "rabbitmq_management"));
    }

    void givesUpWhenTimeIsUp() {
        Server server({}); // takes the request and says nothing
        const std::string failure = failureOf(server.address(), 200ms);
        QVERIFY2(has(failure, "did not answer within 0.2 s"), failure.c_str());
    }

    void refusesAddressesThatGiveSomethingAway_data() {
        QTest::addColumn<QString>("address");
        QTest::addColumn<QString>("said");
        const char* inAddress = "names a user, a password or a query: leave them out";
        const char* other = "is another machine, and over http";
        const char* none = "is no address of a management interface";
        QTest::newRow("password") << "http://olga:s3cret@127.0.0.1:15672" << inAddress;
        QTest::newRow("user") << "http://s3cret@localhost:15672" << inAddress;
        QTest::newRow("query") << "http://localhost:15672/?password=s3cret" << inAddress;
        QTest::newRow("other machine") << "http://rabbit.example:15672" << other;
        QTest::newRow("looks like this one") << "http://127.0.0.1.s3cret.example" << other;
        QTest::newRow("network") << "http://192.168.0.9:15672" << other;
        QTest::newRow("other scheme") << "ftp://127.0.0.1/s3cret" << none;
        QTest::newRow("file") << "file:///etc/s3cret" << none;
        QTest::newRow("no scheme") << "127.0.0.1:15672" << none;
        QTest::newRow("nothing") << "" << none;
    }
    void refusesAddressesThatGiveSomethingAway() {
        QFETCH(QString, address);
        QFETCH(QString, said);
        const auto problems = app::addressProblems(address.toStdString());
        QCOMPARE(problems.size(), 1U);
        QVERIFY2(has(problems.front().what, said.toStdString()), problems.front().what.c_str());
        QCOMPARE(failureOf(address.toStdString()), problems.front().what);
    }

    void takesThisMachineAndEncryptedOnes() {
        for (const char* address :
             {"http://127.0.0.1:15672", "http://localhost", "http://127.3.2.1:8080/x",
              "http://[::1]:15672/", "https://rabbit.example:15671"}) {
            QVERIFY2(app::addressProblems(address).empty(), address);
        }
    }

    void importsWithoutAWordOfThePassword() {
        Server server(answer("200 OK", sample()));
        QTemporaryDir folder;
        const std::string output = folder.filePath("shop.json").toStdString();
        qputenv("MILLRACE_RABBITMQ_USER", "olga");
        qputenv("MILLRACE_RABBITMQ_PASSWORD", "s3cret");
        std::ostringstream out;
        std::ostringstream err;
        const app::Console console{out, err};
        QCOMPARE(
            app::execute({"import", "rabbitmq", "--from", server.address(), "-o", output}, console),
            0);
        QVERIFY(has(out.str(), "Left out, or not fully there:"));
        std::ifstream file(output);
        const std::string scenario{std::istreambuf_iterator<char>{file}, {}};
        QVERIFY(has(scenario, "shop.events"));
        QVERIFY(!has(scenario + out.str() + err.str(), "s3cret"));

        QCOMPARE(app::execute(
                     {"import", "rabbitmq", "--from", "http://olga:s3cret@127.0.0.1", "-o", output},
                     console),
                 2);
        QVERIFY(has(err.str(), "the shell keeps"));
        QVERIFY(!has(out.str() + err.str(), "s3cret"));
        QCOMPARE(app::execute({"import", "rabbitmq", "-o", output}, console), 2);
        QCOMPARE(
            app::execute({"import", "rabbitmq", "d.json", "--from", server.address(), "-o", output},
                         console),
            2);
    }
};

QTEST_GUILESS_MAIN(TestManagement)
#include "tst_management.moc"
