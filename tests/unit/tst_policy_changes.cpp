#include "sim/observe/describe.h"
#include "sim/run/lint.h"
#include "sim/run/look.h"
#include "sim/scenario/fault_title.h"
#include "sim/scenario/policies.h"
#include "sim/scenario/validate.h"
#include "tests/support/situation.h"

#include <QTest>

using namespace sim;

namespace {

PolicySpec named(const std::string& name) {
    PolicySpec policy;
    policy.name = name;
    return policy;
}

PolicySpec lengths(std::uint64_t maxLength, const std::string& name = "limit") {
    PolicySpec policy = named(name);
    policy.maxLength = maxLength;
    return policy;
}

PolicyChangeFault setting(PolicySpec policy) {
    PolicyChangeFault change;
    change.set = {std::move(policy)};
    return change;
}

PolicyChangeFault clearing(const std::string& name) {
    PolicyChangeFault change;
    change.clear = {name};
    return change;
}

/// A broker that has these policies from the start.
Situation under(std::vector<PolicySpec> policies) {
    Situation s;
    std::get<BrokerSpec>(s.scenario.components.front().spec).policies = std::move(policies);
    return s;
}

QueueSpec ofType(QueueType type) {
    QueueSpec queue;
    queue.type = type;
    return queue;
}

QueueSpec quorum() { return ofType(QueueType::Quorum); }

/// What a queue is told now.
const QueueSpec& settingsOf(const Outcomes& o, const std::string& queue) {
    const BrokerPlan& broker = o.broker().planOf(o.plan());
    return broker.queues[broker.queueOfName.at(queue)].spec;
}

std::string problemsOf(const Situation& s) {
    std::string all;
    for (const Problem& problem : validate(s.scenario)) {
        all += problem.where + " " + problem.what + "\n";
    }
    return all;
}

} // namespace

/// Policies that come and go while the broker runs: https://www.rabbitmq.com/docs/policies,
/// https://github.com/rabbitmq/rabbitmq-server/blob/main/deps/rabbit/src/rabbit_amqqueue_process.erl
class TestPolicyChanges : public QObject {
    Q_OBJECT

private slots:
    void aShorterLimitDropsHeadsAtOnce_data() {
        QTest::addColumn<QueueType>("type");
        QTest::addColumn<std::string>("dropped");
        QTest::newRow("classic") << QueueType::Classic << std::string("1@5000ms 2@5000ms 3@5000ms");
        QTest::newRow("quorum") // the latest of several first
            << QueueType::Quorum << std::string("3@5000ms 2@5000ms 1@5000ms");
    }
    void aShorterLimitDropsHeadsAtOnce() {
        QFETCH(QueueType, type);
        QFETCH(std::string, dropped);
        Situation s;
        s.queue("q", ofType(type)).publish("p", "q", "0 1 2 3 4 6000");
        s.fault(setting(lengths(2)), 5s);
        const Outcomes o = s.run(10s);
        QCOMPARE(o.timed(TraceKind::Dropped, "q"), dropped + " 4@6000ms");
        QCOMPARE(o.ready("q"), std::string("5 6"));
        const auto changes = o.all(TraceKind::PolicyChanged, "q");
        QCOMPARE(changes.size(), std::size_t{1});
        QCOMPARE(changes.front().at, start + 5s);
        QCOMPARE(o.broken(), std::string());
    }

    void aViewHasTheSettingsOfTheMoment() {
        Situation s = under({lengths(3)});
        s.queue("q").queue("r").publish("p", "q", "0");
        s.fault(clearing("limit"), 1s, 4s);
        Outcomes o = s.run(500ms);
        const auto maxLength = [&] {
            const View view = lookAt(o.world());
            const auto& entry = o.plan().declared.components[1];
            return std::get<QueueSpec>(settingsAt(view, ComponentId{1}, entry.spec)).maxLength;
        };
        QCOMPARE(o.plan().declared.components[1].id, std::string("q"));
        QCOMPARE(maxLength(), std::optional<std::uint64_t>(3));
        o.run(2s);
        QCOMPARE(maxLength(), std::optional<std::uint64_t>());
        o.run(6s);
        QCOMPARE(maxLength(), std::optional<std::uint64_t>(3));
    }

