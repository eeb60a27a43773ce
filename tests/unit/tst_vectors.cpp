#include "tests/support/situation.h"

#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

#include <functional>
#include <map>
#include <set>

using namespace sim;

namespace {

/// One of the numbered vectors: what is set up and done, and what must come of it.
struct Vector {
    int number;
    const char* what;
    std::function<void()> run;
};

ProducerSpec confirming(bool mandatory = false) {
    ProducerSpec spec;
    spec.confirms = ConfirmSpec{.timeout = 1h, .retries = 0};
    spec.mandatory = mandatory;
    return spec;
}

ConsumerSpec working(Duration service, std::uint32_t prefetch = 1) {
    ConsumerSpec spec;
    spec.prefetch = prefetch;
    spec.serviceTime = always(service);
    return spec;
}

ConsumerSpec failing(OnFailure onFailure, Duration service = 10ms) {
    ConsumerSpec spec = working(service);
    spec.onFailure = onFailure;
    spec.failureRate = 1;
    return spec;
}

/// A queue whose dead letters come to the queue "dead".
QueueSpec mourned(QueueSpec spec = {}) {
    spec.deadLetterExchange = "";
    spec.deadLetterRoutingKey = "dead";
    return spec;
}

QueueSpec ofLength(std::uint64_t length, std::optional<Overflow> overflow = {}) {
    QueueSpec spec;
    spec.maxLength = length;
    spec.overflow = overflow;
    return spec;
}

QueueSpec livingFor(Duration ttl) {
    QueueSpec spec;
    spec.messageTtl = ttl;
    return spec;
}

CrashFault crashOf(const std::string& consumer) {
    CrashFault crash;
    crash.target = consumer;
    return crash;
}

TableValue text(const char* value) { return std::string(value); }

/// One message with this routing key, and headers, to the exchange "x".
Situation& send(Situation& s, const std::string& key, Table headers = {}, ProducerSpec spec = {}) {
    Situation::Entry entry = at(0ms, "", key);
    entry.headers = std::move(headers);
    return s.script("p", "x", {entry}, std::move(spec));
}

/// A queue that is gone when something is published to it.
Outcomes afterItsEnd(ProducerSpec producer) {
    QueueSpec brief;
    brief.expires = 1s;
    Situation s;
    s.queue("nope", brief).publish("p", "nope", "2000", std::move(producer));
    return s.run(5s);
}

Situation overflowing(const QueueSpec& queue, ProducerSpec producer = confirming()) {
    Situation s;
    s.queue("q", mourned(queue)).queue("dead").publish("p", "q", "0 0 0 0", std::move(producer));
    return s;
}

const std::vector<Vector> routing{
    {1, "unroutable, with confirms: acknowledged, and nothing is stored",
     [] {
         const Outcomes o = afterItsEnd(confirming());
         QCOMPARE(o.count(TraceKind::ConfirmSent), std::size_t{1});
         QCOMPARE(o.count(TraceKind::ReturnSent), std::size_t{0});
         QCOMPARE(o.ready("nope"), std::string());
     }},
    {2, "mandatory too: returned, then acknowledged",
     [] {
         const Outcomes o = afterItsEnd(confirming(true));
         std::vector<TraceKind> sent;
         for (const TraceRecord& record : o.records()) {
             if (record.kind == TraceKind::ReturnSent || record.kind == TraceKind::ConfirmSent) {
                 sent.push_back(record.kind);
             }
         }
         const std::vector<TraceKind> expected{TraceKind::ReturnSent, TraceKind::ConfirmSent};
         QVERIFY(sent == expected);
     }},
    {3, "mandatory without confirms: returned",
     [] {
         ProducerSpec producer;
         producer.mandatory = true;
         const Outcomes o = afterItsEnd(producer);
         QCOMPARE(o.count(TraceKind::ReturnSent), std::size_t{1});
         QCOMPARE(o.count(TraceKind::ConfirmSent), std::size_t{0});
     }},
    {4, "three bindings that match make one copy",
     [] {
         Situation s;
         s.exchange("x", ExchangeType::Topic).queue("q");
         s.bind("x", "q", "a.*").bind("x", "q", "a.#").bind("x", "q", "#");
         QCOMPARE(send(s, "a.b").run(1s).enqueued("q"), std::string("1"));
     }},
    {5, "an empty key is no word",
     [] {
         Situation s;
         s.exchange("x", ExchangeType::Topic).queue("one").queue("any").queue("none");
         s.bind("x", "one", "*").bind("x", "any", "#").bind("x", "none", "");
         const Outcomes o = send(s, "").run(1s);
         QCOMPARE(o.enqueued("one"), std::string());
         QCOMPARE(o.enqueued("any"), std::string("1"));
         QCOMPARE(o.enqueued("none"), std::string("1"));
     }},
    {6, "an empty word is a word",
     [] {
         Situation s;
         s.exchange("x", ExchangeType::Topic).queue("q").bind("x", "q", "a.*.c");
         QCOMPARE(send(s, "a..c").run(1s).enqueued("q"), std::string("1"));
     }},
    {7, "no arguments: any never matches, all always",
     [] {
         Situation s;
         s.exchange("x", ExchangeType::Headers).queue("any").queue("all");
         s.bind("x", "any", "", {{"x-match", text("any")}});
         s.bind("x", "all", "", {{"x-match", text("all")}});
         const Outcomes o = send(s, "", {{"h", true}}).run(1s);
         QCOMPARE(o.enqueued("any"), std::string());
         QCOMPARE(o.enqueued("all"), std::string("1"));
     }},
    {8, "arguments that begin with x- take part only where the mode says so",
     [] {
         Situation s;
         s.exchange("x", ExchangeType::Headers).queue("all").queue("with");
         const Table asked{{"x-foo", std::int64_t{1}}, {"type", text("a")}};
         Table all = asked;
         all.emplace_back("x-match", text("all"));
         Table with = asked;
         with.emplace_back("x-match", text("all-with-x"));
         s.bind("x", "all", "", all).bind("x", "with", "", with);
         const Outcomes o = send(s, "", {{"type", text("a")}}).run(1s);
         QCOMPARE(o.enqueued("all"), std::string("1"));
         QCOMPARE(o.enqueued("with"), std::string());
     }},
    {9, "an argument without a value asks for the header alone",
     [] {
         Situation s;
         s.exchange("x", ExchangeType::Headers).queue("q").bind("x", "q", "", {{"k", std::monostate{}}});
         QCOMPARE(send(s, "", {{"k", text("anything")}}).run(1s).enqueued("q"), std::string("1"));
     }},
    {10, "a cycle of exchanges makes one copy",
     [] {
         Situation s;
         s.exchange("x", ExchangeType::Fanout).exchange("y", ExchangeType::Fanout).queue("q");
         s.bind("x", "y").bind("y", "x").bind("x", "q").bind("y", "q");
         QCOMPARE(send(s, "").run(1s).enqueued("q"), std::string("1"));
     }},
    {11, "what comes through an alternate exchange is not returned",
     [] {
         Situation s;
         ExchangeSpec x;
         x.alternateExchange = "f";
         s.exchange("x", ExchangeType::Direct, x).exchange("f", ExchangeType::Fanout);
         s.queue("q").queue("qf").bind("x", "q", "k").bind("f", "qf");
         const Outcomes o = send(s, "k2", {}, confirming(true)).run(1s);
         QCOMPARE(o.enqueued("qf"), std::string("1"));
         QCOMPARE(o.count(TraceKind::ReturnSent), std::size_t{0});
     }},
    {12, "an exchange behind that finds nothing: the alternate exchange is not asked",
     [] {
         Situation s;
         ExchangeSpec x;
         x.alternateExchange = "a";
         s.exchange("x", ExchangeType::Topic, x).exchange("y", ExchangeType::Direct);
         s.exchange("a", ExchangeType::Fanout).queue("qa").bind("x", "y", "#").bind("a", "qa");
         const Outcomes o = send(s, "k").run(1s);
         QCOMPARE(o.enqueued("qa"), std::string());
         QCOMPARE(o.count(TraceKind::Unroutable), std::size_t{1});
     }},
    {13, "but the one of the exchange behind is",
     [] {
         Situation s;
         ExchangeSpec y;
         y.alternateExchange = "a";
         s.exchange("x", ExchangeType::Topic).exchange("y", ExchangeType::Direct, y);
         s.exchange("a", ExchangeType::Fanout).queue("qa").bind("x", "y", "#").bind("a", "qa");
         QCOMPARE(send(s, "k").run(1s).enqueued("qa"), std::string("1"));
     }},
    {56, "an alternate exchange that is not there: unroutable, and acknowledged",
     [] {
         BrokerSpec broker;
         broker.policies = {PolicySpec{.name = "gone", .alternateExchange = "nowhere"}};
         Situation s;
         s.broker(broker).exchange("x", ExchangeType::Direct);
         const Outcomes o = send(s, "k", {}, confirming()).run(1s);
         QCOMPARE(o.count(TraceKind::Unroutable), std::size_t{1});
         QCOMPARE(o.count(TraceKind::ConfirmSent), std::size_t{1});
     }},
};

const std::vector<Vector> queues{
    {17, "drop-head",
     [] {
         const Outcomes o = overflowing(ofLength(2)).run(1s);
         QCOMPARE(o.ready("q"), std::string("3 4"));
         QCOMPARE(o.ready("dead"), std::string("1 2"));
         QCOMPARE(o.deaths("dead"), std::string("q maxlen 1"));
     }},
    {18, "reject-publish",
     [] {
         const Outcomes o = overflowing(ofLength(2, Overflow::RejectPublish)).run(1s);
         QCOMPARE(o.messages(TraceKind::ConfirmSent), std::string("1 2"));
         QCOMPARE(o.messages(TraceKind::NackSent), std::string("3 4"));
         QCOMPARE(o.ready("q"), std::string("1 2"));
         QCOMPARE(o.ready("dead"), std::string());
     }},
    {19, "reject-publish-dlx",
     [] {
         const Outcomes o = overflowing(ofLength(2, Overflow::RejectPublishDlx)).run(1s);
         QCOMPARE(o.messages(TraceKind::NackSent), std::string("3 4"));
         QCOMPARE(o.ready("dead"), std::string("3 4"));
         QCOMPARE(o.deaths("dead"), std::string("q maxlen 1"));
     }},
    {20, "one queue refuses: a nack, although the other has it",
     [] {
         Situation s;
         s.exchange("x", ExchangeType::Fanout).queue("qa", ofLength(0, Overflow::RejectPublish));
         s.queue("qb").bind("x", "qa").bind("x", "qb");
         const Outcomes o = send(s, "", {}, confirming()).run(1s);
         QCOMPARE(o.count(TraceKind::NackSent), std::size_t{1});
         QCOMPARE(o.ready("qb"), std::string("1"));
     }},
    {21, "what is unacknowledged does not count",
     [] {
         const Outcomes o = overflowing(ofLength(2)).consumer("c", "q", working(1h)).run(1s);
         QCOMPARE(o.ready("q"), std::string("3 4"));
         QCOMPARE(o.ready("dead"), std::string("2"));
     }},
    {22, "what comes back to a full queue is dropped at its head",
     [] {
         Situation s = overflowing(ofLength(2));
         s.consumer("c", "q", working(1h)).fault(crashOf("c"), 1s);
         const Outcomes o = s.run(2s);
         QCOMPARE(o.ready("q"), std::string("3 4"));
         QCOMPARE(o.ready("dead"), std::string("2 1"));
     }},
    {24, "what is over before a consumer comes is not delivered",
     [] {
         Situation s;
         s.queue("q", livingFor(100ms)).publish("p", "q", "0").consumer("c", "q", working(1ms));
         s.fault(crashOf("c"), 0s, 150ms);
         const Outcomes o = s.run(1s);
         QCOMPARE(o.count(TraceKind::Delivered), std::size_t{0});
         QCOMPARE(o.timed(TraceKind::Dropped, "q"), std::string("1@100ms"));
     }},
    {25, "a time to live of 0: to an idle consumer or nowhere",
     [] {
         Situation idle;
         idle.queue("q", livingFor(0ms)).publish("p", "q", "1").consumer("c", "q", working(1ms));
         QCOMPARE(idle.run(1s).applied("c"), std::string("1"));
         Situation alone;
         alone.queue("q", livingFor(0ms)).publish("p", "q", "1");
         QCOMPARE(alone.run(1s).timed(TraceKind::Dropped, "q"), std::string("1@1ms"));
     }},
    {26, "a short life waits behind a long one",
     [] {
         Situation::Entry longOne = at(0ms);
         longOne.expiration = 60s;
         Situation::Entry shortOne = at(0ms);
         shortOne.expiration = 1s;
         Situation s;
         s.queue("q", mourned()).queue("dead").script("p", "q", {longOne, shortOne});
         QCOMPARE(s.run(2min).timed(TraceKind::DeadLettered, "q"),
                  std::string("1@60000ms 2@60000ms"));
     }},
    {27, "what comes back after its time is over at once",
     [] {
         Situation s;
         s.queue("q", livingFor(1s)).publish("p", "q", "0");
         s.consumer("c", "q", failing(OnFailure::Requeue, 1s)).fault(crashOf("c"), 0s, 500ms);
         const Outcomes o = s.run(5s);
         QCOMPARE(o.timed(TraceKind::Delivered, "q"), std::string("1@500ms"));
         QCOMPARE(o.timed(TraceKind::Dropped, "q"), std::string("1@1500ms"));
     }},
    {28, "a retry loop counts its rounds",
     [] {
         QueueSpec work;
         work.deadLetterExchange = "";
         work.deadLetterRoutingKey = "retry";
         QueueSpec retry = livingFor(1s);
         retry.deadLetterExchange = "";
         retry.deadLetterRoutingKey = "work";
         Situation s;
         s.queue("work", work).queue("retry", retry).publish("p", "work", "0");
         s.consumer("c", "work", failing(OnFailure::Reject, 0ms));
         QCOMPARE(s.run(9500ms).deaths("retry"), std::string("work rejected 10, retry expired 9"));
     }},
    {29, "a queue that dead-letters into itself drops what expires",
     [] {
         QueueSpec queue = livingFor(1s);
         queue.deadLetterExchange = "";
         Situation s;
         s.queue("q", queue).publish("p", "q", "0");
         const Outcomes o = s.run(5s);
         QCOMPARE(o.count(TraceKind::Enqueued), std::size_t{1});
         QCOMPARE(o.all(TraceKind::Unroutable).front().reason, Reason::Cycle);
     }},
    {30, "a dead letter has no expiration, its history has",
     [] {
         Situation::Entry entry = at(0ms);
         entry.expiration = 5s;
         Situation s;
         s.queue("q", mourned()).queue("dead").script("p", "q", {entry});
         s.consumer("c", "q", failing(OnFailure::Reject));
         const Outcomes o = s.run(10s);
         QCOMPARE(o.message("dead").expiration, noExpiration);
         QCOMPARE(o.deathHistory("dead").front().expiration, 5000u);
     }},
    {33, "a dead-letter exchange that is not there: gone without a word",
     [] {
         BrokerSpec broker;
         broker.policies = {PolicySpec{.name = "gone", .deadLetterExchange = "nowhere"}};
         Situation s;
         s.broker(broker).queue("q", livingFor(1s)).publish("p", "q", "0");
         const Outcomes o = s.run(5s);
         QCOMPARE(o.count(TraceKind::Dropped, "q") + o.count(TraceKind::Unroutable), std::size_t{1});
         QCOMPARE(o.world().messages().alive(), 0u);
     }},
    {66, "priorities, of which none is 0 and too high is the highest",
     [] {
         QueueSpec queue;
         queue.maxPriority = 3;
         std::vector<Situation::Entry> entries;
         for (const auto priority : {std::optional<std::uint8_t>(1), std::optional<std::uint8_t>(3),
                                     std::optional<std::uint8_t>(2), std::optional<std::uint8_t>(),
                                     std::optional<std::uint8_t>(9)}) {
             entries.push_back(at(0ms));
             entries.back().priority = priority;
         }
         Situation s;
         s.queue("q", queue).script("p", "q", entries);
         QCOMPARE(s.run(1s).ready("q"), std::string("2 5 3 1 4"));
         s.consumer("c", "q", working(1h, 10)); // T67: nothing waits for its turn
         QCOMPARE(s.run(1s).delivered("q"), std::string("1 2 3 4 5"));
     }},
    {70, "a queue goes while confirms are pending: acknowledged",
     [] {
         QueueSpec brief;
         brief.expires = 10ms;
         Situation s;
         s.disk(always(100ms)).queue("q", brief).publish("p", "q", "0 1 2", confirming());
         const Outcomes o = s.run(1s);
         QCOMPARE(o.count(TraceKind::Dropped, "q"), std::size_t{3});
         QCOMPARE(o.count(TraceKind::ConfirmSent), std::size_t{3});
     }},
};

const std::vector<Vector> consumers{
    {38, "a classic queue gives a requeued message again at once",
     [] {
         Situation s;
         s.queue("q").publish("p", "q", "0 0 0").consumer("c", "q", failing(OnFailure::Requeue));
         QCOMPARE(s.run(35ms).delivered("q"), std::string("1 1 1 1"));
     }},
    {42, "with a prefetch of 1 who works faster gets more",
     [] {
         Situation s;
         s.queue("q").consumer("c1", "q", working(10ms)).consumer("c2", "q", working(30ms));
         const Outcomes o = s.publish("p", "q", "0 0 0 0").run(1s);
         QCOMPARE(o.applied("c1"), std::string("1 3 4"));
         QCOMPARE(o.applied("c2"), std::string("2"));
     }},
    {43, "without a prefetch limit they take strict turns",
     [] {
         Situation s;
         s.queue("q").consumer("c1", "q", working(1ms, 0)).consumer("c2", "q", working(1h, 0));
         const Outcomes o = s.publish("p", "q", "0 0 0 0 0 0").run(1s);
         QCOMPARE(o.delivered("q", "c1"), std::string("1 3 5"));
         QCOMPARE(o.delivered("q", "c2"), std::string("2 4 6"));
     }},
    {47, "multiple covers what is outstanding up to its tag",
     [] {
         ConsumerSpec consumer = working(1h, 8);
         consumer.concurrency = 8;
         consumer.ackEvery = 4;
         consumer.ackAfter = 100ms;
         for (const Duration service : {10ms, 10ms, 10ms, 10ms, 20ms, 20ms, 20ms}) {
             consumer.outcomes.push_back({.outcome = Outcome::Success, .serviceTime = service});
         }
         Situation s;
         s.queue("q").consumer("c", "q", consumer).publish("p", "q", "0 0 0 0 0 0 0 0");
         const Outcomes o = s.run(1s);
         QCOMPARE(o.timed(TraceKind::Acked), std::string("1@10ms 2@10ms 3@10ms 4@10ms "
                                                         "5@120ms 6@120ms 7@120ms"));
         QCOMPARE(o.unacked("q"), std::size_t{1});
     }},
    {49, "automatic acknowledgement loses what the client had not handled",
     [] {
         ConsumerSpec consumer = working(10ms, 0);
         consumer.ackMode = AckMode::Auto;
         ProducerSpec burst;
         burst.arrivals = BurstArrivals{.size = 100, .every = 1h, .spacing = 0s};
         Situation s;
         s.queue("q").producer("p", "q", burst).consumer("c", "q", consumer);
         const Outcomes o = s.fault(crashOf("c"), 105ms).run(1s);
         QCOMPARE(o.count(TraceKind::Applied), std::size_t{10});
         QCOMPARE(o.count(TraceKind::Discarded), std::size_t{90});
         QCOMPARE(o.ready("q"), std::string());
     }},
    {62, "a host that vanishes is missed after 2 to 3 heartbeat timeouts",
     [] {
         for (const Duration at : {0s, 1s, 30s, 59s, 60s, 61s, 119s}) {
             CrashFault silent = crashOf("c");
             silent.silent = true;
             Situation s;
             s.queue("q").consumer("c", "q", working(1h)).publish("p", "q", "0");
             const Outcomes o = s.fault(silent, at).run(10min);
             const auto requeued = o.all(TraceKind::Requeued);
             QCOMPARE(requeued.size(), std::size_t{1});
             QVERIFY(requeued[0].at - start >= at + 120s);
             QVERIFY(requeued[0].at - start <= at + 180s);
         }
     }},
};

/// Vectors that say what Millrace does not have; why.
const std::map<int, const char*> notApplicable{
};

std::vector<const Vector*> allVectors() {
    std::vector<const Vector*> all;
    for (const auto* part : {&routing, &queues, &consumers}) {
        for (const Vector& vector : *part) {
            all.push_back(&vector);
        }
    }
    return all;
}

} // namespace

