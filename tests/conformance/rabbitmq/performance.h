#pragma once

#include "sim/scenario/scenario.h"
#include "tests/conformance/rabbitmq/observed.h"
#include "tests/conformance/rabbitmq/stage_clock.h"

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace conformance {

/// One scenario on its way through a broker: see Player.
class Performance {
public:
    Performance(Connection& connection, std::uint16_t port, std::string vhost,
                const sim::Scenario& scenario);

    Observed play();
    /// Everything that the scenario declared is gone afterwards.
    void cleanUp();

private:
    /// A producer's channel on the connection that all producers share.
    struct Channel {
        std::string id;
        const sim::ProducerSpec* spec = nullptr;
        std::uint16_t channel = 0;
        std::string exchange;
        std::string queueKey; ///< of a publish straight to a queue; else empty
        std::uint64_t published = 0;
        std::map<std::string, std::string> told; ///< by message: what it was told, in words
        std::size_t owed = 0;                    ///< confirms to come
    };
    /// One instance's end of a consume link.
    struct Subscription {
        std::string queue;
        std::unique_ptr<Connection> connection;
    };
    struct InHand {
        std::size_t subscription = 0;
        std::uint64_t tag = 0;
    };
    struct Lane {
        std::size_t consumer = 0;
        std::uint32_t instance = 0;
        bool up = true;
        bool paused = false;
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

    void declare();
    void bind();
    void openProducers();
    void openConsumers();
    void scheduleScripts();
    void scheduleFaults();
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
    void subscribe(Lane& lane);
    void readQueues();

    Connection& m_connection;
    std::uint16_t m_port;
    std::string m_vhost;
    const sim::Scenario& m_scenario;
    StageClock m_clock;
    std::deque<Channel> m_channels;
    std::deque<Consumer> m_consumers;
    std::deque<Lane> m_lanes;
    std::size_t m_crashes = 0;
    std::size_t m_refusals = 0;
    Observed m_observed;
};

} // namespace conformance
