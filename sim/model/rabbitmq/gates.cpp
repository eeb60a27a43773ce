// What a broker does not read for now: alarms and flow control.
// Source: https://www.rabbitmq.com/docs/flow-control

#include "sim/model/rabbitmq/broker.h"

#include <algorithm>

namespace sim {

std::uint32_t Broker::gateOf(const Message& message, const Plan& plan) const {
    return plan.links[index(message.link)].firstGate + message.lane;
}

bool Broker::mustWait(const Gate& gate, Parcel parcel) const {
    return gate.isInFlow() || (m_alarms > 0 && (gate.isBlocked || parcel == Parcel::Message));
}

/// Leaves it unread where it must wait, or where something else of its connection does.
bool Broker::leftUnread(Slot slot, Parcel parcel, Outbox& out) {
    const std::uint32_t at = gateOf(out.message(slot), out.plan());
    Gate& gate = m_gates[at];
    if (gate.unread.empty() && !mustWait(gate, parcel)) {
        return false;
    }
    gate.unread.push({slot, parcel});
    if (!gate.isListed) {
        gate.isListed = true;
        m_waitingGates.push_back(at);
    }
    if (m_alarms > 0 && !gate.isBlocked) {
        gate.isBlocked = true;
        const Message& message = out.message(slot);
        out.tell(message.link, message.lane, true, EventKind::ConnectionBlocked);
        out.note(TraceKind::ConnectionBlocked, plan(out).component, message.lane,
                 out.plan().links[index(message.link)].from);
    }
    return true;
}

/// Reads on where nothing stands in the way any more, one thing of each connection in turn.
void Broker::readOn(Outbox& out) {
    for (bool any = true; any;) {
        any = false;
        for (std::size_t i = 0; i < m_waitingGates.size(); ++i) {
            Gate& gate = m_gates[m_waitingGates[i]];
            if (gate.unread.empty() || mustWait(gate, gate.unread.front().parcel)) {
                continue;
            }
            const Gate::Unread next = gate.unread.pop();
            read(next.slot, next.parcel, out);
            any = true;
        }
    }
    std::erase_if(m_waitingGates, [&](std::uint32_t at) {
        m_gates[at].isListed = !m_gates[at].unread.empty();
        return !m_gates[at].isListed;
    });
}

void Broker::setAlarms(std::uint32_t alarms, Outbox& out) {
    if (alarms == m_alarms) {
        return;
    }
    m_alarms = alarms;
    if (alarms > 0 || m_down) {
        return;
    }
    for (const LinkId id : plan(out).publishers) {
        const LinkPlan& link = out.plan().links[index(id)];
        for (std::uint16_t lane = 0; lane < link.lanes; ++lane) {
            Gate& gate = m_gates[link.firstGate + lane];
            if (gate.isBlocked) {
                gate.isBlocked = false;
                out.tell(id, lane, true, EventKind::ConnectionUnblocked);
                out.note(TraceKind::ConnectionUnblocked, plan(out).component, lane, link.from);
            }
        }
    }
    readOn(out);
    republishDeadLetters(out);
    tellDemands(out);
}

/// The broker stops: what it has not read is lost with the connections.
void Broker::loseUnread(Outbox& out) {
    for (const std::uint32_t at : m_waitingGates) {
        Gate& gate = m_gates[at];
        gate.isListed = false;
        while (!gate.unread.empty()) {
            const Gate::Unread lost = gate.unread.pop();
            read(lost.slot, lost.parcel, out); // nobody is there: it is noted as lost
        }
    }
    m_waitingGates.clear();
    for (Gate& gate : m_gates) {
        gate.isBlocked = false;
        gate.flows.clear();
    }
    std::ranges::fill(m_processes, QueueProcess{});
    m_inFlow = 0;
}

/// The connections of this link are gone: what came by them is lost.
void Broker::loseUnreadOf(LinkId id, Outbox& out) {
    const LinkPlan& link = out.plan().links[index(id)];
    for (std::uint32_t at = link.firstGate; at < link.firstGate + link.lanes; ++at) {
        Ring<Gate::Unread> kept;
        for (Ring<Gate::Unread>& unread = m_gates[at].unread; !unread.empty();) {
            const Gate::Unread one = unread.pop();
            if (out.message(one.slot).link == id) {
                read(one.slot, one.parcel, out); // its connection is no more: it is noted as lost
            } else {
                kept.push(one);
            }
        }
        m_gates[at].unread = std::move(kept);
        m_gates[at].isBlocked = false;
        forgetCredit(at);
    }
}

/// The queue's process has one publish more to handle. What it was sent by a connection it grants
/// again once it has handled it, some at a time.
void Broker::spendCredit(std::uint16_t queue, Slot slot, Duration serviceTime, Outbox& out) {
    QueueProcess& process = m_processes[queue];
    process.free = std::min(std::max(process.free, out.now()), start + durationMax) + serviceTime;
    const Message& message = out.message(slot);
    if (message.has(DeadLetter)) {
        return; // no connection sent it
    }
    const std::uint32_t at = gateOf(message, out.plan());
    Gate::Flow& flow = m_gates[at].flowTo(queue);
    if (++flow.sent == Gate::credit) {
        ++m_inFlow;
    }
    if (++flow.ungranted == Gate::creditStep) {
        flow.ungranted = 0;
        process.grants.push({process.free, at});
        out.schedule(process.free, m_self, EventKind::CreditGranted, queue);
    }
}

void Broker::onCreditGranted(std::uint16_t queue, Outbox& out) {
    Ring<QueueProcess::Grant>& grants = m_processes[queue].grants;
    while (!grants.empty() && grants.front().at <= out.now()) {
        Gate::Flow& flow = m_gates[grants.pop().gate].flowTo(queue);
        const bool wasSpent = flow.isSpent();
        flow.sent -= Gate::creditStep;
        if (wasSpent && !flow.isSpent()) {
            --m_inFlow;
        }
    }
}

/// A connection begins with the whole of its credit.
/// Not modelled: that what the one before it has left unread still goes by the credit of that one.
void Broker::forgetCredit(std::uint32_t gate) {
    if (m_processes.empty()) {
        return;
    }
    for (Gate::Flow& flow : m_gates[gate].flows) {
        m_inFlow -= flow.isSpent() ? 1 : 0;
        flow.sent = 0;
        flow.ungranted = 0;
        Ring<QueueProcess::Grant>& grants = m_processes[flow.queue].grants;
        for (std::size_t i = grants.size(); i-- > 0;) {
            if (grants[i].gate == gate) {
                grants.erase(i);
            }
        }
    }
}

/// The process of the queue is gone.
void Broker::forgetCreditOf(std::uint16_t queue) {
    if (m_processes.empty()) {
        return;
    }
    m_processes[queue] = {};
    for (Gate& gate : m_gates) {
        for (Gate::Flow& flow : gate.flows) {
            if (flow.queue == queue) {
                m_inFlow -= flow.isSpent() ? 1 : 0;
                flow.sent = 0;
                flow.ungranted = 0;
            }
        }
    }
}

std::uint32_t Broker::inFlow() const {
    const auto count = std::ranges::count_if(m_gates, &Gate::isInFlow);
    return m_inFlow == 0 ? 0 : static_cast<std::uint32_t>(count);
}

std::size_t Broker::unread() const {
    std::size_t count = 0;
    for (const std::uint32_t at : m_waitingGates) {
        count += m_gates[at].unread.size();
    }
    return count;
}

} // namespace sim
