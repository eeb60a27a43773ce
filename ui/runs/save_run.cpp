#include "ui/runs/save_run.h"

#include "sim/experiment/record_run.h"
#include "sim/observe/explain.h"

#include <vector>

namespace ui {

namespace {

using namespace std::chrono_literals;
constexpr sim::Duration patience = 300ms; // with a library that another program holds locked

/// The witness of each verdict, from the log; a walk up to the violation for each.
std::vector<sim::Witness> witnessesOf(const sim::Frame& frame, const sim::Catalogue& catalogue) {
    std::vector<sim::Witness> witnesses;
    for (const sim::Verdict& verdict : frame.verdicts) {
        std::vector<sim::TraceRecord> around;
        for (const sim::TraceRecord& record : frame.log) {
            if (verdict.records.empty() || record.at > verdict.at) {
                break;
            }
            if (sim::belongs(record, verdict)) {
                around.push_back(record);
            }
        }
        witnesses.push_back(verdict.records.empty() ? sim::Witness()
                                                    : sim::explain(verdict, around, catalogue));
    }
    return witnesses;
}

} // namespace

sim::Result<std::int64_t> saveRun(const std::filesystem::path& library,
                                  const sim::Scenario& scenario, const sim::Frame& frame,
                                  const sim::Catalogue& catalogue, const std::string& folder) {
    const sim::RunResult result{.end = frame.at,
                                .atRest = frame.atRest,
                                .standsStill = frame.standsStill,
                                .events = frame.events,
                                .records = frame.log.size(),
                                .fingerprint = frame.fingerprint,
                                .metrics = frame.metrics,
                                .verdicts = frame.verdicts,
                                .witnesses = witnessesOf(frame, catalogue),
                                .series = frame.series,
                                .catalogue = catalogue};
    auto store = sim::RunStore::open(library, sim::RunStore::Open::Create, patience);
    if (!store) {
        return store.error();
    }
    return store->save(sim::recordRun(scenario, frame.interventions, result, folder));
}

} // namespace ui
