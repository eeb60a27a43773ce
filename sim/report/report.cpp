#include "sim/report/report.h"

#include "sim/base/units.h"
#include "sim/scenario/describe.h"
#include "sim/scenario/fault_title.h"
#include "sim/scenario/json.h"
#include "sim/scenario/write.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <set>

namespace sim {
namespace {

/// Components side by side in one table of metrics: what fits on a printed page.
constexpr std::size_t columnsMax = 6;

std::string grouped(std::string digits) {
    const std::size_t first = digits.starts_with('-') ? 1 : 0;
    for (std::size_t end = digits.size(); end > first + 3; end -= 3) {
        digits.insert(end - 3, "\u202f"); // a narrow space that does not break
    }
    return digits;
}

std::string plainNumber(double value) {
    constexpr double groupedFrom = 10'000;
    if (value == std::floor(value) && std::abs(value) < 1e15) {
        const std::string digits = fmt::format("{:.0f}", value);
        return std::abs(value) >= groupedFrom ? grouped(digits) : digits;
    }
    return fmt::format("{:.4g}", value);
}

std::string secondsText(double seconds) {
    struct Step {
        double from;
        double factor;
        const char* unit;
    };
    constexpr std::array<Step, 4> steps{
        {{1, 1, "s"}, {1e-3, 1e3, "ms"}, {1e-6, 1e6, "µs"}, {0, 1e9, "ns"}}};
    if (seconds == 0) {
        return "0 s";
    }
    const auto* step = std::ranges::find_if(
        steps, [seconds](const Step& candidate) { return std::abs(seconds) >= candidate.from; });
    return fmt::format("{:.4g} {}", seconds * step->factor, step->unit);
}

void flatten(const std::string& name, const JsonValue& json, std::vector<std::string> start,
             ReportTable& table);

void flattenEach(const std::string& name, const JsonValue::Array& list,
                 const std::vector<std::string>& start, ReportTable& table) {
    for (std::size_t i = 0; i < list.size(); ++i) {
        flatten(fmt::format("{}[{}]", name, i), list[i], start, table);
    }
}

bool isPlain(const JsonValue& json) {
    return !std::holds_alternative<JsonValue::Array>(json.value) &&
           !std::holds_alternative<JsonValue::Object>(json.value);
}

std::string plainText(const JsonValue& json) {
    const auto* text = std::get_if<std::string>(&json.value);
    return text != nullptr ? *text : jsonLine(json);
}

/// One row for each value inside: `start`, then the path to it, then the value.
void flatten(const std::string& name, const JsonValue& json, std::vector<std::string> start,
             ReportTable& table) {
    if (const auto* object = std::get_if<JsonValue::Object>(&json.value)) {
        for (const JsonMember& member : *object) {
            flatten(name.empty() ? member.key : name + "." + member.key, member.value, start,
                    table);
        }
        return;
    }
    const auto* list = std::get_if<JsonValue::Array>(&json.value);
    if (list != nullptr && !std::ranges::all_of(*list, isPlain)) {
        flattenEach(name, *list, start, table);
        return;
    }
    start.push_back(name);
    start.push_back(plainText(json));
    table.rows.push_back(std::move(start));
}

const JsonValue::Array& listIn(const JsonValue& json, std::string_view key) {
    static const JsonValue::Array none;
    const JsonValue* found = json.find(key);
    const auto* list = found == nullptr ? nullptr : std::get_if<JsonValue::Array>(&found->value);
    return list == nullptr ? none : *list;
}

std::string memberText(const JsonValue& json, std::string_view key) {
    const JsonValue* found = json.find(key);
    return found == nullptr ? std::string{} : plainText(*found);
}

ReportTable parametersOf(const JsonValue& scenario) {
    ReportTable table{"Parameters", {"component", "parameter", "value"}, {}};
    for (const JsonValue& component : listIn(scenario, "components")) {
        const auto* object = std::get_if<JsonValue::Object>(&component.value);
        for (const JsonMember& member : object == nullptr ? JsonValue::Object{} : *object) {
            if (member.key != "id" && member.key != "position") {
                flatten(member.key, member.value, {memberText(component, "id")}, table);
            }
        }
    }
    return table;
}

void addFaults(const Scenario& scenario, const char* origin, ReportTable& table) {
    const JsonValue json = scenarioJson(scenario, Defaults::LeftOut);
    std::size_t number = 0;
    for (const JsonValue& fault : listIn(json, "faults")) {
        const std::string name = memberText(fault, "name");
        const std::string shown = name.empty() ? fmt::format("{}", ++number) : name;
        const auto* object = std::get_if<JsonValue::Object>(&fault.value);
        for (const JsonMember& member : object == nullptr ? JsonValue::Object{} : *object) {
            if (member.key != "name") {
                flatten(member.key, member.value, {shown, origin}, table);
            }
        }
    }
}

ReportTable faultsOf(const Scenario& scenario, const std::vector<FaultSpec>& interventions) {
    ReportTable table{"Faults", {"fault", "from", "parameter", "value"}, {}};
    addFaults(scenario, "scenario", table);
    Scenario byHand = scenario;
    byHand.faults = interventions;
    addFaults(byHand, "by hand", table);
    return table;
}

/// Faults that come at random have no place of their own in a chart.
std::vector<ReportBand> bandsOf(const Scenario& scenario,
                                const std::vector<FaultSpec>& interventions, Instant end) {
    std::vector<FaultSpec> faults = scenario.faults;
    faults.insert(faults.end(), interventions.begin(), interventions.end());
    std::vector<ReportBand> bands;
    for (const FaultSpec& fault : faults) {
        const Instant from = start + fault.when.at;
        if (fault.when.every || from > end) {
            continue;
        }
        const Instant to = fault.when.duration ? std::min(from + *fault.when.duration, end) : end;
        bands.push_back({faultTitle(fault), from, to});
    }
    return bands;
}

ReportTable factsOf(const Scenario& scenario, const RunRecord& run) {
    const auto count = [&run](Verdict::State state) {
        return fmt::format("{}", std::ranges::count(run.verdicts, state, &VerdictRecord::state));
    };
    ReportTable table{"Run", {"", ""}, {}};
    table.rows = {{"simulated time", writeDuration(run.end - start)},
                  {"measured from", writeDuration(scenario.warmup)},
                  {"seed", fmt::format("{}", run.seed)},
                  {"events", plainNumber(static_cast<double>(run.events))},
                  {"fingerprint", run.fingerprint},
                  {"Millrace", run.version},
                  {"checks that hold", count(Verdict::State::Holds)},
                  {"checks violated", count(Verdict::State::Violated)},
                  {"checks not decided", count(Verdict::State::NotDecided)}};
    return table;
}

struct Metered {
    std::string component;
    std::vector<const MetricRow*> rows;
};

std::vector<Metered> byComponent(const std::vector<MetricRow>& rows) {
    std::vector<Metered> all;
    std::map<std::string, std::size_t> places;
    for (const MetricRow& row : rows) {
        const auto [place, isNew] = places.try_emplace(row.component, all.size());
        if (isNew) {
            all.push_back({row.component, {}});
        }
        all[place->second].rows.push_back(&row);
    }
    return all;
}

bool sameMetrics(const Metered& a, const Metered& b) {
    return std::ranges::equal(
        a.rows, b.rows, [](const MetricRow* x, const MetricRow* y) { return x->name == y->name; });
}

/// Components with the same metrics stand side by side, a metric on each line.
std::vector<ReportTable> metricsOf(const std::vector<MetricRow>& rows) {
    std::vector<ReportTable> tables;
    const std::vector<Metered> all = byComponent(rows);
    std::set<std::size_t> done;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (done.contains(i)) {
            continue;
        }
        ReportTable table{"", {"metric"}, {}};
        for (const MetricRow* row : all[i].rows) {
            table.rows.push_back({row->name});
        }
        for (std::size_t k = i; k < all.size() && table.head.size() <= columnsMax; ++k) {
            if (!done.contains(k) && sameMetrics(all[i], all[k])) {
                done.insert(k);
                table.head.push_back(all[k].component.empty() ? "whole run" : all[k].component);
                for (std::size_t r = 0; r < table.rows.size(); ++r) {
                    const MetricRow& row = *all[k].rows[r];
                    table.rows[r].push_back(numberText(row.value, row.unit));
                }
            }
        }
        tables.push_back(std::move(table));
    }
    return tables;
}

ReportTable littlesLawOf(const std::vector<LittleRecord>& records) {
    ReportTable table{"Little's law",
                      {"queue", "depth, summed over time", "times in the queue, summed", "law"},
                      {}};
    for (const LittleRecord& record : records) {
        table.rows.push_back({record.queue, fmt::format("{:.9f} message seconds", record.depthTime),
                              fmt::format("{:.9f} message seconds", record.sojournTime),
                              record.holds ? "holds" : "does not hold"});
    }
    return table;
}

bool isFlat(const SeriesRecord& series) {
    return std::ranges::all_of(series.points, [](const auto& point) { return point.value == 0; });
}

/// "latency" of "latency, p99".
std::string chartTitle(const SeriesRecord& series) {
    return series.name.substr(0, series.name.find(", "));
}

std::string lineName(const SeriesRecord& series) {
    const std::string component = series.component.empty() ? "whole run" : series.component;
    return component + series.name.substr(chartTitle(series).size());
}

/// One chart for each title and unit, with a line for each component. What is 0 throughout is not
/// drawn.
std::vector<ReportChart> chartsOf(const std::vector<SeriesRecord>& series) {
    std::vector<ReportChart> charts;
    for (const SeriesRecord& one : series) {
        if (isFlat(one)) {
            continue;
        }
        const auto fits = [title = chartTitle(one), &one](const ReportChart& chart) {
            return chart.title == title && chart.unit == one.unit &&
                   chart.lines.size() < chartLinesMax;
        };
        auto chart = std::ranges::find_if(charts, fits);
        if (chart == charts.end()) {
            charts.push_back({chartTitle(one), one.unit, {}});
            chart = std::prev(charts.end());
        }
        chart->lines.push_back({lineName(one), one.points});
    }
    return charts;
}

} // namespace

