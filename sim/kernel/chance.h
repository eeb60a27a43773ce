#pragma once

#include "sim/base/check.h"
#include "sim/base/distribution.h"
#include "sim/base/random.h"
#include "sim/base/time.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace sim {

/// Through this all chance of a run is drawn, so that an explorer can choose in place of drawing. A
/// value, part of the state.
///
/// As it is made it draws from the caller's stream. With a script the streams are left alone: each
/// call with more than one possible outcome takes the next choice of the script, 0 beyond its end,
/// and notes how many there were. nextScript() then walks through all of them.
class Chance {
public:
    /// What a call could have given, and what it gave.
    struct Choice {
        std::uint32_t alternatives; ///< at least 2
        std::uint32_t taken;        ///< below alternatives

        bool operator==(const Choice&) const = default;
    };
    using Script = std::vector<std::uint32_t>;

    /// Draws.
    Chance() = default;

    /// Follows `choices`. Each has to be below the number of alternatives at its place.
    static Chance scripted(Script choices);

    /// True in `perMillion` of a million cases. Scripted: 0 is no, 1 is yes; no choice where
    /// perMillion is 0, or 1'000'000 and more.
    bool happens(RandomStream& stream, std::uint32_t perMillion) {
        return m_isScripted ? chooseWhether(perMillion) : stream.chance(perMillion);
    }

    /// A whole number from 0 to bound - 1. Requires bound > 0; scripted, bound < 2^32.
    std::uint64_t below(RandomStream& stream, std::uint64_t bound) {
        return m_isScripted ? chooseBelow(bound) : stream.below(bound);
    }

    /// Scripted: the quantiles 0.1, 0.5 and 0.99; no choice where all draws are the same.
    [[gnu::always_inline]] double sample(RandomStream& stream, const Distribution& distribution) {
        if (m_isScripted) [[unlikely]] {
            return chooseQuantile(distribution);
        }
        return distribution.sample(stream);
    }

    /// Like sample(), in whole nanoseconds, at most durationMax.
    [[gnu::always_inline]] Duration duration(RandomStream& stream,
                                             const Distribution& distribution) {
        return Distribution::wholeDuration(sample(stream, distribution));
    }

    bool isScripted() const { return m_isScripted; }
    /// The choices so far, in order. Empty without a script.
    const std::vector<Choice>& choices() const { return m_choices; }

private:
    bool chooseWhether(std::uint32_t perMillion);
    std::uint64_t chooseBelow(std::uint64_t bound);
    double chooseQuantile(const Distribution& distribution);
    std::uint32_t choose(std::uint32_t alternatives);

    bool m_isScripted = false;
    Script m_script;
    std::vector<Choice> m_choices;
};

/// The script after the one that led to `choices`, so that starting with an empty script and going
/// on until there is none visits every combination exactly once. Depth first: the last choice that
/// can be raised is raised, what came after it begins anew.
std::optional<Chance::Script> nextScript(const std::vector<Chance::Choice>& choices);

} // namespace sim
