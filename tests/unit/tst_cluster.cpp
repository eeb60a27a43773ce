#include "sim/model/rabbitmq/cluster.h"
#include "tests/support/situation.h"

#include <QTest>
#include <set>

using namespace sim;

namespace {

/// Three nodes; commits and the disk take no time, elections a second.
BrokerSpec three(RabbitmqVersion version = RabbitmqVersion::V4_0) {
    BrokerSpec spec;
    spec.nodes = 3;
    spec.version = version;
    spec.electionTime = always(1s);
    spec.commitDelay = always(0s);
    spec.diskDelay = always(0s);
    return spec;
}

BrokerSpec handling(PartitionHandling how) {
    BrokerSpec spec =
        three(how == PartitionHandling::Khepri ? RabbitmqVersion::V4_0 : RabbitmqVersion::V3_13);
    spec.partitionHandling = how;
    return spec;
}

QueueSpec on(std::uint32_t node, QueueType type = QueueType::Classic) {
    QueueSpec spec;
    spec.type = type;
    spec.node = node;
    return spec;
}

BrokerRestartFault stop(std::uint32_t node, bool clean = true) {
    return {.target = {}, .clean = clean, .node = node};
}

ClusterPartitionFault cut(std::uint32_t first, std::optional<std::uint32_t> last = {}) {
    return {.target = {}, .firstNode = first, .lastNode = last};
}

/// The client of the link that was added last insists on this node.
void atNode(Situation& s, std::uint32_t node) {
    LinkSpec& link = s.scenario.links.back();
    if (auto* publish = std::get_if<PublishLink>(&link)) {
        publish->node = node;
    } else {
        std::get<ConsumeLink>(link).node = node;
    }
}

ProducerSpec confirming() {
    ProducerSpec spec;
    spec.confirms = ConfirmSpec{.timeout = 1h, .retries = 0};
    return spec;
}

ProducerSpec transient() {
    ProducerSpec spec;
    spec.persistent = false;
    return spec;
}

/// A message dies after 40 ms in a quorum queue on one node, and is handed over at least once to a
/// classic queue on another, whose disk takes so long.
Situation withLetters(std::uint32_t from, std::uint32_t to, Duration disk) {
    QueueSpec source = on(from, QueueType::Quorum);
    source.deadLetterExchange = "";
    source.deadLetterRoutingKey = "dead";
    source.deadLetterStrategy = DeadLetterStrategy::AtLeastOnce;
    source.overflow = Overflow::RejectPublish;
    source.messageTtl = 40ms;
    BrokerSpec broker = three();
    broker.diskDelay = always(disk);
    Situation s;
    s.broker(broker).queue("q", source).queue("dead", on(to)).publish("p", "q", "0");
    atNode(s, 2);
    return s;
}

/// Takes `prefetch` messages and is busy with them for so long.
ConsumerSpec busy(std::uint32_t prefetch, Duration serviceTime = 1h) {
    ConsumerSpec spec;
    spec.prefetch = prefetch;
    spec.concurrency = prefetch;
    spec.serviceTime = always(serviceTime);
    return spec;
}

} // namespace

/// What is lost and what is doubled when nodes of a cluster go, come back or lose sight of each
/// other. Sources: https://www.rabbitmq.com/docs/clustering, https://www.rabbitmq.com/docs/partitions,
/// https://www.rabbitmq.com/docs/3.13/partitions, https://www.rabbitmq.com/docs/quorum-queues.
class TestCluster : public QObject {
    Q_OBJECT

private slots:
    // A queue that is out of sight with its node.

    void aClassicQueueWaitsForItsNode() {
        Situation s;
        s.broker(three()).queue("q", on(1)).publish("p", "q", "0 100 200", confirming());
        atNode(s, 2);
        s.fault(stop(1), 50ms, 100ms);
        const Outcomes o = s.run(10s);
        QCOMPARE(o.messages(TraceKind::ConfirmSent), std::string("1 3"));
        QCOMPARE(o.messages(TraceKind::NackReceived), std::string("2"));
        QCOMPARE(o.all(TraceKind::Lost).front().reason, Reason::NodeDown);
        QCOMPARE(o.ready("q"), std::string("1 3"));
        QCOMPARE(o.count(TraceKind::QueueDown, "q"), std::size_t{1});
        QCOMPARE(o.count(TraceKind::QueueUp, "q"), std::size_t{1});
        QCOMPARE(o.broken(), std::string());
    }

