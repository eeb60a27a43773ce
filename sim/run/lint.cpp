#include "sim/run/lint.h"

#include "sim/kernel/message.h"
#include "sim/run/build.h"
#include "sim/run/lint_aws.h"
#include "sim/run/lint_clients.h"
#include "sim/run/message_flow.h"
#include "sim/scenario/policies.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>
#include <map>
#include <optional>

namespace sim {
namespace {

bool hasWildcard(std::string_view key) {
    return key.find('*') != std::string_view::npos || key.find('#') != std::string_view::npos;
}

/// Messages per second on average; nothing where that is not a number (a script, a replay).
std::optional<double> meanRate(const ArrivalSpec& arrivals) {
    if (const auto* poisson = std::get_if<PoissonArrivals>(&arrivals)) {
        return poisson->rate;
    }
    if (const auto* constant = std::get_if<ConstantArrivals>(&arrivals)) {
        return constant->rate;
    }
    return std::nullopt;
}

/// One broker under the lint.
class Linter {
public:
    Linter(const Plan& plan, const BrokerPlan& broker, const MessageFlow& flow,
           const MessageFlow::Broker& found, Problems& problems)
        : m_plan(plan)
        , m_broker(broker)
        , m_flow(flow)
        , m_found(found)
        , m_problems(problems) {}

    void run() {
        for (std::uint16_t i = 0; i < m_broker.exchanges.size(); ++i) {
            lintExchange(i);
        }
        for (std::uint16_t i = 0; i < m_broker.queues.size(); ++i) {
            lintDeadLetters(i);
            lintExpiry(i);
            lintPriorities(i);
        }
        lintCycles();
    }

private:
    void add(ComponentId component, std::string_view field, std::string what) {
        std::string where = fmt::format("/components/{}", index(component));
        m_problems.push_back({where + std::string(field), std::move(what)});
    }
    void addLink(LinkId link, std::string_view field, std::string what) {
        m_problems.push_back({fmt::format("/links/{}{}", index(link), field), std::move(what)});
    }
    const std::string& nameOf(std::uint16_t queue) const {
        return m_plan.nameOf(m_broker.queues[queue].component);
    }

    void lintExchange(std::uint16_t at) {
        const ExchangePlan& exchange = m_broker.exchanges[at];
        const bool reached = !m_found.exchanges[at].empty();
        if (!reached && m_flow.isWhole()) {
            add(exchange.component, "",
                fmt::format("no message comes to exchange {}: no producer, binding, alternate or "
                            "dead-letter exchange leads to it",
                            m_plan.nameOf(exchange.component)));
        }
        for (std::uint16_t b = 0; b < exchange.bindings.size(); ++b) {
            lintBinding(exchange, b, reached && m_found.leads[at][b] == 0);
        }
        lintHash(at);
    }

    void lintBinding(const ExchangePlan& exchange, std::uint16_t position, bool isIdle) {
        const BindingPlan& binding = exchange.bindings[position];
        if (exchange.type == ExchangeType::Direct && hasWildcard(binding.key)) {
            addLink(binding.link, "/routing_key",
                    fmt::format("\"{}\": a direct exchange compares keys as they are; * and # are "
                                "wildcards of topic exchanges",
                                binding.key));
        } else if (isIdle && m_flow.isWhole()) {
            addLink(binding.link, "",
                    fmt::format("the binding from {} to {} never matches: no message that comes "
                                "there has such a {}",
                                m_plan.nameOf(exchange.component),
                                m_plan.nameOf(m_plan.links[index(binding.link)].to),
                                exchange.type == ExchangeType::Headers ? "set of headers" : "key"));
        }
    }

    void lintHash(std::uint16_t at) {
        const ExchangePlan& exchange = m_broker.exchanges[at];
        if (exchange.hashHeader.empty()) {
            return;
        }
        const auto lacks = [&](const MessageShape& shape) {
            const HeaderSet& headers = m_plan.headers[shape.headers];
            return headers.keyHeader != exchange.hashHeader &&
                   std::ranges::find(headers.table, exchange.hashHeader,
                                     &Table::value_type::first) == headers.table.end();
        };
        if (std::ranges::any_of(m_found.exchanges[at], lacks)) {
            add(exchange.component, "/hash_header",
                fmt::format("messages without the header {} all go to one queue",
                            exchange.hashHeader));
        }
    }

