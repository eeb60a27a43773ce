#pragma once

#include "sim/base/ids.h"
#include "sim/scenario/aws/filter_policy.h"
#include "sim/scenario/aws_spec.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace sim {

/// Absent, where a position among the plan's parts is expected.
inline constexpr std::uint16_t nowhere = std::numeric_limits<std::uint16_t>::max();

struct SqsQueuePlan {
    ComponentId component{};
    SqsQueueSpec spec;
    std::uint16_t deadLetterQueue = nowhere; ///< position among the queues
    std::vector<LinkId> consumers;
};

/// Whether a filter policy lets a message through, as far as that can be told beforehand.
enum class Passes : std::uint8_t { No, Yes, ByMessage };

struct SubscriptionPlan {
    LinkId link{};
    std::uint16_t queue = 0;                 ///< position among the queues
    std::uint16_t deadLetterQueue = nowhere; ///< likewise
    bool raw = false;
    std::optional<FilterPolicy> filter;
    /// By the header set of a message, or of a filter for bodies by its body; empty: all pass.
    std::vector<Passes> passes;
};

struct SnsTopicPlan {
    ComponentId component{};
    SnsTopicSpec spec;
    std::vector<SubscriptionPlan> subscriptions; ///< in the order of the scenario
};

/// What one producer gives with its messages.
struct SenderPlan {
    SqsSendSpec spec;
    std::vector<std::uint32_t> bodies; ///< by TypeId: position among the bodies; 0: its own
};

/// All SQS queues and SNS topics of a scenario: one account in one region.
/// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/welcome.html
/// Not modelled: several accounts or regions; permissions, but for the fault of deliveries.
struct AwsPlan {
    std::vector<SqsQueuePlan> queues;
    std::vector<SnsTopicPlan> topics;
    std::vector<std::uint16_t> queueOf; ///< by ComponentId; nowhere where it is none of ours
    std::vector<std::uint16_t> topicOf; ///< likewise
    std::vector<SenderPlan> senders;    ///< by ComponentId; only those of producers are filled in
    std::vector<std::string> bodies;    ///< JSON; the first is empty
    std::uint32_t polls = 0;            ///< instances that poll queues, each once for each queue

    bool isUsed() const { return !queues.empty() || !topics.empty(); }
};

} // namespace sim
