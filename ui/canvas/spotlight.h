#pragma once

#include "sim/base/ids.h"
#include "sim/kernel/catalogue.h"
#include "sim/kernel/trace_record.h"
#include "sim/observe/verdict.h"
#include "sim/run/where_to.h"
#include "ui/canvas/layout.h"

#include <QString>

#include <optional>
#include <set>

namespace ui {

/// What is lit on the canvas while everything else is faint: the messages and the components that
/// a violation is made of, or the paths of a message that somebody asks about.
struct Spotlight {
    QString title; ///< what is lit, in a few words
    std::set<sim::MessageId> messages;
    std::set<sim::ComponentId> components;
    std::optional<std::set<sim::LinkId>> path; ///< absent: it is about no paths

    bool operator==(const Spotlight&) const = default;
};

/// What the witness of a violation lights.
Spotlight spotlightOn(const sim::Verdict& verdict, const sim::Witness& witness);

/// The way of a message through its broker, from the link on which it is published, if any.
Spotlight spotlightOn(const QString& title, const sim::RouteAnswer& answer,
                      const std::optional<Route>& from);

/// How strongly a thing is painted: faint where something else is lit.
double strengthOf(const std::optional<Spotlight>& light, sim::ComponentId component);
double strengthOf(const std::optional<Spotlight>& light, sim::MessageId message);
/// A line is lit where it is on the path; without one, where both its ends are.
double strengthOf(const std::optional<Spotlight>& light, const Route& route);
/// Whether a line is one of the paths that were asked for.
bool isPath(const std::optional<Spotlight>& light, const Route& route);

inline constexpr double faint = 0.3;

} // namespace ui
