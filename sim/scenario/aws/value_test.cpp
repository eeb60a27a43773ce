#include "sim/scenario/aws/value_test.h"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace sim {
namespace {

using AddressBytes = std::array<std::uint8_t, 16>;

std::optional<double> numberOf(const JsonValue& json) {
    return std::visit(
        [](const auto& value) -> std::optional<double> {
            using Value = std::remove_cvref_t<decltype(value)>;
            if constexpr (std::is_arithmetic_v<Value> && !std::is_same_v<Value, bool>) {
                return static_cast<double>(value);
            } else {
                return std::nullopt;
            }
        },
        json.value);
}

char lowerLetter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool sameText(std::string_view a, std::string_view b, bool ignoresCase) {
    return ignoresCase ? std::ranges::equal(a, b, {}, lowerLetter, lowerLetter) : a == b;
}

bool matchesPart(std::string_view text, const TextPart& part) {
    if (part.where == TextPart::Where::Whole || part.text.size() > text.size()) {
        return sameText(text, part.text, part.ignoresCase);
    }
    const std::size_t from =
        part.where == TextPart::Where::Start ? 0 : text.size() - part.text.size();
    return sameText(text.substr(from, part.text.size()), part.text, part.ignoresCase);
}

bool matchesWildcard(std::string_view text, const WildcardText& wildcard) {
    const auto& parts = wildcard.parts;
    if (parts.size() == 1) {
        return text == parts.front();
    }
    if (text.size() < parts.front().size() + parts.back().size() ||
        !text.starts_with(parts.front()) || !text.ends_with(parts.back())) {
        return false;
    }
    std::string_view rest = text.substr(parts.front().size());
    rest.remove_suffix(parts.back().size());
    for (std::size_t i = 1; i + 1 < parts.size(); ++i) { // the first place leaves the most
        const std::size_t found = rest.find(parts[i]);
        if (found == std::string_view::npos) {
            return false;
        }
        rest.remove_prefix(found + parts[i].size());
    }
    return true;
}

bool withinRange(std::int64_t count, const NumberRange& range) {
    const auto& [low, high] = range;
    return (!low || (low->strict ? count > low->at : count >= low->at)) &&
           (!high || (high->strict ? count < high->at : count <= high->at));
}

std::optional<AddressBytes> addressBytes(const std::string& text, bool v6) {
    AddressBytes bytes{};
    const bool one = text.find('\0') == std::string::npos &&
                     inet_pton(v6 ? AF_INET6 : AF_INET, text.c_str(), bytes.data()) == 1;
    return one ? std::optional(bytes) : std::nullopt;
}

/// Only the first `bits` of them.
AddressBytes maskedBytes(AddressBytes bytes, int bits) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const int kept = std::clamp(bits - static_cast<int>(i) * 8, 0, 8);
        bytes[i] = static_cast<std::uint8_t>(bytes[i] & (0xff00 >> kept));
    }
    return bytes;
}

bool sameLiteral(const JsonValue& value, const SameValue& test, const NumberScale& scale) {
    const std::optional<double> number = numberOf(value);
    const std::optional<double> wanted = numberOf(test.value);
    if (!number || !wanted) {
        return value == test.value;
    }
    const auto scaled = scaledNumber(value, scale);
    return scaled || test.scaled ? scaled == test.scaled : *number == *wanted;
}

} // namespace

bool isJsonNumber(const JsonValue& json) { return numberOf(json).has_value(); }

std::optional<std::int64_t> scaledNumber(const JsonValue& json, const NumberScale& scale) {
    const std::optional<double> number = numberOf(json);
    if (!number || !(std::abs(*number) <= scale.max)) {
        return std::nullopt;
    }
    const double count = *number * scale.perOne;
    const double nearest = std::round(count);
    // As far as the double nearest to a decimal number may be off, times perOne.
    const double off = std::abs(count) * 2 * std::numeric_limits<double>::epsilon();
    return static_cast<std::int64_t>(std::abs(count - nearest) <= off ? nearest
                                                                      : std::trunc(count));
}

