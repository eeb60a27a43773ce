#include "sim/scenario/rabbitmq_spec.h"

#include <algorithm>

namespace sim {

PartitionHandling partitionHandlingOf(const BrokerSpec& broker) {
    return broker.partitionHandling.value_or(broker.version == RabbitmqVersion::V3_13
                                                 ? PartitionHandling::Ignore
                                                 : PartitionHandling::Khepri);
}

std::uint64_t maxMessageBytesOf(const BrokerSpec& broker) {
    constexpr std::uint64_t mebibyte = 1024 * 1024;
    return broker.maxMessageBytes.value_or(
        broker.version == RabbitmqVersion::V3_13 ? 128 * mebibyte : 16 * mebibyte);
}

std::uint32_t membersOf(const QueueSpec& queue, const BrokerSpec& broker) {
    constexpr std::uint32_t quorumMembers = 3;
    const std::uint32_t usual = queue.type == QueueType::Stream ? broker.nodes : quorumMembers;
    return std::min(queue.groupSize.value_or(usual), broker.nodes);
}

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
