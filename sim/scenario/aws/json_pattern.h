#pragma once

#include "sim/scenario/aws/pattern_tree.h"

#include <string>
#include <vector>

namespace sim {

/// A field that keeps an event from matching.
struct PatternMiss {
    std::string path;   ///< its keys, joined by dots
    std::string wanted; ///< the conditions as JSON, of which one must hold; or half a sentence
    std::string found;  ///< the values there, or "nothing"; or half a sentence
    bool operator==(const PatternMiss&) const = default;
};

/// A pattern that is ready to be held against events: its fields as a tree of steps, so that only
/// those parts of an event are looked at that the pattern names.
///
/// Keys are joined by dots, in patterns and in events: {"a": {"b": [1]}} and {"a.b": [1]} are the
/// same pattern. A list in an event stands for its elements, lists of lists too; an empty list or
/// object is as if it were not there. Fields inside of a list of objects must be in the same
/// element of it. A field that must not exist must be nowhere.
///
/// Source: https://github.com/aws/event-ruler#json-array-matching
/// Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns-arrays.html
/// Not modelled: where dots in the keys of an event give one path two lists of objects, all fields
/// below it must come from an element of one of them.
class JsonPattern {
public:
    /// Requires a tree whose alternatives are few: their combinations are written out.
    JsonPattern(PatternTree tree, const PatternGrammar& grammar);

    /// An event that is no object matches nothing. Costs about what the named parts of the event
    /// hold, times the combinations of alternatives.
    bool matches(const JsonValue& event) const;
    /// Why it does not match: the fields that are in the way, of that combination of alternatives
    /// of which the fewest are. Empty if it matches.
    std::vector<PatternMiss> whyNot(const JsonValue& event) const;

    /// JSON that is read as the same pattern.
    JsonValue json() const { return writePattern(m_tree, m_grammar->numbers); }
    const PatternTree& tree() const { return m_tree; }

    bool operator==(const JsonPattern& other) const {
        return m_grammar == other.m_grammar && m_tree == other.m_tree;
    }

private:
    friend class PatternMatcher;

    using StepIndex = std::uint32_t;
    /// A key of the pattern, or what is before a dot in it.
    struct Step {
        std::string name;
        StepIndex parent = 0;
        std::vector<StepIndex> next;
        bool hasRules = false;
    };
    using Branch = std::vector<RuleIndex>; ///< all of them must hold

    StepIndex stepAt(StepIndex from, const std::string& key);
    void addGroup(const PatternGroup& group, StepIndex at, std::vector<Branch>& branches);
    void addRule(RuleIndex rule, StepIndex at, std::vector<Branch>& branches);
    std::string pathOf(StepIndex step) const;

    PatternTree m_tree;
    const PatternGrammar* m_grammar;
    std::vector<Step> m_steps{{}};      ///< the first is the event itself
    std::vector<StepIndex> m_stepOf;    ///< of each rule
    std::vector<Branch> m_branches{{}}; ///< one of them must hold
    bool m_asksAbsence = false;
};

/// How many combinations of alternatives a pattern comes to if the lists under `$or` are
/// multiplied; never more than 2^31.
std::uint64_t alternatives(const PatternGroup& group);

} // namespace sim