    /// As the broker does: tests/conformance/rabbitmq/tst_rabbitmq_cluster.cpp.
    void toPublishersOf313ItIsAsIfItDidNotExist() {
        ProducerSpec mandatory = confirming();
        mandatory.mandatory = true;
        Situation s;
        s.broker(three(RabbitmqVersion::V3_13)).queue("q", on(1)).queue("other", on(2));
        s.exchange("x", ExchangeType::Direct, {.alternateExchange = "rest"}).bind("x", "q", "event");
        s.exchange("rest", ExchangeType::Fanout).bind("rest", "other");
        s.publish("p", "q", "0 100 200", confirming());
        atNode(s, 2);
        s.publish("m", "q", "110", mandatory);
        atNode(s, 2);
        s.publish("bound", "x", "120 220", confirming());
        atNode(s, 2);
        s.fault(stop(1), 50ms, 100ms);
        const Outcomes o = s.run(10s);
        QCOMPARE(o.messages(TraceKind::ConfirmReceived), std::string("1 2 3 4 5 6"));
        QCOMPARE(o.messages(TraceKind::Unroutable), std::string("2 3"));
        QCOMPARE(o.messages(TraceKind::ReturnReceived), std::string("3"));
        QCOMPARE(o.ready("q"), std::string("1 5 6"));
        QCOMPARE(o.ready("other"), std::string("4"));
        QCOMPARE(o.broken(), std::string());
    }

    void withoutConfirmsNobodyIsTold() {
        Situation s;
        s.broker(three()).queue("q", on(1)).publish("p", "q", "0 100 200");
        atNode(s, 2);
        s.fault(stop(1), 50ms, 100ms);
        const Outcomes o = s.run(10s);
        QCOMPARE(o.ready("q"), std::string("1 3"));
        QCOMPARE(o.count(TraceKind::NackSent), std::size_t{0});
        QCOMPARE(o.messages(TraceKind::Lost), std::string("2"));
    }

    void whatIsTransientGoesWithItsNode() {
        Situation s;
        s.broker(three()).queue("q", on(1)).publish("p", "q", "0 1").publish("t", "q", "2", transient());
        s.fault(stop(1), 50ms, 100ms);
        const Outcomes o = s.run(10s);
        QCOMPARE(o.ready("q"), std::string("1 2"));
        QCOMPARE(o.all(TraceKind::Dropped).front().reason, Reason::NotDurable);
        QVERIFY(!o.message("q").has(Redelivered));
    }

    void aKilledNodeMarksEverythingAsRedelivered() {
        Situation s;
        s.broker(three()).queue("q", on(1)).publish("p", "q", "0").fault(stop(1, false), 50ms, 100ms);
        QVERIFY(s.run(10s).message("q").has(Redelivered));
    }

    void whatIsNotOnDiskIsRefusedWhenItsNodeIsKilled() {
        BrokerSpec broker = three();
        broker.diskDelay = always(20ms);
        Situation s;
        s.broker(broker).queue("q", on(1)).publish("p", "q", "0 40", confirming());
        atNode(s, 2);
        s.fault(stop(1, false), 50ms, 100ms);
        const Outcomes o = s.run(10s);
        QCOMPARE(o.messages(TraceKind::ConfirmReceived), std::string("1"));
        QCOMPARE(o.messages(TraceKind::NackReceived), std::string("2"));
        QCOMPARE(o.ready("q"), std::string("1"));
    }

    void aQueueThatIsNotDurableIsGone() {
        QueueSpec queue = on(1);
        queue.durable = false;
        Situation s;
        s.broker(three()).exchange("x", ExchangeType::Fanout).queue("q", queue).bind("x", "q");
        s.publish("p", "x", "0 100 300");
        atNode(s, 2);
        s.fault(stop(1), 50ms, 100ms);
        const Outcomes o = s.run(10s);
        QCOMPARE(o.messages(TraceKind::Unroutable), std::string("2 3"));
        QCOMPARE(o.ready("q"), std::string());
        QCOMPARE(o.broken(), std::string());
    }

