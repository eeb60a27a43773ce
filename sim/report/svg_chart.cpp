#include "sim/report/svg_chart.h"

#include "sim/report/xml.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <optional>

namespace sim {
namespace {

constexpr double width = 720;
constexpr double height = 250;
constexpr double left = 64;
constexpr double right = 12;
constexpr double top = 12;
constexpr double bottom = 28;
constexpr double plotWidth = width - left - right;
constexpr double plotHeight = height - top - bottom;

double secondsOf(Instant instant) {
    return std::chrono::duration<double>(instant.time_since_epoch()).count();
}

/// From data to the picture. A chart begins at the start of the run and at 0.
struct Scale {
    double seconds = 1;
    double max = 1;

    double x(double at) const { return left + plotWidth * at / seconds; }
    double x(Instant at) const { return x(secondsOf(at)); }
    double y(double value) const { return top + plotHeight * (1 - value / max); }
};

Scale scaleOf(const ReportChart& chart, Instant end) {
    Scale scale;
    scale.seconds = std::max(secondsOf(end), 1e-9);
    double max = 0;
    for (const ReportChart::Line& line : chart.lines) {
        for (const SeriesRecord::Point& point : line.points) {
            max = std::isfinite(point.value) ? std::max(max, point.value) : max;
        }
    }
    scale.max = max > 0 ? axisSteps(max, 4).back() : 1;
    return scale;
}

std::string axes(const Scale& scale, const std::string& unit) {
    std::string svg;
    for (const double value : axisSteps(scale.max, 4)) {
        svg += fmt::format("<line class='grid' x1='{}' x2='{}' y1='{:.1f}' y2='{:.1f}'/>"
                           "<text class='axis' x='{}' y='{:.1f}' text-anchor='end'>{}</text>",
                           left, width - right, scale.y(value), scale.y(value), left - 6,
                           scale.y(value) + 4, escaped(numberText(value, unit)));
    }
    for (const double at : axisSteps(scale.seconds, 6)) {
        if (at <= scale.seconds) {
            svg += fmt::format("<text class='axis' x='{:.1f}' y='{}' text-anchor='middle'>{}"
                               "</text>",
                               scale.x(at), height - 8, escaped(numberText(at, "s")));
        }
    }
    return svg;
}

std::string bandsIn(const Scale& scale, const std::vector<ReportBand>& bands) {
    std::string svg;
    for (const ReportBand& band : bands) {
        const double from = scale.x(band.from);
        const double size = std::max(scale.x(std::min(secondsOf(band.to), scale.seconds)) - from,
                                     1.5); // a fault of an instant is seen too
        svg += fmt::format("<rect class='band' x='{:.1f}' y='{}' width='{:.1f}' height='{}'>"
                           "<title>{}</title></rect>",
                           from, top, size, plotHeight, escaped(band.name));
    }
    return svg;
}

struct Range {
    double least = 0;
    double greatest = 0;
};

/// By column of the picture, what the points in it span.
std::vector<std::optional<Range>> columnsOf(const std::vector<SeriesRecord::Point>& points,
                                            const Scale& scale) {
    std::vector<std::optional<Range>> columns(static_cast<std::size_t>(plotWidth) + 1);
    for (const SeriesRecord::Point& point : points) {
        const double x = scale.x(point.at) - left;
        if (!std::isfinite(point.value) || x < 0 || x > plotWidth) {
            continue;
        }
        std::optional<Range>& column = columns[static_cast<std::size_t>(x)];
        if (!column) {
            column = Range{point.value, point.value};
        }
        column->least = std::min(column->least, point.value);
        column->greatest = std::max(column->greatest, point.value);
    }
    return columns;
}

std::string corner(double x, double y) { return fmt::format("{:.1f},{:.1f} ", x, y); }

std::string corners(const std::vector<SeriesRecord::Point>& points, const Scale& scale) {
    std::string text;
    if (points.size() <= static_cast<std::size_t>(plotWidth)) {
        for (const SeriesRecord::Point& point : points) {
            if (std::isfinite(point.value)) {
                text += corner(scale.x(point.at), scale.y(point.value));
            }
        }
        return text;
    }
    const auto columns = columnsOf(points, scale);
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (const std::optional<Range>& column = columns[i]) {
            const double x = left + static_cast<double>(i);
            text += corner(x, scale.y(column->least)) + corner(x, scale.y(column->greatest));
        }
    }
    return text;
}

std::string legend(const ReportChart& chart) {
    std::string html = "<p class='legend'>";
    for (std::size_t i = 0; i < chart.lines.size(); ++i) {
        html += fmt::format("<span><i class='key line-{}'></i>{}</span> ", i,
                            escaped(chart.lines[i].name));
    }
    return html + "</p>";
}

} // namespace

std::vector<double> axisSteps(double max, int count) {
    const double rough = max / count;
    const double power = std::pow(10, std::floor(std::log10(rough))); // not in a run
    const double digit = rough / power;
    double step = 10 * power;
    for (const double nice : {1.0, 2.0, 5.0}) {
        if (digit <= nice * (1 + 1e-9)) {
            step = nice * power;
            break;
        }
    }
    std::vector<double> steps{0};
    for (int i = 1; steps.back() < max * (1 - 1e-9); ++i) {
        steps.push_back(i * step);
    }
    return steps;
}

std::string svgChart(const ReportChart& chart, const std::vector<ReportBand>& bands, Instant end) {
    const Scale scale = scaleOf(chart, end);
    std::string svg = fmt::format("<svg class='chart' viewBox='0 0 {} {}' role='img'><title>{}"
                                  "</title>",
                                  width, height, escaped(chart.title));
    svg += bandsIn(scale, bands) + axes(scale, chart.unit);
    for (std::size_t i = 0; i < chart.lines.size(); ++i) {
        svg += fmt::format("<polyline class='line line-{}' points='{}'><title>{}</title>"
                           "</polyline>",
                           i, corners(chart.lines[i].points, scale), escaped(chart.lines[i].name));
    }
    return svg + "</svg>" + legend(chart);
}

} // namespace sim
