#include "sim/scenario/aws/filter_policy.h"
#include "tests/support/case_table.h"

#include <QTest>

#include <fmt/format.h>
#include <map>
#include <set>

using namespace sim;

namespace {

JsonValue json(const std::string& text) { return *parseJson(text); }

Result<FilterPolicy> compiled(const JsonValue& policy, const std::string& scope) {
    const bool old = scope == "MessageAttributes, old guide";
    return FilterPolicy::compile(policy,
                                 scope == "MessageBody" ? FilterPolicyScope::MessageBody
                                                        : FilterPolicyScope::MessageAttributes,
                                 old ? AnythingButOnLists::AnyValue
                                     : AnythingButOnLists::EveryValue);
}

SnsAttribute attribute(const JsonMember& member) {
    using Type = SnsAttribute::Type;
    static const std::map<std::string, Type> types{{"String", Type::String},
                                                   {"String.Array", Type::StringArray},
                                                   {"Number", Type::Number},
                                                   {"Binary", Type::Binary}};
    const auto& cells = listOf(member.value);
    return {member.key, types.at(textOf(cells[0])), textOf(cells[1])};
}

/// {"attributes": {"name": ["String", "value"]}}, {"body": JSON} or {"text": "a body"}.
SnsMessage message(const JsonValue& json) {
    SnsMessage read;
    if (const JsonValue* body = json.find("body")) {
        read.body = jsonLine(*body);
    } else if (const JsonValue* text = json.find("text")) {
        read.body = textOf(*text);
    } else {
        for (const JsonMember& member :
             std::get<JsonValue::Object>(json.find("attributes")->value)) {
            read.attributes.push_back(attribute(member));
        }
    }
    return read;
}

using Misses = std::vector<PatternMiss>;

} // namespace

/// The grammar of SNS: tests/data/aws/filter_policies.json names the source of each case.
class TestFilterPolicy : public QObject {
    Q_OBJECT

private:
    const CaseTable m_table = CaseTable::read("aws/filter_policies.json");

private slots:
    void followsTheTable_data() { addCases(m_table); }
    void followsTheTable() {
        QFETCH(const JsonValue, row);
        const auto& cells = listOf(row);
        const std::string& scope = textOf(cells[1]);
        const auto policy = compiled(cells[2], scope);
        if (!policy) {
            QCOMPARE(placesOf(policy.error()), expectedText(cells[4]));
            return;
        }
        const SnsMessage published = message(cells[3]);
        QCOMPARE(std::string(policy->matches(published) ? "yes" : "no"), expectedText(cells[4]));
        QCOMPARE(policy->whyNot(published).empty(), policy->matches(published));
        QVERIFY(*compiled(policy->json(), scope) == *policy);
    }

    void tableIsWhole() {
        std::set<std::string> names;
        for (const JsonValue& row : m_table.cases()) {
            const auto& cells = listOf(row);
            QCOMPARE(cells.size(), std::size_t{6});
            QVERIFY2(names.insert(textOf(cells[0])).second, textOf(cells[0]).c_str());
            QVERIFY(m_table.json.find("sources")->find(textOf(cells[5])) != nullptr);
        }
        QVERIFY(names.size() >= 150);
    }

    void combinationsAreCountedAsPublished() {
        const auto count = [](const char* text) {
            return policyCombinations(*readPattern(json(text), snsGrammar));
        };
        QCOMPARE(count(R"({"a": {"b": {"c": [1, 2, 3, 4]}}, "d": {"e": [1, 2, 3]}})"),
                 std::uint64_t{72});
        QCOMPARE(count(R"({"a": [1, {"exists": true}, {"anything-but": [5, 6, 7]}]})"),
                 std::uint64_t{3});
        QCOMPARE(count(R"({"s": [1, 2], "$or": [{"a": [1, 2, 3]}, {"b": [1]}]})"),
                 std::uint64_t{8});
    }

    void problemsSayWhatIsAllowed() {
        const auto what = [](const char* text) {
            return compiled(json(text), "MessageAttributes").error().front().what;
        };
        QCOMPARE(what(R"({"a": {"b": ["x"]}})"),
                 std::string("found an object; the scope MessageAttributes takes no nested policy, "
                             "expected a list of conditions"));
        QCOMPARE(what(R"({"a":[1],"b":[1],"c":[1],"d":[1],"e":[1],"f":[1]})"),
                 std::string("6 keys are too many; allowed: up to 5"));
        QCOMPARE(what(R"({"a": [{"wildcard": "x*"}]})"),
                 std::string("is not known here; allowed: prefix, suffix, equals-ignore-case, "
                             "anything-but, numeric, cidr, exists"));
    }

    void aPolicyHasUpTo256KiB() {
        const auto ofLength = [](std::size_t length) {
            const std::size_t frame = std::string("{'a':['']}").size();
            const JsonValue::Array list{{std::string(length - frame, 'x')}};
            return compiled({JsonValue::Object{{"a", {list}}}}, "MessageBody");
        };
        QVERIFY(ofLength(FilterPolicy::bytesMax).has_value());
        QCOMPARE(ofLength(FilterPolicy::bytesMax + 1).error().front().what,
                 std::string("262145 characters are too many; allowed: up to 262144"));
    }

    void manyAlternativesAreRefusedAtOnce() {
        std::string text = R"({"a": [1]})";
        for (int i = 0; i < 30; ++i) { // 2^30 combinations
            text = fmt::format(R"({{"k{}": {{"$or": [{{"x": [1]}}, {{"y": [1]}}]}}, "n": {}}})", i,
                               text);
        }
        QVERIFY(!compiled(json(text), "MessageBody").has_value());
    }

    void theScopesTellPoliciesApart() {
        const JsonValue policy = json(R"({"a": ["x"]})");
        QVERIFY(!(*compiled(policy, "MessageBody") == *compiled(policy, "MessageAttributes")));
        QVERIFY(!(*compiled(policy, "MessageAttributes") ==
                  *compiled(policy, "MessageAttributes, old guide")));
    }

    void saysWhichAttributeIsInTheWay() {
        const auto policy = compiled(json(R"({"kind": ["placed"], "n": [{"numeric": ["<", 5]}]})"),
                                     "MessageAttributes");
        using Type = SnsAttribute::Type;
        QCOMPARE(policy->whyNot({"", {{"kind", Type::String, "paid"}, {"n", Type::Number, "7"}}}),
                 (Misses{{"kind", R"(["placed"])", "\"paid\""},
                         {"n", R"([{"numeric": ["<", 5]}])", "7"}}));
        const auto body = compiled(json(R"({"kind": ["placed"]})"), "MessageBody");
        QCOMPARE(body->whyNot({"plain words", {}}), (Misses{{"", "an object", "\"plain words\""}}));
    }
};

QTEST_APPLESS_MAIN(TestFilterPolicy)
#include "tst_filter_policy.moc"
