#pragma once

#include "sim/base/ids.h"
#include "sim/scenario/scenario.h"
#include "ui/canvas/curve.h"

#include <QRectF>
#include <QString>

#include <cstdint>
#include <vector>

namespace ui {

/// A line between two cards.
struct Route {
    enum class Kind : std::uint8_t { Publish, Binding, Consume, DeadLetter, Alternate };
    Kind kind = Kind::Publish;
    sim::ComponentId from{};
    sim::ComponentId to{};
    sim::LinkId link = sim::noLink; ///< noLink for what follows from a setting: dead letters
    Curve curve;
    QString label; ///< binding key; empty: none is shown
    QPointF labelAt;
};

/// Where everything that does not move stands, in pixels at zoom 1. Cards stand where the scenario
/// says, or as far beside it as larger text and long names need: what stood apart stays apart.
struct CanvasLayout {
    std::vector<QRectF> cards; ///< by ComponentId
    std::vector<Route> routes; ///< the scenario's links first, by LinkId
    QRectF bounds;             ///< of cards and routes; null for an empty scenario

    /// The first route from one card to another; null where there is none.
    const Route* between(sim::ComponentId from, sim::ComponentId to) const;
};

CanvasLayout layoutOf(const sim::Scenario& scenario);

/// Cards that are moved or arranged stand on a grid of this many pixels.
inline constexpr int cardGrid = 8;
double onGrid(double value);

inline constexpr double cardRadius = 8;
inline constexpr double cardPadding = 12;
inline constexpr std::uint32_t lanesDrawn = 8; ///< more instances are told in one line

/// The parts of a card that hold text, and so grow with it. All at zoom 1.
double headerHeight();
double lineHeight(); ///< a line of text, and a pill
double laneHeight();
double footerHeight();
double iconSize();

/// From the card's edge to its name: padding, icon and a gap.
double nameIndent();

/// As large as text, name and caption need; a name longer than `nameMax` is cut.
QSizeF cardSize(const sim::ComponentEntry& entry);
double nameMax();

/// The components that no position tells apart: all of them stand at one point. Such a scenario
/// wants arranged().
bool needsArranging(const sim::Scenario& scenario);

/// The same scenario with cards in layers from left to right, along the links; what does not hang
/// together stands apart, in rows about as wide as a window.
sim::Scenario arranged(sim::Scenario scenario);

} // namespace ui
