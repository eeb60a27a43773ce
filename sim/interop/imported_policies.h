#pragma once

#include "sim/interop/definitions_file.h"
#include "sim/interop/left_out_list.h"
#include "sim/scenario/rabbitmq_spec.h"

namespace sim {

/// One policy. What its definition says that the simulation has nothing for is noted in `leftOut`
/// and kept, since a queue may skip the policy for its key; what no broker could have exported is
/// noted in `problems`.
PolicySpec importPolicy(const DefinitionsFile::Policy& from, LeftOutList& leftOut,
                        Problems& problems);

} // namespace sim
