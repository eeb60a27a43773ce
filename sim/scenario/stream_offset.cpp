#include "sim/scenario/stream_offset.h"

#include "sim/base/units.h"

#include <charconv>

namespace sim {

std::optional<StreamOffset> readStreamOffset(const std::string& text) {
    if (text == "first") {
        return StreamOffset{.kind = StreamOffset::Kind::First};
    }
    if (text == "last") {
        return StreamOffset{.kind = StreamOffset::Kind::Last};
    }
    if (text == "next") {
        return StreamOffset{.kind = StreamOffset::Kind::Next};
    }
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc{} && end == text.data() + text.size()) {
        return StreamOffset{.kind = StreamOffset::Kind::Number, .number = number};
    }
    if (const Result<Duration> ago = readDuration(text); ago && *ago >= Duration{}) {
        return StreamOffset{.kind = StreamOffset::Kind::Ago, .ago = *ago};
    }
    return std::nullopt;
}

} // namespace sim
