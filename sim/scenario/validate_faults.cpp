#include "sim/scenario/validation.h"

namespace sim {
namespace {

/// Both ends of every link that has a network, by kind.
struct LinkEnds {
    std::set<std::pair<std::string_view, std::string_view>> publish;
    std::set<std::pair<std::string_view, std::string_view>> consume;
    std::set<std::pair<std::string_view, std::string_view>> subscription;
};

LinkEnds linkEnds(const Validation& all) {
    LinkEnds ends;
    all.forEachLink<PublishLink>([&](const PublishLink& link, const std::string&) {
        ends.publish.emplace(link.from, link.to);
    });
    all.forEachLink<ConsumeLink>([&](const ConsumeLink& link, const std::string&) {
        ends.consume.emplace(link.from, link.to);
    });
    all.forEachLink<SubscriptionLink>([&](const SubscriptionLink& link, const std::string&) {
        ends.subscription.emplace(link.from, link.to);
    });
    return ends;
}

/// Whether the ends are components at all; what they are not is said elsewhere.
template <typename Fault> bool endsExist(const Validation& all, const Fault& fault) {
    const auto known = [&](const std::string& id) {
        return all.find<ProducerSpec>(id) != nullptr || all.find<ConsumerSpec>(id) != nullptr ||
               all.find<ExchangeSpec>(id) != nullptr || all.find<QueueSpec>(id) != nullptr ||
               all.find<SqsQueueSpec>(id) != nullptr || all.find<SnsTopicSpec>(id) != nullptr;
    };
    return known(fault.from) && known(fault.to);
}

template <typename Fault>
void validateLink(const Validation& all, const LinkEnds& ends, const Fault& fault,
                  const std::string& pointer) {
    constexpr bool onlyPublish = std::is_same_v<Fault, LostConfirmsFault>;
    constexpr bool onlyConsume = std::is_same_v<Fault, LostAcksFault>;
    const std::pair<std::string_view, std::string_view> link(fault.from, fault.to);
    constexpr bool onlySubscription = std::is_same_v<Fault, DeliveryErrorFault>;
    const bool there =
        (!onlyConsume && !onlySubscription && ends.publish.contains(link)) ||
        (!onlyPublish && !onlySubscription && ends.consume.contains(link)) ||
        (!onlyPublish && !onlyConsume && ends.subscription.contains(link));
    if (!there && endsExist(all, fault)) {
        const std::string_view kind = onlyPublish        ? "publish"
                                      : onlyConsume      ? "consume"
                                      : onlySubscription ? "subscription"
                                      : ends.subscription.empty()
                                          ? "publish or consume"
                                          : "publish, consume or subscription";
        all.add(pointer + "/to", fmt::format(R"(there is no {} link from "{}" to "{}")", kind,
                                             fault.from, fault.to));
    }
}

template <typename Fault>
void validateInstance(const Validation& all, const Fault& fault, const std::string& pointer) {
    const auto* consumer = all.find<ConsumerSpec>(fault.target);
    const bool known = consumer != nullptr || all.find<ProducerSpec>(fault.target) != nullptr;
    const std::uint32_t instances = consumer == nullptr ? 1 : consumer->instances;
    if (known && fault.instance && *fault.instance >= instances) {
        all.add(pointer + "/instance", fmt::format("{} is out of range; allowed: 0 to {}",
                                                   *fault.instance, instances - 1));
    }
}

template <typename Fault>
concept StrikesLink = requires(const Fault& fault) {
    fault.from;
};
template <typename Fault>
concept StrikesInstance = requires(const Fault& fault) {
    fault.instance;
};

void validateAtBroker(const Validation& all, const BrokerRestartFault& fault,
                      const std::string& pointer) {
    if (fault.node) {
        all.validateNode(*fault.node, fault.target, pointer + "/node");
    }
}
void validateAtBroker(const Validation& all, const ClusterPartitionFault& fault,
                      const std::string& pointer) {
    const std::uint32_t last = fault.lastNode.value_or(fault.firstNode);
    all.validateNode(fault.firstNode, fault.target, pointer + "/first_node");
    all.validateNode(last, fault.target, pointer + "/last_node");
    if (last < fault.firstNode) {
        all.add(pointer + "/last_node",
                fmt::format("{} comes before first_node, {}", last, fault.firstNode));
    } else if (last - fault.firstNode + 1 >= all.brokerNamed(fault.target).nodes) {
        all.add(pointer + "/last_node", "leaves no node on the other side");
    }
}
void validateAtBroker(const Validation&, const AlarmFault&, const std::string&) {}
void validateAtBroker(const Validation& all, const PolicyChangeFault& fault,
                      const std::string& pointer) {
    validatePolicyChange(all, fault, pointer);
}

template <typename Fault>
void validateFault(const Validation& all, const LinkEnds& ends, const Fault& fault,
                   const std::string& pointer) {
    if constexpr (StrikesLink<Fault>) {
        validateLink(all, ends, fault, pointer);
    } else if constexpr (StrikesInstance<Fault>) {
        validateInstance(all, fault, pointer);
    } else if constexpr (std::is_same_v<Fault, PurgeFault>) {
        const auto* queue = all.find<QueueSpec>(fault.target);
        if (queue != nullptr && queue->type == QueueType::Stream) {
            all.add(pointer + "/target",
                    fmt::format("\"{}\" is a stream, which cannot be purged", fault.target));
        }
    } else if constexpr (std::is_same_v<Fault, PoisonFault>) {
        if (fault.key.empty() && fault.type.empty()) {
            all.add(pointer, "needs a key, a type, or both");
        }
    } else if constexpr (std::is_same_v<Fault, BrokerRestartFault> ||
                         std::is_same_v<Fault, ClusterPartitionFault> ||
                         std::is_same_v<Fault, AlarmFault> ||
                         std::is_same_v<Fault, PolicyChangeFault>) {
        validateAtBroker(all, fault, pointer);
        if (fault.target.empty() && all.brokers() > 1) {
            all.add(pointer + "/target", fmt::format("is missing: there are {} brokers to choose "
                                                     "from",
                                                     all.brokers()));
        }
    }
}

void validateTiming(const Validation& all, const FaultTiming& when, const std::string& pointer) {
    if (when.every && !when.duration) {
        all.add(pointer + "/duration", "is missing: a fault that comes again must end");
    } else if (when.every && *when.duration <= 0s) {
        all.add(pointer + "/duration", "a fault that comes again must last longer than 0s");
    }
}

} // namespace

void validateFaults(const Validation& all) {
    const LinkEnds ends = linkEnds(all);
    const auto& faults = all.scenario().faults;
    for (std::size_t i = 0; i < faults.size(); ++i) {
        const std::string pointer = fmt::format("/faults/{}", i);
        validateTiming(all, faults[i].when, pointer);
        std::visit([&](const auto& fault) { validateFault(all, ends, fault, pointer); },
                   faults[i].what);
    }
}

} // namespace sim
