#include "sim/scenario/read.h"
#include "sim/scenario/validate.h"

#include <QTest>

#include <limits>

using namespace sim;

class TestValidate : public QObject {
    Q_OBJECT

private slots:
    void refuses_data();
    void refuses();
    void acceptsWhatABrokerAccepts_data();
    void acceptsWhatABrokerAccepts();
    void saysEveryProblemAtOnce();
    void findsWhatNoFileCanHold();
    void limitsTheNumberOfComponents();
};

namespace {

/// Components and links around which the rows put theirs: shop -> events -> orders -> billing.
std::string shopWith(const QString& components, const QString& links, const QString& more) {
    return R"({"version": 1, "components": [
        {"id": "shop", "kind": "producer"},
        {"id": "events", "kind": "rabbitmq.exchange", "type": "topic"},
        {"id": "orders", "kind": "rabbitmq.queue"},
        {"id": "billing", "kind": "consumer", "instances": 2})" +
           components.toStdString() + R"(], "links": [
        {"kind": "publish", "from": "shop", "to": "events"},
        {"kind": "binding", "from": "events", "to": "orders", "routing_key": "#"},
        {"kind": "consume", "from": "orders", "to": "billing"})" +
           links.toStdString() + "]" + more.toStdString() + "}";
}

QString listed(const Problems& problems) {
    QString list;
    for (const Problem& problem : problems) {
        list += QString::fromStdString(problem.where + ": " + problem.what + "\n");
    }
    return list;
}

Problems problemsOf(const std::string& text) {
    const auto scenario = readScenario(text, Folder{});
    return scenario ? Problems{} : scenario.error();
}

void addRows(std::initializer_list<std::array<const char*, 6>> rows) {
    for (const char* column : {"components", "links", "more", "where", "what"}) {
        QTest::addColumn<QString>(column);
    }
    for (const auto& [name, components, links, more, where, what] : rows) {
        QTest::newRow(name) << QString(components) << QString(links) << QString(more)
                            << QString(where) << QString(what);
    }
}

} // namespace

