#include "sim/scenario/reference.h"

#include <QDirIterator>
#include <QFile>
#include <QTest>

#include <nlohmann/json.hpp>

#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

using namespace sim;
using nlohmann::json;

/// An independent validator (Valijson) reads the schema that editors get.
class TestSchema : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void acceptsEveryScenario_data();
    void acceptsEveryScenario();
    void refusesMistakes_data();
    void refusesMistakes();

private:
    QString problems(const json& scenario) const;

    valijson::Schema m_schema;
};

namespace {

/// A scenario of the library; comments are allowed there.
json scenarioFile(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    return json::parse(file.readAll().toStdString(), nullptr, true, true);
}

json firstLesson() {
    return scenarioFile(PROJECT_ROOT "/scenarios/rabbitmq/01-first-message.json");
}

} // namespace

void TestSchema::initTestCase() {
    const json schema = json::parse(jsonSchema());
    valijson::SchemaParser parser;
    parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(schema), m_schema);
}

/// Empty where the scenario is valid.
QString TestSchema::problems(const json& scenario) const {
    valijson::Validator validator;
    valijson::ValidationResults results;
    if (validator.validate(m_schema, valijson::adapters::NlohmannJsonAdapter(scenario), &results)) {
        return {};
    }
    QString text;
    for (const auto& error : results) {
        for (const std::string& step : error.context) {
            text += QString::fromStdString(step);
        }
        text += ": " + QString::fromStdString(error.description) + "\n";
    }
    return text;
}

void TestSchema::acceptsEveryScenario_data() {
    QTest::addColumn<QString>("path");
    QDirIterator files(PROJECT_ROOT "/scenarios", {"*.json"}, QDir::Files,
                       QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString path = files.next();
        if (!path.endsWith("scenario.schema.json")) {
            QTest::newRow(qPrintable(QFileInfo(path).fileName())) << path;
        }
    }
}

void TestSchema::acceptsEveryScenario() {
    QFETCH(QString, path);
    const QString found = problems(scenarioFile(path));
    QVERIFY2(found.isEmpty(), qPrintable(found));
}

void TestSchema::refusesMistakes_data() {
    QTest::addColumn<std::string>("pointer");
    QTest::addColumn<std::string>("value");
    const auto row = [](const char* name, const std::string& pointer, const std::string& value) {
        QTest::newRow(name) << pointer << value;
    };
    row("another version", "/version", "2");
    row("an unknown key", "/duratoin", "\"5s\"");
    row("a duration without a unit", "/duration", "5");
    row("an unknown unit", "/duration", "\"5 parsecs\"");
    row("an unknown kind", "/components/0/kind", "\"prodcuer\"");
    row("an unknown key of a component", "/components/3/prefech", "1");
    row("a prefetch that is too large", "/components/3/prefetch", "65536");
    row("a number for a text", "/links/0/from", "1");
    row("an unknown choice", "/components/1/type", "\"topics\"");
    row("a negative seed", "/seed", "-1");
}

void TestSchema::refusesMistakes() {
    QFETCH(std::string, pointer);
    QFETCH(std::string, value);
    json scenario = firstLesson();
    scenario[json::json_pointer(pointer)] = json::parse(value);
    QVERIFY(!problems(scenario).isEmpty());
}

QTEST_APPLESS_MAIN(TestSchema)
#include "tst_schema.moc"
