#pragma once

#include "sim/base/ids.h"
#include "sim/scenario/scenario.h"

#include <QString>

#include <vector>

namespace ui {

/// How long a fault injected by hand lasts unless its user says otherwise.
inline constexpr sim::Duration faultLasts = std::chrono::seconds{5};

/// One fault of each kind, in the order of the kinds, aimed at the first component or link that it
/// fits; its target is empty where the scenario has none.
std::vector<sim::FaultSpec> everyFault(const sim::Scenario& scenario);

/// The faults that can strike the component, aimed at it.
std::vector<sim::FaultSpec> faultsFor(const sim::Scenario& scenario, sim::ComponentId component);

/// The faults that can strike the link, aimed at it; none for a binding, which is no network.
std::vector<sim::FaultSpec> faultsFor(const sim::Scenario& scenario, sim::LinkId link);

/// Whether everything that the fault must be aimed at is there.
bool hasTarget(const sim::FaultSpec& fault);

/// "Crash", "Lost acks".
QString faultKindText(const sim::FaultKind& kind);

} // namespace ui