JsonValue unscaledNumber(std::int64_t count, const NumberScale& scale) {
    const auto perOne = static_cast<std::int64_t>(scale.perOne);
    if (count % perOne == 0) {
        return {count / perOne};
    }
    const double number = static_cast<double>(count) / scale.perOne;
    for (const double toward : {-scale.max, scale.max}) { // large counts are near the resolution
        const JsonValue near{std::nextafter(number, toward)};
        if (scaledNumber({number}, scale) != count && scaledNumber(near, scale) == count) {
            return near;
        }
    }
    return {number};
}

bool satisfies(const JsonValue& value, const ValueTest& test, const NumberScale& scale) {
    if (const auto* same = std::get_if<SameValue>(&test)) {
        return sameLiteral(value, *same, scale);
    }
    if (const auto* range = std::get_if<NumberRange>(&test)) {
        const auto scaled = scaledNumber(value, scale);
        return scaled && withinRange(*scaled, *range);
    }
    const auto* text = std::get_if<std::string>(&value.value);
    if (text == nullptr) {
        return false;
    }
    if (const auto* part = std::get_if<TextPart>(&test)) {
        return matchesPart(*text, *part);
    }
    if (const auto* wildcard = std::get_if<WildcardText>(&test)) {
        return matchesWildcard(*text, *wildcard);
    }
    const auto& block = std::get<AddressBlock>(test);
    const auto bytes = addressBytes(*text, block.v6);
    return bytes && maskedBytes(*bytes, block.bits) == block.network;
}

Result<WildcardText> readWildcard(std::string_view text) {
    WildcardText wildcard{{""}};
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '*') {
            if (i > 0 && wildcard.parts.size() > 1 && wildcard.parts.back().empty()) {
                return Problems{{"", "two stars in a row; expected one"}};
            }
            wildcard.parts.emplace_back();
            continue;
        }
        if (text[i] == '\\') {
            ++i;
            if (i == text.size() || (text[i] != '*' && text[i] != '\\')) {
                return Problems{{"", "a backslash stands before * or another backslash only"}};
            }
        }
        wildcard.parts.back() += text[i];
    }
    return wildcard;
}

std::string writeWildcard(const WildcardText& wildcard) {
    std::string text;
    for (std::size_t i = 0; i < wildcard.parts.size(); ++i) {
        text += i == 0 ? "" : "*";
        for (const char c : wildcard.parts[i]) {
            text += c == '*' || c == '\\' ? "\\" : "";
            text += c;
        }
    }
    return text;
}

Result<AddressBlock> readAddressBlock(const std::string& text) {
    const Problems expected{
        {"", "expected an address and its number of bits, such as 10.0.0.0/24 or 2001:db8::/32"}};
    const std::size_t slash = text.find('/');
    if (slash == std::string::npos) {
        return expected;
    }
    AddressBlock block;
    const std::string address = text.substr(0, slash);
    block.v6 = address.find(':') != std::string::npos;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + slash + 1, end, block.bits);
    const auto bytes = addressBytes(address, block.v6);
    if (read.ec != std::errc() || read.ptr != end || !bytes) {
        return expected;
    }
    const int bitsMax = block.v6 ? 128 : 32;
    if (block.bits < 0 || block.bits > bitsMax) {
        return Problems{
            {"", fmt::format("{} bits are out of range; allowed: 0 to {}", block.bits, bitsMax)}};
    }
    block.network = maskedBytes(*bytes, block.bits);
    return block;
}

std::string writeAddressBlock(const AddressBlock& block) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(block.v6 ? AF_INET6 : AF_INET, block.network.data(), text.data(), text.size());
    return fmt::format("{}/{}", text.data(), block.bits);
}

} // namespace sim
