#include "tests/support/story.h"

namespace sim {

Story::Story() {
    add("shop", ProducerSpec{});
    add("events", ExchangeSpec{});
    QueueSpec deadLettering;
    deadLettering.deadLetterExchange = "dlx";
    add("orders", deadLettering);
    ConsumerSpec two;
    two.instances = 2;
    add("billing", two);
    add("dlx", ExchangeSpec{});
    add("dead", QueueSpec{});
    add("audits", QueueSpec{});
    add("audit", ConsumerSpec{});
    add("broker", BrokerSpec{});
    scenario.links = {
        PublishLink{"shop", "events", {}},       BindingLink{"events", "orders", "", {}},
        ConsumeLink{"orders", "billing", {}},    BindingLink{"dlx", "dead", "", {}},
        BindingLink{"events", "audits", "", {}}, ConsumeLink{"audits", "audit", {}}};
    catalogue.types = {{"placed", false, 1}, {"paid", true, 5}};
    catalogue.keySpaces = {{"order-", 0, 100}};
    catalogue.faults = {"crash of billing"};
}

void Story::add(const std::string& id, ComponentSpec spec) {
    scenario.components.push_back({id, std::move(spec), {}});
    catalogue.components.push_back(id);
}

std::uint64_t Story::produced(Duration at, std::uint32_t key, TypeId type) {
    const std::uint64_t message = m_created.size();
    m_created.push_back(start + at);
    m_types.push_back(type);
    m_keys.push_back(KeyId{key - 1});
    m_versions.push_back(++m_newest[key]);
    note(at, TraceKind::Produced, shop, noComponent, message);
    return message;
}

TraceRecord& Story::published(Duration at, std::uint64_t message, std::uint8_t flags,
                              std::uint8_t attempt) {
    TraceRecord& record = note(at, TraceKind::Published, shop, events, message);
    record.flags = flags;
    record.attempt = attempt;
    return record;
}

TraceRecord& Story::enqueued(Duration at, std::uint64_t message, ComponentId queue,
                             std::uint8_t flags, std::uint32_t copy) {
    const ComponentId from = (flags & DeadLetter) != 0 ? dlx : events;
    TraceRecord& record = note(at, TraceKind::Enqueued, queue, from, message, copy);
    record.since = m_created[message];
    record.flags = flags;
    m_enqueued[record.copy] = m_ready[record.copy] = record.at;
    m_attempts[record.copy] = 0;
    return record;
}

TraceRecord& Story::delivered(Duration at, std::uint64_t message, std::uint16_t lane,
                              ComponentId queue, std::uint32_t copy) {
    const ComponentId to = queue == audits ? audit : billing;
    TraceRecord& record = note(at, TraceKind::Delivered, queue, to, message, copy);
    record.lane = lane;
    record.since = m_ready[record.copy];
    record.attempt = ++m_attempts[record.copy];
    m_delivered[record.copy] = record.at;
    return record;
}

TraceRecord& Story::requeued(Duration at, std::uint64_t message, Reason reason, std::uint16_t lane,
                             std::uint32_t copy) {
    TraceRecord& record = note(at, TraceKind::Requeued, orders, billing, message, copy);
    record.reason = reason;
    record.lane = lane;
    record.since = m_delivered[record.copy];
    m_ready[record.copy] = record.at;
    return record;
}

TraceRecord& Story::left(Duration at, TraceKind kind, std::uint64_t message, Reason reason,
                         ComponentId queue, std::uint32_t copy) {
    const ComponentId peer = kind == TraceKind::Acked          ? queue == audits ? audit : billing
                             : kind == TraceKind::DeadLettered ? dlx
                                                               : noComponent;
    TraceRecord& record = note(at, kind, queue, peer, message, copy);
    record.reason = reason;
    record.since = m_enqueued[record.copy];
    return record;
}

TraceRecord& Story::acked(Duration at, std::uint64_t message, ComponentId queue,
                          std::uint32_t copy) {
    return left(at, TraceKind::Acked, message, Reason::None, queue, copy);
}

TraceRecord& Story::started(Duration at, std::uint64_t message, std::uint16_t lane,
                            ComponentId consumer, std::uint32_t copy) {
    return atConsumer(at, TraceKind::Started, message, lane, consumer, copy);
}

TraceRecord& Story::applied(Duration at, std::uint64_t message, std::uint16_t lane,
                            ComponentId consumer, std::uint32_t copy) {
    TraceRecord& record = atConsumer(at, TraceKind::Applied, message, lane, consumer, copy);
    record.since = m_created[message];
    return record;
}

TraceRecord& Story::atConsumer(Duration at, TraceKind kind, std::uint64_t message,
                               std::uint16_t lane, ComponentId consumer, std::uint32_t copy) {
    const ComponentId queue = consumer == audit ? audits : orders;
    TraceRecord& record = note(at, kind, consumer, queue, message, copy);
    record.lane = lane;
    return record;
}

TraceRecord& Story::component(Duration at, TraceKind kind, ComponentId id, std::uint16_t lane) {
    TraceRecord record;
    record.at = record.since = start + at;
    record.kind = kind;
    record.component = id;
    record.lane = lane;
    return records.emplace_back(record);
}

TraceRecord& Story::note(Duration at, TraceKind kind, ComponentId component, ComponentId peer,
                         std::uint64_t message, std::uint32_t copy) {
    TraceRecord record;
    record.at = record.since = start + at;
    record.kind = kind;
    record.component = component;
    record.peer = peer;
    record.message = MessageId{message};
    record.copy = copy == 0 ? static_cast<std::uint32_t>(message + 1) : copy;
    record.key = m_keys[message];
    record.version = m_versions[message];
    record.type = m_types[message];
    return records.emplace_back(record);
}

std::uint64_t Story::comesIn(Duration at, std::uint32_t key, TypeId type) {
    const std::uint64_t message = produced(at, key, type);
    published(at, message);
    enqueued(at + 1ms, message);
    return message;
}

void Story::isHandled(Duration at, std::uint64_t message, std::uint16_t lane) {
    delivered(at, message, lane);
    started(at + 1ms, message, lane);
    applied(at + 2ms, message, lane);
    acked(at + 3ms, message);
}

} // namespace sim
