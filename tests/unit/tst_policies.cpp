#include "sim/run/lint.h"
#include "sim/scenario/policies.h"
#include "sim/scenario/validate.h"
#include "tests/support/situation.h"

#include <QTest>

#include <set>

using namespace sim;

namespace {

/// A queue "orders" under these policies.
Situation under(std::vector<PolicySpec> policies, QueueSpec queue = {}) {
    Situation s;
    std::get<BrokerSpec>(s.scenario.components.front().spec).policies = std::move(policies);
    s.queue("orders", std::move(queue));
    return s;
}

QueueSpec queueOf(const Situation& s) {
    return std::get<QueueSpec>(withPolicies(s.scenario).components.at(1).spec);
}

PolicySpec lengths(const std::string& name, std::uint64_t maxLength, std::int32_t priority = 0) {
    PolicySpec policy;
    policy.name = name;
    policy.maxLength = maxLength;
    policy.priority = priority;
    return policy;
}

PolicySpec byOperator(PolicySpec policy) {
    policy.isOperator = true;
    return policy;
}

} // namespace

/// What policies do, as https://www.rabbitmq.com/docs/policies says and
/// https://github.com/rabbitmq/rabbitmq-server/blob/main/deps/rabbit/src/rabbit_amqqueue_process.erl
/// does.
class TestPolicies : public QObject {
    Q_OBJECT

private slots:
    void aPatternIsSearchedForAnywhere_data() {
        QTest::addColumn<std::string>("pattern");
        QTest::addColumn<bool>("applies");
        QTest::newRow("in the middle") << std::string("rder") << true;
        QTest::newRow("anchored") << std::string("^rder") << false;
        QTest::newRow("at both ends") << std::string("^orders$") << true;
        QTest::newRow("another case") << std::string("ORDERS") << false;
        QTest::newRow("Perl's look ahead") << std::string("^(?!amq\\.).*") << true;
        QTest::newRow("empty") << std::string() << true;
    }
    void aPatternIsSearchedForAnywhere() {
        QFETCH(std::string, pattern);
        QFETCH(bool, applies);
        PolicySpec policy = lengths("cap", 10);
        policy.pattern = pattern;
        QCOMPARE(queueOf(under({policy})).maxLength.has_value(), applies);
    }

    void aPatternThatTakesForEverDoesNotMatch() {
        PolicySpec policy = lengths("cap", 10);
        policy.pattern = "(a+)+$";
        Situation s = under({policy});
        std::string name(60, 'a');
        name += 'b';
        s.queue(name);
        const Scenario merged = withPolicies(s.scenario);
        QVERIFY(!std::get<QueueSpec>(merged.components.back().spec).maxLength);
    }

    void onlyTheHighestPriorityApplies() {
        PolicySpec high = lengths("high", 10, 5);
        PolicySpec low = lengths("low", 3, 1);
        low.messageTtl = 1s;
        const QueueSpec queue = queueOf(under({low, high}));
        QCOMPARE(queue.maxLength, std::optional<std::uint64_t>(10));
        QVERIFY(!queue.messageTtl); // nothing of the other one
    }

    void theSmallestLimitCounts() { // T58
        QueueSpec declared;
        declared.maxLength = 5;
        const Situation s = under({lengths("user", 10), byOperator(lengths("limit", 7))}, declared);
        QCOMPARE(queueOf(s).maxLength, std::optional<std::uint64_t>(5));
        const Situation other = under({lengths("user", 10), byOperator(lengths("limit", 7))});
        QCOMPARE(queueOf(other).maxLength, std::optional<std::uint64_t>(7));
    }

    void whatTheQueueSaysOfOverflowCountsFirst() { // T59, a classic queue
        PolicySpec policy;
        policy.name = "refuse";
        policy.overflow = Overflow::RejectPublish;
        QueueSpec declared;
        declared.overflow = Overflow::DropHead;
        QCOMPARE(overflowOf(queueOf(under({policy}, declared))), Overflow::DropHead);
        QCOMPARE(overflowOf(queueOf(under({policy}))), Overflow::RejectPublish);
        PolicySpec drop = byOperator(policy);
        drop.overflow = Overflow::DropHead;
        QCOMPARE(overflowOf(queueOf(under({policy, drop}))), Overflow::DropHead);
    }

