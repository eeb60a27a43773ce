#include "sim/run/lint.h"
#include "sim/run/where_to.h"
#include "tests/support/situation.h"

#include <QTest>

#include <set>

using namespace sim;

namespace {

RouteAnswer ask(const Situation& s, const std::string& exchange, const std::string& key,
                const Table& headers = {}) {
    return whereTo(*build(s.scenario), {.exchange = exchange, .key = key, .headers = headers})
        .value();
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) {
        text += (text.empty() ? "" : " ") + name;
    }
    return text;
}

/// Why the queue gets nothing, one reason after the other.
std::string whyNot(const RouteAnswer& answer, const std::string& queue) {
    const auto found = std::ranges::find(answer.missed, queue, &RouteAnswer::Missed::queue);
    return found == answer.missed.end() ? "it gets it" : joined(found->why);
}

/// A topic exchange with an alternate one and one bound to it.
Situation office() {
    Situation s;
    ExchangeSpec events;
    events.alternateExchange = "rest";
    s.exchange("events", ExchangeType::Topic, events).exchange("rest", ExchangeType::Fanout);
    s.exchange("eu", ExchangeType::Direct);
    s.queue("all").queue("orders").queue("bills").queue("left").queue("alone");
    s.bind("events", "orders", "order.*").bind("events", "eu", "order.eu.#");
    s.bind("eu", "bills", "order.eu.paid").bind("rest", "left");
    return s;
}

/// The warnings, each as "pointer text".
std::string warnings(const Situation& s) {
    std::string all;
    for (const Problem& problem : lint(s.scenario)) {
        all += problem.where + " " + problem.what + "\n";
    }
    return all;
}

QueueSpec into(const std::string& exchange) {
    QueueSpec spec;
    spec.deadLetterExchange = exchange;
    return spec;
}

} // namespace

/// Where a message would go, before it is sent, and what in a topology cannot be meant.
class TestWhereTo : public QObject {
    Q_OBJECT

private slots:
    void itSaysWhichQueuesAndWhy() {
        const RouteAnswer answer = ask(office(), "events", "order.paid");
        QCOMPARE(joined(answer.queues), std::string("orders"));
        QCOMPARE(answer.visits.size(), std::size_t{1});
        QCOMPARE(answer.path, std::vector<LinkId>{LinkId{0}});
        QCOMPARE(answer.visits[0].bindings[0].why, std::string("its pattern \"order.*\" matches"));
        QCOMPARE(whyNot(answer, "bills"),
                 std::string("the binding from eu: the message does not come there"));
        QCOMPARE(whyNot(answer, "alone"), std::string("no binding leads to it"));
    }

    void itFollowsBindingsBetweenExchanges() {
        const RouteAnswer answer = ask(office(), "events", "order.eu.paid");
        QCOMPARE(joined(answer.queues), std::string("bills"));
        QCOMPARE(answer.visits.at(1).how, std::string("bound to events"));
        QCOMPARE(whyNot(answer, "orders"),
                 std::string("the binding from events: its pattern \"order.*\" asks for 2 words, "
                             "the key has 3"));
    }

    void itFollowsAlternateExchanges() {
        const RouteAnswer answer = ask(office(), "events", "bill.paid");
        QCOMPARE(joined(answer.queues), std::string("left"));
        QCOMPARE(answer.visits.at(1).how,
                 std::string("alternate exchange of events, where no binding matches"));
        QCOMPARE(whyNot(answer, "orders"),
                 std::string("the binding from events: its pattern \"order.*\" asks for \"order\" "
                             "as word 1, the key has \"bill\""));
    }

    void theDefaultExchangeKnowsNames() {
        const RouteAnswer answer = ask(office(), "", "bills");
        QCOMPARE(joined(answer.queues), std::string("bills"));
        QCOMPARE(whyNot(answer, "all"),
                 std::string("the default exchange knows a queue by its name alone"));
    }

    void headersSayWhatIsWrong() {
        Situation s;
        s.exchange("x", ExchangeType::Headers).queue("q");
        s.bind("x", "q", "", {{"size", std::int64_t{1}}, {"kind", std::string("a")}});
        const RouteAnswer answer = ask(s, "x", "", {{"size", std::string("1")}});
        QCOMPARE(whyNot(answer, "q"), std::string("the binding from x: header size is 1, not 1, "
                                                  "header kind is not there"));
    }

    void itAgreesWithARun() { // the same walk answers both
        const Situation topology = office();
        for (const char* key : {"order.paid", "order.eu.paid", "order.eu.x", "bill.paid", ""}) {
            Situation s = topology;
            const Outcomes o = s.script("p", "events", {at(0ms, {}, key)}).run();
            std::set<std::string> got;
            for (const TraceRecord& record : o.all(TraceKind::Enqueued)) {
                got.insert(o.plan().catalogue.components[index(record.component)]);
            }
            const RouteAnswer answer = ask(topology, "events", key);
            QCOMPARE(answer.queues, std::vector<std::string>(got.begin(), got.end()));
        }
    }

