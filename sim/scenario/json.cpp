#include "sim/scenario/json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <utility>

namespace sim {
namespace {

struct Place {
    std::size_t line = 1;
    std::size_t column = 1;
};

Place placeOf(std::string_view text, std::size_t offset) {
    Place place;
    for (const char c : text.substr(0, offset)) {
        if (c == '\n') {
            ++place.line;
            place.column = 1;
        } else if ((static_cast<unsigned char>(c) & 0xc0U) != 0x80U) {
            ++place.column; // characters, not bytes
        }
    }
    return place;
}

/// "unexpected '}'; expected string literal" of nlohmann's message, which puts its own name, the
/// place and what was read before it.
std::string reasonOf(std::string_view message) {
    const std::string_view marks[] = {"syntax error while parsing ", "] "};
    for (const std::string_view mark : marks) {
        const auto found = message.rfind(mark);
        if (found != std::string_view::npos) {
            return std::string(message.substr(found + mark.size()));
        }
    }
    return std::string(message);
}

/// Takes nlohmann's events and builds a JsonValue; stops at the first problem of syntax or size.
class Builder : public nlohmann::json_sax<nlohmann::json> {
public:
    explicit Builder(std::string_view text) : m_text(text) {}

    bool null() override { return add({}); }
    bool boolean(bool value) override { return add({value}); }
    bool number_integer(number_integer_t value) override { return add({std::int64_t{value}}); }
    bool number_unsigned(number_unsigned_t value) override {
        constexpr auto signedMax = static_cast<std::uint64_t>(INT64_MAX);
        return value <= signedMax ? add({static_cast<std::int64_t>(value)})
                                  : add({std::uint64_t{value}});
    }
    bool number_float(number_float_t value, const string_t&) override { return add({value}); }
    bool string(string_t& value) override { return add({std::move(value)}); }
    bool binary(binary_t&) override { return false; } // does not occur in text
    bool start_object(std::size_t) override { return open({JsonValue::Object{}}); }
    bool start_array(std::size_t) override { return open({JsonValue::Array{}}); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

    bool key(string_t& key) override {
        if (!m_keys.back().insert(key).second) {
            m_problems.push_back({pointer() + jsonStep(key), "this key stands here twice"});
        }
        m_key = std::move(key);
        return m_problems.size() < problemsMax;
    }

    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::detail::exception& error) override {
        const std::size_t offset = position > 0 ? position - 1 : 0;
        const auto [line, column] = placeOf(m_text, offset);
        m_problems.push_back(
            {"", fmt::format("line {}, column {}: {}", line, column, reasonOf(error.what()))});
        return false;
    }

    Result<JsonValue> take() {
        if (!m_problems.empty()) {
            return std::move(m_problems);
        }
        return std::move(m_root);
    }

private:
    static constexpr std::size_t problemsMax = 100;

    bool add(JsonValue value) { return place(std::move(value)) != nullptr; }

    /// Puts a value where it belongs; null when there are too many.
    JsonValue* place(JsonValue value) {
        if (++m_count > jsonValuesMax) {
            m_problems.push_back({"", fmt::format("more than {} values", jsonValuesMax)});
            return nullptr;
        }
        if (m_open.empty()) {
            m_root = std::move(value);
            return &m_root;
        }
        if (auto* array = std::get_if<JsonValue::Array>(&m_open.back()->value)) {
            return &array->emplace_back(std::move(value));
        }
        auto& object = std::get<JsonValue::Object>(m_open.back()->value);
        return &object.emplace_back(JsonMember{std::move(m_key), std::move(value)}).value;
    }

    bool open(JsonValue value) {
        if (m_open.size() == jsonDepthMax) {
            m_problems.push_back(
                {pointer(), fmt::format("nested more than {} deep", jsonDepthMax)});
            return false;
        }
        JsonValue* placed = place(std::move(value));
        if (placed == nullptr) {
            return false;
        }
        m_open.push_back(placed);
        m_keys.emplace_back();
        return true;
    }

    bool close() {
        m_open.pop_back();
        m_keys.pop_back();
        return true;
    }

    /// Of the innermost open value.
    std::string pointer() const {
        std::string steps;
        for (std::size_t i = 1; i < m_open.size(); ++i) {
            const JsonValue& parent = *m_open[i - 1];
            if (const auto* array = std::get_if<JsonValue::Array>(&parent.value)) {
                steps += fmt::format("/{}", array->size() - 1);
            } else {
                steps += jsonStep(std::get<JsonValue::Object>(parent.value).back().key);
            }
        }
        return steps;
    }

