#pragma once

#include "sim/run/live_run.h"
#include "sim/scenario/scenario.h"
#include "ui/common/fault_history.h"
#include "ui/common/palette.h"
#include "ui/plots/plot_data.h"

#include <array>
#include <optional>
#include <vector>

namespace ui {

/// Depth, throughput, latency and staleness of a component, or of the run as a whole where there is
/// none. A plot that has nothing to say about the component has no points.
std::array<PlotContent, 4> seriesContents(const sim::Frame& frame, const sim::Scenario& scenario,
                                          std::optional<sim::ComponentId> component,
                                          const Palette& palette);

/// The time that each fault lasted; those that last still go to `now`.
std::vector<PlotBand> faultBands(const FaultHistory& history, const sim::Scenario& scenario,
                                 const std::vector<sim::FaultSpec>& interventions,
                                 sim::Instant now);

/// The first violation of each check that is violated, in seconds.
std::vector<double> violationTicks(const sim::Frame& frame);

} // namespace ui
