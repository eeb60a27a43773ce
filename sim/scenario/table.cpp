#include "sim/scenario/table.h"

#include "sim/scenario/json.h"

#include <fmt/format.h>

namespace sim {

std::string valueText(const TableValue& value) {
    struct Text {
        std::string operator()(std::monostate) const { return "(void)"; }
        std::string operator()(bool v) const { return v ? "true" : "false"; }
        std::string operator()(std::int64_t v) const { return std::to_string(v); }
        std::string operator()(double v) const { return fmt::format("{}", v); }
        std::string operator()(const std::string& v) const { return v; }
    };
    return std::visit(Text{}, value);
}

Result<Table::value_type> readHeader(const std::string& text) {
    const std::size_t equals = text.find('=');
    if (equals != std::string::npos && equals > 0 && text[equals - 1] != ':') {
        return std::pair(text.substr(0, equals), TableValue{text.substr(equals + 1)});
    }
    if (equals != std::string::npos && equals > 1) {
        const auto json = parseJson(text.substr(equals + 1));
        if (const auto value = json ? tableValue(*json) : std::nullopt) {
            return std::pair(text.substr(0, equals - 1), *value);
        }
    }
    return Problems{{"", fmt::format("{}: expected name=text, or name:=JSON with a number, a text, "
                                     "true, false or null",
                                     text)}};
}

std::string writeHeader(const Table::value_type& header) {
    const auto& [name, value] = header;
    if (const auto* text = std::get_if<std::string>(&value);
        text != nullptr && !name.ends_with(':') && text->find('\n') == std::string::npos) {
        return fmt::format("{}={}", name, *text);
    }
    const JsonValue json = std::visit([](const auto& each) { return JsonValue{each}; }, value);
    return fmt::format("{}:={}", name, jsonLine(json));
}

} // namespace sim
