#pragma once

#include "sim/scenario/aws/json_pattern.h"

#include <optional>
#include <span>
#include <utility>

namespace sim {

/// Holds one event against a pattern.
/// Source: https://github.com/aws/event-ruler#json-array-matching
/// Not modelled: see JsonPattern.
class PatternMatcher {
public:
    PatternMatcher(const JsonPattern& pattern, const JsonValue& event);

    bool matches();
    std::vector<PatternMiss> misses();

private:
    using StepIndex = JsonPattern::StepIndex;
    using Places = std::vector<std::pair<StepIndex, const JsonValue*>>;
    enum class Verdict : std::uint8_t { Unknown, Holds, Fails };
    /// An object and what is below it without a list of objects between.
    struct Scene {
        Places values;                 ///< neither objects nor lists
        Places elements;               ///< objects that are elements of lists
        std::vector<Verdict> verdicts; ///< on each rule, when it was asked for
    };

    Scene sceneOf(const JsonValue& object, StepIndex step) const;
    void look(const JsonValue& value, StepIndex step, Scene& scene, std::size_t depth) const;
    void lookInto(const JsonValue::Object& object, StepIndex step, Scene& scene,
                  std::size_t depth) const;
    std::optional<StepIndex> stepTo(StepIndex from, std::string_view key) const;
    std::optional<StepIndex> nextStep(StepIndex from, std::string_view name) const;

    bool holds(std::span<const RuleIndex> rules, Scene& scene);
    bool holdsHere(RuleIndex rule, Scene& scene) const;
    bool judge(RuleIndex rule, const Scene& scene) const;
    bool holdsInElement(StepIndex list, std::span<const RuleIndex> rules, const Scene& scene);
    std::optional<StepIndex> listAbove(RuleIndex rule, const Scene& scene) const;
    bool passes(const FieldRule& rule, const std::vector<const JsonValue*>& values) const;
    bool passesAnythingBut(const std::vector<ValueTest>& unwanted,
                           const std::vector<const JsonValue*>& values) const;

    void markPresent(const Scene& scene);
    void gather(const JsonValue& value, StepIndex step, StepIndex wanted,
                std::vector<const JsonValue*>& found, std::size_t depth) const;
    PatternMiss missOf(RuleIndex rule) const;
    PatternMiss missInElements(std::span<const RuleIndex> branch) const;

    const JsonPattern& m_pattern;
    const JsonValue& m_event;
    Scene m_scene;
    std::vector<bool> m_present; ///< the steps at which the event has a value anywhere
    StepIndex m_failedList = 0;  ///< the list none of whose elements has all that is asked
};

} // namespace sim
