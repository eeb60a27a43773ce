#pragma once

#include "sim/run/live_run.h"

#include <memory>
#include <vector>

namespace ui {

/// Where a player gets its frames from: a live run, or a test's own frames. Nothing here waits.
class FrameSource {
public:
    FrameSource() = default;
    FrameSource(const FrameSource&) = delete;
    FrameSource& operator=(const FrameSource&) = delete;
    virtual ~FrameSource() = default;

    /// Asks for the frame of an instant; the newest request wins.
    virtual void request(sim::Instant playhead) = 0;
    /// Asks for the frame one event further.
    virtual void stepEvent() = 0;
    /// A fault that begins now; the future beyond is dropped.
    virtual void inject(const sim::FaultSpec& fault) = 0;
    /// The newest finished frame; null before the first one.
    virtual std::shared_ptr<const sim::Frame> frame() = 0;
    /// The run's faults: the scenario's, then the interventions.
    virtual std::vector<sim::FaultSpec> faults() const = 0;
    virtual std::vector<sim::FaultSpec> interventions() const = 0;
    virtual sim::Duration duration() const = 0;
};

} // namespace ui