    void lintDeadLetters(std::uint16_t at) {
        const QueuePlan& queue = m_broker.queues[at];
        const QueueSpec& spec = queue.spec;
        if (m_found.queues[at].deadLettersGetLost) {
            add(queue.component, "/dead_letter_exchange",
                fmt::format("dead letters of {} find no queue, and are gone", nameOf(at)));
        }
        if (spec.deadLetterStrategy == DeadLetterStrategy::AtLeastOnce &&
            !queue.deadLettersAtLeastOnce) {
            add(queue.component, "/dead_letter_strategy",
                "at-least-once needs a dead-letter exchange and overflow reject-publish; without "
                "them it is at-most-once, silently");
        }
        if (spec.type == QueueType::Classic && queue.deadLetters &&
            spec.overflow == Overflow::RejectPublish && (spec.maxLength || spec.maxLengthBytes)) {
            add(queue.component, "/overflow",
                "what reject-publish refuses is not dead-lettered; reject-publish-dlx does that");
        }
    }

    Duration lifeOf(const MessageShape& shape, const QueueSpec& spec) const {
        const Duration own = shape.expiration == noExpiration
                                 ? durationMax
                                 : Duration(std::chrono::milliseconds{shape.expiration});
        return std::min(own, spec.messageTtl.value_or(durationMax));
    }

    void lintExpiry(std::uint16_t at) {
        const QueuePlan& queue = m_broker.queues[at];
        std::set<Duration> lives;
        for (const MessageShape& shape : m_found.queues[at].shapes) {
            lives.insert(lifeOf(shape, queue.spec));
        }
        if (lives.size() > 1) {
            add(queue.component, "",
                fmt::format("messages of different times to live come into {}: one expires only at "
                            "the head, so a short one stays behind a longer one",
                            nameOf(at)));
        }
    }

    void lintPriorities(std::uint16_t at) {
        const QueuePlan& queue = m_broker.queues[at];
        std::set<std::uint8_t> levels;
        for (const MessageShape& shape : m_found.queues[at].shapes) {
            const std::uint8_t priority = shape.priority == noPriority ? 0 : shape.priority;
            levels.insert(std::min(priority, queue.spec.maxPriority.value_or(255)));
        }
        if (levels.size() < 2) {
            return;
        }
        if (!queue.spec.maxPriority) {
            add(queue.component, "/max_priority",
                fmt::format("is missing: messages of different priorities come into {}, which "
                            "does not tell them apart",
                            nameOf(at)));
        } else if (const auto full = fullFrom(at, levels)) {
            add(queue.component, "/max_priority",
                fmt::format("priorities below {} starve in {}: what comes of {} and above is as "
                            "much as its consumers handle",
                            *full, nameOf(at), *full));
        }
    }

    /// Messages per second that the queue's consumers can handle.
    double capacityOf(const QueuePlan& queue) const {
        double capacity = 0;
        for (const LinkId link : queue.consumers) {
            for (const ConsumerPlan& consumer : m_plan.consumers) {
                if (consumer.component == m_plan.links[index(link)].to) {
                    const ConsumerSpec& spec = consumer.spec;
                    if (spec.forward) {
                        return std::numeric_limits<double>::infinity();
                    }
                    capacity += spec.instances * spec.concurrency * 1e9 / spec.serviceTime.mean();
                }
            }
        }
        return capacity;
    }

    /// Messages per second that producers publish into the queue, by level. What is published again
    /// is not counted.
    std::map<std::uint8_t, double> ratesOf(std::uint16_t at, std::uint8_t maxPriority) const {
        std::map<std::uint8_t, double> rates;
        for (const ProducerPlan& producer : m_plan.producers) {
            const double rate = meanRate(producer.spec.arrivals).value_or(0);
            for (std::size_t i = 0; i < producer.types.size() * producer.links.size(); ++i) {
                const std::size_t t = i % producer.types.size();
                const EmittedType& type = producer.types[t];
                const MessageShape shape = shapeOf(producer, i / producer.types.size(), type);
                if (m_found.queues[at].shapes.contains(shape)) {
                    const std::uint8_t priority = type.priority == noPriority ? 0 : type.priority;
                    rates[std::min(priority, maxPriority)] +=
                        rate * (producer.typesUpTo[t] - (t == 0 ? 0 : producer.typesUpTo[t - 1]));
                }
            }
        }
        return rates;
    }

