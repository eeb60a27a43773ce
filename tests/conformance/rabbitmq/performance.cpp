#include "tests/conformance/rabbitmq/performance.h"

#include "sim/scenario/describe_rabbitmq.h"

#include <algorithm>
#include <poll.h>
#include <stdexcept>

namespace conformance {
namespace {

using namespace std::chrono_literals;
using sim::Duration;

constexpr auto confirmsWithin = 10s;

std::int64_t milliseconds(Duration duration) {
    return std::chrono::floor<std::chrono::milliseconds>(duration).count();
}

sim::Table argumentsOf(const sim::ExchangeSpec& spec) {
    return spec.alternateExchange.empty()
               ? sim::Table{}
               : sim::Table{{"alternate-exchange", spec.alternateExchange}};
}

sim::Table argumentsOf(const sim::QueueSpec& spec) {
    sim::Table arguments;
    const auto number = [&](const char* name, const auto& value) {
        if (value) {
            arguments.emplace_back(name, static_cast<std::int64_t>(*value));
        }
    };
    if (spec.messageTtl) {
        arguments.emplace_back("x-message-ttl", milliseconds(*spec.messageTtl));
    }
    number("x-max-length", spec.maxLength);
    number("x-max-length-bytes", spec.maxLengthBytes);
    number("x-max-priority", spec.maxPriority);
    if (overflowOf(spec) != sim::Overflow::DropHead) {
        arguments.emplace_back("x-overflow", std::string(sim::choiceName(overflowOf(spec))));
    }
    if (spec.deadLetterExchange) {
        arguments.emplace_back("x-dead-letter-exchange", *spec.deadLetterExchange);
    }
    if (spec.deadLetterRoutingKey) {
        arguments.emplace_back("x-dead-letter-routing-key", *spec.deadLetterRoutingKey);
    }
    if (spec.singleActiveConsumer) {
        arguments.emplace_back("x-single-active-consumer", true);
    }
    if (spec.type != sim::QueueType::Classic) {
        arguments.emplace_back("x-queue-type", std::string(sim::choiceName(spec.type)));
    }
    number("x-delivery-limit", spec.deliveryLimit);
    if (spec.deadLetterStrategy) {
        arguments.emplace_back("x-dead-letter-strategy",
                               std::string(sim::choiceName(*spec.deadLetterStrategy)));
    }
    return arguments;
}

/// The headers of a scripted message: the type's, and its own in their place.
sim::Table headersOf(const sim::EventTypeSpec& type, const sim::ScriptArrivals::Entry& entry) {
    sim::Table headers = type.headers;
    for (const auto& [name, value] : entry.headers) {
        const auto same = std::ranges::find(headers, name, &sim::Table::value_type::first);
        if (same == headers.end()) {
            headers.emplace_back(name, value);
        } else {
            same->second = value;
        }
    }
    return headers;
}

Duration constantOf(const sim::Distribution& distribution) {
    return Duration{static_cast<std::int64_t>(distribution.mean())};
}

/// Calls `visit` with id and spec of each component of one kind.
template <typename Spec, typename Visit>
void forEach(const sim::Scenario& scenario, const Visit& visit) {
    for (const sim::ComponentEntry& entry : scenario.components) {
        if (const auto* spec = std::get_if<Spec>(&entry.spec)) {
            visit(entry.id, *spec);
        }
    }
}

template <typename Link, typename Visit>
void forEachLink(const sim::Scenario& scenario, const Visit& visit) {
    for (const sim::LinkSpec& link : scenario.links) {
        if (const auto* known = std::get_if<Link>(&link)) {
            visit(*known);
        }
    }
}

bool isQueue(const sim::Scenario& scenario, const std::string& id) {
    bool found = false;
    forEach<sim::QueueSpec>(
        scenario, [&](const std::string& queue, const auto&) { found = found || queue == id; });
    return found;
}

} // namespace

Performance::Performance(Connection& connection, std::uint16_t port, std::string vhost,
                         const sim::Scenario& scenario)
    : m_connection(connection)
    , m_port(port)
    , m_vhost(std::move(vhost))
    , m_scenario(scenario) {}

void Performance::declare() {
    forEach<sim::ExchangeSpec>(m_scenario, [&](const std::string& id, const auto& spec) {
        m_connection.declareExchange(id, std::string(sim::choiceName(spec.type)), spec.durable,
                                     spec.internal, argumentsOf(spec));
    });
    forEach<sim::QueueSpec>(m_scenario, [&](const std::string& id, const auto& spec) {
        m_connection.declareQueue(id, spec.durable, argumentsOf(spec));
    });
}

void Performance::bind() {
    forEachLink<sim::BindingLink>(m_scenario, [&](const sim::BindingLink& link) {
        if (isQueue(m_scenario, link.to)) {
            m_connection.bindQueue(link.to, link.from, link.routingKey, link.arguments);
        } else {
            m_connection.bindExchange(link.to, link.from, link.routingKey, link.arguments);
        }
    });
}

void Performance::openProducers() {
    std::uint16_t next = 2; // the first is for declarations
    forEach<sim::ProducerSpec>(m_scenario, [&](const std::string& id, const auto& spec) {
        Channel& channel = m_channels.emplace_back();
        channel.id = id;
        channel.spec = &spec;
        channel.channel = next++;
        forEachLink<sim::PublishLink>(m_scenario, [&](const sim::PublishLink& link) {
            if (link.from == id) {
                const bool straight = isQueue(m_scenario, link.to);
                channel.exchange = straight ? "" : link.to;
                channel.queueKey = straight ? link.to : "";
            }
        });
        m_connection.openChannel(channel.channel);
        if (spec.confirms) {
            m_connection.selectConfirms(channel.channel);
        }
    });
}

/// Of one queue, consumers register in the order of their links and instances.
void Performance::openConsumers() {
    forEach<sim::ConsumerSpec>(m_scenario, [&](const std::string& id, const auto& spec) {
        m_consumers.push_back({.id = id, .spec = &spec});
        for (std::uint32_t instance = 0; instance < spec.instances; ++instance) {
            Lane& lane = m_lanes.emplace_back();
            lane.consumer = m_consumers.size() - 1;
            lane.instance = instance;
            lane.threads.resize(spec.concurrency);
        }
    });
    forEachLink<sim::ConsumeLink>(m_scenario, [&](const sim::ConsumeLink& link) {
        for (Lane& lane : m_lanes) {
            if (m_consumers[lane.consumer].id == link.to) {
                lane.subscriptions.push_back({.queue = link.from});
            }
        }
    });
    for (Lane& lane : m_lanes) {
        subscribe(lane);
    }
}

void Performance::subscribe(Lane& lane) {
    constexpr std::uint16_t channel = 1;
    const sim::ConsumerSpec& spec = *m_consumers[lane.consumer].spec;
    for (Subscription& subscription : lane.subscriptions) {
        subscription.connection = std::make_unique<Connection>(m_port, m_vhost);
        subscription.connection->consume(channel, subscription.queue,
                                         static_cast<std::uint16_t>(spec.prefetch),
                                         spec.ackMode == sim::AckMode::Auto);
    }
}

void Performance::scheduleScripts() {
    for (Channel& channel : m_channels) {
        const auto& script = std::get<sim::ScriptArrivals>(channel.spec->arrivals);
        for (const auto& entry : script.messages) {
            m_clock.schedule(entry.at, [this, &channel, &entry] { publish(channel, entry); });
        }
    }
}

void Performance::scheduleFaults() {
    for (const sim::FaultSpec& fault : m_scenario.faults) {
        const auto* crashes = std::get_if<sim::CrashFault>(&fault.what);
        const auto* pauses = std::get_if<sim::PauseFault>(&fault.what);
        if (crashes == nullptr && pauses == nullptr) {
            throw std::invalid_argument("a fault that cannot be played on a broker");
        }
        const std::string& target = crashes != nullptr ? crashes->target : pauses->target;
        const auto instance = crashes != nullptr ? crashes->instance : pauses->instance;
        for (Lane& lane : m_lanes) {
            if (m_consumers[lane.consumer].id != target ||
                (instance && *instance != lane.instance)) {
                continue;
            }
            m_clock.schedule(fault.when.at, [this, &lane, crashes] {
                lane.paused = lane.paused || crashes == nullptr;
                if (crashes != nullptr) {
                    crash(lane);
                }
            });
            if (fault.when.duration) {
                m_clock.schedule(fault.when.at + *fault.when.duration, [this, &lane, crashes] {
                    lane.paused = lane.paused && crashes != nullptr;
                    crashes != nullptr ? restart(lane) : startWork(lane);
                });
            }
        }
    }
}

Observed Performance::play() {
    declare();
    bind();
    openProducers();
    openConsumers();
    scheduleScripts();
    scheduleFaults();
    m_clock.begin(dueTimes(m_scenario));
    while (m_clock.now() < m_scenario.duration && !nothingElseCanHappen()) {
        // In short pieces where the last confirm may be the end of it.
        const auto soon = std::chrono::steady_clock::now() + 2ms;
        const auto due = m_clock.due(m_scenario.duration);
        listenUntil(everythingIsTold() ? due : std::min(due, soon));
        m_clock.step();
    }
    const auto longEnough = std::chrono::steady_clock::now() + confirmsWithin;
    while (!everythingIsTold() && std::chrono::steady_clock::now() < longEnough) {
        listenUntil(std::chrono::steady_clock::now() + 1ms);
    }
    readQueues();
    for (Channel& channel : m_channels) {
        for (std::size_t i = 1; i <= channel.published; ++i) {
            const std::string label = channel.id + "." + std::to_string(i);
            const auto told = channel.told.find(label);
            if (told != channel.told.end()) {
                m_observed[producerPlace(channel.id)].push_back(label + told->second);
            }
        }
    }
    return std::move(m_observed);
}

void Performance::cleanUp() {
    m_lanes.clear();
    for (const Channel& channel : m_channels) {
        m_connection.closeChannel(channel.channel);
    }
    forEach<sim::QueueSpec>(
        m_scenario, [&](const std::string& id, const auto&) { m_connection.deleteQueue(id); });
    forEach<sim::ExchangeSpec>(
        m_scenario, [&](const std::string& id, const auto&) { m_connection.deleteExchange(id); });
    // A channel remembers of what type a queue was: one of this name may be of another type next.
    m_connection.renewControl();
}

bool Performance::everythingIsTold() const {
    return std::ranges::all_of(m_channels,
                               [](const Channel& channel) { return channel.owed == 0; });
}

/// Without consumers and times to live nothing moves any more once every publish is confirmed. What
/// a quorum queue does later (dead letters) nobody tells.
bool Performance::nothingElseCanHappen() const {
    bool moves = !m_lanes.empty() || !m_clock.empty() || !everythingIsTold();
    for (const Channel& channel : m_channels) {
        moves = moves || !channel.spec->confirms;
        for (const auto& entry : std::get<sim::ScriptArrivals>(channel.spec->arrivals).messages) {
            moves = moves || entry.expiration;
        }
    }
    forEach<sim::QueueSpec>(m_scenario, [&](const auto&, const sim::QueueSpec& spec) {
        moves = moves || spec.messageTtl || spec.type != sim::QueueType::Classic;
    });
    return !moves;
}

void Performance::listenUntil(StageClock::RealTime until) {
    struct Source {
        Connection* connection;
        Lane* lane;
        std::size_t subscription;
    };
    std::vector<Source> sources{{&m_connection, nullptr, 0}};
    for (Lane& lane : m_lanes) {
        for (std::size_t i = 0; i < lane.subscriptions.size(); ++i) {
            Connection* connection = lane.subscriptions[i].connection.get();
            if (connection != nullptr && connection->isOpen()) {
                sources.push_back({connection, &lane, i});
            }
        }
    }
    std::vector<pollfd> sockets;
    bool buffered = false;
    for (const Source& source : sources) {
        sockets.push_back({source.connection->socket(), POLLIN, 0});
        buffered = buffered || source.connection->hasBuffered();
    }
    const auto left = until - std::chrono::steady_clock::now();
    const auto wait = std::max(std::chrono::ceil<std::chrono::milliseconds>(left), 0ms);
    poll(sockets.data(), sockets.size(), buffered ? 0 : static_cast<int>(wait.count()));
    for (const Source& source : sources) {
        listen(*source.connection, source.lane, source.subscription);
    }
}

/// Takes what has come in by now.
void Performance::listen(Connection& connection, Lane* lane, std::size_t subscription) {
    while (auto incoming = connection.next(0us)) {
        if (const auto* delivery = std::get_if<Delivery>(&*incoming)) {
            receive(*lane, subscription, *delivery);
        } else if (const auto* confirmation = std::get_if<Confirmation>(&*incoming)) {
            hear(*confirmation);
        } else if (const auto* returned = std::get_if<Return>(&*incoming)) {
            hear(*returned);
        } else if (std::holds_alternative<Cancelled>(*incoming)) {
            throw std::runtime_error("the broker cancelled a consumer");
        } else {
            throw std::runtime_error("the broker closed: " + std::get<Closed>(*incoming).text);
        }
    }
}

void Performance::publish(Channel& channel, const sim::ScriptArrivals::Entry& entry) {
    const auto& types = channel.spec->types;
    const auto named = std::ranges::find(types, entry.type, &sim::EventTypeSpec::name);
    const sim::EventTypeSpec& type = entry.type.empty() ? types.front() : *named;
    Content content;
    content.messageId = channel.id + "." + std::to_string(++channel.published);
    content.persistent = channel.spec->persistent;
    content.priority = entry.priority ? entry.priority : type.priority;
    if (const auto expiration = entry.expiration ? entry.expiration : type.expiration) {
        content.expiration = std::to_string(milliseconds(*expiration));
    }
    content.headers = headersOf(type, entry);
    content.size = static_cast<std::size_t>(type.size.mean());
    const std::string key = entry.routingKey.value_or(type.routingKey.value_or(type.name));
    m_connection.publish(channel.channel, channel.exchange,
                         channel.queueKey.empty() ? key : channel.queueKey, channel.spec->mandatory,
                         content);
    channel.owed += channel.spec->confirms ? 1 : 0;
}

void Performance::hear(const Confirmation& confirmation) {
    for (Channel& channel : m_channels) {
        if (channel.channel != confirmation.channel) {
            continue;
        }
        for (std::uint64_t tag = confirmation.multiple ? 1 : confirmation.tag;
             tag <= confirmation.tag; ++tag) {
            std::string& told = channel.told[channel.id + "." + std::to_string(tag)];
            if (confirmation.multiple &&
                (told.ends_with("confirmed") || told.ends_with("refused"))) {
                continue; // told before
            }
            told += confirmation.positive ? " confirmed" : " refused";
            --channel.owed;
        }
    }
}

void Performance::hear(const Return& returned) {
    for (Channel& channel : m_channels) {
        if (channel.channel == returned.channel) {
            channel.told[returned.content.messageId] += " returned";
        }
    }
}

void Performance::receive(Lane& lane, std::size_t subscription, const Delivery& delivery) {
    const Consumer& consumer = m_consumers[lane.consumer];
    Subscription& from = lane.subscriptions[subscription];
    m_observed[consumerPlace(consumer.id, lane.instance, from.queue)].push_back(
        describeDelivery(delivery.content.messageId, delivery.redelivered,
                         delivery.content.returns()));
    if (consumer.spec->ackMode == sim::AckMode::Before) {
        from.connection->ack(delivery.channel, delivery.tag);
    }
    lane.buffer.push_back({subscription, delivery.tag});
    startWork(lane);
}

void Performance::startWork(Lane& lane) {
    for (std::size_t thread = 0; thread < lane.threads.size(); ++thread) {
        if (!lane.buffer.empty() && !lane.paused && lane.up && !lane.threads[thread]) {
            start(lane, thread);
        }
    }
}

void Performance::start(Lane& lane, std::size_t thread) {
    Consumer& consumer = m_consumers[lane.consumer];
    const sim::ConsumerSpec& spec = *consumer.spec;
    lane.threads[thread] = lane.buffer.front();
    lane.buffer.pop_front();
    Duration service = constantOf(spec.serviceTime);
    auto outcome = spec.failureRate >= 1 ? sim::Outcome::Failure : sim::Outcome::Success;
    if (consumer.started < spec.outcomes.size()) {
        const sim::ScriptedOutcome& script = spec.outcomes[consumer.started];
        outcome = script.outcome;
        service = script.serviceTime.value_or(service);
    }
    ++consumer.started;
    const std::uint32_t life = lane.life;
    m_clock.schedule(m_clock.cue() + service, [this, &lane, thread, outcome, life] {
        if (lane.life == life) {
            finish(lane, thread, outcome);
        }
    });
}

void Performance::finish(Lane& lane, std::size_t thread, sim::Outcome outcome) {
    const sim::ConsumerSpec& spec = *m_consumers[lane.consumer].spec;
    if (outcome == sim::Outcome::CrashBeforeEffect || outcome == sim::Outcome::CrashAfterEffect) {
        crash(lane);
        m_clock.schedule(m_clock.cue() + constantOf(spec.restartAfter),
                         [this, &lane] { restart(lane); });
        return;
    }
    const InHand inHand = *lane.threads[thread];
    lane.threads[thread].reset();
    if (spec.ackMode == sim::AckMode::After) {
        if (outcome == sim::Outcome::Failure) {
            fail(lane, inHand);
        } else {
            lane.subscriptions[inHand.subscription].connection->ack(1, inHand.tag);
        }
    }
    startWork(lane);
}

/// basic.nack and basic.reject take turns: to brokers before 4.3 they mean the same.
void Performance::fail(Lane& lane, const InHand& inHand) {
    const sim::OnFailure onFailure = m_consumers[lane.consumer].spec->onFailure;
    const bool requeue = onFailure != sim::OnFailure::Reject;
    Connection& connection = *lane.subscriptions[inHand.subscription].connection;
    if (onFailure == sim::OnFailure::Ignore) {
        connection.ack(1, inHand.tag);
    } else if (onFailure == sim::OnFailure::Republish) {
        throw std::invalid_argument("a consumer that republishes cannot be played on a broker");
    } else if (m_refusals++ % 2 == 0) {
        connection.nack(1, inHand.tag, requeue);
    } else {
        connection.reject(1, inHand.tag, requeue);
    }
}

void Performance::crash(Lane& lane) {
    if (!lane.up) {
        return;
    }
    lane.up = false;
    ++lane.life;
    lane.buffer.clear();
    std::ranges::fill(lane.threads, std::nullopt);
    for (Subscription& subscription : lane.subscriptions) {
        switch (m_crashes++ % 3) {
        case 0:
            subscription.connection->cut();
            break;
        case 1:
            subscription.connection->close();
            break;
        default:
            subscription.connection->closeChannel(1);
            break;
        }
    }
}

void Performance::restart(Lane& lane) {
    if (!lane.up) {
        lane.up = true;
        subscribe(lane);
    }
}

void Performance::readQueues() {
    forEach<sim::QueueSpec>(m_scenario, [&](const std::string& id, const auto& spec) {
        if (refusesGet(spec)) {
            m_observed[queuePlace(id)] = {describeCount(m_connection.readyIn(id))};
            return;
        }
        while (const auto got = m_connection.get(id)) {
            m_observed[queuePlace(id)].push_back(describe(Lying{.message = got->content.messageId,
                                                                .redelivered = got->redelivered,
                                                                .returns = got->content.returns(),
                                                                .exchange = got->exchange,
                                                                .routingKey = got->routingKey,
                                                                .content = got->content}));
        }
    });
}

} // namespace conformance
