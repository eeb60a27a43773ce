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

    Story();

    void add(const std::string& id, ComponentSpec spec);

    /// A new event of order-`key`, with the key's next version; returns its id.
    std::uint64_t produced(Duration at, std::uint32_t key = 42, TypeId type = placed);
    TraceRecord& published(Duration at, std::uint64_t message, std::uint8_t flags = 0,
                           std::uint8_t attempt = 1);
    TraceRecord& enqueued(Duration at, std::uint64_t message, ComponentId queue = orders,
                          std::uint8_t flags = 0, std::uint32_t copy = 0);
    TraceRecord& delivered(Duration at, std::uint64_t message, std::uint16_t lane = 0,
                           ComponentId queue = orders, std::uint32_t copy = 0);
    TraceRecord& requeued(Duration at, std::uint64_t message, Reason reason, std::uint16_t lane = 0,
                          std::uint32_t copy = 0);
    /// Acked, Dropped or DeadLettered.
    TraceRecord& left(Duration at, TraceKind kind, std::uint64_t message,
                      Reason reason = Reason::None, ComponentId queue = orders,
                      std::uint32_t copy = 0);
    TraceRecord& acked(Duration at, std::uint64_t message, ComponentId queue = orders,
                       std::uint32_t copy = 0);
    TraceRecord& started(Duration at, std::uint64_t message, std::uint16_t lane = 0,
                         ComponentId consumer = billing, std::uint32_t copy = 0);
    TraceRecord& applied(Duration at, std::uint64_t message, std::uint16_t lane = 0,
                         ComponentId consumer = billing, std::uint32_t copy = 0);
    TraceRecord& atConsumer(Duration at, TraceKind kind, std::uint64_t message,
                            std::uint16_t lane = 0, ComponentId consumer = billing,
                            std::uint32_t copy = 0);
    /// A fact about a component, not about a message.
    TraceRecord& component(Duration at, TraceKind kind, ComponentId id, std::uint16_t lane = 0);
    /// Any fact about a message.
    TraceRecord& note(Duration at, TraceKind kind, ComponentId component, ComponentId peer,
                      std::uint64_t message, std::uint32_t copy = 0);

    /// Produced, published and enqueued into orders, each a millisecond after the one before.
    std::uint64_t comesIn(Duration at, std::uint32_t key = 42, TypeId type = placed);
    /// Delivered, started, applied and acked by billing, each a millisecond after the one before.
    void isHandled(Duration at, std::uint64_t message, std::uint16_t lane = 0);

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
