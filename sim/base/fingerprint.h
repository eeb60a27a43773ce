#pragma once

#include <bit>
#include <cstdint>
#include <string>

namespace sim {

/// A 64-bit hash of a sequence of numbers: it depends on their values and on their order. Two runs
/// with the same fingerprint went the same way, but for a chance of 2^-64. Not for secrets.
class Fingerprint {
public:
    void add(std::uint64_t a) { mix(a * first); }

    /// Three numbers in one step, in about the time of one. Not the same as adding them singly.
    void add3(std::uint64_t a, std::uint64_t b, std::uint64_t c) {
        mix(a * first + std::rotl(b * second, 23) + std::rotl(c * third, 47));
    }

    std::uint64_t value() const {
        std::uint64_t z = m_state;
        z = (z ^ (z >> 30)) * second;
        z = (z ^ (z >> 27)) * third;
        return z ^ (z >> 31);
    }

    /// 16 hexadecimal digits.
    std::string text() const {
        constexpr const char* digits = "0123456789abcdef";
        std::string text(16, '0');
        std::uint64_t rest = value();
        for (auto place = text.rbegin(); place != text.rend(); ++place) {
            *place = digits[rest & 15];
            rest >>= 4;
        }
        return text;
    }

    bool operator==(const Fingerprint&) const = default;

private:
    static constexpr std::uint64_t first = 0x9e3779b97f4a7c15; // odd: multiplying loses nothing
    static constexpr std::uint64_t second = 0xbf58476d1ce4e5b9;
    static constexpr std::uint64_t third = 0x94d049bb133111eb;

    /// The only step that waits for the one before: one multiplication and three light ones.
    void mix(std::uint64_t word) {
        m_state = (m_state ^ word) * 0xd6e8feb86659fd93 + second;
        m_state ^= m_state >> 32;
    }

    std::uint64_t m_state = third;
};

} // namespace sim
