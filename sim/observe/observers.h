#pragma once

#include "sim/base/fingerprint.h"
#include "sim/observe/checks.h"
#include "sim/observe/digest.h"
#include "sim/observe/ledger.h"
#include "sim/observe/metrics.h"
#include "sim/observe/series.h"
#include "sim/observe/trace_log.h"

#include <cstdint>
#include <optional>
#include <span>

namespace sim {

/// Which observers a run feeds besides fingerprint, metrics and checks.
struct ObserverOptions {
    bool series = true;
    bool ledger = true;
    std::size_t recordsMax = 0; ///< of the stored trace; 0: none is stored
};

/// All that watch a run. A value: a copy goes on like the original.
struct Observers {
    Fingerprint fingerprint;
    std::uint64_t records = 0; ///< taken so far
    Metrics metrics;
    Checks checks;
    std::optional<Series> series;
    std::optional<Ledger> ledger;
    std::optional<TraceLog> log;

    Observers(const Scenario& scenario, const Catalogue& catalogue,
              const ObserverOptions& options = {})
        : metrics(scenario, catalogue)
        , checks(scenario, catalogue)
        , m_digest(scenario, catalogue) {
        if (options.series) {
            series.emplace(scenario, catalogue);
        }
        if (options.ledger) {
            ledger.emplace(scenario, catalogue);
        }
        if (options.recordsMax > 0) {
            log.emplace(options.recordsMax);
        }
    }

    /// Requires records in the order of the run, oldest first.
    void take(std::span<const TraceRecord> some) {
        m_digest.feed(some, fingerprint, [this](const Batch& batch) { take(batch); });
    }

private:
    void take(const Batch& batch) {
        records += batch.size();
        metrics.take(batch);
        checks.take(batch);
        if (series) {
            series->take(batch);
        }
        if (ledger) {
            ledger->take(batch);
        }
        if (log) {
            log->append(batch.records());
        }
    }

    Digest m_digest;
};

} // namespace sim
