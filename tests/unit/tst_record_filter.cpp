#include "sim/model/aws/record_filter.h"
#include "tests/support/case_table.h"

#include <QTest>

using namespace sim;

/// Filters between a queue and a function: tests/data/aws/record_filters.json names the source of
/// each case.
class TestRecordFilter : public QObject {
    Q_OBJECT

private:
    const CaseTable m_table = CaseTable::read("aws/record_filters.json");

private slots:
    void followsTheTable_data() { addCases(m_table); }
    void followsTheTable() {
        QFETCH(const JsonValue, row);
        const auto& cells = listOf(row);
        const auto filter = RecordFilter::compile(listOf(cells[1]));
        if (!filter) {
            QCOMPARE(placesOf(filter.error()), expectedText(cells[3]));
            return;
        }
        const std::string& body = textOf(cells[2]);
        QCOMPARE(std::string(filter->matches(body) ? "yes" : "no"), expectedText(cells[3]));
        QCOMPARE(filter->whyNot(body).empty(), filter->matches(body));
    }

    void tenFiltersForThoseWhoAsked() {
        const std::vector<JsonValue> ten(10, *parseJson(R"({"body": ["x"]})"));
        QVERIFY(!RecordFilter::compile(ten).has_value());
        QVERIFY(RecordFilter::compile(ten, RecordFilter::filtersMax).has_value());
    }

    void saysWhyOfEachFilter() {
        const auto filter = RecordFilter::compile(
            {*parseJson(R"({"body": {"a": [1]}})"), *parseJson(R"({"body": ["x"]})")});
        using All = std::vector<std::vector<PatternMiss>>;
        QCOMPARE(filter->whyNot("y"),
                 (All{{{"body", "JSON with fields", "\"y\""}}, {{"body", R"(["x"])", "\"y\""}}}));
        QCOMPARE(filter->whyNot(R"({"a": 2})"),
                 (All{{{"body.a", "[1]", "2"}}, {{"body", "a text", "JSON with fields"}}}));
    }
};

QTEST_APPLESS_MAIN(TestRecordFilter)
#include "tst_record_filter.moc"
