#include "sim/scenario/aws/event_pattern.h"
#include "sim/scenario/aws/filter_policy.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <rapidcheck.h>
#include <string>
#include <vector>

using namespace sim;

/// Laws of event patterns and filter policies, tried by RapidCheck as in tst_values.
class TestPatterns : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void patternsReadBackAsWritten();
    void policiesReadBackAsWritten();
    void everyJsonIsReadOrRefused();
    void matchesAreThoseOfTheDefinition();
    void numbersReadBackAsWritten();
};

namespace {

std::string anyKey() { return *rc::gen::element<std::string>("a", "b", "c"); }

std::string anyText() {
    return *rc::gen::container<std::string>(rc::gen::elementOf(std::string("aAb*\\.: 1")));
}

JsonValue anyNumber() {
    return *rc::gen::arbitrary<bool>()
               ? JsonValue{std::int64_t{*rc::gen::inRange(-3, 3)}}
               : JsonValue{*rc::gen::inRange(-5'000'000, 5'000'000) / 999.0};
}

JsonValue object(const std::string& key, JsonValue value) {
    return {JsonValue::Object{{key, std::move(value)}}};
}

JsonValue::Object distinct(JsonValue::Object members) {
    JsonValue::Object kept;
    for (JsonMember& member : members) {
        if (JsonValue{kept}.find(member.key) == nullptr) {
            kept.push_back(std::move(member));
        }
    }
    return kept;
}

template <typename Make> JsonValue listWith(int most, Make make) {
    JsonValue::Array list(*rc::gen::inRange<std::size_t>(1, static_cast<std::size_t>(most) + 1));
    std::generate(list.begin(), list.end(), make);
    return {list};
}

JsonValue anyPlain() {
    switch (*rc::gen::inRange(0, 4)) {
    case 0:
        return {};
    case 1:
        return {*rc::gen::arbitrary<bool>()};
    case 2:
        return anyNumber();
    default:
        return {anyText()};
    }
}

JsonValue anyRange() {
    const JsonValue low = anyNumber();
    const std::string sign = *rc::gen::element<std::string>("=", "<", "<=", ">", ">=");
    JsonValue::Array list{{sign}, low};
    if (sign[0] == '>' && *rc::gen::arbitrary<bool>()) {
        list.push_back({std::string("<=")});
        list.push_back(anyNumber());
    }
    return {list};
}

/// Mostly of the grammar, and sometimes just outside of it.
JsonValue anyCondition() {
    const auto text = [] { return JsonValue{anyText()}; };
    switch (*rc::gen::inRange(0, 8)) {
    case 0:
        return object(*rc::gen::element<std::string>("prefix", "suffix", "wildcard"), text());
    case 1:
        return object("prefix", object("equals-ignore-case", text()));
    case 2:
        return object("numeric", anyRange());
    case 3:
        return object("exists", {*rc::gen::arbitrary<bool>()});
    case 4:
        return object("cidr", {*rc::gen::element<std::string>("10.1.2.3/9", "::1/128", "1.2.3.4")});
    case 5:
        return object("anything-but", listWith(3, *rc::gen::arbitrary<bool>() ? anyNumber : +text));
    case 6:
        return object("anything-but",
                      object(*rc::gen::element<std::string>("prefix", "suffix", "wildcard",
                                                            "equals-ignore-case"),
                             listWith(2, text)));
    default:
        return anyPlain();
    }
}

template <typename Condition> JsonValue anyPattern(int depth, Condition condition) {
    JsonValue::Object members;
    for (int count = *rc::gen::inRange(1, 4); count > 0; --count) {
        const int kind = depth > 0 ? *rc::gen::inRange(0, 4) : 0;
        if (kind < 2) {
            members.push_back({anyKey(), listWith(3, condition)});
        } else if (kind == 2) {
            members.push_back({anyKey(), anyPattern(depth - 1, condition)});
        } else {
            members.push_back({"$or",
                               {JsonValue::Array{anyPattern(depth - 1, condition),
                                                 anyPattern(depth - 1, condition)}}});
        }
    }
    return {distinct(std::move(members))};
}

/// Objects, lists and values, with keys that patterns ask for.
JsonValue anyEvent(int depth) {
    const int kind = depth > 0 ? *rc::gen::inRange(0, 5) : 0;
    if (kind < 2) {
        return *rc::gen::arbitrary<bool>() ? JsonValue{std::int64_t{*rc::gen::inRange(0, 3)}}
                                           : anyPlain();
    }
    if (kind == 2) {
        JsonValue::Array list(*rc::gen::inRange<std::size_t>(0, 4));
        std::generate(list.begin(), list.end(), [depth] { return anyEvent(depth - 1); });
        return {list};
    }
    JsonValue::Object members;
    for (int count = *rc::gen::inRange(0, 4); count > 0; --count) {
        members.push_back({anyKey(), anyEvent(depth - 1)});
    }
    return {distinct(std::move(members))};
}

// The definition, in the plainest words: an event is a list of values, each with its path and the
// elements of lists in which it is. A pattern matches if its fields can be given values of which no
// two are in different elements of one list.

using Membership = std::map<const JsonValue*, std::size_t>; ///< lists, and the element of each

struct EventLeaf {
    std::string path;
    const JsonValue* value = nullptr;
    Membership in;
};

void collectLeaves(const JsonValue& json, const std::string& path, const Membership& in,
                   std::vector<EventLeaf>& leaves) {
    if (const auto* members = std::get_if<JsonValue::Object>(&json.value)) {
        for (const JsonMember& member : *members) {
            collectLeaves(member.value, path + "." + member.key, in, leaves);
        }
    } else if (const auto* list = std::get_if<JsonValue::Array>(&json.value)) {
        for (std::size_t i = 0; i < list->size(); ++i) {
            const bool plain = !std::holds_alternative<JsonValue::Object>((*list)[i].value) &&
                               !std::holds_alternative<JsonValue::Array>((*list)[i].value);
            Membership inside = in;
            if (!plain) {
                inside[&json] = i;
            }
            collectLeaves((*list)[i], path, inside, leaves);
        }
    } else {
        leaves.push_back({path, &json, in});
    }
}

/// Of plain values and exists alone.
using Fields = std::map<std::string, JsonValue::Array>;

void expandFields(const JsonValue& pattern, const std::string& path, std::vector<Fields>& all) {
    for (const JsonMember& member : std::get<JsonValue::Object>(pattern.value)) {
        const auto* list = std::get_if<JsonValue::Array>(&member.value.value);
        if (member.key == "$or") {
            std::vector<Fields> forked;
            for (const JsonValue& one : *list) {
                std::vector<Fields> branch = all;
                expandFields(one, path, branch);
                forked.insert(forked.end(), branch.begin(), branch.end());
            }
            all = std::move(forked);
        } else if (list != nullptr) {
            for (Fields& fields : all) {
                fields[path + "." + member.key] = *list;
            }
        } else {
            expandFields(member.value, path + "." + member.key, all);
        }
    }
}

bool accepts(const JsonValue::Array& conditions, const JsonValue& value) {
    return std::ranges::any_of(conditions, [&](const JsonValue& condition) {
        const JsonValue* exists = condition.find("exists");
        return exists != nullptr ? std::get<bool>(exists->value) : condition == value;
    });
}

bool acceptsAbsence(const JsonValue::Array& conditions) {
    return std::ranges::any_of(conditions, [](const JsonValue& condition) {
        const JsonValue* exists = condition.find("exists");
        return exists != nullptr && !std::get<bool>(exists->value);
    });
}

bool canBeGiven(Fields::const_iterator next, Fields::const_iterator end, const Membership& in,
                const std::vector<EventLeaf>& leaves) {
    if (next == end) {
        return true;
    }
    const auto& [path, conditions] = *next;
    const bool absent =
        std::ranges::none_of(leaves, [&](const EventLeaf& leaf) { return leaf.path == path; });
    if (absent && acceptsAbsence(conditions)) {
        return canBeGiven(std::next(next), end, in, leaves);
    }
    return std::ranges::any_of(leaves, [&](const EventLeaf& leaf) {
        const bool together = std::ranges::all_of(leaf.in, [&](const auto& element) {
            const auto other = in.find(element.first);
            return other == in.end() || other->second == element.second;
        });
        Membership both = in;
        both.insert(leaf.in.begin(), leaf.in.end());
        return leaf.path == path && accepts(conditions, *leaf.value) && together &&
               canBeGiven(std::next(next), end, both, leaves);
    });
}

bool matchesByDefinition(const JsonValue& pattern, const JsonValue& event) {
    std::vector<EventLeaf> leaves;
    collectLeaves(event, "", {}, leaves);
    std::vector<Fields> branches(1);
    expandFields(pattern, "", branches);
    return std::holds_alternative<JsonValue::Object>(event.value) &&
           std::ranges::any_of(branches, [&](const Fields& fields) {
               return canBeGiven(fields.begin(), fields.end(), {}, leaves);
           });
}

JsonValue plainOrExists() {
    return *rc::gen::inRange(0, 5) == 0 ? object("exists", {*rc::gen::arbitrary<bool>()})
                                        : JsonValue{std::int64_t{*rc::gen::inRange(0, 3)}};
}

} // namespace

