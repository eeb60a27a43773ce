#include "sim/scenario/aws/pattern_matcher.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sim {

PatternMatcher::PatternMatcher(const JsonPattern& pattern, const JsonValue& event)
    : m_pattern(pattern)
    , m_event(event)
    , m_scene(sceneOf(event, 0)) {
    if (m_pattern.m_asksAbsence) {
        m_present.resize(m_pattern.m_steps.size());
        markPresent(m_scene);
    }
}

bool PatternMatcher::matches() {
    return std::holds_alternative<JsonValue::Object>(m_event.value) &&
           std::ranges::any_of(m_pattern.m_branches,
                               [&](const auto& branch) { return holds(branch, m_scene); });
}

PatternMatcher::Scene PatternMatcher::sceneOf(const JsonValue& object, StepIndex step) const {
    Scene scene;
    if (const auto* members = std::get_if<JsonValue::Object>(&object.value)) {
        lookInto(*members, step, scene, 0);
    }
    return scene;
}

void PatternMatcher::lookInto(const JsonValue::Object& object, StepIndex step, Scene& scene,
                              std::size_t depth) const {
    for (const JsonMember& member : object) {
        if (const auto next = stepTo(step, member.key)) {
            look(member.value, *next, scene, depth);
        }
    }
}

void PatternMatcher::look(const JsonValue& value, StepIndex step, Scene& scene,
                          std::size_t depth) const {
    if (depth == jsonDepthMax) { // parseJson() takes nothing that is deeper
        return;
    }
    const auto& [name, parent, next, hasRules] = m_pattern.m_steps[step];
    if (const auto* object = std::get_if<JsonValue::Object>(&value.value)) {
        lookInto(*object, step, scene, depth + 1);
    } else if (const auto* list = std::get_if<JsonValue::Array>(&value.value)) {
        for (const JsonValue& element : *list) {
            if (!std::holds_alternative<JsonValue::Object>(element.value)) {
                look(element, step, scene, depth + 1);
            } else if (!next.empty()) {
                scene.elements.emplace_back(step, &element);
            }
        }
    } else if (hasRules) {
        scene.values.emplace_back(step, &value);
    }
}

std::optional<PatternMatcher::StepIndex> PatternMatcher::nextStep(StepIndex from,
                                                                  std::string_view name) const {
    for (const StepIndex next : m_pattern.m_steps[from].next) {
        if (m_pattern.m_steps[next].name == name) {
            return next;
        }
    }
    return std::nullopt;
}

std::optional<PatternMatcher::StepIndex> PatternMatcher::stepTo(StepIndex from,
                                                                std::string_view key) const {
    std::optional<StepIndex> step = from;
    for (std::size_t begin = 0; step && begin <= key.size();) {
        const std::size_t end = std::min(key.find('.', begin), key.size());
        step = nextStep(*step, key.substr(begin, end - begin));
        begin = end + 1;
    }
    return step;
}

bool PatternMatcher::holds(std::span<const RuleIndex> rules, Scene& scene) {
    std::vector<std::pair<StepIndex, RuleIndex>> deeper; // those that an element must satisfy
    for (const RuleIndex rule : rules) {
        if (holdsHere(rule, scene)) {
            continue;
        }
        const auto list = listAbove(rule, scene);
        if (!list) {
            return false;
        }
        deeper.emplace_back(*list, rule);
    }
    std::ranges::sort(deeper);
    for (auto first = deeper.begin(); first != deeper.end();) {
        const StepIndex list = first->first;
        std::vector<RuleIndex> together;
        for (; first != deeper.end() && first->first == list; ++first) {
            together.push_back(first->second);
        }
        if (!holdsInElement(list, together, scene)) {
            return false;
        }
    }
    return true;
}

bool PatternMatcher::holdsInElement(StepIndex list, std::span<const RuleIndex> rules,
                                    const Scene& scene) {
    for (const auto& [step, element] : scene.elements) {
        if (step == list) {
            Scene inner = sceneOf(*element, step);
            if (holds(rules, inner)) {
                return true;
            }
        }
    }
    m_failedList = list;
    return false;
}

bool PatternMatcher::holdsHere(RuleIndex rule, Scene& scene) const {
    scene.verdicts.resize(m_pattern.m_stepOf.size());
    Verdict& verdict = scene.verdicts[rule];
    if (verdict == Verdict::Unknown) {
        verdict = judge(rule, scene) ? Verdict::Holds : Verdict::Fails;
    }
    return verdict == Verdict::Holds;
}

bool PatternMatcher::judge(RuleIndex index, const Scene& scene) const {
    const FieldRule& rule = m_pattern.m_tree.rules[index];
    const StepIndex at = m_pattern.m_stepOf[index];
    if (rule.absent && !m_present[at]) {
        return true;
    }
    std::vector<const JsonValue*> values;
    for (const auto& [step, value] : scene.values) {
        if (step == at) {
            values.push_back(value);
        }
    }
    return !values.empty() && passes(rule, values);
}

