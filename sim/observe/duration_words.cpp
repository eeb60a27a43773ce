#include "sim/observe/duration_words.h"

#include <cstdlib>
#include <fmt/format.h>

namespace sim {
namespace {

/// "1.5" for 1500 and three digits; no zeros at the end.
std::string decimal(std::int64_t thousandths, int digits, std::int64_t unit) {
    std::string text = fmt::format("{}.{:0{}}", thousandths / unit, thousandths % unit, digits);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') {
        text.pop_back();
    }
    return text;
}

} // namespace

std::string inWords(Duration duration) {
    const std::int64_t nanoseconds = std::abs(duration.count());
    const std::string sign = duration.count() < 0 ? "-" : "";
    if (nanoseconds == 0) {
        return "0 s";
    }
    if (nanoseconds < 1'000) {
        return sign + std::to_string(nanoseconds) + " ns";
    }
    if (nanoseconds < 1'000'000) {
        return sign + decimal(nanoseconds, 3, 1'000) + " us";
    }
    if (nanoseconds < 1'000'000'000) {
        return sign + decimal(nanoseconds / 1'000, 3, 1'000) + " ms";
    }
    return sign + decimal(nanoseconds / 1'000'000, 3, 1'000) + " s";
}

std::string inWords(Instant instant) {
    return decimal(instant.time_since_epoch().count() / 1'000, 6, 1'000'000) + " s";
}

} // namespace sim
