#include "tests/support/situation.h"

#include <QTest>

using namespace sim;

namespace {

SqsQueueSpec fifoWith(Duration visibility) {
    SqsQueueSpec spec = Situation::instant(true);
    spec.visibilityTimeout = visibility;
    return spec;
}

SqsQueueSpec highThroughput() {
    SqsQueueSpec spec = fifoWith(30s);
    spec.deduplicationScope = DeduplicationScope::MessageGroup;
    spec.fifoThroughputLimit = FifoThroughputLimit::PerMessageGroupId;
    return spec;
}

ConsumerSpec worker(Duration takes, std::uint32_t instances = 1, std::uint32_t most = 1) {
    ConsumerSpec spec;
    spec.instances = instances;
    spec.serviceTime = always(takes);
    spec.sqs = SqsReceiveSpec{.maxMessages = most, .waitTime = 20s};
    return spec;
}

ProducerSpec keys(std::uint32_t count) {
    ProducerSpec spec;
    spec.keys.kind = KeySpec::Kind::Sequence;
    spec.keys.count = count;
    return spec;
}

/// A queue by hand: messages are called by their slots.
class ByHand {
public:
    void add(std::uint32_t slot, std::uint32_t group) {
        m_entries[slot] =
            queue.add({.slot = Slot{slot}, .visibleAt = start, .group = group}, start);
    }
    /// "0 1 2": what a receive returns.
    std::string receive(std::uint32_t most, Duration at = 0s, Duration visibility = 30s) {
        const SqsQueue::Receive receive{
            .most = most, .until = start + at + visibility, .maxInFlight = 100, .shards = {}};
        std::string text;
        for (const auto& taken : queue.receive(receive, start + at, m_random, m_chance)) {
            text += (text.empty() ? "" : " ") + std::to_string(index(queue[taken.entry].slot));
        }
        return text;
    }
    void expire(Duration at) {
        while (queue.due(start + at)) {
        }
    }
    void extend(std::uint32_t slot, Duration until) {
        queue.setVisibility(m_entries[slot], start + until, start);
    }
    void remove(std::uint32_t slot) { queue.remove(m_entries[slot]); }

    SqsQueue queue{true};

private:
    std::map<std::uint32_t, std::uint32_t> m_entries;
    RandomStream m_random{1};
    Chance m_chance;
};

ScriptArrivals::Entry entry(Duration when, const std::string& key) { return at(when, key); }

} // namespace

/// Amazon SQS FIFO queues: groups, deduplication, quotas.
class TestSqsFifo : public QObject {
    Q_OBJECT

private slots:
    // 2.2: which messages can be received.

    void rule22AnExtendedMessageStopsItsGroup_data() {
        QTest::addColumn<int>("extended");
        QTest::addColumn<QString>("received");
        QTest::newRow("the first: nothing") << 0 << "";
        QTest::newRow("the second: the first") << 1 << "0";
        QTest::newRow("the third: the first two") << 2 << "0 1";
    }
    void rule22AnExtendedMessageStopsItsGroup() {
        QFETCH(int, extended);
        QFETCH(QString, received);
        ByHand hand;
        for (const std::uint32_t slot : {0U, 1U, 2U}) {
            hand.add(slot, 7);
        }
        QCOMPARE(hand.receive(3), std::string("0 1 2"));
        hand.extend(static_cast<std::uint32_t>(extended), 60s);
        hand.expire(30s);
        QCOMPARE(hand.receive(10, 30s), received.toStdString());
    }

    void rule22AGroupIsBlockedUntilAllInFlightAreDeleted() {
        ByHand hand;
        for (const std::uint32_t slot : {0U, 1U, 2U}) {
            hand.add(slot, 7);
        }
        QCOMPARE(hand.receive(2), std::string("0 1"));
        hand.remove(0);
        QCOMPARE(hand.receive(10), std::string());
        hand.remove(1);
        QCOMPARE(hand.receive(10), std::string("2"));
    }