/// The nearest step above a rule at which the scene has elements of a list.
std::optional<PatternMatcher::StepIndex> PatternMatcher::listAbove(RuleIndex rule,
                                                                   const Scene& scene) const {
    StepIndex step = m_pattern.m_stepOf[rule];
    while (step != 0) {
        step = m_pattern.m_steps[step].parent;
        if (std::ranges::any_of(scene.elements,
                                [&](const auto& element) { return element.first == step; })) {
            return step;
        }
    }
    return std::nullopt;
}

bool PatternMatcher::passes(const FieldRule& rule,
                            const std::vector<const JsonValue*>& values) const {
    const auto anyValue = [&](const ValueTest& test) {
        return std::ranges::any_of(values, [&](const JsonValue* value) {
            return satisfies(*value, test, m_pattern.m_grammar->numbers);
        });
    };
    return rule.exists || std::ranges::any_of(rule.anyOf, anyValue) ||
           std::ranges::any_of(rule.noneOf, [&](const auto& unwanted) {
               return passesAnythingBut(unwanted, values);
           });
}

bool PatternMatcher::passesAnythingBut(const std::vector<ValueTest>& unwanted,
                                       const std::vector<const JsonValue*>& values) const {
    const auto wanted = [&](const JsonValue* value) {
        return std::ranges::none_of(unwanted, [&](const ValueTest& test) {
            return satisfies(*value, test, m_pattern.m_grammar->numbers);
        });
    };
    return m_pattern.m_grammar->anythingButAsksEvery ? std::ranges::all_of(values, wanted)
                                                     : std::ranges::any_of(values, wanted);
}

void PatternMatcher::markPresent(const Scene& scene) {
    for (const auto& [step, value] : scene.values) {
        m_present[step] = true;
    }
    for (const auto& [step, element] : scene.elements) {
        markPresent(sceneOf(*element, step));
    }
}

std::vector<PatternMiss> PatternMatcher::misses() {
    if (!std::holds_alternative<JsonValue::Object>(m_event.value)) {
        return {{"", "an object", jsonSummary(m_event)}};
    }
    std::optional<std::vector<PatternMiss>> fewest;
    for (const auto& branch : m_pattern.m_branches) {
        if (holds(branch, m_scene)) {
            return {};
        }
        std::vector<PatternMiss> misses;
        for (const RuleIndex rule : branch) {
            if (!holds({&rule, 1}, m_scene)) {
                misses.push_back(missOf(rule));
            }
        }
        if (misses.empty()) { // each of them is there, but not together
            holds(branch, m_scene);
            misses.push_back(missInElements(branch));
        }
        if (!fewest || misses.size() < fewest->size()) {
            fewest = std::move(misses);
        }
    }
    return std::move(*fewest);
}

PatternMiss PatternMatcher::missOf(RuleIndex rule) const {
    const StepIndex step = m_pattern.m_stepOf[rule];
    std::vector<const JsonValue*> values;
    gather(m_event, 0, step, values, 0);
    constexpr std::size_t shownMax = 5;
    std::vector<std::string> found;
    for (const JsonValue* value : values) {
        if (found.size() == shownMax) {
            found.emplace_back("...");
            break;
        }
        found.push_back(jsonSummary(*value));
    }
    return {m_pattern.pathOf(step),
            jsonLine(ruleJson(m_pattern.m_tree.rules[rule], m_pattern.m_grammar->numbers)),
            found.empty() ? "nothing" : fmt::format("{}", fmt::join(found, ", "))};
}

PatternMiss PatternMatcher::missInElements(std::span<const RuleIndex> branch) const {
    std::vector<std::string> fields;
    for (const RuleIndex rule : branch) {
        StepIndex step = m_pattern.m_stepOf[rule];
        while (step != 0 && step != m_failedList) {
            step = m_pattern.m_steps[step].parent;
        }
        if (step == m_failedList) {
            fields.push_back(m_pattern.pathOf(m_pattern.m_stepOf[rule]));
        }
    }
    return {m_pattern.pathOf(m_failedList),
            fmt::format("one element with all of {}", fmt::join(fields, ", ")),
            "them in different elements only"};
}

/// All that stands at the step `wanted`, objects and empty lists too.
void PatternMatcher::gather(const JsonValue& value, StepIndex step, StepIndex wanted,
                            std::vector<const JsonValue*>& found, std::size_t depth) const {
    const auto* list = std::get_if<JsonValue::Array>(&value.value);
    const auto* object = std::get_if<JsonValue::Object>(&value.value);
    if (step == wanted && (list == nullptr || list->empty())) {
        found.push_back(&value);
    }
    if (depth == jsonDepthMax) {
        return;
    }
    if (list != nullptr) {
        for (const JsonValue& element : *list) {
            gather(element, step, wanted, found, depth + 1);
        }
    } else if (object != nullptr) {
        for (const JsonMember& member : *object) {
            if (const auto next = stepTo(step, member.key)) {
                gather(member.value, *next, wanted, found, depth + 1);
            }
        }
    }
}

bool JsonPattern::matches(const JsonValue& event) const {
    return PatternMatcher(*this, event).matches();
}

std::vector<PatternMiss> JsonPattern::whyNot(const JsonValue& event) const {
    return PatternMatcher(*this, event).misses();
}

} // namespace sim