    void afterItsEndEverythingIsAsBefore() {
        Situation s = under({lengths(3)});
        s.queue("q").publish("p", "q", "0 1 2 3 4 2000 2001 2002 6000 6001");
        s.fault(clearing("limit"), 1s, 4s);
        const Outcomes o = s.run(10s);
        QCOMPARE(o.timed(TraceKind::Dropped, "q"),
                 std::string("1@3ms 2@4ms 3@5000ms 4@5000ms 5@5000ms 6@6000ms 7@6001ms"));
        QCOMPARE(o.count(TraceKind::PolicyChanged, "q"), std::size_t{2});
        QCOMPARE(settingsOf(o, "q").maxLength, std::optional<std::uint64_t>(3));
    }

    void messagesKeepTheTimeToLiveThatTheyCameWith() {
        PolicySpec policy = named("ttl");
        policy.messageTtl = 1s;
        Situation s;
        s.queue("before").publish("p", "before", "0 6000");
        s.queue("after").publish("p2", "after", "6001");
        s.fault(setting(policy), 5s, 1500ms);
        const Outcomes o = s.run(10s);
        QCOMPARE(o.ready("before"), std::string("1 2")); // the head has none, and is in the way
        QCOMPARE(o.count(TraceKind::Dropped, "before"), std::size_t{0});
        QCOMPARE(o.all(TraceKind::Dropped, "after").front().at,
                 start + 7001ms); // the policy has gone
        QCOMPARE(o.broken(), std::string());
    }

    void withoutALimitPublishersAreTakenAgain_data() {
        QTest::addColumn<QueueType>("type");
        QTest::newRow("classic") << QueueType::Classic;
        QTest::newRow("quorum") << QueueType::Quorum;
    }
    void withoutALimitPublishersAreTakenAgain() {
        QFETCH(QueueType, type);
        PolicySpec full = lengths(1);
        full.overflow = Overflow::RejectPublish;
        Situation s = under({full});
        s.queue("q", ofType(type)).publish("p", "q", "0 1 2 3 6000 6001");
        s.fault(clearing("limit"), 5s);
        const Outcomes o = s.run(10s);
        // A quorum queue tells publishers only when it is over its limit.
        const bool classic = type == QueueType::Classic;
        QCOMPARE(o.messages(TraceKind::Refused), std::string(classic ? "2 3 4" : "3 4"));
        QCOMPARE(o.ready("q"), std::string(classic ? "1 5 6" : "1 2 5 6"));
    }

    void anOverflowChangesWhatIsInTheWay() {
        PolicySpec policy = named("overflow");
        policy.overflow = Overflow::DropHead;
        QueueSpec full = quorum();
        full.maxLength = 2;
        full.overflow = Overflow::RejectPublish; // a policy counts before it in a quorum queue
        Situation s;
        s.queue("q", full).publish("p", "q", "0 1 2 3 6000");
        s.fault(setting(policy), 5s);
        const Outcomes o = s.run(10s);
        QCOMPARE(o.messages(TraceKind::Refused), std::string("4"));
        QCOMPARE(o.timed(TraceKind::Dropped, "q"), std::string("1@5000ms 2@6000ms"));
        QCOMPARE(o.ready("q"), std::string("3 5"));
    }