/// Seventy numbered situations of RabbitMQ with what must come of each, T1 to T70, made from its
/// documentation and its source. Those that have a place of their own are tested there, under their
/// number.
/// Sources: https://www.rabbitmq.com/docs/exchanges, https://www.rabbitmq.com/docs/confirms,
/// https://www.rabbitmq.com/docs/maxlength, https://www.rabbitmq.com/docs/ttl,
/// https://www.rabbitmq.com/docs/dlx, https://www.rabbitmq.com/docs/priority,
/// https://www.rabbitmq.com/docs/consumer-prefetch
class TestVectors : public QObject {
    Q_OBJECT

private slots:
    void vector_data() {
        QTest::addColumn<int>("position");
        const std::vector<const Vector*> all = allVectors();
        for (std::size_t i = 0; i < all.size(); ++i) {
            QTest::addRow("T%d: %s", all[i]->number, all[i]->what) << static_cast<int>(i);
        }
    }
    void vector() {
        QFETCH(int, position);
        allVectors()[static_cast<std::size_t>(position)]->run();
    }

    void everyVectorIsTestedOrSaysWhyNot() {
        std::set<int> found;
        for (const Vector* vector : allVectors()) {
            QVERIFY2(found.insert(vector->number).second, vector->what);
        }
        static const QRegularExpression number(QStringLiteral("\\bT([0-9]{1,2})\\b"));
        QDirIterator files(QStringLiteral(TESTS_FOLDER), {QStringLiteral("tst_*.cpp")}, QDir::Files,
                           QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            if (file.fileName().endsWith(QStringLiteral("tst_vectors.cpp"))) {
                continue;
            }
            QVERIFY(file.open(QIODevice::ReadOnly));
            auto matches = number.globalMatch(QString::fromUtf8(file.readAll()));
            while (matches.hasNext()) {
                found.insert(matches.next().captured(1).toInt());
            }
        }
        found.insert(67); // with T66
        for (int n = 1; n <= 70; ++n) {
            QVERIFY2(found.contains(n) != notApplicable.contains(n),
                     qPrintable(QStringLiteral("T%1").arg(n)));
        }
    }
};

QTEST_GUILESS_MAIN(TestVectors)
#include "tst_vectors.moc"