    void anUnknownExchangeHasANearName() {
        const auto answer = whereTo(*build(office().scenario), {.exchange = "event", .key = "k"});
        QCOMPARE(answer.error().front().what,
                 std::string("has no exchange \"event\" (404 NOT_FOUND); did you mean "
                             "\"events\"?"));
    }

    void nothingIsSaidOfWhatIsMeant() {
        Situation s;
        s.exchange("x", ExchangeType::Topic).queue("q").bind("x", "q", "order.#");
        s.script("p", "x", {at(0ms, {}, "order.paid")});
        QCOMPARE(warnings(s), std::string());
    }

    void lintNamesWhatCannotBeMeant_data() {
        QTest::addColumn<Situation>("situation");
        QTest::addColumn<std::string>("expected"); // a part of it
        const auto row = [](const char* name, const Situation& s, const char* expected) {
            QTest::newRow(name) << s << std::string(expected);
        };
        Situation s;
        s.exchange("lonely", ExchangeType::Fanout).queue("q").publish("p", "q", "0");
        row("an exchange that nothing comes to", s, "no message comes to exchange lonely");

        s = Situation();
        s.exchange("x", ExchangeType::Topic).queue("q").bind("x", "q", "#").bind("x", "q", "a.*.c");
        s.script("p", "x", {at(0ms, {}, "a.b")});
        row("a binding that never matches", s, "the binding from x to q never matches");

        s = Situation();
        s.exchange("x", ExchangeType::Direct).queue("q").bind("x", "q", "a.*");
        s.script("p", "x", {at(0ms, {}, "a.b")});
        row("wildcards at a direct exchange", s, "a direct exchange compares keys as they are");

        s = Situation();
        s.exchange("dlx", ExchangeType::Direct).queue("q", into("dlx")).publish("p", "q", "0");
        row("a dead-letter exchange without a queue", s, "dead letters of q find no queue");

        s = Situation();
        s.queue("work", into("")).queue("retry", into(""));
        std::get<QueueSpec>(s.scenario.components[1].spec).deadLetterRoutingKey = "retry";
        std::get<QueueSpec>(s.scenario.components[2].spec).deadLetterRoutingKey = "work";
        s.publish("p", "work", "0");
        row("a cycle that the broker cuts", s, "work -> retry -> work; where no consumer rejects");
        ConsumerSpec rejecting;
        rejecting.onFailure = OnFailure::Reject;
        s.consumer("c", "work", rejecting);
        row("a cycle for ever", s, "a message that is always rejected does so for ever");

        s = Situation();
        QueueSpec limited = into("");
        limited.deadLetterRoutingKey = "dead";
        limited.maxLength = 5;
        limited.overflow = Overflow::RejectPublish;
        s.queue("q", limited).queue("dead").publish("p", "q", "0");
        row("an overflow that does not dead-letter", s,
            "what reject-publish refuses is not dead-lettered");

        s = Situation();
        s.queue("q");
        Situation::Entry brief = at(0ms);
        brief.expiration = 1s;
        s.script("p", "q", {at(0ms), brief});
        row("a short life behind a long one", s, "a short one stays behind a longer one");

        s = Situation();
        s.queue("q");
        Situation::Entry urgent = at(0ms);
        urgent.priority = 5;
        s.script("p", "q", {at(0ms), urgent});
        row("priorities without effect", s, "which does not tell them apart");

        s = Situation();
        QueueSpec levels;
        levels.maxPriority = 5;
        ProducerSpec producer;
        producer.arrivals = PoissonArrivals{.rate = 300};
        producer.types = {{.name = "urgent", .priority = 5}, {.name = "other"}};
        s.queue("q", levels).producer("p", "q", producer);
        ConsumerSpec slow;
        slow.serviceTime = always(10ms);
        s.consumer("c", "q", slow);
        row("a level that starves", s, "priorities below 5 starve in q");

        s = Situation();
        ExchangeSpec hash;
        hash.hashHeader = "id";
        s.exchange("x", ExchangeType::ConsistentHash, hash).queue("q").bind("x", "q", "1");
        s.publish("p", "x", "0");
        row("a header that no message has", s, "messages without the header id all go to one");
    }
    void lintNamesWhatCannotBeMeant() {
        QFETCH(Situation, situation);
        QFETCH(std::string, expected);
        const std::string found = warnings(situation);
        QVERIFY2(found.find(expected) != std::string::npos, found.c_str());
        QCOMPARE(std::ranges::count(found, '\n'), 1); // and nothing else
    }
};

QTEST_APPLESS_MAIN(TestWhereTo)
#include "tst_where_to.moc"
