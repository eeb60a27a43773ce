#pragma once

#include "sim/scenario/scenario.h"
#include "sim/store/run_record.h"

#include <string>
#include <vector>

namespace sim {

/// A named table of texts. Rows may be shorter than the head.
struct ReportTable {
    std::string title;
    std::vector<std::string> head;
    std::vector<std::vector<std::string>> rows;
    bool operator==(const ReportTable&) const = default;
};

/// A stretch of time in a chart where a fault was there.
struct ReportBand {
    std::string name;
    Instant from{};
    Instant to{};
    bool operator==(const ReportBand&) const = default;
};

/// Some quantities of one kind over the same time.
struct ReportChart {
    struct Line {
        std::string name;
        std::vector<SeriesRecord::Point> points;
        bool operator==(const Line&) const = default;
    };
    std::string title;
    std::string unit;        ///< "", "1/s" or "s"
    std::vector<Line> lines; ///< at most chartLinesMax
    bool operator==(const ReportChart&) const = default;
};
inline constexpr std::size_t chartLinesMax = 7; ///< as many as there are colours to tell apart

/// What is printed of a run: everything that a page about it shows, in its order.
struct Report {
    Scenario scenario; ///< title, description and topology
    ReportTable facts; ///< of the run as a whole: seed, duration, fingerprint, ...
    ReportTable parameters;
    ReportTable faults;
    std::vector<VerdictRecord> verdicts;
    std::vector<ReportTable> metrics;
    ReportTable littlesLaw; ///< a queue on each row
    std::vector<ReportChart> charts;
    std::vector<ReportBand> bands;
    Instant end{}; ///< of the time axis
};

/// The report of a run of `scenario`, which is what `run.scenario` says, with `interventions` made
/// while it ran.
Report makeReport(const Scenario& scenario, const std::vector<FaultSpec>& interventions,
                  const RunRecord& run);

/// The report of a kept run; problems are those of the kept scenario.
Result<Report> makeReport(const RunRecord& run);

/// A number for people: "12.4 ms" for 0.0124 and unit "s", "1 234" for 1234 and no unit, "-" for
/// what is no number.
std::string numberText(double value, std::string_view unit);

} // namespace sim