    std::string_view m_text;
    JsonValue m_root;
    std::vector<JsonValue*> m_open;            ///< outermost first; only the innermost grows
    std::vector<std::set<std::string>> m_keys; ///< of each open value
    std::string m_key;
    std::size_t m_count = 0;
    Problems m_problems;
};

std::string escaped(const std::string& text) {
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string numberText(double value) {
    std::string text = fmt::format("{}", value);
    return text.find_first_of(".e") == std::string::npos ? text + ".0" : text; // stays a float
}

/// Writes values, on one line where that is short enough.
class Text {
public:
    explicit Text(std::size_t widthMax) : m_widthMax(widthMax) {}

    std::string of(const JsonValue& value, std::size_t indent) const {
        return std::visit([&](const auto& v) { return text(v, indent); }, value.value);
    }

private:
    static std::string text(std::monostate, std::size_t) { return "null"; }
    static std::string text(bool value, std::size_t) { return value ? "true" : "false"; }
    static std::string text(std::int64_t value, std::size_t) { return fmt::format("{}", value); }
    static std::string text(std::uint64_t value, std::size_t) { return fmt::format("{}", value); }
    static std::string text(double value, std::size_t) { return numberText(value); }
    static std::string text(const std::string& value, std::size_t) { return escaped(value); }

    std::string text(const JsonValue::Array& array, std::size_t indent) const {
        std::vector<std::string> parts;
        for (const JsonValue& value : array) {
            parts.push_back(of(value, indent + 2));
        }
        return joined(parts, '[', ']', indent);
    }

    std::string text(const JsonValue::Object& object, std::size_t indent) const {
        std::vector<std::string> parts;
        for (const JsonMember& member : object) {
            parts.push_back(escaped(member.key) + ": " + of(member.value, indent + 2));
        }
        return joined(parts, '{', '}', indent);
    }

    std::string joined(const std::vector<std::string>& parts, char open, char close,
                       std::size_t indent) const {
        std::size_t width = indent + 2;
        bool lines = false;
        for (const std::string& part : parts) {
            width += part.size() + 2;
            lines = lines || part.find('\n') != std::string::npos;
        }
        if (!lines && width <= m_widthMax) {
            return fmt::format("{}{}{}", open, fmt::join(parts, ", "), close);
        }
        const std::string newline = "\n" + std::string(indent + 2, ' ');
        return fmt::format("{}{}{}\n{}{}", open, newline, fmt::join(parts, "," + newline),
                           std::string(indent, ' '), close);
    }

    std::size_t m_widthMax;
};

} // namespace

const JsonValue* JsonValue::find(std::string_view key) const {
    const auto* object = std::get_if<Object>(&value);
    if (object == nullptr) {
        return nullptr;
    }
    const auto found = std::find_if(object->begin(), object->end(),
                                    [&](const JsonMember& member) { return member.key == key; });
    return found == object->end() ? nullptr : &found->value;
}

bool JsonValue::operator==(const JsonValue& other) const { return value == other.value; }

Result<JsonValue> parseJson(std::string_view text) {
    if (text.size() > jsonBytesMax) {
        return Problems{{"", fmt::format("{} bytes are too many; at most {} are read", text.size(),
                                         jsonBytesMax)}};
    }
    Builder builder(text);
    try {
        nlohmann::json::sax_parse(text.begin(), text.end(), &builder,
                                  nlohmann::json::input_format_t::json, true, true);
    } catch (const nlohmann::json::exception& error) {
        return Problems{{"", reasonOf(error.what())}};
    }
    return builder.take();
}

std::string jsonText(const JsonValue& value) {
    constexpr std::size_t width = 100;
    return Text(width).of(value, 0) + "\n";
}

std::string jsonLine(const JsonValue& value) { return Text(SIZE_MAX).of(value, 0); }

std::string jsonSummary(const JsonValue& value) {
    constexpr std::size_t shownMax = 60;
    if (std::holds_alternative<JsonValue::Array>(value.value)) {
        return "a list";
    }
    if (std::holds_alternative<JsonValue::Object>(value.value)) {
        return "an object";
    }
    const auto* text = std::get_if<std::string>(&value.value);
    if (text == nullptr || text->size() <= shownMax) {
        return jsonLine(value);
    }
    std::size_t end = shownMax;
    while (end > 0 && (static_cast<unsigned char>((*text)[end]) & 0xc0U) == 0x80U) {
        --end; // not inside a UTF-8 character
    }
    return escaped(text->substr(0, end) + "...");
}

std::string jsonStep(std::string_view key) {
    std::string step = "/";
    for (const char c : key) {
        if (c == '~') {
            step += "~0";
        } else if (c == '/') {
            step += "~1";
        } else {
            step += c;
        }
    }
    return step;
}

std::optional<TableValue> tableValue(const JsonValue& json) {
    return std::visit(
        [](const auto& value) -> std::optional<TableValue> {
            using Value = std::remove_cvref_t<decltype(value)>;
            if constexpr (std::is_constructible_v<TableValue, std::in_place_type_t<Value>>) {
                return TableValue(std::in_place_type<Value>, value);
            } else {
                return std::nullopt;
            }
        },
        json.value);
}

} // namespace sim
