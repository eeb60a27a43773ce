#include "sim/model/links.h"

#include <algorithm>
#include <cmath>

namespace sim {
namespace {

Duration onTheWire(double bytes, double nanosecondsPerByte) {
    const double nanoseconds = bytes * nanosecondsPerByte;
    const auto most = static_cast<double>(durationMax.count());
    return Duration{static_cast<std::int64_t>(std::min(nanoseconds, most))};
}

} // namespace

bool LinkFaults::any() const {
    return cuts > 0 || loss > 0 || duplicates > 0 || reorders > 0 || lostAcks > 0 ||
           lostConfirms > 0 || bandwidth > 0 || !extra.empty();
}

std::size_t Links::waiting() const {
    std::size_t waiting = 0;
    for (const State& link : m_links) {
        for (std::size_t i = 0; i < link.held.size(); ++i) {
            waiting += link.held[i].slot != noSlot;
        }
    }
    return waiting;
}

Links::Links(const Plan& plan, std::uint64_t seed) {
    m_links.reserve(plan.links.size());
    for (const LinkPlan& link : plan.links) {
        const std::string name = plan.catalogue.components[index(link.from)] + ">" +
                                 plan.catalogue.components[index(link.to)];
        const NetworkSpec& network = link.network;
        State& state = m_links.emplace_back();
        state.luck = streamFor(seed, name, "faults");
        state.nanosecondsPerByte = network.bandwidth > 0 ? 1e9 / network.bandwidth : 0;
        for (const bool back : {false, true}) {
            Way& way = m_ways.emplace_back();
            way.random = streamFor(seed, name, back ? "back latency" : "latency");
            way.latency = back ? network.backLatency.value_or(network.latency) : network.latency;
            way.to = back ? link.fromNode : link.toNode;
            way.fifo = network.fifo;
            way.plain = state.nanosecondsPerByte == 0;
            way.firstLane = static_cast<std::uint32_t>(m_lanes.size());
            m_lanes.resize(m_lanes.size() + link.lanes);
        }
    }
}

/// `at`, or the latest arrival on this lane so far; where things overtake one another, the latest
/// of news.
[[gnu::always_inline]] inline Instant Links::inOrder(const Way& way, std::uint16_t lane,
                                                     Instant at) {
    LaneTimes& so = times(way, lane);
    at = std::max(at, way.fifo ? so.last : so.news);
    so.last = std::max(at, so.last);
    return at;
}

[[gnu::always_inline]] inline void Links::schedule(const Way& way, Instant at, Slot slot,
                                                   Parcel parcel, Carrier& carrier) {
    carrier.pending.push(Event{.key = eventKey(at),
                               .kind = EventKind::Arrive,
                               .detail = static_cast<std::uint8_t>(parcel),
                               .node = way.to,
                               .index = static_cast<std::uint32_t>(slot)});
}

[[gnu::always_inline]] inline void Links::send(const Plan& plan, LinkId id, Slot slot,
                                               Parcel parcel, bool back, Carrier& carrier) {
    Way& way = this->way(id, back);
    Message& message = carrier.messages[slot];
    message.sentAt = carrier.now;
    message.link = id;
    if (way.plain) [[likely]] {
        const Instant at = carrier.now + carrier.chance.duration(way.random, way.latency);
        schedule(way, inOrder(way, message.lane, at), slot, parcel, carrier);
    } else if (m_links[index(id)].faulty) {
        sendThroughFaults(plan, id, slot, parcel, back, carrier);
    } else {
        scheduleArrival(id, slot, parcel, back, Duration{}, carrier);
    }
}

// Two functions, so that each direction has its own distribution behind its own branches.

void Links::forward(const Plan& plan, LinkId id, Slot slot, Parcel parcel, Carrier& carrier) {
    send(plan, id, slot, parcel, false, carrier);
}

void Links::back(const Plan& plan, LinkId id, Slot slot, Parcel parcel, Carrier& carrier) {
    send(plan, id, slot, parcel, true, carrier);
}

/// When something of this size arrives that is sent now.
Instant Links::arrival(LinkId id, bool back, std::uint16_t lane, double bytes, Carrier& carrier) {
    State& link = m_links[index(id)];
    Instant at = carrier.now;
    double perByte = link.nanosecondsPerByte;
    if (link.faults.bandwidth > 0) {
        perByte = std::max(perByte, 1e9 / link.faults.bandwidth);
    }
    if (perByte > 0 && bytes > 0) {
        link.wireFree = std::max(link.wireFree, carrier.now) + onTheWire(bytes, perByte);
        at = link.wireFree;
    }
    Way& way = this->way(id, back);
    at += carrier.chance.duration(way.random, way.latency);
    for (const Distribution& extra : link.faults.extra) {
        at += carrier.chance.duration(link.luck, extra);
    }
    return inOrder(way, lane, at);
}

void Links::scheduleArrival(LinkId id, Slot slot, Parcel parcel, bool back, Duration hold,
                            Carrier& carrier) {
    const Message& message = carrier.messages[slot];
    const Instant at = arrival(id, back, message.lane, back ? 0 : message.size, carrier);
    schedule(way(id, back), at + hold, slot, parcel, carrier);
}

bool Links::lost(State& link, Parcel parcel, bool back, Carrier& carrier, Reason& reason) const {
    std::uint32_t odds = back ? 0 : link.faults.loss;
    reason = Reason::LinkLoss;
    if (isSettlement(parcel)) {
        odds = link.faults.lostAcks;
        reason = Reason::LostAck;
    } else if (parcel == Parcel::Confirm || parcel == Parcel::ConfirmNack) {
        odds = link.faults.lostConfirms;
        reason = Reason::LostConfirm;
    }
    return odds > 0 && carrier.chance.happens(link.luck, odds);
}

void Links::sendThroughFaults(const Plan& plan, LinkId id, Slot slot, Parcel parcel, bool back,
                              Carrier& carrier) {
    State& link = m_links[index(id)];
    if (link.faults.closed) {
        noteLost(plan, id, slot, back, Reason::Partition, carrier);
        return;
    }
    if (link.faults.cuts > 0) {
        link.held.push({.slot = slot, .parcel = parcel, .back = back});
        return;
    }
    Reason reason{};
    if (lost(link, parcel, back, carrier, reason)) {
        noteLost(plan, id, slot, back, reason, carrier);
        return;
    }
    const bool message = parcel == Parcel::Message;
    if (message && link.faults.duplicates > 0 &&
        carrier.chance.happens(link.luck, link.faults.duplicates)) {
        const Slot twin = carrier.messages.clone(slot);
        const Message& copy = carrier.messages[twin];
        carrier.recorder.add({.at = carrier.now,
                              .since = carrier.now,
                              .message = copy.id,
                              .copy = copy.copy,
                              .key = copy.key,
                              .version = copy.version,
                              .component = plan.links[index(id)].from,
                              .peer = plan.links[index(id)].to,
                              .type = copy.type,
                              .lane = copy.lane,
                              .kind = TraceKind::Duplicated,
                              .flags = copy.flags});
        scheduleArrival(id, twin, parcel, back, Duration{}, carrier);
    }
    Duration hold{};
    if (message && link.faults.reorders > 0 &&
        carrier.chance.happens(link.luck, link.faults.reorders)) {
        hold = carrier.chance.duration(link.luck, *link.faults.hold);
    }
    scheduleArrival(id, slot, parcel, back, hold, carrier);
}

void Links::noteLost(const Plan& plan, LinkId id, Slot slot, bool back, Reason reason,
                     Carrier& carrier) {
    const Message& message = carrier.messages[slot];
    const LinkPlan& link = plan.links[index(id)];
    carrier.recorder.add({.at = carrier.now,
                          .since = message.sentAt,
                          .message = message.id,
                          .copy = message.copy,
                          .key = message.key,
                          .version = message.version,
                          .component = back ? link.to : link.from,
                          .peer = back ? link.from : link.to,
                          .type = message.type,
                          .lane = message.lane,
                          .kind = TraceKind::Lost,
                          .reason = reason,
                          .flags = message.flags});
    carrier.messages.release(slot);
}

std::uint32_t Links::keep(const News& news) {
    if (m_freeNews.empty()) {
        m_news.push_back(news);
        return static_cast<std::uint32_t>(m_news.size() - 1);
    }
    const std::uint32_t at = m_freeNews.back();
    m_freeNews.pop_back();
    m_news[at] = news;
    return at;
}

News Links::take(std::uint32_t event) {
    m_freeNews.push_back(event);
    return m_news[event];
}

void Links::tell(const Plan& plan, EventKind kind, bool back, News news, Carrier& carrier) {
    State& link = m_links[index(news.link)];
    if (link.faults.closed) {
        return; // the connection is gone already, and both ends know
    }
    news.life = link.life;
    if (link.faults.cuts > 0) {
        link.held.push({.back = back, .news = kind, .newsAt = keep(news)});
        return;
    }
    sendNews(plan, kind, back, keep(news), carrier);
}

void Links::sendNews(const Plan& plan, EventKind kind, bool back, std::uint32_t position,
                     Carrier& carrier) {
    const News& news = m_news[position];
    const LinkPlan& ends = plan.links[index(news.link)];
    Instant at = arrival(news.link, back, news.lane, 0, carrier);
    if (const Way& way = this->way(news.link, back); !way.fifo) {
        LaneTimes& so = times(way, news.lane);
        at = so.last;
        so.news = at;
    }
    carrier.pending.push(Event{.key = eventKey(at),
                               .kind = kind,
                               .node = back ? ends.fromNode : ends.toNode,
                               .index = position});
}

void Links::tellNow(const Plan& plan, EventKind kind, bool back, LinkId id, Carrier& carrier) {
    const LinkPlan& ends = plan.links[index(id)];
    const News news{.link = id, .lane = allLanes, .life = m_links[index(id)].life};
    carrier.pending.push(Event{.key = eventKey(carrier.now),
                               .kind = kind,
                               .node = back ? ends.fromNode : ends.toNode,
                               .index = keep(news)});
}

/// Whether it is news that tell() has made.
bool Links::travels(EventKind kind) {
    switch (kind) {
    case EventKind::ConnectionLost:
    case EventKind::ConnectionSilent:
    case EventKind::ConnectionOpened:
    case EventKind::ConsumerCancelled:
    case EventKind::ConsumerStarted:
    case EventKind::DemandBegins:
    case EventKind::DemandEnds:
    case EventKind::ConnectionBlocked:
    case EventKind::ConnectionUnblocked:
    case EventKind::CancelledByBroker:
    case EventKind::ConsumePossible:
    case EventKind::RecoverAsked:
    case EventKind::RecoverDone:
    case EventKind::GetAsked:
    case EventKind::GetEmpty:
    case EventKind::ReceiveAsked:
    case EventKind::ReceiveReturned:
        return true;
    default:
        return false;
    }
}

std::uint64_t Links::wayOf(const Plan& plan, const Event& event,
                           const MessagePool& messages) const {
    LinkId link = noLink;
    std::uint16_t lane = allLanes;
    if (event.kind == EventKind::Arrive) {
        link = messages[Slot{event.index}].link;
        lane = messages[Slot{event.index}].lane;
    } else if (travels(event.kind)) {
        link = m_news[event.index].link;
        lane = m_news[event.index].lane;
    }
    if (lane == allLanes) {
        return 0;
    }
    const bool back = event.node == plan.links[index(link)].fromNode;
    return 1 + (std::uint64_t{index(link)} << 17 | std::uint64_t{lane} << 1 | std::uint64_t{back});
}

void Links::serverStops(const Plan& plan, LinkId id, Carrier& carrier) {
    State& link = m_links[index(id)];
    link.serverIsDown = true;
    ++link.life;
    while (!link.held.empty()) {
        const Held one = link.held.pop();
        if (one.slot != noSlot) {
            noteLost(plan, id, one.slot, one.back, Reason::Disconnect, carrier);
        } else {
            take(one.newsAt);
        }
    }
}

void Links::letGo(const Plan& plan, LinkId id, Carrier& carrier) {
    Ring<Held> held = std::move(m_links[index(id)].held);
    m_links[index(id)].held = {};
    while (!held.empty()) {
        const Held one = held.pop();
        if (one.slot == noSlot && m_links[index(id)].faults.closed) {
            take(one.newsAt);
        } else if (one.slot == noSlot) {
            sendNews(plan, one.news, one.back, one.newsAt, carrier);
        } else if (one.back) {
            back(plan, id, one.slot, one.parcel, carrier);
        } else {
            forward(plan, id, one.slot, one.parcel, carrier);
        }
    }
}

void Links::setFaults(const Plan& plan, LinkId id, LinkFaults faults, Carrier& carrier) {
    State& link = m_links[index(id)];
    const bool letsGo = link.faults.cuts > 0 && (faults.cuts == 0 || faults.closed);
    link.life += faults.closed && !link.faults.closed;
    link.faults = std::move(faults);
    link.faulty = link.faults.any();
    way(id, false).plain = way(id, true).plain = !link.faulty && link.nanosecondsPerByte == 0;
    if (letsGo) {
        letGo(plan, id, carrier);
    }
}

} // namespace sim
