#pragma once

#include "sim/interop/unique_ids.h"
#include "sim/scenario/scenario.h"

#include <set>
#include <string>

namespace sim {

/// Gives an imported topology the clients that a definitions file does not name.
///
/// - A producer for each exchange where traffic enters: one with bindings that is not internal,
///   that no exchange, alternate exchange or dead-lettering leads to, and that does more than feed
///   retry queues or gather dead letters. Where there is none, the first exchange with bindings.
///   Its event types are the binding keys, with wildcards replaced by words in use beside them.
/// - A producer for each queue that nothing leads to: it is published to by its name.
/// - A consumer for each queue, except those of `shovelled`, whose consumer is known, retry queues (a TTL and a dead-letter exchange, so that
///   messages pass through by waiting) and queues that only dead letters reach.
///
/// `scenario` is that of one virtual host. `notEntries` are ids of queues that got messages from
/// something that was left out. The new components get ids that `ids` has not given yet.
void addTraffic(Scenario& scenario, const std::set<std::string>& notEntries,
                const std::set<std::string>& shovelled, UniqueIds& ids);

} // namespace sim
