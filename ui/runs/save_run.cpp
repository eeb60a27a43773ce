#include "ui/runs/save_run.h"

#include "sim/experiment/record_run.h"
#include "sim/observe/witness_search.h"

#include <vector>

namespace ui {

sim::Result<std::int64_t> saveRun(const std::filesystem::path& library,
                                  const sim::Scenario& scenario, const sim::Frame& frame,
                                  const sim::Catalogue& catalogue, const std::string& folder) {
    const sim::RunResult result{.end = frame.at,
                                .atRest = frame.atRest,
                                .standsStill = frame.standsStill,
                                .events = frame.events,
                                .fingerprint = frame.fingerprint,
                                .metrics = frame.metrics,
                                .verdicts = frame.verdicts,
                                .witnesses = sim::witnessesIn(frame.log, frame.verdicts, catalogue),
                                .series = frame.series,
                                .catalogue = catalogue};
    auto store = sim::RunStore::open(library, sim::RunStore::Open::Create, libraryPatience);
    if (!store) {
        return store.error();
    }
    return store->save(sim::recordRun(scenario, frame.interventions, result, folder));
}

} // namespace ui
