#pragma once

#include "sim/kernel/catalogue.h"
#include "sim/kernel/trace_record.h"
#include "sim/observe/trace_log.h"
#include "sim/observe/verdict.h"

#include <vector>

namespace sim {

/// Gathers from the records of a run what explains the first violation of each verdict, and
/// explains it.
class WitnessSearch {
public:
    explicit WitnessSearch(std::vector<Verdict> verdicts);

    /// Of the last violation: what happens later is not needed. `start` where there is none.
    Instant end() const;
    /// Requires records in the order of the run, oldest first.
    void take(const TraceRecord& record);
    /// By verdict; empty where nothing was violated. Where the records taken do not reach back to
    /// the causes, the facts of the violation alone.
    std::vector<Witness> witnesses(const Catalogue& catalogue) const;

private:
    std::vector<Verdict> m_verdicts;
    std::vector<std::vector<TraceRecord>> m_around; ///< by verdict
};

/// The witness of each verdict, from what a log still has.
std::vector<Witness> witnessesIn(const TraceLog& log, const std::vector<Verdict>& verdicts,
                                 const Catalogue& catalogue);

} // namespace sim
