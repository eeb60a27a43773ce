#include "tests/conformance/rabbitmq/performance.h"

#include "tests/conformance/rabbitmq/declarations.h"

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

} // namespace

Performance::Performance(Connection& connection, std::uint16_t port, std::string vhost,
                         const sim::Scenario& scenario)
    : m_connection(&connection)
    , m_port(port)
    , m_vhost(std::move(vhost))
    , m_scenario(scenario) {}

void Performance::addProducers() {
    std::uint16_t next = 2; // the first is for declarations
    forEach<sim::ProducerSpec>(m_scenario, [&](const std::string& id, const auto& spec) {
        Channel& channel = m_channels.emplace_back();
        channel.id = id;
        channel.spec = &spec;
        channel.channel = next++;
        forEachLink<sim::PublishLink>(m_scenario, [&](const sim::PublishLink& link) {
            if (link.from == id) {
                const bool straight = queueOf(m_scenario, link.to) != nullptr;
                channel.target = link.to;
                channel.exchange = straight ? "" : link.to;
                channel.queueKey = straight ? link.to : "";
            }
        });
    });
}

void Performance::openChannel(const Channel& channel) {
    m_connection->openChannel(channel.channel);
    if (channel.spec->confirms) {
        m_connection->selectConfirms(channel.channel);
    }
}

/// Of one queue, consumers register in the order of their links and instances.
void Performance::addConsumers() {
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
                lane.subscriptions.push_back({.queue = link.from, .priority = link.priority});
            }
        }
    });
}

void Performance::subscribe(Lane& lane) {
    if (!lane.up || lane.cancelled || !m_hasBroker) {
        return;
    }
    for (Subscription& subscription : lane.subscriptions) {
        if (!subscription.isOpen) {
            subscription.connection = std::make_unique<Connection>(m_port, m_vhost);
            subscription.isOpen = true;
            ++subscription.opened;
        }
        consume(lane, subscription);
    }
}

/// Who consumes declares its queue, which may be gone.
void Performance::consume(const Lane& lane, Subscription& subscription) {
    constexpr std::uint16_t channel = 1;
    const sim::ConsumerSpec& spec = *m_consumers[lane.consumer].spec;
    declareForConsumer(*subscription.connection, m_scenario, subscription.queue);
    sim::Table arguments;
    if (subscription.priority != 0) {
        arguments.emplace_back("x-priority", std::int64_t{subscription.priority});
    }
    subscription.connection->consume(channel, subscription.queue,
                                     static_cast<std::uint16_t>(spec.prefetch),
                                     spec.ackMode == sim::AckMode::Auto, arguments);
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
        if (std::holds_alternative<sim::BrokerRestartFault>(fault.what)) {
            m_clock.schedule(fault.when.at + fault.when.duration.value(),
                             [this] { returnClients(); });
            continue;
        }
        if (const auto* purge = std::get_if<sim::PurgeFault>(&fault.what)) {
            m_clock.schedule(fault.when.at, [this, purge] { m_connection->purgeQueue(purge->target); });
            continue;
        }
        if (const auto* deletion = std::get_if<sim::DeleteQueueFault>(&fault.what)) {
            m_clock.schedule(fault.when.at,
                             [this, deletion] { m_connection->deleteQueue(deletion->target); });
            continue;
        }
        const auto target = std::visit(
            [](const auto& what) -> std::pair<std::string, std::optional<std::uint32_t>> {
                using What = std::decay_t<decltype(what)>;
                if constexpr (std::is_same_v<What, sim::CrashFault> ||
                              std::is_same_v<What, sim::PauseFault> ||
                              std::is_same_v<What, sim::CancelFault>) {
                    return {what.target, what.instance};
                }
                throw std::invalid_argument("a fault that cannot be played on a broker");
            },
            fault.what);
        for (Lane& lane : m_lanes) {
            if (m_consumers[lane.consumer].id == target.first &&
                target.second.value_or(lane.instance) == lane.instance) {
                scheduleFault(fault, lane);
            }
        }
    }
}

void Performance::scheduleFault(const sim::FaultSpec& fault, Lane& lane) {
    std::function<void()> begin = [this, &lane] { crash(lane); };
    std::function<void()> end = [this, &lane] { restart(lane); };
    if (std::holds_alternative<sim::PauseFault>(fault.what)) {
        begin = [&lane] { lane.paused = true; };
        end = [this, &lane] {
            lane.paused = false;
            startWork(lane);
        };
    } else if (std::holds_alternative<sim::CancelFault>(fault.what)) {
        begin = [this, &lane] { cancel(lane); };
        end = [this, &lane] {
            lane.cancelled = false;
            subscribe(lane);
        };
    }
    m_clock.schedule(fault.when.at, std::move(begin));
    if (fault.when.duration) {
        m_clock.schedule(fault.when.at + *fault.when.duration, std::move(end));
    }
}

Observed Performance::play() {
    begin();
    playUntil(m_scenario.duration);
    return end();
}

void Performance::begin() {
    declareAll(*m_connection, m_scenario);
    addProducers();
    addConsumers();
    for (const Channel& channel : m_channels) {
        openChannel(channel);
    }
    for (Lane& lane : m_lanes) {
        subscribe(lane);
    }
    scheduleScripts();
    scheduleFaults();
    m_clock.begin(dueTimes(m_scenario));
}

