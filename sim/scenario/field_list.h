#pragma once

#include "sim/scenario/field_writer.h"

#include <string>
#include <utility>
#include <vector>

namespace sim {

/// One field as the reference shows it.
struct FieldText {
    std::string key;      ///< "rate", "types[].weight", "confirms.timeout"
    std::string what;     ///< "rate, more than 0/s"
    std::string standard; ///< what holds when it is left out; "required"
    std::string help;
};

/// "duration", "list of texts": what a member of type T looks like in a scenario.
template <typename T> std::string shapeOf(const Field& field) {
    if constexpr (isOptional<T>) {
        return shapeOf<typename T::value_type>(field);
    } else if constexpr (isList<T>) {
        return "list: " + shapeOf<typename T::value_type>(field);
    } else if constexpr (isNumber<T> || std::is_same_v<T, Duration>) {
        const Unit unit = unitOf<T>(field);
        constexpr std::array names{"number",
                                   "duration",
                                   "rate",
                                   "bytes",
                                   "bandwidth",
                                   "probability",
                                   "in the unit of the distribution"};
        const std::string name = std::is_integral_v<T> && unit == Unit::None
                                     ? "whole number"
                                     : names[static_cast<std::size_t>(unit)];
        const Range range = rangeOf<T>(field);
        const bool plain =
            unit == Unit::OfDistribution || (range.min == 0 && !range.aboveMin && range.max > 9e15);
        return plain ? name : name + ", " + rangeText(range, unit);
    } else if constexpr (std::is_same_v<T, bool>) {
        return "true or false";
    } else if constexpr (std::is_same_v<T, std::string>) {
        return field.refersTo == refers::ToNothing     ? "text"
               : field.refersTo == refers::ToEventType ? "name of an event type"
               : field.refersTo == refers::ToCsvFile   ? "name of a CSV file"
                                                       : "id of a " + referenceText(field.refersTo);
    } else if constexpr (std::is_enum_v<T>) {
        return listOf(choicesOf<T>);
    } else if constexpr (std::is_same_v<T, Table>) {
        return "object of names and values";
    } else if constexpr (std::is_same_v<T, JsonObject>) {
        return "object of any JSON";
    } else if constexpr (std::is_same_v<T, Position>) {
        return "[x, y]";
    } else if constexpr (std::is_same_v<T, Distribution>) {
        return field.unit == Unit::Bytes            ? "distribution of bytes"
               : field.unit == Unit::OfDistribution ? "distribution"
                                                    : "distribution of times";
    } else if constexpr (isVariant<T>) {
        return "object with a kind: " + listOf(kindsOf<T>);
    } else {
        return "object";
    }
}

/// The visitor that lists the fields of a spec and of the objects in it, but not those of variants.
class FieldList {
public:
    /// `standard` is the object of the spec with all defaults.
    FieldList(std::string prefix, JsonValue standard, std::vector<FieldText>& list)
        : m_prefix(std::move(prefix))
        , m_standard(std::move(standard))
        , m_list(list) {}

    template <typename T> void operator()(const Field& field, const T& member) {
        const std::string key = m_prefix + std::string(field.key);
        m_list.push_back({key, shapeOf<T>(field), standardOf(field), std::string(field.help)});
        inside(field, key, member);
    }

    template <typename Variant> void flat(const Variant&) {}

private:
    std::string standardOf(const Field& field) const {
        const JsonValue* value = m_standard.find(field.key);
        if (field.required || value == nullptr) {
            return "required";
        }
        return std::holds_alternative<std::monostate>(value->value) ? std::string(field.absent)
                                                                    : "`" + jsonLine(*value) + "`";
    }

    template <typename T>
    void inside(const Field& field, const std::string& key, const std::optional<T>&) {
        inside(field, key, T{});
    }
    template <typename T>
    void inside(const Field& field, const std::string& key, const std::vector<T>&) {
        inside(field, key + "[]", T{});
    }
    template <typename T> void inside(const Field& field, const std::string& key, const T& member) {
        if constexpr (Described<const T>) {
            ObjectWriter writer(member, field.unit, Defaults::Written);
            describe(member, writer);
            FieldList list(key + ".", JsonValue{writer.take()}, m_list);
            describe(member, list);
        }
    }

    std::string m_prefix;
    JsonValue m_standard;
    std::vector<FieldText>& m_list;
};

/// The fields of a spec with its defaults.
template <typename Spec> std::vector<FieldText> fieldsOf(const Spec& spec, Unit unit = Unit::None) {
    std::vector<FieldText> list;
    ObjectWriter writer(spec, unit, Defaults::Written);
    describe(spec, writer);
    FieldList visitor("", JsonValue{writer.take()}, list);
    describe(spec, visitor);
    return list;
}

} // namespace sim
