#pragma once

#include "sim/model/aws/json_path.h"

namespace sim {

/// What a template may say of the rule that an event matched.
struct RuleContext {
    std::string ruleArn;
    std::string ruleName;
    std::string ingestionTime; ///< ISO 8601
};

/// What a target gets in place of the event: a template in which <name> stands for what a path
/// finds in the event.
///
/// Outside of quotes a placeholder becomes the JSON value, a text with its quotes; inside of quotes
/// a text as it is and any other value as JSON, neither of them escaped, so that the outcome may
/// be no JSON. What a path does not find becomes nothing inside of quotes and "" outside.
/// Always there: aws.events.rule-arn, aws.events.rule-name, aws.events.event.ingestion-time,
/// aws.events.event (the event without its detail) and aws.events.event.json (all of it).
///
/// Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
/// Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_InputTransformer.html
/// Not modelled: blanks and line ends, which stay as they are in the template.
class InputTransformer {
public:
    static constexpr std::size_t pathsMax = 100;
    static constexpr std::size_t nameBytesMax = 256;
    static constexpr std::size_t templateBytesMax = 8192;

    /// `paths` has the name of a placeholder and the text of a path in each member. Problems, with
    /// a pointer into {"InputPathsMap": ..., "InputTemplate": ...}: names and paths that are not of
    /// the syntax, too many, a template that is no JSON (one value, or one on each line), a
    /// placeholder without a path or in the place of a key, one of the events inside of quotes.
    static Result<InputTransformer> compile(const JsonObject& paths, std::string_view text);

    std::string apply(const JsonValue& event, const RuleContext& context) const;

    bool operator==(const InputTransformer&) const = default;

private:
    /// Text of the template, and the placeholder after it.
    struct Piece {
        std::string text;
        std::string name;             ///< empty after the last text
        std::optional<JsonPath> path; ///< nothing for those that are always there
        bool quoted = false;
        bool operator==(const Piece&) const = default;
    };
    friend class TemplateReader;

    static std::optional<JsonValue> valueOf(const Piece& piece, const JsonValue& event,
                                            const RuleContext& context);

    std::vector<Piece> m_pieces;
};

} // namespace sim
