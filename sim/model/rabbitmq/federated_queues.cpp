// Federated queues: a broker tells the links that bring messages to one of its queues when to
// consume from their upstreams.
//
// A link is to run while the queue is empty and has a consumer that can take a message; a consumer
// of negative priority, such as another link, does not count. A consumer that has just been given
// all that it may hold counts until its next turn comes in a classic queue, as it does in the
// broker (see MessageQueue::takers). The link runs beside the queue, and hears of both over its
// publish link; what its upstream has sent by then still comes. Source:
// https://www.rabbitmq.com/docs/federated-queues,
// https://github.com/rabbitmq/rabbitmq-server/blob/main/deps/rabbitmq_queue_federation/src/rabbit_federation_queue.erl
// Not modelled: the header x-received-from (nothing looks at it between queues, so a message may go
// round); links that a policy starts or stops while the broker runs.

#include "sim/model/rabbitmq/broker.h"

namespace sim {

bool Broker::wantsMore(std::uint16_t queue) const {
    const MessageQueue& ready = m_queues[queue];
    return !m_down && m_homes[queue].serves && m_router.queueExists(queue) && ready.ready() == 0 &&
           !ready.takers.empty() && m_channels[ready.takers.front()].priority >= 0;
}

/// Tells each link whose queue has changed its mind.
void Broker::tellDemands(Outbox& out) {
    for (Demand& demand : m_demands) {
        if (demand.isOpen == wantsMore(demand.queue)) {
            continue;
        }
        demand.isOpen = !demand.isOpen;
        const EventKind news = demand.isOpen ? EventKind::DemandBegins : EventKind::DemandEnds;
        for (std::uint16_t lane = 0; lane < out.plan().links[index(demand.link)].lanes; ++lane) {
            out.tell(demand.link, lane, true, news);
        }
    }
}

/// A link that has connected takes it that nothing is wanted.
void Broker::tellDemand(LinkId link, std::uint16_t lane, Outbox& out) {
    for (const Demand& demand : m_demands) {
        if (demand.link == link && demand.isOpen) {
            out.tell(link, lane, true, EventKind::DemandBegins);
        }
    }
}

} // namespace sim
