#include "sim/scenario/reference.h"

#include "sim/scenario/contract.h"
#include "sim/scenario/field_list.h"
#include "sim/scenario/json.h"
#include "sim/scenario/near_name.h"

#include <algorithm>

namespace sim {
namespace {

struct KindText {
    std::string name;
    std::string help;
    std::vector<FieldText> fields;
    std::vector<Contract> contracts; ///< of components
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
        kinds.push_back({std::string(name.text), std::string(name.help), std::move(fields), {}});
        if constexpr (std::is_same_v<Variant, ComponentSpec>) {
            kinds.back().contracts = contractsOf(variant);
        }
    }
    return kinds;
}

/// The parts of a contract under their headings.
std::vector<std::pair<std::string_view, std::vector<std::string_view>>>
partsOf(const Contract& contract) {
    return {{"Guarantees", contract.guarantees},
            {"Does not guarantee", contract.doesNot},
            {"Not modelled", contract.notModelled},
            {"Sources", contract.sources}};
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
    std::string text =
        fmt::format("### `{}`\n\n{}\n\n{}", kind.name, kind.help, table(kind.fields));
    for (const Contract& contract : kind.contracts) {
        text += fmt::format("#### Contract{}{}\n\n", contract.of.empty() ? "" : ": ", contract.of);
        for (const auto& [heading, sentences] : partsOf(contract)) {
            const bool areLinks = heading == "Sources";
            text += fmt::format("{}:\n\n", heading);
            for (const std::string_view sentence : sentences) {
                text += areLinks ? fmt::format("- <{}>\n", sentence)
                                 : fmt::format("- {}\n", sentence);
            }
            text += "\n";
        }
    }
    return text;
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
           choices<OnFailure>("`on_failure`") + choices<GivesBack>("`gives_back`") +
           choices<Ordering>("`strategy.ordering`") +
           choices<Outcome>("`outcomes[].outcome`") + choices<Effect>("`types[].effect`") +
           choices<KeySpec::Kind>("`keys.kind`") +
           choices<ProfileArrivals::Between>("`between` of a profile");
}

/// A kind's own fields, then those that all of its group have.
std::vector<FieldText> allFields(const GroupText& group, const KindText& kind) {
    std::vector<FieldText> fields = kind.fields;
    fields.insert(fields.end(), group.common.begin(), group.common.end());
    return fields;
}

/// Words in lines of at most 100 columns, the first after `indent` and a dash.
std::string bullet(std::string_view sentence) {
    std::string text = "    -";
    std::size_t column = text.size();
    while (!sentence.empty()) {
        const std::string_view word = sentence.substr(0, sentence.find(' '));
        sentence.remove_prefix(std::min(sentence.size(), word.size() + 1));
        constexpr std::size_t columnsMax = 100;
        if (column + 1 + word.size() > columnsMax && column > 6) {
            text += "\n     ";
            column = 5;
        }
        text += fmt::format(" {}", word);
        column += 1 + word.size();
    }
    return text + "\n";
}

std::string plainText(const GroupText& group, const KindText& kind) {
    std::string text = fmt::format("{} ({})\n  {}\n", kind.name, group.title, kind.help);
    for (const FieldText& field : allFields(group, kind)) {
        text += fmt::format("\n  {}\n      {}\n      {}; {}{}\n", field.key, field.help, field.what,
                            field.standard == "required" ? "" : "default: ", field.standard);
    }
    for (const Contract& contract : kind.contracts) {
        text += fmt::format("\n  Contract{}{}\n", contract.of.empty() ? "" : ": ", contract.of);
        for (const auto& [heading, sentences] : partsOf(contract)) {
            text += fmt::format("  {}:\n", heading);
            for (const std::string_view sentence : sentences) {
                text += bullet(sentence);
            }
        }
    }
    return text;
}

JsonValue textValue(std::string_view text) { return {std::string(text)}; }

JsonObject jsonOf(const GroupText& group, const KindText& kind) {
    JsonValue::Array fields;
    for (const FieldText& field : allFields(group, kind)) {
        fields.push_back({JsonObject{{"key", textValue(field.key)},
                                     {"value", textValue(field.what)},
                                     {"default", textValue(field.standard)},
                                     {"meaning", textValue(field.help)}}});
    }
    JsonValue::Array contracts;
    for (const Contract& contract : kind.contracts) {
        JsonObject parts{{"of", textValue(contract.of)}};
        for (const auto& [heading, sentences] : partsOf(contract)) {
            JsonValue::Array list;
            for (const std::string_view sentence : sentences) {
                list.push_back(textValue(sentence));
            }
            std::string key(heading);
            std::ranges::replace(key, ' ', '_');
            key[0] = static_cast<char>(key[0] - 'A' + 'a');
            parts.push_back({std::move(key), {std::move(list)}});
        }
        contracts.push_back({std::move(parts)});
    }
    return {{"kind", textValue(kind.name)},
            {"group", textValue(group.title)},
            {"help", textValue(kind.help)},
            {"fields", {std::move(fields)}},
            {"contracts", {std::move(contracts)}}};
}

/// Calls `visit(group, kind)` for each of this name; "queue" finds the queues of every broker.
template <typename Visit> Problems forEachOf(std::string_view name, Visit visit) {
    bool any = false;
    std::vector<std::string> names;
    for (const GroupText& group : groups()) {
        for (const KindText& kind : group.kinds) {
            names.push_back(kind.name);
            if (kind.name == name || kind.name.ends_with(fmt::format(".{}", name))) {
                visit(group, kind);
                any = true;
            }
        }
    }
    return any ? Problems{}
               : Problems{{"", fmt::format("there is no kind \"{}\"{}; there are {}", name,
                                           didYouMean(name, names), listOf(names))}};
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

Result<std::string> describeKind(std::string_view kind, KindFormat format) {
    std::string text;
    JsonValue::Array all;
    const Problems problems = forEachOf(kind, [&](const GroupText& group, const KindText& one) {
        text += (text.empty() ? "" : "\n") + plainText(group, one);
        all.push_back({jsonOf(group, one)});
    });
    if (!problems.empty()) {
        return problems;
    }
    return format == KindFormat::Text ? text : jsonText({JsonObject{{"kinds", {std::move(all)}}}});
}

std::string listKinds(KindFormat format) {
    std::string text;
    JsonValue::Array all;
    for (const GroupText& group : groups()) {
        text += fmt::format("{}{}\n", text.empty() ? "" : "\n", group.title);
        for (const KindText& kind : group.kinds) {
            text += fmt::format("  {:<20} {}\n", kind.name, kind.help);
            all.push_back({JsonObject{{"kind", textValue(kind.name)},
                                      {"group", textValue(group.title)},
                                      {"help", textValue(kind.help)}}});
        }
    }
    return format == KindFormat::Text ? text : jsonText({JsonObject{{"kinds", {std::move(all)}}}});
}

} // namespace sim
