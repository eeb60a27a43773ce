#include "sim/scenario/aws/json_pattern.h"

#include <algorithm>

namespace sim {
namespace {

constexpr std::uint64_t alternativesMax = std::uint64_t{1} << 31U;

} // namespace

std::uint64_t alternatives(const PatternGroup& group) {
    std::uint64_t product = 1;
    for (const PatternMember& member : group.members) {
        if (const auto* inner = std::get_if<PatternGroup>(&member.value)) {
            product *= alternatives(*inner);
        } else if (const auto* list = std::get_if<std::vector<PatternGroup>>(&member.value)) {
            product *= list->size();
            for (const PatternGroup& one : *list) {
                product = std::min(product, alternativesMax) * alternatives(one);
                product = std::min(product, alternativesMax);
            }
        }
        product = std::min(product, alternativesMax);
    }
    return product;
}

JsonPattern::JsonPattern(PatternTree tree, const PatternGrammar& grammar)
    : m_tree(std::move(tree))
    , m_grammar(&grammar)
    , m_stepOf(m_tree.rules.size()) {
    addGroup(m_tree.root, 0, m_branches);
    m_asksAbsence = std::ranges::any_of(m_tree.rules, &FieldRule::absent);
}

JsonPattern::StepIndex JsonPattern::stepAt(StepIndex from, const std::string& key) {
    for (std::size_t begin = 0; begin <= key.size();) {
        const std::size_t end = std::min(key.find('.', begin), key.size());
        const std::string name = key.substr(begin, end - begin);
        const auto& next = m_steps[from].next;
        const auto found =
            std::ranges::find_if(next, [&](StepIndex i) { return m_steps[i].name == name; });
        if (found != next.end()) {
            from = *found;
        } else {
            const auto added = static_cast<StepIndex>(m_steps.size());
            m_steps[from].next.push_back(added);
            m_steps.push_back({name, from, {}, false});
            from = added;
        }
        begin = end + 1;
    }
    return from;
}

void JsonPattern::addGroup(const PatternGroup& group, StepIndex at, std::vector<Branch>& branches) {
    for (const PatternMember& member : group.members) {
        if (const auto* rule = std::get_if<RuleIndex>(&member.value)) {
            addRule(*rule, stepAt(at, member.key), branches);
        } else if (const auto* inner = std::get_if<PatternGroup>(&member.value)) {
            addGroup(*inner, stepAt(at, member.key), branches);
        } else {
            const std::vector<Branch> before = std::move(branches);
            branches.clear();
            for (const auto& one : std::get<std::vector<PatternGroup>>(member.value)) {
                std::vector<Branch> forked = before;
                addGroup(one, at, forked);
                branches.insert(branches.end(), forked.begin(), forked.end());
            }
        }
    }
}

/// The last rule for a field is the one that counts.
void JsonPattern::addRule(RuleIndex rule, StepIndex at, std::vector<Branch>& branches) {
    m_stepOf[rule] = at;
    m_steps[at].hasRules = true;
    for (Branch& branch : branches) {
        const auto same =
            std::ranges::find_if(branch, [&](RuleIndex other) { return m_stepOf[other] == at; });
        if (same != branch.end()) {
            *same = rule;
        } else {
            branch.push_back(rule);
        }
    }
}

std::string JsonPattern::pathOf(StepIndex step) const {
    std::string path = m_steps[step].name;
    for (step = m_steps[step].parent; step != 0; step = m_steps[step].parent) {
        path = m_steps[step].name + "." + path;
    }
    return path;
}

} // namespace sim
