#include "app/commands.h"
#include "app/console_text.h"
#include "app/exports.h"
#include "app/output_file.h"
#include "sim/base/units.h"
#include "sim/experiment/record_run.h"
#include "sim/report/csv.h"
#include "sim/report/html.h"
#include "sim/report/report.h"
#include "sim/run/run.h"
#include "sim/store/run_store.h"

#include <fmt/format.h>
#include <ostream>

namespace app {
namespace {

int noRunsYet(const Console& console) {
    console.out << "No runs yet: `run SCENARIO --save` keeps one.\n";
    return good;
}

int list(sim::RunStore& store, const std::string& file, const Console& console) {
    const auto entries = store.list();
    if (!entries) {
        return printProblems(entries.error(), file, console);
    }
    if (entries->empty()) {
        return noRunsYet(console);
    }
    console.out << fmt::format("{:>5}  {:<19}  {:>10}  {:>5} {:>8} {:>5}  {}\n", "run",
                               "saved (UTC)", "simulated", "holds", "violated", "open", "title");
    for (const sim::RunEntry& entry : *entries) {
        console.out << fmt::format("{:>5}  {:<19}  {:>10}  {:>5} {:>8} {:>5}  {}\n", entry.id,
                                   entry.savedAt, sim::writeDuration(entry.end - sim::start),
                                   entry.holding, entry.violated, entry.notDecided, entry.title);
    }
    return good;
}

int show(const sim::RunRecord& run, const Console& console) {
    console.out << fmt::format("{}\n{} simulated, {} events, seed {}, fingerprint {}, "
                               "Millrace {}\n\n",
                               run.title, sim::writeDuration(run.end - sim::start),
                               sim::numberText(static_cast<double>(run.events), ""), run.seed,
                               run.fingerprint, run.version);
    printVerdicts(run.verdicts, console);
    printMetrics(sim::makeReport({}, {}, run).metrics, console);
    return good;
}

int rerun(const sim::RunRecord& run, const std::string& name, const Console& console) {
    const auto scenario = sim::scenarioOf(run);
    if (!scenario) {
        return printProblems(scenario.error(), name, console);
    }
    const auto interventions = sim::interventionsOf(run);
    if (!interventions) {
        return printProblems(interventions.error(), name, console);
    }
    sim::RunOptions how;
    how.interventions = *interventions;
    how.until = run.end;
    const sim::RunResult result = sim::runScenario(*scenario, how);
    if (result.fingerprint == run.fingerprint) {
        console.out << fmt::format("The same run again: fingerprint {}, {} events.\n",
                                   result.fingerprint, result.events);
        return good;
    }
    console.out << fmt::format("Another run: fingerprint {} in place of {}.\n", result.fingerprint,
                               run.fingerprint);
    if (run.version != MILLRACE_VERSION) {
        console.out << fmt::format("It was saved by Millrace {}; this is {}.\n", run.version,
                                   MILLRACE_VERSION);
    }
    return checkFailed;
}

int exportRun(const sim::RunRecord& run, const RunsOptions& options, const std::string& name,
              const Console& console) {
    sim::Problems problems;
    const auto write = [&problems](const std::string& path, const std::string& text) {
        if (!path.empty() && problems.empty()) {
            problems = writeFile(path, text);
        }
    };
    if (options.json == "-") {
        console.out << outcomeJson(run);
    } else {
        write(options.json, outcomeJson(run));
    }
    write(options.metrics, sim::metricsCsv(run.metrics));
    write(options.series, sim::seriesCsv(run.series));
    write(options.scenario, run.scenario);
    if (!options.report.empty() && problems.empty()) {
        const auto report = sim::makeReport(run);
        if (!report) {
            return printProblems(report.error(), name, console);
        }
        write(options.report, sim::htmlReport(*report));
    }
    return problems.empty() ? good : printProblems(problems, problems.front().where, console);
}

int forget(sim::RunStore& store, std::int64_t id, const std::string& file, const Console& console) {
    const auto removed = store.remove(id);
    return removed ? good : printProblems(removed.error(), file, console);
}

} // namespace

int execute(const RunsOptions& options, const Console& console) {
    using What = RunsOptions::What;
    const std::filesystem::path path =
        options.library.empty() ? console.library : std::filesystem::path{options.library};
    if (options.what == What::List && options.library.empty() && !std::filesystem::exists(path)) {
        return noRunsYet(console); // a library that is named must be there
    }
    auto store = sim::RunStore::open(path, sim::RunStore::Open::Existing);
    if (!store) {
        return printProblems(store.error(), path.string(), console);
    }
    if (options.what == What::List) {
        return list(*store, path.string(), console);
    }
    if (options.what == What::Delete) {
        return forget(*store, options.id, path.string(), console);
    }
    const auto run = store->load(options.id);
    if (!run) {
        return printProblems(run.error(), path.string(), console);
    }
    const std::string name = fmt::format("run {}", options.id);
    switch (options.what) {
    case What::Show:
        return show(*run, console);
    case What::Rerun:
        return rerun(*run, name, console);
    case What::Export:
        return exportRun(*run, options, name, console);
    case What::List:
    case What::Delete:
        break;
    }
    return good;
}

} // namespace app
