#pragma once

#include "tests/conformance/rabbitmq/player.h"

#include <functional>
#include <string>
#include <vector>

namespace conformance {

/// Players that work at the same time, each in a virtual host of its own.
class Company {
public:
    static std::vector<std::string> vhosts();

    explicit Company(std::uint16_t port);

    std::uint16_t port() const { return m_port; }

    /// Calls `test` for each number below `count`, on several threads, each with a player that
    /// nobody else uses meanwhile. It returns what is wrong, empty if nothing is. Returns all of
    /// that in the order of the numbers, no more than `enough` of them.
    std::vector<std::string> forEach(std::size_t count,
                                     const std::function<std::string(Player&, std::size_t)>& test,
                                     std::size_t enough = 100);

private:
    std::uint16_t m_port;
    std::vector<std::unique_ptr<Player>> m_players;
};

} // namespace conformance
