#pragma once

#include "sim/kernel/catalogue.h"
#include "sim/kernel/trace_record.h"
#include "sim/observe/digest.h"
#include "sim/scenario/scenario.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace sim {

/// A run told record by record, without a model: shop publishes to the exchange events, which is
/// bound to the queue orders; billing (two instances) takes from it. What orders dead-letters goes
/// by the exchange dlx to the queue dead, which nobody takes from. A second queue, audits, is
/// bound to events too and taken from by audit.
///
/// Each call adds one record; what can be known from earlier calls (copy, creation, enqueueing,
/// delivery, attempt) is filled in.
class Story {
public:
    static constexpr ComponentId shop{0};
    static constexpr ComponentId events{1};
    static constexpr ComponentId orders{2};
    static constexpr ComponentId billing{3};
    static constexpr ComponentId dlx{4};
    static constexpr ComponentId dead{5};
    static constexpr ComponentId audits{6};
    static constexpr ComponentId audit{7};
    static constexpr ComponentId broker{8};
    static constexpr TypeId placed{0}; ///< sets the version
    static constexpr TypeId paid{1};   ///< adds 5

    Scenario scenario;
    Catalogue catalogue;
    std::vector<TraceRecord> records;

    /// Tells it to an observer.
    template <typename Observer> void tell(Observer& observer) const {
        Digest digest(scenario, catalogue);
        digest.feed(records, [&observer](const Batch& batch) { observer.take(batch); });
    }

    Story() {
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

    void add(const std::string& id, ComponentSpec spec) {
        scenario.components.push_back({id, std::move(spec), {}});
        catalogue.components.push_back(id);
    }

    /// A new event of order-`key`, with the key's next version; returns its id.
    std::uint64_t produced(Duration at, std::uint32_t key = 42, TypeId type = placed) {
        const std::uint64_t message = m_created.size();
        m_created.push_back(start + at);
        m_types.push_back(type);
        m_keys.push_back(KeyId{key - 1});
        m_versions.push_back(++m_newest[key]);
        note(at, TraceKind::Produced, shop, noComponent, message);
        return message;
    }
    TraceRecord& published(Duration at, std::uint64_t message, std::uint8_t flags = 0,
                           std::uint8_t attempt = 1) {
        TraceRecord& record = note(at, TraceKind::Published, shop, events, message);
        record.flags = flags;
        record.attempt = attempt;
        return record;
    }
    TraceRecord& enqueued(Duration at, std::uint64_t message, ComponentId queue = orders,
                          std::uint8_t flags = 0, std::uint32_t copy = 0) {
        const ComponentId from = (flags & DeadLetter) != 0 ? dlx : events;
        TraceRecord& record = note(at, TraceKind::Enqueued, queue, from, message, copy);
        record.since = m_created[message];
        record.flags = flags;
        m_enqueued[record.copy] = m_ready[record.copy] = record.at;
        m_attempts[record.copy] = 0;
        return record;
    }
    TraceRecord& delivered(Duration at, std::uint64_t message, std::uint16_t lane = 0,
                           ComponentId queue = orders, std::uint32_t copy = 0) {
        const ComponentId to = queue == audits ? audit : billing;
        TraceRecord& record = note(at, TraceKind::Delivered, queue, to, message, copy);
        record.lane = lane;
        record.since = m_ready[record.copy];
        record.attempt = ++m_attempts[record.copy];
        m_delivered[record.copy] = record.at;
        return record;
    }
    TraceRecord& requeued(Duration at, std::uint64_t message, Reason reason, std::uint16_t lane = 0,
                          std::uint32_t copy = 0) {
        TraceRecord& record = note(at, TraceKind::Requeued, orders, billing, message, copy);
        record.reason = reason;
        record.lane = lane;
        record.since = m_delivered[record.copy];
        m_ready[record.copy] = record.at;
        return record;
    }
    /// Acked, Dropped or DeadLettered.
    TraceRecord& left(Duration at, TraceKind kind, std::uint64_t message,
                      Reason reason = Reason::None, ComponentId queue = orders,
                      std::uint32_t copy = 0) {
        const ComponentId peer = kind == TraceKind::Acked ? queue == audits ? audit : billing
                                 : kind == TraceKind::DeadLettered ? dlx
                                                                   : noComponent;
        TraceRecord& record = note(at, kind, queue, peer, message, copy);
        record.reason = reason;
        record.since = m_enqueued[record.copy];
        return record;
    }
    TraceRecord& acked(Duration at, std::uint64_t message, ComponentId queue = orders,
                       std::uint32_t copy = 0) {
        return left(at, TraceKind::Acked, message, Reason::None, queue, copy);
    }
    TraceRecord& started(Duration at, std::uint64_t message, std::uint16_t lane = 0,
                         ComponentId consumer = billing, std::uint32_t copy = 0) {
        return atConsumer(at, TraceKind::Started, message, lane, consumer, copy);
    }
    TraceRecord& applied(Duration at, std::uint64_t message, std::uint16_t lane = 0,
                         ComponentId consumer = billing, std::uint32_t copy = 0) {
        TraceRecord& record = atConsumer(at, TraceKind::Applied, message, lane, consumer, copy);
        record.since = m_created[message];
        return record;
    }
    TraceRecord& atConsumer(Duration at, TraceKind kind, std::uint64_t message,
                            std::uint16_t lane = 0, ComponentId consumer = billing,
                            std::uint32_t copy = 0) {
        const ComponentId queue = consumer == audit ? audits : orders;
        TraceRecord& record = note(at, kind, consumer, queue, message, copy);
        record.lane = lane;
        return record;
    }
    /// A fact about a component, not about a message.
    TraceRecord& component(Duration at, TraceKind kind, ComponentId id, std::uint16_t lane = 0) {
        TraceRecord record;
        record.at = record.since = start + at;
        record.kind = kind;
        record.component = id;
        record.lane = lane;
        return records.emplace_back(record);
    }
    /// Any fact about a message.
    TraceRecord& note(Duration at, TraceKind kind, ComponentId component, ComponentId peer,
                      std::uint64_t message, std::uint32_t copy = 0) {
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

    /// Produced, published and enqueued into orders, each a millisecond after the one before.
    std::uint64_t comesIn(Duration at, std::uint32_t key = 42, TypeId type = placed) {
        const std::uint64_t message = produced(at, key, type);
        published(at, message);
        enqueued(at + 1ms, message);
        return message;
    }
    /// Delivered, started, applied and acked by billing, each a millisecond after the one before.
    void isHandled(Duration at, std::uint64_t message, std::uint16_t lane = 0) {
        delivered(at, message, lane);
        started(at + 1ms, message, lane);
        applied(at + 2ms, message, lane);
        acked(at + 3ms, message);
    }

private:
    std::vector<Instant> m_created;
    std::vector<TypeId> m_types;
    std::vector<KeyId> m_keys;
    std::vector<std::uint32_t> m_versions;
    std::map<std::uint32_t, std::uint32_t> m_newest;
    std::map<std::uint32_t, Instant> m_enqueued; ///< by copy
    std::map<std::uint32_t, Instant> m_ready;
    std::map<std::uint32_t, Instant> m_delivered;
    std::map<std::uint32_t, std::uint8_t> m_attempts;
};

} // namespace sim
