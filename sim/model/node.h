#pragma once

#include "sim/model/aws/service.h"
#include "sim/model/consumer/consumer.h"
#include "sim/model/producer.h"
#include "sim/model/rabbitmq/broker.h"

#include <variant>

namespace sim {

/// Every kind of part that handles events. To add one: write its class, name it here, and let
/// build() make it; the compiler lists the rest.
using Node = std::variant<Producer, Broker, Consumer, Aws>;

} // namespace sim
