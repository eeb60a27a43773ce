#pragma once

#include "ui/playback/frame_source.h"

namespace ui {

/// Frames of a run that is simulated while somebody watches.
class LiveSource : public FrameSource {
public:
    /// Requires a scenario without problems.
    explicit LiveSource(sim::Scenario scenario, std::vector<sim::FaultSpec> interventions = {});

    void request(sim::Instant playhead) override { m_run.request(playhead); }
    void stepEvent() override { m_run.stepEvent(); }
    void inject(const sim::FaultSpec& fault) override { m_run.inject(fault); }
    std::shared_ptr<const sim::Frame> frame() override { return m_run.frame(); }
    const std::vector<sim::FaultSpec>& plannedFaults() const override {
        return m_run.scenario().faults;
    }
    sim::Duration duration() const override { return m_run.scenario().duration; }
    std::shared_ptr<const sim::Catalogue> catalogue() const override {
        return std::make_shared<sim::Catalogue>(m_run.catalogue());
    }

private:
    sim::LiveRun m_run;
};

} // namespace ui
