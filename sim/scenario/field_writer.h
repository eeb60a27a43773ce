#pragma once

#include "sim/scenario/describe.h"
#include "sim/scenario/field_text.h"
#include "sim/scenario/json.h"
#include "sim/scenario/write.h"

#include <utility>

namespace sim {

/// The visitor that notes where the members of a spec are, in the order of describe().
struct Members {
    std::vector<const void*> places;
    template <typename T> void operator()(const Field&, const T& member) {
        places.push_back(&member);
    }
    template <typename Variant> void flat(const Variant&) {}
};

template <typename Spec> std::vector<const void*> membersOf(const Spec& spec) {
    Members members;
    describe(spec, members);
    return members.places;
}

inline JsonValue plainJson(double value) {
    constexpr double wholeMax = 9e15;
    const bool whole = value >= -wholeMax && value <= wholeMax &&
                       static_cast<double>(static_cast<std::int64_t>(value)) == value;
    return whole ? JsonValue{static_cast<std::int64_t>(value)} : JsonValue{value};
}

/// The visitor that writes the fields of one object.
class ObjectWriter {
public:
    /// Members that equal those of `standard` (a spec of the same type, as it is when nothing is
    /// said) are left out, unless `defaults` asks for them.
    template <typename Spec>
    ObjectWriter(const Spec& standard, Unit unit, Defaults defaults)
        : m_standard(membersOf(standard))
        , m_unit(unit)
        , m_defaults(defaults) {}
    /// For a variant: it brings its own standard.
    ObjectWriter(Unit unit, Defaults defaults) : m_unit(unit), m_defaults(defaults) {}

    template <typename T> void operator()(const Field& field, const T& member) {
        const T& standard = *static_cast<const T*>(m_standard.at(m_next++));
        if (member == standard && !field.required && m_defaults == Defaults::LeftOut) {
            return;
        }
        Field resolved = field;
        if (field.unit == Unit::OfDistribution) {
            resolved.unit = m_unit;
        }
        m_object.push_back({std::string(field.key), of(resolved, member, standard)});
    }

    template <typename Variant> void flat(const Variant& variant) {
        m_object.push_back({"kind", JsonValue{std::string(kindName(variant))}});
        std::visit(
            [&](const auto& alternative) {
                const std::remove_cvref_t<decltype(alternative)> standard;
                ObjectWriter inner(standard, m_unit, m_defaults);
                describe(alternative, inner);
                m_object.insert(m_object.end(), inner.m_object.begin(), inner.m_object.end());
            },
            variant);
    }

    JsonValue::Object take() { return std::move(m_object); }

private:
    template <typename T>
    JsonValue of(const Field& field, const std::optional<T>& member,
                 const std::optional<T>& standard) {
        const T fresh{};
        return member ? of(field, *member, standard ? *standard : fresh) : JsonValue{};
    }

    template <typename T>
    JsonValue of(const Field& field, const std::vector<T>& member, const std::vector<T>&) {
        const T fresh{};
        JsonValue::Array array;
        for (const T& element : member) {
            array.push_back(of(field, element, fresh));
        }
        return {std::move(array)};
    }

    template <typename T> JsonValue of(const Field& field, const T& member, const T& standard) {
        if constexpr (std::is_enum_v<T>) {
            return {std::string(choiceName(member))};
        } else if constexpr (std::is_integral_v<T>) {
            return integer(field, member);
        } else if constexpr (isVariant<T>) {
            ObjectWriter inner(field.unit, m_defaults);
            inner.flat(member);
            return {inner.take()};
        } else {
            ObjectWriter inner(standard, field.unit, m_defaults);
            describe(member, inner);
            return {inner.take()};
        }
    }

    JsonValue of(const Field&, const bool& member, const bool&) { return {member}; }
    JsonValue of(const Field&, const std::string& member, const std::string&) { return {member}; }
    JsonValue of(const Field&, const Duration& member, const Duration&) {
        return {writeDuration(member)};
    }
    JsonValue of(const Field& field, const double& member, const double&) {
        return field.unit == Unit::None ? plainJson(member)
                                        : JsonValue{numberIn(field.unit, member)};
    }
    JsonValue of(const Field&, const Position& member, const Position&) {
        return {JsonValue::Array{plainJson(member.x), plainJson(member.y)}};
    }
    JsonValue of(const Field& field, const Distribution& member, const Distribution&) {
        if (member.isConstant()) {
            return of(field, member.first(), 0.0);
        }
        ObjectWriter inner(field.unit, m_defaults);
        inner.flat(toSpec(member));
        return {inner.take()};
    }
    JsonValue of(const Field&, const Table& member, const Table&) {
        JsonValue::Object object;
        for (const auto& [name, value] : member) {
            object.push_back({name, std::visit([](const auto& v) { return JsonValue{v}; }, value)});
        }
        return {std::move(object)};
    }

    JsonValue of(const Field&, const JsonObject& member, const JsonObject&) { return {member}; }

    template <typename Integer> static JsonValue integer(const Field& field, Integer member) {
        constexpr auto signedMax = static_cast<std::uint64_t>(INT64_MAX);
        if constexpr (std::is_unsigned_v<Integer>) {
            if (member > signedMax) {
                return {std::uint64_t{member}};
            }
            if (field.unit == Unit::Bytes) {
                return {writeBytes(member)};
            }
        }
        return {static_cast<std::int64_t>(member)};
    }

    std::vector<const void*> m_standard;
    std::size_t m_next = 0;
    Unit m_unit;
    Defaults m_defaults;
    JsonValue::Object m_object;
};

} // namespace sim