std::string numberText(double value, std::string_view unit) {
    if (!std::isfinite(value)) {
        return "-";
    }
    if (unit == "s") {
        return secondsText(value);
    }
    if (unit == "1/s") {
        return plainNumber(value) + " /s";
    }
    return unit.empty() ? plainNumber(value) : fmt::format("{} {}", plainNumber(value), unit);
}

Report makeReport(const Scenario& scenario, const std::vector<FaultSpec>& interventions,
                  const RunRecord& run) {
    Report report;
    report.scenario = scenario;
    report.facts = factsOf(scenario, run);
    report.parameters = parametersOf(scenarioJson(scenario, Defaults::LeftOut));
    report.faults = faultsOf(scenario, interventions);
    report.verdicts = run.verdicts;
    report.metrics = metricsOf(run.metrics);
    report.littlesLaw = littlesLawOf(run.littlesLaw);
    report.charts = chartsOf(run.series);
    report.bands = bandsOf(scenario, interventions, run.end);
    report.end = run.end;
    return report;
}

Result<Report> makeReport(const RunRecord& run) {
    const auto scenario = scenarioOf(run);
    if (!scenario) {
        return scenario.error();
    }
    const auto interventions = interventionsOf(run);
    if (!interventions) {
        return interventions.error();
    }
    return makeReport(*scenario, *interventions, run);
}

} // namespace sim
