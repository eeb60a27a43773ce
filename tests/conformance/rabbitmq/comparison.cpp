#include "tests/conformance/rabbitmq/comparison.h"

#include "sim/scenario/validate.h"
#include "sim/scenario/write.h"

#include <exception>

namespace conformance {
namespace {

using namespace std::chrono_literals;

/// Each takes a setting away from a queue.
using Change = void (*)(sim::QueueSpec&);
constexpr Change settings[] = {
    [](sim::QueueSpec& q) { q.messageTtl.reset(); },
    [](sim::QueueSpec& q) { q.maxLength.reset(); },
    [](sim::QueueSpec& q) { q.maxLengthBytes.reset(); },
    [](sim::QueueSpec& q) { q.overflow.reset(); },
    [](sim::QueueSpec& q) { q.maxPriority.reset(); },
    [](sim::QueueSpec& q) { q.deadLetterRoutingKey.reset(); },
    [](sim::QueueSpec& q) {
        q.deadLetterExchange.reset();
        q.deadLetterRoutingKey.reset();
    },
    [](sim::QueueSpec& q) { q.deadLetterStrategy.reset(); },
    [](sim::QueueSpec& q) { q.deliveryLimit.reset(); },
    [](sim::QueueSpec& q) { q.expires.reset(); },
    [](sim::QueueSpec& q) { q.singleActiveConsumer = false; },
    [](sim::QueueSpec& q) { q.autoDelete = false; },
    [](sim::QueueSpec& q) { q.durable = true; },
};

/// Takes away what the failure does not need.
class Shrinker {
public:
    Shrinker(sim::Scenario scenario, const std::function<bool(const sim::Scenario&)>& fails)
        : m_best(std::move(scenario))
        , m_fails(fails) {}

    sim::Scenario smallest() {
        for (std::size_t before = 0; before != m_kept;) {
            before = m_kept;
            takeComponents();
            takeFaults();
            takeMessages();
            takeLinks();
            takeOutcomes();
            takeSettings();
        }
        return m_best;
    }

private:
    /// Keeps the smaller scenario if it still fails.
    void offer(sim::Scenario smaller) {
        if (smaller == m_best || !sim::validate(smaller).empty() || !m_fails(smaller)) {
            return;
        }
        m_best = std::move(smaller);
        ++m_kept;
    }

    /// Offers the scenario as `change` makes it.
    template <typename Change> void offerChanged(const Change& change) {
        sim::Scenario smaller = m_best;
        change(smaller);
        offer(std::move(smaller));
    }

    /// Takes one after the other, the last first, from the list that `listIn` finds in a scenario.
    template <typename ListIn> void takeEach(const ListIn& listIn) {
        for (std::size_t i = listIn(m_best).size(); i-- > 0;) {
            offerChanged([&](sim::Scenario& smaller) {
                auto& list = listIn(smaller);
                list.erase(list.begin() + static_cast<std::ptrdiff_t>(i));
            });
        }
    }

    /// Calls `visit` with a function that finds the spec in a scenario, for each of one kind.
    template <typename Spec, typename Visit> void forEachSpec(const Visit& visit) {
        for (std::size_t c = 0; c < m_best.components.size(); ++c) {
            if (std::holds_alternative<Spec>(m_best.components[c].spec)) {
                visit([c](sim::Scenario& s) -> Spec& {
                    return std::get<Spec>(s.components[c].spec);
                });
            }
        }
    }

    /// With their links and faults. What something else still names makes the scenario invalid.
    void takeComponents() {
        for (std::size_t c = m_best.components.size(); c-- > 0;) {
            if (std::holds_alternative<sim::BrokerSpec>(m_best.components[c].spec)) {
                continue;
            }
            offerChanged([&](sim::Scenario& smaller) {
                const std::string id = smaller.components[c].id;
                smaller.components.erase(smaller.components.begin() +
                                         static_cast<std::ptrdiff_t>(c));
                std::erase_if(smaller.links, [&](const sim::LinkSpec& link) {
                    const auto* publish = std::get_if<sim::PublishLink>(&link);
                    const auto* consume = std::get_if<sim::ConsumeLink>(&link);
                    return (publish != nullptr && publish->from == id) ||
                           (consume != nullptr && consume->to == id);
                });
                std::erase_if(smaller.faults, [&](const sim::FaultSpec& fault) {
                    return std::visit(
                        [&](const auto& what) {
                            if constexpr (requires { what.target; }) {
                                return what.target == id;
                            }
                            return false;
                        },
                        fault.what);
                });
            });
        }
    }