    void whoConsumesDeclaresItAgainOnAnotherNode() {
        QueueSpec queue = on(1);
        queue.durable = false;
        Situation s;
        s.broker(three()).exchange("x", ExchangeType::Fanout).queue("q", queue).bind("x", "q");
        s.publish("p", "x", "0 100 300");
        atNode(s, 2);
        s.consumer("c", "q", busy(1, 1ms));
        atNode(s, 3);
        s.fault(stop(1), 50ms, 1h);
        const Outcomes o = s.run(10s);
        QCOMPARE(o.applied("c"), std::string("1 2 3"));
    }

    void consumersElsewhereAreCancelledAndComeBack() {
        Situation s;
        s.broker(three()).queue("q", on(1)).publish("p", "q", "0 1 400");
        atNode(s, 2);
        s.consumer("c", "q", busy(1, 100ms));
        atNode(s, 3);
        s.fault(stop(1), 50ms, 200ms);
        const Outcomes o = s.run(10s);
        // 1 was under way when the node went: its ack came too late, and it is handled twice.
        QCOMPARE(o.messages(TraceKind::Requeued), std::string("1"));
        QCOMPARE(o.all(TraceKind::Requeued).front().reason, Reason::NodeDown);
        QCOMPARE(o.applied("c"), std::string("1 1 2 3"));
        QCOMPARE(o.delivered("q"), std::string("1 1 2 3"));
        QCOMPARE(o.broken(), std::string());
    }

    void aClientGoesToAnotherNodeUnlessItInsists() {
        const auto published = [](bool insists) {
            Situation s;
            s.broker(three()).queue("q", on(2)).publish("p", "q", "0 100 300", confirming());
            if (insists) {
                atNode(s, 1);
            }
            return s.fault(stop(1), 50ms, 200ms).run(10s).timed(TraceKind::Enqueued);
        };
        QCOMPARE(published(false), std::string("1@0ms 2@100ms 3@300ms"));
        QCOMPARE(published(true), std::string("1@0ms 2@250ms 3@300ms"));
    }

    // Quorum queues.

    void aQuorumQueueGoesOnAfterAnElection() {
        Situation s;
        s.broker(three()).queue("q", on(1, QueueType::Quorum));
        s.publish("p", "q", "0 100 200", confirming());
        atNode(s, 2);
        s.fault(stop(1, false), 50ms);
        const Outcomes o = s.run(10s);
        QCOMPARE(o.timed(TraceKind::ConfirmSent), std::string("1@0ms 2@1050ms 3@1050ms"));
        QCOMPARE(o.ready("q"), std::string("1 2 3"));
        QCOMPARE(o.all(TraceKind::QueueUp).front().lane, std::uint16_t{1});
        QCOMPARE(o.broken(), std::string());
    }

    void theLossOfAFollowerChangesNothing() {
        Situation s;
        s.broker(three()).queue("q", on(1, QueueType::Quorum));
        s.publish("p", "q", "0 100 200", confirming());
        atNode(s, 2);
        const Outcomes o = s.fault(stop(3, false), 50ms).run(10s);
        QCOMPARE(o.timed(TraceKind::ConfirmSent), std::string("1@0ms 2@100ms 3@200ms"));
        QCOMPARE(o.count(TraceKind::QueueDown), std::size_t{0});
    }

    void withoutAMajorityNothingIsConfirmedNorLost() {
        Situation s;
        s.broker(three()).queue("q", on(1, QueueType::Quorum));
        s.publish("p", "q", "0 100 200", confirming()).consumer("c", "q", busy(1, 1ms));
        s.scenario.links.pop_back();
        s.consumeLink("q", "c");
        std::get<PublishLink>(s.scenario.links.front()).node = 1;
        atNode(s, 1);
        s.fault(stop(2, false), 40ms, 400ms).fault(stop(3, false), 50ms, 1h);
        const Outcomes o = s.run(10s);
        // Node 2 is back at 440 ms: an election takes a second.
        QCOMPARE(o.timed(TraceKind::ConfirmSent), std::string("1@0ms 2@1440ms 3@1440ms"));
        QCOMPARE(o.applied("c"), std::string("1 2 3"));
        QCOMPARE(o.broken(), std::string());
    }

