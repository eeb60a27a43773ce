#include "tests/support/situation.h"

#include <QTest>

#include <cmath>

using namespace sim;

namespace {

ConsumerSpec working(Duration service, std::uint32_t prefetch = 1) {
    ConsumerSpec spec;
    spec.prefetch = prefetch;
    spec.serviceTime = always(service);
    spec.restartAfter = always(100ms);
    return spec;
}

ConsumerSpec scripted(std::vector<ScriptedOutcome> outcomes, std::uint32_t prefetch = 1) {
    ConsumerSpec spec = working(10ms, prefetch);
    spec.outcomes = std::move(outcomes);
    return spec;
}

ScriptedOutcome outcome(Outcome what) { return {.outcome = what, .serviceTime = {}}; }
ScriptedOutcome takes(Duration service) {
    return {.outcome = Outcome::Success, .serviceTime = service};
}

StrategySpec idempotent(std::uint32_t capacity = 1000, Duration ttl = 24h) {
    StrategySpec strategy;
    strategy.idempotent = IdempotencySpec{.capacity = capacity, .ttl = ttl};
    return strategy;
}

StrategySpec ordered(Ordering ordering) {
    StrategySpec strategy;
    strategy.ordering = ordering;
    return strategy;
}

StrategySpec resequencing(std::optional<Duration> gapWait, std::uint32_t bufferMax = 1000) {
    StrategySpec strategy = ordered(Ordering::Resequence);
    strategy.gapWait = gapWait;
    strategy.bufferMax = bufferMax;
    return strategy;
}

/// Versions of one key that were applied, in order.
std::string versions(const Outcomes& o, TraceKind kind = TraceKind::Applied) {
    std::string text;
    for (const TraceRecord& record : o.all(kind, "c")) {
        text += (text.empty() ? "" : " ") + std::to_string(record.version);
    }
    return text;
}

/// Messages of key k at these milliseconds; `c` consumes them with these service times.
Situation oneKey(const std::vector<int>& milliseconds, ConsumerSpec consumer) {
    Situation s;
    std::vector<Situation::Entry> entries;
    for (const int ms : milliseconds) {
        entries.push_back(at(std::chrono::milliseconds{ms}, "k"));
    }
    s.queue("q").script("p", "q", entries).consumer("c", "q", std::move(consumer));
    return s;
}

Outcome outcomeNamed(const QString& name) {
    return name == "before" ? Outcome::CrashBeforeEffect : Outcome::CrashAfterEffect;
}

} // namespace

/// How consumers work, fail, settle and defend themselves: https://www.rabbitmq.com/docs/confirms,
/// https://www.rabbitmq.com/docs/consumer-prefetch,
/// https://www.rabbitmq.com/docs/reliability#consumer-side
class TestConsumer : public QObject {
    Q_OBJECT

private slots:
    void handlersWorkSideBySide() {
        ConsumerSpec consumer = working(10ms, 0);
        consumer.instances = 2;
        consumer.concurrency = 2;
        Situation s;
        s.queue("q").consumer("c", "q", consumer).publish("p", "q", "0 0 0 0 0 0");
        QCOMPARE(s.run().timed(TraceKind::Applied, "c"),
                 std::string("1@10ms 2@10ms 3@10ms 4@10ms 5@20ms 6@20ms"));
    }

