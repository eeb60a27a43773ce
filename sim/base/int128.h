#pragma once

namespace sim {

/// Sums of products of counts and nanoseconds pass 64 bits within a long run.
__extension__ typedef __int128 Int128; // NOLINT(modernize-use-using): __extension__ needs it

} // namespace sim
