#include "sim/model/aws/input_transformer.h"
#include "tests/support/case_table.h"

#include <QTest>

#include <set>

using namespace sim;

namespace {

const JsonObject& objectOf(const JsonValue& json) { return std::get<JsonObject>(json.value); }

} // namespace

/// What targets of EventBridge get: tests/data/aws/input_transformers.json names the source of each
/// case.
class TestInputTransformer : public QObject {
    Q_OBJECT

private:
    const CaseTable m_table = CaseTable::read("aws/input_transformers.json");

private slots:
    void followsTheTable_data() { addCases(m_table); }
    void followsTheTable() {
        QFETCH(const JsonValue, row);
        const auto& cells = listOf(row);
        const JsonValue& rule = *m_table.json.find("rule");
        const RuleContext context{textOf(*rule.find("arn")), textOf(*rule.find("name")),
                                  textOf(*rule.find("ingestion_time"))};
        const auto transformer = InputTransformer::compile(objectOf(cells[1]), textOf(cells[2]));
        if (!transformer) {
            QVERIFY2(std::holds_alternative<JsonValue::Array>(cells[3].value),
                     transformer.error().front().what.c_str());
            QCOMPARE(placesOf(transformer.error()), expectedText(cells[3]));
            return;
        }
        QVERIFY(std::holds_alternative<std::string>(cells[3].value));
        QCOMPARE(transformer->apply(*m_table.json.find("event"), context), textOf(cells[3]));
    }

    void tableIsWhole() {
        std::set<std::string> names;
        for (const JsonValue& row : m_table.cases()) {
            const auto& cells = listOf(row);
            QCOMPARE(cells.size(), std::size_t{5});
            QVERIFY2(names.insert(textOf(cells[0])).second, textOf(cells[0]).c_str());
            QVERIFY(m_table.json.find("sources")->find(textOf(cells[4])) != nullptr);
        }
        QVERIFY(names.size() >= 58);
    }

    void problemsSayWhatWasExpected() {
        const auto what = [](const JsonObject& paths, const char* text) {
            return InputTransformer::compile(paths, text).error().front().what;
        };
        QCOMPARE(what({{"order", {std::string("$.id")}}}, "\"<oder>\""),
                 std::string("<oder> has no path; did you mean \"order\"?"));
        QCOMPARE(what({{"a", {std::string("$.x..y")}}}, "\"<a>\""),
                 std::string("found \"..y\" after \"$.x\"; allowed: .key, .*, [0] and [*]"));
        const std::string broken = what({}, "{\"a\": <aws.events.rule-name>,\n \"b\": x}");
        QVERIFY2(broken.starts_with("is not JSON: line 2, column 7: "), broken.c_str());
        QVERIFY2(broken.ends_with("; a text stands in quotes, a placeholder in the place of a "
                                  "value or inside of quotes"),
                 broken.c_str());
    }

    void pathsReadBackAsWritten_data() {
        QTest::addColumn<std::string>("text");
        for (const char* text :
             {"$", "$.a", "$.a-b_c/d.e9", "$[0]", "$.a[12].b", "$.a[*].b", "$.*", "$[*][0].*.x"}) {
            QTest::newRow(text) << std::string(text);
        }
    }
    void pathsReadBackAsWritten() {
        QFETCH(const std::string, text);
        const auto path = JsonPath::read(text);
        QVERIFY(path.has_value());
        QCOMPARE(path->text(), text);
        QVERIFY(*JsonPath::read(path->text()) == *path);
    }

    void noTextCrashesIt() {
        const std::string letters = "<>\"\\{}[]:,a1.$* \n";
        std::uint32_t state = 1; // a fixed walk through short texts
        for (int round = 0; round < 20'000; ++round) {
            std::string text;
            std::string path = "$";
            for (int i = 0; i < 12; ++i) {
                state = state * 1664525U + 1013904223U;
                text += letters[(state >> 16U) % letters.size()];
                path += letters[(state >> 24U) % letters.size()];
            }
            const auto read = JsonPath::read(path);
            QVERIFY(!read || read->text() == path);
            const auto transformer = InputTransformer::compile({{"a", {path}}}, text);
            if (transformer) {
                QVERIFY(!transformer->apply({}, {}).empty());
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestInputTransformer)
#include "tst_input_transformer.moc"
