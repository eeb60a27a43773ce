#include "sim/scenario/aws/filter_policy.h"

#include "sim/scenario/aws/event_pattern.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <set>

namespace sim {
namespace {

constexpr std::uint64_t combinationsCounted = std::uint64_t{1} << 31U; ///< and no further

std::uint64_t valuesOf(const FieldRule& rule) {
    return rule.anyOf.size() + rule.noneOf.size() + (rule.exists ? 1 : 0) + (rule.absent ? 1 : 0);
}

std::uint64_t countGroup(const PatternGroup& group, const PatternTree& tree, std::uint64_t depth) {
    std::uint64_t product = 1;
    for (const PatternMember& member : group.members) {
        std::uint64_t factor = 0;
        if (const auto* rule = std::get_if<RuleIndex>(&member.value)) {
            factor = depth * valuesOf(tree.rules[*rule]);
        } else if (const auto* inner = std::get_if<PatternGroup>(&member.value)) {
            factor = countGroup(*inner, tree, depth + 1);
        } else {
            for (const auto& one : std::get<std::vector<PatternGroup>>(member.value)) {
                factor = std::min(factor + countGroup(one, tree, depth), combinationsCounted);
            }
        }
        product = std::min(product * std::min(factor, combinationsCounted), combinationsCounted);
    }
    return product;
}

void collectKeys(const PatternGroup& group, std::set<std::string_view>& keys) {
    for (const PatternMember& member : group.members) {
        if (const auto* list = std::get_if<std::vector<PatternGroup>>(&member.value)) {
            for (const PatternGroup& one : *list) {
                collectKeys(one, keys);
            }
        } else {
            keys.insert(member.key);
        }
    }
}

void refuseNesting(const PatternGroup& group, const std::string& where, Problems& problems) {
    for (const PatternMember& member : group.members) {
        const std::string pointer = where + jsonStep(member.key);
        if (std::holds_alternative<PatternGroup>(member.value)) {
            problems.push_back({pointer, "found an object; the scope MessageAttributes takes no "
                                         "nested policy, expected a list of conditions"});
        } else if (const auto* list = std::get_if<std::vector<PatternGroup>>(&member.value)) {
            for (std::size_t i = 0; i < list->size(); ++i) {
                refuseNesting((*list)[i], fmt::format("{}/{}", pointer, i), problems);
            }
        }
    }
}

Problems limitProblems(const PatternTree& tree, FilterPolicyScope scope) {
    Problems problems;
    if (scope == FilterPolicyScope::MessageAttributes) {
        refuseNesting(tree.root, "", problems);
    }
    std::set<std::string_view> keys;
    collectKeys(tree.root, keys);
    if (keys.size() > FilterPolicy::keysMax) {
        problems.push_back({"", fmt::format("{} keys are too many; allowed: up to {}", keys.size(),
                                            FilterPolicy::keysMax)});
    }
    const std::uint64_t combinations = policyCombinations(tree);
    if (combinations > FilterPolicy::combinationsMax) {
        problems.push_back(
            {"", fmt::format("the policy is too complex: {} combinations of values; allowed: up "
                             "to {}",
                             combinations, FilterPolicy::combinationsMax)});
    }
    return problems;
}

std::optional<JsonValue> numberOfText(const std::string& text) {
    const auto json = parseJson(text);
    return json && isJsonNumber(*json) ? std::optional(*json) : std::nullopt;
}

/// What an attribute says, or nothing where it is not looked at.
std::optional<JsonValue> attributeValue(const SnsAttribute& attribute) {
    switch (attribute.type) {
    case SnsAttribute::Type::String:
        return JsonValue{attribute.value};
    case SnsAttribute::Type::Number:
        return numberOfText(attribute.value);
    case SnsAttribute::Type::StringArray: {
        const auto json = parseJson(attribute.value);
        const bool list = json && std::holds_alternative<JsonValue::Array>(json->value);
        return list ? std::optional(*json) : std::nullopt;
    }
    case SnsAttribute::Type::Binary:
        break;
    }
    return std::nullopt;
}

/// A message as the pattern sees it; no object where nothing can match.
JsonValue seenBy(FilterPolicyScope scope, const SnsMessage& message) {
    if (scope == FilterPolicyScope::MessageBody) {
        auto json = parseJson(message.body);
        return json ? std::move(*json) : JsonValue{message.body};
    }
    JsonValue::Object object;
    for (const SnsAttribute& attribute : message.attributes) {
        if (auto value = attributeValue(attribute)) {
            object.push_back({attribute.name, std::move(*value)});
        }
    }
    return {object};
}

} // namespace

std::uint64_t policyCombinations(const PatternTree& policy) {
    return countGroup(policy.root, policy, 1);
}

Result<FilterPolicy> FilterPolicy::compile(const JsonValue& policy, FilterPolicyScope scope,
                                           AnythingButOnLists onLists) {
    const PatternGrammar& grammar =
        onLists == AnythingButOnLists::EveryValue ? snsGrammar : snsGrammarOfOldGuide;
    auto tree = readPattern(policy, grammar);
    Problems problems = tree ? limitProblems(*tree, scope) : tree.error();
    const std::size_t size = compactSize(policy);
    if (size > bytesMax) {
        problems.push_back(
            {"", fmt::format("{} characters are too many; allowed: up to {}", size, bytesMax)});
    }
    if (!problems.empty()) {
        return problems;
    }
    return FilterPolicy(JsonPattern(std::move(*tree), grammar), scope);
}

bool FilterPolicy::matches(const SnsMessage& message) const {
    return m_pattern.matches(seenBy(m_scope, message));
}

std::vector<PatternMiss> FilterPolicy::whyNot(const SnsMessage& message) const {
    return m_pattern.whyNot(seenBy(m_scope, message));
}

} // namespace sim
