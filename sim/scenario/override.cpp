#include "sim/scenario/override.h"

#include "sim/scenario/describe.h"
#include "sim/scenario/field_text.h"
#include "sim/scenario/json.h"
#include "sim/scenario/near_name.h"
#include "sim/scenario/read.h"
#include "sim/scenario/write.h"

#include <charconv>
#include <optional>

namespace sim {
namespace {

bool isPosition(std::string_view step) {
    return !step.empty() && step.find_first_not_of("0123456789") == std::string_view::npos;
}

/// One step of a JSON pointer without its escapes.
std::string unescaped(std::string_view step) {
    std::string text;
    for (std::size_t i = 0; i < step.size(); ++i) {
        const bool escape = step[i] == '~' && i + 1 < step.size();
        text += escape ? (step[++i] == '1' ? '/' : '~') : step[i];
    }
    return text;
}

std::vector<std::string> stepsOf(std::string_view pointer) {
    std::vector<std::string> steps;
    while (!pointer.empty()) {
        pointer.remove_prefix(1);
        const std::size_t end = std::min(pointer.find('/'), pointer.size());
        steps.push_back(unescaped(pointer.substr(0, end)));
        pointer.remove_prefix(end);
    }
    return steps;
}

/// The element that `step` names by position or id, or null.
JsonValue* elementOf(JsonValue::Array& array, const std::string& step) {
    std::size_t position = 0;
    const char* end = step.data() + step.size();
    if (isPosition(step) && std::from_chars(step.data(), end, position).ec == std::errc() &&
        position < array.size()) {
        return &array[position];
    }
    for (JsonValue& element : array) {
        const JsonValue* id = element.find("id");
        if (id != nullptr && id->value == decltype(id->value){step}) {
            return &element;
        }
    }
    return nullptr;
}

std::vector<std::string> keysOf(const JsonValue::Object& object) {
    std::vector<std::string> keys;
    for (const JsonMember& member : object) {
        keys.push_back(member.key);
    }
    return keys;
}

std::vector<std::string> idsOf(const JsonValue::Array& array) {
    std::vector<std::string> ids;
    for (const JsonValue& element : array) {
        const JsonValue* id = element.find("id");
        if (id != nullptr && std::holds_alternative<std::string>(id->value)) {
            ids.push_back(std::get<std::string>(id->value));
        }
    }
    return ids;
}

/// One step down from `value`. The last step may name a key that is not there yet: the reader knows
/// whether it may be. Null: there is nothing, and `problem` says so.
JsonValue* stepDown(JsonValue& value, const std::string& step, bool last, std::string& problem) {
    if (auto* array = std::get_if<JsonValue::Array>(&value.value)) {
        JsonValue* element = elementOf(*array, step);
        if (element == nullptr) {
            problem = fmt::format("there is no \"{}\" among {} entries{}", step, array->size(),
                                  didYouMean(step, idsOf(*array)));
        }
        return element;
    }
    auto* object = std::get_if<JsonValue::Object>(&value.value);
    if (object == nullptr) {
        problem = fmt::format("found {}, which has no \"{}\"", jsonSummary(value), step);
        return nullptr;
    }
    for (JsonMember& member : *object) {
        if (member.key == step) {
            return &member.value;
        }
    }
    if (!last) {
        problem = fmt::format("there is no \"{}\"{}", step, didYouMean(step, keysOf(*object)));
        return nullptr;
    }
    return &object->emplace_back(JsonMember{step, {}}).value;
}

/// What the visitor of parameters knows on its way down.
class ParameterList {
public:
    ParameterList(std::string pointer, Unit unit, std::vector<Parameter>& list)
        : m_pointer(std::move(pointer))
        , m_unit(unit)
        , m_list(list) {}

    template <typename T> void operator()(const Field& field, const T& member) {
        Field resolved = field;
        if (field.unit == Unit::OfDistribution) {
            resolved.unit = m_unit;
        }
        add(resolved, m_pointer + jsonStep(field.key), member);
    }

