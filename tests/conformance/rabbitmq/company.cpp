#include "tests/conformance/rabbitmq/company.h"

#include <atomic>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace conformance {
namespace {

std::string outcomeOf(const std::function<std::string(Player&, std::size_t)>& test, Player& player,
                      std::size_t number) {
    try {
        return test(player, number);
    } catch (const std::exception& problem) {
        return std::string("number ") + std::to_string(number) + ": " + problem.what() + "\n";
    }
}

} // namespace

std::vector<std::string> Company::vhosts() {
    return {"one", "two", "three", "four", "five", "six"};
}

Company::Company(std::uint16_t port) : m_port(port) {
    for (const std::string& vhost : vhosts()) {
        m_players.push_back(std::make_unique<Player>(port, vhost));
    }
}

std::vector<std::string>
Company::forEach(std::size_t count, const std::function<std::string(Player&, std::size_t)>& test,
                 std::size_t enough) {
    std::atomic<std::size_t> next{0};
    std::mutex guard;
    std::map<std::size_t, std::string> wrong;
    const auto work = [&](Player& player) {
        for (std::size_t number; (number = next++) < count;) {
            std::string outcome = outcomeOf(test, player, number);
            const std::lock_guard lock(guard);
            if (!outcome.empty()) {
                wrong.emplace(number, std::move(outcome));
                if (wrong.size() >= enough) {
                    next = count;
                }
            }
        }
    };
    {
        std::vector<std::jthread> threads;
        for (const auto& player : m_players) {
            threads.emplace_back([&work, &player] { work(*player); });
        }
    }
    std::vector<std::string> texts;
    for (auto& [number, text] : wrong) {
        texts.push_back(std::move(text));
    }
    return texts;
}

} // namespace conformance
