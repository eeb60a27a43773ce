#pragma once

#include "sim/scenario/scenario.h"
#include "ui/window/chooser.h"

namespace ui {

class Panels;

/// Finds the components and links of a scenario by name, a message by its number, and the facts
/// that say what is typed; the panels show what is chosen.
Chooser* makeFinder(const sim::Scenario& scenario, Panels& panels, QWidget* parent);

} // namespace ui
