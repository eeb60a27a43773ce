#include "sim/model/aws/input_transformer.h"

#include "sim/scenario/near_name.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace sim {
namespace {

constexpr std::string_view wholeEvent = "aws.events.event.json";
constexpr std::string_view eventAlone = "aws.events.event";
constexpr std::string_view alwaysThere[] = {"aws.events.rule-arn", "aws.events.rule-name",
                                            "aws.events.event.ingestion-time", eventAlone,
                                            wholeEvent};

bool isNameCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

bool isAlwaysThere(std::string_view name) {
    return std::ranges::find(alwaysThere, name) != std::end(alwaysThere);
}

/// One JSON value, or one on each line.
std::optional<Problem> templateProblem(const std::string& filled) {
    const auto whole = parseJson(filled);
    if (whole) {
        return std::nullopt;
    }
    for (std::size_t begin = 0; begin < filled.size();) {
        const std::size_t end = std::min(filled.find('\n', begin), filled.size());
        const std::string line = filled.substr(begin, end - begin);
        if (line.find_first_not_of(" \t\r") != std::string::npos && !parseJson(line)) {
            return Problem{"/InputTemplate",
                           fmt::format("is not JSON: {}; a text stands in quotes, a placeholder "
                                       "in the place of a value or inside of quotes",
                                       whole.error().front().what)};
        }
        begin = end + 1;
    }
    return std::nullopt;
}

JsonValue withoutDetail(const JsonValue& event) {
    JsonValue copy = event;
    if (auto* object = std::get_if<JsonValue::Object>(&copy.value)) {
        std::erase_if(*object, [](const JsonMember& member) { return member.key == "detail"; });
    }
    return copy;
}

} // namespace

/// Finds the placeholders of a template and sees to it that it is JSON once they are filled.
class TemplateReader {
public:
    using Piece = InputTransformer::Piece;
    using Paths = std::map<std::string, JsonPath, std::less<>>;

    explicit TemplateReader(Problems& problems) : m_problems(problems) {}

    void readPaths(const JsonObject& paths) {
        if (paths.size() > InputTransformer::pathsMax) {
            m_problems.push_back(
                {"/InputPathsMap", fmt::format("{} paths are too many; allowed: up to {}",
                                               paths.size(), InputTransformer::pathsMax)});
        }
        for (const JsonMember& member : paths) {
            readPath(member, "/InputPathsMap" + jsonStep(member.key));
        }
    }

    std::vector<Piece> readTemplate(std::string_view text) {
        if (text.empty() || text.size() > InputTransformer::templateBytesMax) {
            add(fmt::format("{} characters; allowed: 1 to {}", text.size(),
                            InputTransformer::templateBytesMax));
            return {};
        }
        std::vector<Piece> pieces{{}};
        std::string filled; // as long as the template, so that places in it are the same
        bool quoted = false;
        for (std::size_t i = 0; i < text.size();) {
            const std::size_t length = placeholderAt(text, i);
            if (length > 0) {
                finish(pieces.back(), text, i, length, quoted);
                pieces.emplace_back();
                filled += quoted ? ' ' : '0';
                filled.append(length - 1, ' ');
                i += length;
                continue;
            }
            const std::size_t taken = quoted && text[i] == '\\' && i + 1 < text.size() ? 2 : 1;
            quoted = quoted != (text[i] == '"');
            pieces.back().text += text.substr(i, taken);
            filled += text.substr(i, taken);
            i += taken;
        }
        if (const auto problem = templateProblem(filled)) {
            m_problems.push_back(*problem);
        }
        return pieces;
    }

private:
    void readPath(const JsonMember& member, const std::string& where) {
        m_names.push_back(member.key);
        if (member.key.empty() || member.key.size() > InputTransformer::nameBytesMax ||
            !std::ranges::all_of(member.key, isNameCharacter)) {
            m_problems.push_back({where, fmt::format("a name has 1 to {} letters, digits, - and _",
                                                     InputTransformer::nameBytesMax)});
        }
        const auto* text = std::get_if<std::string>(&member.value.value);
        if (text == nullptr) {
            m_problems.push_back(
                {where, fmt::format("found {}; expected a path such as $.detail.id",
                                    jsonSummary(member.value))});
            return;
        }
        auto path = JsonPath::read(*text);
        if (path) {
            m_paths.emplace(member.key, std::move(*path));
        } else {
            m_problems.push_back({where, path.error().front().what});
        }
    }

