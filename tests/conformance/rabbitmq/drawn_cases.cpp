// Cases of queues that are drawn.

#include "sim/base/random.h"
#include "tests/conformance/rabbitmq/cases.h"
#include "tests/conformance/rabbitmq/observed.h"
#include "tests/support/situation.h"

#include <algorithm>
#include <set>

namespace conformance {
namespace {

using sim::Duration;
using sim::Situation;

/// Makes one case: two or three queues that dead-letter to one another, some messages, and a
/// consumer or two. Times are in tenths of a tick.
class CaseMaker {
public:
    /// How the broker is restarted, if it is.
    enum class Restart : std::uint8_t { No, Stopped, Killed };

    CaseMaker(sim::QueueType type, Restart restart, std::uint64_t seed, Duration tick)
        : m_random(sim::streamFor(seed, "case", "conformance"))
        , m_type(type)
        , m_restart(restart)
        , m_tick(tick) {
        m_made.version(profile);
    }

    sim::Scenario made() {
        addQueues();
        addMessages();
        for (std::size_t i = below(3); i > 0; --i) {
            addConsumer("c" + std::to_string(i));
        }
        if (m_restart != Restart::No) {
            m_made.fault(sim::BrokerRestartFault{.target = {},
                                                 .clean = m_restart == Restart::Stopped,
                                                 .node = {}},
                         tenths(m_restartsAt), tenths(m_returnsAfter));
        }
        m_made.scenario.duration = tenths(300);
        return m_made.scenario;
    }

private:
    std::uint64_t below(std::uint64_t bound) { return m_random.below(bound); }
    bool oneIn(std::uint64_t count) { return below(count) == 0; }
    /// Nothing lives for a limited time where the broker is restarted: that takes a while.
    bool isMortal(bool drawn) const { return drawn && m_restart == Restart::No; }
    Duration tenths(std::uint64_t count) const {
        return std::chrono::floor<std::chrono::milliseconds>(m_tick * count / 10);
    }
    const std::string& anyQueue() { return m_queues[below(m_queues.size())]; }

    void addQueues() {
        m_queues = {"a", "b"};
        if (oneIn(2)) {
            m_queues.emplace_back("c");
        }
        m_made.exchange("x", sim::ExchangeType::Fanout);
        m_made.exchange("dlx", sim::ExchangeType::Topic);
        for (const std::string& id : m_queues) {
            m_made.queue(id, m_type == sim::QueueType::Quorum ? quorumQueue() : queue());
            if (oneIn(2)) {
                m_made.bind("x", id);
            }
        }
        m_made.bind("dlx", anyQueue(), "#");
        m_made.bind("dlx", anyQueue(), oneIn(2) ? "a" : "*");
    }

    sim::QueueSpec queue() {
        sim::QueueSpec spec;
        spec.durable = !oneIn(4);
        if (isMortal(oneIn(2))) {
            spec.messageTtl = tenths(10 + below(100));
        }
        if (oneIn(3)) {
            spec.maxLength = below(4);
        }
        if (oneIn(5)) {
            spec.maxLengthBytes = 100 * below(4) + 50;
        }
        spec.overflow = static_cast<sim::Overflow>(below(3));
        if (oneIn(4)) {
            spec.maxPriority = static_cast<std::uint8_t>(1 + below(4));
        }
        spec.singleActiveConsumer = oneIn(5);
        if (!oneIn(4)) {
            spec.deadLetterExchange = oneIn(2) ? "" : "dlx";
            if (oneIn(2)) {
                spec.deadLetterRoutingKey = anyQueue();
            }
        }
        return spec;
    }

    /// Of three, one is classic: dead letters go from one type to the other.
    sim::QueueSpec quorumQueue() {
        sim::QueueSpec spec;
        const bool other = oneIn(3);
        spec.type = other ? sim::QueueType::Classic : sim::QueueType::Quorum;
        if (isMortal(oneIn(3))) {
            spec.messageTtl = tenths(10 + below(100));
        }
        if (oneIn(3)) {
            spec.maxLength = below(6);
        }
        if (oneIn(6)) {
            spec.maxLengthBytes = 100 * below(5) + 50;
        }
        spec.overflow = oneIn(2) ? sim::Overflow::DropHead : sim::Overflow::RejectPublish;
        if (!oneIn(3) && !other) {
            spec.deliveryLimit = static_cast<std::int32_t>(below(4));
        }
        spec.singleActiveConsumer = oneIn(5);
        if (!oneIn(4)) {
            spec.deadLetterExchange = oneIn(2) ? "" : "dlx";
            if (oneIn(2)) {
                spec.deadLetterRoutingKey = anyQueue();
            }
        }
        return spec;
    }

