#include "ui/plots/plot_data.h"

#include <QTextStream>

#include <algorithm>
#include <cmath>
#include <set>

namespace ui {

namespace {

constexpr double narrowest = 1e-6; ///< seconds
constexpr double zoomStep = 0.8;   ///< what one step of the wheel leaves of the range

/// Position of the last point at or before `time`; none when there is none.
std::optional<std::size_t> pointBefore(const PlotLine& line, double time) {
    const auto after = std::ranges::upper_bound(line.times, time);
    if (after == line.times.begin()) {
        return std::nullopt;
    }
    return static_cast<std::size_t>(after - line.times.begin()) - 1;
}

QString cell(const QString& text) {
    QString quoted = text;
    return u'"' + quoted.replace(u'"', QStringLiteral("\"\"")) + u'"';
}

std::set<double> allTimes(const PlotContent& content) {
    std::set<double> times;
    for (const PlotLine& line : content.lines) {
        times.insert(line.times.begin(), line.times.end());
    }
    return times;
}

} // namespace

std::optional<double> valueAt(const PlotLine& line, double time) {
    const auto before = pointBefore(line, time);
    if (!before || time > line.times.back()) {
        return std::nullopt;
    }
    double value = line.values[*before];
    if (!line.steps && *before + 1 < line.times.size()) {
        const double from = line.times[*before];
        const double share = (time - from) / (line.times[*before + 1] - from);
        value += share > 0 ? share * (line.values[*before + 1] - value) : 0;
    }
    return std::isnan(value) ? std::nullopt : std::optional(value);
}

double highestValue(const PlotContent& content, double from, double to) {
    double highest = 0;
    for (const PlotLine& line : content.lines) {
        std::size_t i = pointBefore(line, from).value_or(0);
        for (; i < line.times.size(); ++i) {
            highest = std::isnan(line.values[i]) ? highest : std::max(highest, line.values[i]);
            if (line.times[i] > to) {
                break;
            }
        }
    }
    return highest;
}

QString csvOf(const PlotContent& content) {
    QString csv;
    QTextStream out(&csv);
    out << "seconds";
    for (const PlotLine& line : content.lines) {
        out << ',' << cell(line.name);
    }
    out << '\n';
    for (const double time : allTimes(content)) {
        out << QString::number(time, 'g', 15);
        for (const PlotLine& line : content.lines) {
            const auto value = valueAt(line, time);
            out << ',' << (value ? QString::number(*value, 'g', 15) : QString());
        }
        out << '\n';
    }
    return csv;
}

TimeRange zoomed(TimeRange range, double at, double steps) {
    const double factor = std::pow(zoomStep, steps);
    return {at - (at - range.from) * factor, at + (range.to - at) * factor};
}

TimeRange within(TimeRange range, double end) {
    const double longest = std::max(end, narrowest);
    const double width = std::clamp(range.to - range.from, narrowest, longest);
    const double from = std::clamp(range.from, 0.0, longest - width);
    return {from, from + width};
}

} // namespace ui
