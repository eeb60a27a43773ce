#include "sim/scenario/reference.h"

#include "sim/scenario/field_list.h"
#include "sim/scenario/near_name.h"

namespace sim {
namespace {

struct KindText {
    std::string name;
    std::string help;
    std::vector<FieldText> fields;
};

/// All kinds that may stand in one place.
struct GroupText {
    std::string title;
    std::string intro;
    std::vector<FieldText> common;
    std::vector<KindText> kinds;
};

template <typename Variant> std::vector<KindText> kindTexts(Unit unit = Unit::None) {
    std::vector<KindText> kinds;
    for (const Variant& variant : everyKind<Variant>()) {
        const Name& name = kindsOf<Variant>[variant.index()];
        auto fields = std::visit([&](const auto& spec) { return fieldsOf(spec, unit); }, variant);
        kinds.push_back({std::string(name.text), std::string(name.help), std::move(fields)});
    }
    return kinds;
}

/// The fields of a list entry of which the fields of its kind are not said.
template <typename Entry> std::vector<FieldText> commonOf() { return fieldsOf(Entry{}); }

std::vector<GroupText> groups() {
    return {
        {"Components", "The entries of `components`. All have:", commonOf<ComponentEntry>(),
         kindTexts<ComponentSpec>()},
        {"Arrivals",
         "When a producer produces: the values of `arrivals`.",
         {},
         kindTexts<ArrivalSpec>()},
        {"Links", "The entries of `links`.", {}, kindTexts<LinkSpec>()},
        {"Faults", "The entries of `faults`. All have:", commonOf<FaultSpec>(),
         kindTexts<FaultKind>()},
        {"Checks", "The entries of `checks`. All have:", commonOf<CheckSpec>(),
         kindTexts<CheckKind>()},
        {"Distributions",
         "Where a distribution is expected, a text is a constant: `\"service_time\": \"10ms\"`. "
         "Everything else is an object, as `{\"kind\": \"lognormal\", \"mean\": \"2ms\", \"p99\": "
         "\"9ms\"}`. Parameters are durations or bytes, as the field needs.",
         {},
         kindTexts<DistributionSpec>(Unit::Nanoseconds)},
    };
}

std::string escapedCell(std::string_view text) {
    std::string cell;
    for (const char c : text) {
        cell += c == '|' ? std::string("\\|") : std::string(1, c);
    }
    return cell;
}

std::string table(const std::vector<FieldText>& fields) {
    if (fields.empty()) {
        return "It has no fields.\n\n";
    }
    std::string text = "| key | value | default | meaning |\n|---|---|---|---|\n";
    for (const FieldText& field : fields) {
        text += fmt::format("| `{}` | {} | {} | {} |\n", field.key, escapedCell(field.what),
                            escapedCell(field.standard), escapedCell(field.help));
    }
    return text + "\n";
}

constexpr std::string_view opening = R"(# Scenario files

Generated from the program's own description of its fields; `millrace-cli describe KIND` prints the
same from the terminal. An editor that knows JSON Schema can use `scenario.schema.json`.

A scenario is a JSON file, in UTF-8, in which `//` and `/* */` comments are allowed. Keys are in
snake_case. What is left out has its default. Every key that is not listed here is an error: a typo
is never silently ignored.

## Values with units

| value | examples | notes |
|---|---|---|
| duration | `"250ms"`, `"1.5s"`, `"2min"`, `"7d"` | ns, us, ms, s, min, h, d; whole nanoseconds, at most 3653 days |
| rate | `"50/s"`, `"3/min"`, `"2/h"` | per s, min, h, d |
| bytes | `"256B"`, `"4KiB"`, `4096` | B, kB, MB, GB, TB are powers of 1000, KiB, MiB, GiB, TiB of 1024 |
| bandwidth | `"1MB/s"`, `"100Mbit/s"` | |
| probability | `"1%"`, `0.01` | |

Zero needs no unit. An optional field whose default is a value is switched off by `null`.

)";

std::string kindSection(const KindText& kind) {
    return fmt::format("### `{}`\n\n{}\n\n{}", kind.name, kind.help, table(kind.fields));
}

std::string groupSection(const GroupText& group) {
    std::string text = fmt::format("## {}\n\n{}\n\n", group.title, group.intro);
    if (!group.common.empty()) {
        text += table(group.common);
    }
    for (const KindText& kind : group.kinds) {
        text += kindSection(kind);
    }
    return text;
}

template <typename Enum> std::string choices(std::string_view title) {
    std::string text = fmt::format("### {}\n\n| value | meaning |\n|---|---|\n", title);
    for (const Name& name : choicesOf<Enum>) {
        text += fmt::format("| `{}` | {} |\n", name.text, escapedCell(name.help));
    }
    return text + "\n";
}

/// The file itself, above its lists.
std::string scenarioSection() {
    std::string text = "## The file\n\n| key | value | default | meaning |\n|---|---|---|---|\n";
    text += fmt::format("| `version` | {} | required | Version of the format. |\n", formatVersion);
    for (const FieldText& field : fieldsOf(Scenario{})) {
        if (field.key.find('[') == std::string::npos) {
            const bool list = field.what.starts_with("list: ");
            text += fmt::format("| `{}` | {} | {} | {} |\n", field.key,
                                list ? "list, see below" : field.what, field.standard, field.help);
        }
    }
    return text + "\n";
}

std::string choiceSection() {
    return "## Choices\n\n" + choices<ExchangeType>("`type` of an exchange") +
           choices<Overflow>("`overflow` of a queue") + choices<HashProperty>("`hash_property`") +
           choices<ApplyTo>("`apply_to` of a policy") + choices<AckMode>("`ack_mode`") +
           choices<OnFailure>("`on_failure`") + choices<Ordering>("`strategy.ordering`") +
           choices<Outcome>("`outcomes[].outcome`") + choices<Effect>("`types[].effect`") +
           choices<KeySpec::Kind>("`keys.kind`") +
           choices<ProfileArrivals::Between>("`between` of a profile");
}

std::string plainText(const GroupText& group, const KindText& kind) {
    std::string text = fmt::format("{} ({})\n  {}\n", kind.name, group.title, kind.help);
    std::vector<FieldText> fields = kind.fields;
    fields.insert(fields.end(), group.common.begin(), group.common.end());
    for (const FieldText& field : fields) {
        text += fmt::format("\n  {}\n      {}\n      {}; {}{}\n", field.key, field.help, field.what,
                            field.standard == "required" ? "" : "default: ", field.standard);
    }
    return text;
}

} // namespace

std::string referencePage() {
    std::string page = std::string(opening) + scenarioSection();
    for (const GroupText& group : groups()) {
        page += groupSection(group);
    }
    page += choiceSection();
    page.pop_back(); // one newline at the end is enough
    return page;
}

Result<std::string> describeKind(std::string_view kind) {
    std::string text;
    std::vector<std::string> names;
    for (const GroupText& group : groups()) {
        for (const KindText& candidate : group.kinds) {
            names.push_back(candidate.name);
            if (candidate.name == kind || candidate.name.ends_with(fmt::format(".{}", kind))) {
                text += (text.empty() ? "" : "\n") + plainText(group, candidate);
            }
        }
    }
    if (text.empty()) {
        return Problems{{"", fmt::format("there is no kind \"{}\"{}; there are {}", kind,
                                         didYouMean(kind, names), listOf(names))}};
    }
    return text;
}

} // namespace sim
