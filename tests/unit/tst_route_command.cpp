#include "app/commands.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <sstream>

namespace {

const std::string office = R"({
 "version": 1, "title": "Office",
 "components": [
  {"id": "x", "kind": "rabbitmq.exchange", "type": "headers"},
  {"id": "big", "kind": "rabbitmq.queue"}, {"id": "text", "kind": "rabbitmq.queue"}
 ],
 "links": [
  {"kind": "binding", "from": "x", "to": "big", "arguments": {"size": 1}},
  {"kind": "binding", "from": "x", "to": "text", "arguments": {"size": "1"}}
 ]})";

const std::string definitions = R"({
 "rabbit_version": "3.13.7", "vhosts": [{"name": "/"}],
 "exchanges": [{"name": "e", "vhost": "/", "type": "topic", "durable": true, "auto_delete": false,
                "internal": false, "arguments": {}}],
 "queues": [{"name": "q", "vhost": "/", "durable": true, "auto_delete": false, "arguments": {}}],
 "bindings": [{"source": "e", "vhost": "/", "destination": "q", "destination_type": "queue",
               "routing_key": "a.#", "arguments": {}}]})";

/// A run of the command line in a folder of its own.
class Desk {
public:
    std::string write(const std::string& name, const std::string& text) const {
        const std::string path = m_folder.filePath(QString::fromStdString(name)).toStdString();
        std::ofstream{path} << text;
        return path;
    }
    int run(std::vector<std::string> arguments) {
        std::ostringstream written;
        std::ostringstream complaints;
        arguments.insert(arguments.begin(), "route");
        const int code = app::execute(arguments, {.out = written, .err = complaints});
        out = written.str();
        err = complaints.str();
        return code;
    }
    QJsonArray queues() const {
        return QJsonDocument::fromJson(QByteArray::fromStdString(out)).object()["queues"].toArray();
    }

    std::string out;
    std::string err;

private:
    QTemporaryDir m_folder;
};

} // namespace

/// `millrace-cli route`.
class TestRouteCommand : public QObject {
    Q_OBJECT

private slots:
    void headersHaveTypes() {
        Desk desk;
        const std::string file = desk.write("office.json", office);
        QCOMPARE(desk.run({file, "--exchange", "x", "--header", "size:=1", "--json"}), 0);
        QCOMPARE(desk.queues(), QJsonArray{"big"});
        QCOMPARE(desk.run({file, "--exchange", "x", "--header", "size=1", "--json"}), 0);
        QCOMPARE(desk.queues(), QJsonArray{"text"});
    }

    void aDefinitionsFileIsATopologyToo() {
        Desk desk;
        const std::string file = desk.write("definitions.json", definitions);
        QCOMPARE(desk.run({file, "--exchange", "e", "--key", "a.b", "--json"}), 0);
        QCOMPARE(desk.queues(), QJsonArray{"q"});
        QCOMPARE(desk.run({file, "--exchange", "", "--key", "q", "--json"}), 0);
        QCOMPARE(desk.queues(), QJsonArray{"q"});
        QCOMPARE(desk.run({file, "--exchange", "e", "--key", "b"}), 0);
        QVERIFY(desk.out.find("No queue gets it") != std::string::npos);
        QVERIFY(desk.out.find("its pattern \"a.#\" does not match \"b\"") != std::string::npos);
    }

    void whatIsWrongIsSaid() {
        Desk desk;
        const std::string file = desk.write("office.json", office);
        QCOMPARE(desk.run({file, "--exchange", "y"}), 2);
        QVERIFY(desk.err.find("404 NOT_FOUND") != std::string::npos);
        QCOMPARE(desk.run({file, "--exchange", "x", "--header", "size:=[1]"}), 2);
        QVERIFY(desk.err.find("expected name=text") != std::string::npos);
        QCOMPARE(desk.run({"/nowhere.json", "--exchange", "x"}), 2);
        QCOMPARE(desk.run({file}), 2); // no exchange
    }
};

QTEST_APPLESS_MAIN(TestRouteCommand)
#include "tst_route_command.moc"
