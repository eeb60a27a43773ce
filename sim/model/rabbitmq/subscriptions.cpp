// Consumers of a queue: who gets the next message, and how many each may have.

#include "sim/model/rabbitmq/broker.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace sim {
namespace {

void removeFrom(Ring<std::uint32_t>& ring, std::uint32_t channel) {
    for (std::size_t i = 0; i < ring.size(); ++i) {
        if (ring[i] == channel) {
            ring.erase(i);
            return;
        }
    }
}

bool contains(const Ring<std::uint32_t>& ring, std::uint32_t channel) {
    for (std::size_t i = 0; i < ring.size(); ++i) {
        if (ring[i] == channel) {
            return true;
        }
    }
    return false;
}

} // namespace

/// Puts a channel that can take a message behind those of its priority and above.
void Broker::enlist(MessageQueue& queue, std::uint32_t channel) {
    Ring<std::uint32_t>& takers = queue.takers;
    std::size_t i = takers.size();
    while (queue.ranked && i > 0 && m_channels[takers[i - 1]].priority < m_channels[channel].priority) {
        --i;
    }
    if (i == takers.size()) {
        takers.push(channel);
    } else {
        takers.insert(i, channel);
    }
}

/// Registers a channel with a queue of a single active consumer: behind the active one, and behind
/// those of its priority and above.
void Broker::enrol(MessageQueue& queue, std::uint32_t channel) {
    Ring<std::uint32_t>& registered = queue.registered;
    if (contains(registered, channel)) {
        return;
    }
    const bool ranks = queue.ranked && (!queue.isQuorum() || m_version != RabbitmqVersion::V3_13);
    std::size_t i = registered.size();
    while (ranks && i > 1 && m_channels[registered[i - 1]].priority < m_channels[channel].priority) {
        --i;
    }
    registered.insert(i, channel);
}

/// In a quorum queue a consumer of a higher priority takes the place of the active one, which gets
/// nothing more and goes when it has settled what it holds. Returns who is active, and may take.
/// Source: https://www.rabbitmq.com/docs/consumers#single-active-consumer
std::optional<std::uint32_t> Broker::activeOf(MessageQueue& queue) {
    Ring<std::uint32_t>& registered = queue.registered;
    const std::uint32_t active = registered.front();
    ConsumerChannel& channel = m_channels[active];
    const bool quiesces = queue.isQuorum() && m_version != RabbitmqVersion::V3_13 &&
                          registered.size() > 1 &&
                          m_channels[registered[1]].priority > channel.priority;
    if (!quiesces) {
        return active;
    }
    if (channel.taking) {
        channel.taking = false;
        removeFrom(queue.takers, active);
    }
    if (channel.unacked > 0) {
        return std::nullopt;
    }
    registered.pop();
    enrol(queue, active);
    return registered.front();
}

/// A channel may be able to take a message: it gets a turn, unless it has one.
void Broker::offerTurn(std::uint32_t channel) {
    const ConsumerChannel& joining = m_channels[channel];
    if (!joining.open || joining.cutOff || joining.cancelled) {
        return;
    }
    MessageQueue& queue = m_queues[joining.queue];
    std::optional<std::uint32_t> taker = channel;
    if (queue.singleActive()) {
        enrol(queue, channel);
        taker = activeOf(queue);
    }
    if (taker && !m_channels[*taker].taking && canTake(m_channels[*taker])) {
        m_channels[*taker].taking = true;
        enlist(queue, *taker);
    }
}

void Broker::leave(std::uint32_t channel) {
    ConsumerChannel& leaving = m_channels[channel];
    MessageQueue& queue = m_queues[leaving.queue];
    leaving.taking = false;
    removeFrom(queue.takers, channel);
    removeFrom(queue.registered, channel);
    if (!queue.registered.empty()) {
        offerTurn(queue.registered.front());
    }
}

/// The client wants nothing more, and keeps what it has. Source:
/// https://www.rabbitmq.com/docs/consumers#unsubscribing
void Broker::onConsumerCancelled(const News& news, Outbox& out) {
    const std::uint32_t at = out.plan().links[index(news.link)].firstChannel + news.lane;
    ConsumerChannel& channel = m_channels[at];
    const bool isKnown = channel.open || channel.waiting;
    if (!concerns(news, out) || !isKnown || channel.generation != news.generation) {
        return;
    }
    if (channel.cancelled) {
        return; // it had not begun
    }
    channel.cancelled = true;
    if (!channel.open) {
        return;
    }
    if (m_queues[channel.queue].isStream()) {
        leaveGroup(at, out);
        feedReaders(channel.queue, out);
        return;
    }
    leave(at);
    if (!plan(out).queues[channel.queue].spec.exclusive) { // that one goes with its connection
        leaveBehind(channel.queue, out);
    }
    afterRequeue(channel.queue, out);
}

void Broker::onConsumerStarted(const News& news, Outbox& out) {
    const std::uint32_t at = out.plan().links[index(news.link)].firstChannel + news.lane;
    ConsumerChannel& channel = m_channels[at];
    const bool isKnown = channel.open || channel.waiting;
    if (!concerns(news, out) || !isKnown || channel.generation != news.generation) {
        return;
    }
    if (channel.polls) {
        return; // it is no consumer
    }
    channel.cancelled = false;
    if (!channel.open) {
        return;
    }
    channel.consumeAnew();
    declareFor(news.link, out);
    if (m_queues[channel.queue].isStream()) {
        attach(at, out);
    }
    offerTurn(at);
    dispatch(channel.queue, out);
}

/// The consumers of an instance are on one channel where that has a limit of its own. Version 4.3
/// does not know such limits and gives each consumer the number; what acknowledges in batches is on
/// one channel all the same. Source:
/// https://www.rabbitmq.com/docs/consumer-prefetch, https://www.rabbitmq.com/docs/deprecated-features
void Broker::shareLimits(const Plan& plan) {
    for (const ConsumerPlan& consumer : plan.consumers) {
        const std::uint32_t limit = consumer.spec.channelPrefetch;
        for (std::uint16_t lane = 0; limit > 0 && lane < consumer.spec.instances; ++lane) {
            const bool isLimit = m_version != RabbitmqVersion::V4_3;
            SharedPrefetch shared{.limit = isLimit ? limit : std::numeric_limits<std::uint32_t>::max()};
            for (const LinkId id : consumer.links) {
                const LinkPlan& link = plan.links[index(id)];
                const std::uint32_t at = link.firstChannel + lane;
                if (at >= m_channels.size() || m_channels[at].link != id) {
                    continue; // of another broker
                }
                if (isLimit || consumer.spec.ackEvery > 1) {
                    m_channels[at].shares = static_cast<std::uint32_t>(m_shared.size());
                    shared.channels.push_back(at);
                }
                if (!isLimit && (m_channels[at].prefetch == 0 || m_channels[at].prefetch > limit)) {
                    m_channels[at].prefetch = limit;
                }
            }
            m_shared.push_back(std::move(shared));
        }
    }
}

/// A delivery on this channel is settled: it can take another one, and so can its companions.
void Broker::settledOne(std::uint32_t index, Outbox& out) {
    ConsumerChannel& channel = m_channels[index];
    --channel.unacked;
    if (channel.shares == ConsumerChannel::noShare) [[likely]] {
        return;
    }
    SharedPrefetch& shared = m_shared[channel.shares];
    if (shared.unacked-- < shared.limit) {
        return;
    }
    for (const std::uint32_t companion : shared.channels) {
        if (companion != index) {
            offerTurn(companion);
            dispatch(m_channels[companion].queue, out);
        }
    }
}

} // namespace sim
