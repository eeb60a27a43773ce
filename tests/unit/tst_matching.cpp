#include "sim/model/rabbitmq/matching.h"

#include <QTest>

#include <map>
#include <string>
#include <vector>

using namespace sim;

namespace {

using Words = std::vector<std::string>;

/// The rules of topic matching as a recursion, the plainest way to say them.
bool matchesByTheRules(const Words& pattern, std::size_t p, const Words& key, std::size_t k) {
    if (p == pattern.size()) {
        return k == key.size();
    }
    if (pattern[p] == "#") {
        return matchesByTheRules(pattern, p + 1, key, k) ||
               (k < key.size() && matchesByTheRules(pattern, p, key, k + 1));
    }
    return k < key.size() && (pattern[p] == "*" || pattern[p] == key[k]) &&
           matchesByTheRules(pattern, p + 1, key, k + 1);
}

std::string joined(const Words& words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        text += (i == 0 ? "" : ".") + words[i];
    }
    return text;
}

/// Every sequence of up to `longest` of the words, but for those that a text cannot say: one empty
/// word alone.
std::vector<Words> sequences(const Words& words, std::size_t longest) {
    std::vector<Words> all{{}};
    for (std::size_t from = 0, length = 0; length < longest; ++length) {
        const std::size_t to = all.size();
        for (; from < to; ++from) {
            for (const std::string& word : words) {
                Words longer = all[from];
                longer.push_back(word);
                all.push_back(longer);
            }
        }
    }
    std::erase(all, Words{""});
    return all;
}

const Table noHeaders;

} // namespace

/// The conformance cases follow the documents of RabbitMQ and the behaviour of its server:
/// https://www.rabbitmq.com/docs/exchanges#topic and https://www.rabbitmq.com/docs/exchanges#headers
class TestMatching : public QObject {
    Q_OBJECT

private slots:
    void topicFollowsTheTruthTable_data() {
        QTest::addColumn<std::string>("binding");
        QTest::addColumn<std::string>("key");
        QTest::addColumn<bool>("expected");
        const std::vector<std::string> keys{"",   "a", "b",  "a.b", "a.b.c", "a..c",
                                            ".",  "a.", ".a", "a.c", "..",   "a.b.b.c"};
        const std::vector<std::pair<std::string, std::string>> rows{
            {"", "Y..........."},      {"#", "YYYYYYYYYYYY"},     {"*", ".YY........."},
            {"*.*", "...Y..YYYY.."},   {"#.#", "YYYYYYYYYYYY"},   {"*.#", ".YYYYYYYYYYY"},
            {"#.*", ".YYYYYYYYYYY"},   {"a", ".Y.........."},     {"a.*", "...Y...Y.Y.."},
            {"a.#", ".Y.YYY.Y.Y.Y"},   {"#.b", "..YY........"},   {"a.*.c", "....YY......"},
            {"a.#.c", "....YY...Y.Y"}, {"a..c", ".....Y......"},  {"a.", ".......Y...."},
            {"#.a.#", ".Y.YYY.YYY.Y"}, {"a.*.#", "...YYY.Y.Y.Y"}, {"*.*.*", "....YY....Y."},
        };
        for (const auto& [binding, expected] : rows) {
            for (std::size_t i = 0; i < keys.size(); ++i) {
                const std::string name = "\"" + binding + "\" and \"" + keys[i] + "\"";
                QTest::newRow(name.c_str()) << binding << keys[i] << (expected[i] == 'Y');
            }
        }
        const auto row = [](const char* name, const char* binding, const char* key, bool expected) {
            QTest::newRow(name) << std::string(binding) << std::string(key) << expected;
        };
        row("a wildcard is a whole word: a*", "a*", "ab", false);
        row("a* is itself", "a*", "a*", true);
        row("or#er is itself", "or#er", "or#er", true);
        row("or#er is no pattern", "or#er", "order", false);
        row("case matters", "Order.*", "order.placed", false);
        row("a published star is a word", "a.*", "a.*", true);
        row("a published star is no pattern", "a.b", "a.*", false);
        row("a published hash is no pattern", "a.b", "#", false);
    }
    void topicFollowsTheTruthTable() {
        QFETCH(std::string, binding);
        QFETCH(std::string, key);
        QFETCH(bool, expected);
        QCOMPARE(topicMatches(binding, key), expected);
    }

