#include "ui/common/fault_history.h"

#include <algorithm>

namespace ui {

bool FaultHistory::continues(const sim::TraceLog& log, sim::Instant upTo) const {
    return m_read <= log.firstKept() ||
           (log.size() >= m_read && log[m_read - 1] == m_last && m_last.at <= upTo);
}

void FaultHistory::follow(const sim::TraceLog& log, sim::Instant upTo) {
    if (!continues(log, upTo)) {
        m_spans.clear();
        m_read = 0;
    }
    m_read = std::max(m_read, log.firstKept());
    for (; m_read < log.size() && log[m_read].at <= upTo; ++m_read) {
        m_last = log[m_read];
        take(m_last);
    }
}

void FaultHistory::take(const sim::TraceRecord& record) {
    if (record.kind == sim::TraceKind::FaultBegan) {
        m_spans.push_back({record.copy, record.at, std::nullopt});
    } else if (record.kind == sim::TraceKind::FaultEnded) {
        const auto open = std::ranges::find_if(m_spans, [&record](const FaultSpan& span) {
            return span.fault == record.copy && !span.ended;
        });
        if (open != m_spans.end()) {
            open->ended = record.at;
        }
    }
}

} // namespace ui
