#pragma once

#include "tests/support/sample_frames.h"
#include "ui/playback/frame_source.h"

#include <memory>
#include <vector>

/// Frames on demand: each request is answered when the test says so.
class FakeSource : public ui::FrameSource {
public:
    explicit FakeSource(sim::Scenario of) : scenario(std::move(of)) {}

    void request(sim::Instant playhead) override { requests.push_back(playhead); }
    void stepEvent() override { ++steps; }
    void inject(const sim::FaultSpec& fault) override { injected.push_back(fault); }
    std::shared_ptr<const sim::Frame> frame() override { return newest; }
    const std::vector<sim::FaultSpec>& plannedFaults() const override { return scenario.faults; }
    sim::Duration duration() const override { return scenario.duration; }
    std::shared_ptr<const sim::Catalogue> catalogue() const override {
        return std::make_shared<sim::Catalogue>();
    }

    /// Finishes the frame of an instant.
    void answer(sim::Instant at, bool advancing = false) {
        sim::Frame frame = sample::frame(scenario, at, 6);
        frame.number = ++number;
        frame.advancing = advancing;
        frame.interventions = injected;
        newest = std::make_shared<sim::Frame>(std::move(frame));
    }
    /// Finishes what was asked for last.
    void answer() { answer(requests.back()); }

    sim::Scenario scenario;
    std::vector<sim::Instant> requests;
    std::vector<sim::FaultSpec> injected;
    int steps = 0;
    std::uint64_t number = 0;
    std::shared_ptr<const sim::Frame> newest;
};
