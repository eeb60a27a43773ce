#pragma once

#include "sim/run/live_run.h"
#include "ui/common/message_glyph.h"
#include "ui/playback/tally.h"

#include <cstdint>
#include <vector>

namespace ui {

/// Something on its way over a link.
struct Dot {
    sim::MessageId message{};
    std::uint32_t copy = 0;
    std::uint32_t version = 0;
    sim::LinkId link{};
    double along = 0;   ///< 0 at the link's beginning, 1 at its end, whichever way it travels
    bool reply = false; ///< an acknowledgement or a confirm: drawn small
    MessageGlyph glyph;
};

/// The trace of a passage too quick to be seen as a dot.
struct Streak {
    sim::ComponentId from{};
    sim::ComponentId to{};
    sim::KeyId key = sim::noKey;
    double age = 0; ///< 0 just now, 1 gone
};

/// A link with too many messages for dots: how many are on each equal part of it.
struct Density {
    sim::LinkId link{};
    double perSecond = 0;
    std::vector<std::uint32_t> parts;
};

struct Heap {
    HeapPlace place;
    std::uint64_t count = 0;
};

/// An effect that took place a moment ago.
struct Pulse {
    sim::ComponentId at{};
    std::uint16_t lane = 0;
    sim::KeyId key = sim::noKey;
    bool wrong = false; ///< out of order or doubled
    double age = 0;     ///< 0 just now, 1 gone
};

/// What moves at one instant, without geometry or colours. State that belongs on cards stays in
/// the frame's View.
struct Picture {
    sim::Instant at{};
    std::vector<Dot> dots; ///< oldest departure first
    std::vector<Streak> streaks;
    std::vector<Density> densities;
    std::vector<Heap> heaps;
    std::vector<Pulse> pulses;
};

inline constexpr double densityFrom = 2000; ///< messages a second on a link
inline constexpr std::size_t densityParts = 40;
inline constexpr std::size_t passagesMax = 400; ///< recent facts looked at for streaks and pulses

/// What is visible at `playhead`. `fade` is the simulated time for which quick passages and effects
/// stay to be seen. Pure: the same arguments give the same picture.
/// Requires that `tally` has followed frame.log up to the playhead.
Picture pictureOf(const sim::Scenario& scenario, const sim::Frame& frame, const Tally& tally,
                  sim::Instant playhead, sim::Duration fade);

/// The glyph of a copy that waits in a queue or at a consumer.
MessageGlyph glyphOf(const sim::MessageView& message, const Tally& tally);

} // namespace ui
