#pragma once

#include "sim/base/time.h"

#include <cstdint>
#include <optional>
#include <string>

namespace sim {

/// Where a reader of a stream begins: the consumer argument x-stream-offset.
/// Source: https://www.rabbitmq.com/docs/streams#consuming
struct StreamOffset {
    enum class Kind : std::uint8_t {
        First,  ///< the oldest message that is still there
        Last,   ///< the newest one
        Next,   ///< what will be appended from then on
        Number, ///< an offset; where there is no such message, the nearest
        Ago,    ///< the oldest message that is no older
    };
    Kind kind = Kind::Next;
    std::uint64_t number = 0;
    Duration ago{};
};

/// Reads "first", "last", "next", an offset ("42") or a time ("1h": since an hour ago); nothing
/// where it is none of these.
std::optional<StreamOffset> readStreamOffset(const std::string& text);

} // namespace sim
