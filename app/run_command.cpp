#include "app/commands.h"
#include "app/console_text.h"
#include "app/exports.h"
#include "app/output_file.h"
#include "app/trace_file.h"
#include "sim/base/units.h"
#include "sim/experiment/record_run.h"
#include "sim/report/html.h"
#include "sim/report/report.h"
#include "sim/run/build.h"
#include "sim/run/run.h"
#include "sim/run/world.h"
#include "sim/scenario/library.h"
#include "sim/scenario/override.h"
#include "sim/scenario/read.h"
#include "sim/store/run_store.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <memory>
#include <ostream>

namespace app {
namespace {

using WallClock = std::chrono::steady_clock;

/// A line on the terminal that says how far a run is, once it takes longer than a moment.
class ProgressBar {
public:
    ProgressBar(const Console& console, sim::Instant until)
        : m_console(console)
        , m_until(until)
        , m_next(WallClock::now() + console.progressAfter) {}
    ~ProgressBar() {
        if (m_shown) {
            m_console.err << "\r\033[K" << std::flush;
        }
    }
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;
    ProgressBar(ProgressBar&&) = delete;
    ProgressBar& operator=(ProgressBar&&) = delete;

    void show(sim::Instant at, std::uint64_t events) {
        const WallClock::time_point now = WallClock::now();
        if (!m_console.progress || now < m_next) {
            return;
        }
        m_next = now + std::chrono::milliseconds{100};
        m_shown = true;
        const double part = static_cast<double>(at.time_since_epoch().count()) /
                            static_cast<double>(m_until.time_since_epoch().count());
        constexpr int length = 30;
        const int full = std::clamp(static_cast<int>(part * length), 0, length);
        m_console.err << fmt::format("\r[{:#>{}}{:.>{}}] {:3.0f} %  {:.1f} million events", "",
                                     full, "", length - full, part * 100,
                                     static_cast<double>(events) / 1e6)
                      << std::flush;
    }

private:
    const Console& m_console;
    sim::Instant m_until;
    WallClock::time_point m_next;
    bool m_shown = false;
};

sim::Result<sim::Scenario> scenarioFor(const RunOptions& options,
                                       const std::filesystem::path& file) {
    sim::Result<sim::Scenario> scenario = sim::readScenarioFile(file);
    if (scenario && options.seed) {
        scenario->seed = *options.seed;
    }
    for (const auto& [pointer, value] : options.set) {
        if (!scenario) {
            break;
        }
        scenario = sim::withValue(*scenario, pointer, value, sim::Folder{file.parent_path()});
    }
    return scenario;
}

/// Runs, and writes the trace meanwhile; problems are those of the trace's file.
sim::Result<sim::RunResult> runWith(const sim::Scenario& scenario, const RunOptions& options,
                                    const Console& console) {
    sim::RunOptions how;
    how.until = options.until.value_or(sim::start + scenario.duration);
    std::unique_ptr<TraceFile> trace;
    if (!options.trace.empty()) {
        trace = std::make_unique<TraceFile>(options.trace, sim::build(scenario)->catalogue);
        how.trace = [&trace](std::span<const sim::TraceRecord> records) { trace->take(records); };
    }
    ProgressBar bar{console, *how.until};
    how.progress = [&](sim::Instant at, std::uint64_t events) {
        bar.show(at, events);
        return !trace || trace->ok(); // no use to go on once the disk is full
    };
    sim::RunResult result = sim::runScenario(scenario, how);
    if (trace) {
        sim::Problems problems = trace->finish();
        if (!problems.empty()) {
            return problems;
        }
    }
    return result;
}

sim::Problems save(const sim::RunRecord& run, const RunOptions& options, const Console& console) {
    const std::filesystem::path path =
        options.library.empty() ? console.library : std::filesystem::path{options.library};
    auto store = sim::RunStore::open(path, sim::RunStore::Open::Create);
    if (!store) {
        return store.error();
    }
    const auto id = store->save(run);
    if (!id) {
        return id.error();
    }
    if (!options.quiet) {
        console.err << fmt::format("Saved as run {} in {}\n", *id, path.string());
    }
    return {};
}

/// Everything that the options ask to be written; stops at the first that cannot.
sim::Problems writeOutputs(const sim::Scenario& scenario, const sim::RunRecord& run,
                           const RunOptions& options, const Console& console) {
    sim::Problems problems;
    if (options.json == "-") {
        console.out << outcomeJson(run);
    } else if (!options.json.empty()) {
        problems = writeFile(options.json, outcomeJson(run));
    }
    if (problems.empty() && !options.report.empty()) {
        problems = writeFile(options.report, sim::htmlReport(sim::makeReport(scenario, {}, run)));
        if (problems.empty() && !options.quiet) {
            console.err << fmt::format("Report written to {}\n", options.report);
        }
    }
    if (problems.empty() && options.save) {
        problems = save(run, options, console);
    }
    return problems;
}

void printOutcome(const sim::Scenario& scenario, const sim::RunRecord& run,
                  const Console& console) {
    console.out << fmt::format("{}\n{} simulated, {} events, seed {}, fingerprint {}\n\n",
                               scenario.title, sim::writeDuration(run.end - sim::start),
                               sim::numberText(static_cast<double>(run.events), ""), run.seed,
                               run.fingerprint);
    printVerdicts(run.verdicts, console);
    printMetrics(sim::makeReport(scenario, {}, run).metrics, console);
}

bool anyViolated(const sim::RunRecord& run) {
    return std::ranges::count(run.verdicts, sim::Verdict::State::Violated,
                              &sim::VerdictRecord::state) > 0;
}

} // namespace

int execute(const RunOptions& options, const Console& console) {
    const std::filesystem::path file = sim::resolveScenario(options.scenario, console.scenarios);
    const auto scenario = scenarioFor(options, file);
    if (!scenario) {
        return printProblems(scenario.error(), file.string(), console);
    }
    const auto result = runWith(*scenario, options, console);
    if (!result) {
        return printProblems(result.error(), options.trace, console);
    }
    std::error_code ignored;
    const std::filesystem::path folder = std::filesystem::absolute(file, ignored).parent_path();
    const sim::RunRecord run = sim::recordRun(*scenario, {}, *result, folder.string());
    for (const std::string& warning : result->metrics.warnings()) {
        console.err << "warning: " << warning << "\n";
    }
    if (result->standsStill) {
        return printProblems({{"", fmt::format("time stands still at {}: more than {} events at "
                                               "this one instant; something goes round without "
                                               "taking time, such as a requeue with no latency",
                                               sim::writeDuration(result->end - sim::start),
                                               sim::World::instantMax)}},
                             file.string(), console);
    }
    const sim::Problems problems = writeOutputs(*scenario, run, options, console);
    if (!problems.empty()) {
        return printProblems(problems, problems.front().where, console);
    }
    if (!options.quiet && options.json != "-") {
        printOutcome(*scenario, run, console);
    }
    return anyViolated(run) ? checkFailed : good;
}

} // namespace app
