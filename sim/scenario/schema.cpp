#include "sim/scenario/field_list.h"
#include "sim/scenario/reference.h"

namespace sim {
namespace {

using Object = JsonValue::Object;
using Array = JsonValue::Array;

JsonValue text(std::string_view value) { return {std::string(value)}; }
Object typed(std::string_view type) { return {{"type", text(type)}}; }

template <typename Names> JsonValue enumOf(const Names& names) {
    Array list;
    for (const Name& name : names) {
        list.push_back(text(name.text));
    }
    return {Object{{"enum", {std::move(list)}}}};
}

JsonValue anyOf(Array choices) { return {Object{{"anyOf", {std::move(choices)}}}}; }
JsonValue reference(std::string_view name) {
    return {Object{{"$ref", text("#/$defs/" + std::string(name))}}};
}

/// What a distribution of this unit is called among the definitions.
std::string_view distributionName(Unit unit) {
    return unit == Unit::Bytes ? "distributionOfBytes" : "distributionOfTimes";
}

/// Numbers whose text has a unit.
JsonValue quantity(Unit unit) {
    constexpr std::array names{"", "duration", "rate", "bytes", "bandwidth", "probability"};
    return reference(names.at(static_cast<std::size_t>(unit)));
}

JsonValue plainNumber(std::string_view type, const Range& range) {
    constexpr double shownMax = 9e15;
    Object schema = typed(type);
    schema.push_back({range.aboveMin ? "exclusiveMinimum" : "minimum", plainJson(range.min)});
    if (range.max <= shownMax) {
        schema.push_back({"maximum", plainJson(range.max)});
    }
    return {std::move(schema)};
}

template <typename Spec> Array schemasOf(const Spec& spec, Unit unit);

/// The schema of a member of type T.
template <typename T> JsonValue schemaOf(const Field& field) {
    if constexpr (isOptional<T>) {
        return anyOf({schemaOf<typename T::value_type>(field), {typed("null")}});
    } else if constexpr (isList<T>) {
        Object list = typed("array");
        if (field.filled) {
            list.push_back({"minItems", {std::int64_t{1}}});
        }
        list.push_back({"items", schemaOf<typename T::value_type>(field)});
        return {std::move(list)};
    } else if constexpr (std::is_same_v<T, Duration>) {
        return quantity(Unit::Nanoseconds);
    } else if constexpr (isNumber<T>) {
        return field.unit == Unit::None
                   ? plainNumber(std::is_integral_v<T> ? "integer" : "number", rangeOf<T>(field))
                   : quantity(field.unit);
    } else if constexpr (std::is_same_v<T, bool>) {
        return {typed("boolean")};
    } else if constexpr (std::is_same_v<T, std::string>) {
        Object schema = typed("string");
        if (field.filled) {
            schema.push_back({"minLength", {std::int64_t{1}}});
        }
        return {std::move(schema)};
    } else if constexpr (std::is_enum_v<T>) {
        return enumOf(choicesOf<T>);
    } else if constexpr (std::is_same_v<T, Table>) {
        Object schema = typed("object");
        schema.push_back(
            {"additionalProperties",
             {Object{{"type",
                      {Array{text("null"), text("boolean"), text("number"), text("string")}}}}}});
        return {std::move(schema)};
    } else if constexpr (std::is_same_v<T, JsonObject>) {
        return {typed("object")};
    } else if constexpr (std::is_same_v<T, Position>) {
        Object schema = typed("array");
        schema.push_back({"items", {typed("number")}});
        schema.push_back({"minItems", {std::int64_t{2}}});
        schema.push_back({"maxItems", {std::int64_t{2}}});
        return {std::move(schema)};
    } else if constexpr (std::is_same_v<T, Distribution>) {
        return reference(distributionName(field.unit));
    } else {
        Array schemas = schemasOf(T{}, field.unit);
        return schemas.size() == 1 ? schemas.front() : anyOf(std::move(schemas));
    }
}

/// The visitor that makes the schema of one object.
class ObjectSchema {
public:
    explicit ObjectSchema(Unit unit) : m_unit(unit) {}

    template <typename T> void operator()(const Field& field, const T&) {
        Field resolved = field;
        if (field.unit == Unit::OfDistribution) {
            resolved.unit = m_unit;
        }
        JsonValue schema = schemaOf<T>(resolved);
        auto& object = std::get<Object>(schema.value);
        object.insert(object.begin(), {"description", text(field.help)});
        m_properties.push_back({std::string(field.key), std::move(schema)});
        if (field.required) {
            m_required.push_back(text(field.key));
        }
    }

