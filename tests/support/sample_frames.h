#pragma once

#include "sim/run/live_run.h"
#include "sim/scenario/scenario.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

/// Scenarios and frames without an engine, for what only draws them.
namespace sample {

inline sim::NetworkSpec network(sim::Duration latency) {
    sim::NetworkSpec spec;
    spec.latency = sim::Distribution::constant(static_cast<double>(latency.count()));
    return spec;
}

/// shop -> orders (topic) -> billing-queue -> billing, all travel times 100 ms.
inline sim::Scenario shop() {
    sim::Scenario scenario;
    scenario.title = "Shop";
    scenario.components = {
        {"shop", sim::ProducerSpec{}, {0, 0}},
        {"orders", sim::ExchangeSpec{}, {280, 0}},
        {"billing-queue", sim::QueueSpec{}, {600, 0}},
        {"billing", sim::ConsumerSpec{.instances = 2, .prefetch = 10}, {920, 0}},
    };
    scenario.links = {
        sim::PublishLink{"shop", "orders", network(std::chrono::milliseconds{100})},
        sim::BindingLink{"orders", "billing-queue", "order.*", {}},
        sim::ConsumeLink{"billing-queue", "billing", network(std::chrono::milliseconds{100})},
    };
    return scenario;
}

/// `chains` times producer, exchange, queue and consumer, side by side and bound crosswise.
inline sim::Scenario grid(int chains) {
    sim::Scenario scenario;
    scenario.title = "Grid";
    const auto name = [](const char* kind, int n) { return kind + std::to_string(n + 1); };
    for (int n = 0; n < chains; ++n) {
        const double y = 200.0 * n;
        scenario.components.push_back({name("shop-", n), sim::ProducerSpec{}, {0, y}});
        scenario.components.push_back({name("events-", n), sim::ExchangeSpec{}, {288, y}});
        scenario.components.push_back({name("work-", n), sim::QueueSpec{}, {608, y}});
        scenario.components.push_back(
            {name("service-", n), sim::ConsumerSpec{.instances = 3}, {936, y}});
    }
    for (int n = 0; n < chains; ++n) {
        const auto slow = network(std::chrono::seconds{1});
        scenario.links.push_back(sim::PublishLink{name("shop-", n), name("events-", n), slow});
        scenario.links.push_back(
            sim::BindingLink{name("events-", n), name("work-", n), "order.created", {}});
        scenario.links.push_back(sim::ConsumeLink{name("work-", n), name("service-", n), slow});
        scenario.links.push_back(sim::BindingLink{
            name("events-", n), name("work-", (n + 1) % chains), "order.cancelled", {}});
    }
    return scenario;
}

inline sim::MessageView message(std::uint64_t n) {
    sim::MessageView view;
    view.message = sim::MessageId{n};
    view.copy = static_cast<std::uint32_t>(n + 1);
    view.key = static_cast<sim::KeyId>(n % 20);
    view.version = static_cast<std::uint32_t>(n % 7 + 1);
    view.type = static_cast<sim::TypeId>(n % 5);
    const int flags = n % 11 == 0 ? int{sim::Redelivered} : n % 13 == 0 ? int{sim::Republished} : 0;
    view.flags = static_cast<std::uint8_t>(flags);
    return view;
}

/// A busy component of the kind of `spec`; `depth` messages in a queue.
inline sim::ComponentView viewOf(const sim::ComponentSpec& spec, sim::Instant at,
                                 std::uint64_t depth) {
    if (std::holds_alternative<sim::QueueSpec>(spec)) {
        sim::QueueView queue;
        queue.ready = depth;
        queue.unacked = 5;
        for (std::uint64_t n = 0; n < std::min<std::uint64_t>(depth, 64); ++n) {
            queue.head.push_back(message(n));
        }
        for (std::uint64_t n = 0; n < queue.unacked; ++n) {
            queue.out.push_back(message(100 + n));
        }
        return queue;
    }
    if (const auto* consumer = std::get_if<sim::ConsumerSpec>(&spec)) {
        sim::ConsumerView view;
        for (std::uint32_t lane = 0; lane < consumer->instances; ++lane) {
            sim::LaneView state;
            state.state = sim::LaneView::State::Busy;
            state.work.push_back({message(200 + lane), at - std::chrono::milliseconds{70},
                                  at + std::chrono::milliseconds{30}});
            state.buffered = {message(300 + lane), message(301 + lane)};
            state.bufferedCount = 2;
            view.lanes.push_back(state);
        }
        view.applied = 1204;
        return view;
    }
    if (std::holds_alternative<sim::ProducerSpec>(spec)) {
        return sim::ProducerView{.produced = 4210, .unconfirmed = 3};
    }
    return std::holds_alternative<sim::BrokerSpec>(spec) ? sim::ComponentView{sim::BrokerView{}}
                                                         : sim::ComponentView{sim::ExchangeView{}};
}

/// A frame at `at` with `flights` messages spread over the links that take time.
inline sim::Frame frame(const sim::Scenario& scenario, sim::Instant at, int flights,
                        std::uint64_t depth = 12) {
    sim::Frame frame;
    frame.at = at;
    frame.end = sim::start + scenario.duration;
    frame.number = 1;
    frame.view.at = at;
    for (const sim::ComponentEntry& entry : scenario.components) {
        frame.view.components.push_back(viewOf(entry.spec, at, depth));
    }
    std::vector<sim::LinkId> links;
    for (std::size_t i = 0; i < scenario.links.size(); ++i) {
        if (!std::holds_alternative<sim::BindingLink>(scenario.links[i])) {
            links.push_back(static_cast<sim::LinkId>(i));
        }
    }
    for (int n = 0; n < flights && !links.empty(); ++n) {
        const auto number = static_cast<std::uint64_t>(n);
        sim::FlightView flight;
        flight.message = message(number);
        flight.link = links[number % links.size()];
        flight.left = at - std::chrono::milliseconds{number * 997 % 1000};
        flight.arrives = flight.left + std::chrono::milliseconds{1000};
        frame.view.flights.push_back(flight);
    }
    return frame;
}

} // namespace sample