    /// How long the placeholder is that begins there; 0 for none.
    static std::size_t placeholderAt(std::string_view text, std::size_t at) {
        if (text[at] != '<') {
            return 0;
        }
        std::size_t end = at + 1;
        while (end < text.size() && (isNameCharacter(text[end]) || text[end] == '.')) {
            ++end;
        }
        return end < text.size() && text[end] == '>' && end > at + 1 ? end + 1 - at : 0;
    }

    void finish(Piece& piece, std::string_view text, std::size_t at, std::size_t length,
                bool quoted) {
        piece.name = text.substr(at + 1, length - 2);
        piece.quoted = quoted;
        if (const auto path = m_paths.find(piece.name); path != m_paths.end()) {
            piece.path = path->second;
        } else if (!isAlwaysThere(piece.name)) {
            addUnknown(piece.name);
        }
        if (quoted && (piece.name == eventAlone || piece.name == wholeEvent)) {
            add(fmt::format("<{}> stands inside of quotes; it is JSON, and may only be the value "
                            "of a field",
                            piece.name));
        }
        if (isKey(text.substr(at + length), quoted)) {
            add(fmt::format("<{}> stands in the place of a key; expected the place of a value",
                            piece.name));
        }
    }

    void addUnknown(const std::string& name) {
        const auto known = std::ranges::find(m_names, name);
        if (known == m_names.end()) { // else its path has a problem
            add(fmt::format("<{}> has no path{}", name, didYouMean(name, m_names)));
        }
    }

    /// Whether the text after a placeholder makes a key of what it is in.
    static bool isKey(std::string_view rest, bool quoted) {
        while (quoted && !rest.empty() && rest.front() != '"') {
            rest.remove_prefix(rest.front() == '\\' && rest.size() > 1 ? 2 : 1);
        }
        rest.remove_prefix(std::min<std::size_t>(quoted ? 1 : 0, rest.size()));
        const std::size_t next = rest.find_first_not_of(" \t\r\n");
        return next != std::string_view::npos && rest[next] == ':';
    }

    void add(std::string what) { m_problems.push_back({"/InputTemplate", std::move(what)}); }

    Problems& m_problems;
    Paths m_paths;
    std::vector<std::string> m_names; ///< also of those whose path has a problem
};

Result<InputTransformer> InputTransformer::compile(const JsonObject& paths, std::string_view text) {
    Problems problems;
    TemplateReader reader(problems);
    reader.readPaths(paths);
    InputTransformer transformer;
    transformer.m_pieces = reader.readTemplate(text);
    if (!problems.empty()) {
        return problems;
    }
    return transformer;
}

std::optional<JsonValue> InputTransformer::valueOf(const Piece& piece, const JsonValue& event,
                                                   const RuleContext& context) {
    if (piece.path) {
        return piece.path->find(event);
    }
    if (piece.name == wholeEvent) {
        return event;
    }
    if (piece.name == eventAlone) {
        return withoutDetail(event);
    }
    return JsonValue{piece.name == "aws.events.rule-arn"    ? context.ruleArn
                     : piece.name == "aws.events.rule-name" ? context.ruleName
                                                            : context.ingestionTime};
}

std::string InputTransformer::apply(const JsonValue& event, const RuleContext& context) const {
    std::string text;
    for (const Piece& piece : m_pieces) {
        text += piece.text;
        if (piece.name.empty()) {
            continue;
        }
        const auto value = valueOf(piece, event, context);
        if (!value) {
            text += piece.quoted ? "" : "\"\"";
            continue;
        }
        const auto* plain = std::get_if<std::string>(&value->value);
        text += piece.quoted && plain != nullptr ? *plain : jsonLine(*value);
    }
    return text;
}

} // namespace sim