    /// What the moment of the acknowledgement is worth in a crash.
    void acknowledgingAndCrashing_data() {
        QTest::addColumn<int>("mode");
        QTest::addColumn<QString>("crash");
        QTest::addColumn<std::string>("applied");
        const auto row = [](const char* name, AckMode mode, const char* crash,
                            const char* applied) {
            QTest::newRow(name) << static_cast<int>(mode) << QString(crash) << std::string(applied);
        };
        row("after, before the effect: repeated", AckMode::After, "before", "1");
        row("after, after the effect: twice", AckMode::After, "after", "1 1");
        row("before, before the effect: lost", AckMode::Before, "before", "");
        row("before, after the effect: once", AckMode::Before, "after", "1");
        row("automatic, before the effect: lost", AckMode::Auto, "before", "");
        row("automatic, after the effect: once", AckMode::Auto, "after", "1");
    }
    void acknowledgingAndCrashing() {
        QFETCH(int, mode);
        QFETCH(QString, crash);
        QFETCH(std::string, applied);
        ConsumerSpec consumer = scripted({outcome(outcomeNamed(crash))});
        consumer.ackMode = static_cast<AckMode>(mode);
        Situation s;
        s.queue("q").consumer("c", "q", consumer).publish("p", "q", "0");
        const Outcomes o = s.run();
        QCOMPARE(o.applied("c"), applied);
        QCOMPARE(o.count(TraceKind::Crashed, "c"), 1u);
        QCOMPARE(o.count(TraceKind::Restarted, "c"), 1u);
        QCOMPARE(o.world().messages().alive(), 0u);
        QCOMPARE(o.broken(), std::string());
        if (applied == "1 1") {
            consumer.strategy = idempotent();
            Situation guarded;
            guarded.queue("q").consumer("c", "q", consumer).publish("p", "q", "0");
            QCOMPARE(guarded.run().applied("c"), std::string("1"));
        }
    }

    void crashesComeByTheirShares() {
        constexpr int messages = 4000;
        ConsumerSpec consumer = working(1ms);
        consumer.crashBeforeEffect = 0.05;
        consumer.crashAfterEffect = 0.05;
        consumer.restartAfter = always(1ms);
        ProducerSpec producer;
        producer.arrivals = ConstantArrivals{.rate = 100};
        producer.limit = messages;
        Situation s;
        s.queue("q").consumer("c", "q", consumer).producer("p", "q", producer);
        const Outcomes o = s.run();
        // After n messages each try crashes before the effect with 5 %, after it with 5 % of the
        // rest: on average 1 / 0.9025 tries and 1 / 0.95 effects for each message.
        const double effects = messages / 0.95;
        const double crashes = messages / 0.9025 - messages;
        const auto near = [](std::size_t found, double expected, double variance) {
            return std::abs(static_cast<double>(found) - expected) < 3.3 * std::sqrt(variance);
        };
        QVERIFY(near(o.count(TraceKind::Applied), effects, messages * 0.05 / 0.9025));
        QVERIFY(near(o.count(TraceKind::Crashed), crashes, messages * 0.0975 / 0.9025 / 0.9025));
        QCOMPARE(o.broken(), std::string());
    }

    void failuresAreAnsweredAsAskedFor_data() {
        QTest::addColumn<int>("onFailure");
        QTest::addColumn<std::string>("applied");
        QTest::addColumn<std::string>("dead");
        const auto row = [](const char* name, OnFailure onFailure, const char* applied,
                            const char* dead) {
            QTest::newRow(name) << static_cast<int>(onFailure) << std::string(applied)
                                << std::string(dead);
        };
        row("requeue", OnFailure::Requeue, "1 2", "");
        row("reject", OnFailure::Reject, "2", "1");
        row("ignore", OnFailure::Ignore, "2", "");
        row("republish", OnFailure::Republish, "2 1", "");
    }
    void failuresAreAnsweredAsAskedFor() {
        QFETCH(int, onFailure);
        QFETCH(std::string, applied);
        QFETCH(std::string, dead);
        ConsumerSpec consumer = scripted({outcome(Outcome::Failure)});
        consumer.onFailure = static_cast<OnFailure>(onFailure);
        consumer.retryKeys = {"q"};
        QueueSpec queue;
        queue.deadLetterExchange = "";
        queue.deadLetterRoutingKey = "dlq";
        Situation s;
        s.queue("q", queue).queue("dlq").exchange("x", ExchangeType::Direct).bind("x", "q", "q");
        s.consumer("c", "q", consumer).publishLink("c", "x").publish("p", "q", "0 0");
        const Outcomes o = s.run();
        QCOMPARE(o.applied("c"), applied);
        QCOMPARE(o.ready("dlq"), dead);
        QCOMPARE(o.count(TraceKind::Failed, "c"), 1u);
        QVERIFY(o.all(TraceKind::Failed)[0].reason == Reason::Scripted);
        QCOMPARE(o.broken(), std::string());
    }