void TestPatterns::initTestCase() {
    if (!qEnvironmentVariableIsSet("RC_PARAMS")) {
        qputenv("RC_PARAMS", "seed=1 max_success=2000");
    }
}

void TestPatterns::patternsReadBackAsWritten() {
    int read = 0;
    QVERIFY(rc::check([&read] {
        const auto pattern = EventPattern::compile(anyPattern(2, anyCondition));
        if (!pattern) {
            return;
        }
        ++read;
        const auto again = EventPattern::compile(pattern->json());
        RC_ASSERT(again.has_value());
        RC_ASSERT(*again == *pattern);
        const JsonValue event = anyEvent(3);
        RC_ASSERT(again->matches(event) == pattern->matches(event));
        RC_ASSERT(pattern->whyNot(event).empty() == pattern->matches(event));
    }));
    QVERIFY(read > 300);
}

void TestPatterns::policiesReadBackAsWritten() {
    int read = 0;
    QVERIFY(rc::check([&read] {
        const auto policy =
            FilterPolicy::compile(anyPattern(2, anyCondition), FilterPolicyScope::MessageBody);
        if (!policy) {
            return;
        }
        ++read;
        RC_ASSERT(*FilterPolicy::compile(policy->json(), policy->scope()) == *policy);
        const SnsMessage message{jsonLine(anyEvent(3)), {}};
        RC_ASSERT(policy->whyNot(message).empty() == policy->matches(message));
    }));
    QVERIFY(read > 200);
}

