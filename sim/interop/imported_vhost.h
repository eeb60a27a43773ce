#pragma once

#include "sim/interop/definitions_file.h"
#include "sim/interop/kept_definitions.h"
#include "sim/interop/left_out_list.h"
#include "sim/interop/unique_ids.h"
#include "sim/scenario/scenario.h"

#include <set>
#include <string>
#include <vector>

namespace sim {

/// What the virtual hosts of one file share while they are imported.
struct ImportTarget {
    UniqueIds ids;
    LeftOutList leftOut;
    Problems problems;
    ItemsBySection held; ///< what became part of the scenario
};

/// The topology of one virtual host, without clients.
struct ImportedVhost {
    Scenario scenario; ///< exchanges, queues and bindings
    std::vector<PolicySpec> policies;
    std::set<std::string> fedByLeftOut; ///< ids of queues; by shovels and federation links too
    std::set<std::string> emptiedByShovels; ///< or by federation links; likewise
};

/// Brings in what the file has in one virtual host.
ImportedVhost importVhost(const DefinitionsFile& file, const std::string& vhost,
                          ImportTarget& target);

} // namespace sim
