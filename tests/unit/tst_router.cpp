#include "tests/support/situation.h"

#include <QTest>

using namespace sim;

namespace {

ExchangeSpec withAlternate(const std::string& exchange) {
    ExchangeSpec spec;
    spec.alternateExchange = exchange;
    return spec;
}

ProducerSpec mandatory(bool confirms) {
    ProducerSpec spec;
    spec.mandatory = true;
    if (confirms) {
        spec.confirms = ConfirmSpec{};
    }
    return spec;
}

/// One message of this routing key to `to`.
Situation& publishKey(Situation& situation, const std::string& to, const std::string& key,
                      ProducerSpec spec = {}, Table headers = {}) {
    Situation::Entry entry = at(0ms, {}, key);
    entry.headers = std::move(headers);
    return situation.script("p", to, {entry}, std::move(spec));
}

} // namespace

/// What a publish leads to, as https://www.rabbitmq.com/docs/exchanges,
/// https://www.rabbitmq.com/docs/e2e, https://www.rabbitmq.com/docs/ae and
/// https://www.rabbitmq.com/docs/publishers#unroutable say.
class TestRouter : public QObject {
    Q_OBJECT

private slots:
    void aQueueGetsOneCopyHoweverManyBindingsMatch() {
        Situation s;
        s.queue("q").exchange("x", ExchangeType::Topic);
        s.bind("x", "q", "a.*").bind("x", "q", "a.#").bind("x", "q", "#");
        publishKey(s, "x", "a.b");
        const Outcomes o = s.run();
        QCOMPARE(o.ready("q"), std::string("1"));
        QCOMPARE(o.broken(), std::string());
    }

    void eachTypeRoutesByItsOwnRule_data() {
        QTest::addColumn<int>("type");
        QTest::addColumn<std::string>("binding");
        QTest::addColumn<std::string>("key");
        QTest::addColumn<bool>("routed");
        const auto row = [](const char* name, ExchangeType type, const char* binding,
                            const char* key, bool routed) {
            QTest::newRow(name) << static_cast<int>(type) << std::string(binding)
                                << std::string(key) << routed;
        };
        row("direct: the same key", ExchangeType::Direct, "k", "k", true);
        row("direct: another case", ExchangeType::Direct, "k", "K", false);
        row("direct: no wildcards", ExchangeType::Direct, "*", "k", false);
        row("direct: the empty key", ExchangeType::Direct, "", "", true);
        row("fanout: the key does not matter", ExchangeType::Fanout, "k", "other", true);
        row("topic: * wants a word", ExchangeType::Topic, "*", "", false);
        row("topic: # wants none", ExchangeType::Topic, "#", "", true);
        row("topic: the empty key", ExchangeType::Topic, "", "", true);
        row("topic: an empty word is a word", ExchangeType::Topic, "a.*.c", "a..c", true);
        row("headers: the key does not matter", ExchangeType::Headers, "k", "other", true);
    }
    void eachTypeRoutesByItsOwnRule() {
        QFETCH(int, type);
        QFETCH(std::string, binding);
        QFETCH(std::string, key);
        QFETCH(bool, routed);
        Situation s;
        s.queue("q").exchange("x", static_cast<ExchangeType>(type)).bind("x", "q", binding);
        publishKey(s, "x", key);
        const Outcomes o = s.run();
        QCOMPARE(o.ready("q"), std::string(routed ? "1" : ""));
        QCOMPARE(o.count(TraceKind::Unroutable, "x"), routed ? 0u : 1u);
    }

    void aHeadersExchangeLooksAtHeaders() {
        Situation s;
        s.queue("any").queue("all").exchange("x", ExchangeType::Headers);
        const Table asked{{"type", std::string("a")}, {"size", std::int64_t{3}}};
        Table any = asked;
        any.emplace_back("x-match", std::string("any"));
        s.bind("x", "any", "", any).bind("x", "all", "", asked);
        publishKey(s, "x", "", {}, {{"type", std::string("a")}});
        const Outcomes o = s.run();
        QCOMPARE(o.ready("any"), std::string("1"));
        QCOMPARE(o.ready("all"), std::string());
    }

    void theDefaultExchangeKnowsQueuesByName() {
        Situation s;
        QueueSpec named;
        named.name = "orders";
        s.queue("q", named);
        s.publish("p", "q", "0");
        const Outcomes o = s.run();
        QCOMPARE(o.ready("q"), std::string("1"));
        QCOMPARE(o.all(TraceKind::Enqueued, "q").at(0).peer, noComponent);
    }

    void exchangesMayFormACycle() {
        Situation s;
        s.queue("q").exchange("x1", ExchangeType::Fanout).exchange("x2", ExchangeType::Fanout);
        s.bind("x1", "x2").bind("x2", "x1").bind("x1", "q").bind("x2", "q");
        publishKey(s, "x1", "k");
        QCOMPARE(s.run().ready("q"), std::string("1"));
    }

    void aBoundExchangeAppliesItsOwnTypeToTheSameKey() {
        Situation s;
        s.queue("direct").queue("other");
        s.exchange("x", ExchangeType::Topic).exchange("y", ExchangeType::Direct);
        s.bind("x", "y", "a.#").bind("y", "direct", "a.b").bind("y", "other", "a.#");
        publishKey(s, "x", "a.b");
        const Outcomes o = s.run();
        QCOMPARE(o.ready("direct"), std::string("1"));
        QCOMPARE(o.ready("other"), std::string());
        QCOMPARE(o.plan().catalogue.components[index(o.message("direct").exchange)],
                 std::string("x"));
    }

