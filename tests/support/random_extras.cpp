#include "tests/support/random_extras.h"

#include <utility>

namespace sim {
namespace {

/// Draws policies for what the scenario has.
class PolicyAuthor {
public:
    PolicyAuthor(const Scenario& scenario, RandomStream& random) : m_random(random) {
        for (const ComponentEntry& entry : scenario.components) {
            if (std::holds_alternative<QueueSpec>(entry.spec)) {
                m_queues.push_back(entry.id);
            } else if (std::holds_alternative<ExchangeSpec>(entry.spec)) {
                m_exchanges.push_back(entry.id);
            }
        }
    }

    std::vector<PolicySpec> policies() {
        std::vector<PolicySpec> all{policy("a", false)};
        if (maybe(50)) {
            all.push_back(policy("b", false));
        }
        if (maybe(30)) {
            all.push_back(policy("c", true));
        }
        return all;
    }

    FaultSpec change() {
        PolicyChangeFault what{.target = "broker", .set = {}, .clear = {}};
        if (maybe(40)) {
            what.clear.emplace_back(maybe(50) ? "a" : "c");
        }
        if (what.clear.empty() || maybe(50)) {
            what.set = policies();
        }
        FaultSpec fault;
        fault.what = std::move(what);
        fault.when.at = milliseconds(20'000);
        if (maybe(60)) {
            fault.when.duration = milliseconds(5'000) + 1ms;
        }
        if (fault.when.duration && maybe(30)) {
            fault.when.every = Distribution::uniform(1e8, 5e9);
        }
        return fault;
    }

private:
    std::uint64_t below(std::uint64_t bound) { return m_random.below(bound); }
    bool maybe(std::uint32_t percent) { return m_random.chance(percent * 10'000); }
    Duration milliseconds(std::uint64_t most) { return std::chrono::milliseconds{below(most + 1)}; }
    const std::string& oneOf(const std::vector<std::string>& all) { return all[below(all.size())]; }

    PolicySpec policy(const std::string& name, bool isOperator) {
        PolicySpec spec;
        spec.name = name;
        spec.isOperator = isOperator;
        spec.pattern = oneOf({"^[qx]", "^q", "0", "^[qx][12]$"});
        spec.applyTo = static_cast<ApplyTo>(below(5));
        spec.priority = static_cast<std::int32_t>(below(3));
        if (maybe(50)) {
            spec.maxLength = below(10);
        }
        if (maybe(30)) {
            spec.messageTtl = milliseconds(2'000);
        }
        if (maybe(10)) {
            spec.expires = milliseconds(3'000) + 1ms;
        }
        if (maybe(30)) {
            spec.overflow = static_cast<Overflow>(below(2));
        }
        if (maybe(20)) {
            spec.deliveryLimit = static_cast<std::int32_t>(below(4)) - 1;
        }
        if (!isOperator && maybe(30)) {
            keepDeadLetters(spec);
        } else if (!isOperator) {
            addRoutes(spec);
        }
        return spec;
    }

    /// Dead letters that nobody takes: quorum queues keep them as long as the policy is there.
    void keepDeadLetters(PolicySpec& spec) {
        spec.applyTo = ApplyTo::QuorumQueues;
        spec.priority = 3;
        spec.messageTtl = milliseconds(2'000);
        spec.overflow = Overflow::RejectPublish;
        spec.deadLetterExchange = "";
        spec.deadLetterRoutingKey = "of no other message";
        spec.deadLetterStrategy = DeadLetterStrategy::AtLeastOnce;
    }

    void addRoutes(PolicySpec& spec) {
        if (maybe(50)) {
            spec.deadLetterExchange = maybe(50) ? "" : oneOf(m_exchanges);
            spec.deadLetterRoutingKey = maybe(70) ? oneOf(m_queues) : "of no other message";
        }
        if (maybe(40)) {
            spec.alternateExchange = oneOf(m_exchanges);
        }
        if (maybe(30)) {
            spec.deadLetterStrategy = static_cast<DeadLetterStrategy>(below(2));
        }
    }

    RandomStream& m_random;
    std::vector<std::string> m_queues;
    std::vector<std::string> m_exchanges;
};

} // namespace

void changePolicies(Scenario& scenario, RandomStream& random) {
    PolicyAuthor author(scenario, random);
    for (ComponentEntry& entry : scenario.components) {
        if (auto* broker = std::get_if<BrokerSpec>(&entry.spec)) {
            broker->policies = author.policies();
        }
    }
    FaultSpec first = author.change();
    PolicySpec third = author.policies().front();
    third.name = "c"; // some change clears it
    std::get<PolicyChangeFault>(first.what).set = {third};
    scenario.faults.push_back(std::move(first));
    for (std::uint64_t i = random.below(3); i > 0; --i) {
        scenario.faults.push_back(author.change());
    }
}

void slowDown(Scenario& scenario, RandomStream& random) {
    bool isFast = false;
    for (ComponentEntry& entry : scenario.components) {
        auto* queue = std::get_if<QueueSpec>(&entry.spec);
        if (queue != nullptr && queue->type == QueueType::Classic && random.chance(700'000)) {
            queue->serviceRate = 20 + static_cast<double>(random.below(100));
        }
        auto* producer = std::get_if<ProducerSpec>(&entry.spec);
        if (producer != nullptr && !std::exchange(isFast, true)) {
            producer->arrivals = ConstantArrivals{.rate = 100};
            producer->channels = 1;
            producer->limit = 1'500;
        }
    }
}

namespace {

/// Whether basic.get is refused there.
bool refusesGets(const Scenario& scenario, const std::string& queue) {
    for (const ComponentEntry& entry : scenario.components) {
        const auto* spec = entry.id == queue ? std::get_if<QueueSpec>(&entry.spec) : nullptr;
        if (spec != nullptr) {
            return spec->type == QueueType::Stream || spec->singleActiveConsumer; // if it is quorum
        }
    }
    return true;
}

void letPoll(Scenario& scenario, const std::string& id, ConsumerSpec& consumer, Duration every) {
    for (const LinkSpec& link : scenario.links) {
        const auto* consume = std::get_if<ConsumeLink>(&link);
        if (consume != nullptr && consume->to == id &&
            (consume->priority != 0 || refusesGets(scenario, consume->from))) {
            return;
        }
    }
    consumer.poll = every;
    consumer.prefetch = 0;
    consumer.channelPrefetch = 0;
}

FaultSpec operation(const std::string& queue, bool purges, RandomStream& random) {
    FaultSpec fault;
    fault.what = purges ? FaultKind(PurgeFault{queue}) : FaultKind(DeleteQueueFault{queue});
    fault.when.at = std::chrono::milliseconds{random.below(20'000)};
    if (random.chance(700'000)) {
        fault.when.duration = std::chrono::milliseconds{1 + random.below(5'000)};
    }
    if (fault.when.duration && random.chance(300'000)) {
        fault.when.every = Distribution::uniform(1e8, 5e9);
    }
    return fault;
}

} // namespace

void operate(Scenario& scenario, RandomStream& random) {
    for (ComponentEntry& entry : scenario.components) {
        auto* consumer = std::get_if<ConsumerSpec>(&entry.spec);
        if (consumer != nullptr && !consumer->forward && random.chance(300'000)) {
            letPoll(scenario, entry.id, *consumer,
                    std::chrono::milliseconds{1 + random.below(500)});
        }
        const bool givesBack = consumer != nullptr && consumer->ackEvery > 1 &&
                               consumer->onFailure == OnFailure::Requeue;
        if (givesBack && random.chance(700'000)) {
            consumer->givesBack = random.chance(500'000) ? GivesBack::UpTo : GivesBack::All;
        }
    }
    for (const ComponentEntry& entry : scenario.components) {
        const auto* queue = std::get_if<QueueSpec>(&entry.spec);
        if (queue != nullptr && random.chance(300'000)) {
            const bool purges = queue->type != QueueType::Stream && random.chance(500'000);
            scenario.faults.push_back(operation(entry.id, purges, random));
        }
    }
}

} // namespace sim
