#pragma once

#include <cstdint>

namespace sim {

/// Instructions on several numbers at once, each level with those before it: none, AVX2, and
/// AVX-512 on 256 bits (F and VL; on 512 bits, processors lower their clock).
enum class Instructions : std::uint8_t { Portable, Avx2, Avx512 };

/// The best that this processor has. Asked once for each pending set; results do not depend on it.
Instructions widestInstructions();

} // namespace sim
