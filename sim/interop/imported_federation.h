#pragma once

#include "sim/interop/definitions_file.h"
#include "sim/interop/forwarding_ends.h"
#include "sim/scenario/scenario.h"

#include <set>
#include <string>
#include <vector>

namespace sim {

/// Brings in the federation links that policies of a file ask for (federation-upstream,
/// federation-upstream-set, federation-upstream-pattern) where the upstream is one of the virtual
/// hosts `vhosts`, of which `made` are what was imported.
///
/// For an exchange the import does what the link does: it makes a queue in the upstream, binds it
/// there as the exchange is bound here (and as it is federated further, as far as max-hops goes),
/// and a consumer that forwards. For a queue it makes a consumer that forwards on demand. The link
/// runs in its downstream, so that the way there takes no time. Notes in `made` which queues are
/// emptied and filled, and in `target` what is left out and why: upstreams on another host or
/// outside of the scenario, or without the exchange or queue. Parameters and policies themselves
/// stay as they are in the file.
/// Source: https://www.rabbitmq.com/docs/federation-reference,
/// https://www.rabbitmq.com/docs/federated-exchanges,
/// https://www.rabbitmq.com/docs/federated-queues,
/// https://github.com/rabbitmq/rabbitmq-server/tree/main/deps/rabbitmq_federation_common/src
/// Not modelled: the internal exchange between the two (its queue is bound directly, so that what
/// has made too many hops is dropped by the link and not before); exchanges and queues that a link
/// makes in an upstream that has none of that name; trust-user-id and the modes of channels.
ImportedForwarders importFederation(const DefinitionsFile& file,
                                    const std::vector<std::string>& vhosts,
                                    std::vector<ImportedVhost>& made, ImportTarget& target);

/// Whether importFederation() deals with parameters of this component.
bool isOfFederation(const DefinitionsFile::Rule& rule);

/// Ids of the queues that importFederation() has made: a broker makes them by itself.
std::set<std::string> upstreamQueuesIn(const Scenario& scenario);

} // namespace sim
