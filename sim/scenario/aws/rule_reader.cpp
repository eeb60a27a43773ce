#include "sim/scenario/aws/rule_reader.h"

#include "sim/scenario/near_name.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sim {
namespace {

/// The problems found while it lives stand one step further.
class OneStep {
public:
    OneStep(std::string& where, const std::string& step) : m_where(where), m_size(where.size()) {
        m_where += step;
    }
    ~OneStep() { m_where.resize(m_size); }
    OneStep(const OneStep&) = delete;
    OneStep& operator=(const OneStep&) = delete;
    OneStep(OneStep&&) = delete;
    OneStep& operator=(OneStep&&) = delete;

private:
    std::string& m_where;
    std::size_t m_size;
};

std::string indexStep(std::size_t index) { return fmt::format("/{}", index); }

bool isOneOf(std::string_view name, std::span<const std::string_view> names) {
    return std::ranges::find(names, name) != names.end();
}

std::string listedNames(std::span<const std::string_view> names) {
    return fmt::format("{}", fmt::join(names, ", "));
}

} // namespace

FieldRule RuleReader::read(const JsonValue::Array& conditions) {
    FieldRule rule;
    if (conditions.empty()) {
        add("found an empty list; expected at least one condition");
    }
    for (std::size_t i = 0; i < conditions.size(); ++i) {
        const OneStep step(m_where, indexStep(i));
        readCondition(conditions[i], rule);
    }
    const std::size_t places = wildcardPlaces(rule);
    if (places > wildcardPlacesMax) {
        add(fmt::format("the wildcards are too complex: {} places to keep in mind at once, and {} "
                        "are allowed; fewer stars, or other characters after them, make it less",
                        places, wildcardPlacesMax));
    }
    return rule;
}

void RuleReader::readCondition(const JsonValue& condition, FieldRule& rule) {
    if (std::holds_alternative<JsonValue::Object>(condition.value)) {
        if (const JsonMember* member = onlyMember(condition, m_grammar.operators)) {
            const OneStep step(m_where, jsonStep(member->key));
            readOperator(*member, rule);
        }
    } else if (auto same = readPlainValue(condition)) {
        rule.anyOf.emplace_back(std::move(*same));
    }
}

void RuleReader::readOperator(const JsonMember& member, FieldRule& rule) {
    if (member.key == "exists") {
        readExists(member.value, rule);
        return;
    }
    if (member.key == "anything-but") {
        readAnythingBut(member.value, rule);
        return;
    }
    auto test = member.key == "numeric" ? readNumeric(member.value)
                                        : readTextOperator(member.key, member.value);
    if (test) {
        rule.anyOf.push_back(std::move(*test));
    }
}

void RuleReader::readExists(const JsonValue& operand, FieldRule& rule) {
    const auto* exists = std::get_if<bool>(&operand.value);
    if (exists == nullptr) {
        expected(operand, "true or false");
    } else {
        (*exists ? rule.exists : rule.absent) = true;
    }
}

void RuleReader::readAnythingBut(const JsonValue& operand, FieldRule& rule) {
    std::vector<ValueTest> tests;
    if (std::holds_alternative<JsonValue::Object>(operand.value)) {
        const JsonMember* member = onlyMember(operand, m_grammar.insideAnythingBut);
        if (member == nullptr) {
            return;
        }
        const OneStep step(m_where, jsonStep(member->key));
        tests = readUnwantedTexts(*member);
    } else {
        tests = readUnwantedValues(operand);
    }
    if (!tests.empty()) { // else there is a problem
        rule.noneOf.push_back(std::move(tests));
    }
}

std::vector<ValueTest> RuleReader::readUnwantedValues(const JsonValue& operand) {
    const auto* list = std::get_if<JsonValue::Array>(&operand.value);
    const JsonValue::Array values = list == nullptr ? JsonValue::Array{operand} : *list;
    const bool texts = std::ranges::all_of(values, [](const JsonValue& value) {
        return std::holds_alternative<std::string>(value.value);
    });
    if (values.empty() || (!texts && !std::ranges::all_of(values, isJsonNumber))) {
        expected(operand, "a text, a number, a list of texts or a list of numbers");
        return {};
    }
    std::vector<ValueTest> tests;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const OneStep step(m_where, list == nullptr ? "" : indexStep(i));
        SameValue same{values[i], {}};
        if (!texts) {
            same.scaled = readNumber(&values[i]);
        }
        tests.emplace_back(std::move(same));
    }
    return tests;
}

std::vector<ValueTest> RuleReader::readUnwantedTexts(const JsonMember& member) {
    const auto* list = std::get_if<JsonValue::Array>(&member.value.value);
    if (list != nullptr && (!m_grammar.listsInsideAnythingBut || list->empty())) {
        expected(member.value, m_grammar.listsInsideAnythingBut ? "at least one text" : "a text");
        return {};
    }
    const JsonValue::Array values = list == nullptr ? JsonValue::Array{member.value} : *list;
    std::vector<ValueTest> tests;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const OneStep step(m_where, list == nullptr ? "" : indexStep(i));
        const auto* text = std::get_if<std::string>(&values[i].value);
        const bool part = member.key == "prefix" || member.key == "suffix";
        if (part && text != nullptr && text->empty()) {
            expected(values[i], "a text that is not empty: every text begins and ends with it");
        } else if (auto test = readText(member.key, values[i])) {
            tests.push_back(std::move(*test));
        }
    }
    return tests;
}

