#include "sim/model/producer.h"

#include <algorithm>

namespace sim {
namespace {

/// Which of the shares, each counted up to and with its own, `u` falls into. Few are counted: the
/// steps of a search are coin tosses, and a wrong guess costs more than a look at them all.
[[gnu::always_inline]] inline std::size_t shareAt(const std::vector<double>& upTo, double u) {
    constexpr std::size_t few = 16;
    std::size_t at = 0;
    if (upTo.size() <= few) {
        for (const double share : upTo) {
            at += share <= u;
        }
    } else {
        at = static_cast<std::size_t>(std::ranges::upper_bound(upTo, u) - upTo.begin());
    }
    return std::min(at, upTo.size() - 1);
}

} // namespace

Producer::Producer(const Plan& plan, std::uint16_t producer, std::uint64_t seed)
    : m_plan(producer)
    , m_connections(plan.producers[producer].links.size()) {
    const ProducerPlan& ours = plan.producers[producer];
    const std::string& name = plan.catalogue.components[index(ours.component)];
    m_arrivals = Arrivals(ours, streamFor(seed, name, "arrivals"));
    m_keys = streamFor(seed, name, "keys");
    m_types = streamFor(seed, name, "types");
    m_sizes = streamFor(seed, name, "sizes");
}

[[gnu::always_inline]] inline void Producer::scheduleNext(Outbox& out) {
    const Instant at = m_arrivals.next(plan(out), out.chance());
    if (at != never) {
        out.schedule(std::max(at, out.now()), m_self, EventKind::Produce, 0);
    }
}

void Producer::begin(Outbox& out, NodeId self) {
    m_self = self;
    scheduleNext(out);
}

void Producer::on(const Event& event, Outbox& out, std::vector<std::uint32_t>& versions,
                  std::uint64_t& nextMessage) {
    switch (event.kind) {
    case EventKind::Produce:
        if (!m_down) {
            produce(out, versions, nextMessage);
        }
        scheduleNext(out);
        break;
    case EventKind::Arrive:
        onReply(Slot{event.index}, static_cast<Parcel>(event.detail), out);
        break;
    case EventKind::ConfirmDue:
        onConfirmDue(out);
        break;
    case EventKind::ConnectionLost:
    case EventKind::ConnectionPossible:
    case EventKind::ConnectionBlocked:
    case EventKind::ConnectionUnblocked:
        onConnectionNews(event, out);
        break;
    default:
        SIM_CHECK(!"a producer does not handle this event");
    }
}

/// A connection has broken or could be opened. That the broker is up again says nothing to a
/// producer that has not heard yet that it was down.
void Producer::onConnectionNews(const Event& event, Outbox& out) {
    const News news = out.take(event);
    Connection& here = m_connections[out.plan().links[index(news.link)].atClient];
    if (event.kind == EventKind::ConnectionLost && here.life != out.linkLife(news.link)) {
        here.open = false;
        here.blocked = 0;
    }
    const bool isOurs = here.open && news.life == here.life;
    if (isOurs && event.kind == EventKind::ConnectionBlocked) {
        ++here.blocked;
    } else if (isOurs && event.kind == EventKind::ConnectionUnblocked && here.blocked > 0) {
        --here.blocked;
    }
    connect(news.link, out);
    publishWaiting(out);
}

void Producer::connect(LinkId link, Outbox& out) {
    Connection& here = m_connections[out.plan().links[index(link)].atClient];
    if (here.open || m_down || !out.canConnect(link)) {
        return;
    }
    here = {.open = true, .life = out.linkLife(link)};
    for (std::uint16_t lane = 0; lane < out.plan().links[index(link)].lanes; ++lane) {
        out.tell(link, lane, false, EventKind::ConnectionOpened);
    }
}

/// Its process is gone, and the broker learns of it after all that was sent before.
void Producer::disconnect(LinkId link, Outbox& out) {
    Connection& here = m_connections[out.plan().links[index(link)].atClient];
    for (std::uint16_t lane = 0; here.open && lane < out.plan().links[index(link)].lanes; ++lane) {
        out.tell(link, lane, false, EventKind::ConnectionLost);
    }
    here.open = false;
}

KeyId Producer::drawKey(const ProducerPlan& ours, Chance& chance) {
    const KeyPlan& keys = ours.keys;
    std::uint64_t ordinal = 0;
    switch (keys.spec.kind) {
    case KeySpec::Kind::Sequence:
        ordinal = m_sequence++;
        ordinal = keys.spec.count == 0 ? ordinal : ordinal % keys.spec.count;
        break;
    case KeySpec::Kind::Uniform:
        ordinal = chance.below(m_keys, keys.spec.count);
        break;
    case KeySpec::Kind::Zipf: {
        constexpr std::uint64_t steps = std::uint64_t{1} << 53;
        const double u = static_cast<double>(chance.below(m_keys, steps)) / double(steps);
        ordinal = shareAt(keys.cumulative, u);
        break;
    }
    }
    return KeyId{keys.first + static_cast<std::uint32_t>(ordinal) * keys.step};
}

std::uint16_t Producer::drawType(const ProducerPlan& ours, Chance& chance) {
    if (ours.types.size() == 1) {
        return 0;
    }
    constexpr std::uint64_t steps = std::uint64_t{1} << 32;
    const double u = static_cast<double>(chance.below(m_types, steps)) / double(steps);
    return static_cast<std::uint16_t>(shareAt(ours.typesUpTo, u));
}

/// Fills in a blank message.
void Producer::compose(const ProducerPlan& ours, Message& message, Outbox& out) {
    const std::uint64_t arrival = m_arrivals.count() - 1;
    const ScriptedMessage* scripted =
        ours.script.empty() ? nullptr : &ours.script[static_cast<std::size_t>(arrival)];
    const std::uint16_t typeAt =
        scripted != nullptr ? scripted->type : drawType(ours, out.chance());
    const EmittedType& type = ours.types[typeAt];
    message.createdAt = out.now();
    message.timestamp = out.now() - start + m_clockOffset;
    message.type = type.type;
    message.key =
        scripted != nullptr && scripted->key != noKey ? scripted->key : drawKey(ours, out.chance());
    message.routingKey = scripted != nullptr ? scripted->routingKey : type.routingKey;
    message.headers = scripted != nullptr ? scripted->headers : type.headers;
    message.priority = scripted != nullptr ? scripted->priority : type.priority;
    message.expiration = scripted != nullptr ? scripted->expiration : type.expiration;
    constexpr double largest = 4e9;
    message.size =
        static_cast<std::uint32_t>(std::min(largest, out.chance().sample(m_sizes, type.size)));
    message.producer = ours.component;
    message.lane = static_cast<std::uint16_t>(m_nextChannel);
    m_nextChannel = m_nextChannel + 1 < ours.spec.channels ? m_nextChannel + 1 : 0;
    if (ours.spec.persistent) {
        message.set(Persistent);
    }
    if (ours.spec.mandatory) {
        message.set(Mandatory);
    }
}

bool Producer::mayPublish(std::uint16_t link, const Outbox& out) const {
    const auto& confirms = plan(out).spec.confirms;
    const bool full =
        confirms && confirms->maxInFlight > 0 && m_unconfirmed >= confirms->maxInFlight;
    const bool waits = plan(out).spec.heedsBlocked && m_connections[link].blocked > 0;
    return !m_down && !m_paused && !full && !waits && m_connections[link].open;
}

void Producer::publish(Slot slot, std::uint16_t link, Outbox& out) {
    const ProducerPlan& ours = plan(out);
    if (ours.spec.confirms) {
        out.message(slot).set(WantsConfirm);
        out.message(slot).position = m_firstPending + m_pending.size();
    }
    Message& message = out.message(slot);
    message.generation = m_life;
    message.tag = m_connections[link].life;
    message.readySince = out.now();
    message.publishes = static_cast<std::uint8_t>(std::min(message.publishes + 1, 255));
    const ComponentId to = out.plan().links[index(ours.links[link])].to;
    out.note(TraceKind::Published, message, ours.component, to, out.now(), Reason::None,
             message.publishes);
    if (ours.spec.confirms) {
        const Duration timeout = ours.spec.confirms->timeout;
        m_pending.push({out.messages().lend(slot), out.now() + timeout, link});
        ++m_unconfirmed;
        if (!m_timerSet) {
            m_timerSet = true;
            out.schedule(out.now() + timeout, m_self, EventKind::ConfirmDue, 0);
        }
    }
    out.forward(ours.links[link], slot);
}

[[gnu::always_inline]] inline void Producer::publishOrWait(Slot slot, std::uint16_t link,
                                                           Outbox& out) {
    if (m_waiting.empty() && mayPublish(link, out)) {
        publish(slot, link, out);
    } else {
        m_waiting.push({slot, link});
    }
}

void Producer::produce(Outbox& out, std::vector<std::uint32_t>& versions,
                       std::uint64_t& nextMessage) {
    const ProducerPlan& ours = plan(out);
    const Slot slot = out.messages().blank();
    Message& message = out.message(slot);
    compose(ours, message, out);
    const std::size_t key = index(message.key);
    if (key >= versions.size()) {
        versions.resize(key + 1);
    }
    message.version = ++versions[key];
    message.id = MessageId{nextMessage++};
    ++m_produced;
    out.note(TraceKind::Produced, message, ours.component);
    const std::uint32_t typesOwn = message.routingKey;
    const auto links = static_cast<std::uint16_t>(ours.links.size());
    for (std::uint16_t i = 0; i < links; ++i) {
        out.message(slot).routingKey = ours.queueKeys[i] == noText ? typesOwn : ours.queueKeys[i];
        if (i + 1 < links) {
            publishOrWait(out.messages().clone(slot), i, out);
        }
    }
    out.messages().number(slot);
    if (links > 0) {
        publishOrWait(slot, static_cast<std::uint16_t>(links - 1), out);
    } else {
        out.messages().release(slot);
    }
}

void Producer::publishWaiting(Outbox& out) {
    while (!m_waiting.empty() && mayPublish(m_waiting.front().link, out)) {
        const Waiting next = m_waiting.pop();
        publish(next.slot, next.link, out);
    }
}

void Producer::onReply(Slot slot, Parcel parcel, Outbox& out) {
    const Message reply = out.message(slot);
    const LinkPlan& link = out.plan().links[index(reply.link)];
    const Connection& connection = m_connections[link.atClient];
    const TraceKind kind = parcel == Parcel::Return    ? TraceKind::ReturnReceived
                           : parcel == Parcel::Confirm ? TraceKind::ConfirmReceived
                                                       : TraceKind::NackReceived;
    out.messages().release(slot);
    if (m_down || reply.generation != m_life) {
        return;
    }
    if (!connection.open || reply.tag != connection.life) {
        out.note(TraceKind::Lost, reply, link.to, link.from, reply.sentAt, Reason::Disconnect);
        return;
    }
    out.note(kind, reply, link.from, link.to, reply.readySince);
    const std::uint64_t at = reply.position - m_firstPending;
    if (parcel == Parcel::Confirm && at < m_pending.size() && m_pending[at].slot != noSlot) {
        out.messages().release(m_pending[at].slot);
        m_pending[at].slot = noSlot;
        --m_unconfirmed;
        forget(out);
        publishWaiting(out);
    }
}

void Producer::forget(Outbox&) {
    while (!m_pending.empty() && m_pending.front().slot == noSlot) {
        m_pending.pop();
        ++m_firstPending;
    }
}

void Producer::onConfirmDue(Outbox& out) {
    // The timer counts as set until the end, so that a publish in between does not set another.
    while (!m_pending.empty() && m_pending.front().deadline <= out.now()) {
        const Pending due = m_pending.pop();
        ++m_firstPending;
        if (due.slot != noSlot) {
            --m_unconfirmed;
            retryOrGiveUp(due, out);
        }
    }
    forget(out);
    publishWaiting(out);
    m_timerSet = !m_pending.empty();
    if (m_timerSet) {
        out.schedule(m_pending.front().deadline, m_self, EventKind::ConfirmDue, 0);
    }
}

void Producer::retryOrGiveUp(Pending pending, Outbox& out) {
    const ProducerPlan& ours = plan(out);
    Message& message = out.message(pending.slot);
    const ComponentId to = out.plan().links[index(ours.links[pending.link])].to;
    out.note(TraceKind::ConfirmTimedOut, message, ours.component, to, message.readySince,
             Reason::Timeout, message.publishes);
    if (message.publishes > ours.spec.confirms->retries) {
        out.note(TraceKind::GaveUp, message, ours.component, to, message.readySince,
                 Reason::Timeout, message.publishes);
        out.messages().release(pending.slot);
        return;
    }
    message.set(Republished);
    const Slot again = out.messages().add(Message(message));
    out.messages().release(pending.slot);
    if (mayPublish(pending.link, out)) {
        publish(again, pending.link, out);
    } else {
        m_waiting.push({again, pending.link});
    }
}

void Producer::setPaused(bool paused, Outbox& out) {
    if (m_paused == paused) {
        return;
    }
    m_paused = paused;
    out.note(paused ? TraceKind::Paused : TraceKind::Resumed, plan(out).component);
    publishWaiting(out);
}

void Producer::setDown(bool down, Outbox& out) {
    if (m_down == down) {
        return;
    }
    m_down = down;
    out.note(down ? TraceKind::Crashed : TraceKind::Restarted, plan(out).component);
    if (down) {
        ++m_life;
        loseEverything(out);
        for (const LinkId link : plan(out).links) {
            disconnect(link, out);
        }
    } else {
        std::ranges::for_each(plan(out).links, [&](LinkId link) { connect(link, out); });
    }
}

void Producer::loseEverything(Outbox& out) {
    const ProducerPlan& ours = plan(out);
    const auto lose = [&](Slot slot, std::uint16_t link) {
        const ComponentId to = out.plan().links[index(ours.links[link])].to;
        const Message& message = out.message(slot);
        out.note(TraceKind::GaveUp, message, ours.component, to,
                 message.publishes > 0 ? message.readySince : message.createdAt, Reason::Crash,
                 message.publishes);
        out.messages().release(slot);
    };
    while (!m_waiting.empty()) {
        const Waiting waiting = m_waiting.pop();
        lose(waiting.slot, waiting.link);
    }
    while (!m_pending.empty()) {
        const Pending pending = m_pending.pop();
        ++m_firstPending;
        if (pending.slot != noSlot) {
            lose(pending.slot, pending.link);
        }
    }
    m_unconfirmed = 0;
}

} // namespace sim
