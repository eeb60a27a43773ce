#pragma once

#include "sim/base/distribution.h"
#include "sim/base/units.h"
#include "sim/scenario/field.h"

#include <fmt/format.h>
#include <limits>
#include <string>

/// What a field's numbers look like and which are allowed, for problems and for the reference.
namespace sim {

/// A number in the field's unit as it stands in a scenario, without quotes.
inline std::string numberIn(Unit unit, double value) {
    switch (unit) {
    case Unit::Nanoseconds:
        return writeNanoseconds(value);
    case Unit::PerSecond:
        return writeRate(value);
    case Unit::Bytes:
        return writeByteAmount(value);
    case Unit::BytesPerSecond:
        return writeBandwidth(value);
    case Unit::Probability:
        return writeProbability(value);
    case Unit::None:
    case Unit::OfDistribution:
        break;
    }
    return fmt::format("{}", value);
}

/// The numbers that are allowed: both ends belong to it, except `min` where `aboveMin`.
struct Range {
    double min;
    double max;
    bool aboveMin;

    bool contains(double value) const {
        return (aboveMin ? value > min : value >= min) && value <= max;
    }
};

/// What `field` allows a member of type T.
template <typename T> Range rangeOf(const Field& field) {
    Range range{field.min, field.max, field.aboveMin};
    if constexpr (std::is_integral_v<T>) {
        using Limits = std::numeric_limits<T>;
        range.min = std::max(range.min, static_cast<double>(Limits::min()));
        range.max = std::min(range.max, static_cast<double>(Limits::max()));
    } else if constexpr (std::is_same_v<T, Duration>) {
        range.max = std::min(range.max, static_cast<double>(durationMax.count()));
    }
    return range;
}

/// "0 to 65535", "more than 0/s".
inline std::string rangeText(const Range& range, Unit unit) {
    constexpr double shownMax = 9e15; // above is no limit that anybody meets
    const std::string min = range.min < 0 && unit == Unit::Nanoseconds
                                ? fmt::format("-{}", numberIn(unit, -range.min))
                                : numberIn(unit, range.min);
    if (range.max > shownMax && unit != Unit::Nanoseconds) {
        return range.aboveMin ? fmt::format("more than {}", min) : fmt::format("{} or more", min);
    }
    const std::string max = numberIn(unit, range.max);
    return range.aboveMin ? fmt::format("more than {}, at most {}", min, max)
                          : fmt::format("{} to {}", min, max);
}

/// The unit that numbers of type T are written in.
template <typename T> Unit unitOf(const Field& field) {
    return std::is_same_v<T, Duration> ? Unit::Nanoseconds : field.unit;
}

/// "producer", "exchange or queue", "producer, exchange or queue".
inline std::string referenceText(std::uint16_t refersTo) {
    constexpr std::array names{"producer",          "consumer",       "rabbitmq.broker",
                               "rabbitmq.exchange", "rabbitmq.queue", "event type",
                               "CSV file",          "aws.sqs-queue",  "aws.sns-topic"};
    std::string text;
    for (std::size_t bit = 0; bit < names.size(); ++bit) {
        if ((refersTo >> bit & 1) != 0) {
            const bool isLast = (refersTo >> bit) == 1;
            text += (text.empty() ? "" : isLast ? " or " : ", ") + std::string(names[bit]);
        }
    }
    return text;
}

/// "a", "b", "c" of Names, or of texts.
template <typename Names> std::string listOf(const Names& names) {
    std::string list;
    for (const auto& name : names) {
        if constexpr (std::is_same_v<std::remove_cvref_t<decltype(name)>, Name>) {
            list += fmt::format("{}\"{}\"", list.empty() ? "" : ", ", name.text);
        } else {
            list += fmt::format("{}\"{}\"", list.empty() ? "" : ", ", name);
        }
    }
    return list;
}

} // namespace sim
