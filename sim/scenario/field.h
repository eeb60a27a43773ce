#pragma once

#include "sim/base/one_of.h"
#include "sim/base/time.h"
#include "sim/scenario/json.h"
#include "sim/scenario/table.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

/// The description of every field of a scenario, said once.
///
/// Each spec has a function `describe(spec, visit)` beside it that calls, field by field,
/// `visit(Field{...}, spec.member)`. Everything that handles fields visits it: the reader, the
/// writer, the checks of ranges and references, the property form, the reference page, the schema.
///
/// A visitor takes any member type that occurs: bool, integers, double, Duration, Distribution,
/// std::string, enums (named by `choicesOf`), Table, JsonObject, Position, structs with a describe() of
/// their own, std::optional and std::vector of these, and std::variant of specs (named by `kindsOf`).
/// It has a second function `visit.flat(variant)` for a variant whose "kind" and fields stand in
/// the same object as the fields around it.
namespace sim {

/// The longest time to live that RabbitMQ takes: 10 years of 365 days, in nanoseconds.
inline constexpr double ttlMax = 315'360'000e9;

/// What a number means, where its type does not say it. Texts with units: sim/base/units.h.
enum class Unit : std::uint8_t {
    None,           ///< a count or a plain number
    Nanoseconds,    ///< a double or a Distribution of times, written as a duration
    PerSecond,      ///< written as a rate, "50/s"
    Bytes,          ///< "4KiB"
    BytesPerSecond, ///< "1MB/s"
    Probability,    ///< 0..1, "1%"
    OfDistribution, ///< the unit of the distribution that the number is a parameter of
};

/// The kinds of thing that a text may refer to; they may be joined with |.
namespace refers {
enum To : std::uint16_t {
    ToNothing = 0,
    ToProducer = 1,
    ToConsumer = 2,
    ToBroker = 4,
    ToExchange = 8,
    ToQueue = 16,
    ToEventType = 32, ///< by name, of any producer
    ToCsvFile = 64,   ///< a path, relative to the scenario's folder
    ToSqsQueue = 128,
    ToSnsTopic = 256,
};
}

/// What there is to know about one field, apart from its type and its default (the value in a
/// default-constructed spec).
struct Field {
    static constexpr double unlimited = 1e300;

    std::string_view key;
    std::string_view help; ///< one sentence
    Unit unit = Unit::None;
    double min = 0;            ///< for numbers; durations and times in nanoseconds
    double max = unlimited;    ///< as min; durations are never above durationMax
    bool aboveMin = false;     ///< min itself is not allowed
    bool milliseconds = false; ///< a duration of whole milliseconds, as AMQP has them
    bool required = false;     ///< must be given in the file
    bool filled = false;       ///< a list or a text that may not be empty
    std::uint16_t refersTo = refers::ToNothing;
    std::size_t bytesMax = 0;     ///< longest text; 0: no limit
    std::string_view absent = {}; ///< for an optional field: what its absence means
};

/// The name of one value of an enum, or of one alternative of a variant, in a scenario.
struct Name {
    std::string_view text;
    std::string_view help; ///< one sentence
};

/// The names of the values of an enum, in the order of the values from 0.
template <typename Enum> inline constexpr std::array<Name, 0> choicesOf{};
/// The names of the alternatives of a variant (the value of "kind"), in their order.
template <typename Variant> inline constexpr std::array<Name, 0> kindsOf{};

/// T is Spec or const Spec: describe() serves readers and writers.
template <typename T, typename Spec>
concept Is = std::is_same_v<std::remove_const_t<T>, Spec>;

template <typename T> inline constexpr bool isOptional = false;
template <typename T> inline constexpr bool isOptional<std::optional<T>> = true;
template <typename T> inline constexpr bool isList = false;
template <typename T> inline constexpr bool isList<std::vector<T>> = true;
template <> inline constexpr bool isList<Table> = false; // one value, although a vector
template <> inline constexpr bool isList<JsonObject> = false; // likewise
template <typename T> inline constexpr bool isVariant = false;
template <typename... T> inline constexpr bool isVariant<std::variant<T...>> = true;
template <typename Kinds> inline constexpr bool isVariant<OneOf<Kinds>> = true;
template <typename T>
inline constexpr bool isNumber = std::is_arithmetic_v<T> && !std::is_same_v<T, bool>;

/// A visitor that does nothing; only for asking whether a type has a describe().
struct NoVisitor {
    template <typename T> void operator()(const Field&, T&) {}
    template <typename T> void flat(T&) {}
};

/// A struct with fields of its own.
template <typename T>
concept Described = std::is_class_v<T> && !isVariant<T> && requires(T & spec, NoVisitor& visit) {
    describe(spec, visit);
};

/// Puts the alternative number `index` into `variant`, default-constructed.
/// Requires index < the number of alternatives.
template <std::size_t I = 0, typename... T>
void emplaceAt(std::variant<T...>& variant, std::size_t index) {
    if constexpr (I < sizeof...(T)) {
        if (index == I) {
            variant.template emplace<I>();
        } else {
            emplaceAt<I + 1>(variant, index);
        }
    }
}

/// A default-constructed alternative of each kind, in their order.
template <typename Variant> std::vector<Variant> everyKind() {
    std::vector<Variant> all(std::variant_size_v<Variant>);
    for (std::size_t i = 0; i < all.size(); ++i) {
        emplaceAt(all[i], i);
    }
    return all;
}

template <typename Variant> std::string_view kindName(const Variant& variant) {
    static_assert(kindsOf<Variant>.size() == std::variant_size_v<Variant>);
    return kindsOf<Variant>[variant.index()].text;
}

template <typename Enum> std::string_view choiceName(Enum value) {
    return choicesOf<Enum>[static_cast<std::size_t>(value)].text;
}

/// The value of this name, if there is one.
template <typename Enum> std::optional<Enum> choiceNamed(std::string_view name) {
    for (std::size_t i = 0; i < choicesOf<Enum>.size(); ++i) {
        if (choicesOf<Enum>[i].text == name) {
            return static_cast<Enum>(i);
        }
    }
    return std::nullopt;
}

} // namespace sim
