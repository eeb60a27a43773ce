#include "sim/kernel/chance.h"

#include <array>
#include <utility>

namespace sim {

Chance Chance::scripted(Script choices) {
    Chance chance;
    chance.m_isScripted = true;
    chance.m_script = std::move(choices);
    return chance;
}

std::uint32_t Chance::choose(std::uint32_t alternatives) {
    if (alternatives == 1) {
        return 0;
    }
    const std::size_t place = m_choices.size();
    const std::uint32_t taken = place < m_script.size() ? m_script[place] : 0;
    SIM_CHECK(taken < alternatives);
    m_choices.push_back({alternatives, taken});
    return taken;
}

bool Chance::chooseWhether(std::uint32_t perMillion) {
    constexpr std::uint32_t always = 1'000'000;
    if (perMillion == 0 || perMillion >= always) {
        return perMillion != 0;
    }
    return choose(2) == 1;
}

std::uint64_t Chance::chooseBelow(std::uint64_t bound) {
    SIM_CHECK(bound > 0);
    SIM_CHECK(bound <= UINT32_MAX);
    return choose(static_cast<std::uint32_t>(bound));
}

double Chance::chooseQuantile(const Distribution& distribution) {
    constexpr std::array<double, 3> quantiles{0.1, 0.5, 0.99};
    const std::uint32_t taken = choose(distribution.isConstant() ? 1 : 3);
    return distribution.quantile(quantiles[taken]);
}

std::optional<Chance::Script> nextScript(const std::vector<Chance::Choice>& choices) {
    Chance::Script script;
    for (const Chance::Choice& choice : choices) {
        script.push_back(choice.taken);
    }
    while (!script.empty() && script.back() + 1 == choices[script.size() - 1].alternatives) {
        script.pop_back();
    }
    if (script.empty()) {
        return std::nullopt;
    }
    ++script.back();
    return script;
}

} // namespace sim