    void retriesGoFromKeyToKeyAndGiveUp() {
        ConsumerSpec consumer = working(10ms);
        consumer.failureRate = 1;
        consumer.onFailure = OnFailure::Republish;
        consumer.retryKeys = {"fast", "slow"};
        consumer.giveUpKey = "dead";
        const auto waiting = [](Duration ttl) {
            QueueSpec spec;
            spec.messageTtl = ttl;
            spec.deadLetterExchange = "";
            spec.deadLetterRoutingKey = "q";
            return spec;
        };
        Situation s;
        s.queue("q").queue("q1", waiting(1s)).queue("q10", waiting(10s)).queue("dlq");
        s.exchange("x", ExchangeType::Direct);
        s.bind("x", "q1", "fast").bind("x", "q10", "slow").bind("x", "dlq", "dead");
        s.consumer("c", "q", consumer).publishLink("c", "x").publish("p", "q", "0");
        const Outcomes o = s.run();
        QCOMPARE(o.timed(TraceKind::Failed, "c"), std::string("1@10ms 1@1020ms 1@11030ms"));
        QCOMPARE(o.timed(TraceKind::Enqueued, "dlq"), std::string("1@11030ms"));
        QCOMPARE(o.broken(), std::string());
    }

    void someTypesFailMoreThanOthers() {
        ConsumerSpec consumer = working(1ms);
        consumer.onFailure = OnFailure::Ignore;
        consumer.failureRates = {{.type = "bad", .rate = 1}};
        ProducerSpec producer;
        producer.types = {{.name = "good"}, {.name = "bad"}};
        producer.arrivals = ConstantArrivals{.rate = 100};
        producer.limit = 100;
        Situation s;
        s.queue("q").consumer("c", "q", consumer).producer("p", "q", producer);
        const Outcomes o = s.run();
        for (const TraceRecord& record : o.all(TraceKind::Failed)) {
            QCOMPARE(o.plan().catalogue.types[index(record.type)].name, std::string("bad"));
        }
        QCOMPARE(o.count(TraceKind::Failed) + o.count(TraceKind::Applied), 100u);
        QVERIFY(o.count(TraceKind::Failed) > 20);
    }

    void poisonAlwaysFails() {
        ConsumerSpec consumer = working(1ms);
        consumer.poisonKeys = {"b", "no such key"};
        consumer.onFailure = OnFailure::Reject;
        Situation s;
        s.queue("q").consumer("c", "q", consumer);
        s.script("p", "q", {at(0ms, "a"), at(1ms, "b"), at(2ms, "a")});
        const Outcomes o = s.run();
        QCOMPARE(o.applied("c"), std::string("1 3"));
        QVERIFY(o.all(TraceKind::Failed).at(0).reason == Reason::Poison);
    }

    void anIdempotentConsumerAppliesOnce() {
        ConsumerSpec consumer = working(1ms);
        consumer.strategy = idempotent();
        Situation s;
        s.queue("q").consumer("c", "q", consumer).publish("p", "q", "0 10");
        s.fault(DuplicateFault{.from = "p", .to = "q", .probability = 1}, 0s);
        const Outcomes o = s.run();
        QCOMPARE(o.applied("c"), std::string("1 2"));
        QCOMPARE(o.messages(TraceKind::Skipped, "c"), std::string("1 2"));
        QVERIFY(o.all(TraceKind::Skipped)[0].reason == Reason::DuplicateId);
        QCOMPARE(o.messages(TraceKind::Acked, "q"), std::string("1 1 2 2"));
    }

