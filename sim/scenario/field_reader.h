#pragma once

#include "sim/scenario/csv.h"
#include "sim/scenario/describe.h"
#include "sim/scenario/field_text.h"
#include "sim/scenario/json.h"
#include "sim/scenario/near_name.h"
#include "sim/scenario/not_simulated.h"

#include <limits>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace sim {

/// What the readers of one scenario share: where its files are, and what was wrong so far.
class ReadContext {
public:
    explicit ReadContext(const Folder& folder) : m_folder(folder) {}

    const Folder& folder() const { return m_folder; }

    void add(const std::string& pointer, std::string what) {
        m_broken.insert(pointer);
        if (m_problems.size() < problemsMax) {
            m_problems.push_back({pointer, std::move(what)});
        } else {
            ++m_unlisted;
        }
    }
    bool full() const { return m_problems.size() >= problemsMax; }
    std::size_t count() const { return m_problems.size() + m_unlisted; }

    /// What stands at this pointer or below could not be read; nothing more is to be said of it.
    void markBroken(const std::string& pointer) { m_broken.insert(pointer); }

    /// Whether something at this pointer, or something that it is part of, could not be read.
    bool isBroken(const std::string& pointer) const;

    Problems take();

private:
    static constexpr std::size_t problemsMax = 1000;

    const Folder& m_folder;
    Problems m_problems;
    std::set<std::string> m_broken;
    std::size_t m_unlisted = 0;
};

/// Reads one value; where it cannot, says so and leaves `out` as it is.
/// One overload for each kind of member that describe() can name.
class ValueReader {
public:
    ValueReader(const JsonValue& json, const Field& field, const std::string& pointer,
                ReadContext& context)
        : m_json(json)
        , m_field(field)
        , m_pointer(pointer)
        , m_context(context) {}

    void read(bool& out) const;
    void read(Duration& out) const;
    void read(double& out) const;
    void read(std::string& out) const;
    void read(Table& out) const;
    void read(JsonObject& out) const;
    void read(Position& out) const;
    void read(Distribution& out) const;

    template <typename T> void read(std::optional<T>& out) const {
        if (std::holds_alternative<std::monostate>(m_json.value)) {
            out.reset();
        } else {
            out.emplace();
            read(*out);
        }
    }

    template <typename T> void read(std::vector<T>& out) const {
        const auto* array = std::get_if<JsonValue::Array>(&m_json.value);
        if (array == nullptr) {
            return expected("a list");
        }
        out.clear();
        for (std::size_t i = 0; i < array->size(); ++i) {
            const std::string pointer = m_pointer + "/" + std::to_string(i);
            ValueReader((*array)[i], m_field, pointer, m_context).read(out.emplace_back());
        }
    }

    template <typename T> void read(T& out) const {
        if constexpr (std::is_enum_v<T>) {
            readChoice(out);
        } else if constexpr (std::is_integral_v<T>) {
            readInteger(out);
        } else {
            readObject(out);
        }
    }

private:
    template <typename Enum> void readChoice(Enum& out) const {
        const auto* text = std::get_if<std::string>(&m_json.value);
        std::vector<std::string_view> names;
        for (std::size_t i = 0; i < choicesOf<Enum>.size(); ++i) {
            names.push_back(choicesOf<Enum>[i].text);
            if (text != nullptr && *text == names.back()) {
                out = static_cast<Enum>(i);
                return;
            }
        }
        choiceProblem(text, names);
    }

    template <typename Integer> void readInteger(Integer& out) const {
        const auto value = wholeNumber();
        if (!value) {
            return;
        }
        using Limits = std::numeric_limits<Integer>;
        const auto [size, negative] = *value;
        const std::uint64_t sizeMax = negative ? 0 - static_cast<std::uint64_t>(Limits::min())
                                               : static_cast<std::uint64_t>(Limits::max());
        if (size > sizeMax) {
            return notIn(rangeOf<Integer>(m_field));
        }
        out = static_cast<Integer>(negative ? 0 - size : size);
    }

    template <typename T> void readObject(T& out) const;

    /// A whole number.
    struct Whole {
        std::uint64_t size;
        bool negative;
    };
    /// The number, or that of a text with a unit, or a problem.
    std::optional<Whole> wholeNumber() const;
    std::optional<double> plainNumber() const;
    Unit unit() const { return m_field.unit; }
    void expected(const std::string& what) const;
    void notIn(const Range& range) const;
    void choiceProblem(const std::string* text, const std::vector<std::string_view>& names) const;
    void readSamples(DistributionSpec& spec) const;

    const JsonValue& m_json;
    const Field& m_field;
    const std::string& m_pointer;
    ReadContext& m_context;
};

/// The visitor that reads the fields of one object, then says which keys nobody knew.
class ObjectReader {
public:
    /// `unit` is that of the distribution whose parameters the object has.
    ObjectReader(const JsonValue& json, std::string pointer, Unit unit, ReadContext& context)
        : m_json(json)
        , m_pointer(std::move(pointer))
        , m_unit(unit)
        , m_context(context) {}

    template <typename T> void operator()(const Field& field, T& member) {
        m_known.push_back(field.key);
        const std::string pointer = m_pointer + jsonStep(field.key);
        const JsonValue* value = m_json.find(field.key);
        if (value == nullptr) {
            if (field.required) {
                m_context.add(pointer, "is missing");
            }
            return;
        }
        Field resolved = field;
        if (field.unit == Unit::OfDistribution) {
            resolved.unit = m_unit;
        }
        ValueReader(*value, resolved, pointer, m_context).read(member);
    }

    template <typename Variant> void flat(Variant& variant) {
        m_known.emplace_back("kind");
        std::vector<std::string_view> names;
        names.reserve(kindsOf<Variant>.size());
        for (const Name& name : kindsOf<Variant>) {
            names.push_back(name.text);
        }
        const auto index = kindIndex(names);
        if (!index) {
            m_kindUnknown = true;
            return;
        }
        emplaceAt(variant, *index);
        std::visit([&](auto& alternative) { describe(alternative, *this); }, variant);
    }

    /// A key that the file has and no member takes.
    void alsoKnows(std::string_view key) { m_known.push_back(key); }

    /// Says which keys are unknown. Call it after the last field.
    void finish();

    bool kindUnknown() const { return m_kindUnknown; }

private:
    std::optional<std::size_t> kindIndex(const std::vector<std::string_view>& names);

    const JsonValue& m_json;
    std::string m_pointer;
    Unit m_unit;
    ReadContext& m_context;
    std::vector<std::string_view> m_known;
    bool m_kindUnknown = false;
};

template <typename T> void ValueReader::readObject(T& out) const {
    if (!std::holds_alternative<JsonValue::Object>(m_json.value)) {
        return expected("an object");
    }
    ObjectReader object(m_json, m_pointer, m_field.unit, m_context);
    if constexpr (isVariant<T>) {
        object.flat(out);
    } else {
        describe(out, object);
    }
    object.finish();
    if (object.kindUnknown()) {
        m_context.markBroken(m_pointer);
    }
}

} // namespace sim
