#pragma once

#include "sim/base/time.h"

#include <algorithm>
#include <cstdint>
#include <map>

namespace sim {

/// So many calls in each second; what is above is throttled.
/// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-fifo.html
/// Not modelled: how the service really counts, which nobody knows; the quotas of a region for all
/// groups together.
class Quota {
public:
    /// Whether a call of this group (0, where there is one quota for all) is not throttled.
    bool admit(std::uint32_t group, double perSecond, Instant now) {
        const std::int64_t second = (now - start) / 1s;
        Count& count = m_counts[group];
        count.calls = count.second == second ? count.calls : 0;
        count.second = second;
        const bool isAdmitted = static_cast<double>(count.calls + 1) <= perSecond;
        count.calls += isAdmitted ? 1 : 0;
        if (m_counts.size() > m_room) {
            std::erase_if(m_counts, [&](const auto& one) { return one.second.second < second; });
            m_room = std::max<std::size_t>(roomMin, 2 * m_counts.size());
        }
        return isAdmitted;
    }

private:
    static constexpr std::size_t roomMin = 64;
    struct Count {
        std::int64_t second = 0; ///< since the start of the run
        std::uint64_t calls = 0; ///< in it
    };

    std::map<std::uint32_t, Count> m_counts;
    std::size_t m_room = roomMin; ///< groups to keep, before looking for those that are idle
};

} // namespace sim
