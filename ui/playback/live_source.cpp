#include "ui/playback/live_source.h"

#include <utility>

namespace ui {

LiveSource::LiveSource(sim::Scenario scenario, std::vector<sim::FaultSpec> interventions)
    : m_run(std::move(scenario), std::move(interventions)) {}

} // namespace ui
