#include "sim/interop/argument_reader.h"

#include <cmath>
#include <fmt/format.h>

namespace sim {

std::optional<std::string> ArgumentReader::textOf(const BrokerArgument& argument,
                                                  const std::string& where) {
    const auto* text = argument.value ? std::get_if<std::string>(&*argument.value) : nullptr;
    if (text == nullptr) {
        wrong(where, argument, "is not a text");
        return std::nullopt;
    }
    return *text;
}

/// A whole number from 0; some clients send it as a float.
std::optional<std::uint64_t> ArgumentReader::numberOf(const BrokerArgument& argument,
                                                      const std::string& where, std::uint64_t max) {
    const auto* whole = argument.value ? std::get_if<std::int64_t>(&*argument.value) : nullptr;
    const auto* real = argument.value ? std::get_if<double>(&*argument.value) : nullptr;
    if (whole != nullptr && *whole >= 0 && static_cast<std::uint64_t>(*whole) <= max) {
        return static_cast<std::uint64_t>(*whole);
    }
    if (real != nullptr && *real >= 0 && *real <= 1e15 && *real == std::floor(*real) &&
        static_cast<std::uint64_t>(*real) <= max) {
        return static_cast<std::uint64_t>(*real);
    }
    wrong(where, argument, fmt::format("is no whole number from 0 to {}", max));
    return std::nullopt;
}

void ArgumentReader::wrong(const std::string& where, const BrokerArgument& argument,
                           std::string what) {
    m_problems.push_back(
        {fmt::format("{}/{}/{}", where, m_section, argument.name), std::move(what)});
}

} // namespace sim
