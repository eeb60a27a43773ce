#include "sim/observe/checks.h"

namespace sim {
namespace {

template <typename... Cases> struct Overloaded : Cases... { using Cases::operator()...; };
template <typename... Cases> Overloaded(Cases...) -> Overloaded<Cases...>;

std::string at(const std::string& name) { return name.empty() ? "" : " at " + name; }

/// What the words of a verdict say when the violation was wanted and is missing.
Verdict turnedRound(Verdict verdict, bool over) {
    verdict.shows = true;
    if (verdict.state == Verdict::State::Violated) {
        verdict.state = Verdict::State::Holds;
        verdict.summary = "shown: " + verdict.summary;
        return verdict;
    }
    verdict.state = over ? Verdict::State::Violated : Verdict::State::NotDecided;
    verdict.summary =
        (over ? "the scenario does not show it: " : "not shown yet: ") + verdict.summary;
    return verdict;
}

} // namespace

Checks::Checks(const Scenario& scenario, const Catalogue& catalogue)
    : m_setting(std::make_shared<const Setting>(Setting{
          catalogue, Routes(scenario, catalogue), scenario.checks, start + scenario.duration})) {
    const Routes& routes = m_setting->routes;
    const std::size_t types = catalogue.types.size();
    const auto checkOf = Overloaded{
        [&](const NoLossCheck& spec) -> Check { return NoLoss(spec, routes, types); },
        [&](const NoDuplicateEffectCheck& spec) -> Check {
            return NoDuplicateEffect(spec, routes);
        },
        [&](const KeyOrderCheck& spec) -> Check { return KeyOrder(spec, routes); },
        [&](const NoGapCheck& spec) -> Check { return NoGap(spec, routes, types); },
        [&](const ConvergenceCheck& spec) -> Check {
            return Convergence(spec, routes, scenario, catalogue);
        },
        [&](const ConservationCheck& spec) -> Check { return Conservation(spec, routes); },
        [&](const DepthBoundCheck& spec) -> Check { return DepthBound(spec, routes); },
        [&](const LagBoundCheck& spec) -> Check { return DepthBound(spec, routes); },
        [&](const LatencyBoundCheck& spec) -> Check {
            return LatencyBound(spec, routes, scenario.warmup);
        },
        [&](const StalenessBoundCheck& spec) -> Check {
            return StalenessBound(spec, routes, types);
        },
        [&](const NoDeadLettersCheck& spec) -> Check { return NoDeadLetters(spec, routes); },
        [&](const NoUnroutableCheck& spec) -> Check { return NoUnroutable(spec, routes); },
    };
    for (const CheckSpec& spec : scenario.checks) {
        m_checks.push_back(std::visit(checkOf, spec.what));
    }
}

void Checks::take(const Batch& batch) {
    for (Check& check : m_checks) {
        std::visit(Overloaded{
                       [&](NoLoss& some) { some.take(batch, m_setting->routes); },
                       [&](NoGap& some) { some.take(batch, m_setting->routes); },
                       [&](StalenessBound& some) { some.take(batch, m_setting->routes); },
                       [&](auto& some) { some.take(batch); },
                   },
                   check);
    }
}

std::vector<Verdict> Checks::verdicts(Instant end, bool atRest) const {
    const Catalogue& catalogue = m_setting->catalogue;
    const auto judge = Overloaded{
        [&](const NoLoss& check) { return check.verdict(end, atRest, m_setting->routes); },
        [&](const Convergence& check) { return check.verdict(end, atRest, catalogue); },
        [&](const StalenessBound& check) { return check.verdict(end, atRest, catalogue); },
        [&](const auto& check) { return check.verdict(end, atRest); },
    };
    std::vector<Verdict> verdicts;
    for (std::size_t i = 0; i < m_checks.size(); ++i) {
        const CheckSpec& spec = m_setting->specs[i];
        Verdict verdict = std::visit(judge, m_checks[i]);
        if (spec.shows) {
            verdict = turnedRound(std::move(verdict), atRest || end >= m_setting->due);
        }
        verdict.check = spec.name.empty() ? nameOf(spec) : spec.name;
        verdict.id = idOf(spec);
        verdicts.push_back(std::move(verdict));
    }
    return verdicts;
}

std::string Checks::nameOf(const CheckSpec& spec) {
    const std::string name = std::visit(
        Overloaded{
            [](const NoLossCheck& what) { return "no loss" + at(what.consumer); },
            [](const NoDuplicateEffectCheck& what) {
                return "no duplicate effect" + at(what.consumer);
            },
            [](const KeyOrderCheck& what) { return "key order" + at(what.consumer); },
            [](const NoGapCheck& what) { return "no gap" + at(what.consumer); },
            [](const ConvergenceCheck& what) { return "convergence" + at(what.consumer); },
            [](const ConservationCheck& what) { return "conservation" + at(what.queue); },
            [](const DepthBoundCheck& what) { return "depth bound" + at(what.queue); },
            [](const LagBoundCheck& what) { return "lag bound" + at(what.queue); },
            [](const LatencyBoundCheck& what) { return "latency bound" + at(what.consumer); },
            [](const StalenessBoundCheck& what) { return "staleness bound" + at(what.consumer); },
            [](const NoDeadLettersCheck& what) { return "no dead letters" + at(what.queue); },
            [](const NoUnroutableCheck& what) { return "nothing unroutable" + at(what.exchange); },
        },
        spec.what);
    return spec.shows ? "shows a violation: " + name : name;
}

std::string Checks::idOf(const CheckSpec& spec) {
    return std::visit(Overloaded{
                          [](const NoLossCheck&) { return "I1"; },
                          [](const NoDuplicateEffectCheck&) { return "I3"; },
                          [](const KeyOrderCheck&) { return "I4"; },
                          [](const ConvergenceCheck&) { return "I5"; },
                          [](const ConservationCheck&) { return "I6"; },
                          [](const DepthBoundCheck&) { return "I7"; },
                          [](const LagBoundCheck&) { return "I7"; },
                          [](const auto&) { return ""; },
                      },
                      spec.what);
}

} // namespace sim
