#pragma once

#include "sim/base/result.h"
#include "sim/base/time.h"
#include "sim/observe/metrics_summary.h"
#include "sim/observe/verdict.h"
#include "sim/scenario/csv.h"
#include "sim/scenario/scenario.h"

#include <cstdint>
#include <string>
#include <vector>

namespace sim {

/// A verdict without references into the run.
struct VerdictRecord {
    std::string check;
    std::string id; ///< "I4" where patterns name it, else empty
    Verdict::State state = Verdict::State::NotDecided;
    bool shows = false;
    std::string summary;
    std::uint64_t violations = 0;
    Instant at{};                   ///< of the first violation
    std::string witness;            ///< why it came to that; empty where nothing was violated
    std::vector<std::string> facts; ///< that show it, one line each, oldest first

    bool operator==(const VerdictRecord&) const = default;
};

/// One quantity over time.
struct SeriesRecord {
    struct Point {
        Instant at{};
        double value = 0;
        bool operator==(const Point&) const = default;
    };
    std::string component;     ///< empty: the run as a whole
    std::string name;          ///< "ready"; "latency, p99" where several belong into one chart
    std::string unit;          ///< "", "1/s" or "s"
    std::vector<Point> points; ///< in order of time

    bool operator==(const SeriesRecord&) const = default;
};

/// What came of Little's law at one queue: its depth summed over time must equal the time that the
/// copies spent in it, summed over the copies. Both in message seconds.
struct LittleRecord {
    std::string queue;
    double depthTime = 0;
    double sojournTime = 0;
    bool holds = true; ///< the two are equal to the nanosecond

    bool operator==(const LittleRecord&) const = default;
};

/// What is kept of a run: all that it takes to repeat it, and what came of it. What reports and the
/// run library hold.
struct RunRecord {
    std::string title;
    std::string scenario; ///< as a scenario file; CSV files that it names are in `folder`
    std::string folder;
    std::string interventions; ///< see interventionsText()
    std::uint64_t seed = 0;
    std::string version; ///< of the program
    std::string fingerprint;
    std::uint64_t events = 0;
    Instant end{}; ///< simulated up to here
    std::vector<VerdictRecord> verdicts;
    std::vector<MetricRow> metrics;
    std::vector<LittleRecord> littlesLaw; ///< by queue
    std::vector<SeriesRecord> series;

    bool operator==(const RunRecord&) const = default;
};

/// What was done by hand while it ran, as a scenario file: the scenario with the interventions in
/// place of its faults. Empty where nothing was.
std::string interventionsText(const Scenario& scenario, const std::vector<FaultSpec>& faults);
/// The way back; CSV files are looked for in `folder`.
Result<std::vector<FaultSpec>> interventionsIn(const std::string& text, const Folder& folder);

/// A kept run's scenario and interventions, with problems as those of the kept text.
Result<Scenario> scenarioOf(const RunRecord& run);
Result<std::vector<FaultSpec>> interventionsOf(const RunRecord& run);

} // namespace sim
