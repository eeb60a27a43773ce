#include "sim/store/run_record.h"

#include "sim/scenario/read.h"
#include "sim/scenario/write.h"

namespace sim {

std::string interventionsText(const Scenario& scenario, const std::vector<FaultSpec>& faults) {
    if (faults.empty()) {
        return {};
    }
    Scenario carrier = scenario;
    carrier.faults = faults;
    return writeScenario(carrier);
}

Result<std::vector<FaultSpec>> interventionsIn(const std::string& text, const Folder& folder) {
    if (text.empty()) {
        return std::vector<FaultSpec>{};
    }
    const Result<Scenario> carrier = readScenario(text, folder);
    if (!carrier) {
        return carrier.error();
    }
    return carrier->faults;
}

Result<Scenario> scenarioOf(const RunRecord& run) {
    return readScenario(run.scenario, Folder{run.folder});
}

Result<std::vector<FaultSpec>> interventionsOf(const RunRecord& run) {
    return interventionsIn(run.interventions, Folder{run.folder});
}

} // namespace sim
