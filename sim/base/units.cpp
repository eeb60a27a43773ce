#include "sim/base/units.h"

#include <array>
#include <charconv>
#include <fmt/format.h>
#include <limits>
#include <numeric>
#include <optional>
#include <span>

namespace sim {
namespace {

/// A unit and its size in the smallest one.
struct Whole {
    std::string_view name;
    std::int64_t size;
    bool decimal; ///< is written with decimals
};
constexpr std::array timeUnits{
    Whole{"ns", 1, true},
    Whole{"us", 1'000, true},
    Whole{"ms", 1'000'000, true},
    Whole{"s", 1'000'000'000, true},
    Whole{"min", 60'000'000'000, false},
    Whole{"h", 3'600'000'000'000, false},
    Whole{"d", 86'400'000'000'000, false},
};
constexpr std::array byteUnits{
    Whole{"B", 1, true},
    Whole{"kB", 1'000, true},
    Whole{"MB", 1'000'000, true},
    Whole{"GB", 1'000'000'000, true},
    Whole{"TB", 1'000'000'000'000, true},
    Whole{"KiB", 1LL << 10, false},
    Whole{"MiB", 1LL << 20, false},
    Whole{"GiB", 1LL << 30, false},
    Whole{"TiB", 1LL << 40, false},
};

/// A unit of a number that need not be whole: value = number * times / by.
struct Real {
    std::string_view name;
    double times;
    double by;
    bool written; ///< is used for writing
};
constexpr std::array rateUnits{
    Real{"/s", 1, 1, true},      Real{"/min", 1, 60, true},    Real{"/h", 1, 3'600, true},
    Real{"/d", 1, 86'400, true}, Real{"/ms", 1'000, 1, false}, Real{"/us", 1e6, 1, false},
};
constexpr std::array bandwidthUnits{
    Real{"B/s", 1, 1, true},         Real{"kB/s", 1e3, 1, true},
    Real{"MB/s", 1e6, 1, true},      Real{"GB/s", 1e9, 1, true},
    Real{"TB/s", 1e12, 1, true},     Real{"KiB/s", 1 << 10, 1, true},
    Real{"MiB/s", 1 << 20, 1, true}, Real{"GiB/s", 1 << 30, 1, true},
    Real{"bit/s", 1, 8, false},      Real{"kbit/s", 1e3, 8, false},
    Real{"Mbit/s", 1e6, 8, false},   Real{"Gbit/s", 1e9, 8, false},
};
constexpr std::array nanosecondUnits{Real{"ns", 1, 1, true}};
constexpr std::array byteAmountUnits{Real{"B", 1, 1, true}};
constexpr std::array probabilityUnits{Real{"%", 1, 100, true}, Real{"", 1, 1, true}};

/// Shown in problems: the beginning of what was found.
std::string quoted(std::string_view text) {
    constexpr std::size_t shownMax = 60;
    if (text.size() <= shownMax) {
        return fmt::format("\"{}\"", text);
    }
    std::size_t end = shownMax;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) {
        --end; // not inside a UTF-8 character
    }
    return fmt::format("\"{}...\"", text.substr(0, end));
}

Problems expected(std::string_view what, std::string_view found) {
    return {Problem{"", fmt::format("{} is not {}", quoted(found), what)}};
}

struct Split {
    std::string_view number;
    std::string_view unit;
};

bool isNumberCharacter(std::string_view text, std::size_t i) {
    const char c = text[i];
    const bool afterExponent = i > 0 && (text[i - 1] == 'e' || text[i - 1] == 'E');
    const bool exponent =
        (c == 'e' || c == 'E') && i > 0 && i + 1 < text.size() &&
        ((text[i + 1] >= '0' && text[i + 1] <= '9') || text[i + 1] == '-' || text[i + 1] == '+');
    return (c >= '0' && c <= '9') || c == '.' || (c == '-' && (i == 0 || afterExponent)) ||
           (c == '+' && afterExponent) || exponent;
}

Split split(std::string_view text) {
    while (!text.empty() && text.back() == ' ') {
        text.remove_suffix(1);
    }
    while (!text.empty() && text.front() == ' ') {
        text.remove_prefix(1);
    }
    std::size_t end = 0;
    while (end < text.size() && isNumberCharacter(text, end)) {
        ++end;
    }
    std::string_view unit = text.substr(end);
    while (!unit.empty() && unit.front() == ' ') {
        unit.remove_prefix(1);
    }
    return {text.substr(0, end), unit};
}

template <typename Units> auto unitNamed(std::string_view name, const Units& units) {
    using Unit = typename Units::value_type;
    for (const Unit& unit : units) {
        if (unit.name == name) {
            return std::optional<Unit>(unit);
        }
    }
    return std::optional<Unit>();
}

bool onlyDigits(std::string_view text) {
    return text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::optional<std::int64_t> integer(std::string_view digits) {
    std::int64_t value = 0;
    const char* end = digits.data() + digits.size();
    const auto [stopped, error] = std::from_chars(digits.data(), end, value);
    return error == std::errc() && stopped == end ? std::optional(value) : std::nullopt;
}

constexpr std::int64_t int64Max = std::numeric_limits<std::int64_t>::max();

/// `digits` after the decimal point, times `unit`: whole, or nothing.
std::optional<std::int64_t> fractionOf(std::string_view digits, std::int64_t unit) {
    while (!digits.empty() && digits.back() == '0') {
        digits.remove_suffix(1);
    }
    if (digits.empty()) {
        return 0;
    }
    constexpr std::size_t digitsMax = 18; // 10^18 is the last power of ten in 64 bits
    if (digits.size() > digitsMax) {
        return std::nullopt;
    }
    std::int64_t power = 1;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        power *= 10;
    }
    const std::int64_t common = std::gcd(unit, power);
    const std::int64_t value = *integer(digits);
    if (value % (power / common) != 0) {
        return std::nullopt;
    }
    return value / (power / common) * (unit / common);
}

enum class Flaw : std::uint8_t { NoNumber, TooGreat, NotWhole };

/// `number` times `unit` where that is a whole number, without a sign.
std::variant<std::int64_t, Flaw> wholeOf(std::string_view number, std::int64_t unit) {
    const std::size_t point = std::min(number.find('.'), number.size());
    const std::string_view before = number.substr(0, point);
    const std::string_view after = number.substr(std::min(point + 1, number.size()));
    if (before.empty() || !onlyDigits(before) || !onlyDigits(after) ||
        (point < number.size() && after.empty())) {
        return Flaw::NoNumber;
    }
    const auto whole = integer(before);
    if (!whole || *whole > int64Max / unit - 1) {
        return Flaw::TooGreat;
    }
    const auto fraction = fractionOf(after, unit);
    if (!fraction) {
        return Flaw::NotWhole;
    }
    return *whole * unit + *fraction;
}

/// `value` in `unit` as a decimal number without rounding. Requires value >= 0.
std::string decimal(std::int64_t value, std::int64_t unit) {
    std::string text = fmt::format("{}", value / unit);
    std::int64_t rest = value % unit;
    if (rest > 0) {
        text += '.';
    }
    while (rest > 0) {
        unit /= 10;
        text += static_cast<char>('0' + rest / unit);
        rest %= unit;
    }
    return text;
}

/// The shortest text; among equally short ones that of the greatest unit.
std::string shortest(std::int64_t value, std::span<const Whole> units) {
    std::string best = fmt::format("{}{}", value, units.front().name);
    for (const Whole& unit : units.subspan(1)) {
        if (value < unit.size || (!unit.decimal && value % unit.size != 0)) {
            continue;
        }
        std::string text = decimal(value, unit.size) + std::string(unit.name);
        if (text.size() <= best.size()) {
            best = std::move(text);
        }
    }
    return best;
}

/// The number before a unit as the nearest double; a power of ten in `by` shifts the decimal point
/// instead of rounding twice.
std::optional<double> realOf(std::string_view number, const Real& unit) {
    double value = 0;
    const bool percent = unit.by == 100 && number.find_first_of("eE") == std::string_view::npos;
    const std::string shifted = percent ? std::string(number) + "e-2" : std::string(number);
    const char* end = shifted.data() + shifted.size();
    const auto [stopped, error] = std::from_chars(shifted.data(), end, value);
    if (error != std::errc() || stopped != end) {
        return std::nullopt;
    }
    return percent ? value : value * unit.times / unit.by;
}

Result<double> readReal(std::string_view text, std::span<const Real> units,
                        std::string_view expectation) {
    const auto [number, name] = split(text);
    for (const Real& unit : units) {
        if (unit.name != name || number.empty()) {
            continue;
        }
        const auto value = realOf(number, unit);
        if (value && *value - *value == 0) { // finite
            return *value;
        }
    }
    return expected(expectation, text);
}

/// The number that `unit` needs in front of it, in as few digits as give `value` back.
std::optional<std::string> realText(double value, const Real& unit) {
    std::string number = fmt::format("{}", value / unit.times * unit.by);
    if (unit.by == 100) { // a shift of the decimal point does not round
        constexpr int digitsMax = 17;
        for (int digits = 1; digits <= digitsMax; ++digits) {
            const std::string rounded = fmt::format("{:.{}g}", value * unit.by, digits);
            number = fmt::format("{}", *realOf(rounded, Real{"", 1, 1, true}));
            const auto back = realOf(number, unit);
            if (back && *back == value) {
                break;
            }
        }
    }
    const auto back = realOf(number, unit);
    if (!back || *back != value) {
        return std::nullopt;
    }
    return number + std::string(unit.name);
}

std::string shortestReal(double value, std::span<const Real> units) {
    std::optional<std::string> best = realText(value, units.front());
    for (const Real& unit : units.subspan(1)) {
        const auto text = unit.written ? realText(value, unit) : std::nullopt;
        if (text && (!best || text->size() < best->size())) {
            best = text;
        }
    }
    return best.value_or(fmt::format("{}{}", value, units.front().name));
}

/// Whether `value` is a whole number from 0 to max. Requires max < 2^63.
bool isWhole(double value, double max) {
    return value >= 0 && value <= max &&
           static_cast<double>(static_cast<std::int64_t>(value)) == value;
}

constexpr std::string_view aDuration =
    R"(a duration, as "250ms" or "1.5s" (units ns, us, ms, s, min, h, d))";
constexpr std::string_view anInstant =
    R"(a time from the start on, as "90s", "250ms" or "1.5" (units ns, us, ms, s, min, h, d; )"
    R"(without one, seconds; whole nanoseconds, at most 3653 days))";
constexpr std::string_view aSize =
    R"(a number of bytes, as "256B" or "4KiB" (units B, kB, MB, GB, TB, KiB, MiB, GiB, TiB))";

} // namespace

Result<Duration> readDuration(std::string_view text) {
    auto [number, name] = split(text);
    const bool negative = !number.empty() && number.front() == '-';
    number.remove_prefix(negative ? 1 : 0);
    if (number == "0" && name.empty()) {
        return Duration{};
    }
    const auto unit = unitNamed(name, timeUnits);
    if (!unit) {
        return expected(aDuration, text);
    }
    const auto value = wholeOf(number, unit->size);
    if (value == decltype(value){Flaw::NoNumber}) {
        return expected(aDuration, text);
    }
    if (value == decltype(value){Flaw::NotWhole}) {
        return expected("a whole number of nanoseconds", text);
    }
    const auto* count = std::get_if<std::int64_t>(&value);
    if (count == nullptr || Duration{*count} > durationMax) {
        return expected("within the 3653 days that a duration may be", text);
    }
    return Duration{negative ? -*count : *count};
}

std::string writeDuration(Duration duration) {
    const std::int64_t count = duration.count();
    return count < 0 ? "-" + writeDuration(-duration)
                     : (count == 0 ? "0s" : shortest(count, timeUnits));
}

Result<Instant> readInstant(std::string_view text) {
    const auto [number, unit] = split(text);
    const auto time = unit.empty() ? readDuration(fmt::format("{}s", number)) : readDuration(text);
    if (!time || *time < Duration{}) {
        return expected(anInstant, text);
    }
    return start + *time;
}

Result<double> readNanoseconds(std::string_view text) {
    if (const auto whole = readDuration(text)) {
        return static_cast<double>(whole->count());
    }
    return readReal(text, nanosecondUnits, aDuration);
}

std::string writeNanoseconds(double nanoseconds) {
    return isWhole(nanoseconds, static_cast<double>(durationMax.count()))
               ? writeDuration(Duration{static_cast<std::int64_t>(nanoseconds)})
               : fmt::format("{}ns", nanoseconds);
}

Result<double> readRate(std::string_view text) {
    return readReal(text, rateUnits, R"(a rate, as "50/s" or "3/min" (per s, min, h, d))");
}

std::string writeRate(double perSecond) { return shortestReal(perSecond, rateUnits); }

Result<std::uint64_t> readBytes(std::string_view text) {
    const auto [number, name] = split(text);
    const auto unit = unitNamed(name == "KB" ? "kB" : name, byteUnits);
    if (!unit) {
        return expected(aSize, text);
    }
    const auto value = wholeOf(number, unit->size);
    if (const auto* count = std::get_if<std::int64_t>(&value)) {
        return static_cast<std::uint64_t>(*count);
    }
    switch (std::get<Flaw>(value)) {
    case Flaw::NotWhole:
        return expected("a whole number of bytes", text);
    case Flaw::TooGreat:
        return expected("below 2^63 bytes", text);
    case Flaw::NoNumber:
        break;
    }
    return expected(aSize, text);
}

std::string writeBytes(std::uint64_t bytes) {
    SIM_CHECK(bytes <= static_cast<std::uint64_t>(int64Max));
    return shortest(static_cast<std::int64_t>(bytes), byteUnits);
}

Result<double> readByteAmount(std::string_view text) {
    if (const auto whole = readBytes(text)) {
        return static_cast<double>(*whole);
    }
    return readReal(text, byteAmountUnits, aSize);
}

std::string writeByteAmount(double bytes) {
    constexpr double wholeMax = 9e18;
    return isWhole(bytes, wholeMax) ? writeBytes(static_cast<std::uint64_t>(bytes))
                                    : fmt::format("{}B", bytes);
}

Result<double> readBandwidth(std::string_view text) {
    return readReal(text, bandwidthUnits,
                    "a bandwidth, as \"1MB/s\" or \"100Mbit/s\" (B, kB, MB, GB, KiB, MiB, GiB or "
                    "bit, kbit, Mbit, Gbit per s)");
}

std::string writeBandwidth(double bytesPerSecond) {
    return shortestReal(bytesPerSecond, bandwidthUnits);
}

Result<double> readProbability(std::string_view text) {
    return readReal(text, probabilityUnits, "a probability, as \"1%\" or 0.01");
}

std::string writeProbability(double probability) {
    return realText(probability, probabilityUnits.front()).value_or(fmt::format("{}", probability));
}

} // namespace sim
