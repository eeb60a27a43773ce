// What a broker does not read for now: alarms and flow control.

#include "sim/model/rabbitmq/broker.h"

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
    }
}

std::size_t Broker::unread() const {
    std::size_t count = 0;
    for (const std::uint32_t at : m_waitingGates) {
        count += m_gates[at].unread.size();
    }
    return count;
}

} // namespace sim