    void rule22OneThatIsReleasedComesBackAlone() {
        ByHand hand;
        hand.add(0, 7);
        hand.add(1, 7);
        QCOMPARE(hand.receive(2), std::string("0 1"));
        hand.extend(0, 0s);
        QCOMPARE(hand.receive(10), std::string("0"));
    }

    void rule22ABatchTakesGroupAfterGroup() {
        ByHand hand; // sent: g1, g2, g1, g1
        hand.add(0, 1);
        hand.add(1, 2);
        hand.add(2, 1);
        hand.add(3, 1);
        QCOMPARE(hand.receive(10), std::string("0 2 3 1"));
    }

    void rule110WhatIsBlockedCountsAsVisible() {
        ByHand hand;
        for (std::uint32_t slot = 0; slot < 6; ++slot) {
            hand.add(slot, slot % 3);
        }
        QCOMPARE(hand.receive(1), std::string("0"));
        QCOMPARE(hand.receive(1), std::string("1"));
        QCOMPARE(hand.queue.visible(), 4U);
        QCOMPARE(hand.queue.inFlight(), 2U);
    }

    void rule22TheOrderSurvivesATimeout() {
        ConsumerSpec consumer = worker(1s, 1, 10);
        consumer.outcomes = {{.outcome = Outcome::Failure},
                             {.outcome = Outcome::Failure},
                             {.outcome = Outcome::Failure}};
        consumer.sqs->waitTime = 0s;
        consumer.sqs->pollInterval = 1s;
        Situation s;
        s.sqs("q", fifoWith(10s)).publish("p", "q", "500 500 500", keys(1));
        s.consumer("c", "q", consumer);
        const Outcomes o = s.run(1min);
        QCOMPARE(o.delivered("q"), std::string("1 2 3 1 2 3"));
        QCOMPARE(o.applied("c"), std::string("1 2 3"));
        QCOMPARE(o.broken(), std::string());
    }

    void aGroupIsNeverWithTwoConsumers() {
        Situation s; // invariants 1 and 2
        ProducerSpec producer = keys(3);
        producer.arrivals = ConstantArrivals{.rate = 20};
        producer.limit = 200;
        s.sqs("q", fifoWith(30s)).producer("p", "q", producer);
        s.consumer("c", "q", worker(200ms, 5, 2));
        const Outcomes o = s.run(2min);
        QCOMPARE(o.count(TraceKind::Applied), std::size_t{200});
        std::map<KeyId, std::pair<std::uint16_t, int>> holders;
        std::map<KeyId, std::uint32_t> versions;
        for (const TraceRecord& record : o.records()) {
            auto& [lane, held] = holders[record.key];
            if (record.kind == TraceKind::Delivered) {
                QVERIFY(held == 0 || lane == record.lane);
                QVERIFY(record.version > versions[record.key]);
                versions[record.key] = record.version;
                lane = record.lane;
                ++held;
            } else if (record.kind == TraceKind::Acked) {
                --held;
            }
        }
        QCOMPARE(o.broken(), std::string());
    }

    // The anomalies of the reference, by their numbers.

    void anomaly3APoisonHeadBlocksItsGroup() {
        SqsQueueSpec queue = fifoWith(30s);
        queue.deadLetterQueue = "dlq";
        queue.maxReceiveCount = 3;
        ConsumerSpec consumer = worker(1ms, 2);
        consumer.poisonKeys = {"a"};
        std::vector<ScriptArrivals::Entry> script{entry(0s, "a")};
        for (int second = 0; second < 100; ++second) {
            script.push_back(entry(std::chrono::seconds{second} + 500ms, "b"));
        }
        Situation s;
        s.sqs("q", queue).sqs("dlq", fifoWith(30s)).script("p", "q", script);
        s.consumer("c", "q", consumer);
        const Outcomes o = s.run(2min);
        std::string first;
        Duration slowest{};
        for (const TraceRecord& record : o.all(TraceKind::Delivered, "q")) {
            if (record.message == MessageId{0}) {
                first += std::to_string((record.at - start) / 1s) + " ";
            } else {
                slowest = std::max(slowest, record.at - record.since);
            }
        }
        QCOMPARE(first, std::string("0 30 60 "));
        QCOMPARE(o.timed(TraceKind::DeadLettered, "q"), std::string("1@90000ms"));
        QCOMPARE(slowest, Duration{});
        QCOMPARE(o.broken(), std::string());
    }

