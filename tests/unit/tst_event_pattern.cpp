#include "sim/scenario/aws/event_pattern.h"
#include "tests/support/case_table.h"

#include <QTest>

#include <fmt/format.h>
#include <set>

using namespace sim;

namespace {

JsonValue json(const std::string& text) { return *parseJson(text); }

EventPattern pattern(const std::string& text) {
    auto compiled = EventPattern::compile(json(text));
    if (!compiled) {
        qFatal("%s", compiled.error().front().what.c_str());
    }
    return *compiled;
}

Problems problemsOf(const std::string& text) {
    const auto compiled = EventPattern::compile(json(text));
    return compiled ? Problems{} : compiled.error();
}

std::string verdict(const Result<EventPattern>& compiled, const JsonValue& event) {
    return !compiled ? placesOf(compiled.error()) : compiled->matches(event) ? "yes" : "no";
}

std::vector<PatternMiss> whyNot(const std::string& text, const std::string& event) {
    return pattern(text).whyNot(json(event));
}

/// {"a": value}
JsonValue fieldOf(JsonValue value) { return {JsonValue::Object{{"a", std::move(value)}}}; }

using Misses = std::vector<PatternMiss>;

} // namespace

/// The grammar of EventBridge: tests/data/aws/event_patterns.json names the source of each case.
class TestEventPattern : public QObject {
    Q_OBJECT

private:
    const CaseTable m_table = CaseTable::read("aws/event_patterns.json");

private slots:
    void followsTheTable_data() { addCases(m_table); }
    void followsTheTable() {
        QFETCH(const JsonValue, row);
        const auto& cells = listOf(row);
        const auto compiled = EventPattern::compile(cells[1]);
        QCOMPARE(verdict(compiled, cells[2]), expectedText(cells[3]));
        if (!compiled) {
            return;
        }
        QCOMPARE(compiled->whyNot(cells[2]).empty(), compiled->matches(cells[2]));
        QVERIFY(*EventPattern::compile(compiled->json()) == *compiled);
    }

    void tableIsWhole() {
        std::set<std::string> names;
        std::size_t refused = 0;
        for (const JsonValue& row : m_table.cases()) {
            const auto& cells = listOf(row);
            QCOMPARE(cells.size(), std::size_t{5});
            QVERIFY2(names.insert(textOf(cells[0])).second, textOf(cells[0]).c_str());
            QVERIFY(m_table.json.find("sources")->find(textOf(cells[4])) != nullptr);
            refused += std::holds_alternative<JsonValue::Array>(cells[3].value) ? 1 : 0;
        }
        QVERIFY(names.size() >= 390);
        QVERIFY(refused >= 75);
    }

    void problemsSayWhatWasExpected_data() {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<std::string>("what");
        const auto row = [](const char* text, const char* what) {
            QTest::newRow(text) << std::string(text) << std::string(what);
        };
        row(R"({"a": 5})", "found 5; expected a list of conditions, such as [5], or an object");
        row(R"({"a": []})", "found an empty list; expected at least one condition");
        row(R"({"a": [{"sufix": "x"}]})",
            "is not known here; did you mean \"suffix\"?; allowed: prefix, suffix, "
            "equals-ignore-case, wildcard, anything-but, numeric, cidr, exists");
        row(R"({"a": [{}]})", "found 0 operators; expected one of prefix, suffix, "
                              "equals-ignore-case, wildcard, anything-but, numeric, cidr, exists");
        row(R"({"a": [{"exists": "x"}]})", "found \"x\"; expected true or false");
        row(R"({"a": [{"numeric": ["<", 6e9]}]})",
            "6000000000.0 is out of range; allowed: -5000000000 to 5000000000");
        row(R"({"a": [{"cidr": "10.0.0.0/40"}]})",
            "\"10.0.0.0/40\": 40 bits are out of range; allowed: 0 to 32");
        row(R"({"a": [{"wildcard": "x**"}]})", "\"x**\": two stars in a row; expected one");
        row(R"({"a": [{"anything-but": ["x", 1]}]})",
            "found a list; expected a text, a number, a list of texts or a list of numbers");
    }
    void problemsSayWhatWasExpected() {
        QFETCH(const std::string, text);
        QFETCH(const std::string, what);
        const Problems problems = problemsOf(text);
        QCOMPARE(problems.size(), std::size_t{1});
        QCOMPARE(problems.front().what, what);
    }

    void aPatternHasUpTo4096Characters() {
        const std::size_t frame = std::string("{'a':['']}").size();
        const JsonValue longest{std::string(EventPattern::bytesMax - frame, 'x')};
        const auto taken = EventPattern::compile(fieldOf({JsonValue::Array{longest}}));
        QVERIFY(taken->matches(fieldOf(longest)));
        const JsonValue longer{textOf(longest) + "x"};
        const auto refused = EventPattern::compile(fieldOf({JsonValue::Array{longer}}));
        QCOMPARE(refused.error().size(), std::size_t{1});
        QCOMPARE(refused.error().front().what,
                 std::string("4097 characters are too many; allowed: up to 4096"));
    }