    void idempotencyForgets_data() {
        QTest::addColumn<int>("capacity");
        QTest::addColumn<int>("ttl");
        QTest::addColumn<std::string>("applied");
        QTest::newRow("nothing") << 10 << 1000 << std::string("1 2");
        QTest::newRow("the oldest of too many") << 1 << 1000 << std::string("1 2 1");
        QTest::newRow("the old") << 10 << 50 << std::string("1 2 1");
    }
    void idempotencyForgets() {
        QFETCH(int, capacity);
        QFETCH(int, ttl);
        QFETCH(std::string, applied);
        // The confirm of the first message is lost: it comes again at 100 ms.
        ProducerSpec producer;
        producer.confirms = ConfirmSpec{.timeout = 100ms};
        ConsumerSpec consumer = working(1ms);
        consumer.strategy = idempotent(static_cast<std::uint32_t>(capacity),
                                       std::chrono::milliseconds{ttl});
        Situation s;
        s.queue("q").consumer("c", "q", consumer).publish("p", "q", "0 20", producer);
        s.fault(LostConfirmsFault{.from = "p", .to = "q", .probability = 1}, 0s, 10ms);
        QCOMPARE(s.run().applied("c"), applied);
    }

    void competingHandlersOvertake_data() {
        QTest::addColumn<int>("ordering");
        QTest::addColumn<std::string>("applied");
        QTest::addColumn<std::string>("skipped");
        const auto row = [](const char* name, Ordering ordering, const char* applied,
                            const char* skipped) {
            QTest::newRow(name) << static_cast<int>(ordering) << std::string(applied)
                                << std::string(skipped);
        };
        row("nothing: the older one wins", Ordering::None, "2 1", "");
        row("version check", Ordering::VersionCheck, "2", "1");
        row("last write wins", Ordering::LastWriteWins, "2", "1");
        row("resequencer", Ordering::Resequence, "1 2", "");
    }
    void competingHandlersOvertake() {
        QFETCH(int, ordering);
        QFETCH(std::string, applied);
        QFETCH(std::string, skipped);
        ConsumerSpec consumer = scripted({takes(100ms), takes(10ms)});
        consumer.instances = 2;
        consumer.strategy = ordered(static_cast<Ordering>(ordering));
        const Outcomes o = oneKey({0, 1}, consumer).run();
        QCOMPARE(versions(o), applied);
        QCOMPARE(versions(o, TraceKind::Skipped), skipped);
        QCOMPARE(o.world().messages().alive(), 0u);
        QCOMPARE(o.broken(), std::string());
    }

    void aSkewedClockMisleadsTheLastWrite() {
        ConsumerSpec consumer = working(1ms);
        consumer.strategy = ordered(Ordering::LastWriteWins);
        Situation s;
        s.queue("q").consumer("c", "q", consumer);
        s.script("ahead", "q", {at(0ms, "k")}).script("right", "q", {at(2s, "k"), at(6s, "k")});
        s.fault(ClockSkewFault{.target = "ahead", .offset = 5s}, 0s);
        const Outcomes o = s.run();
        QCOMPARE(versions(o), std::string("1 3")); // the newer version 2 calls itself older
        QCOMPARE(versions(o, TraceKind::Skipped), std::string("2"));
    }

    void aResequencerWaitsAndReleasesInOrder() {
        ConsumerSpec consumer = scripted({takes(50ms), takes(10ms), takes(10ms), takes(10ms)}, 4);
        consumer.concurrency = 4;
        consumer.strategy = resequencing(5s);
        const Outcomes o = oneKey({0, 0, 0, 0}, consumer).run();
        QCOMPARE(o.timed(TraceKind::Applied, "c"),
                 std::string("1@50ms 2@50ms 3@50ms 4@50ms"));
        QCOMPARE(versions(o, TraceKind::Held), std::string("2 3 4"));
        QCOMPARE(o.messages(TraceKind::Acked, "q"), std::string("2 3 4 1"));
    }

