#pragma once

#include "sim/scenario/scenario.h"

#include <QString>

namespace ui {

/// How many simulated seconds go by in a second on the wall: 0.01 to 1000, or as fast as possible.
inline constexpr double speedMin = 0.01;
inline constexpr double speedMax = 1000;
/// Stands for "as fast as possible".
inline constexpr double speedUnlimited = 1e9;

/// A place on the slider, 0..sliderSteps, and back. The last place is speedUnlimited.
inline constexpr int sliderSteps = 100;
double speedAt(int place);
int placeOf(double speed);

/// The next rung of 1, 2, 5, 10 ... up or down.
double nextSpeed(double speed, int step);

/// "1/100 ×", "0.5 ×", "20 ×", "max".
QString speedText(double speed);

/// Slow enough to see a message travel over the scenario's links, at most 1.
double speedFor(const sim::Scenario& scenario);

} // namespace ui
