#pragma once

#include "sim/scenario/field.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sim {

/// The visitor that writes the fields of visitArguments() as a broker has them. A field that is as
/// it is when nothing is said is not written.
class ArgumentWriter {
public:
    /// What the exchange with this id is called in its broker.
    using ExchangeName = std::function<std::string(const std::string& id)>;

    explicit ArgumentWriter(ExchangeName exchangeName) : m_exchangeName(std::move(exchangeName)) {}

    template <typename T> void operator()(std::string_view name, const std::optional<T>& field) {
        if (field) {
            add(name, valueOf(*field));
        }
    }
    void operator()(std::string_view name, const bool& field) {
        if (field) {
            add(name, {field});
        }
    }
    void operator()(std::string_view name, const std::string& field) {
        if (!field.empty()) {
            add(name, {field});
        }
    }
    template <typename T>
    void operator()(std::string_view name, const T& field, const T& standard) {
        if (field != standard) {
            add(name, valueOf(field));
        }
    }
    void exchange(std::string_view name, const std::string& id) {
        if (!id.empty()) {
            add(name, {m_exchangeName(id)});
        }
    }
    void exchange(std::string_view name, const std::optional<std::string>& id) {
        if (id) {
            add(name, {id->empty() ? "" : m_exchangeName(*id)});
        }
    }

    /// In days, hours, minutes or seconds, whichever is whole first; a part of a second counts as
    /// one.
    void age(std::string_view name, const std::optional<Duration>& field) {
        if (!field) {
            return;
        }
        const auto seconds = std::chrono::ceil<std::chrono::seconds>(*field).count();
        constexpr std::pair<char, std::int64_t> units[] = {{'D', 86400}, {'h', 3600}, {'m', 60}};
        for (const auto& [letter, unit] : units) {
            if (seconds % unit == 0) {
                return add(name, {std::to_string(seconds / unit) + letter});
            }
        }
        add(name, {std::to_string(seconds) + "s"});
    }

    /// With those of `more` that no field has written, by name.
    JsonObject take(const JsonObject& more) {
        for (const JsonMember& each : more) {
            if (std::ranges::find(m_arguments, each.key, &JsonMember::key) == m_arguments.end()) {
                m_arguments.push_back(each);
            }
        }
        std::ranges::stable_sort(m_arguments, {}, &JsonMember::key);
        return std::move(m_arguments);
    }

private:
    void add(std::string_view name, JsonValue value) {
        m_arguments.push_back({std::string(name), std::move(value)});
    }

    template <typename T> static JsonValue valueOf(const T& value) {
        if constexpr (std::is_enum_v<T>) {
            return {std::string(choiceName(value))};
        } else if constexpr (std::is_same_v<T, Duration>) {
            return {std::int64_t{value / std::chrono::milliseconds(1)}};
        } else if constexpr (std::is_same_v<T, std::uint64_t>) {
            constexpr auto signedMax = static_cast<std::uint64_t>(INT64_MAX);
            return value > signedMax ? JsonValue{value}
                                     : JsonValue{static_cast<std::int64_t>(value)};
        } else if constexpr (isNumber<T>) {
            return {static_cast<std::int64_t>(value)};
        } else {
            return {value};
        }
    }

    ExchangeName m_exchangeName;
    JsonObject m_arguments;
};

} // namespace sim
