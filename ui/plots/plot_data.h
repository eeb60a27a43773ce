#pragma once

#include "sim/base/time.h"

#include <QColor>
#include <QString>

#include <optional>
#include <vector>

namespace ui {

/// Plots count time in seconds.
inline double secondsOf(sim::Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

/// One line over simulated time. `times` (seconds, never falling) and `values` have equal length;
/// a value that is not a number leaves a gap.
struct PlotLine {
    QString name; ///< stands at the line's end and in the read-out
    QColor colour;
    bool steps = false; ///< a level that holds until the next point, as a depth does
    std::vector<double> times;
    std::vector<double> values;

    bool operator==(const PlotLine&) const = default;
};

/// A span of time with something going on, such as a fault.
struct PlotBand {
    double from = 0; ///< seconds
    double to = 0;
    QString text;

    bool operator==(const PlotBand&) const = default;
};

/// What a plot shows besides its hairlines.
struct PlotContent {
    std::vector<PlotLine> lines;
    std::vector<PlotBand> bands;
    std::vector<double> ticks; ///< seconds: instants of violations
    double end = 0;            ///< seconds: how far there is data

    bool operator==(const PlotContent&) const = default;
};

/// How a value of a plot is written, with its unit: "14 msg", "3.42 ms".
using ValueText = QString (*)(double);

/// The value of the line at `time`: the last one at or before it for steps, else on the straight
/// line between its neighbours. None before the first point, after the last and in gaps.
std::optional<double> valueAt(const PlotLine& line, double time);

/// The highest value of any line between `from` and `to`, counting the points just outside; 0 where
/// there is none.
double highestValue(const PlotContent& content, double from, double to);

/// One row for each time of any line, one column for each line; empty where a line has no value.
QString csvOf(const PlotContent& content);

/// A span of simulated time in seconds.
struct TimeRange {
    double from = 0;
    double to = 1;

    bool operator==(const TimeRange&) const = default;
};

/// `range` made narrower (steps > 0) or wider around `at`, which stays where it is.
TimeRange zoomed(TimeRange range, double at, double steps);
/// `range` shifted and cut so that it stays within 0 and `end`, and is no narrower than a
/// microsecond.
TimeRange within(TimeRange range, double end);

} // namespace ui