    void anUnusedQueueExpiresSoLongAfterTheChange() {
        PolicySpec policy = named("expires");
        policy.expires = 2s;
        Situation s;
        s.queue("q").publish("p", "q", "0").fault(setting(policy), 5s);
        QCOMPARE(s.run(20s).timed(TraceKind::Dropped, "q"), std::string("1@7000ms"));
        s.fault(clearing("expires"), 6s);
        QCOMPARE(s.run(20s).ready("q"), std::string("1"));
        Situation longer = under({policy});
        longer.queue("q").publish("p", "q", "0");
        policy.expires = 4s;
        longer.fault(setting(policy), 1s);
        QCOMPARE(longer.run(20s).timed(TraceKind::Dropped, "q"), std::string("1@5000ms"));
    }

    void deadLettersGoWhereAPolicyLeadsThem() {
        PolicySpec policy = named("dead letters");
        policy.pattern = "^q$";
        policy.deadLetterExchange = "";
        policy.deadLetterRoutingKey = "grave"; // a key that no message has had before
        QueueSpec queue;
        queue.messageTtl = 1s;
        Situation s;
        s.queue("q", queue).queue("grave").publish("p", "q", "0 10000 20000");
        s.fault(setting(policy), 5s, 10s);
        const Outcomes planned = s.run(30s);
        QCOMPARE(planned.timed(TraceKind::Dropped, "q"), std::string("1@1000ms 3@21000ms"));
        QCOMPARE(planned.timed(TraceKind::Enqueued, "grave"), std::string("2@11000ms"));
        // And by hand.
        const FaultSpec change = s.scenario.faults.back();
        s.scenario.faults.clear();
        Outcomes byHand = s.run(3s);
        byHand.inject(change);
        byHand.run(30s);
        QVERIFY(byHand.records() == planned.records());
        QCOMPARE(byHand.broken(), std::string());
    }

    void whatIsKeptForAtLeastOnceGoesWithIt() {
        PolicySpec policy = named("at least once");
        policy.deadLetterStrategy = DeadLetterStrategy::AtLeastOnce;
        QueueSpec queue = quorum();
        queue.messageTtl = 1s;
        queue.overflow = Overflow::RejectPublish;
        queue.deadLetterExchange = "";
        queue.deadLetterRoutingKey = "nowhere";
        Situation s = under({policy});
        s.queue("q", queue).publish("p", "q", "0 100 7000").fault(clearing("at least once"), 5s);
        const Outcomes o = s.run(30s);
        QCOMPARE(o.timed(TraceKind::Retained, "q"), std::string("1@1000ms 2@1100ms"));
        QCOMPARE(o.timed(TraceKind::Dropped, "q"), std::string("1@5000ms 2@5000ms"));
        QCOMPARE(o.all(TraceKind::Dropped, "q").front().reason, Reason::PolicyChange);
        QCOMPARE(o.timed(TraceKind::DeadLettered, "q"), std::string("3@8000ms"));
        QCOMPARE(o.broken(), std::string());
    }

    void aDeliveryLimitCountsWhatWasReturnedBefore() {
        PolicySpec policy = named("attempts");
        policy.deliveryLimit = 2;
        ConsumerSpec failing;
        failing.prefetch = 1;
        failing.serviceTime = always(1s);
        failing.failureRate = 1;
        failing.onFailure = OnFailure::Requeue;
        Situation s;
        s.queue("q", quorum()).publish("p", "q", "0").consumer("c", "q", failing);
        s.fault(setting(policy), 4500ms);
        const Outcomes o = s.run(30s);
        QCOMPARE(o.timed(TraceKind::Dropped, "q"), std::string("1@5000ms"));
        QCOMPARE(o.all(TraceKind::Dropped, "q").front().reason, Reason::DeliveryLimit);
    }

