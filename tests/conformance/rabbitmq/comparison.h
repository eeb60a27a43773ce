#pragma once

#include "tests/conformance/rabbitmq/cases.h"
#include "tests/conformance/rabbitmq/observed.h"

#include <array>
#include <functional>
#include <string>

namespace conformance {

/// Plays a scenario on a broker. Throws std::exception where the broker refuses something.
using Play = std::function<Observed(const sim::Scenario&)>;

/// Times between things, to be tried one after the other where something differs: a machine may be
/// too slow to keep their order, but a real difference stays.
inline constexpr std::array<sim::Duration, 3> paces{std::chrono::milliseconds{60},
                                                    std::chrono::milliseconds{200},
                                                    std::chrono::milliseconds{500}};

/// What of the case differs between a broker and the simulator at every pace, or is refused, with
/// its name and the scenario; empty where nothing does.
std::string compare(const Play& broker, const Case& played);
/// The same, and the least of the case that still differs.
std::string compareAndShrink(const Play& broker, const Case& played);

/// The smallest scenario that `fails` like this one: faults, messages, bindings, alternates,
/// components, scripted outcomes and settings of queues are taken away as long as it still does.
/// Requires fails(scenario).
sim::Scenario shrunk(sim::Scenario scenario,
                     const std::function<bool(const sim::Scenario&)>& fails);

} // namespace conformance