std::optional<ValueTest> RuleReader::readTextOperator(std::string_view name,
                                                      const JsonValue& operand) {
    if (!isOneOf(name, m_grammar.ignoringCase) ||
        !std::holds_alternative<JsonValue::Object>(operand.value)) {
        return readText(name, operand);
    }
    static constexpr std::string_view inner[] = {"equals-ignore-case"};
    const JsonMember* member = onlyMember(operand, inner);
    if (member == nullptr) {
        return std::nullopt;
    }
    const OneStep step(m_where, jsonStep(member->key));
    auto test = readText(name, member->value);
    if (test) {
        std::get<TextPart>(*test).ignoresCase = true;
    }
    return test;
}

std::optional<ValueTest> RuleReader::readText(std::string_view name, const JsonValue& operand) {
    const auto* text = std::get_if<std::string>(&operand.value);
    if (text == nullptr) {
        expected(operand, "a text");
        return std::nullopt;
    }
    const auto orProblem = [&](auto read) -> std::optional<ValueTest> {
        if (!read) {
            add(fmt::format("{}: {}", jsonSummary(operand), read.error().front().what));
            return std::nullopt;
        }
        return std::move(*read);
    };
    if (name == "wildcard") {
        return orProblem(readWildcard(*text));
    }
    if (name == "cidr") {
        return orProblem(readAddressBlock(*text));
    }
    const auto where = name == "prefix"   ? TextPart::Where::Start
                       : name == "suffix" ? TextPart::Where::End
                                          : TextPart::Where::Whole;
    return TextPart{where, where == TextPart::Where::Whole, *text};
}

std::optional<ValueTest> RuleReader::readNumeric(const JsonValue& operand) {
    const auto* list = std::get_if<JsonValue::Array>(&operand.value);
    if (list == nullptr || list->empty()) {
        expected(operand, "a list such as [\">\", 0, \"<=\", 5]");
        return std::nullopt;
    }
    NumberRange range;
    if (!readBound(*list, 0, true, range)) {
        return std::nullopt;
    }
    const bool two = list->size() > 2 && range.low && !range.high;
    if (list->size() > (two ? 4U : 2U)) {
        add(fmt::format("found {} elements; expected an operator and a number, or two of both "
                        "with the lower bound first",
                        list->size()));
        return std::nullopt;
    }
    if (two) {
        if (!readBound(*list, 2, false, range)) {
            return std::nullopt;
        }
        if (range.low->at >= range.high->at) {
            add("the lower bound is not below the upper bound");
            return std::nullopt;
        }
    }
    return range;
}

bool RuleReader::readBound(const JsonValue::Array& list, std::size_t at, bool first,
                           NumberRange& range) {
    const auto* name = std::get_if<std::string>(&list[at].value);
    const std::string sign = name == nullptr ? "" : *name;
    const bool up = sign == ">" || sign == ">=";
    const bool down = sign == "<" || sign == "<=";
    if (!down && !(first && (up || sign == "="))) {
        const OneStep step(m_where, indexStep(at));
        add(fmt::format("found {}; allowed: {}", jsonSummary(list[at]),
                        first ? "=, <, <=, >, >=" : "<, <="));
        return false;
    }
    const OneStep step(m_where, indexStep(at + 1));
    const auto number = readNumber(at + 1 < list.size() ? &list[at + 1] : nullptr);
    if (!number) {
        return false;
    }
    const NumberRange::Bound bound{*number, sign.size() == 1 && sign != "="};
    if (!down) {
        range.low = bound;
    }
    if (!up) {
        range.high = bound;
    }
    return true;
}

std::optional<std::int64_t> RuleReader::readNumber(const JsonValue* operand) {
    if (operand == nullptr || !isJsonNumber(*operand)) {
        add(fmt::format("found {}; expected a number",
                        operand == nullptr ? "nothing" : jsonSummary(*operand)));
        return std::nullopt;
    }
    const auto number = scaledNumber(*operand, m_grammar.numbers);
    if (!number) {
        add(fmt::format("{} is out of range; allowed: {:.0f} to {:.0f}", jsonSummary(*operand),
                        -m_grammar.numbers.max, m_grammar.numbers.max));
    }
    return number;
}

std::optional<SameValue> RuleReader::readPlainValue(const JsonValue& value) {
    if (std::holds_alternative<JsonValue::Array>(value.value)) {
        expected(value, "a text, a number, true, false, null or a condition");
        return std::nullopt;
    }
    return SameValue{value, scaledNumber(value, m_grammar.numbers)};
}

const JsonMember* RuleReader::onlyMember(const JsonValue& object,
                                         std::span<const std::string_view> allowed) {
    const auto& members = std::get<JsonValue::Object>(object.value);
    if (members.size() != 1) {
        add(fmt::format("found {} operators; expected one of {}", members.size(),
                        listedNames(allowed)));
        return nullptr;
    }
    const std::string& name = members.front().key;
    if (!isOneOf(name, allowed)) {
        const OneStep step(m_where, jsonStep(name));
        add(fmt::format("is not known here{}; allowed: {}", didYouMean(name, allowed),
                        listedNames(allowed)));
        return nullptr;
    }
    return &members.front();
}

void RuleReader::expected(const JsonValue& found, std::string_view what) {
    add(fmt::format("found {}; expected {}", jsonSummary(found), what));
}

void RuleReader::add(std::string what) { m_problems.push_back({m_where, std::move(what)}); }

} // namespace sim
