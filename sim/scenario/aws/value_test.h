#pragma once

#include "sim/scenario/json.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sim {

/// How a service compares numbers: as multiples of 1 / perOne, up to max on both sides of zero.
/// Digits after that are cut off, and numbers beyond are compared by nothing but equality.
struct NumberScale {
    double max = 0;
    double perOne = 1;
};

bool isJsonNumber(const JsonValue& json);

/// A number as a count of 1 / perOne; nothing for what is not a number or beyond the scale.
std::optional<std::int64_t> scaledNumber(const JsonValue& json, const NumberScale& scale);
/// A number that scaledNumber() takes back to `count`.
JsonValue unscaledNumber(std::int64_t count, const NumberScale& scale);

/// Text, number, true, false or null, and nothing else. Numbers are compared by value: 300 is
/// 300.0 and 3.0e2.
struct SameValue {
    JsonValue value;
    std::optional<std::int64_t> scaled;
    bool operator==(const SameValue&) const = default;
};

/// Text that begins or ends with `text`, or is all of it.
struct TextPart {
    enum class Where : std::uint8_t { Start, End, Whole };
    Where where = Where::Whole;
    bool ignoresCase = false;
    std::string text;
    bool operator==(const TextPart&) const = default;
};

/// Text with any run of characters, also none, where a * stands.
struct WildcardText {
    std::vector<std::string> parts; ///< before, between and after the stars; never empty
    bool operator==(const WildcardText&) const = default;
};

/// A number between two bounds, or equal to one (`low` and `high` not strict and the same).
struct NumberRange {
    struct Bound {
        std::int64_t at = 0; ///< scaled
        bool strict = false;
        bool operator==(const Bound&) const = default;
    };
    std::optional<Bound> low;
    std::optional<Bound> high;
    bool operator==(const NumberRange&) const = default;
};

/// Text that is an IP address of the network.
struct AddressBlock {
    std::array<std::uint8_t, 16> network{}; ///< IPv4 in the first four; the other bits are zero
    bool v6 = false;
    int bits = 0; ///< that an address has in common with the network
    bool operator==(const AddressBlock&) const = default;
};

/// What one value of an event may have to satisfy.
/// Source:
/// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
/// Source: https://docs.aws.amazon.com/sns/latest/dg/numeric-value-matching.html
/// Not modelled: letters beyond ASCII where case is ignored; numbers that are beyond the scale and
/// written in two ways (1e10 and 10000000000), which count as equal here; texts that are the same
/// IPv6 address written in two ways, which count as different where no cidr is asked for.
using ValueTest = std::variant<SameValue, TextPart, WildcardText, NumberRange, AddressBlock>;

/// Requires a value that is neither an object nor a list.
bool satisfies(const JsonValue& value, const ValueTest& test, const NumberScale& scale);

/// What a wildcard's text says. Problems: two stars in a row, a backslash before anything but a
/// star or a backslash.
Result<WildcardText> readWildcard(std::string_view text);
std::string writeWildcard(const WildcardText& wildcard);

/// "10.0.0.0/24", "2001:db8::/32". Problems: no address, no number of bits, too many.
Result<AddressBlock> readAddressBlock(const std::string& text);
std::string writeAddressBlock(const AddressBlock& block);

} // namespace sim
