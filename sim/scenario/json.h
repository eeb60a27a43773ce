#pragma once

#include "sim/base/result.h"
#include "sim/scenario/table.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sim {

struct JsonMember;

/// A JSON value with its objects in the order of the text. Our own, because lookups that walk
/// nlohmann's ordered objects would make a large hostile file take for ever, and because the
/// library then compiles in one source file only.
struct JsonValue {
    using Array = std::vector<JsonValue>;
    using Object = std::vector<JsonMember>;
    /// Whole numbers above 2^63 are unsigned, all others signed.
    std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, Array,
                 Object>
        value;

    /// The member of an object, or null.
    const JsonValue* find(std::string_view key) const;
    bool operator==(const JsonValue& other) const;
};

struct JsonMember {
    std::string key;
    JsonValue value;
    bool operator==(const JsonMember&) const = default;
};

/// Names and values of any shape, in the order of the text: what is kept without being understood.
using JsonObject = JsonValue::Object;

/// The limits of what is read, so that every file ends soon and none fills the memory.
inline constexpr std::size_t jsonBytesMax = std::size_t{64} * 1024 * 1024;
inline constexpr std::size_t jsonValuesMax = 2'000'000;
inline constexpr std::size_t jsonDepthMax = 64;

/// The value of a JSON text, in which comments (// and /* */) are allowed. Problems: bad syntax
/// (with line and column), not UTF-8, a key twice in an object, beyond a limit.
Result<JsonValue> parseJson(std::string_view text);

/// JSON text with two spaces of indentation; what fits stands on one line. Ends with a newline.
/// Requires finite numbers.
std::string jsonText(const JsonValue& value);
/// On one line, without a newline.
std::string jsonLine(const JsonValue& value);

/// "text", 5, an object, ...: how a problem names what was found.
std::string jsonSummary(const JsonValue& value);

/// The value of a field table; nothing for a list, an object or a number from 2^63 on.
std::optional<TableValue> tableValue(const JsonValue& json);

/// One more step of a JSON pointer, escaped.
std::string jsonStep(std::string_view key);

} // namespace sim
