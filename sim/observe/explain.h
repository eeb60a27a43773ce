#pragma once

#include "sim/kernel/catalogue.h"
#include "sim/kernel/trace_record.h"
#include "sim/observe/verdict.h"

#include <span>

namespace sim {

/// Whether `explain` wants to see the record: it is about one of the verdict's events, or about a
/// component or a fault, and not later than the violation. Checks keep no records: to explain a
/// verdict the run is repeated up to the violation, and only these records are kept.
bool belongs(const TraceRecord& record, const Verdict& verdict);

/// The smallest list of records that shows the violation, and one paragraph that names the chain
/// of its causes: "v3 of order-42 was applied at 10.31 s before v2, because v2 was requeued at
/// 10.204 s when billing[1] crashed."
///
/// `around`: every record that belongs to the verdict, in the order of the run. Where they do not
/// tell a cause the paragraph names the violation alone. Requires a verdict with a violation.
Witness explain(const Verdict& verdict, std::span<const TraceRecord> around,
                const Catalogue& catalogue);

} // namespace sim
