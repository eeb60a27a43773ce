#include "sim/report/csv.h"

#include <cmath>
#include <fmt/format.h>

namespace sim {
namespace {

std::string number(double value) { return std::isfinite(value) ? fmt::format("{}", value) : ""; }

} // namespace

std::string csvField(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) {
        return text;
    }
    std::string quoted = "\"";
    for (const char c : text) {
        quoted += c == '"' ? "\"\"" : std::string{c};
    }
    return quoted + "\"";
}

std::string metricsCsv(const std::vector<MetricRow>& metrics) {
    std::string csv = "component,metric,value,unit\r\n";
    for (const MetricRow& row : metrics) {
        csv += fmt::format("{},{},{},{}\r\n", csvField(row.component), csvField(row.name),
                           number(row.value), csvField(row.unit));
    }
    return csv;
}

std::string seriesCsv(const std::vector<SeriesRecord>& series) {
    std::string csv = "component,series,unit,seconds,value\r\n";
    for (const SeriesRecord& one : series) {
        for (const SeriesRecord::Point& point : one.points) {
            const double seconds =
                std::chrono::duration<double>(point.at.time_since_epoch()).count();
            csv += fmt::format("{},{},{},{},{}\r\n", csvField(one.component), csvField(one.name),
                               csvField(one.unit), seconds, number(point.value));
        }
    }
    return csv;
}

} // namespace sim
