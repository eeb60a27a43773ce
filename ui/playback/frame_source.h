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
    FrameSource(FrameSource&&) = delete;
    FrameSource& operator=(FrameSource&&) = delete;
    virtual ~FrameSource() = default;

    /// Asks for the frame of an instant; the newest request wins. On a long way there frames come
    /// in between, with Frame::advancing.
    virtual void request(sim::Instant playhead) = 0;
    /// Asks for the frame one event further.
    virtual void stepEvent() = 0;
    /// A fault that begins now; the future beyond is dropped.
    virtual void inject(const sim::FaultSpec& fault) = 0;
    /// The newest finished frame; null before the first one.
    virtual std::shared_ptr<const sim::Frame> frame() = 0;
    /// The faults that the scenario itself says.
    virtual const std::vector<sim::FaultSpec>& plannedFaults() const = 0;
    virtual sim::Duration duration() const = 0;
    /// What the ids in its frames stand for.
    virtual std::shared_ptr<const sim::Catalogue> catalogue() const = 0;
};

} // namespace ui
