#pragma once

#include "sim/base/ring.h"
#include "sim/base/time.h"

#include <cstdint>
#include <set>
#include <utility>

namespace sim {

/// Which messages a FIFO queue or topic has taken in the last 5 minutes.
///
/// The window begins with the first message of an id; a duplicate does not make it longer, and that
/// the first one was received and deleted does not make it shorter.
/// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html
/// Not modelled: two messages whose contents have the same SHA-256.
class Deduplication {
public:
    static constexpr Duration window = 5min;

    /// Group (0 where the scope is everything) and deduplication id.
    using Id = std::pair<std::uint32_t, std::uint64_t>;

    /// Whether it is the first of its id; then it is remembered from now on.
    bool isNew(const Id& id, Instant now) {
        while (!m_order.empty() && m_order.front().until <= now) {
            m_known.erase(m_order.pop().id);
        }
        const bool isFirst = m_known.insert(id).second;
        if (isFirst) {
            m_order.push({now + window, id});
        }
        return isFirst;
    }

private:
    struct Remembered {
        Instant until{};
        Id id{};
    };

    std::set<Id> m_known;
    Ring<Remembered> m_order; ///< oldest first
};

} // namespace sim
