#include "sim/model/kafka/record_batch.h"

#include <bit>

namespace sim {

namespace {

/// Of a number in the variable-length code of Protocol Buffers, zigzag.
std::uint32_t varintBytes(std::int64_t value) {
    const auto zigzag =
        static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
    return zigzag == 0 ? 1 : (static_cast<std::uint32_t>(std::bit_width(zigzag)) + 6) / 7;
}

/// Of an optional field: its length, -1 without one, and its bytes.
std::uint32_t fieldBytes(std::optional<std::uint32_t> bytes) {
    return bytes ? varintBytes(*bytes) + *bytes : varintBytes(-1);
}

} // namespace

std::uint32_t recordBytes(std::optional<std::uint32_t> key, std::optional<std::uint32_t> value,
                          std::uint32_t offsetDelta, Duration sinceFirst) {
    const std::uint32_t attributes = 1;
    const std::uint32_t headerCount = 1;
    const std::uint32_t body = attributes + varintBytes(sinceFirst / 1ms) +
                               varintBytes(offsetDelta) + fieldBytes(key) + fieldBytes(value) +
                               headerCount;
    return varintBytes(body) + body;
}

} // namespace sim
