#pragma once

#include "sim/run/live_run.h"
#include "ui/canvas/layout.h"
#include "ui/canvas/spotlight.h"
#include "ui/playback/picture.h"

#include <QStringList>

#include <memory>
#include <variant>
#include <vector>

namespace ui {

/// A heap that was clicked: the messages in it.
struct HeapTarget {
    HeapPlace place;
    bool operator==(const HeapTarget&) const = default;
};

/// What the mouse or the keyboard points at.
using Target =
    std::variant<std::monostate, sim::ComponentId, sim::LinkId, sim::MessageId, HeapTarget>;

/// Everything that the picture on the canvas is made from.
struct CanvasContent {
    sim::Scenario scenario;
    CanvasLayout layout;
    std::shared_ptr<const sim::Frame> frame; ///< null before a run
    std::vector<sim::FaultSpec> faults;      ///< of the run: the scenario's, then interventions
    Tally tally;
    Picture picture;
    Target selected;
    Target hovered;
    std::optional<Spotlight> spotlight; ///< absent: nothing is faint

    /// The state of a component; null where the frame has none (or none of that kind).
    const sim::ComponentView* viewOf(std::size_t component) const;
    /// Its settings: as policies make them at the instant that is shown, else as declared.
    const sim::ComponentSpec& specOf(std::size_t component) const;
};

/// What active faults do to one card, and that a broker holds publishers back: words for its edge.
QStringList faultsOn(const CanvasContent& content, std::size_t component);

/// What active faults do to one link; empty: nothing is wrong with it.
QString faultsOn(const CanvasContent& content, const Route& route);

/// What lies topmost under a point of the canvas. `slack` is how far beside it the pointer may be.
Target targetAt(const CanvasContent& content, QPointF point, double slack);

/// A message wherever it is seen: centre of its dot or square. Not every message is.
std::vector<QPointF> placesOf(const CanvasContent& content, sim::MessageId message);

} // namespace ui