void TestValidate::refuses_data() {
    addRows({
        {"the same id twice", R"(, {"id": "shop", "kind": "rabbitmq.queue"})", "", "",
         "/components/4/id", "\"shop\" is already the id of /components/0"},
        {"a warm-up as long as the run", "", "", R"(, "duration": "5s", "warmup": "5s")", "/warmup",
         "5s is not before the end of the run at 5s"},
        {"an unknown end", "", R"(, {"kind": "publish", "from": "shop", "to": "evnts"})", "",
         "/links/3/to",
         "there is no component \"evnts\"; expected the id of a rabbitmq.exchange, "
         "rabbitmq.queue, aws.sqs-queue or aws.sns-topic; did you mean \"events\"?"},
        {"an unknown end without a near one", "",
         R"(, {"kind": "consume", "from": "zz", "to": "billing"})", "", "/links/3/from",
         "there are \"orders\""},
        {"an end of the wrong kind", "",
         R"(, {"kind": "consume", "from": "events", "to": "billing"})", "", "/links/3/from",
         "\"events\" is a rabbitmq.exchange; expected the id of a rabbitmq.queue"},
        {"a producer that consumes", "", R"(, {"kind": "consume", "from": "orders", "to": "shop"})",
         "", "/links/3/to", "\"shop\" is a producer; expected the id of a consumer"},
        {"a binding to a consumer", "",
         R"(, {"kind": "binding", "from": "events", "to": "billing"})", "", "/links/3/to",
         "\"billing\" is a consumer"},
        {"the same publish link twice", "",
         R"(, {"kind": "publish", "from": "shop", "to": "events"})", "", "/links/3",
         "goes from \"shop\" to \"events\" as /links/0 does"},
        {"the same consume link twice", "",
         R"(, {"kind": "consume", "from": "orders", "to": "billing"})", "", "/links/3",
         "as /links/2 does"},
        {"the same binding twice", "",
         R"(, {"kind": "binding", "from": "events", "to": "orders", "routing_key": "#"})", "",
         "/links/3", "is the same binding as /links/1"},
        {"the same binding with its arguments in another order", "",
         R"(, {"kind": "binding", "from": "events", "to": "orders", "arguments": {"a": 1, "b": 2}},
            {"kind": "binding", "from": "events", "to": "orders", "arguments": {"b": 2, "a": 1}})",
         "", "/links/4", "is the same binding as /links/3"},
        {"a publish to an internal exchange",
         R"(, {"id": "in", "kind": "rabbitmq.exchange", "internal": true})",
         R"(, {"kind": "publish", "from": "shop", "to": "in"})", "", "/links/3/to",
         "is internal: a broker refuses"},
        {"a match that is none", R"(, {"id": "h", "kind": "rabbitmq.exchange", "type": "headers"})",
         R"(, {"kind": "binding", "from": "h", "to": "orders", "arguments": {"x-match": "some"}})",
         "", "/links/3/arguments/x-match",
         "allowed: \"all\", \"any\", \"all-with-x\", \"any-with-x\""},
        {"a match that is no text",
         R"(, {"id": "h", "kind": "rabbitmq.exchange", "type": "headers"})",
         R"(, {"kind": "binding", "from": "h", "to": "orders", "arguments": {"x-match": 1}})", "",
         "/links/3/arguments/x-match", "allowed: \"all\""},
        {"an exchange name twice",
         R"(, {"id": "other", "kind": "rabbitmq.exchange", "name": "events"})", "", "",
         "/components/4/name", "\"events\" is already the name of /components/1"},
        {"a queue name twice", R"(, {"id": "other", "kind": "rabbitmq.queue", "name": "orders"})",
         "", "", "/components/4/name", "\"orders\" is already the name of /components/2"},
        {"a reserved exchange name", R"(, {"id": "amq.mine", "kind": "rabbitmq.exchange"})", "", "",
         "/components/4/name", "refuses new names that begin with amq."},
        {"a reserved exchange of another type",
         R"(, {"id": "amq.fanout", "kind": "rabbitmq.exchange"})", "", "", "/components/4/type",
         "amq.fanout is a fanout exchange"},
        {"a reserved exchange that is transient",
         R"(, {"id": "amq.topic", "kind": "rabbitmq.exchange", "durable": false})", "", "",
         "/components/4/durable", "amq.topic is durable"},
        {"a reserved queue name", R"(, {"id": "q", "name": "amq.gen-1", "kind": "rabbitmq.queue"})",
         "", "", "/components/4/name", "403 ACCESS_REFUSED"},
        {"a queue that is somebody's alternate exchange",
         R"(, {"id": "e", "kind": "rabbitmq.exchange", "alternate_exchange": "orders"})", "", "",
         "/components/4/alternate_exchange", "\"orders\" is a rabbitmq.queue"},
        {"a dead-letter exchange that is not there",
         R"(, {"id": "q", "kind": "rabbitmq.queue", "dead_letter_exchange": "event"})", "", "",
         "/components/4/dead_letter_exchange", "did you mean \"events\"?"},
        {"a dead-letter routing key alone",
         R"(, {"id": "q", "kind": "rabbitmq.queue", "dead_letter_routing_key": "dead"})", "", "",
         "/components/4/dead_letter_exchange", "406 PRECONDITION_FAILED"},
        {"a TTL of a part of a millisecond",
         R"(, {"id": "q", "kind": "rabbitmq.queue", "message_ttl": "1500us"})", "", "",
         "/components/4/message_ttl", "1.5ms is not a whole number of milliseconds"},
        {"a TTL above ten years",
         R"(, {"id": "q", "kind": "rabbitmq.queue", "message_ttl": "3651d"})", "", "",
         "/components/4/message_ttl", "out of range; allowed: 0s to 3650d"},
        {"a negative TTL", R"(, {"id": "q", "kind": "rabbitmq.queue", "message_ttl": "-1s"})", "",
         "", "/components/4/message_ttl", "-1s is out of range"},
        {"no priority at all", R"(, {"id": "q", "kind": "rabbitmq.queue", "max_priority": 0})", "",
         "", "/components/4/max_priority", "allowed: 1 to 255"},
        {"an unknown broker", R"(, {"id": "q", "kind": "rabbitmq.queue", "broker": "b"})", "", "",
         "/components/4/broker",
         "there is no component \"b\"; expected the id of a rabbitmq.broker; "
         "there is none"},
        {"no broker where there are two",
         R"(, {"id": "b1", "kind": "rabbitmq.broker"}, {"id": "b2", "kind": "rabbitmq.broker"})",
         "", "", "/components/2/broker", "is missing: there are 2 brokers to choose from"},
        {"a binding between brokers",
         R"(, {"id": "b1", "kind": "rabbitmq.broker"}, {"id": "b2", "kind": "rabbitmq.broker"},
            {"id": "e", "kind": "rabbitmq.exchange", "broker": "b1"},
            {"id": "q", "kind": "rabbitmq.queue", "broker": "b2"})",
         R"(, {"kind": "binding", "from": "e", "to": "q"})", "", "/links/3/to",
         "\"q\" is of another broker than \"e\""},
        {"a dead-letter exchange of another broker",
         R"(, {"id": "b1", "kind": "rabbitmq.broker"}, {"id": "b2", "kind": "rabbitmq.broker"},
            {"id": "e", "kind": "rabbitmq.exchange", "broker": "b1"},
            {"id": "q", "kind": "rabbitmq.queue", "broker": "b2", "dead_letter_exchange": "e"})",
         "", "", "/components/7/dead_letter_exchange", "another broker"},
        {"no event types", R"(, {"id": "p", "kind": "producer", "types": []})", "", "",
         "/components/4/types", "needs at least one"},
        {"an event type twice",
         R"(, {"id": "p", "kind": "producer", "types": [{"name": "a"}, {"name": "a"}]})", "", "",
         "/components/4/types/1/name", "\"a\" is already the name of /components/4/types/0"},
        {"no weight at all", R"(, {"id": "p", "kind": "producer", "types": [{"weight": 0}]})", "",
         "", "/components/4/types", "the weights must have a sum above 0"},
        {"no keys", R"(, {"id": "p", "kind": "producer", "keys": {"kind": "zipf", "count": 0}})",
         "", "", "/components/4/keys/count", "0 only for the kind \"sequence\""},
        {"points out of order", R"(, {"id": "p", "kind": "producer", "arrivals": {"kind": "profile",
            "points": [{"at": "1s", "rate": "1/s"}, {"at": "1s", "rate": "2/s"}]}})",
         "", "", "/components/4/arrivals/points/1/at", "1s is not after the point before it"},
        {"no points",
         R"(, {"id": "p", "kind": "producer", "arrivals": {"kind": "profile", "points": []}})", "",
         "", "/components/4/arrivals/points", "needs at least one"},
        {"a script out of order",
         R"(, {"id": "p", "kind": "producer", "arrivals": {"kind": "script",
            "messages": [{"at": "2s"}, {"at": "1s"}]}})",
         "", "", "/components/4/arrivals/messages/1/at", "1s is before the message before it"},
        {"a script with another's event type", R"(, {"id": "p", "kind": "producer",
            "types": [{"name": "mine"}], "arrivals": {"kind": "script",
            "messages": [{"at": "2s", "type": "event"}]}})",
         "", "", "/components/4/arrivals/messages/0/type",
         "this producer has no event type \"event\"; it has \"mine\""},
        {"a failure rate of no type", R"(, {"id": "c", "kind": "consumer",
            "failure_rates": [{"type": "evnt", "rate": "1%"}]})",
         "", "", "/components/4/failure_rates/0/type", "did you mean \"event\"?"},
        {"two failure rates of a type", R"(, {"id": "c", "kind": "consumer",
            "failure_rates": [{"type": "event"}, {"type": "event"}]})",
         "", "", "/components/4/failure_rates/1/type", "stands here twice"},
        {"a republish to nowhere",
         R"(, {"id": "c", "kind": "consumer", "on_failure": "republish"})", "", "",
         "/components/4/on_failure", "republish needs a publish link from \"c\""},
        {"retries to nowhere", R"(, {"id": "c", "kind": "consumer", "retry_keys": ["again"]})", "",
         "", "/components/4/retry_keys", "need a publish link from \"c\""},
        {"a long retry key",
         (R"(, {"id": "c", "kind": "consumer", "retry_keys": [")" + std::string(256, 'k') +
          R"("]})")
             .c_str(),
         "", "", "/components/4/retry_keys/0", "has 256 bytes; at most 255 are allowed"},
        {"a fault on no link", "", "",
         R"(, "faults": [{"kind": "loss", "from": "shop", "to": "orders"}])", "/faults/0/to",
         "there is no publish or consume link from \"shop\" to \"orders\""},
        {"a fault on a binding", "", "",
         R"(, "faults": [{"kind": "latency", "from": "events", "to": "orders"}])", "/faults/0/from",
         "\"events\" is a rabbitmq.exchange"},
        {"lost confirms of a consumer", "", "",
         R"(, "faults": [{"kind": "lost-confirms", "from": "orders", "to": "billing"}])",
         "/faults/0/from", "\"orders\" is a rabbitmq.queue; expected the id of a producer"},
        {"a crash of a queue", "", "", R"(, "faults": [{"kind": "crash", "target": "orders"}])",
         "/faults/0/target", "expected the id of a producer or consumer"},
        {"an instance too many", "", "",
         R"(, "faults": [{"kind": "pause", "target": "billing", "instance": 2}])",
         "/faults/0/instance", "2 is out of range; allowed: 0 to 1"},
        {"a second instance of a producer", "", "",
         R"(, "faults": [{"kind": "crash", "target": "shop", "instance": 1}])",
         "/faults/0/instance", "1 is out of range; allowed: 0 to 0"},
        {"poison without a victim", "", "",
         R"(, "faults": [{"kind": "poison", "target": "billing"}])", "/faults/0",
         "needs a key, a type, or both"},
        {"a fault that comes again and never ends", "", "",
         R"(, "faults": [{"kind": "shuffle-ties", "every": "5s"}])", "/faults/0/duration",
         "is missing: a fault that comes again must end"},
        {"a fault that comes again in no time", "", "",
         R"(, "faults": [{"kind": "shuffle-ties", "every": "0s", "duration": "0s"}])",
         "/faults/0/duration", "must last longer than 0s"},
        {"a restart of one of two brokers",
         R"(, {"id": "b1", "kind": "rabbitmq.broker"}, {"id": "b2", "kind": "rabbitmq.broker"})",
         "", R"(, "faults": [{"kind": "broker-restart"}])", "/faults/0/target",
         "there are 2 brokers"},
        {"a check of nobody", "", "", R"(, "checks": [{"kind": "no-loss", "consumer": "bill"}])",
         "/checks/0/consumer", "there is no component \"bill\""},
        {"a check of a queue that is a consumer", "", "",
         R"(, "checks": [{"kind": "depth-bound", "queue": "billing"}])", "/checks/0/queue",
         "\"billing\" is a consumer; expected the id of a rabbitmq.queue"},
        {"a percentile of nothing", "", "",
         R"(, "checks": [{"kind": "latency-bound", "percentile": 0}])", "/checks/0/percentile",
         "0 is out of range; allowed: more than 0, at most 100"},
    });
}

