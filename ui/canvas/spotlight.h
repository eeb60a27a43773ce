#pragma once

#include "sim/base/ids.h"
#include "sim/kernel/catalogue.h"
#include "sim/kernel/trace_record.h"
#include "sim/observe/verdict.h"

#include <QString>

#include <optional>
#include <set>

namespace ui {

/// What is lit on the canvas while everything else is faint: the messages and the components that
/// a violation is made of.
struct Spotlight {
    QString title; ///< what is lit, in a few words
    std::set<sim::MessageId> messages;
    std::set<sim::ComponentId> components;

    bool operator==(const Spotlight&) const = default;
};

/// What the witness of a violation lights.
Spotlight spotlightOn(const sim::Verdict& verdict, const sim::Witness& witness);

/// How strongly a thing is painted: faint where something else is lit.
double strengthOf(const std::optional<Spotlight>& light, sim::ComponentId component);
double strengthOf(const std::optional<Spotlight>& light, sim::MessageId message);
/// A line is lit where both its ends are.
double strengthOf(const std::optional<Spotlight>& light, sim::ComponentId from,
                  sim::ComponentId to);

inline constexpr double faint = 0.3;

} // namespace ui