    void anExchangeGetsAnAlternate() {
        PolicySpec policy = named("alternate");
        policy.alternateExchange = "others";
        policy.applyTo = ApplyTo::Exchanges;
        policy.pattern = "^x$";
        Situation s;
        s.exchange("x", ExchangeType::Direct).exchange("others", ExchangeType::Fanout).queue("q");
        s.bind("others", "q").publish("p", "x", "0 6000 20000").fault(setting(policy), 5s, 10s);
        const Outcomes o = s.run(30s);
        QCOMPARE(o.messages(TraceKind::Unroutable), std::string("1 3"));
        QCOMPARE(o.enqueued("q"), std::string("2"));
        QCOMPARE(o.count(TraceKind::PolicyChanged, "x"), std::size_t{2});
        QCOMPARE(o.count(TraceKind::PolicyChanged), std::size_t{2});
    }

    void aStreamKeepsLessAtOnce() {
        PolicySpec policy = named("retention");
        policy.maxLengthBytes = 600;
        QueueSpec stream = ofType(QueueType::Stream);
        stream.segmentBytes = 256; // one message of 256
        Situation s;
        s.queue("q", stream).publish("p", "q", "0 1 2 3 4").fault(setting(policy), 5s);
        const Outcomes o = s.run(10s);
        QCOMPARE(o.timed(TraceKind::Dropped, "q"), std::string("1@5000ms 2@5000ms 3@5000ms"));
        QCOMPARE(o.all(TraceKind::Dropped, "q").front().reason, Reason::Retention);
        QCOMPARE(o.broken(), std::string());
    }

    void aRestartKeepsThem_data() {
        QTest::addColumn<Duration>("at");
        QTest::addColumn<std::string>("dropped");
        QTest::newRow("set before") << Duration(1s) << std::string("1@1000ms 2@1000ms 3@6000ms");
        QTest::newRow("set while it is down") // it looks when it is back
            << Duration(2500ms) << std::string("1@3000ms 2@3000ms 3@6000ms");
    }
    void aRestartKeepsThem() {
        QFETCH(Duration, at);
        QFETCH(std::string, dropped);
        Situation s;
        s.queue("q").publish("p", "q", "0 1 2 3 6000");
        s.fault(BrokerRestartFault{}, 2s, 1s).fault(setting(lengths(2)), at);
        const Outcomes o = s.run(10s);
        QCOMPARE(o.timed(TraceKind::Dropped, "q"), dropped);
        QCOMPARE(o.ready("q"), std::string("4 5"));
    }

    void theChangeThatBeganLastCounts() {
        Situation s;
        s.queue("q");
        s.fault(setting(lengths(5)), 10s).fault(setting(lengths(3)), 5s, 10s);
        QCOMPARE(settingsOf(s.run(6s), "q").maxLength, std::optional<std::uint64_t>(3));
        QCOMPARE(settingsOf(s.run(11s), "q").maxLength, std::optional<std::uint64_t>(5));
        QCOMPARE(settingsOf(s.run(20s), "q").maxLength, std::optional<std::uint64_t>(5));
    }

    void aPolicyThatIsSkippedChangesNothing() {
        PolicySpec policy = lengths(1);
        policy.deliveryLimit = 5; // a classic queue does not know it
        Situation s;
        s.queue("classic").queue("quorum", quorum());
        s.publish("p", "classic", "0 1").publish("p2", "quorum", "10 11");
        s.fault(setting(policy), 5s);
        const Outcomes o = s.run(10s);
        QCOMPARE(o.count(TraceKind::PolicyChanged, "classic"), std::size_t{0});
        QCOMPARE(o.count(TraceKind::PolicyChanged, "quorum"), std::size_t{1});
        QCOMPARE(o.ready("classic"), std::string("1 2"));
        QCOMPARE(o.ready("quorum").find(' '), std::string::npos);
        const Problems odd = lint(s.scenario);
        QCOMPARE(odd.size(), std::size_t{1});
        QCOMPARE(odd.front().where, std::string("/faults/0/set/0"));
        QCOMPARE(odd.front().what, std::string("classic skips the policy limit as a whole: its "
                                               "type does not know delivery-limit"));
    }

