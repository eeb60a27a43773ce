// Policies that come and go while the broker runs: what each queue and exchange is told holds from
// that instant on. A queue that is longer than its new limit drops heads at once; messages keep the
// time to live that they came with; a queue that expires counts from the change; what a quorum queue
// has kept for at-least-once dead-lettering goes with it.
// Source: https://www.rabbitmq.com/docs/policies,
// https://github.com/rabbitmq/rabbitmq-server/blob/main/deps/rabbit/src/rabbit_amqqueue_process.erl,
// https://www.rabbitmq.com/docs/quorum-queues#dead-lettering

#include "sim/model/rabbitmq/broker.h"

#include <utility>

namespace sim {

void Broker::setPolicies(std::shared_ptr<const BrokerPlan> policies, Outbox& out) {
    const std::shared_ptr<const BrokerPlan> kept = std::exchange(m_policies, std::move(policies));
    const BrokerPlan& before = kept == nullptr ? out.plan().brokers[m_plan] : *kept;
    const BrokerPlan& now = plan(out);
    m_router.policiesChanged();
    for (std::uint16_t i = 0; i < now.exchanges.size(); ++i) {
        const bool isOther = now.exchanges[i].alternate != before.exchanges[i].alternate;
        if (isOther && m_router.exchangeExists(i)) {
            out.note(TraceKind::PolicyChanged, now.exchanges[i].component);
        }
    }
    for (std::uint16_t queue = 0; queue < now.queues.size(); ++queue) {
        if (now.queues[queue].spec != before.queues[queue].spec) {
            obey(queue, before.queues[queue], out);
        }
    }
    if (!m_down) {
        republishDeadLetters(out);
        tellDemands(out);
    }
}

/// A queue that is out of reach looks at its limits when it is back.
void Broker::obey(std::uint16_t queue, const QueuePlan& before, Outbox& out) {
    const QueuePlan& now = plan(out).queues[queue];
    MessageQueue& ready = m_queues[queue];
    ready.policiesChanged(now.spec);
    if (!m_router.queueExists(queue)) {
        return; // what is declared anew has these settings
    }
    out.note(TraceKind::PolicyChanged, now.component);
    if (before.deadLettersAtLeastOnce && !now.deadLettersAtLeastOnce) {
        dropRetained(queue, Reason::PolicyChange, out);
    }
    if (!hasConsumer(queue, out)) {
        watchUse(queue, out);
    }
    if (m_down || !m_homes[queue].serves) {
        return;
    }
    if (ready.isStream()) {
        retire(queue, out);
    } else if (ready.isQuorum()) {
        serve(queue, out);
    } else {
        trim(queue, out);
        expireHeads(queue, out);
    }
}

} // namespace sim