void TestValidate::refuses() {
    QFETCH(QString, components);
    QFETCH(QString, links);
    QFETCH(QString, more);
    QFETCH(QString, where);
    QFETCH(QString, what);
    const Problems problems = problemsOf(shopWith(components, links, more));
    const bool said = std::any_of(problems.begin(), problems.end(), [&](const Problem& problem) {
        return QString::fromStdString(problem.where) == where &&
               QString::fromStdString(problem.what).contains(what);
    });
    QVERIFY2(said, qPrintable(listed(problems)));
}

void TestValidate::acceptsWhatABrokerAccepts_data() {
    addRows({
        {"nothing special", "", "", "", "", ""},
        {"an exchange and a queue of one name",
         R"(, {"id": "e", "name": "orders", "kind": "rabbitmq.exchange"})", "", "", "", ""},
        {"the default exchange for dead letters",
         R"(, {"id": "q", "kind": "rabbitmq.queue", "dead_letter_exchange": "", "dead_letter_routing_key": "orders"})",
         "", "", "", ""},
        {"its own dead-letter cycle",
         R"(, {"id": "q", "kind": "rabbitmq.queue", "dead_letter_exchange": "events"})",
         R"(, {"kind": "binding", "from": "events", "to": "q"})", "", "", ""},
        {"an exchange that is its own alternate",
         R"(, {"id": "e", "kind": "rabbitmq.exchange", "alternate_exchange": "e"})", "", "", "",
         ""},
        {"a cycle of exchanges", R"(, {"id": "e", "kind": "rabbitmq.exchange"})",
         R"(, {"kind": "binding", "from": "e", "to": "events"}, {"kind": "binding", "from": "events", "to": "e"})",
         "", "", ""},
        {"several bindings of one pair", "",
         R"(, {"kind": "binding", "from": "events", "to": "orders", "routing_key": "a.*"})", "", "",
         ""},
        {"predeclared exchanges",
         R"(, {"id": "amq.direct", "kind": "rabbitmq.exchange", "type": "direct"},
              {"id": "amq.fanout", "kind": "rabbitmq.exchange", "type": "fanout"},
              {"id": "amq.headers", "kind": "rabbitmq.exchange", "type": "headers"},
              {"id": "amq.match", "kind": "rabbitmq.exchange", "type": "headers"},
              {"id": "amq.topic", "kind": "rabbitmq.exchange", "type": "topic"})",
         "", "", "", ""},
        {"a queue that takes nothing",
         R"(, {"id": "q", "kind": "rabbitmq.queue", "max_length": 0, "message_ttl": "0s", "max_length_bytes": 0})",
         "", "", "", ""},
        {"limits as great as AMQP has them",
         R"(, {"id": "q", "kind": "rabbitmq.queue", "max_length": 9223372036854775807, "max_priority": 255,
               "message_ttl": "3650d"})",
         "", "", "", ""},
        {"a priority without a priority queue",
         R"(, {"id": "p", "kind": "producer", "types": [{"priority": 9}]})", "", "", "", ""},
        {"a publish to a queue", "", R"(, {"kind": "publish", "from": "shop", "to": "orders"})", "",
         "", ""},
        {"a match of a topic exchange, which ignores it", "",
         R"(, {"kind": "binding", "from": "events", "to": "orders", "arguments": {"x-match": 5}})",
         "", "", ""},
        {"one broker for all", R"(, {"id": "b", "kind": "rabbitmq.broker"})", "", "", "", ""},
        {"the same names in two brokers",
         R"(, {"id": "b", "kind": "rabbitmq.broker"},
              {"id": "q", "name": "orders", "broker": "b", "kind": "rabbitmq.queue"})",
         "", "", "", ""},
        {"a consumer of two queues", R"(, {"id": "q", "kind": "rabbitmq.queue"})",
         R"(, {"kind": "consume", "from": "q", "to": "billing"})", "", "", ""},
    });
}