    template <typename Variant> void flat(const Variant& variant) {
        const Name& name = kindsOf<Variant>[variant.index()];
        m_properties.push_back(
            {"kind", {Object{{"description", text(name.help)}, {"const", text(name.text)}}}});
        m_required.push_back(text("kind"));
        std::visit([&](const auto& alternative) { describe(alternative, *this); }, variant);
    }

    JsonValue take() {
        Object schema = typed("object");
        schema.push_back({"properties", {std::move(m_properties)}});
        if (!m_required.empty()) {
            schema.push_back({"required", {std::move(m_required)}});
        }
        schema.push_back({"additionalProperties", {false}});
        return {std::move(schema)};
    }

    void add(std::string_view key, JsonValue schema) {
        m_properties.push_back({std::string(key), std::move(schema)});
        m_required.push_back(text(key));
    }

private:
    Unit m_unit;
    Object m_properties;
    Array m_required;
};

/// The visitor that sets the flat variant of a spec to its alternative number `kind`, and counts
/// how many there are.
struct KindSetter {
    std::size_t kind = 0;
    std::size_t count = 1;
    template <typename T> void operator()(const Field&, T&) {}
    template <typename Variant> void flat(Variant& variant) {
        count = std::variant_size_v<Variant>;
        emplaceAt(variant, kind);
    }
};

/// The schema of a spec, or one for each of its kinds.
template <typename Spec> Array schemasOf(const Spec& spec, Unit unit) {
    Array schemas;
    if constexpr (isVariant<Spec>) {
        for (const Spec& variant : everyKind<Spec>()) {
            ObjectSchema object(unit);
            object.flat(variant);
            schemas.push_back(object.take());
        }
    } else {
        std::size_t count = 1;
        for (std::size_t kind = 0; kind < count; ++kind) {
            Spec each = spec;
            KindSetter setter{kind};
            describe(each, setter);
            count = setter.count;
            ObjectSchema object(unit);
            describe(std::as_const(each), object);
            schemas.push_back(object.take());
        }
    }
    return schemas;
}

JsonValue pattern(std::string_view regex) {
    Object schema = typed("string");
    schema.push_back({"pattern", text(regex)});
    return {std::move(schema)};
}

JsonValue orNumber(std::string_view regex) {
    Object number = typed("number");
    number.push_back({"minimum", {std::int64_t{0}}});
    return anyOf({pattern(regex), {std::move(number)}});
}

/// A constant's text, or an object with a kind.
JsonValue distributionSchema(Unit unit) {
    Array schemas = schemasOf(DistributionSpec{}, unit);
    schemas.insert(schemas.begin(), quantity(unit));
    return anyOf(std::move(schemas));
}

constexpr std::string_view durationPattern =
    "^ *-?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]+)? *(ns|us|ms|s|min|h|d) *$|^ *-?0 *$";
constexpr std::string_view ratePattern = "^ *-?[0-9.]+([eE][-+]?[0-9]+)? */(us|ms|s|min|h|d) *$";
constexpr std::string_view bytesPattern =
    "^ *[0-9]+([.][0-9]+)?([eE][-+]?[0-9]+)? *(B|[kKMGT]B|[KMGT]iB) *$";
constexpr std::string_view bandwidthPattern =
    "^ *[0-9.]+([eE][-+]?[0-9]+)? *(B|[kMGT]B|[KMG]iB|bit|[kMG]bit)/s *$";
constexpr std::string_view probabilityPattern = "^ *[0-9.]+([eE][-+]?[0-9]+)? *%? *$";

JsonValue definitions() {
    return {Object{
        {"duration", anyOf({pattern(durationPattern), {Object{{"const", {std::int64_t{0}}}}}})},
        {"rate", anyOf({pattern(ratePattern), {Object{{"const", {std::int64_t{0}}}}}})},
        {"bytes", orNumber(bytesPattern)},
        {"bandwidth", anyOf({pattern(bandwidthPattern), {Object{{"const", {std::int64_t{0}}}}}})},
        {"probability", orNumber(probabilityPattern)},
        {"distributionOfTimes", distributionSchema(Unit::Nanoseconds)},
        {"distributionOfBytes", distributionSchema(Unit::Bytes)},
    }};
}

} // namespace

std::string jsonSchema() {
    ObjectSchema object(Unit::None);
    object.add("version", {Object{{"description", text("Version of the format.")},
                                  {"const", {std::int64_t{formatVersion}}}}});
    const Scenario scenario;
    describe(scenario, object);
    JsonValue schema = object.take();
    auto& members = std::get<Object>(schema.value);
    members.insert(members.begin(),
                   {{"$schema", text("https://json-schema.org/draft/2020-12/schema")},
                    {"title", text("Millrace scenario")}});
    members.push_back({"$defs", definitions()});
    return jsonText(schema);
}

} // namespace sim
