#pragma once

#include "sim/interop/left_out_list.h"
#include "sim/scenario/rabbitmq_spec.h"

#include <string>

namespace sim {

/// What a definitions file has no place for, of those settings that are not the default, each with
/// the reason. Source: https://www.rabbitmq.com/docs/definitions,
/// https://www.rabbitmq.com/docs/configure
void noteUnsaid(const BrokerSpec& broker, const std::string& id, LeftOutList& leftOut);
void noteUnsaid(const QueueSpec& queue, const std::string& name, LeftOutList& leftOut);

} // namespace sim