    template <typename Variant> void flat(const Variant& variant) {
        std::visit([&](const auto& alternative) { describe(alternative, *this); }, variant);
    }

private:
    template <typename T>
    void add(const Field& field, const std::string& pointer, const std::optional<T>& member) {
        if (member) {
            add(field, pointer, *member);
        }
    }

    template <typename T>
    void add(const Field& field, const std::string& pointer, const std::vector<T>& member) {
        if constexpr (!isNumber<T>) { // samples are data
            for (std::size_t i = 0; i < member.size(); ++i) {
                add(field, pointer + stepTo(member[i], i), member[i]);
            }
        }
    }

    template <typename T>
    void add(const Field& field, const std::string& pointer, const T& member) {
        if constexpr (std::is_integral_v<T>) {
            put(field, pointer,
                field.unit == Unit::Bytes ? writeBytes(static_cast<std::uint64_t>(member))
                                          : fmt::format("{}", member));
        } else if constexpr (isVariant<T>) {
            ParameterList(pointer, field.unit, m_list).flat(member);
        } else if constexpr (Described<const T>) {
            ParameterList inner(pointer, field.unit, m_list);
            describe(member, inner);
        }
    }

    void add(const Field&, const std::string&, const bool&) {}
    void add(const Field&, const std::string&, const std::string&) {}
    void add(const Field&, const std::string&, const Position&) {}
    void add(const Field&, const std::string&, const Table&) {}
    void add(const Field&, const std::string&, const JsonObject&) {}
    void add(const Field& field, const std::string& pointer, const double& member) {
        put(field, pointer, numberIn(field.unit, member));
    }
    void add(const Field& field, const std::string& pointer, const Duration& member) {
        put(field, pointer, writeDuration(member));
    }
    void add(const Field& field, const std::string& pointer, const Distribution& member) {
        if (member.isConstant()) {
            put(field, pointer, numberIn(field.unit, member.first()));
        } else {
            ParameterList(pointer, field.unit, m_list).flat(toSpec(member));
        }
    }

    void put(const Field& field, const std::string& pointer, std::string value) {
        m_list.push_back({pointer, std::move(value), field.help});
    }

    template <typename T> static std::string stepTo(const T& element, std::size_t position) {
        if constexpr (std::is_same_v<T, ComponentEntry>) {
            if (!isPosition(element.id)) {
                return jsonStep(element.id);
            }
        }
        return "/" + std::to_string(position);
    }

    std::string m_pointer;
    Unit m_unit;
    std::vector<Parameter>& m_list;
};

} // namespace

Result<Scenario> withValue(const Scenario& scenario, std::string_view pointer,
                           std::string_view value, const Folder& folder) {
    if (pointer.empty() || pointer.front() != '/') {
        return Problems{
            {std::string(pointer), "is no JSON pointer, as \"/components/2/prefetch\""}};
    }
    JsonValue json = scenarioJson(scenario, Defaults::Written);
    JsonValue* place = &json;
    const std::vector<std::string> steps = stepsOf(pointer);
    for (std::size_t i = 0; i < steps.size(); ++i) {
        std::string problem;
        place = stepDown(*place, steps[i], i + 1 == steps.size(), problem);
        if (place == nullptr) {
            return Problems{{std::string(pointer), problem}};
        }
    }
    const auto parsed = parseJson(value);
    std::optional<Result<Scenario>> asJson;
    if (parsed) {
        *place = *parsed;
        asJson = readScenario(json, folder);
        if (asJson->has_value()) {
            return std::move(*asJson);
        }
    }
    *place = JsonValue{std::string(value)};
    Result<Scenario> asText = readScenario(json, folder);
    return asText || !asJson ? std::move(asText) : std::move(*asJson);
}

std::vector<Parameter> parametersOf(const Scenario& scenario) {
    std::vector<Parameter> list;
    ParameterList visitor("", Unit::None, list);
    describe(scenario, visitor);
    return list;
}

} // namespace sim