void TestValidate::acceptsWhatABrokerAccepts() {
    QFETCH(QString, components);
    QFETCH(QString, links);
    QFETCH(QString, more);
    const Problems problems = problemsOf(shopWith(components, links, more));
    QVERIFY2(problems.empty(), qPrintable(listed(problems)));
}

void TestValidate::saysEveryProblemAtOnce() {
    Scenario scenario;
    scenario.warmup = scenario.duration;
    ConsumerSpec none;
    none.instances = 0;
    scenario.components = {{"a", none, {}}, {"a", QueueSpec{}, {}}};
    scenario.links = {ConsumeLink{"b", "a", {}}};
    scenario.checks = {{"", false, DepthBoundCheck{"c", 5}}};
    QCOMPARE(validate(scenario).size(), std::size_t{5});
}

void TestValidate::findsWhatNoFileCanHold() {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    constexpr double infinity = std::numeric_limits<double>::infinity();
    Scenario scenario;
    ProducerSpec producer;
    producer.arrivals = PoissonArrivals{nan};
    producer.types[0].headers = {{"a", nan}, {"a", std::int64_t{1}}};
    producer.types[0].weight = infinity;
    scenario.components = {{"p", producer, {nan, infinity}}};
    QStringList where;
    for (const Problem& problem : validate(scenario)) {
        where << QString::fromStdString(problem.where);
    }
    QCOMPARE(where,
             QStringList({"/components/0/arrivals/rate", "/components/0/types/0/weight",
                          "/components/0/types/0/headers/a", "/components/0/types/0/headers/a",
                          "/components/0/position/0", "/components/0/position/1"}));
}

void TestValidate::limitsTheNumberOfComponents() {
    Scenario scenario;
    for (int i = 0; i <= 60'000; ++i) {
        scenario.components.push_back({"c" + std::to_string(i), BrokerSpec{}, {}});
    }
    const Problems problems = validate(scenario);
    QCOMPARE(problems.size(), std::size_t{1});
    QCOMPARE(problems[0].what, std::string("60001 components are too many; allowed: up to 60000"));
}

QTEST_APPLESS_MAIN(TestValidate)
#include "tst_validate.moc"