    void anomaly3WhatIsBehindTheHeadWaits90Seconds() {
        SqsQueueSpec queue = fifoWith(30s);
        queue.deadLetterQueue = "dlq";
        queue.maxReceiveCount = 3;
        ConsumerSpec consumer = worker(1ms, 2);
        consumer.outcomes = {{.outcome = Outcome::Failure},
                             {.outcome = Outcome::Failure},
                             {.outcome = Outcome::Failure}};
        Situation s;
        s.sqs("q", queue).sqs("dlq", fifoWith(30s)).publish("p", "q", "0 0", keys(1));
        s.consumer("c", "q", consumer);
        const Outcomes o = s.run(2min);
        QCOMPARE(o.timed(TraceKind::Delivered, "q"),
                 std::string("1@0ms 1@30000ms 1@60000ms 2@90000ms"));
        QCOMPARE(o.applied("c"), std::string("2"));
        QCOMPARE(o.broken(), std::string());
    }

    void anomaly8TheDeduplicationCliff_data() {
        QTest::addColumn<int>("seconds");
        QTest::addColumn<int>("messages");
        QTest::newRow("again after 299 s: one message") << 299 << 1;
        QTest::newRow("again after 301 s: two") << 301 << 2;
    }
    void anomaly8TheDeduplicationCliff() {
        QFETCH(int, seconds);
        QFETCH(int, messages);
        ProducerSpec producer = keys(1);
        producer.confirms = ConfirmSpec{.timeout = std::chrono::seconds{seconds}};
        Situation s;
        s.sqs("q", fifoWith(30s)).publish("p", "q", "0", producer);
        s.fault(LostConfirmsFault{.from = "p", .to = "q", .probability = 1}, 0s, 1s);
        const Outcomes o = s.run(10min);
        QCOMPARE(o.sqs("q").visible(), std::uint64_t(messages));
        QCOMPARE(o.count(TraceKind::Refused, "q"), std::size_t(2 - messages));
        QCOMPARE(o.count(TraceKind::ConfirmReceived, "p"), std::size_t{1});
        QCOMPARE(o.broken(), std::string());
    }

    void anomaly9ContentDeduplicationEatsRepeats() {
        SqsQueueSpec queue = fifoWith(30s);
        queue.contentBasedDeduplication = true;
        ProducerSpec producer = keys(1);
        producer.types[0].body = {{"say", JsonValue{std::string("tick")}}};
        producer.sqs = SqsSendSpec{.deduplication = SendDeduplication::None};
        Situation s;
        s.sqs("q", queue).publish("p", "q", "0 60000 120000", producer);
        s.consumer("c", "q", worker(1ms));
        const Outcomes o = s.run(10min);
        QCOMPARE(o.applied("c"), std::string("1"));
        QCOMPARE(o.all(TraceKind::Refused, "q").at(1).reason, Reason::DuplicateId);
        QCOMPARE(o.broken(), std::string());
    }