    void aResequencerSkipsAGapAfterItsWait() {
        ConsumerSpec consumer = working(1ms, 0);
        consumer.strategy = resequencing(5s);
        Situation s = oneKey({0, 1000, 2000}, consumer);
        s.fault(LossFault{.from = "p", .to = "q", .probability = 1}, 0s, 500ms);
        const Outcomes o = s.run();
        QCOMPARE(o.timed(TraceKind::Applied, "c"), std::string("2@6001ms 3@6001ms"));
        const auto gaps = o.all(TraceKind::GapSkipped, "c");
        QCOMPARE(gaps.size(), 1u);
        QCOMPARE(gaps[0].version, 1u); // the first missing one
        QVERIFY(gaps[0].reason == Reason::Timeout);
        QVERIFY(gaps[0].since == start + 1001ms);
    }

    void aVersionThatComesAfterItsGapIsStale() {
        ConsumerSpec consumer = scripted({takes(10s), takes(1ms)});
        consumer.instances = 2;
        consumer.strategy = resequencing(5s);
        const Outcomes o = oneKey({0, 0}, consumer).run();
        QCOMPARE(versions(o), std::string("2"));
        QCOMPARE(versions(o, TraceKind::Skipped), std::string("1"));
    }

    void eachGapIsWaitedForInTurn() {
        // 1, 3 and 5 are lost: three gaps, each found by the next version.
        ConsumerSpec consumer = working(1ms, 0);
        consumer.strategy = resequencing(5s);
        Situation s = oneKey({0, 10, 20, 30, 40, 50}, consumer);
        for (const Duration lost : {0ms, 20ms, 40ms}) {
            s.fault(LossFault{.from = "p", .to = "q", .probability = 1}, lost, 1ms);
        }
        const Outcomes o = s.run();
        QCOMPARE(versions(o), std::string("2 4 6"));
        QCOMPARE(o.count(TraceKind::GapSkipped), 3u);
        QVERIFY(o.all(TraceKind::Applied).back().at <= start + 5051ms);
        QCOMPARE(o.world().messages().alive(), 0u);
    }

    void aFullBufferSkipsTheGap() {
        // 1 and 3 are lost; the third that has to be held is one too many.
        ConsumerSpec consumer = working(1ms, 0);
        consumer.strategy = resequencing(5s, 1);
        Situation s = oneKey({0, 10, 20, 30}, consumer);
        for (const Duration lost : {0ms, 20ms}) {
            s.fault(LossFault{.from = "p", .to = "q", .probability = 1}, lost, 1ms);
        }
        const Outcomes o = s.run();
        QCOMPARE(o.timed(TraceKind::Applied, "c"), std::string("2@31ms 4@5031ms"));
        const auto gaps = o.all(TraceKind::GapSkipped, "c");
        QCOMPARE(gaps.size(), 2u);
        QVERIFY(gaps[0].reason == Reason::BufferFull);
        QVERIFY(gaps[1].reason == Reason::Timeout);
    }

    /// The lesson of the resequencer: what it waits for is behind what it holds.
    void tooSmallAPrefetchDeadlocks_data() {
        QTest::addColumn<int>("prefetch");
        QTest::addColumn<std::string>("applied");
        QTest::newRow("as much as it must hold") << 2 << std::string();
        QTest::newRow("one more") << 3 << std::string("1 2 3");
    }
    void tooSmallAPrefetchDeadlocks() {
        QFETCH(int, prefetch);
        QFETCH(std::string, applied);
        ConsumerSpec consumer = working(1ms, static_cast<std::uint32_t>(prefetch));
        consumer.strategy = resequencing({});
        Situation s = oneKey({0, 10, 20}, consumer);
        s.fault(ReorderFault{.from = "p", .to = "q", .probability = 1, .delay = always(100ms)}, 0s,
                5ms);
        const Outcomes o = s.run(24h);
        QCOMPARE(versions(o), applied);
        QCOMPARE(o.unacked("q"), applied.empty() ? 2u : 0u);
        QCOMPARE(o.ready("q"), std::string(applied.empty() ? "1" : ""));
        QCOMPARE(o.broken(), std::string());
    }

