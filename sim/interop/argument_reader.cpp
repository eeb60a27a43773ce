#include "sim/interop/argument_reader.h"

#include "sim/scenario/describe_rabbitmq.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>

namespace sim {
namespace {

constexpr auto anyNumber = static_cast<std::uint64_t>(INT64_MAX);
/// The longest time that RabbitMQ takes: 10 years, in milliseconds.
constexpr auto millisecondsMax = static_cast<std::uint64_t>(ttlMax / 1e6);

/// A whole number from 0; some clients send it as a float.
std::optional<std::uint64_t> wholeNumber(const JsonValue& value) {
    constexpr double exactMax = 1e15;
    const auto* whole = std::get_if<std::int64_t>(&value.value);
    const auto* real = std::get_if<double>(&value.value);
    if (whole != nullptr && *whole >= 0) {
        return static_cast<std::uint64_t>(*whole);
    }
    if (real != nullptr && *real >= 0 && *real <= exactMax && *real == std::floor(*real)) {
        return static_cast<std::uint64_t>(*real);
    }
    return std::nullopt;
}

} // namespace

const JsonValue* ArgumentReader::take(std::string_view name) {
    const auto found = std::ranges::find(m_arguments, name, &BrokerArgument::key);
    if (found == m_arguments.end()) {
        return nullptr;
    }
    m_isRead[static_cast<std::size_t>(found - m_arguments.begin())] = true;
    return &found->value;
}

void ArgumentReader::leave(std::string_view name) {
    const auto found = std::ranges::find(m_arguments, name, &BrokerArgument::key);
    m_isRead[static_cast<std::size_t>(found - m_arguments.begin())] = false;
}

void ArgumentReader::exchange(std::string_view name, std::optional<std::string>& id) {
    const JsonValue* value = take(name);
    std::string exchange;
    if (value == nullptr || !read(name, *value, exchange)) {
        return;
    }
    id = exchange.empty() ? std::optional(exchange) : m_exchangeId(name, exchange);
    if (!id) {
        leave(name);
    }
}

void ArgumentReader::exchange(std::string_view name, std::string& id) {
    std::optional<std::string> found;
    exchange(name, found);
    id = found.value_or("");
    if (found && id.empty()) {
        leave(name); // the default exchange, which has no component
    }
}

/// A number and a unit: Y (365 days), M (30 days), D, h, m or s.
/// Source: https://www.rabbitmq.com/docs/streams#retention
void ArgumentReader::age(std::string_view name, std::optional<Duration>& field) {
    const JsonValue* value = take(name);
    std::string text;
    if (value == nullptr || !read(name, *value, text)) {
        return;
    }
    constexpr std::pair<char, Duration> units[] = {{'Y', 24h * 365}, {'M', 24h * 30}, {'D', 24h},
                                                   {'h', 1h},        {'m', 1min},     {'s', 1s}};
    std::int64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    for (const auto& [letter, unit] : units) {
        const bool fits = error == std::errc{} && rest + 1 == end && *rest == letter;
        if (fits && number > 0 && number <= durationMax / unit) {
            field = number * unit;
            return;
        }
    }
    wrong(name, fmt::format("is \"{}\", and no time such as 7D, 12h, 30m or 90s", text));
}

bool ArgumentReader::read(std::string_view name, const JsonValue& value, bool& field) {
    const bool* flag = std::get_if<bool>(&value.value);
    field = flag != nullptr && *flag;
    return flag != nullptr || wrong(name, "is not true or false");
}

bool ArgumentReader::read(std::string_view name, const JsonValue& value, std::string& field) {
    const auto* text = std::get_if<std::string>(&value.value);
    field = text == nullptr ? "" : *text;
    return text != nullptr || wrong(name, "is not a text");
}

bool ArgumentReader::read(std::string_view name, const JsonValue& value, std::uint64_t& field) {
    const auto number = wholeNumber(value);
    field = number.value_or(0);
    return number.has_value() ||
           wrong(name, fmt::format("is no whole number from 0 to {}", anyNumber));
}

bool ArgumentReader::read(std::string_view name, const JsonValue& value, std::uint8_t& field) {
    const auto number = wholeNumber(value);
    if (!number || *number > UINT8_MAX) {
        return wrong(name, fmt::format("is no whole number from 0 to {}", UINT8_MAX));
    }
    field = static_cast<std::uint8_t>(*number);
    return field > 0; // 0 is as good as none
}

/// A delivery limit. One that no field can hold is left to be kept.
bool ArgumentReader::read(std::string_view name, const JsonValue& value, std::int32_t& field) {
    const auto* number = std::get_if<std::int64_t>(&value.value);
    if (number == nullptr) {
        return wrong(name, "is no whole number");
    }
    const bool isInRange = *number >= -1 && *number <= static_cast<std::int64_t>(deliveryLimitMax);
    if (isInRange) {
        field = static_cast<std::int32_t>(*number);
    } else {
        leave(name);
    }
    return isInRange;
}

/// A number of nodes. More than a cluster can have is left to be kept.
bool ArgumentReader::read(std::string_view name, const JsonValue& value, std::uint32_t& field) {
    const auto number = wholeNumber(value);
    if (!number) {
        return wrong(name, "is no whole number");
    }
    const bool isInRange = *number >= 1 && *number <= nodesMax;
    if (isInRange) {
        field = static_cast<std::uint32_t>(*number);
    } else {
        leave(name);
    }
    return isInRange;
}

bool ArgumentReader::read(std::string_view name, const JsonValue& value, Duration& field) {
    const auto number = wholeNumber(value);
    if (!number || *number > millisecondsMax) {
        return wrong(name, fmt::format("is no whole number from 0 to {}", millisecondsMax));
    }
    field = std::chrono::milliseconds{*number};
    return true;
}

bool ArgumentReader::wrong(std::string_view name, std::string what) {
    m_problems.push_back({m_where + jsonStep(name), std::move(what)});
    return false;
}

void ArgumentReader::wrongChoice(std::string_view name, const std::string& found,
                                 std::span<const Name> choices) {
    std::string names;
    for (const Name& choice : choices) {
        const bool last = &choice == &choices.back();
        names += fmt::format("{}{}", names.empty() ? "" : last ? " or " : ", ", choice.text);
    }
    wrong(name, fmt::format("is \"{}\"; it can be {}", found, names));
}

JsonObject ArgumentReader::rest() const {
    JsonObject rest;
    for (std::size_t i = 0; i < m_arguments.size(); ++i) {
        if (!m_isRead[i]) {
            rest.push_back(m_arguments[i]);
        }
    }
    std::ranges::sort(rest, {}, &BrokerArgument::key);
    return rest;
}

} // namespace sim
