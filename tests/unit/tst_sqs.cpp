#include "sim/scenario/validate.h"
#include "tests/support/problems_of.h"
#include "tests/support/situation.h"

#include <QTest>

using namespace sim;

namespace {

SqsQueueSpec queueWith(Duration visibility, bool fifo = false) {
    SqsQueueSpec spec = Situation::instant(fifo);
    spec.visibilityTimeout = visibility;
    return spec;
}

SqsQueueSpec withLetters(SqsQueueSpec spec, std::uint32_t receives, std::string letters = "dlq") {
    spec.deadLetterQueue = std::move(letters);
    spec.maxReceiveCount = receives;
    return spec;
}

/// Long polls for one message at a time; each takes so long.
ConsumerSpec worker(Duration takes, std::uint32_t instances = 1) {
    ConsumerSpec spec;
    spec.instances = instances;
    spec.serviceTime = always(takes);
    spec.sqs = SqsReceiveSpec{.maxMessages = 1, .waitTime = 20s};
    return spec;
}

ConsumerSpec failing(ConsumerSpec spec) {
    spec.failureRate = 1;
    return spec;
}

ProducerSpec confirmed(Duration timeout) {
    ProducerSpec spec;
    spec.confirms = ConfirmSpec{.timeout = timeout};
    return spec;
}

/// One message at a visibility timeout of 10 s and work of 25 s, for five idle workers.
Situation tooShort(double staleDeletes) {
    SqsQueueSpec queue = queueWith(10s);
    queue.staleDeleteRate = staleDeletes;
    Situation s;
    s.sqs("q", queue).publish("p", "q", "0").consumer("c", "q", worker(25s, 5));
    return s;
}

} // namespace

/// Amazon SQS, standard queues and what they have in common with FIFO queues.
class TestSqs : public QObject {
    Q_OBJECT

private slots:
    // The anomalies of the reference, by their numbers.

    void anomaly1VisibilityShorterThanTheWork() {
        const Outcomes o = tooShort(1).run(10min);
        QCOMPARE(o.timed(TraceKind::Delivered, "q"), std::string("1@0ms 1@10000ms 1@20000ms"));
        QCOMPARE(o.timed(TraceKind::Applied, "c"), std::string("1@25000ms 1@35000ms 1@45000ms"));
        QCOMPARE(o.timed(TraceKind::Acked, "q"), std::string("1@25000ms"));
        QCOMPARE(o.sqs("q").stored(), 0U);
        QCOMPARE(o.broken(), std::string());
    }

    /// What the resequencer waits for comes by a later receive: what it holds keeps no batch open.
    void batchesGoOnWhileTheResequencerWaits() {
        ConsumerSpec consumer = worker(10ms);
        consumer.sqs->deletes = SqsDelete::Batch;
        consumer.strategy.ordering = Ordering::Resequence;
        Situation s;
        s.sqs("q", queueWith(10min));
        s.script("late", "q", {at(0s, "k")}, {}, Situation::slow(1s));
        s.script("early", "q", {at(1ms, "k")});
        s.consumer("c", "q", consumer);
        const Outcomes o = s.run(1min);
        QCOMPARE(o.applied("c"), std::string("1 2"));
        QCOMPARE(o.sqs("q").stored(), 0U);
        QCOMPARE(o.broken(), std::string());
    }

    void anomaly1WithoutStaleDeletesItNeverEnds() {
        const Outcomes o = tooShort(0).run(200s);
        QCOMPARE(o.count(TraceKind::Delivered, "q"), std::size_t{21});
        QCOMPARE(o.count(TraceKind::Acked, "q"), std::size_t{0});
        QCOMPARE(o.broken(), std::string());
    }

    void anomaly1AllThreeSucceedAndItIsADeadLetter() {
        SqsQueueSpec queue = withLetters(queueWith(10s), 3);
        queue.staleDeleteRate = 0;
        Situation s;
        s.sqs("q", queue).sqs("dlq").publish("p", "q", "0").consumer("c", "q", worker(25s, 5));
        const Outcomes o = s.run(10min);
        QCOMPARE(o.timed(TraceKind::DeadLettered, "q", "dlq"), std::string("1@30000ms"));
        QCOMPARE(o.count(TraceKind::Applied, "c"), std::size_t{3});
        QCOMPARE(o.sqs("dlq").visible(), 1U);
        QCOMPARE(o.broken(), std::string());
    }

