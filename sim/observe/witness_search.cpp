#include "sim/observe/witness_search.h"

#include "sim/observe/explain.h"

#include <algorithm>

namespace sim {

WitnessSearch::WitnessSearch(std::vector<Verdict> verdicts)
    : m_verdicts(std::move(verdicts))
    , m_around(m_verdicts.size()) {}

Instant WitnessSearch::end() const {
    Instant last = start;
    for (const Verdict& verdict : m_verdicts) {
        last = verdict.violations > 0 ? std::max(last, verdict.at) : last;
    }
    return last;
}

void WitnessSearch::take(const TraceRecord& record) {
    for (std::size_t i = 0; i < m_verdicts.size(); ++i) {
        const Verdict& verdict = m_verdicts[i];
        if (verdict.violations > 0 && record.at <= verdict.at && belongs(record, verdict)) {
            m_around[i].push_back(record);
        }
    }
}

std::vector<Witness> WitnessSearch::witnesses(const Catalogue& catalogue) const {
    std::vector<Witness> witnesses(m_verdicts.size());
    for (std::size_t i = 0; i < m_verdicts.size(); ++i) {
        if (m_verdicts[i].violations == 0) {
            continue;
        }
        witnesses[i] = explain(m_verdicts[i], m_around[i], catalogue);
        if (witnesses[i].records.empty()) {
            witnesses[i].records = m_verdicts[i].records;
        }
    }
    return witnesses;
}

std::vector<Witness> witnessesIn(const TraceLog& log, const std::vector<Verdict>& verdicts,
                                 const Catalogue& catalogue) {
    WitnessSearch search(verdicts);
    const Instant end = search.end();
    for (const TraceRecord& record : log) {
        if (record.at > end) {
            break;
        }
        search.take(record);
    }
    return search.witnesses(catalogue);
}

} // namespace sim
