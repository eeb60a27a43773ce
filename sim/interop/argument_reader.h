#pragma once

#include "sim/base/result.h"
#include "sim/interop/definitions_file.h"
#include "sim/scenario/field.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sim {

/// The visitor that reads the arguments of an exchange or a queue, or the settings of a policy,
/// into the fields of visitArguments(). One of the wrong type or out of range is noted as a
/// problem, and its field stays as it is.
class ArgumentReader {
public:
    /// The id of the exchange of this name; absent where the scenario has none, which is noted.
    using ExchangeId = std::function<std::optional<std::string>(std::string_view argument,
                                                                const std::string& name)>;

    /// `where` is the JSON pointer of the arguments.
    ArgumentReader(const BrokerArguments& arguments, std::string where, ExchangeId exchangeId,
                   Problems& problems)
        : m_arguments(arguments)
        , m_where(std::move(where))
        , m_exchangeId(std::move(exchangeId))
        , m_problems(problems)
        , m_isRead(arguments.size()) {}

    template <typename T> void operator()(std::string_view name, T& field) {
        if (const JsonValue* value = take(name)) {
            read(name, *value, field);
        }
    }
    template <typename T> void operator()(std::string_view name, T& field, const T& /*standard*/) {
        (*this)(name, field);
    }
    void exchange(std::string_view name, std::string& id);
    void exchange(std::string_view name, std::optional<std::string>& id);
    void age(std::string_view name, std::optional<Duration>& field);

    /// The arguments that no field took, by name.
    JsonObject rest() const;

private:
    const JsonValue* take(std::string_view name);
    void leave(std::string_view name);

    template <typename T>
    void read(std::string_view name, const JsonValue& value, std::optional<T>& field) {
        T found{};
        if (read(name, value, found)) {
            field = std::move(found);
        }
    }
    bool read(std::string_view name, const JsonValue& value, bool& field);
    bool read(std::string_view name, const JsonValue& value, std::string& field);
    bool read(std::string_view name, const JsonValue& value, std::uint64_t& field);
    bool read(std::string_view name, const JsonValue& value, std::uint8_t& field);
    bool read(std::string_view name, const JsonValue& value, std::int32_t& field);
    bool read(std::string_view name, const JsonValue& value, std::uint32_t& field);
    bool read(std::string_view name, const JsonValue& value, Duration& field);
    template <typename Enum>
    requires std::is_enum_v<Enum>
    bool read(std::string_view name, const JsonValue& value, Enum& field) {
        std::string text;
        if (!read(name, value, text)) {
            return false;
        }
        const std::optional<Enum> choice = choiceNamed<Enum>(text);
        if (!choice) {
            wrongChoice(name, text, choicesOf<Enum>);
        }
        field = choice.value_or(field);
        return choice.has_value();
    }

    bool wrong(std::string_view name, std::string what);
    void wrongChoice(std::string_view name, const std::string& found,
                     std::span<const Name> choices);

    const BrokerArguments& m_arguments;
    std::string m_where;
    ExchangeId m_exchangeId;
    Problems& m_problems;
    std::vector<bool> m_isRead; ///< by position among the arguments
};

} // namespace sim
