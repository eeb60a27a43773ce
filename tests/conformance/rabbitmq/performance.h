#pragma once

#include "sim/scenario/scenario.h"
#include "tests/conformance/rabbitmq/observed.h"
#include "tests/conformance/rabbitmq/stage_clock.h"

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace conformance {

/// One scenario on its way through a broker: see Player.
class Performance {
public:
    using Duration = sim::Duration;

    Performance(Connection& connection, std::uint16_t port, std::string vhost,
                const sim::Scenario& scenario);

    Observed play();
    /// Everything that the scenario declared is gone afterwards.
    void cleanUp();

    /// The same in parts, so that the broker can be restarted in between: begin(); then playUntil()
    /// the fault of the scenario, loseBroker(), and when the broker is there again findBroker();
    /// then playUntil() the end, and end().
    void begin();
    /// Until nothing is left to be done or the time is `end`, and every publish is confirmed.
    void playUntil(Duration end);
    void loseBroker();
    void findBroker(Connection& connection, std::uint16_t port);
    Observed end();

private:
    /// A producer's channel on the connection that all producers share.
    struct Channel {
        std::string id;
        const sim::ProducerSpec* spec = nullptr;
        std::uint16_t channel = 0;
        std::string target;
        std::string exchange;
        std::string queueKey; ///< of a publish straight to a queue; else empty
        std::uint64_t published = 0;
        std::uint64_t before = 0; ///< what was published before the channel was opened last
        std::map<std::string, std::string> told; ///< by message: what it was told, in words
        std::size_t owed = 0;                    ///< confirms to come
    };
    /// One instance's end of a consume link.
    struct Subscription {
        std::string queue;
        std::int32_t priority = 0;
        std::unique_ptr<Connection> connection;
        bool isOpen = false;      ///< its channel
        std::uint32_t opened = 0; ///< how often it was
    };
    struct InHand {
        std::size_t subscription = 0;
        std::uint64_t tag = 0;
        std::uint32_t opened = 0; ///< of the subscription as this came
    };
    struct Lane {
        std::size_t consumer = 0;
        std::uint32_t instance = 0;
        bool up = true;
        bool paused = false;
        bool cancelled = false;
        std::uint32_t life = 0; ///< counts its crashes: what was scheduled before is void
        std::vector<Subscription> subscriptions;
        std::deque<InHand> buffer;
        std::vector<std::optional<InHand>> threads;
    };
    struct Consumer {
        std::string id;
        const sim::ConsumerSpec* spec = nullptr;
        std::size_t started = 0;
    };

    void addProducers();
    void addConsumers();
    void openChannel(const Channel& channel);
    void scheduleScripts();
    void scheduleFaults();
    void scheduleFault(const sim::FaultSpec& fault, Lane& lane);
    void returnClients();
    /// Waits for something to come in, takes it, and returns: it may ask for a step before `until`.
    void listenUntil(StageClock::RealTime until);
    void listen(Connection& connection, Lane* lane, std::size_t subscription);
    bool everythingIsTold() const;
    bool nothingElseCanHappen() const;

    void publish(Channel& channel, const sim::ScriptArrivals::Entry& entry);
    void hear(const Confirmation& confirmation);
    void hear(const Return& returned);
    void receive(Lane& lane, std::size_t subscription, const Delivery& delivery);
    void startWork(Lane& lane);
    void start(Lane& lane, std::size_t thread);
    void finish(Lane& lane, std::size_t thread, sim::Outcome outcome);
    void fail(Lane& lane, const InHand& inHand);
    void crash(Lane& lane);
    void restart(Lane& lane);
    void cancel(Lane& lane);
    /// Its instance connects and consumes, unless it must not or does.
    void subscribe(Lane& lane);
    void consume(const Lane& lane, Subscription& subscription);
    void readQueue(const std::string& id, const sim::QueueSpec& spec);
    bool isDeletedByHand(const std::string& queue) const;
    bool isGone(const std::string& queue, const sim::QueueSpec& spec);
    /// Of the queue that belongs to its only consumer; absent: that has none now.
    Connection* ownerOf(const std::string& queue);

    Connection* m_connection;
    std::uint16_t m_port;
    std::string m_vhost;
    const sim::Scenario& m_scenario;
    StageClock m_clock;
    std::deque<Channel> m_channels;
    std::deque<Consumer> m_consumers;
    std::deque<Lane> m_lanes;
    bool m_hasBroker = true;
    Duration m_lostAt{};
    std::size_t m_crashes = 0;
    std::size_t m_refusals = 0;
    Observed m_observed;
};

} // namespace conformance
