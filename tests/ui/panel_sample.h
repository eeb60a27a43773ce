#pragma once

#include "sim/run/live_run.h"
#include "sim/scenario/scenario.h"

#include <memory>

/// A small shop for the tests of panels: `orders` publishes to the exchange `events`, which is
/// bound to the queue `billing-in`, from which `billing` consumes.
namespace sample {

using namespace std::chrono_literals;

inline constexpr sim::ComponentId orders{0};
inline constexpr sim::ComponentId events{1};
inline constexpr sim::ComponentId billingIn{2};
inline constexpr sim::ComponentId billing{3};

inline sim::Scenario scenario() {
    sim::ProducerSpec producer;
    producer.types[0].name = "order.placed";
    producer.types[0].headers = {{"source", std::string("shop")}};
    sim::ConsumerSpec consumer;
    consumer.instances = 2;
    sim::Scenario shop;
    shop.title = "Shop";
    shop.components = {{"orders", producer, {0, 0}},
                       {"events", sim::ExchangeSpec{}, {200, 0}},
                       {"billing-in", sim::QueueSpec{}, {400, 0}},
                       {"billing", consumer, {600, 0}}};
    shop.links = {sim::PublishLink{"orders", "events", {}},
                  sim::BindingLink{"events", "billing-in", "order.#", {}},
                  sim::ConsumeLink{"billing-in", "billing", {}}};
    shop.faults = {{.name = {},
                    .when = {.at = 2s, .duration = 1s, .every = {}},
                    .what = sim::CrashFault{"billing", std::nullopt}}};
    return shop;
}

inline std::shared_ptr<const sim::Catalogue> catalogue() {
    sim::Catalogue names;
    names.components = {"orders", "events", "billing-in", "billing"};
    names.types = {{"order.placed", false, 1}};
    names.keySpaces = {{"order-", 0, 10}};
    names.faults = {"crash billing"};
    return std::make_shared<const sim::Catalogue>(names);
}

inline sim::TraceRecord record(sim::TraceKind kind, sim::Duration at, std::uint64_t message,
                               sim::ComponentId component,
                               sim::ComponentId peer = sim::noComponent) {
    sim::TraceRecord record;
    record.kind = kind;
    record.at = sim::start + at;
    record.since = record.at;
    record.message = sim::MessageId{message};
    record.copy = static_cast<std::uint32_t>(message) + 1;
    record.key = sim::KeyId{static_cast<std::uint32_t>(message % 3)};
    record.version = static_cast<std::uint32_t>(message / 3) + 1;
    record.type = sim::TypeId{0};
    record.component = component;
    record.peer = peer;
    return record;
}

inline sim::TraceRecord faultRecord(sim::TraceKind kind, sim::Duration at, std::uint32_t fault) {
    sim::TraceRecord record;
    record.kind = kind;
    record.at = sim::start + at;
    record.copy = fault;
    return record;
}

/// Messages 0, 1, 2 ... `messages` - 1, a tenth of a second apart, each produced, enqueued,
/// delivered, applied and acknowledged.
inline sim::TraceLog log(std::uint64_t messages) {
    using Kind = sim::TraceKind;
    sim::TraceLog log;
    for (std::uint64_t i = 0; i < messages; ++i) {
        const sim::Duration at = 100ms * i;
        const std::array records{record(Kind::Produced, at, i, orders),
                                 record(Kind::Enqueued, at + 1ms, i, billingIn, events),
                                 record(Kind::Delivered, at + 2ms, i, billingIn, billing),
                                 record(Kind::Applied, at + 12ms, i, billing, billingIn),
                                 record(Kind::Acked, at + 13ms, i, billingIn, billing)};
        log.append(records);
    }
    return log;
}

/// What a watcher sees at `at`. There is no world behind it.
inline sim::Frame frame(sim::Duration at, const sim::TraceLog& log) {
    sim::Frame frame{.at = {},
                     .end = {},
                     .view = {},
                     .recent = {},
                     .metrics = {},
                     .verdicts = {},
                     .ledger = {},
                     .series = sim::Series(scenario(), *catalogue()),
                     .log = log,
                     .fingerprint = {},
                     .interventions = {},
                     .world = {}};
    frame.at = sim::start + at;
    frame.end = sim::start + 60s;
    frame.series.passTo(sim::start + at);
    frame.view.at = frame.at;
    frame.view.components = {sim::ProducerView{}, sim::ExchangeView{}, sim::QueueView{},
                             sim::ConsumerView{}};
    frame.metrics.components = {{orders, "orders", sim::ProducerSummary{}, {}},
                                {events, "events", sim::ExchangeSummary{}, {}},
                                {billingIn, "billing-in", sim::QueueSummary{}, {}},
                                {billing, "billing", sim::ConsumerSummary{}, {}}};
    return frame;
}

inline std::shared_ptr<const sim::Frame> shared(sim::Frame frame) {
    return std::make_shared<const sim::Frame>(std::move(frame));
}

} // namespace sample
