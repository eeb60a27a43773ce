// The lives of a consumer's instances: crashes, restarts, connections.

#include "sim/model/consumer/consumer.h"

#include <algorithm>

namespace sim {

void Consumer::discard(Slot slot, Outbox& out) {
    const Message& message = out.message(slot);
    out.note(TraceKind::Discarded, message, plan(out).component,
             out.plan().links[index(message.link)].from, message.readySince, Reason::None,
             message.deliveries);
    if (!m_receivers.empty() && polls(message.link, out)) {
        letGo(slot, out);
        endBeat(slot, message.lane);
    }
    out.messages().release(slot);
}

void Consumer::discardBuffered(std::uint16_t lane, LinkId link, Outbox& out) {
    Ring<Slot> kept;
    for (Ring<Slot>& buffer = m_lanes[lane].buffer; !buffer.empty();) {
        const Slot slot = buffer.pop();
        if (link != noLink && out.message(slot).link != link) {
            kept.push(slot);
        } else {
            discard(slot, out);
        }
    }
    m_lanes[lane].buffer = std::move(kept);
}

void Consumer::discardHeld(std::uint16_t lane, LinkId link, Outbox& out) {
    for (auto at = m_held.begin(); at != m_held.end();) {
        const Message& message = out.message(at->second.slot);
        if (message.lane != lane || (link != noLink && message.link != link)) {
            ++at;
            continue;
        }
        countHeld(at->second.slot, false, out);
        discard(at->second.slot, out);
        at = m_held.erase(at);
    }
}

/// The operating system closes the connections of a process that dies, unless it goes too.
void Consumer::die(std::uint16_t lane, bool silent, Outbox& out) {
    Lane& here = m_lanes[lane];
    if (!here.up) {
        return;
    }
    here.up = false;
    ++here.epoch;
    out.note(TraceKind::Crashed, plan(out).component, lane);
    for (Work& work : here.work) {
        if (work.slot != noSlot) {
            discard(work.slot, out);
            work.slot = noSlot;
        }
    }
    discardFinished(lane, noLink, out);
    discardBuffered(lane, noLink, out);
    discardHeld(lane, noLink, out);
    discardUnconfirmed(lane, out);
    forgetReceived(lane, out);
    here.reconnects = false;
    here.wanted = !m_onDemand;
    forEachLink(out, [&](LinkId id) {
        Connection& lost = connection(id, lane, out);
        if (lost.open && consumesFrom(id, out)) {
            out.tell(id, lane, true,
                     silent ? EventKind::ConnectionSilent : EventKind::ConnectionLost,
                     lost.generation);
        } else if (lost.open) {
            out.tell(id, lane, false, EventKind::ConnectionLost, lost.generation);
        }
        lost.open = false;
    });
}

void Consumer::scheduleRestart(std::uint16_t lane, Outbox& out) {
    const Duration downFor = out.chance().duration(m_restarts, plan(out).spec.restartAfter);
    out.schedule(out.now() + downFor, m_self, EventKind::LaneRestart,
                 packed(lane, m_lanes[lane].epoch));
}

void Consumer::restart(std::uint16_t lane, Outbox& out) {
    if (m_lanes[lane].up) {
        return;
    }
    m_lanes[lane].up = true;
    out.note(TraceKind::Restarted, plan(out).component, lane);
    schedulePoll(lane, out.now(), out);
    if (plan(out).spec.forward) {
        m_lanes[lane].downSince = out.now();
        connectAll(lane, out);
        return;
    }
    forEachLink(out, [&](LinkId id) {
        if (out.canConnect(id)) {
            connect(id, lane, out);
        }
    });
}

/// Who has cancelled has no use for a connection to a queue, but for a shovel, which has both of its
/// connections or none.
void Consumer::connect(LinkId link, std::uint16_t lane, Outbox& out) {
    if (m_lanes[lane].cancelled && consumesFrom(link, out) && !plan(out).spec.forward) {
        return;
    }
    Connection& opened = connection(link, lane, out);
    opened = {.open = true, .generation = static_cast<std::uint8_t>(opened.generation + 1)};
    opened.life = out.linkLife(link);
    out.tell(link, lane, consumesFrom(link, out), EventKind::ConnectionOpened, opened.generation);
    if (!m_lanes[lane].consumes() && consumesFrom(link, out)) {
        out.tell(link, lane, true, EventKind::ConsumerCancelled, opened.generation);
    }
    pollIfFree(lane, out);
}

/// A connection has broken or could be opened: of one instance, or of all. That the broker is up
/// again says nothing to an instance that has not heard yet that it was down.
void Consumer::onConnectionNews(const Event& event, Outbox& out) {
    const News news = out.take(event);
    if (!consumesFrom(news.link, out) && news.link != plan(out).republish) {
        return; // a second publish link, which nothing is sent on
    }
    for (std::uint16_t lane = 0; lane < m_lanes.size(); ++lane) {
        if (news.lane != allLanes && news.lane != lane) {
            continue;
        }
        const Connection& here = connection(news.link, lane, out);
        const bool isMeant =
            here.generation == news.generation || here.life != out.linkLife(news.link);
        if (plan(out).spec.forward) {
            onForwardNews(event.kind, here, isMeant, lane, out);
            continue;
        }
        if (event.kind == EventKind::ConnectionLost && isMeant) {
            onConnectionLost(news.link, lane, out);
        }
        if (!here.open && m_lanes[lane].up && out.canConnect(news.link)) {
            connect(news.link, lane, out);
        }
    }
}

void Consumer::onConnectionLost(LinkId link, std::uint16_t lane, Outbox& out) {
    Connection& lost = connection(link, lane, out);
    if (!lost.open) {
        return;
    }
    lost.open = false;
    if (!consumesFrom(link, out)) {
        return;
    }
    out.note(TraceKind::Disconnected, plan(out).component, lane,
             out.plan().links[index(link)].from);
    if (polls(link, out)) { // what it has received is still its own
        receiver(link, lane, out).asked = false;
        return;
    }
    if (plan(out).spec.ackMode == AckMode::After) {
        discardFinished(lane, link, out);
        discardBuffered(lane, link, out); // the broker has them again
        discardHeld(lane, link, out);
    }
}

void Consumer::crash(std::uint16_t lane, bool silent, Outbox& out) {
    for (std::uint16_t i = 0; i < m_lanes.size(); ++i) {
        if (lane == allLanes || lane == i) {
            m_lanes[i].crashedByFault = true;
            die(i, silent, out);
        }
    }
}

void Consumer::recover(std::uint16_t lane, Outbox& out) {
    for (std::uint16_t i = 0; i < m_lanes.size(); ++i) {
        if ((lane == allLanes || lane == i) && m_lanes[i].crashedByFault) {
            m_lanes[i].crashedByFault = false;
            restart(i, out);
        }
    }
}

void Consumer::setPaused(std::uint16_t lane, bool paused, Outbox& out) {
    for (std::uint16_t i = 0; i < m_lanes.size(); ++i) {
        if ((lane == allLanes || lane == i) && m_lanes[i].paused != paused) {
            m_lanes[i].paused = paused;
            out.note(paused ? TraceKind::Paused : TraceKind::Resumed, plan(out).component, i);
            startWork(i, out);
            pollIfFree(i, out);
        }
    }
}

bool Consumer::isCancelled(std::uint16_t lane) const {
    bool cancelled = !m_lanes[lane].consumes();
    for (std::size_t at = lane; at < m_connections.size(); at += m_lanes.size()) {
        cancelled = cancelled || (m_connections[at].open && m_connections[at].cancelled);
    }
    return cancelled;
}

void Consumer::setCancelled(std::uint16_t lane, bool cancelled, Outbox& out) {
    const bool consumed = m_lanes[lane].consumes();
    m_lanes[lane].cancelled = cancelled;
    tellWhetherItConsumes(lane, consumed, out);
}

/// basic.cancel on every channel of the instance, and basic.consume when it is over.
void Consumer::tellWhetherItConsumes(std::uint16_t lane, bool consumed, Outbox& out) {
    const bool consumes = m_lanes[lane].consumes();
    if (consumes == consumed) {
        return;
    }
    for (std::size_t at = lane; at < m_batches.size(); at += m_lanes.size()) {
        acknowledgeIfDue(at, out); // nothing more comes that would complete it
    }
    for (const LinkId id : plan(out).links) {
        Connection& channel = connection(id, lane, out);
        channel.cancelled = false;
        if (channel.open && polls(id, out)) {
            pollIfFree(lane, out);
        } else if (channel.open) {
            out.tell(id, lane, true,
                     consumes ? EventKind::ConsumerStarted : EventKind::ConsumerCancelled,
                     channel.generation);
        } else if (consumes && m_lanes[lane].up && !plan(out).spec.forward && out.canConnect(id)) {
            connect(id, lane, out);
        }
    }
}

void Consumer::setSlowness(std::uint16_t lane, double factor) {
    for (std::uint16_t i = 0; i < m_lanes.size(); ++i) {
        if (lane == allLanes || lane == i) {
            m_lanes[i].slowness = factor;
        }
    }
}

} // namespace sim
