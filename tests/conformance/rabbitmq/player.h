#pragma once

#include "sim/scenario/scenario.h"
#include "tests/conformance/rabbitmq/observed.h"

#include <cstdint>
#include <memory>
#include <string>

namespace conformance {

/// Plays scenarios on a real broker, in real time: declares what they name, publishes what their
/// producers' scripts say, consumes as their consumers do, and reads what lies in the queues at the
/// end. Then everything is deleted.
///
/// Its clock waits where this machine is slow, so that steps keep their order and at least their
/// distance. What it plays: scripted arrivals to one exchange or queue each; confirms without
/// retries; constant service times, scripted outcomes and failures for certain; the faults crash
/// and pause, of consumers. Anything else throws std::invalid_argument. A crash cuts the line,
/// closes the connection or closes the channel, in turn: to the broker it is all the same.
class Player {
public:
    Player(std::uint16_t port, std::string vhost);

    /// Throws std::runtime_error where the broker refuses something or does not answer; then, too,
    /// everything is deleted.
    Observed play(const sim::Scenario& scenario);
    /// Deletes what the scenario would declare.
    void cleanUp(const sim::Scenario& scenario);
    const std::string& vhost() const { return m_vhost; }

private:
    std::uint16_t m_port;
    std::string m_vhost;
    std::unique_ptr<Connection> m_connection;
};

} // namespace conformance
