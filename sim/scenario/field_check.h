#pragma once

#include "sim/scenario/describe.h"
#include "sim/scenario/field_text.h"
#include "sim/scenario/json.h"

#include <map>
#include <set>
#include <string>
#include <utility>

namespace sim {

/// What the texts of a scenario may refer to.
struct Referents {
    std::map<std::string, std::uint16_t, std::less<>> components; ///< id -> refers::To
    std::set<std::string, std::less<>> eventTypes;               ///< of all producers
    bool allEventTypes = false; ///< a producer could not be read: any type may be one
};

/// Where checks put what they find.
struct CheckContext {
    const Referents* referents = nullptr; ///< null: references are not checked
    Problems problems;

    void add(std::string pointer, std::string what) {
        problems.push_back({std::move(pointer), std::move(what)});
    }
};

/// The visitor that checks each field by itself: its range, length and reference.
class FieldCheck {
public:
    FieldCheck(std::string pointer, Unit unit, CheckContext& context)
        : m_pointer(std::move(pointer))
        , m_unit(unit)
        , m_context(context) {}

    template <typename T> void operator()(const Field& field, const T& member) {
        Field resolved = field;
        if (field.unit == Unit::OfDistribution) {
            resolved.unit = m_unit;
        }
        check(resolved, m_pointer + jsonStep(field.key), member);
    }

    template <typename Variant> void flat(const Variant& variant) {
        std::visit([&](const auto& alternative) { describe(alternative, *this); }, variant);
    }

private:
    template <typename T>
    void check(const Field& field, const std::string& pointer, const std::optional<T>& member) {
        if (member) {
            check(field, pointer, *member);
        }
    }

    template <typename T>
    void check(const Field& field, const std::string& pointer, const std::vector<T>& member) {
        if (field.filled && member.empty()) {
            m_context.add(pointer, "is empty; needs at least one");
        }
        for (std::size_t i = 0; i < member.size(); ++i) {
            check(field, pointer + "/" + std::to_string(i), member[i]);
        }
    }

    template <typename T>
    void check(const Field& field, const std::string& pointer, const T& member) {
        if constexpr (isNumber<T>) {
            checkNumber(field, pointer, static_cast<double>(member), rangeOf<T>(field));
        } else if constexpr (isVariant<T>) {
            FieldCheck(pointer, field.unit, m_context).flat(member);
        } else if constexpr (Described<const T>) {
            FieldCheck inner(pointer, field.unit, m_context);
            describe(member, inner);
        }
    }

    void check(const Field&, const std::string&, const bool&) {}
    void check(const Field& field, const std::string& pointer, const Duration& member);
    void check(const Field& field, const std::string& pointer, const std::string& member);
    void check(const Field& field, const std::string& pointer, const Position& member);
    void check(const Field& field, const std::string& pointer, const Table& member);
    void check(const Field&, const std::string&, const JsonObject&) {}
    void check(const Field& field, const std::string& pointer, const Distribution& member);
    void checkNumber(const Field& field, const std::string& pointer, double value,
                     const Range& range);
    void checkReference(const Field& field, const std::string& pointer, const std::string& id);

    std::string m_pointer;
    Unit m_unit;
    CheckContext& m_context;
};

} // namespace sim