void TestPatterns::everyJsonIsReadOrRefused() {
    QVERIFY(rc::check([] {
        const JsonValue json = anyEvent(4);
        const auto pattern = EventPattern::compile(json);
        const auto policy = FilterPolicy::compile(json, FilterPolicyScope::MessageAttributes);
        if (pattern) {
            pattern->matches(anyEvent(3));
        } else {
            RC_ASSERT(!pattern.error().front().what.empty());
        }
        RC_ASSERT(!policy || pattern);
    }));
}

void TestPatterns::matchesAreThoseOfTheDefinition() {
    int matched = 0;
    QVERIFY(rc::check([&matched] {
        const JsonValue pattern = anyPattern(2, plainOrExists);
        const JsonValue event = object(anyKey(), anyEvent(4));
        const auto compiled = EventPattern::compile(pattern);
        RC_ASSERT(compiled.has_value());
        const bool expected = matchesByDefinition(pattern, event);
        matched += expected;
        RC_LOG() << jsonLine(pattern) << "\n" << jsonLine(event) << "\n";
        RC_ASSERT(compiled->matches(event) == expected);
    }));
    QVERIFY(matched > 100);
}

void TestPatterns::numbersReadBackAsWritten() {
    QVERIFY(rc::check([] {
        for (const NumberScale& scale : {eventBridgeGrammar.numbers, snsGrammar.numbers}) {
            const auto most = static_cast<std::int64_t>(scale.max);
            const double number = static_cast<double>(*rc::gen::inRange(-most, most)) +
                                  *rc::gen::inRange(0, 1'000'000) / 1e6;
            const auto count = scaledNumber({number}, scale);
            RC_ASSERT(count.has_value());
            RC_ASSERT(scaledNumber(unscaledNumber(*count, scale), scale) == count);
        }
    }));
}

QTEST_APPLESS_MAIN(TestPatterns)
#include "tst_patterns.moc"