    void aCrashLosesWhatIsHeldAndTheBrokerBringsItAgain() {
        ConsumerSpec consumer = working(1ms, 0);
        consumer.strategy = resequencing({});
        Situation s = oneKey({0, 10, 20}, consumer);
        s.fault(ReorderFault{.from = "p", .to = "q", .probability = 1, .delay = always(100ms)}, 0s,
                5ms);
        s.fault(CrashFault{.target = "c", .instance = {}}, 50ms, 10ms);
        const Outcomes o = s.run();
        QCOMPARE(o.messages(TraceKind::Discarded, "c"), std::string("2 3"));
        QCOMPARE(o.timed(TraceKind::Held, "c"), std::string("2@11ms 3@21ms 2@61ms 3@62ms"));
        QCOMPARE(versions(o), std::string("1 2 3"));
        QCOMPARE(o.broken(), std::string());
    }

    void whatIsHeldForAClosedChannelIsReplaced() {
        // 2 is being worked on as its channel closes: it is held, comes again, and the instance
        // dies before 1 comes. It must come a third time, not be lost.
        ConsumerSpec consumer = scripted({takes(100ms)}, 0);
        consumer.strategy = resequencing({});
        Situation s = oneKey({0, 10}, consumer);
        s.fault(ReorderFault{.from = "p", .to = "q", .probability = 1, .delay = always(900ms)}, 0s,
                5ms);
        s.fault(PartitionFault{.from = "q", .to = "c", .closesAfter = 1ms}, 50ms, 20ms);
        s.fault(CrashFault{.target = "c", .instance = {}}, 500ms, 10ms);
        const Outcomes o = s.run();
        QCOMPARE(versions(o), std::string("1 2"));
        QCOMPARE(o.broken(), std::string());
    }

    void theIdempotentResequencerDoesBoth() {
        ConsumerSpec consumer = working(1ms, 0);
        consumer.strategy = resequencing(5s);
        consumer.strategy.idempotent = IdempotencySpec{};
        Situation s = oneKey({0, 10, 20}, consumer);
        s.fault(ReorderFault{.from = "p", .to = "q", .probability = 1, .delay = always(100ms)}, 0s,
                5ms);
        s.fault(DuplicateFault{.from = "p", .to = "q", .probability = 1}, 0s);
        const Outcomes o = s.run();
        QCOMPARE(versions(o), std::string("1 2 3"));
        QCOMPARE(o.count(TraceKind::Skipped, "c"), 3u);
        QCOMPARE(o.world().messages().alive(), 0u);
    }

    void aPausedConsumerKeepsWhatItHas() {
        Situation s;
        s.queue("q").consumer("c", "q", working(10ms, 2)).publish("p", "q", "0 0 0");
        s.fault(PauseFault{.target = "c", .instance = {}}, 5ms, 95ms);
        const Outcomes o = s.run();
        QCOMPARE(o.timed(TraceKind::Applied, "c"), std::string("1@10ms 2@110ms 3@120ms"));
        QCOMPARE(o.count(TraceKind::Requeued), 0u);
    }

    void aSlowConsumerTakesLonger() {
        Situation s;
        s.queue("q").consumer("c", "q", working(10ms)).publish("p", "q", "0 100 200");
        s.fault(SlowFault{.target = "c", .instance = {}, .factor = 3}, 100ms, 50ms);
        s.fault(SlowFault{.target = "c", .instance = 0, .factor = 2}, 100ms, 50ms);
        QCOMPARE(s.run().timed(TraceKind::Applied, "c"), std::string("1@10ms 2@160ms 3@210ms"));
    }

