#pragma once

#include "sim/base/time.h"

#include <algorithm>
#include <cstdint>
#include <map>

namespace sim {

/// So many calls a second; what is above is throttled. A second's worth may come at once.
///
/// The generic cell rate algorithm: each call moves the instant at which all of them would be paid
/// for, which may be a second ahead.
/// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
/// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-fifo.html
/// Not modelled: how the service really counts, which nobody knows; the quotas of a region for all
/// groups together.
class Quota {
public:
    /// Whether a call of this group (0, where there is one quota for all) is not throttled.
    bool admit(std::uint32_t group, double perSecond, Instant now) {
        constexpr double second = 1e9;
        constexpr Duration burst = 1s;
        const Duration each{static_cast<std::int64_t>(second / perSecond)};
        Instant& paidAt = m_paidAt[group];
        const Instant next = std::max(paidAt, now) + each;
        const bool isAdmitted = next - now <= burst;
        paidAt = isAdmitted ? next : paidAt;
        if (m_paidAt.size() > m_room) {
            std::erase_if(m_paidAt, [&](const auto& one) { return one.second <= now; });
            m_room = std::max<std::size_t>(roomMin, 2 * m_paidAt.size());
        }
        return isAdmitted;
    }

private:
    static constexpr std::size_t roomMin = 64;

    std::map<std::uint32_t, Instant> m_paidAt;
    std::size_t m_room = roomMin; ///< groups to keep, before looking for those that are idle
};

} // namespace sim
