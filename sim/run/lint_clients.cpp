#include "sim/run/lint_clients.h"

#include "sim/model/rabbitmq/channel.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <set>

namespace sim {
namespace {

/// How many deliveries of one channel can be unacknowledged; nothing: as many as come.
std::optional<std::uint64_t> mostOut(const Plan& plan, const ConsumerPlan& consumer) {
    const ConsumerSpec& spec = consumer.spec;
    std::optional<std::uint64_t> most;
    const auto atMost = [&](std::uint64_t limit) { most = std::min(limit, most.value_or(limit)); };
    const bool isOneChannel = spec.channelPrefetch > 0;
    const auto fromQuorum = [&](LinkId id) {
        const LinkPlan& link = plan.links[index(id)];
        if (link.polls) {
            return false;
        }
        const std::vector<QueuePlan>& queues =
            plan.brokers[index(link.fromNode) - plan.producers.size()].queues;
        const auto queue = std::ranges::find(queues, link.from, &QueuePlan::component);
        return queue != queues.end() && queue->spec.type == QueueType::Quorum;
    };
    if (spec.prefetch == 0 && std::ranges::all_of(consumer.links, fromQuorum)) {
        atMost(quorumPrefetch);
    }
    if (spec.prefetch > 0) {
        atMost(spec.prefetch * (isOneChannel ? consumer.links.size() : 1));
    }
    const bool isAmqp = std::ranges::none_of(
        consumer.links, [&](LinkId id) { return plan.links[index(id)].polls; });
    if (isOneChannel && isAmqp && !consumer.links.empty()) {
        const NodeId broker = plan.links[index(consumer.links.front())].fromNode;
        const BrokerPlan& itself = plan.brokers[index(broker) - plan.producers.size()];
        const bool eachQueue = itself.spec.version == RabbitmqVersion::V4_3;
        atMost(spec.channelPrefetch * (eachQueue ? consumer.links.size() : 1));
    }
    return most;
}

} // namespace

void lintBatches(const Plan& plan, Problems& problems) {
    for (const ConsumerPlan& consumer : plan.consumers) {
        const ConsumerSpec& spec = consumer.spec;
        const std::string where = fmt::format("/components/{}", index(consumer.component));
        const auto most = mostOut(plan, consumer);
        if (most && *most < spec.ackEvery) {
            problems.push_back(
                {where + "/ack_every",
                 fmt::format("{} never has {} deliveries to acknowledge: its prefetch lets no more "
                             "than {} be out, and it {}",
                             plan.catalogue.components[index(consumer.component)], spec.ackEvery,
                             *most, spec.ackAfter ? "waits for ack_after each time" : "stalls")});
        }
        if (spec.acksUnfinished && spec.concurrency > 1) {
            problems.push_back({where + "/acks_unfinished",
                                fmt::format("{} acknowledges what its other handlers still work "
                                            "on: a crash loses that",
                                            plan.catalogue.components[index(consumer.component)])});
        }
    }
}

void lintShovels(const Plan& plan, const MessageFlow& flow, Problems& problems) {
    using Place = MessageFlow::Place;
    std::set<Place> named;
    for (std::size_t broker = 0; broker < plan.brokers.size(); ++broker) {
        for (std::uint16_t queue = 0; queue < plan.brokers[broker].queues.size(); ++queue) {
            const Place first{broker, queue};
            std::vector<Place> reached{first};
            std::set<Place> seen;
            for (std::size_t at = 0; at < reached.size(); ++at) {
                const auto [b, q] = reached[at];
                for (const Place& next : flow.broker(b).queues[q].shovelledInto) {
                    if (seen.insert(next).second) {
                        reached.push_back(next);
                    }
                }
            }
            if (!seen.contains(first) || named.contains(first)) {
                continue;
            }
            named.insert(seen.begin(), seen.end());
            const ComponentId component = plan.brokers[broker].queues[queue].component;
            problems.push_back({fmt::format("/components/{}", index(component)),
                                fmt::format("shovels lead round, from {} back to it: what comes "
                                            "there does so for ever",
                                            plan.nameOf(component))});
        }
    }
}

} // namespace sim