    void anUnknownKeySkipsThePolicyAsAWhole() { // T57
        PolicySpec policy;
        policy.name = "quorum";
        policy.messageTtl = 1s;
        policy.otherKeys = {{"delivery-limit", {std::int64_t{5}}}};
        const Situation s = under({policy, lengths("next", 4, -1)});
        QVERIFY(!queueOf(s).messageTtl);
        QCOMPARE(queueOf(s).maxLength, std::optional<std::uint64_t>(4)); // the next one counts
        const Problems warnings = lint(s.scenario);
        QCOMPARE(warnings.front().what,
                 std::string("orders skips the policy quorum as a whole: its type does not know "
                             "delivery-limit"));
    }

    void deadLettersGoWhereThePolicySays() {
        PolicySpec policy;
        policy.name = "dead";
        policy.pattern = "^orders$";
        policy.deadLetterExchange = "graveyard";
        policy.messageTtl = 10ms;
        Situation s = under({policy});
        ExchangeSpec named;
        named.name = "graveyard";
        s.exchange("x", ExchangeType::Fanout, named).queue("dead").bind("x", "dead");
        const Outcomes o = s.publish("p", "orders", "0 1").run();
        QCOMPARE(o.ready("dead"), std::string("1 2"));
        QCOMPARE(o.deaths("dead"), std::string("orders expired 1"));
        QCOMPARE(o.broken(), std::string());
    }

    void anExchangeThatIsNotThereTakesNothing() {
        PolicySpec policy;
        policy.name = "dead";
        policy.deadLetterExchange = "nowhere";
        QVERIFY(!queueOf(under({policy})).deadLetterExchange);
    }

    void anAlternateExchangeComesByPolicy() {
        PolicySpec policy;
        policy.name = "unroutable";
        policy.applyTo = ApplyTo::Exchanges;
        policy.pattern = "^events$";
        policy.alternateExchange = "rest";
        Situation s = under({policy});
        s.exchange("events", ExchangeType::Direct).exchange("rest", ExchangeType::Fanout);
        s.queue("left").bind("rest", "left");
        const Outcomes o = s.script("p", "events", {at(0ms, {}, "nobody")}).run();
        QCOMPARE(o.ready("left"), std::string("1"));
    }

    void aPolicyForQueuesLeavesExchangesAlone() {
        PolicySpec policy = lengths("cap", 10);
        policy.applyTo = ApplyTo::QuorumQueues;
        QVERIFY(!queueOf(under({policy})).maxLength);
        policy.applyTo = ApplyTo::ClassicQueues;
        QVERIFY(queueOf(under({policy})).maxLength);
    }

    void lintNamesPoliciesThatDoNothing() {
        PolicySpec policy = lengths("cap", 10);
        policy.pattern = "^bills";
        const Problems warnings = lint(under({policy, lengths("a", 1), lengths("b", 2)}).scenario);
        QCOMPARE(warnings.size(), std::size_t{2});
        QCOMPARE(warnings[0].where, std::string("/components/0/policies/2/priority")); // a tie
        QCOMPARE(warnings[1].what, std::string("the policy cap applies to nothing"));
    }

    void whatABrokerRefusesIsAProblem() {
        PolicySpec limit = byOperator(lengths("limit", 1));
        limit.deadLetterExchange = "x";
        limit.pattern = "a(";
        const Problems problems = validate(under({limit, limit}).scenario);
        std::set<std::string> where;
        for (const Problem& problem : problems) {
            where.insert(problem.where);
        }
        QCOMPARE(where, (std::set<std::string>{"/components/0/policies/0/pattern",
                                               "/components/0/policies/0/dead_letter_exchange",
                                               "/components/0/policies/1/name",
                                               "/components/0/policies/1/pattern",
                                               "/components/0/policies/1/dead_letter_exchange"}));
        QVERIFY(problems.front().what.find("missing closing parenthesis") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestPolicies)
#include "tst_policies.moc"