    /// The level from which on more comes than can be handled, where there is a lower one.
    std::optional<std::uint8_t> fullFrom(std::uint16_t at,
                                         const std::set<std::uint8_t>& levels) const {
        const QueuePlan& queue = m_broker.queues[at];
        std::map<std::uint8_t, double> rates = ratesOf(at, *queue.spec.maxPriority);
        double sum = 0;
        for (auto level = levels.rbegin(); std::next(level) != levels.rend(); ++level) {
            sum += rates[*level];
            if (!queue.consumers.empty() && sum >= capacityOf(queue)) {
                return *level;
            }
        }
        return std::nullopt;
    }

    bool isRejectedFrom(std::uint16_t at) const {
        return std::ranges::any_of(m_broker.queues[at].consumers, [&](LinkId link) {
            return std::ranges::any_of(m_plan.consumers, [&](const ConsumerPlan& consumer) {
                return consumer.component == m_plan.links[index(link)].to &&
                       consumer.spec.onFailure == OnFailure::Reject;
            });
        });
    }

    /// Names each cycle once, at its first queue.
    void lintCycles() {
        for (std::uint16_t first = 0; first < m_broker.queues.size(); ++first) {
            std::vector<std::uint16_t> way{first};
            std::set<std::uint16_t> seen;
            if (!leadsBack(first, first, way, seen)) {
                continue;
            }
            std::vector<std::string> names;
            std::ranges::transform(way, std::back_inserter(names),
                                   [&](std::uint16_t queue) { return nameOf(queue); });
            const bool rejected = std::ranges::any_of(
                way, [&](std::uint16_t queue) { return isRejectedFrom(queue); });
            add(m_broker.queues[first].component, "/dead_letter_exchange",
                fmt::format("dead letters go round: {} -> {}; {}", fmt::join(names, " -> "),
                            names.front(),
                            rejected ? "a message that is always rejected does so for ever"
                                     : "where no consumer rejects on the way, the broker drops the "
                                       "message when it comes back"));
        }
    }

    bool leadsBack(std::uint16_t first, std::uint16_t at, std::vector<std::uint16_t>& way,
                   std::set<std::uint16_t>& seen) const {
        for (const std::uint16_t next : m_found.queues[at].deathInto) {
            if (next == first) {
                return true;
            }
            if (next < first || !seen.insert(next).second) {
                continue; // a cycle with a smaller one was named there
            }
            way.push_back(next);
            if (leadsBack(first, next, way, seen)) {
                return true;
            }
            way.pop_back();
        }
        return false;
    }

    const Plan& m_plan;
    const BrokerPlan& m_broker;
    const MessageFlow& m_flow;
    const MessageFlow::Broker& m_found;
    Problems& m_problems;
};

/// The policies of one broker under the lint: those that do nothing, and those of which chance
/// decides.
class PolicyLinter {
public:
    /// `pointers` says where each policy is said; one without is not spoken of.
    PolicyLinter(const std::vector<PolicySpec>& policies, std::vector<std::string> pointers,
                 Problems& problems)
        : m_policies(policies)
        , m_pointers(std::move(pointers))
        , m_problems(problems)
        , m_isKnown(policies.size()) {}

    void look(const ComponentEntry& entry, const Applied& applied) {
        for (const auto& one : {applied.users, applied.operators}) {
            if (one) {
                m_isKnown[*one] = true;
            }
        }
        for (const Applied::Skip& skip : applied.skipped) {
            add(skip.policy, "",
                fmt::format("{} skips the policy {} as a whole: its type does not know {}",
                            entry.id, m_policies[skip.policy].name, skip.key));
        }
        for (const std::size_t tie : applied.ties) {
            add(tie, "/priority",
                fmt::format("another policy for {} has the same priority as {}: a broker takes any "
                            "of them, the simulation the first",
                            entry.id, m_policies[tie].name));
        }
    }

