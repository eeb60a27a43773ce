#pragma once

#include "sim/kernel/catalogue.h"
#include "sim/observe/batch.h"
#include "sim/observe/bounds.h"
#include "sim/observe/conservation.h"
#include "sim/observe/convergence.h"
#include "sim/observe/key_order.h"
#include "sim/observe/no_dead_letters.h"
#include "sim/observe/no_duplicate_effect.h"
#include "sim/observe/no_gap.h"
#include "sim/observe/no_loss.h"
#include "sim/observe/no_unroutable.h"
#include "sim/observe/routes.h"
#include "sim/observe/verdict.h"
#include "sim/scenario/scenario.h"

#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace sim {

/// The scenario's checks, judging a run from its records without keeping them.
///
/// A value: a copy goes on like the original. Memory is bounded as each check says.
class Checks {
public:
    Checks(const Scenario& scenario, const Catalogue& catalogue);

    /// Requires batches in the order of the run, oldest first.
    void take(const Batch& batch);

    /// One verdict for each check of the scenario, in its order, of everything up to `end`.
    /// `atRest`: nothing is left that could happen. Requires that no record taken is later.
    ///
    /// A check that `shows` is turned round: it Holds, with its witness, when the violation
    /// occurred; without one it is Violated when the run is at rest or the scenario's duration is
    /// over, and Not decided before.
    std::vector<Verdict> verdicts(Instant end, bool atRest) const;

    /// What the check is called where its name is empty: "no loss at billing".
    static std::string nameOf(const CheckSpec& spec);
    /// "I4" and the like; empty where the patterns have no id for it.
    static std::string idOf(const CheckSpec& spec);

private:
    using Check =
        std::variant<NoLoss, NoDuplicateEffect, KeyOrder, NoGap, Convergence, Conservation,
                     DepthBound, LatencyBound, StalenessBound, NoDeadLetters, NoUnroutable>;

    struct Setting {
        Catalogue catalogue;
        Routes routes;
        std::vector<CheckSpec> specs;
        Instant due; ///< when the scenario's duration is over
    };

    std::shared_ptr<const Setting> m_setting;
    std::vector<Check> m_checks;
};

} // namespace sim
