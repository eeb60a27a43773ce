#include "sim/scenario/aws/pattern_tree.h"

#include "sim/scenario/aws/rule_reader.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace sim {
namespace {

/// Keys that say that a list under `$or` holds conditions, and no alternatives.
constexpr std::string_view reservedNames[] = {"exactly",  "prefix",
                                              "suffix",   "equals-ignore-case",
                                              "wildcard", "anything-but",
                                              "numeric",  "cidr",
                                              "exists",   "=",
                                              "<",        "<=",
                                              ">",        ">="};

bool isAlternative(const JsonValue& json) {
    const auto* object = std::get_if<JsonValue::Object>(&json.value);
    return object != nullptr && std::ranges::none_of(*object, [](const JsonMember& member) {
               return std::ranges::find(reservedNames, member.key) != std::end(reservedNames);
           });
}

/// `$or` may also be the name of a field.
bool isOrOperator(const JsonMember& member) {
    const auto* list = std::get_if<JsonValue::Array>(&member.value.value);
    return member.key == "$or" && list != nullptr && list->size() >= 2 &&
           std::ranges::all_of(*list, isAlternative);
}

class TreeReader {
public:
    explicit TreeReader(const PatternGrammar& grammar) : m_grammar(grammar) {}

    Result<PatternTree> read(const JsonValue& json) {
        m_tree.root = group(json, "", 0);
        if (!m_problems.empty()) {
            return std::move(m_problems);
        }
        return std::move(m_tree);
    }

private:
    PatternGroup group(const JsonValue& json, const std::string& where, std::size_t depth) {
        const auto* object = std::get_if<JsonValue::Object>(&json.value);
        PatternGroup read;
        if (object == nullptr || object->empty()) {
            m_problems.push_back(
                {where, fmt::format("found {}; expected an object with a field",
                                    object == nullptr ? jsonSummary(json) : "an empty object")});
        } else if (depth == jsonDepthMax) {
            m_problems.push_back({where, fmt::format("nested more than {} deep", jsonDepthMax)});
        } else {
            for (const JsonMember& member : *object) {
                addMember(read, member, where + jsonStep(member.key), depth);
            }
        }
        return read;
    }

    void addMember(PatternGroup& read, const JsonMember& member, const std::string& where,
                   std::size_t depth) {
        const auto* list = std::get_if<JsonValue::Array>(&member.value.value);
        if (isOrOperator(member)) {
            std::vector<PatternGroup> groups;
            for (std::size_t i = 0; i < list->size(); ++i) {
                groups.push_back(group((*list)[i], fmt::format("{}/{}", where, i), depth + 1));
            }
            read.members.push_back({member.key, std::move(groups)});
        } else if (list != nullptr) {
            read.members.push_back({member.key, rule(member.key, *list, where)});
        } else if (std::holds_alternative<JsonValue::Object>(member.value.value)) {
            read.members.push_back({member.key, group(member.value, where, depth + 1)});
        } else {
            m_problems.push_back(
                {where, fmt::format("found {}; expected a list of conditions, such as [{}], or an "
                                    "object",
                                    jsonSummary(member.value), jsonSummary(member.value))});
        }
    }

    RuleIndex rule(const std::string& key, const JsonValue::Array& list, const std::string& where) {
        const std::size_t before = m_problems.size();
        m_tree.rules.push_back(RuleReader(m_grammar, where, m_problems).read(list));
        if (key == "$or" && m_problems.size() > before) {
            m_problems.push_back({where, "is the name of a field here; as an operator it takes a "
                                         "list of at least two objects, whose keys are fields"});
        }
        return static_cast<RuleIndex>(m_tree.rules.size() - 1);
    }