    void anomaly2AHeartbeatCuresIt() {
        ConsumerSpec consumer = worker(25s, 5);
        consumer.sqs->heartbeat = SqsHeartbeatSpec{.every = 5s, .by = 10s};
        Situation s;
        s.sqs("q", queueWith(10s)).publish("p", "q", "0").consumer("c", "q", consumer);
        const Outcomes o = s.run(10min);
        QCOMPARE(o.timed(TraceKind::Delivered, "q"), std::string("1@0ms"));
        QCOMPARE(o.timed(TraceKind::Acked, "q"), std::string("1@25000ms"));
        QCOMPARE(o.broken(), std::string());
    }

    void anomaly6ShortPollsFindNothing_data() {
        QTest::addColumn<int>("messages");
        QTest::addColumn<double>("empty");
        QTest::newRow("one") << 1 << 0.7;
        QTest::newRow("three") << 3 << 0.343;
        QTest::newRow("ten") << 10 << 0.028;
    }
    void anomaly6ShortPollsFindNothing() {
        QFETCH(int, messages);
        QFETCH(double, empty);
        RandomStream random(7);
        Chance chance;
        constexpr int tries = 20'000;
        int empties = 0;
        for (int i = 0; i < tries; ++i) {
            SqsQueue queue(false, 10);
            for (int m = 0; m < messages; ++m) {
                queue.add({.slot = Slot{0}, .shard = static_cast<std::uint32_t>(random.below(10))},
                          start);
            }
            SqsQueue::Receive receive{.until = start + 1s,
                                      .maxInFlight = 10,
                                      .shards = queue.sample(3, random, chance)};
            empties += queue.receive(receive, start, random, chance).empty() ? 1 : 0;
            receive.shards = queue.sample(10, random, chance); // a long poll asks all
            QVERIFY(queue.visible() == 0 || !queue.receive(receive, start, random, chance).empty());
        }
        QVERIFY(std::abs(double(empties) / tries - empty) < 0.01);
    }

    void anomaly7EmptyReceivesCost() {
        ConsumerSpec shortly = worker(1ms);
        shortly.sqs = SqsReceiveSpec{.waitTime = 0s, .pollInterval = 100ms};
        Situation s;
        s.sqs("q").consumer("c", "q", shortly);
        s.sqs("r").publish("p", "r", "0 60000 120000 180000").consumer("d", "r", worker(1ms));
        const Outcomes o = s.run(1min - 1ms);
        QCOMPARE(o.count(TraceKind::Polled, "q"), std::size_t{600});
        const Outcomes minutes = s.run(4min - 1ms);
        const std::size_t polls = minutes.count(TraceKind::Polled, "r");
        QVERIFY(polls >= 4 * 3 && polls <= 4 * 4);
    }

