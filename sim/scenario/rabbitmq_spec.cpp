#include "sim/scenario/rabbitmq_spec.h"

namespace sim {

std::optional<std::uint32_t> deliveryLimitOf(const QueueSpec& queue, RabbitmqVersion version) {
    constexpr std::uint32_t standard = 20; // from 4.0 on
    if (queue.deliveryLimit) {
        return *queue.deliveryLimit < 0
                   ? std::nullopt
                   : std::optional(static_cast<std::uint32_t>(*queue.deliveryLimit));
    }
    return version == RabbitmqVersion::V3_13 ? std::nullopt : std::optional(standard);
}

bool deadLettersAtLeastOnce(const QueueSpec& queue) {
    return queue.type == QueueType::Quorum &&
           queue.deadLetterStrategy == DeadLetterStrategy::AtLeastOnce &&
           overflowOf(queue) == Overflow::RejectPublish && queue.deadLetterExchange.has_value();
}

} // namespace sim
