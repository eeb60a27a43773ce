#pragma once

#include "sim/scenario/aws/json_pattern.h"
#include "sim/scenario/aws_spec.h"

namespace sim {

/// An attribute of a message that is published to a topic.
struct SnsAttribute {
    enum class Type : std::uint8_t { String, StringArray, Number, Binary };
    std::string name;
    Type type = Type::String;
    std::string value; ///< of a StringArray a JSON list; of a Number its digits
    bool operator==(const SnsAttribute&) const = default;
};

/// A message as the filters of a topic see it.
struct SnsMessage {
    std::string body;
    std::vector<SnsAttribute> attributes;
};

/// How anything-but takes lists: the guide says that no value may be one of those named; an older
/// edition let a list pass of which one value is another.
enum class AnythingButOnLists : std::uint8_t { EveryValue, AnyValue };

/// Which messages of a topic a subscription gets.
///
/// Binary attributes are not looked at. An attribute that says it is a list and holds none is as if
/// it were not there. In the scope of the body, what is no JSON object gets through to nobody.
///
/// Source: https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
/// Source: https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
/// Not modelled: the double escapes that the service wants for quotes and backslashes in
/// attributes; see also JsonPattern and ValueTest.
class FilterPolicy {
public:
    /// As JSON without blanks.
    static constexpr std::size_t bytesMax = std::size_t{256} * 1024;
    /// On the outermost level; those inside of `$or` there count as well, each once.
    static constexpr std::size_t keysMax = 5;
    /// The product over the fields of (values in the list) x (depth of the key); alternatives
    /// under `$or` are added up.
    static constexpr std::uint64_t combinationsMax = 150;

    /// Problems, each with a pointer into the policy: those of readPattern(), beyond a limit, and
    /// a nested policy for attributes.
    static Result<FilterPolicy>
    compile(const JsonValue& policy, FilterPolicyScope scope,
            AnythingButOnLists onLists = AnythingButOnLists::EveryValue);

    bool matches(const SnsMessage& message) const;
    std::vector<PatternMiss> whyNot(const SnsMessage& message) const;

    FilterPolicyScope scope() const { return m_scope; }
    JsonValue json() const { return m_pattern.json(); }

    bool operator==(const FilterPolicy&) const = default;

private:
    FilterPolicy(JsonPattern pattern, FilterPolicyScope scope)
        : m_pattern(std::move(pattern))
        , m_scope(scope) {}

    JsonPattern m_pattern;
    FilterPolicyScope m_scope;
};

/// As combinationsMax counts them; a policy with very many has a very large number.
std::uint64_t policyCombinations(const PatternTree& policy);

} // namespace sim