    void topicFollowsTheRulesForEveryShortKey() {
        std::size_t matched = 0;
        for (const Words& pattern : sequences({"*", "#", "a", "b", ""}, 4)) {
            for (const Words& key : sequences({"a", "b", ""}, 4)) {
                const bool expected = matchesByTheRules(pattern, 0, key, 0);
                const std::string name = "\"" + joined(pattern) + "\" and \"" + joined(key) + "\"";
                QVERIFY2(topicMatches(joined(pattern), joined(key)) == expected, name.c_str());
                matched += expected;
            }
        }
        QVERIFY(matched > 1000);
    }

    void headersFollowTheRules_data() {
        QTest::addColumn<Table>("arguments");
        QTest::addColumn<Table>("headers");
        QTest::addColumn<bool>("expected");
        const Table xFooAndType{{"x-foo", std::int64_t{1}}, {"type", std::string("a")}};
        const auto with = [](Table table, const char* mode) {
            table.emplace_back("x-match", std::string(mode));
            return table;
        };
        const Table typeA{{"type", std::string("a")}};
        const Table both{{"type", std::string("a")}, {"size", std::int64_t{3}}};
        const Table size3{{"size", std::int64_t{3}}};
        QTest::newRow("no arguments, all: everything") << Table{} << noHeaders << true;
        QTest::newRow("no arguments, any: nothing") << with({}, "any") << typeA << false;
        QTest::newRow("no arguments, any-with-x: nothing")
            << with({}, "any-with-x") << typeA << false;
        QTest::newRow("no arguments, all-with-x: everything")
            << with({}, "all-with-x") << noHeaders << true;
        QTest::newRow("x-match absent is all") << both << typeA << false;
        QTest::newRow("all of them") << with(both, "all") << both << true;
        QTest::newRow("all wants each") << with(both, "all") << size3 << false;
        QTest::newRow("any wants one") << with(both, "any") << size3 << true;
        QTest::newRow("any wants at least one") << with(both, "any") << noHeaders << false;
        QTest::newRow("all leaves out x-") << with(xFooAndType, "all") << typeA << true;
        QTest::newRow("all-with-x does not") << with(xFooAndType, "all-with-x") << typeA << false;
        QTest::newRow("all-with-x finds it")
            << with(xFooAndType, "all-with-x") << xFooAndType << true;
        QTest::newRow("any leaves out x-")
            << with(xFooAndType, "any") << Table{{"x-foo", std::int64_t{1}}} << false;
        QTest::newRow("any-with-x does not")
            << with(xFooAndType, "any-with-x") << Table{{"x-foo", std::int64_t{1}}} << true;
        QTest::newRow("only x- arguments, all: everything")
            << with({{"x-foo", std::int64_t{1}}}, "all") << noHeaders << true;
        QTest::newRow("only x- arguments, any: nothing")
            << with({{"x-foo", std::int64_t{1}}}, "any") << xFooAndType << false;
        const Table voidK{{"k", std::monostate{}}};
        QTest::newRow("void asks for the header") << voidK << Table{{"k", true}} << true;
        QTest::newRow("void and no header") << voidK << typeA << false;
        const auto k = [](TableValue value) { return Table{{"k", std::move(value)}}; };
        QTest::newRow("1 is not 1.0") << k(std::int64_t{1}) << k(1.0) << false;
        QTest::newRow("1 is not \"1\"") << k(std::int64_t{1}) << k(std::string("1")) << false;
        QTest::newRow("1 is 1") << k(std::int64_t{1}) << k(std::int64_t{1}) << true;
        QTest::newRow("true is not 1") << k(true) << k(std::int64_t{1}) << false;
        QTest::newRow("text byte by byte") << k(std::string("A")) << k(std::string("a")) << false;
    }
    void headersFollowTheRules() {
        QFETCH(Table, arguments);
        QFETCH(Table, headers);
        QFETCH(bool, expected);
        QCOMPARE(headersMatch(arguments, headers), expected);
    }
};

QTEST_APPLESS_MAIN(TestMatching)
#include "tst_matching.moc"