    void whoLivesKeepsItsMessagesAcrossAnElection() {
        Situation s;
        s.broker(three()).queue("q", on(1, QueueType::Quorum)).publish("p", "q", "0 1 2 3");
        atNode(s, 2);
        s.consumer("dead", "q", busy(2));
        atNode(s, 1);
        s.consumer("alive", "q", busy(2));
        atNode(s, 3);
        const Outcomes o = s.fault(stop(1, false), 50ms).run(10s);
        QCOMPARE(o.delivered("q", "dead"), std::string("1 3"));
        QCOMPARE(o.delivered("q", "alive"), std::string("2 4"));
        QCOMPARE(o.messages(TraceKind::Requeued), std::string("1 3"));
        QCOMPARE(o.ready("q"), std::string("1 3"));
        QCOMPARE(o.unacked("q"), std::size_t{2});
        QCOMPARE(o.message("q").failures, std::uint16_t{1});
        QCOMPARE(o.broken(), std::string());
    }

    void whatADeadNodeHadNotSentIsLost() {
        Situation s;
        s.broker(three()).queue("q", on(3, QueueType::Quorum));
        s.publish("p", "q", "0 100", confirming());
        atNode(s, 1);
        // 2 waits at node 1 for a leader when that node dies too.
        s.fault(stop(3, false), 50ms).fault(stop(1, false), 150ms, 100ms);
        const Outcomes o = s.run(10s);
        QCOMPARE(o.ready("q"), std::string("1"));
        QCOMPARE(o.all(TraceKind::Lost).front().reason, Reason::NotOnDisk);
        QCOMPARE(o.count(TraceKind::ConfirmReceived), std::size_t{1});
        QCOMPARE(o.broken(), std::string());
    }

    void acksDuringAnElectionCountAfterIt() {
        Situation s;
        s.broker(three()).queue("q", on(1, QueueType::Quorum)).publish("p", "q", "0 1");
        atNode(s, 2);
        s.consumer("c", "q", busy(1, 100ms));
        atNode(s, 2);
        const Outcomes o = s.fault(stop(1, false), 50ms).run(10s);
        QCOMPARE(o.timed(TraceKind::Acked), std::string("1@1050ms 2@1150ms"));
        QCOMPARE(o.applied("c"), std::string("1 2"));
    }

    void fiveMembersStandTheLossOfTwo() {
        BrokerSpec broker = three();
        broker.nodes = 5;
        QueueSpec queue = on(1, QueueType::Quorum);
        queue.groupSize = 5;
        const auto left = [&](std::optional<std::uint32_t> third) {
            Situation s;
            s.broker(broker).queue("q", queue).publish("p", "q", "0 5000", confirming());
            atNode(s, 5);
            s.fault(stop(1, false), 50ms).fault(stop(2, false), 60ms);
            if (third) {
                s.fault(stop(*third, false), 70ms);
            }
            return s.run(10s).ready("q");
        };
        QCOMPARE(left({}), std::string("1 2"));
        QCOMPARE(left(3), std::string("1"));
    }

    void aStreamGoesOnToo() {
        Situation s;
        QueueSpec stream = on(1, QueueType::Stream);
        s.broker(three()).queue("q", stream).publish("p", "q", "0 100 200", confirming());
        atNode(s, 2);
        s.consumer("c", "q", busy(1, 1ms));
        atNode(s, 3);
        const Outcomes o = s.fault(stop(1, false), 50ms).run(10s);
        QCOMPARE(o.applied("c"), std::string("1 2 3"));
    }

    // Partitions. The node that is cut off is node 1; the others are the majority.

    void theMinorityOfAQuorumQueueStops() {
        Situation s;
        s.broker(three()).queue("q", on(1, QueueType::Quorum));
        s.publish("few", "q", "0 100", confirming());
        atNode(s, 1);
        s.publish("many", "q", "200 2000", confirming());
        atNode(s, 2);
        const Outcomes o = s.fault(cut(1), 50ms, 5s).run(10s);
        QCOMPARE(o.timed(TraceKind::ConfirmReceived, "many"), std::string("3@1050ms 4@2000ms"));
        // What waited at node 1 goes to the new leader when the network is back.
        QCOMPARE(o.timed(TraceKind::ConfirmReceived, "few"), std::string("1@0ms 2@5050ms"));
        QCOMPARE(o.ready("q"), std::string("1 3 4 2"));
        QCOMPARE(o.broken(), std::string());
    }