    void takeFaults() {
        takeEach([](sim::Scenario& s) -> auto& { return s.faults; });
    }

    void takeMessages() {
        forEachSpec<sim::ProducerSpec>([&](const auto& specIn) {
            if (!std::holds_alternative<sim::ScriptArrivals>(specIn(m_best).arrivals)) {
                return;
            }
            const auto messagesIn = [&](sim::Scenario& s) -> auto& {
                return std::get<sim::ScriptArrivals>(specIn(s).arrivals).messages;
            };
            takeEach(messagesIn);
            for (std::size_t i = 0; i < messagesIn(m_best).size(); ++i) {
                offerChanged([&](sim::Scenario& s) { messagesIn(s)[i].expiration.reset(); });
                offerChanged([&](sim::Scenario& s) { messagesIn(s)[i].priority.reset(); });
            }
        });
    }

    void takeLinks() {
        for (std::size_t i = m_best.links.size(); i-- > 0;) {
            if (std::holds_alternative<sim::BindingLink>(m_best.links[i])) {
                offerChanged([&](sim::Scenario& smaller) {
                    smaller.links.erase(smaller.links.begin() + static_cast<std::ptrdiff_t>(i));
                });
            }
        }
        forEachSpec<sim::ExchangeSpec>([&](const auto& specIn) {
            offerChanged([&](sim::Scenario& s) { specIn(s).alternateExchange.clear(); });
        });
    }

    void takeOutcomes() {
        forEachSpec<sim::ConsumerSpec>([&](const auto& specIn) {
            takeEach([&](sim::Scenario& s) -> auto& { return specIn(s).outcomes; });
            offerChanged([&](sim::Scenario& s) { specIn(s).instances = 1; });
            offerChanged([&](sim::Scenario& s) { specIn(s).concurrency = 1; });
            offerChanged([&](sim::Scenario& s) { specIn(s).ackMode = sim::AckMode::After; });
        });
    }

    void takeSettings() {
        forEachSpec<sim::QueueSpec>([&](const auto& specIn) {
            for (const Change change : settings) {
                offerChanged([&](sim::Scenario& s) { change(specIn(s)); });
            }
        });
    }

    sim::Scenario m_best;
    const std::function<bool(const sim::Scenario&)>& m_fails;
    std::size_t m_kept = 1;
};

/// The least of the case that still differs, for a reader.
std::string smallest(const Play& broker, const Case& played) {
    constexpr auto tick = 200ms;
    const auto differs = [&](const sim::Scenario& scenario) {
        try {
            return whatIsTooClose(scenario, tick / 5).empty() &&
                   !difference(broker(scenario), simulated(scenario)).empty();
        } catch (const std::exception&) {
            return false;
        }
    };
    const sim::Scenario least = shrunk(played.scenario(tick), differs);
    return "The smallest case that differs:\n" + difference(broker(least), simulated(least)) +
           sim::writeScenario(least);
}

} // namespace

std::string compare(const Play& broker, const Case& played) {
    std::string differs;
    for (const sim::Duration tick : paces) {
        const sim::Scenario scenario = played.scenario(tick);
        const std::string close = whatIsTooClose(scenario, tick / 5);
        if (!close.empty()) {
            return played.name + ": its outcome hangs on the speed of the machine: " + close + "\n";
        }
        try {
            differs = difference(broker(scenario), simulated(scenario));
        } catch (const std::exception& problem) {
            differs = std::string(problem.what()) + "\n";
        }
        if (differs.empty()) {
            return {};
        }
    }
    return played.name + ":\n" + differs + sim::writeScenario(played.scenario(paces.back()));
}

std::string compareAndShrink(const Play& broker, const Case& played) {
    const std::string differs = compare(broker, played);
    return differs.empty() ? differs : differs + smallest(broker, played);
}

sim::Scenario shrunk(sim::Scenario scenario,
                     const std::function<bool(const sim::Scenario&)>& fails) {
    return Shrinker(std::move(scenario), fails).smallest();
}

} // namespace conformance
