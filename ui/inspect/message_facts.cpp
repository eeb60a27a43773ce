#include "ui/inspect/message_facts.h"

#include <algorithm>

namespace ui {

bool MessageFacts::continues(const sim::TraceLog& log, sim::Instant upTo) const {
    return m_read <= log.firstKept() ||
           (log.size() >= m_read && log[m_read - 1] == m_last && m_last.at <= upTo);
}

bool MessageFacts::follow(const sim::TraceLog& log, sim::Instant upTo, std::size_t records) {
    if (!continues(log, upTo)) {
        m_records.clear();
        m_read = 0;
    }
    m_read = std::max(m_read, log.firstKept());
    const std::size_t until = std::min(log.size(), m_read + records);
    for (; m_read < until && log[m_read].at <= upTo; ++m_read) {
        m_last = log[m_read];
        if (m_last.message == m_message && m_last.key != sim::noKey) {
            m_records.push_back(m_last);
        }
    }
    return m_read == log.size() || log[m_read].at > upTo;
}

std::vector<Death> deathsOf(const std::vector<sim::TraceRecord>& records) {
    std::vector<Death> deaths;
    for (const sim::TraceRecord& record : records) {
        if (record.kind != sim::TraceKind::DeadLettered) {
            continue;
        }
        Death death{record.component, record.reason, 1, record.at};
        const auto known = std::ranges::find_if(deaths, [&death](const Death& other) {
            return other.queue == death.queue && other.reason == death.reason;
        });
        if (known != deaths.end()) {
            death.count = known->count + 1;
            death.first = known->first;
            deaths.erase(known);
        }
        deaths.insert(deaths.begin(), death);
    }
    return deaths;
}

} // namespace ui