    void aConsumerOutOfReachGivesBackWhatItHas_data() {
        QTest::addColumn<int>("version");
        QTest::addColumn<qint64>("requeuedMs");
        QTest::addColumn<int>("failures");
        // Up to 4.2 when there is a leader that does not see it, and as after a failure; from 4.3
        // on a minute later.
        QTest::newRow("4.2") << static_cast<int>(RabbitmqVersion::V4_0) << qint64{50} << 1;
        QTest::newRow("4.3") << static_cast<int>(RabbitmqVersion::V4_3) << qint64{60'050} << 0;
    }
    void aConsumerOutOfReachGivesBackWhatItHas() {
        QFETCH(int, version);
        QFETCH(qint64, requeuedMs);
        QFETCH(int, failures);
        Situation s;
        s.broker(three(RabbitmqVersion{static_cast<std::uint8_t>(version)}));
        s.queue("q", on(2, QueueType::Quorum)).publish("p", "q", "0");
        atNode(s, 2);
        s.consumer("c", "q", busy(1));
        atNode(s, 1);
        const Outcomes o = s.fault(cut(1), 50ms, 200s).run(100s);
        const auto back = o.all(TraceKind::Requeued);
        QCOMPARE(back.size(), std::size_t{1});
        QVERIFY(back.front().at == start + std::chrono::milliseconds{requeuedMs});
        QCOMPARE(back.front().reason, Reason::NodeDown);
        QCOMPARE(int{o.message("q").failures}, failures);
        QCOMPARE(o.broken(), std::string());
    }

    void theMinuteOfALostConsumerBeginsWithEachLoss() {
        Situation s;
        s.broker(three(RabbitmqVersion::V4_3));
        s.queue("q", on(2, QueueType::Quorum)).publish("p", "q", "0");
        atNode(s, 2);
        s.consumer("c", "q", busy(1));
        atNode(s, 1);
        const Outcomes o = s.fault(cut(1), 50ms, 10s).fault(cut(1), 30s, 200s).run(100s);
        QCOMPARE(o.timed(TraceKind::Requeued), std::string("1@90000ms"));
        QCOMPARE(o.broken(), std::string());
    }

    void ignoreLetsBothSidesGoOnAndApart() {
        Situation s;
        s.broker(handling(PartitionHandling::Ignore)).queue("here", on(1)).queue("there", on(2));
        s.publish("near", "here", "100 6000");
        atNode(s, 1);
        s.publish("far", "there", "200 7000 20000");
        atNode(s, 1);
        // The network is back after 5 s; the sides stay apart until node 1 is restarted.
        s.fault(cut(1), 50ms, 5s).fault(stop(1), 10s, 1s);
        const Outcomes o = s.run(30s);
        QCOMPARE(o.ready("here"), std::string("1 3"));
        QCOMPARE(o.ready("there"), std::string("5"));
        QCOMPARE(o.messages(TraceKind::Lost), std::string("2 4"));
    }

    void whatWaitsForALeaderDiesWithItsPublisher() {
        Situation s;
        s.broker(three()).queue("q", on(1, QueueType::Quorum));
        s.publish("p", "q", "0 100", confirming());
        atNode(s, 2);
        s.fault(stop(1, false), 50ms); // the election is over at 1050 ms
        s.fault(CrashFault{.target = "p", .instance = {}}, 500ms);
        const Outcomes o = s.run(10s);
        QCOMPARE(o.ready("q"), std::string("1"));
        QCOMPARE(o.timed(TraceKind::Lost), std::string("2@500ms"));
        QCOMPARE(o.broken(), std::string());
    }

    void withIgnoreReplicasFindEachOtherWithTheNetwork() {
        Situation s;
        s.broker(handling(PartitionHandling::Ignore)).queue("q", on(2, QueueType::Quorum));
        s.publish("p", "q", "0 100 7000", confirming());
        atNode(s, 1);
        const Outcomes o = s.fault(cut(1), 50ms, 5s).run(30s);
        QCOMPARE(o.timed(TraceKind::ConfirmSent), std::string("1@0ms 2@5050ms 3@7000ms"));
        QCOMPARE(o.ready("q"), std::string("1 2 3"));
        QCOMPARE(o.broken(), std::string());
    }

    void pauseMinorityStopsWhoDoesNotSeeAMajority() {
        Situation s;
        s.broker(handling(PartitionHandling::PauseMinority)).queue("here", on(1)).queue("there", on(2));
        s.publish("near", "here", "0 100", transient()).publish("far", "there", "200", confirming());
        const Outcomes o = s.fault(cut(1), 50ms, 5s).run(30s);
        QCOMPARE(o.count(TraceKind::BrokerDown), std::size_t{1});
        QCOMPARE(o.all(TraceKind::BrokerDown).front().reason, Reason::Clean);
        // Both clients were at node 1 and went to node 2; the queue of node 1 was out of sight, and
        // its transient message did not survive the stop.
        QCOMPARE(o.ready("here"), std::string());
        QCOMPARE(o.ready("there"), std::string("3"));
    }

    void pauseMinorityStopsTheLastOneToo() {
        Situation s;
        s.broker(handling(PartitionHandling::PauseMinority)).queue("q", on(1));
        s.publish("p", "q", "0 100", confirming());
        const Outcomes o = s.fault(stop(2), 40ms).fault(stop(3), 50ms, 1s).run(30s);
        QCOMPARE(o.timed(TraceKind::ConfirmSent), std::string("1@0ms 2@1050ms"));
    }

    void autohealRestartsTheSideWithFewerClients() {
        Situation s;
        s.broker(handling(PartitionHandling::Autoheal)).queue("here", on(1)).queue("there", on(2));
        s.publish("near", "here", "100", transient());
        atNode(s, 1);
        s.publish("far", "there", "100", transient());
        atNode(s, 2);
        s.publish("more", "there", "200", transient());
        atNode(s, 3);
        const Outcomes o = s.fault(cut(1), 50ms, 5s).run(30s);
        QCOMPARE(o.count(TraceKind::BrokerDown), std::size_t{1});
        QVERIFY(o.all(TraceKind::BrokerDown).front().at == start + 5050ms);
        QCOMPARE(o.all(TraceKind::BrokerDown).front().lane, std::uint16_t{0});
        QCOMPARE(o.ready("here"), std::string());
        QCOMPARE(o.ready("there"), std::string("2 3"));
    }

    void khepriDeclaresNothingInAMinority() {
        QueueSpec queue = on(1);
        queue.durable = false;
        const auto applied = [&](std::uint32_t node, bool isCut) {
            Situation s;
            s.broker(handling(PartitionHandling::Khepri)).queue("q", queue);
            s.publish("p", "q", "1000");
            atNode(s, node);
            ConsumerSpec consumer = busy(1, 1ms);
            s.consumer("c", "q", consumer);
            atNode(s, node);
            // The queue goes with node 1. Whoever consumes from it wants it back at once.
            s.fault(stop(1), 50ms, 1h);
            if (isCut) {
                s.fault(cut(3), 20ms, 1h);
            }
            return s.run(10s).applied("c");
        };
        QCOMPARE(applied(2, true), std::string());
        QCOMPARE(applied(3, true), std::string());
        QCOMPARE(applied(3, false), std::string("1"));
    }

    // What two things at a time come to.

    void deadLettersAreSentAgainByTheNextLeader() {
        Situation s = withLetters(1, 2, 100ms);
        // The letter is not on disk yet when the leader dies.
        const Outcomes o = s.fault(stop(1, false), 50ms).run(100s);
        QCOMPARE(o.ready("dead"), std::string("1 1"));
        QCOMPARE(o.timed(TraceKind::DeadLettered), std::string("1@1150ms"));
        QCOMPARE(o.broken(), std::string());
    }

    void aDeadLetterThatDiesBeforeItIsOnDiskIsSentAgain() {
        Situation s = withLetters(2, 1, 20ms);
        const Outcomes o = s.fault(stop(1, false), 50ms, 1s).run(10min);
        QCOMPARE(o.messages(TraceKind::Dropped), std::string("1")); // the copy, not the message
        QCOMPARE(o.ready("dead"), std::string("1"));
        QCOMPARE(o.broken(), std::string());
    }

    void anAckThatWaitsDiesWithItsChannel() {
        Situation s;
        s.broker(three()).queue("q", on(1, QueueType::Quorum)).publish("p", "q", "0");
        atNode(s, 1);
        s.consumer("few", "q", busy(1, 100ms));
        atNode(s, 1);
        s.consumer("many", "q", busy(1, 100ms));
        atNode(s, 2);
        // Who is cut off with the old leader acknowledges at 100 ms; the next one leads at 1050 ms.
        const Outcomes o = s.fault(cut(1), 50ms, 1h).run(10s);
        QCOMPARE(o.timed(TraceKind::Requeued), std::string("1@1050ms"));
        QCOMPARE(o.timed(TraceKind::Delivered, "q", "many"), std::string("1@1050ms"));
        QCOMPARE(o.applied("few") + " " + o.applied("many"), std::string("1 1"));
        QCOMPARE(o.broken(), std::string());
    }

    void aPublishThatWaitsDiesWithItsConnection() {
        Situation s;
        s.broker(three()).queue("q", on(1, QueueType::Quorum)).publish("p", "q", "0 100", confirming());
        atNode(s, 2);
        s.fault(stop(1, false), 50ms);
        s.fault(PartitionFault{.from = "p", .to = "q", .closesAfter = 100ms}, 200ms, 500ms);
        const Outcomes o = s.run(10s); // the connection breaks at 300 ms, a leader comes at 1050 ms
        QCOMPARE(o.ready("q"), std::string("1"));
        QCOMPARE(o.all(TraceKind::Lost).front().reason, Reason::NotOnDisk);
        QCOMPARE(o.broken(), std::string());
    }

    void autohealLosesWhatWaitedAtItsLosers() {
        Situation s;
        s.broker(handling(PartitionHandling::Autoheal)).queue("q", on(2, QueueType::Quorum));
        s.publish("few", "q", "100", confirming());
        atNode(s, 1);
        s.publish("many", "q", "200", confirming());
        atNode(s, 2);
        s.publish("more", "q", "300", confirming());
        atNode(s, 3);
        const Outcomes o = s.fault(cut(1), 50ms, 5s).run(30s);
        QCOMPARE(o.ready("q"), std::string("2 3"));
        QCOMPARE(o.messages(TraceKind::Lost), std::string("1"));
        QCOMPARE(o.broken(), std::string());
    }

    void whoOnlyWaitsForAQueueDoesNotTakeItAlong() {
        QueueSpec queue = on(1);
        queue.autoDelete = true;
        CrashFault crash;
        crash.target = "c";
        Situation s;
        s.broker(three()).queue("q", queue).publish("p", "q", "0 1");
        atNode(s, 2);
        s.consumer("c", "q", busy(1));
        atNode(s, 3);
        s.fault(stop(1), 50ms, 100ms).fault(crash, 100ms, 1h);
        const Outcomes o = s.run(10s);
        QCOMPARE(o.ready("q"), std::string("1 2"));
        QCOMPARE(o.count(TraceKind::Dropped), std::size_t{0});
    }

    void aSecondPartitionReunitesNobody() {
        Situation s;
        s.broker(handling(PartitionHandling::Ignore)).queue("q", on(2));
        s.publish("p", "q", "0 11000");
        atNode(s, 1);
        const Outcomes o = s.fault(cut(1), 50ms, 5s).fault(cut(3), 10s, 5s).run(30s);
        QCOMPARE(o.ready("q"), std::string("1"));
    }

    void whoIsCancelledStaysSoWhileItsQueueIsAway() {
        CancelFault cancel;
        cancel.target = "c";
        Situation s;
        s.broker(three()).queue("q", on(1)).publish("p", "q", "20 500");
        atNode(s, 2);
        s.consumer("c", "q", busy(1, 1ms));
        atNode(s, 2);
        s.fault(cancel, 10ms, 1s).fault(stop(1), 50ms, 100ms);
        QCOMPARE(s.run(10s).timed(TraceKind::Delivered), std::string("1@1010ms 2@1011ms"));
    }

    void aFreedPlaceOfAChannelServesItsOtherQueue() {
        ConsumerSpec consumer = busy(1);
        consumer.prefetch = 0;
        consumer.channelPrefetch = 1;
        Situation s;
        s.broker(three()).queue("a", on(1)).queue("b", on(2)).publish("p", "a", "0");
        atNode(s, 3);
        s.publish("r", "b", "1");
        atNode(s, 3);
        s.consumer("c", "a", consumer);
        atNode(s, 3);
        s.consumeLink("b", "c");
        atNode(s, 3);
        const Outcomes o = s.fault(stop(1), 50ms).run(10s);
        QCOMPARE(o.timed(TraceKind::Delivered, "b"), std::string("2@50ms"));
    }

    void whatIsNotDurableGoesWithTheLastNode() {
        ExchangeSpec brief;
        brief.durable = false;
        Situation s;
        s.broker(three()).exchange("x", ExchangeType::Fanout, brief).queue("q", on(1)).bind("x", "q");
        s.exchange("in", ExchangeType::Fanout).bind("in", "x").publish("p", "in", "0 2000");
        const Outcomes o = s.fault(BrokerRestartFault{}, 50ms, 1s).run(10s);
        QCOMPARE(o.ready("q"), std::string("1"));
    }

    // The rest.

    void laws() {
        const auto run = [] {
            BrokerSpec broker = three();
            broker.commitDelay = always(2ms);
            broker.diskDelay = always(3ms);
            Situation s;
            s.broker(broker).exchange("x", ExchangeType::Fanout);
            s.queue("classic", on(1)).queue("quorum", on(2, QueueType::Quorum));
            s.queue("stream", on(3, QueueType::Stream)).bind("x", "classic").bind("x", "quorum");
            s.bind("x", "stream");
            ProducerSpec producer = confirming();
            producer.arrivals = PoissonArrivals{.rate = 200};
            producer.confirms = ConfirmSpec{.timeout = 2s, .retries = 3};
            s.producer("p", "x", producer, Situation::slow(1ms));
            for (const char* queue : {"classic", "quorum", "stream"}) {
                s.consumer(std::string("of ") + queue, queue, busy(4, 10ms), Situation::slow(1ms));
            }
            for (std::uint32_t node = 1; node <= 3; ++node) {
                FaultSpec fault = faultOf(stop(node, node == 2), 1s, 3s);
                fault.when.every = always(7s * node);
                s.scenario.faults.push_back(fault);
                FaultSpec apart = faultOf(cut(node), 2s, 2s);
                apart.when.every = always(5s * node);
                s.scenario.faults.push_back(apart);
            }
            return s.run(120s);
        };
        const Outcomes one = run();
        QCOMPARE(one.broken(), std::string());
        QVERIFY(one.count(TraceKind::QueueUp) > 10);
        QVERIFY(one.count(TraceKind::Applied) > 10'000);
        QCOMPARE(one.fingerprint(), run().fingerprint());
    }

    /// Every message that was confirmed by a quorum queue is there, or was consumed: whatever dies,
    /// as long as it comes back.
    void whatAQuorumQueueHasConfirmedIsNeverLost() {
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            BrokerSpec broker = three();
            broker.commitDelay = Distribution::exponential(2e6);
            broker.electionTime = Distribution::exponential(5e8);
            Situation s;
            s.seed(seed).broker(broker).queue("q", on(1, QueueType::Quorum));
            ProducerSpec producer = confirming();
            producer.arrivals = PoissonArrivals{.rate = 100};
            s.producer("p", "q", producer, Situation::slow(1ms));
            for (std::uint32_t node = 1; node <= 3; ++node) {
                FaultSpec fault = faultOf(stop(node, false), 0s, 1s);
                fault.when.every = Distribution::exponential(3e9);
                s.scenario.faults.push_back(fault);
            }
            const Outcomes o = s.run(60s);
            std::set<MessageId> there;
            for (const TraceRecord& record : o.all(TraceKind::Enqueued)) {
                there.insert(record.message);
            }
            for (const TraceRecord& record : o.all(TraceKind::ConfirmReceived)) {
                QVERIFY(there.contains(record.message));
            }
            QVERIFY(o.count(TraceKind::ConfirmReceived) > 1000);
            QCOMPARE(o.count(TraceKind::Dropped), std::size_t{0});
            QCOMPARE(o.broken(), std::string());
        }
    }
};

QTEST_GUILESS_MAIN(TestCluster)
#include "tst_cluster.moc"
