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

/// Where everything that does not move stands, in pixels at zoom 1.
struct CanvasLayout {
    std::vector<QRectF> cards; ///< by ComponentId
    std::vector<Route> routes; ///< the scenario's links first, by LinkId
    QRectF bounds;             ///< of cards and routes; null for an empty scenario

    /// The first route from one card to another; null where there is none.
    const Route* between(sim::ComponentId from, sim::ComponentId to) const;
};

CanvasLayout layoutOf(const sim::Scenario& scenario);

inline constexpr double cardRadius = 8;
inline constexpr double cardPadding = 12;
inline constexpr double headerHeight = 46;
inline constexpr double laneHeight = 26;
inline constexpr double footerHeight = 24;
inline constexpr std::uint32_t lanesDrawn = 8; ///< more instances are told in one line

QSizeF cardSize(const sim::ComponentSpec& spec);

/// The components that no position tells apart: all of them stand at one point. Such a scenario
/// wants arranged().
bool needsArranging(const sim::Scenario& scenario);

/// The same scenario with cards in layers from left to right, along the links.
sim::Scenario arranged(sim::Scenario scenario);

} // namespace ui
