#pragma once

#include "sim/scenario/scenario.h"

#include <functional>
#include <string>
#include <vector>

namespace conformance {

/// What clients do with queues, and when: `tick` is the shortest time between two things that do
/// not follow from each other, so the same case can be played slowly on a slow machine.
struct Case {
    std::string name;
    std::function<sim::Scenario(sim::Duration tick)> scenario;
};

/// Written down, one for each rule of classic queues.
std::vector<Case> scriptedCases();
/// Written down, one for each rule of quorum queues.
std::vector<Case> quorumCases();

/// Written down, for queues of either type: basic.cancel.
std::vector<Case> cancelCases(sim::QueueType type);
/// The same: auto-delete, exclusive and unused queues, priorities of consumers and of messages.
std::vector<Case> lifetimeCases(sim::QueueType type);

/// The same: a restart of the broker, once; not clean: it is killed.
std::vector<Case> restartCases(sim::QueueType type, bool clean);

/// Drawn, `count` of them from `seed` on: queues that expire, overflow, dead-letter to one another
/// and serve by priority or give up what comes back too often, and consumers that ack, refuse and
/// die; those of classic queues cancel, too. Each leaves a tick between things that do not follow from each other. Of type quorum: most
/// of the queues are.
std::vector<Case> drawnCases(sim::QueueType type, std::uint64_t seed, std::size_t count);
/// The same with a restart of the broker, and without times to live.
std::vector<Case> drawnRestartCases(sim::QueueType type, std::uint64_t seed, std::size_t count,
                                    bool clean);

} // namespace conformance
