#include "tests/conformance/rabbitmq/player.h"

#include "tests/conformance/rabbitmq/performance.h"

namespace conformance {

Player::Player(std::uint16_t port, std::string vhost)
    : m_port(port)
    , m_vhost(std::move(vhost))
    , m_connection(std::make_unique<Connection>(m_port, m_vhost)) {}

Observed Player::play(const sim::Scenario& scenario) {
    try {
        Performance performance(*m_connection, m_port, m_vhost, scenario);
        Observed observed = performance.play();
        performance.cleanUp();
        return observed;
    } catch (...) {
        m_connection = std::make_unique<Connection>(m_port, m_vhost);
        Performance(*m_connection, m_port, m_vhost, scenario).cleanUp();
        throw;
    }
}

void Player::cleanUp(const sim::Scenario& scenario) {
    Performance(*m_connection, m_port, m_vhost, scenario).cleanUp();
}

} // namespace conformance