    /// Once everything in the broker was looked at.
    void nameIdle() {
        for (std::size_t i = 0; i < m_policies.size(); ++i) {
            if (!m_isKnown[i]) {
                add(i, "", fmt::format("the policy {} applies to nothing", m_policies[i].name));
            }
        }
    }

private:
    void add(std::size_t policy, std::string_view field, std::string what) {
        if (!m_pointers[policy].empty()) {
            m_problems.push_back(
                {fmt::format("{}{}", m_pointers[policy], field), std::move(what)});
        }
        m_isKnown[policy] = true;
    }

    const std::vector<PolicySpec>& m_policies;
    std::vector<std::string> m_pointers; ///< by policy
    Problems& m_problems;
    std::vector<bool> m_isKnown; ///< by policy: it applies somewhere, or it was said why not
};

/// The policies of each broker; `pointerTo(place, position)` says where one is said.
template <typename PointerTo>
void lintPolicies(const Scenario& scenario, PointerTo pointerTo, Problems& problems) {
    const Policies policies(scenario);
    for (std::size_t place = 0; place < scenario.components.size(); ++place) {
        if (const auto* broker = std::get_if<BrokerSpec>(&scenario.components[place].spec)) {
            std::vector<std::string> pointers;
            for (std::size_t i = 0; i < broker->policies.size(); ++i) {
                pointers.push_back(pointerTo(place, i));
            }
            PolicyLinter linter(broker->policies, std::move(pointers), problems);
            for (const ComponentEntry& entry : scenario.components) {
                if (policies.brokerOf(entry) == place) {
                    linter.look(entry, policies.appliedTo(entry));
                }
            }
            linter.nameIdle();
        }
    }
}

/// What each change of policies sets, beside what the broker had at the start.
void lintPolicyChanges(const Scenario& scenario, Problems& problems) {
    for (std::size_t i = 0; i < scenario.faults.size(); ++i) {
        const auto* change = std::get_if<PolicyChangeFault>(&scenario.faults[i].what);
        if (change == nullptr) {
            continue;
        }
        const Scenario changed = withPolicyChanges(scenario, {*change});
        const auto pointerTo = [&](std::size_t place, std::size_t position) {
            const auto& broker = std::get<BrokerSpec>(changed.components[place].spec);
            const auto set = std::ranges::find(change->set, broker.policies[position]);
            const bool isSet = set != change->set.end() &&
                               areSameBroker(change->target, changed.components[place].id);
            return isSet ? fmt::format("/faults/{}/set/{}", i, set - change->set.begin())
                         : std::string();
        };
        lintPolicies(changed, pointerTo, problems);
    }
}

Problems lintTopology(const Scenario& scenario) {
    const std::shared_ptr<const Plan> plan = build(scenario);
    const MessageFlow flow(*plan);
    Problems problems;
    lintAws(*plan, problems);
    lintBatches(*plan, problems);
    lintShovels(*plan, flow, problems);
    for (std::size_t i = 0; i < plan->brokers.size(); ++i) {
        Linter(*plan, plan->brokers[i], flow, flow.broker(i), problems).run();
    }
    return problems;
}

} // namespace

Problems lint(const Scenario& scenario) {
    Problems problems;
    const auto ofBroker = [](std::size_t place, std::size_t position) {
        return fmt::format("/components/{}/policies/{}", place, position);
    };
    lintPolicies(scenario, ofBroker, problems);
    lintPolicyChanges(scenario, problems);
    Problems ofTopology = lintTopology(scenario);
    for (const FaultSpec& fault : scenario.faults) {
        if (const auto* change = std::get_if<PolicyChangeFault>(&fault.what)) {
            const Problems left = lintTopology(withPolicyChanges(scenario, {*change}));
            std::erase_if(ofTopology, [&](const Problem& problem) { // the change mends it
                return std::ranges::find(left, problem) == left.end();
            });
        }
    }
    problems.insert(problems.end(), ofTopology.begin(), ofTopology.end());
    return problems;
}

} // namespace sim