    void oneInstanceMayCrashAlone() {
        ConsumerSpec consumer = working(100ms);
        consumer.instances = 2;
        Situation s;
        s.queue("q").consumer("c", "q", consumer).publish("p", "q", "0 0");
        s.fault(CrashFault{.target = "c", .instance = 1}, 50ms);
        const Outcomes o = s.run();
        QCOMPARE(o.timed(TraceKind::Applied, "c"), std::string("1@100ms 2@200ms"));
        QCOMPARE(o.messages(TraceKind::Discarded, "c"), std::string("2"));
    }

    void republishingStraightToAQueueGoesThere() {
        Situation s;
        ConsumerSpec consumer;
        consumer.failureRate = 1;
        consumer.onFailure = OnFailure::Republish;
        consumer.retryKeys = {"other"};
        consumer.serviceTime = always(1ms);
        QueueSpec retry;
        retry.name = "orders.retry";
        s.queue("q").queue("retry", retry).queue("other").consumer("c", "q", consumer);
        s.publishLink("c", "retry").publish("p", "q", "0");
        const Outcomes o = s.run();
        QCOMPARE(o.ready("retry"), std::string("1"));
        QCOMPARE(o.ready("other"), std::string());
    }

    void whatIsAckedAlreadyOutlivesItsConnection_data() {
        QTest::addColumn<AckMode>("ackMode");
        QTest::addColumn<bool>("crash");
        QTest::addColumn<std::string>("applied");
        QTest::newRow("after work") << AckMode::After << false << std::string("1 1 2 3");
        QTest::newRow("before work") << AckMode::Before << false << std::string("1 2 3");
        QTest::newRow("by itself") << AckMode::Auto << false << std::string("1 2 3");
        QTest::newRow("before work, crash") << AckMode::Before << true << std::string();
        QTest::newRow("by itself, crash") << AckMode::Auto << true << std::string();
    }
    void whatIsAckedAlreadyOutlivesItsConnection() {
        QFETCH(AckMode, ackMode);
        QFETCH(bool, crash);
        QFETCH(std::string, applied);
        Situation s;
        ConsumerSpec consumer;
        consumer.prefetch = 10;
        consumer.ackMode = ackMode;
        consumer.serviceTime = always(1s);
        s.queue("q").publish("p", "q", "0 0 0").consumer("c", "q", consumer);
        if (crash) {
            s.fault(CrashFault{.target = "c", .instance = {}}, 500ms, 100ms);
        } else {
            s.fault(BrokerRestartFault{.target = "broker", .clean = true}, 500ms, 100ms);
        }
        const Outcomes o = s.run();
        QCOMPARE(o.applied("c"), applied);
        QCOMPARE(o.broken(), std::string());
    }

    void whatIsAckedAlreadyIsHeldOnWithoutItsConnection() {
        Situation s;
        ConsumerSpec consumer;
        consumer.ackMode = AckMode::Before;
        consumer.strategy.ordering = Ordering::Resequence;
        consumer.serviceTime = always(1ms);
        s.queue("q").consumer("c", "q", consumer).queue("r").consumeLink("r", "c");
        s.exchange("x", ExchangeType::Direct).bind("x", "r", "first").bind("x", "q", "later");
        s.script("p", "x", {at(0ms, "k", "first"), at(0ms, "k", "later")}, {}, Situation::quick());
        s.fault(PartitionFault{.from = "r", .to = "c", .closesAfter = {}}, 0ms, 1s);
        s.fault(PartitionFault{.from = "q", .to = "c", .closesAfter = 1ms}, 100ms, 100ms);
        const Outcomes o = s.run();
        QCOMPARE(o.timed(TraceKind::Applied, "c"), std::string("1@1001ms 2@1001ms"));
        QCOMPARE(o.broken(), std::string());
    }
};

QTEST_APPLESS_MAIN(TestConsumer)
#include "tst_consumer.moc"
