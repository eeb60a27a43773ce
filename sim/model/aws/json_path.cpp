#include "sim/model/aws/json_path.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace sim {
namespace {

bool isKeyCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '/';
}

} // namespace

Result<JsonPath> JsonPath::read(std::string_view text) {
    if (text.size() > bytesMax) {
        return Problems{{"", fmt::format("{} characters are too many; allowed: up to {}",
                                         text.size(), bytesMax)}};
    }
    if (!text.starts_with('$')) {
        return Problems{
            {"", fmt::format("found \"{}\"; expected a path such as $.detail.id", text)}};
    }
    JsonPath path;
    std::string_view rest = text.substr(1);
    while (!rest.empty()) {
        const std::size_t at = text.size() - rest.size();
        auto step = readStep(rest);
        if (!step) {
            return Problems{{"", fmt::format("found \"{}\" after \"{}\"; allowed: .key, .*, [0] "
                                             "and [*]",
                                             text.substr(at), text.substr(0, at))}};
        }
        path.m_steps.push_back(std::move(*step));
    }
    return path;
}

/// Takes one step off the beginning.
std::optional<JsonPath::Step> JsonPath::readStep(std::string_view& rest) {
    for (const bool inList : {false, true}) {
        const std::string_view every = inList ? "[*]" : ".*";
        if (rest.starts_with(every)) {
            rest.remove_prefix(every.size());
            return Every{inList};
        }
    }
    if (rest.front() == '.') {
        const auto* end = std::find_if_not(rest.begin() + 1, rest.end(), isKeyCharacter);
        std::string key(rest.begin() + 1, end);
        rest = {end, static_cast<std::size_t>(rest.end() - end)};
        return key.empty() ? std::nullopt : std::optional<Step>(std::move(key));
    }
    const std::size_t close = rest.find(']');
    if (rest.front() != '[' || close == std::string_view::npos) {
        return std::nullopt;
    }
    std::size_t index = 0;
    const char* end = rest.data() + close;
    const auto read = std::from_chars(rest.data() + 1, end, index);
    if (read.ec != std::errc() || read.ptr != end) {
        return std::nullopt;
    }
    rest.remove_prefix(close + 1);
    return index;
}

void JsonPath::follow(const JsonValue& value, const Step& step,
                      std::vector<const JsonValue*>& found) {
    const auto* list = std::get_if<JsonValue::Array>(&value.value);
    if (const auto* key = std::get_if<std::string>(&step)) {
        if (const JsonValue* member = value.find(*key)) {
            found.push_back(member);
        }
    } else if (const auto* index = std::get_if<std::size_t>(&step)) {
        if (list != nullptr && *index < list->size()) {
            found.push_back(&(*list)[*index]);
        }
    } else if (list != nullptr) {
        for (const JsonValue& element : *list) {
            found.push_back(&element);
        }
    } else if (const auto* object = std::get_if<JsonValue::Object>(&value.value);
               object != nullptr && !std::get<Every>(step).inList) {
        for (const JsonMember& member : *object) {
            found.push_back(&member.value);
        }
    }
}

std::optional<JsonValue> JsonPath::find(const JsonValue& event) const {
    std::vector<const JsonValue*> values{&event};
    bool several = false;
    for (const Step& step : m_steps) {
        std::vector<const JsonValue*> next;
        for (const JsonValue* value : values) {
            follow(*value, step, next);
        }
        values = std::move(next);
        several = several || std::holds_alternative<Every>(step);
    }
    if (values.empty()) {
        return std::nullopt;
    }
    if (!several) {
        return *values.front();
    }
    JsonValue::Array list;
    for (const JsonValue* value : values) {
        list.push_back(*value);
    }
    return JsonValue{list};
}

std::string JsonPath::text() const {
    std::string text = "$";
    for (const Step& step : m_steps) {
        if (const auto* key = std::get_if<std::string>(&step)) {
            text += "." + *key;
        } else if (const auto* index = std::get_if<std::size_t>(&step)) {
            text += fmt::format("[{}]", *index);
        } else {
            text += std::get<Every>(step).inList ? "[*]" : ".*";
        }
    }
    return text;
}

} // namespace sim