    void deepPatternsAreRefused() {
        JsonValue deep = json(R"({"a": [1]})");
        JsonValue event = json(R"({"a": 1})");
        for (std::size_t i = 1; i < jsonDepthMax; ++i) {
            deep = fieldOf(deep);
            event = fieldOf(event);
        }
        const auto deepest = EventPattern::compile(deep);
        QVERIFY(deepest.has_value());
        QVERIFY(deepest->matches(event));
        const auto deeper = EventPattern::compile(fieldOf(deep));
        QVERIFY(!deeper.has_value());
        QCOMPARE(deeper.error().front().what, std::string("nested more than 64 deep"));
    }

    void deepEventsDoNotHurt() {
        JsonValue lists{std::int64_t{1}};
        for (int i = 0; i < 500; ++i) {
            lists = {JsonValue::Array{lists}};
        }
        const JsonValue event = fieldOf(lists);
        QVERIFY(!pattern(R"({"a": [1]})").matches(event));
        QVERIFY(pattern(R"({"a": [{"exists": false}]})").matches(event));
    }

    void largeListsOfObjectsTakeOneLook() {
        JsonValue::Array items;
        for (std::int64_t i = 0; i < 2000; ++i) {
            items.push_back({JsonValue::Object{{"a", {i}}, {"b", {i + 1}}, {"c", {i + 2}}}});
        }
        JsonValue::Object event;
        std::string text = "{";
        for (const char* list : {"p", "q", "r", "s"}) { // 2000^4 ways to choose
            event.push_back({list, {items}});
            text += fmt::format(R"({}"{}": {{"a": [7], "b": [8], "c": [{}]}})",
                                text == "{" ? "" : ", ", list, *list == 's' ? 8 : 9);
        }
        QVERIFY(!pattern(text + "}").matches({event}));
    }

    void saysWhichFieldIsInTheWay() {
        QCOMPARE(whyNot(R"({"source": ["shop"], "detail": {"total": [{"numeric": [">", 5]}]}})",
                        R"({"source": "shop", "detail": {"total": 3}})"),
                 (Misses{{"detail.total", R"([{"numeric": [">", 5]}])", "3"}}));
        QCOMPARE(
            whyNot(R"({"a": ["x"], "b": [1, {"exists": false}]})", R"({"b": [2, 3]})"),
            (Misses{{"a", R"(["x"])", "nothing"}, {"b", R"([1, {"exists": false}])", "2, 3"}}));
        QCOMPARE(whyNot(R"({"a": ["x"]})", R"({"a": {"b": "x"}})"),
                 (Misses{{"a", R"(["x"])", "an object"}}));
        QCOMPARE(whyNot(R"({"a": ["x"]})", R"({"a": [1, 2, 3, 4, 5, 6]})"),
                 (Misses{{"a", R"(["x"])", "1, 2, 3, 4, 5, ..."}}));
        QCOMPARE(whyNot(R"({"a": ["x"]})", "[]"), (Misses{{"", "an object", "a list"}}));
    }

    void saysWhatTheNearestAlternativeMisses() {
        QCOMPARE(whyNot(R"({"$or": [{"a": [1], "b": [2]}, {"c": [3], "d": [4]}]})",
                        R"({"a": 9, "c": 3})"),
                 (Misses{{"d", "[4]", "nothing"}}));
    }

    void saysThatFieldsAreInDifferentElements() {
        QCOMPARE(
            whyNot(R"({"id": [1], "e": {"a": [1], "b": [2]}})",
                   R"({"id": 1, "e": [{"a": 1, "b": 3}, {"a": 2, "b": 2}]})"),
            (Misses{{"e", "one element with all of e.a, e.b", "them in different elements only"}}));
    }

    void findsWhatIsAskedOfAField() {
        QVERIFY(pattern(R"({"body": ["x"]})").asksFor("body"));
        QVERIFY(!pattern(R"({"body": ["x"]})").asksBelow("body"));
        QVERIFY(pattern(R"({"body": {"a": [1]}})").asksBelow("body"));
        QVERIFY(pattern(R"({"body.a": [1]})").asksBelow("body"));
        QVERIFY(!pattern(R"({"bodya": [1]})").asksBelow("body"));
        QVERIFY(pattern(R"({"$or": [{"a": [1]}, {"body": [1]}]})").asksFor("body"));
    }
};

QTEST_APPLESS_MAIN(TestEventPattern)
#include "tst_event_pattern.moc"
