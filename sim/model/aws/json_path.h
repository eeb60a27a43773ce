#pragma once

#include "sim/scenario/json.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sim {

/// A place in an event: $, $.detail.order-id, $.resources[0], $.detail.items[*].sku. Keys have
/// letters, digits, - _ and /; * and [*] stand for all values of an object or list.
/// Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
/// Not modelled: nothing known; filters, slices, recursive descent and quoted keys are refused, as
/// the service does not have them.
class JsonPath {
public:
    static constexpr std::size_t bytesMax = 256;

    /// Problems, without a place: too long, no $ at the beginning, or what is not of this syntax.
    static Result<JsonPath> read(std::string_view text);

    /// What stands there, or nothing. A path with * gives a list of all that it finds.
    std::optional<JsonValue> find(const JsonValue& event) const;

    std::string text() const;
    bool operator==(const JsonPath&) const = default;

private:
    struct Every {
        bool inList = false; ///< written [*]
        bool operator==(const Every&) const = default;
    };
    using Step = std::variant<std::string, std::size_t, Every>;

    static std::optional<Step> readStep(std::string_view& rest);
    static void follow(const JsonValue& value, const Step& step,
                       std::vector<const JsonValue*>& found);

    std::vector<Step> m_steps;
};

} // namespace sim
