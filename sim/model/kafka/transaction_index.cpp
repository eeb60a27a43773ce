#include "sim/model/kafka/transaction_index.h"

#include <algorithm>

namespace sim {

bool TransactionIndex::isOpen(ProducerId producer) const {
    return std::ranges::any_of(m_unstable, [producer](const Span& span) {
        return span.producer == producer && span.marker == open;
    });
}

void TransactionIndex::touch(ProducerId producer, std::uint64_t offset) {
    if (!isOpen(producer)) {
        m_unstable.push_back({.producer = producer, .first = offset});
    }
}

void TransactionIndex::end(ProducerId producer, std::uint64_t offset, bool aborted) {
    for (Span& span : m_unstable) {
        if (span.producer == producer && span.marker == open) {
            span.marker = offset;
            if (aborted) {
                m_aborted.push_back(span);
            }
        }
    }
}

std::uint64_t TransactionIndex::firstUnstable(std::uint64_t highWatermark) const {
    const auto found = std::ranges::find_if(
        m_unstable, [highWatermark](const Span& span) { return span.marker >= highWatermark; });
    return found == m_unstable.end() ? open : found->first;
}

bool TransactionIndex::isAborted(ProducerId producer, std::uint64_t offset) const {
    const auto after = std::ranges::upper_bound(m_aborted, offset, {}, &Span::marker);
    return std::any_of(after, m_aborted.end(), [&](const Span& span) {
        return span.producer == producer && span.first <= offset;
    });
}

void TransactionIndex::trim(std::uint64_t highWatermark, std::uint64_t logStart) {
    std::erase_if(m_unstable,
                  [highWatermark](const Span& span) { return span.marker < highWatermark; });
    std::erase_if(m_aborted, [logStart](const Span& span) { return span.marker < logStart; });
}

} // namespace sim