    /// Whatever was declared: what a change leads to is what the policies would have led to from
    /// the start.
    void theSameRulesMergeThem() {
        PolicySpec users = lengths(7, "users");
        users.overflow = Overflow::RejectPublish;
        users.messageTtl = 3s;
        users.priority = 2;
        PolicySpec operators = lengths(4, "operators");
        operators.isOperator = true;
        operators.overflow = Overflow::DropHead;
        operators.expires = 1h;
        for (const QueueType type : {QueueType::Classic, QueueType::Quorum}) {
            QueueSpec queue = ofType(type);
            queue.maxLength = 5;
            queue.overflow = Overflow::RejectPublish;
            queue.expires = 2h;
            Situation before = under({lengths(1, "users"), users});
            Situation after = under({users, operators});
            std::get<BrokerSpec>(before.scenario.components.front().spec).policies.pop_back();
            PolicyChangeFault change;
            change.set = {users, operators};
            before.queue("q", queue).fault(change, 1s);
            after.queue("q", queue);
            const auto merged =
                std::get<QueueSpec>(withPolicies(after.scenario).components[1].spec);
            QVERIFY(settingsOf(before.run(0s), "q") != merged);
            QVERIFY(settingsOf(before.run(1s), "q") == merged);
        }
    }

    void aScenarioWithoutABrokerHasOneToChange() {
        Situation s;
        s.scenario.components.clear();
        s.queue("q").publish("p", "q", "0 1").fault(setting(lengths(1)), 5s);
        QCOMPARE(s.run(10s).timed(TraceKind::Dropped, "q"), std::string("1@5000ms"));
    }

    void itIsAnOperationAndNoFailure() {
        Situation s;
        s.queue("q");
        PolicyChangeFault change = setting(lengths(1));
        change.set.push_back(named("other"));
        change.clear = {"other"};
        s.fault(AlarmFault{}, 1s).fault(change, 2s);
        const std::shared_ptr<const Plan> built = build(s.scenario);
        const Plan& plan = *built;
        QCOMPARE(plan.catalogue.operations, std::vector<std::uint32_t>{1});
        QCOMPARE(plan.catalogue.faults[1],
                 std::string("policy limit, other, no other for the broker"));
        const Outcomes o = s.run(3s);
        const auto began = o.all(TraceKind::FaultBegan);
        QCOMPARE(describe(began[0], plan.catalogue),
                 std::string("1.000000000 s  fault began: memory alarm of the broker"));
        QCOMPARE(describe(began[1], plan.catalogue),
                 std::string("2.000000000 s  operation began: policy limit, other, no other for "
                             "the broker"));
        QCOMPARE(describe(o.all(TraceKind::PolicyChanged).front(), plan.catalogue),
                 std::string("2.000000000 s  q  policy changed"));
    }

    void saysWhatIsWrong() {
        Situation s;
        s.queue("q");
        PolicySpec bad = named("a");
        bad.pattern = "(";
        PolicyChangeFault change = setting(bad);
        change.set.push_back(named("a"));
        change.clear = {"unknown", "a"};
        s.fault(change, 1s).fault(PolicyChangeFault{}, 2s);
        QCOMPARE(problemsOf(s),
                 std::string("/faults/0/set/0/pattern \"(\" is no regular expression: missing "
                             "closing parenthesis at character 2\n"
                             "/faults/0/set/1/name \"a\" is already the name of /faults/0/set/0\n"
                             "/faults/0/clear/0 there is no policy \"unknown\" to clear\n"
                             "/faults/1/set is empty, and so is clear: nothing would change\n"));
        Situation two;
        two.scenario.components.push_back({"other", BrokerSpec{}, {}});
        two.fault(setting(lengths(1)), 1s);
        QCOMPARE(problemsOf(two), std::string("/faults/0/target is missing: there are 2 brokers to "
                                              "choose from\n"));
    }
};

QTEST_GUILESS_MAIN(TestPolicyChanges)
#include "tst_policy_changes.moc"
