#pragma once

#include "sim/model/links.h"

namespace sim {

/// What a handler wants to happen. A node changes its own state and writes its wishes here: wakes,
/// messages to send, facts to note. It cannot reach the run or any other node.
class Outbox {
public:
    Outbox(Carrier carrier, const Plan& plan, Links& links)
        : m_carrier(carrier)
        , m_plan(plan)
        , m_links(links) {}

    Instant now() const { return m_carrier.now; }
    const Plan& plan() const { return m_plan; }
    MessagePool& messages() { return m_carrier.messages; }
    Message& message(Slot slot) { return m_carrier.messages[slot]; }
    Chance& chance() { return m_carrier.chance; }
    Carrier& carrier() { return m_carrier; }

    /// A fact about a message, without an earlier instant.
    [[gnu::always_inline]] void note(TraceKind kind, const Message& message, ComponentId component,
                                     ComponentId peer = noComponent) {
        note(kind, message, component, peer, m_carrier.now);
    }

    /// A fact about a message.
    [[gnu::always_inline]] void note(TraceKind kind, const Message& message, ComponentId component,
                                     ComponentId peer, Instant since, Reason reason = Reason::None,
                                     std::uint8_t attempt = 0) {
        Recorder& recorder = m_carrier.recorder;
        TraceRecord& record = recorder.next();
        record.at = m_carrier.now;
        record.since = since;
        copySubject(message, record);
        record.component = component;
        record.peer = peer;
        record.kind = kind;
        record.reason = reason;
        record.flags = message.flags;
        record.attempt = attempt;
        recorder.added(record);
    }

    /// A fact about a component.
    void note(TraceKind kind, ComponentId component, std::uint16_t lane = allLanes,
              ComponentId peer = noComponent, Reason reason = Reason::None) {
        m_carrier.recorder.add({.at = m_carrier.now,
                                .since = m_carrier.now,
                                .component = component,
                                .peer = peer,
                                .lane = lane,
                                .kind = kind,
                                .reason = reason});
    }

    /// An event for `node` at `at`. Requires at >= now().
    [[gnu::always_inline]] void schedule(Instant at, NodeId node, EventKind kind,
                                         std::uint32_t index, std::uint8_t detail = 0) {
        m_carrier.pending.push(Event{
            .key = eventKey(at), .kind = kind, .detail = detail, .node = node, .index = index});
    }

    /// Sends what the slot holds along a link (`forward`) or back against it (`back`); the slot
    /// belongs to the link from then on. Its lane must be set, and a publish's tag.
    void forward(LinkId link, Slot slot, Parcel parcel = Parcel::Message) {
        m_links.forward(m_plan, link, slot, parcel, m_carrier);
    }
    void back(LinkId link, Slot slot, Parcel parcel) {
        m_links.back(m_plan, link, slot, parcel, m_carrier);
    }
    /// News of the connection itself, sent along the link or back; see Links::tell().
    void tell(LinkId link, std::uint16_t lane, bool back, EventKind kind,
              std::uint8_t generation = 0) {
        const News news{.link = link, .lane = lane, .generation = generation};
        m_links.tell(m_plan, kind, back, news, m_carrier);
    }
    /// The node at the end of the link, or (`back`) at its beginning, notices by itself, now.
    void tellNow(LinkId link, bool back, EventKind kind) {
        m_links.tellNow(m_plan, kind, back, link, m_carrier);
    }
    News take(const Event& event) { return m_links.take(event.index); }
    void serverStops(LinkId link) { m_links.serverStops(m_plan, link, m_carrier); }
    void serverStarts(LinkId link) { m_links.serverStarts(link); }
    bool serverIsUp(LinkId link) const { return m_links.serverIsUp(link); }
    bool canConnect(LinkId link) const { return m_links.canConnect(link); }
    std::uint32_t linkLife(LinkId link) const { return m_links.life(link); }
    const LinkFaults& linkFaults(LinkId link) const { return m_links.faults(link); }
    bool linkIsClosed(LinkId link) const { return m_links.faults(link).closed; }

private:
    friend class World;

    Carrier m_carrier;
    const Plan& m_plan;
    Links& m_links;
};

} // namespace sim
