#include "sim/experiment/record_run.h"

#include "sim/observe/describe.h"
#include "sim/scenario/write.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace sim {
namespace {

struct CurveName {
    Series::Curve curve;
    const char* name;
    const char* unit;
};
constexpr std::array<CurveName, 6> curveNames{{
    {Series::Curve::Ready, "ready messages", ""},
    {Series::Curve::Unacked, "unacknowledged messages", ""},
    {Series::Curve::Produced, "produced", "1/s"},
    {Series::Curve::Published, "published", "1/s"},
    {Series::Curve::Applied, "applied", "1/s"},
    {Series::Curve::Staleness, "staleness", "s"},
}};

struct PercentileName {
    Duration Percentiles::*value;
    const char* name;
};
constexpr std::array<PercentileName, 3> percentileNames{{
    {&Percentiles::p50, "latency, p50"},
    {&Percentiles::p95, "latency, p95"},
    {&Percentiles::p99, "latency, p99"},
}};

VerdictRecord verdictRecord(const Verdict& verdict, const Witness& witness,
                            const Catalogue& catalogue) {
    VerdictRecord record;
    record.check = verdict.check;
    record.id = verdict.id;
    record.state = verdict.state;
    record.shows = verdict.shows;
    record.summary = verdict.summary;
    record.violations = verdict.violations;
    record.at = verdict.at;
    record.witness = witness.text;
    for (const TraceRecord& fact : witness.records) {
        record.facts.push_back(describe(fact, catalogue));
    }
    return record;
}

/// A rate in one interval of few events is a comb of noise: so many points are left of a rate.
constexpr std::size_t ratePoints = 200;

/// Values that hold for an interval stand at its end. `together` intervals in turn become one point
/// with their mean.
std::vector<SeriesRecord::Point> pointsOf(const std::vector<double>& values, Duration interval,
                                          std::size_t together) {
    std::vector<SeriesRecord::Point> points;
    for (std::size_t end = together; end <= values.size(); end += together) {
        double sum = 0;
        for (std::size_t i = end - together; i < end; ++i) {
            sum += values[i];
        }
        points.push_back({start + interval * static_cast<Duration::rep>(end),
                          sum / static_cast<double>(together)});
    }
    return points;
}

void addCurves(const Series& series, const CurveName& curve, const Catalogue& catalogue,
               std::vector<SeriesRecord>& records) {
    const bool isRate = std::string_view{curve.unit} == "1/s";
    const std::size_t together = isRate ? std::max<std::size_t>(series.size() / ratePoints, 1) : 1;
    for (std::size_t i = 0; i < catalogue.components.size(); ++i) {
        const auto id = static_cast<ComponentId>(i);
        if (series.has(curve.curve, id)) {
            const std::vector<double> values = series.values(curve.curve, id);
            records.push_back({catalogue.components[i], curve.name, curve.unit,
                               pointsOf(values, series.interval(), together)});
        }
    }
}

void addLatencies(const Series& series, const PercentileName& percentile,
                  const Catalogue& catalogue, std::vector<SeriesRecord>& records) {
    for (std::size_t i = 0; i < catalogue.components.size(); ++i) {
        const auto id = static_cast<ComponentId>(i);
        if (!series.has(Series::Curve::Applied, id)) {
            continue;
        }
        SeriesRecord record{catalogue.components[i], percentile.name, "s", {}};
        for (const Series::Window& window : series.latencies(id)) {
            if (window.latency.count > 0) {
                const std::chrono::duration<double> value = window.latency.*percentile.value;
                record.points.push_back({window.from, value.count()});
            }
        }
        records.push_back(std::move(record));
    }
}

std::vector<SeriesRecord> seriesOf(const Series& series, const Catalogue& catalogue) {
    std::vector<SeriesRecord> records;
    for (const CurveName& curve : curveNames) {
        addCurves(series, curve, catalogue, records);
    }
    for (const PercentileName& percentile : percentileNames) {
        addLatencies(series, percentile, catalogue, records);
    }
    return records;
}

std::vector<LittleRecord> littlesLawIn(const MetricsSummary& metrics) {
    std::vector<LittleRecord> records;
    for (const ComponentSummary& component : metrics.components) {
        if (const auto* queue = std::get_if<QueueSummary>(&component.what)) {
            records.push_back(
                {component.name, queue->depthTime, queue->sojournTime, queue->littleHolds});
        }
    }
    return records;
}

} // namespace

RunRecord recordRun(const Scenario& scenario, const std::vector<FaultSpec>& interventions,
                    const RunResult& result, const std::string& folder) {
    RunRecord record;
    record.title = scenario.title;
    record.scenario = writeScenario(scenario);
    record.folder = folder;
    record.interventions = interventionsText(scenario, interventions);
    record.seed = scenario.seed;
    record.version = MILLRACE_VERSION;
    record.fingerprint = result.fingerprint;
    record.events = result.events;
    record.end = result.end;
    for (std::size_t i = 0; i < result.verdicts.size(); ++i) {
        record.verdicts.push_back(
            verdictRecord(result.verdicts[i], result.witnesses[i], result.catalogue));
    }
    record.metrics = result.metrics.rows();
    record.littlesLaw = littlesLawIn(result.metrics);
    if (result.series) {
        record.series = seriesOf(*result.series, result.catalogue);
    }
    return record;
}

} // namespace sim
