#include "sim/observe/convergence.h"

#include <fmt/format.h>

namespace sim {
namespace {

/// "order-42 at billing stands at version 2, not 3".
std::string difference(const LedgerRow& row, const std::string& consumer,
                       const Catalogue& catalogue) {
    const std::string where = catalogue.keyText(row.key) + " at " + consumer;
    if (row.expectedVersion != row.actualVersion) {
        return fmt::format("{} stands at version {}, not {}", where, row.actualVersion,
                           row.expectedVersion);
    }
    return fmt::format("{} sums up to {}, not {}", where, row.actualSum, row.expectedSum);
}

Violations violationOf(const LedgerRow& row, Instant end) {
    Violations violations;
    violations.at = end;
    if (row.produced > 0) {
        violations.messages.push_back(row.newestProduced);
    }
    if (row.applied > 0 && (row.produced == 0 || row.lastApplied != row.newestProduced)) {
        violations.messages.push_back(row.lastApplied);
    }
    return violations;
}

} // namespace

Convergence::Convergence(const ConvergenceCheck& spec, const Routes& routes,
                         const Scenario& scenario, const Catalogue& catalogue)
    : m_ledger(scenario, catalogue)
    , m_consumers(routes.selectConsumers(spec.consumer)) {}

Verdict Convergence::verdict(Instant end, bool atRest, const Catalogue& catalogue) const {
    std::uint64_t keys = 0;
    std::uint64_t diverged = 0;
    Violations violations;
    std::string example;
    for (const ComponentId consumer : m_consumers) {
        const Ledger::Divergence here = m_ledger.divergence(consumer);
        if (here.diverged > 0 && diverged == 0) {
            violations = violationOf(here.first, end);
            example = difference(here.first, catalogue.components[index(consumer)], catalogue);
        }
        keys += here.keys;
        diverged += here.diverged;
    }
    if (!atRest) {
        return verdictOf(Verdict::State::NotDecided, "the run is not at rest; " +
                                                         share(diverged, keys, "key") +
                                                         " differ so far");
    }
    if (keys == 0) {
        return verdictOf(Verdict::State::NotDecided, "no key has an event yet");
    }
    if (diverged > 0) {
        violations.count = diverged;
        return verdictOf(Verdict::State::Violated,
                         share(diverged, keys, "key") + " differ from all events: " + example,
                         violations);
    }
    return verdictOf(Verdict::State::Holds, counted(keys, "key") + ", each as all events make it");
}

} // namespace sim