void Performance::playUntil(Duration end) {
    while (m_clock.now() < end && !nothingElseCanHappen()) {
        // In short pieces where the last confirm may be the end of it.
        const auto soon = std::chrono::steady_clock::now() + 2ms;
        const auto due = m_clock.due(end);
        listenUntil(everythingIsTold() ? due : std::min(due, soon));
        m_clock.step();
    }
    m_lostAt = m_clock.now();
    const auto longEnough = std::chrono::steady_clock::now() + confirmsWithin;
    while (!everythingIsTold() && std::chrono::steady_clock::now() < longEnough) {
        listenUntil(std::chrono::steady_clock::now() + 1ms);
    }
}

/// What clients work on goes on, and what they have not begun is the broker's again.
void Performance::loseBroker() {
    m_hasBroker = false;
    for (Lane& lane : m_lanes) {
        if (m_consumers[lane.consumer].spec->ackMode == sim::AckMode::After) {
            lane.buffer.clear();
        }
        for (Subscription& subscription : lane.subscriptions) {
            subscription.isOpen = false;
            if (subscription.connection != nullptr) {
                subscription.connection->cut();
            }
        }
    }
}

void Performance::findBroker(Connection& connection, std::uint16_t port) {
    m_connection = &connection;
    m_port = port;
    m_clock.goOn(m_lostAt);
}

void Performance::returnClients() {
    m_hasBroker = true;
    for (Channel& channel : m_channels) {
        declareForProducer(*m_connection, m_scenario, channel.target);
        openChannel(channel);
        channel.before = channel.published;
    }
    for (Lane& lane : m_lanes) {
        subscribe(lane);
    }
}

Observed Performance::end() {
    forEach<sim::QueueSpec>(m_scenario,
                            [&](const std::string& id, const auto& spec) { readQueue(id, spec); });
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
        m_connection->closeChannel(channel.channel);
    }
    deleteAll(*m_connection, m_scenario);
    // A channel remembers of what type a queue was: one of this name may be of another type next.
    m_connection->renewControl();
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
        moves = moves || spec.messageTtl || spec.expires || spec.type != sim::QueueType::Classic;
    });
    return !moves;
}

void Performance::listenUntil(StageClock::RealTime until) {
    struct Source {
        Connection* connection;
        Lane* lane;
        std::size_t subscription;
    };
    std::vector<Source> sources;
    if (m_hasBroker) {
        sources.push_back({m_connection, nullptr, 0});
    }
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
        } else if (std::holds_alternative<Cancelled>(*incoming) && lane != nullptr &&
                   isDeletedByHand(lane->subscriptions[subscription].queue)) {
            continue; // it keeps its channel, and what it has
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
    m_connection->publish(channel.channel, channel.exchange,
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
            std::string& told =
                channel.told[channel.id + "." + std::to_string(channel.before + tag)];
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
    lane.buffer.push_back({subscription, delivery.tag, from.opened});
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
    const Subscription& from = lane.subscriptions[inHand.subscription];
    if (spec.ackMode == sim::AckMode::After && from.isOpen && from.opened == inHand.opened) {
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
        if (!subscription.isOpen) {
            continue;
        }
        subscription.isOpen = false;
        // The end of a channel would not be the end of an exclusive queue.
        const bool owns = queueOf(m_scenario, subscription.queue)->exclusive;
        switch (owns ? m_crashes++ % 2 : m_crashes++ % 3) {
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

void Performance::cancel(Lane& lane) {
    lane.cancelled = true;
    for (Subscription& subscription : lane.subscriptions) {
        if (subscription.isOpen) {
            subscription.connection->cancel(1);
        }
    }
}

Connection* Performance::ownerOf(const std::string& queue) {
    for (Lane& lane : m_lanes) {
        for (Subscription& subscription : lane.subscriptions) {
            if (subscription.queue == queue && subscription.isOpen) {
                return subscription.connection.get();
            }
        }
    }
    return nullptr;
}

bool Performance::isDeletedByHand(const std::string& queue) const {
    return std::ranges::any_of(m_scenario.faults, [&](const sim::FaultSpec& fault) {
        const auto* deletion = std::get_if<sim::DeleteQueueFault>(&fault.what);
        return deletion != nullptr && deletion->target == queue;
    });
}

bool Performance::isGone(const std::string& queue, const sim::QueueSpec& spec) {
    if (spec.exclusive) {
        return ownerOf(queue) == nullptr;
    }
    try {
        if (canGo(spec) || isDeletedByHand(queue)) {
            Connection(m_port, m_vhost).readyIn(queue);
        }
        return false;
    } catch (const std::runtime_error& problem) {
        if (std::string(problem.what()).find("NOT_FOUND") == std::string::npos) {
            throw;
        }
        return true;
    }
}

void Performance::readQueue(const std::string& id, const sim::QueueSpec& spec) {
    if (isGone(id, spec)) {
        return;
    }
    if (showsCountAlone(spec)) {
        Connection& connection = spec.exclusive ? *ownerOf(id) : *m_connection;
        if (const std::size_t ready = connection.readyIn(id); ready > 0) {
            m_observed[queuePlace(id)] = {describeCount(ready)};
        }
        return;
    }
    while (const auto got = m_connection->get(id)) {
        m_observed[queuePlace(id)].push_back(describe(Lying{.message = got->content.messageId,
                                                            .redelivered = got->redelivered,
                                                            .returns = got->content.returns(),
                                                            .exchange = got->exchange,
                                                            .routingKey = got->routingKey,
                                                            .content = got->content}));
    }
}

} // namespace conformance
