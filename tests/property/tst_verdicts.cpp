#include "sim/observe/checks.h"
#include "sim/observe/digest.h"
#include "tests/support/random_scenario.h"

#include <QTest>

#include <map>
#include <set>

using namespace sim;

namespace {

/// Every second seed with quorum queues alone, of which some dead-letter at least once.
Situation situationOf(std::uint64_t seed) {
    Situation s = randomSituation(seed);
    for (ComponentEntry& entry : s.scenario.components) {
        auto* queue = std::get_if<QueueSpec>(&entry.spec);
        if (queue == nullptr || seed % 2 == 0) {
            continue;
        }
        queue->type = QueueType::Quorum;
        queue->durable = true;
        queue->maxPriority.reset();
        queue->serviceRate.reset();
        const bool atLeastOnce = seed % 4 == 1 && queue->deadLetterExchange;
        if (atLeastOnce || overflowOf(*queue) == Overflow::RejectPublishDlx) {
            queue->overflow = Overflow::RejectPublish;
        }
        queue->deadLetterStrategy =
            atLeastOnce ? DeadLetterStrategy::AtLeastOnce : DeadLetterStrategy::AtMostOnce;
    }
    return s;
}

bool hasPolicies(const Situation& s) {
    return std::ranges::any_of(s.scenario.components, [](const ComponentEntry& entry) {
        const auto* broker = std::get_if<BrokerSpec>(&entry.spec);
        return broker != nullptr && !broker->policies.empty();
    });
}

std::vector<Verdict> verdictsOf(const Situation& s, const Outcomes& o,
                                std::vector<CheckSpec> checks) {
    Scenario scenario = s.scenario;
    scenario.checks = std::move(checks);
    Checks judge(scenario, o.plan().catalogue);
    Digest digest(scenario, o.plan().catalogue);
    digest.feed(o.records(), [&judge](const Batch& batch) { judge.take(batch); });
    return judge.verdicts(o.world().now(), o.world().isAtRest());
}

/// What no-loss is about, counted anew and without care for memory.
struct Account {
    std::set<std::pair<std::uint64_t, ComponentId>> effects; ///< event and consumer
    std::map<std::uint64_t, std::set<ComponentId>> queues;   ///< of an event: that it was routed to
    std::map<std::uint64_t, int> resting;                    ///< copies in queues
    std::set<std::uint64_t> produced;
    std::set<std::uint64_t> held;         ///< by a resequencer, which may have it for ever
    std::set<std::uint64_t> mayBeExcused; ///< refused, failed or dead-lettered

    explicit Account(const Outcomes& o) {
        for (const TraceRecord& record : o.records()) {
            take(record);
        }
    }
    void take(const TraceRecord& record) {
        const std::uint64_t message = index(record.message);
        switch (record.kind) {
        case TraceKind::Produced:
            produced.insert(message);
            break;
        case TraceKind::Enqueued:
            queues[message].insert(record.component);
            ++resting[message];
            break;
        case TraceKind::Refused:
            queues[message].insert(record.component);
            mayBeExcused.insert(message);
            break;
        case TraceKind::Retained:
            mayBeExcused.insert(message);
            break;
        case TraceKind::DeadLettered:
            mayBeExcused.insert(message);
            --resting[message];
            break;
        case TraceKind::Acked:
        case TraceKind::Dropped:
            --resting[message];
            break;
        case TraceKind::Held:
            held.insert(message);
            break;
        case TraceKind::Failed:
            mayBeExcused.insert(message);
            break;
        case TraceKind::Applied:
            effects.insert({message, record.component});
            break;
        case TraceKind::Skipped:
            if (record.reason == Reason::Stale) {
                effects.insert({message, record.component});
            }
            break;
        default:
            break; // the rest brings and takes no chance at rest
        }
    }

    bool hadEffectFrom(std::uint64_t message, ComponentId queue, const Routes& routes) const {
        const auto& consumers = routes.consumersOf(queue);
        return consumers.empty() || std::ranges::any_of(consumers, [&](std::uint16_t rank) {
                   return effects.contains({message, routes.consumers()[rank]});
               });
    }
    bool hadAllEffects(std::uint64_t message, const Routes& routes) const {
        const auto found = queues.find(message);
        return found != queues.end() && std::ranges::all_of(found->second, [&](ComponentId queue) {
                   return hadEffectFrom(message, queue, routes);
               });
    }
    /// Neither in a queue nor held.
    bool isGone(std::uint64_t message) const {
        const auto found = resting.find(message);
        return (found == resting.end() || found->second == 0) && !held.contains(message);
    }
};

} // namespace

/// Checks say of random runs what a plain account of their records says.
class TestVerdicts : public QObject {
    Q_OBJECT

private slots:
    void noLossAgreesWithAPlainAccount() {
        int atRest = 0;
        int losses = 0;
        for (std::uint64_t seed = 1; seed <= seedsToTry(200); ++seed) {
            const Situation s = situationOf(seed);
            const Outcomes o = s.run(randomEnd);
            const Routes routes(s.scenario, o.plan().catalogue);
            const Account account(o);
            const auto state = verdictsOf(s, o, {{"", false, NoLossCheck{}}}).at(0).state;
            const auto all = [&](auto is) { return std::ranges::all_of(account.produced, is); };
            const auto any = [&](auto is) { return std::ranges::any_of(account.produced, is); };
            const QByteArray where = "seed " + QByteArray::number(qulonglong(seed));
            if (all([&](std::uint64_t id) { return account.hadAllEffects(id, routes); })) {
                QVERIFY2(state != Verdict::State::Violated, where);
            }
            if (!o.world().isAtRest()) {
                continue;
            }
            ++atRest;
            if (all([&](std::uint64_t id) { return account.isGone(id); })) {
                QVERIFY2(state != Verdict::State::NotDecided || account.produced.empty(), where);
            }
            if (any([&](std::uint64_t id) {
                    return account.isGone(id) && !account.hadAllEffects(id, routes) &&
                           !account.mayBeExcused.contains(id);
                })) {
                ++losses;
                QVERIFY2(state == Verdict::State::Violated, where);
            }
        }
        QVERIFY(atRest > 20);
        QVERIFY(losses > 5);
    }

    void aQueueThatDropsItsHeadKeepsABoundOfItsLimit() {
        int bounds = 0;
        for (std::uint64_t seed = 1; seed <= seedsToTry(300); ++seed) {
            const Situation s = situationOf(seed);
            const Outcomes o = s.run(randomEnd);
            if (o.count(TraceKind::BrokerDown) > 0) {
                continue; // what came back as it stopped is looked at when it starts
            }
            std::vector<CheckSpec> checks;
            for (const ComponentEntry& entry : s.scenario.components) {
                const auto* queue = std::get_if<QueueSpec>(&entry.spec);
                const bool isTold = queue != nullptr && queue->type == QueueType::Quorum &&
                                    hasPolicies(s); // their overflow counts before its own
                if (queue != nullptr && queue->maxLength && !isTold &&
                    overflowOf(*queue) == Overflow::DropHead) {
                    checks.push_back({"", false, DepthBoundCheck{entry.id, *queue->maxLength}});
                }
            }
            for (const Verdict& verdict : verdictsOf(s, o, checks)) {
                ++bounds;
                QVERIFY2(verdict.state != Verdict::State::Violated,
                         QByteArray("seed ") + QByteArray::number(qulonglong(seed)));
            }
        }
        QVERIFY(bounds > 20);
    }
};

QTEST_APPLESS_MAIN(TestVerdicts)
#include "tst_verdicts.moc"
