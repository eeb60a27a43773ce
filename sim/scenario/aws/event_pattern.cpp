#include "sim/scenario/aws/event_pattern.h"

#include <algorithm>
#include <fmt/format.h>

namespace sim {
namespace {

/// The blanks that jsonLine() puts after commas and colons.
std::size_t blanksIn(const JsonValue& json) {
    std::size_t blanks = 0;
    if (const auto* list = std::get_if<JsonValue::Array>(&json.value)) {
        blanks = list->empty() ? 0 : list->size() - 1;
        for (const JsonValue& value : *list) {
            blanks += blanksIn(value);
        }
    } else if (const auto* object = std::get_if<JsonValue::Object>(&json.value)) {
        blanks = object->empty() ? 0 : 2 * object->size() - 1;
        for (const JsonMember& member : *object) {
            blanks += blanksIn(member.value);
        }
    }
    return blanks;
}

/// What a group asks of a field itself and below it, its alternatives included.
struct Asked {
    bool itself = false;
    bool below = false;
};

void findAsked(const PatternGroup& group, std::string_view field, Asked& asked) {
    for (const PatternMember& member : group.members) {
        const bool same = member.key == field;
        if (std::holds_alternative<RuleIndex>(member.value)) {
            asked.itself = asked.itself || same;
        } else if (std::holds_alternative<PatternGroup>(member.value)) {
            asked.below = asked.below || same;
        } else {
            for (const auto& one : std::get<std::vector<PatternGroup>>(member.value)) {
                findAsked(one, field, asked);
            }
        }
        asked.below = asked.below || (member.key.starts_with(field) &&
                                      member.key.substr(field.size()).starts_with('.'));
    }
}

} // namespace

std::size_t compactSize(const JsonValue& json) { return jsonLine(json).size() - blanksIn(json); }

Result<EventPattern> EventPattern::compile(const JsonValue& pattern) {
    auto tree = readPattern(pattern, eventBridgeGrammar);
    Problems problems = tree ? Problems{} : tree.error();
    const std::size_t size = compactSize(pattern);
    if (size > bytesMax) {
        problems.push_back(
            {"", fmt::format("{} characters are too many; allowed: up to {}", size, bytesMax)});
    }
    const std::uint64_t combinations = tree ? alternatives(tree->root) : 0;
    if (combinations > alternativesMax) {
        problems.push_back({"", fmt::format("the lists under $or come to {} combinations; allowed: "
                                            "up to {}",
                                            combinations, alternativesMax)});
    }
    if (!problems.empty()) {
        return problems;
    }
    return EventPattern(JsonPattern(std::move(*tree), eventBridgeGrammar));
}

bool EventPattern::asksFor(std::string_view field) const {
    Asked asked;
    findAsked(m_pattern.tree().root, field, asked);
    return asked.itself;
}

bool EventPattern::asksBelow(std::string_view field) const {
    Asked asked;
    findAsked(m_pattern.tree().root, field, asked);
    return asked.below;
}

} // namespace sim
