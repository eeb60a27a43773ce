#pragma once

#include "sim/interop/definitions_file.h"
#include "sim/interop/forwarding_ends.h"

#include <string>
#include <vector>

namespace sim {

/// Brings in the dynamic shovels (parameters of the component "shovel") that move messages from a
/// queue to a queue or an exchange of the virtual hosts `vhosts`, of which `made` are what was
/// imported. Notes there which queues are emptied and filled by them, and in `target` which are
/// left out and why: those with an end on another host or outside of the scenario, from an
/// exchange, by another protocol than AMQP 0.9.1, that delete themselves or never reconnect. The
/// parameters themselves stay among what is kept of the file.
/// Source: https://www.rabbitmq.com/docs/shovel-dynamic, https://www.rabbitmq.com/docs/uri-spec
/// Not modelled: queues and exchanges that a shovel declares; properties that it sets.
ImportedForwarders importShovels(const DefinitionsFile& file,
                                 const std::vector<std::string>& vhosts,
                                 std::vector<ImportedVhost>& made, ImportTarget& target);

} // namespace sim