    void anomaly17TheRateWall() {
        ProducerSpec producer = keys(100);
        producer.arrivals = ConstantArrivals{.rate = 500};
        producer.limit = 5'000;
        producer.confirms = ConfirmSpec{.timeout = 1min, .retries = 0};
        Situation s;
        s.sqs("q", fifoWith(30s)).producer("p", "q", producer);
        const Outcomes o = s.run(30s);
        QCOMPARE(o.count(TraceKind::NackReceived, "p"), std::size_t{2'000});
        QCOMPARE(o.all(TraceKind::Refused, "q").front().reason, Reason::Throttled);
        QCOMPARE(o.broken(), std::string());
    }

    void anomaly18AHotGroup_data() {
        QTest::addColumn<int>("groups");
        QTest::addColumn<int>("perSecond");
        QTest::newRow("one group: 10 a second") << 1 << 10;
        QTest::newRow("100 groups: 1000 a second") << 100 << 1000;
    }
    void anomaly18AHotGroup() {
        QFETCH(int, groups);
        QFETCH(int, perSecond);
        ProducerSpec producer = keys(static_cast<std::uint32_t>(groups));
        producer.arrivals = BurstArrivals{.size = static_cast<std::uint32_t>(groups), .every = 50ms};
        producer.limit = static_cast<std::uint64_t>(groups) * 100;
        Situation s;
        s.sqs("q", highThroughput()).producer("p", "q", producer);
        s.consumer("c", "q", worker(100ms, 100));
        const Outcomes o = s.run(5s);
        QCOMPARE(o.count(TraceKind::Applied, "c"), std::size_t(perSecond) * 5);
        QCOMPARE(o.broken(), std::string());
    }

    // 2.1: deduplication.

    void rule21TheIdStaysBlockedAfterADelete() {
        ProducerSpec producer = keys(1);
        producer.confirms = ConfirmSpec{.timeout = 100s};
        Situation s;
        s.sqs("q", fifoWith(30s)).publish("p", "q", "0", producer);
        s.consumer("c", "q", worker(1ms));
        s.fault(LostConfirmsFault{.from = "p", .to = "q", .probability = 1}, 0s, 1s);
        const Outcomes o = s.run(10min);
        QCOMPARE(o.count(TraceKind::Published, "p"), std::size_t{2});
        QCOMPARE(o.applied("c"), std::string("1"));
    }

    void rule21TheScopeMayBeAGroup_data() {
        QTest::addColumn<bool>("ofGroup");
        QTest::addColumn<int>("messages");
        QTest::newRow("queue: the same id in two groups is a duplicate") << false << 1;
        QTest::newRow("message group: it is not") << true << 2;
    }
    void rule21TheScopeMayBeAGroup() {
        QFETCH(bool, ofGroup);
        QFETCH(int, messages);
        SqsQueueSpec queue = fifoWith(30s);
        queue.contentBasedDeduplication = true;
        queue.deduplicationScope =
            ofGroup ? DeduplicationScope::MessageGroup : DeduplicationScope::Queue;
        ProducerSpec producer = keys(2);
        producer.types[0].body = {{"say", JsonValue{std::string("tick")}}};
        producer.sqs = SqsSendSpec{.deduplication = SendDeduplication::None};
        Situation s;
        s.sqs("q", queue).publish("p", "q", "0 1", producer);
        QCOMPARE(s.run(1s).sqs("q").visible(), std::uint64_t(messages));
    }

    void rule21WithoutIdOrGroupItIsRefused_data() {
        QTest::addColumn<bool>("group");
        QTest::addColumn<int>("reason");
        QTest::newRow("no group") << false << int(Reason::MissingGroup);
        QTest::newRow("no id") << true << int(Reason::MissingId);
    }
    void rule21WithoutIdOrGroupItIsRefused() {
        QFETCH(bool, group);
        QFETCH(int, reason);
        ProducerSpec producer;
        producer.sqs = SqsSendSpec{.group = group ? SendGroup::Key : SendGroup::None,
                                   .deduplication = SendDeduplication::None};
        producer.confirms = ConfirmSpec{.retries = 0};
        Situation s;
        s.sqs("q", fifoWith(30s)).publish("p", "q", "0", producer);
        const Outcomes o = s.run(1min);
        QCOMPARE(int(o.all(TraceKind::Refused, "q").at(0).reason), reason);
        QCOMPARE(o.count(TraceKind::NackReceived, "p"), std::size_t{1});
    }
};

QTEST_GUILESS_MAIN(TestSqsFifo)
#include "tst_sqs_fifo.moc"
