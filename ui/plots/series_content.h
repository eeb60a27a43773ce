#pragma once

#include "sim/run/live_run.h"
#include "sim/scenario/scenario.h"
#include "ui/common/fault_history.h"
#include "ui/common/palette.h"
#include "ui/plots/plot_data.h"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace ui {

/// The plots of a run, in the order in which they stand.
enum class SeriesPlot : std::uint8_t { Depth, Throughput, Latency, Staleness };
inline constexpr std::size_t seriesPlots = 4;

/// Which plots can ever say something about a component; all of them about the run as a whole.
std::array<bool, seriesPlots> plotsOf(const sim::Scenario& scenario,
                                      std::optional<sim::ComponentId> component);

/// Depth, throughput, latency and staleness of a component, or of the run as a whole where there is
/// none. A consumer keeps what it was sent in its queues until it acknowledges it: its depth is
/// theirs. A plot that has nothing to say about the component has no points.
std::array<PlotContent, seriesPlots> seriesContents(const sim::Frame& frame,
                                                    const sim::Scenario& scenario,
                                                    std::optional<sim::ComponentId> component,
                                                    const Palette& palette);

/// The time that each fault lasted; those that last still go to `now`.
std::vector<PlotBand> faultBands(const FaultHistory& history, const sim::Scenario& scenario,
                                 const std::vector<sim::FaultSpec>& interventions,
                                 sim::Instant now);

/// The first violation of each check that is violated, in seconds.
std::vector<double> violationTicks(const sim::Frame& frame);

} // namespace ui