    void theAlternateExchangeTakesWhatNothingMatched() {
        Situation s;
        s.queue("q").queue("qf").exchange("f", ExchangeType::Fanout).bind("f", "qf");
        s.exchange("x", ExchangeType::Direct, withAlternate("f")).bind("x", "q", "k");
        publishKey(s, "x", "k2", mandatory(true));
        const Outcomes o = s.run();
        QCOMPARE(o.ready("qf"), std::string("1"));
        QCOMPARE(o.ready("q"), std::string());
        QCOMPARE(o.count(TraceKind::ReturnSent), 0u);
        QCOMPARE(o.count(TraceKind::ConfirmReceived, "p"), 1u);
        QCOMPARE(o.message("qf").exchange, o.all(TraceKind::Published, "p").at(0).peer);
    }

    void theAlternateExchangeIsForNoDestinationAtAll() {
        Situation s;
        s.queue("qa").exchange("a", ExchangeType::Fanout).bind("a", "qa");
        s.exchange("x", ExchangeType::Topic, withAlternate("a")).exchange("y", ExchangeType::Direct);
        s.bind("x", "y", "#");
        publishKey(s, "x", "k");
        const Outcomes o = s.run();
        QCOMPARE(o.ready("qa"), std::string());
        QCOMPARE(o.count(TraceKind::Unroutable, "x"), 1u);
    }

    void theAlternateExchangeOfABoundExchangeIsUsed() {
        Situation s;
        s.queue("qa").exchange("a", ExchangeType::Fanout).bind("a", "qa");
        s.exchange("x", ExchangeType::Topic).exchange("y", ExchangeType::Direct, withAlternate("a"));
        s.bind("x", "y", "#");
        publishKey(s, "x", "k");
        QCOMPARE(s.run().ready("qa"), std::string("1"));
    }

    void alternateExchangesFormChainsAndLoopsEnd() {
        Situation s;
        s.queue("q");
        s.exchange("a", ExchangeType::Direct, withAlternate("b"));
        s.exchange("b", ExchangeType::Direct, withAlternate("c"));
        s.exchange("c", ExchangeType::Direct, withAlternate("a")).bind("c", "q", "k");
        publishKey(s, "a", "k");
        QCOMPARE(s.run().ready("q"), std::string("1"));

        Situation loop;
        loop.exchange("a", ExchangeType::Direct, withAlternate("b"));
        loop.exchange("b", ExchangeType::Direct, withAlternate("a"));
        publishKey(loop, "a", "k");
        QCOMPARE(loop.run().count(TraceKind::Unroutable), 1u);
    }

    void anInternalExchangeIsReachedThroughOthers() {
        Situation s;
        ExchangeSpec internal;
        internal.internal = true;
        s.queue("q").exchange("in", ExchangeType::Fanout, internal).bind("in", "q");
        s.exchange("x", ExchangeType::Fanout).bind("x", "in");
        publishKey(s, "x", "k");
        QCOMPARE(s.run().ready("q"), std::string("1"));
    }

    void unroutablePublishesAreToldOfAsAskedFor_data() {
        QTest::addColumn<bool>("isMandatory");
        QTest::addColumn<bool>("confirms");
        QTest::newRow("neither") << false << false;
        QTest::newRow("confirms") << false << true;
        QTest::newRow("mandatory") << true << false;
        QTest::newRow("both") << true << true;
    }
    void unroutablePublishesAreToldOfAsAskedFor() {
        QFETCH(bool, isMandatory);
        QFETCH(bool, confirms);
        ProducerSpec spec = mandatory(confirms);
        spec.mandatory = isMandatory;
        Situation s;
        s.queue("q").exchange("x", ExchangeType::Direct).bind("x", "q", "k");
        publishKey(s, "x", "nope", spec);
        const Outcomes o = s.run();
        QCOMPARE(o.ready("q"), std::string());
        QCOMPARE(o.count(TraceKind::ReturnReceived, "p"), isMandatory ? 1u : 0u);
        QCOMPARE(o.count(TraceKind::ConfirmReceived, "p"), confirms ? 1u : 0u);
        QCOMPARE(o.count(TraceKind::NackReceived, "p"), 0u);
        QCOMPARE(o.broken(), std::string());
        if (isMandatory && confirms) {
            const auto isReply = [](const TraceRecord& record) {
                return record.kind == TraceKind::ReturnReceived ||
                       record.kind == TraceKind::ConfirmReceived;
            };
            const auto first = std::ranges::find_if(o.records(), isReply);
            QVERIFY(first->kind == TraceKind::ReturnReceived); // before the confirm
        }
    }

    void bindingsSeeWhatDeadLetteringAdded() {
        Situation s;
        QueueSpec full;
        full.name = "work"; // bindings ask for the name that the broker knows
        full.maxLength = 0;
        full.deadLetterExchange = "mid";
        QueueSpec alsoFull;
        alsoFull.maxLength = 0;
        alsoFull.deadLetterExchange = "x";
        s.exchange("mid", ExchangeType::Fanout).exchange("x", ExchangeType::Headers);
        s.queue("q1", full).queue("q2", alsoFull).queue("first").queue("last").bind("mid", "q2");
        const auto asks = [](const char* header, const char* name) {
            return Table{{"x-match", std::string("all-with-x")}, {header, std::string(name)}};
        };
        s.bind("x", "first", "", asks("x-first-death-queue", "work"));
        s.bind("x", "last", "", asks("x-last-death-queue", "q2"));
        s.publish("p", "q1", "0");
        const Outcomes o = s.run();
        QCOMPARE(o.ready("first"), std::string("1"));
        QCOMPARE(o.ready("last"), std::string("1"));
    }
};

QTEST_APPLESS_MAIN(TestRouter)
#include "tst_router.moc"
