#pragma once

#include "sim/observe/ledger.h"
#include "sim/observe/violations.h"
#include "sim/scenario/check_spec.h"

#include <vector>

namespace sim {

/// I5: when everything has come to rest, the consumer's state equals the fold of all events.
///
/// State and fold are those of class Ledger. Decided only at rest: Violated when a key differs,
/// Holds when none does. Not decided before, and where no key has an event. Witness: no record;
/// messages: of the first key that differs, the newest event and the one last applied.
class Convergence {
public:
    Convergence(const ConvergenceCheck& spec, const Routes& routes, const Scenario& scenario,
                const Catalogue& catalogue);

    void take(const Batch& batch) { m_ledger.take(batch); }
    Verdict verdict(Instant end, bool atRest, const Catalogue& catalogue) const;

private:
    Ledger m_ledger;
    std::vector<ComponentId> m_consumers;
};

} // namespace sim