    void anomaly10TheRetentionTrap_data() {
        QTest::addColumn<bool>("fifo");
        QTest::addColumn<int>("gone"); // seconds
        QTest::newRow("standard: one day is left") << false << 345'630;
        QTest::newRow("FIFO: full four days") << true << 604'830;
    }
    void anomaly10TheRetentionTrap() {
        QFETCH(bool, fifo);
        QFETCH(int, gone);
        Situation s;
        s.sqs("q", withLetters(queueWith(30s, fifo), 1)).sqs("dlq", queueWith(30s, fifo));
        s.publish("p", "q", "30000").consumer("c", "q", failing(worker(1ms)));
        s.fault(CancelFault{.target = "c"}, 0s, 72h); // from day 3 on it fails
        const Outcomes o = s.run(24h * 8);
        QCOMPARE(o.all(TraceKind::DeadLettered, "q").at(0).at, start + 259'230s);
        QCOMPARE(o.all(TraceKind::Dropped, "dlq").at(0).at, start + std::chrono::seconds{gone});
        QCOMPARE(o.all(TraceKind::Dropped).front().reason, Reason::Expired);
        QCOMPARE(o.broken(), std::string());
    }

    void anomaly11MaxReceiveCountIsReceivesNotRetries() {
        Situation s;
        s.sqs("q", withLetters(queueWith(1s), 1)).sqs("dlq").publish("p", "q", "0");
        s.consumer("c", "q", failing(worker(1ms)));
        Outcomes o = s.run(10s);
        QCOMPARE(o.timed(TraceKind::Delivered, "q"), std::string("1@0ms"));
        QCOMPARE(o.timed(TraceKind::DeadLettered, "q"), std::string("1@1000ms"));
        s.consumer("d", "dlq", worker(1h));
        o = s.run(10s);
        std::uint16_t receives = 0;
        o.sqs("dlq").forEach([&](const SqsQueue::Entry& entry) {
            receives = o.world().messages()[entry.slot].returns;
        });
        QCOMPARE(receives, std::uint16_t{2});
        QCOMPARE(o.broken(), std::string());
    }

    // 1.1 to 1.6: the life of a message.

    void rule11AQueueDelayHidesAMessage() {
        SqsQueueSpec queue = queueWith(30s);
        queue.delay = 5s;
        Situation s;
        s.sqs("q", queue).publish("p", "q", "0").consumer("c", "q", worker(1ms));
        const Outcomes o = s.run(1min);
        QCOMPARE(o.timed(TraceKind::Delayed, "q"), std::string("1@0ms"));
        QCOMPARE(o.timed(TraceKind::Enqueued, "q"), std::string("1@5000ms"));
        QCOMPARE(o.timed(TraceKind::Delivered, "q"), std::string("1@5000ms"));
        QCOMPARE(o.broken(), std::string());
    }

    void rule12AChangeCountsFromTheCall() {
        RandomStream random(1);
        Chance chance;
        SqsQueue queue;
        queue.add({.slot = Slot{0}, .visibleAt = start}, start);
        const SqsQueue::Receive receive{.until = start + 60s, .maxInFlight = 10, .shards = {0}};
        const auto taken = queue.receive(receive, start, random, chance);
        queue.setVisibility(taken.front().entry, start + 15s + 10s, start + 15s);
        QVERIFY(!queue.due(start + 24s));
        QVERIFY(queue.due(start + 25s));
        QCOMPARE(queue.visible(), 1U);
    }

    void rule12TwelveHoursCountFromTheReceive() {
        RandomStream random(1);
        Chance chance;
        SqsQueue queue;
        queue.add({.slot = Slot{0}, .visibleAt = start}, start);
        const SqsQueue::Receive receive{.until = start + 60s, .maxInFlight = 10, .shards = {0}};
        const std::uint32_t entry = queue.receive(receive, start, random, chance).front().entry;
        const ReceiptHandle handle{.number = 1, .entry = entry, .receive = 1};
        QVERIFY(queue.canChange(handle, start + 12h));
        QVERIFY(!queue.canChange(handle, start + 12h + 1s));
    }

    void rule13ALateDelete_data() {
        QTest::addColumn<bool>("fifo");
        QTest::addColumn<int>("left");
        QTest::newRow("standard: it works") << false << 0;
        QTest::newRow("FIFO: it is an error") << true << 1;
    }
    void rule13ALateDelete() {
        QFETCH(bool, fifo);
        QFETCH(int, left);
        Situation s; // nobody else receives it meanwhile
        s.sqs("q", queueWith(2s, fifo)).publish("p", "q", "0");
        s.consumer("c", "q", worker(3s)).fault(CancelFault{.target = "c"}, 1s);
        const Outcomes o = s.run(1min);
        QCOMPARE(o.sqs("q").visible(), std::uint64_t(left));
        QCOMPARE(o.count(TraceKind::NackSent, "q"), std::size_t(left));
        QCOMPARE(o.broken(), std::string());
    }

    void rule13ALostDeleteBringsItBack() {
        Situation s;
        s.sqs("q", queueWith(10s)).publish("p", "q", "0").consumer("c", "q", worker(1s));
        s.fault(LostAcksFault{.from = "q", .to = "c", .probability = 1}, 0s, 5s);
        const Outcomes o = s.run(1min);
        QCOMPARE(o.timed(TraceKind::Applied, "c"), std::string("1@1000ms 1@11000ms"));
        QCOMPARE(o.timed(TraceKind::Acked, "q"), std::string("1@11000ms"));
        QCOMPARE(o.broken(), std::string());
    }

    void rule15WhatIsTooOldIsGone() {
        SqsQueueSpec queue = queueWith(30s);
        queue.retention = 60s;
        Situation s;
        s.sqs("q", queue).publish("p", "q", "0 1000").consumer("c", "q", worker(10min));
        const Outcomes o = s.run(5min);
        QCOMPARE(o.timed(TraceKind::Dropped, "q"), std::string("1@60000ms 2@61000ms"));
        QCOMPARE(o.sqs("q").stored(), 0U);
        QCOMPARE(o.broken(), std::string());
    }

    void rule16ALongPollIsAnsweredAsAMessageComes() {
        Situation s;
        s.sqs("q", queueWith(30s)).publish("p", "q", "7000").consumer("c", "q", worker(1ms));
        const Outcomes o = s.run(60s);
        QCOMPARE(o.timed(TraceKind::Delivered, "q"), std::string("1@7000ms"));
        QCOMPARE(o.all(TraceKind::Polled, "q")[0].at, start + 7s);
        QCOMPARE(o.all(TraceKind::Polled, "q")[1].at, start + 7s + 1ms + 20s);
    }

    void rule16TheCallGoesBeforeTheQueue() {
        SqsQueueSpec queue = queueWith(30s);
        queue.receiveWait = 20s;
        ConsumerSpec consumer = worker(1ms);
        consumer.sqs->waitTime = 0s;
        consumer.sqs->pollInterval = 1s;
        Situation s;
        s.sqs("q", queue).consumer("c", "q", consumer);
        QCOMPARE(s.run(9500ms).count(TraceKind::Polled, "q"), std::size_t{10});
    }

    void rule17WhatIsTooLargeIsRefused() {
        ProducerSpec producer = confirmed(1s);
        producer.confirms->retries = 0;
        producer.types[0].size = Distribution::constant(2e6);
        Situation s;
        s.sqs("q").publish("p", "q", "0", producer);
        const Outcomes o = s.run(10s);
        QCOMPARE(o.count(TraceKind::NackReceived, "p"), std::size_t{1});
        QCOMPARE(o.all(TraceKind::Refused, "q").at(0).reason, Reason::TooLarge);
        QCOMPARE(o.broken(), std::string());
    }

    void rule17NoMoreAreInFlightThanMayBe() {
        SqsQueueSpec queue = queueWith(30s);
        queue.maxInFlight = 2;
        Situation s;
        s.sqs("q", queue).publish("p", "q", "0 0 0 0").consumer("c", "q", worker(1h, 4));
        const Outcomes o = s.run(1s);
        QCOMPARE(o.sqs("q").inFlight(), 2U);
        QCOMPARE(o.sqs("q").visible(), 2U);
        QCOMPARE(o.broken(), std::string());
    }

    void rule19WhatWasReceivedThreeTimesGoesBehind() {
        RandomStream random(1);
        Chance chance;
        SqsQueue queue;
        queue.add({.slot = Slot{1}, .visibleAt = start}, start);
        SqsQueue::Receive receive{.until = start + 1s, .maxInFlight = 10, .shards = {0}};
        for (int i = 0; i < 3; ++i) {
            const std::uint32_t entry = queue.receive(receive, start, random, chance).at(0).entry;
            queue.setVisibility(entry, start, start);
        }
        queue.add({.slot = Slot{2}, .visibleAt = start}, start);
        receive.most = 2;
        const auto taken = queue.receive(receive, start, random, chance);
        QCOMPARE(queue[taken.at(0).entry].slot, Slot{2});
        QCOMPARE(queue[taken.at(1).entry].slot, Slot{1});
    }

    void aMessageThatStaysVisibleIsReceivedTwice() {
        SqsQueueSpec queue = queueWith(30s);
        queue.duplicateRate = 1;
        Situation s;
        s.sqs("q", queue).publish("p", "q", "0").consumer("c", "q", worker(1s, 2));
        const Outcomes o = s.run(500ms);
        QCOMPARE(o.timed(TraceKind::Delivered, "q"), std::string("1@0ms 1@0ms"));
        QCOMPARE(o.all(TraceKind::Requeued, "q").at(0).reason, Reason::Replica);
        QCOMPARE(o.broken(), std::string());
    }

    void aDeletedMessageMayComeBack() {
        SqsQueueSpec queue = queueWith(30s);
        queue.resurrectRate = 1;
        Situation s;
        s.sqs("q", queue).publish("p", "q", "0").consumer("c", "q", worker(1s));
        const Outcomes o = s.run(2500ms);
        QCOMPARE(o.timed(TraceKind::Acked, "q"), std::string("1@1000ms 1@2000ms"));
        QCOMPARE(o.timed(TraceKind::Applied, "c"), std::string("1@1000ms 1@2000ms"));
        QCOMPARE(o.broken(), std::string());
    }

    // The client.

    void aFailedMessageIsLeftOrReleased() {
        ConsumerSpec leaves = worker(1s);
        leaves.outcomes = {{.outcome = Outcome::Failure}};
        Situation s;
        s.sqs("q", queueWith(30s)).publish("p", "q", "0").consumer("c", "q", leaves);
        QCOMPARE(s.run(1min).timed(TraceKind::Delivered, "q"), std::string("1@0ms 1@30000ms"));
        std::get<ConsumerSpec>(s.scenario.components.back().spec).sqs->onFailure =
            SqsFailure::Release;
        const Outcomes o = s.run(1min);
        QCOMPARE(o.timed(TraceKind::Delivered, "q"), std::string("1@0ms 1@1000ms"));
        QCOMPARE(o.broken(), std::string());
    }

    void aBatchIsDeletedTogether() {
        ConsumerSpec consumer = worker(1s);
        consumer.sqs->maxMessages = 10;
        consumer.sqs->deletes = SqsDelete::Batch;
        consumer.sqs->waitTime = 0s;
        consumer.sqs->pollInterval = 1s;
        Situation s;
        s.sqs("q", queueWith(30s)).publish("p", "q", "500 500 500").consumer("c", "q", consumer);
        const Outcomes o = s.run(1min);
        QCOMPARE(o.timed(TraceKind::Acked, "q"), std::string("1@4000ms 2@4000ms 3@4000ms"));
        QCOMPARE(o.broken(), std::string());
    }

    void aCrashLeavesItsMessagesInFlight() {
        Situation s;
        s.sqs("q", queueWith(10s)).publish("p", "q", "0").consumer("c", "q", worker(5s));
        s.fault(CrashFault{.target = "c"}, 1s, 1s);
        const Outcomes o = s.run(1min);
        QCOMPARE(o.timed(TraceKind::Delivered, "q"), std::string("1@0ms 1@10000ms"));
        QCOMPARE(o.timed(TraceKind::Applied, "c"), std::string("1@15000ms"));
        QCOMPARE(o.broken(), std::string());
    }

    void aPartitionOfItsConnectionDoesNotTakeItsMessages() {
        Situation s;
        s.sqs("q", queueWith(30s)).publish("p", "q", "0 20000").consumer("c", "q", worker(5s));
        s.fault(PartitionFault{.from = "q", .to = "c", .closesAfter = 500ms}, 1s, 2s);
        const Outcomes o = s.run(1min);
        QCOMPARE(o.timed(TraceKind::Applied, "c"), std::string("1@5000ms 2@25000ms"));
        QCOMPARE(o.timed(TraceKind::Acked, "q"), std::string("1@5000ms 2@25000ms"));
        QCOMPARE(o.broken(), std::string());
    }

    void aRunIsAtRestWhileItPolls() {
        Situation s;
        s.sqs("q", queueWith(10s)).publish("p", "q", "0").consumer("c", "q", worker(5s));
        QVERIFY(!s.run(4s).world().isAtRest());
        QVERIFY(s.run(1min).world().isAtRest());
    }

    void itMixesWithRabbitmq() {
        ConsumerSpec bridge;
        bridge.forward = ForwardSpec{};
        Situation s;
        s.queue("orders").publish("p", "orders", "0 100 200").sqs("q", queueWith(30s));
        s.consumer("bridge", "orders", bridge).publishLink("bridge", "q");
        s.consumer("c", "q", worker(10ms));
        const Outcomes o = s.run(1min);
        QCOMPARE(o.timed(TraceKind::Applied, "c"), std::string("1@10ms 2@110ms 3@210ms"));
        QCOMPARE(o.count(TraceKind::Acked, "orders"), std::size_t{3});
        QCOMPARE(o.broken(), std::string());
    }

    // What is no scenario.

    void whatSqsDoesNotKnowIsSaid() {
        SqsQueueSpec queue = Situation::instant();
        queue.contentBasedDeduplication = true;
        queue.deadLetterQueue = std::string("f");
        queue.shortPollShards = 2;
        ConsumerSpec consumer;
        consumer.prefetch = 10;
        consumer.ackMode = AckMode::Auto;
        consumer.onFailure = OnFailure::Reject;
        Situation s;
        s.sqs("q", queue).sqs("f", Situation::instant(true)).consumer("c", "q", consumer);
        QCOMPARE(problemsOf(validate(s.scenario)),
                 std::string("/components/1/content_based_deduplication: is for FIFO queues alone\n"
                             "/components/1/dead_letter_queue: \"f\" is a FIFO queue; the "
                             "dead-letter queue of a standard queue is of its type\n"
                             "/components/1/short_poll_shards: 2 is more than there are: shards is "
                             "1\n"
                             "/links/0/from: \"c\" has ack_mode auto: SQS keeps every message until "
                             "it is deleted\n"
                             "/components/3/prefetch: has no meaning for SQS queues: use "
                             "max_messages of sqs\n"
                             "/components/3/on_failure: has no meaning for SQS queues: a message "
                             "cannot be rejected; use on_failure of sqs\n"));
    }
};

QTEST_GUILESS_MAIN(TestSqs)
#include "tst_sqs.moc"