    /// Each a tick after the one before: what a publish leads to within the broker, such as a dead
    /// letter, takes turns with the next publish as it likes.
    void addMessages() {
        sim::ProducerSpec spec;
        spec.confirms = sim::ConfirmSpec{};
        spec.confirms->retries = 0;
        spec.confirms->timeout = std::chrono::hours{1};
        spec.persistent = !oneIn(4);
        spec.mandatory = oneIn(3);
        spec.types[0].size = sim::Distribution::constant(oneIn(2) ? 100 : 40);
        const std::string to = oneIn(2) ? "x" : anyQueue();
        std::vector<Situation::Entry> entries;
        for (std::uint64_t i = 3 + below(6), at = 0; i > 0; --i, at += 10 * (1 + below(3))) {
            if (m_restart != Restart::No && at >= m_restartsAt - 10 && at < m_resumesAt) {
                at = m_resumesAt;
            }
            Situation::Entry& entry = entries.emplace_back(sim::at(tenths(at), {}, anyQueue()));
            if (isMortal(oneIn(3))) {
                entry.expiration = tenths(10 + below(150));
            }
            if (oneIn(2)) {
                entry.priority = static_cast<std::uint8_t>(below(6));
            }
        }
        m_made.script("p", to, entries, spec);
    }

    /// Consumers of quorum queues are neither cancelled here nor given priorities.
    void addConsumer(const std::string& id) {
        sim::ConsumerSpec spec;
        spec.instances = oneIn(4) ? 2 : 1;
        spec.prefetch = static_cast<std::uint32_t>(below(4));
        spec.serviceTime = sim::always(tenths(12 + below(60)));
        spec.restartAfter = sim::always(tenths(15 + below(40)));
        spec.ackMode = oneIn(5)   ? sim::AckMode::Auto
                       : oneIn(6) ? sim::AckMode::Before
                                  : sim::AckMode::After;
        spec.onFailure = oneIn(2) ? sim::OnFailure::Requeue : sim::OnFailure::Reject;
        if (m_type == sim::QueueType::Quorum && oneIn(2)) {
            spec.concurrency = 2; // settles out of order
        }
        for (std::uint64_t i = below(6); i > 0; --i) {
            spec.outcomes.push_back({.outcome = static_cast<sim::Outcome>(below(4)),
                                     .serviceTime = tenths(12 + below(60))});
        }
        const std::string from = anyQueue();
        if (m_type == sim::QueueType::Quorum && m_restart != Restart::No) {
            // Of several consumers of a quorum queue nobody knows which one is lost first.
            spec.instances = 1;
            if (!m_consumed.insert(from).second) {
                return;
            }
        }
        m_made.consumer(id, from, spec);
        if (m_type == sim::QueueType::Quorum) {
            return;
        }
        if (oneIn(4)) {
            std::get<sim::ConsumeLink>(m_made.scenario.links.back()).priority = 1;
        }
        if (oneIn(3)) {
            addCancel(id, oneIn(3));
        }
    }

    void addCancel(const std::string& id, bool forEver) {
        const Duration at = tenths(25 + below(120));
        m_made.fault(sim::CancelFault{id, {}}, at,
                     forEver ? std::nullopt : std::optional(tenths(15 + below(100))));
    }

    static constexpr std::uint64_t m_restartsAt = 84; ///< tenths
    static constexpr std::uint64_t m_returnsAfter = 32;
    static constexpr std::uint64_t m_resumesAt = 130;

    sim::RandomStream m_random;
    sim::QueueType m_type;
    Restart m_restart;
    Duration m_tick;
    Situation m_made;
    std::vector<std::string> m_queues;
    std::set<std::string> m_consumed;
};

/// Whether consumers have something to do.
bool isLively(const sim::Scenario& scenario) {
    constexpr std::size_t enough = 3;
    std::size_t deliveries = 0;
    for (const auto& [place, lines] : simulated(scenario)) {
        deliveries += place.starts_with("delivered") ? lines.size() : 0;
    }
    return deliveries >= enough;
}

std::vector<Case> drawn(sim::QueueType type, CaseMaker::Restart restart, std::uint64_t seed,
                        std::size_t count) {
    constexpr Duration tick = std::chrono::milliseconds{100};
    const std::string name =
        (type == sim::QueueType::Quorum ? "quorum, " : "classic, ") + std::string("drawn with seed ");
    std::vector<Case> cases;
    for (; cases.size() < count; ++seed) {
        const sim::Scenario drawn = CaseMaker(type, restart, seed, tick).made();
        // Brokers of 3.10 decide on cycles by the order of deaths, which is of their own where
        // there are three: see TestRabbitmq::earlierDeathsChangePlacesInThisBrokerAlone.
        if (isLively(drawn) && mostDeaths(drawn) < 3 &&
            whatIsTooClose(drawn, tick * 2 / 5).empty()) {
            cases.push_back({name + std::to_string(seed), [=](Duration t) {
                                 return CaseMaker(type, restart, seed, t).made();
                             }});
        }
    }
    return cases;
}

} // namespace

std::vector<Case> drawnCases(sim::QueueType type, std::uint64_t seed, std::size_t count) {
    return drawn(type, CaseMaker::Restart::No, seed, count);
}

std::vector<Case> drawnRestartCases(sim::QueueType type, std::uint64_t seed, std::size_t count,
                                    bool clean) {
    return drawn(type, clean ? CaseMaker::Restart::Stopped : CaseMaker::Restart::Killed, seed,
                 count);
}

} // namespace conformance
