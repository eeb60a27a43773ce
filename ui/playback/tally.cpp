#include "ui/playback/tally.h"

#include <algorithm>

namespace ui {

namespace {

using sim::Reason;
using sim::TraceKind;

HeapCause causeOfDrop(Reason reason) {
    if (reason == Reason::Expired) {
        return HeapCause::Expired;
    }
    const bool refused = reason == Reason::Rejected || reason == Reason::Reject;
    return refused                       ? HeapCause::Rejected
           : reason == Reason::MaxLength ? HeapCause::Overflowed
                                         : HeapCause::Lost;
}

} // namespace

std::optional<HeapPlace> heapOf(const sim::TraceRecord& record) {
    switch (record.kind) {
    case TraceKind::Lost:
        return HeapPlace{record.component, record.peer, HeapCause::Lost};
    case TraceKind::Unroutable:
        return HeapPlace{record.component, sim::noComponent, HeapCause::Unroutable};
    case TraceKind::Refused:
        return HeapPlace{record.component, sim::noComponent, HeapCause::Overflowed};
    case TraceKind::Dropped:
        return HeapPlace{record.component, sim::noComponent, causeOfDrop(record.reason)};
    case TraceKind::DeadLettered:
        return HeapPlace{record.component, sim::noComponent, HeapCause::Dead};
    case TraceKind::GaveUp:
        return HeapPlace{record.component, sim::noComponent, HeapCause::GaveUp};
    default: // every other fact loses nothing
        return std::nullopt;
    }
}

void Tally::follow(const sim::TraceLog& log, sim::Instant upTo) {
    const std::size_t until = log.lowerBound(upTo + sim::Duration{1});
    if (until < m_read) {
        *this = Tally();
    }
    for (m_read = std::max(m_read, log.firstKept()); m_read < until; ++m_read) {
        take(log[m_read]);
    }
}

std::uint64_t Tally::routed(sim::ComponentId exchange) const {
    const auto found = m_routed.find(exchange);
    return found == m_routed.end() ? 0 : found->second;
}

bool Tally::overtaken(sim::ComponentId consumer, sim::KeyId key, std::uint32_t version) const {
    const auto found = m_newest.find({consumer, key});
    return found != m_newest.end() && version > 0 && version < found->second.version;
}

void Tally::take(const sim::TraceRecord& record) {
    if (const auto place = heapOf(record)) {
        ++m_heaps[*place];
    }
    if (record.kind == TraceKind::Enqueued && record.peer != sim::noComponent) {
        ++m_routed[record.peer];
    } else if (record.kind == TraceKind::Applied) {
        takeApplied(record);
    }
}

void Tally::takeApplied(const sim::TraceRecord& record) {
    Newest& newest = m_newest[{record.component, record.key}];
    if (record.version <= newest.version) {
        m_wrong.insert(record.message);
        return;
    }
    newest = {record.version, record.message};
}

} // namespace ui
