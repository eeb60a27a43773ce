#pragma once

#include "sim/base/result.h"
#include "sim/base/time.h"

#include <cstdint>
#include <string>
#include <string_view>

/// Numbers with units as text, and back. Reading takes a decimal number, an optional space and a
/// unit, without rounding where the value is whole (times, bytes); a Problem says what was
/// expected. Writing gives the shortest text that reads back as exactly the same value.
namespace sim {

/// "250ms", "1.5s", "-5s"; units ns, us, ms, s, min, h, d. Whole nanoseconds, at most durationMax
/// either way.
Result<Duration> readDuration(std::string_view text);
std::string writeDuration(Duration duration);

/// A point of simulated time as people type it: a duration from the start on, or a number of
/// seconds: "90s", "1.5".
Result<Instant> readInstant(std::string_view text);

/// As a duration, as a number of nanoseconds that need not be whole: parameters of distributions.
Result<double> readNanoseconds(std::string_view text);
std::string writeNanoseconds(double nanoseconds);

/// "50/s", "3/min", "2/h", "1/d" as a number per second.
Result<double> readRate(std::string_view text);
std::string writeRate(double perSecond);

/// "256B", "4KiB", "1MB"; units B, kB, MB, GB, TB (powers of 1000), KiB, MiB, GiB, TiB (of 1024).
/// Whole bytes below 2^63.
Result<std::uint64_t> readBytes(std::string_view text);
std::string writeBytes(std::uint64_t bytes);

/// As bytes, as a number that need not be whole: parameters of distributions.
Result<double> readByteAmount(std::string_view text);
std::string writeByteAmount(double bytes);

/// "1MB/s", "100Mbit/s" as bytes per second.
Result<double> readBandwidth(std::string_view text);
std::string writeBandwidth(double bytesPerSecond);

/// "1%", or a plain number "0.01".
Result<double> readProbability(std::string_view text);
/// As a percentage where that reads back as the same number, otherwise as a plain number.
std::string writeProbability(double probability);

} // namespace sim