    const PatternGrammar& m_grammar;
    Problems m_problems;
    PatternTree m_tree;
};

JsonValue jsonObject(std::string key, JsonValue value) {
    return {JsonValue::Object{{std::move(key), std::move(value)}}};
}

std::string_view operatorOf(const TextPart& part) {
    switch (part.where) {
    case TextPart::Where::Start:
        return "prefix";
    case TextPart::Where::End:
        return "suffix";
    case TextPart::Where::Whole:
        break;
    }
    return "equals-ignore-case";
}

JsonValue rangeJson(const NumberRange& range, const NumberScale& scale) {
    const auto& [low, high] = range;
    JsonValue::Array list;
    const auto add = [&](std::string sign, std::int64_t at) {
        list.push_back({std::move(sign)});
        list.push_back(unscaledNumber(at, scale));
    };
    if (low && high && low->at == high->at) {
        add("=", low->at);
        return {list};
    }
    if (low) {
        add(low->strict ? ">" : ">=", low->at);
    }
    if (high) {
        add(high->strict ? "<" : "<=", high->at);
    }
    return {list};
}

/// The operator of a test, empty for a plain value, and its operand.
JsonMember testJson(const ValueTest& test, const NumberScale& scale) {
    if (const auto* same = std::get_if<SameValue>(&test)) {
        return {"", same->value};
    }
    if (const auto* range = std::get_if<NumberRange>(&test)) {
        return {"numeric", rangeJson(*range, scale)};
    }
    if (const auto* wildcard = std::get_if<WildcardText>(&test)) {
        return {"wildcard", {writeWildcard(*wildcard)}};
    }
    if (const auto* block = std::get_if<AddressBlock>(&test)) {
        return {"cidr", {writeAddressBlock(*block)}};
    }
    const auto& part = std::get<TextPart>(test);
    const bool nested = part.ignoresCase && part.where != TextPart::Where::Whole;
    return {std::string(operatorOf(part)),
            nested ? jsonObject("equals-ignore-case", {part.text}) : JsonValue{part.text}};
}

JsonValue conditionJson(JsonMember member) {
    return member.key.empty() ? std::move(member.value)
                              : jsonObject(std::move(member.key), std::move(member.value));
}

JsonValue anythingButJson(const std::vector<ValueTest>& tests, const NumberScale& scale) {
    JsonMember first = testJson(tests.front(), scale);
    if (tests.size() > 1) {
        JsonValue::Array list;
        for (const ValueTest& test : tests) {
            list.push_back(testJson(test, scale).value);
        }
        first.value = {list};
    }
    return jsonObject("anything-but", conditionJson(std::move(first)));
}

JsonValue groupJson(const PatternGroup& group, const PatternTree& tree, const NumberScale& scale) {
    JsonValue::Object object;
    for (const PatternMember& member : group.members) {
        JsonValue value;
        if (const auto* index = std::get_if<RuleIndex>(&member.value)) {
            value = ruleJson(tree.rules[*index], scale);
        } else if (const auto* inner = std::get_if<PatternGroup>(&member.value)) {
            value = groupJson(*inner, tree, scale);
        } else {
            JsonValue::Array list;
            for (const auto& one : std::get<std::vector<PatternGroup>>(member.value)) {
                list.push_back(groupJson(one, tree, scale));
            }
            value = {list};
        }
        object.push_back({member.key, std::move(value)});
    }
    return {object};
}

std::size_t placesOf(const WildcardText& wildcard) {
    std::map<char, std::size_t> starts;
    std::size_t most = 0;
    for (std::size_t i = 1; i < wildcard.parts.size(); ++i) {
        if (!wildcard.parts[i].empty()) {
            most = std::max(most, ++starts[wildcard.parts[i].front()]);
        }
    }
    return wildcard.parts.size() - 1 + most;
}

} // namespace

bool PatternGroup::operator==(const PatternGroup& other) const { return members == other.members; }

bool PatternMember::operator==(const PatternMember& other) const {
    return key == other.key && value == other.value;
}

Result<PatternTree> readPattern(const JsonValue& json, const PatternGrammar& grammar) {
    return TreeReader(grammar).read(json);
}

JsonValue writePattern(const PatternTree& tree, const NumberScale& scale) {
    return groupJson(tree.root, tree, scale);
}

JsonValue ruleJson(const FieldRule& rule, const NumberScale& scale) {
    JsonValue::Array list;
    for (const ValueTest& test : rule.anyOf) {
        list.push_back(conditionJson(testJson(test, scale)));
    }
    for (const auto& tests : rule.noneOf) {
        list.push_back(anythingButJson(tests, scale));
    }
    if (rule.exists) {
        list.push_back(jsonObject("exists", {true}));
    }
    if (rule.absent) {
        list.push_back(jsonObject("exists", {false}));
    }
    return {list};
}

std::size_t wildcardPlaces(const FieldRule& rule) {
    std::vector<std::pair<std::string_view, std::size_t>> heads; // text before the first star
    const auto collect = [&](const std::vector<ValueTest>& tests) {
        for (const ValueTest& test : tests) {
            const auto* wildcard = std::get_if<WildcardText>(&test);
            if (wildcard != nullptr && wildcard->parts.size() > 1) {
                heads.emplace_back(wildcard->parts.front(), placesOf(*wildcard));
            }
        }
    };
    collect(rule.anyOf);
    std::ranges::for_each(rule.noneOf, collect);
    std::ranges::sort(heads);
    std::vector<std::pair<std::string_view, std::size_t>> chain; // each begins with the one before
    std::size_t most = 0;
    for (const auto& [head, places] : heads) {
        while (!chain.empty() && !head.starts_with(chain.back().first)) {
            chain.pop_back();
        }
        chain.emplace_back(head, places + (chain.empty() ? 0 : chain.back().second));
        most = std::max(most, chain.back().second);
    }
    return most;
}

} // namespace sim
