#include "sim/model/kafka/partition_log.h"

#include <QTest>

#include <algorithm>
#include <map>

using namespace sim;

namespace {

Instant at(Duration since) { return start + since; }

/// A log as one leader writes it, without a follower: everything is on all replicas at once,
/// unless `replicated` is false. Slots are numbered as they come, from 0.
struct Writer {
    PartitionLog log;
    LogSpec spec;
    bool replicated = true;
    std::uint32_t written = 0;

    Writer() { log.lead(0); }

    Appended append(NewBatch batch, std::size_t count = 1, KeyId key = KeyId{0},
                    bool isTombstone = false) {
        std::vector<NewRecord> records;
        for (std::size_t i = 0; i < count; ++i) {
            records.push_back({Slot{written++}, key, 39, isTombstone}); // 100 bytes with the header
        }
        batch.records = records;
        const Appended appended = log.append(batch, spec);
        replicate();
        return appended;
    }
    /// One record with this key.
    void put(std::uint32_t key, Instant when = start, bool isTombstone = false) {
        append({.timestamp = when}, 1, KeyId{key}, isTombstone);
    }
    Appended mark(std::uint32_t producer, bool commits, std::uint16_t epoch = 0) {
        const Appended marked = log.appendMarker(ProducerId{producer}, epoch, commits, start, spec);
        replicate();
        return marked;
    }
    void replicate() {
        if (replicated) {
            log.raiseHighWatermark(log.endOffset());
        }
    }
};

NewBatch idempotent(std::int32_t sequence, std::uint16_t epoch = 0) {
    return {.producer = ProducerId{7}, .epoch = epoch, .sequence = sequence};
}

NewBatch transactional(std::uint32_t producer, std::int32_t sequence, std::uint16_t epoch = 0) {
    return {.producer = ProducerId{producer},
            .epoch = epoch,
            .sequence = sequence,
            .transactional = true};
}

/// The offsets that a reader gets who begins at the start: "0 1 3".
QString readable(const PartitionLog& log, Isolation isolation = Isolation::ReadUncommitted) {
    QStringList offsets;
    for (const auto& record : log.read(log.startOffset(), isolation, 1000).records) {
        offsets << QString::number(record.offset);
    }
    return offsets.join(' ');
}

std::vector<std::uint32_t> numbers(const std::vector<Slot>& taken) {
    std::vector<std::uint32_t> numbers;
    for (const Slot slot : taken) {
        numbers.push_back(static_cast<std::uint32_t>(slot));
    }
    std::ranges::sort(numbers);
    return numbers;
}
using Numbers = std::vector<std::uint32_t>;

} // namespace

/// The log of a partition: https://kafka.apache.org/documentation/#log, #semantics, #replication
/// and #compaction; KIP-98 (transactions), KIP-101 and KIP-279 (leader epochs).
class TestPartitionLog : public QObject {
    Q_OBJECT

private slots:
    void offsetsAreConsecutiveAndReadUpToTheHighWatermark() {
        Writer w;
        w.replicated = false;
        QCOMPARE(w.append({}, 3), (Appended{AppendOutcome::Appended, 0, 2}));
        QCOMPARE(w.append({}, 2), (Appended{AppendOutcome::Appended, 3, 4}));
        QCOMPARE(w.log.endOffset(), 5U);
        QCOMPARE(readable(w.log), QString());
        w.log.raiseHighWatermark(4);
        QCOMPARE(readable(w.log), QString("0 1 2 3"));
        w.log.raiseHighWatermark(2); // never falls
        w.log.raiseHighWatermark(9); // not above the end
        QCOMPARE(w.log.highWatermark(), 5U);
        const PartitionLog::Read two = w.log.read(1, Isolation::ReadUncommitted, 2);
        QCOMPARE(two.records.back().offset, 2U);
        QCOMPARE(two.next, 3U);
        QVERIFY(!w.log.read(5, Isolation::ReadUncommitted, 2).outOfRange);
        QVERIFY(w.log.read(6, Isolation::ReadUncommitted, 2).outOfRange);
    }

    // Idempotence: KIP-98,
    // https://kafka.apache.org/documentation/#producerconfigs_enable.idempotence

    void theLastFiveBatchesAreKnownAgain() {
        Writer w;
        for (int i = 0; i < 6; ++i) {
            QCOMPARE(w.append(idempotent(2 * i), 2).outcome, AppendOutcome::Appended);
        }
        QCOMPARE(w.append(idempotent(2), 2), (Appended{AppendOutcome::Duplicate, 2, 3}));
        QCOMPARE(w.append(idempotent(10), 2), (Appended{AppendOutcome::Duplicate, 10, 11}));
        QCOMPARE(w.append(idempotent(0), 2).outcome, AppendOutcome::OutOfOrderSequence);
        QCOMPARE(w.append(idempotent(10), 1).outcome, AppendOutcome::OutOfOrderSequence);
        QCOMPARE(w.log.endOffset(), 12U);
    }

    void aGapInTheSequenceIsRefused() {
        Writer w;
        QCOMPARE(w.append(idempotent(41)).outcome, AppendOutcome::Appended); // nothing is known yet
        QCOMPARE(w.append(idempotent(43)).outcome, AppendOutcome::OutOfOrderSequence);
        QCOMPARE(w.append(idempotent(42)).outcome, AppendOutcome::Appended);
    }

    void sequencesWrapAround() {
        Writer w;
        QCOMPARE(w.append(idempotent(sequenceMax - 1), 3).outcome, AppendOutcome::Appended);
        QCOMPARE(w.append(idempotent(0)).outcome, AppendOutcome::OutOfOrderSequence);
        QCOMPARE(w.append(idempotent(1)).outcome, AppendOutcome::Appended);
        Writer edge;
        edge.append(idempotent(sequenceMax));
        QCOMPARE(edge.append(idempotent(0)).outcome, AppendOutcome::Appended);
    }

    void aNewEpochBeginsAtZeroAndFencesTheOld() {
        Writer w;
        w.append(idempotent(0, 3));
        QCOMPARE(w.append(idempotent(1, 4)).outcome, AppendOutcome::OutOfOrderSequence);
        QCOMPARE(w.append(idempotent(0, 4)).outcome, AppendOutcome::Appended);
        QCOMPARE(w.append(idempotent(1, 3)).outcome, AppendOutcome::InvalidProducerEpoch);
    }

    void aSilentProducerIsForgotten() {
        Writer w;
        w.append(idempotent(0));
        w.log.expireProducers(at(24h) - 1ns, 24h);
        QCOMPARE(w.append(idempotent(5)).outcome, AppendOutcome::OutOfOrderSequence);
        w.log.expireProducers(at(24h), 24h);
        QCOMPARE(w.log.producers().size(), std::size_t{0});
        QCOMPARE(w.append(idempotent(5)).outcome, AppendOutcome::Appended);
    }

    // Transactions: KIP-98, https://kafka.apache.org/documentation/#semantics

    void markersTakeOffsetsAndAreNotRead() {
        Writer w;
        for (int i = 0; i < 10; ++i) {
            w.append(transactional(1, i));
            w.mark(1, true);
        }
        QCOMPARE(w.log.endOffset(), 20U);
        QCOMPARE(readable(w.log, Isolation::ReadCommitted), QString("0 2 4 6 8 10 12 14 16 18"));
        QCOMPARE(w.log.read(18, Isolation::ReadCommitted, 10).next, 20U);
    }

    void anOpenTransactionHoldsUpEverybodyBehindIt() {
        Writer w;
        w.append({});
        w.append(transactional(1, 0));
        w.append({});
        w.append(transactional(2, 0));
        w.mark(2, true);
        QCOMPARE(w.log.lastStableOffset(), 1U);
        QCOMPARE(readable(w.log), QString("0 1 2 3"));
        QCOMPARE(readable(w.log, Isolation::ReadCommitted), QString("0"));
        w.mark(1, false);
        QCOMPARE(w.log.lastStableOffset(), 6U);
        QCOMPARE(readable(w.log), QString("0 1 2 3"));
        QCOMPARE(readable(w.log, Isolation::ReadCommitted), QString("0 2 3"));
    }

    void aTransactionIsDecidedOnceItsMarkerIsReplicated() {
        Writer w;
        w.append(transactional(1, 0));
        w.replicated = false;
        w.mark(1, true);
        QCOMPARE(w.log.lastStableOffset(), 0U);
        w.log.raiseHighWatermark(2);
        QCOMPARE(w.log.lastStableOffset(), 2U);
    }

    void onlyWhatWasAbortedIsAborted() {
        Writer w;
        w.append(transactional(1, 0)); // 0: aborted
        w.append(transactional(2, 0)); // 1: committed
        w.mark(1, false);
        w.append(transactional(1, 1)); // 3: committed
        w.mark(2, true);
        w.mark(1, true);
        QCOMPARE(readable(w.log, Isolation::ReadCommitted), QString("1 3"));
    }

    void aTransactionTakesNoOtherRecordsOfItsProducer() {
        Writer w;
        w.append(transactional(7, 0, 1));
        QCOMPARE(w.append(idempotent(1, 1)).outcome, AppendOutcome::InvalidTxnState);
        QCOMPARE(w.mark(7, true, 0).outcome, AppendOutcome::InvalidProducerEpoch);
        QCOMPARE(w.mark(7, true, 1).outcome, AppendOutcome::Appended);
        QCOMPARE(w.append(idempotent(1, 1)).outcome, AppendOutcome::Appended);
    }

    /// KIP-890: the epoch goes up with each transaction, so that a late record is refused.
    void aMarkerOfAHigherEpochFences() {
        Writer w;
        w.append(transactional(1, 0, 0));
        w.mark(1, false, 1);
        QCOMPARE(w.append(transactional(1, 1, 0)).outcome, AppendOutcome::InvalidProducerEpoch);
        QCOMPARE(w.append(transactional(1, 1, 1)).outcome, AppendOutcome::OutOfOrderSequence);
        QCOMPARE(w.append(transactional(1, 0, 1)).outcome, AppendOutcome::Appended);
    }

    // Replicas: KIP-101 and KIP-279, https://kafka.apache.org/documentation/#replication

    /// acks=1: 105 records were acknowledged, 100 copied. The follower leads, and the offsets of
    /// the other five are used again.
    void whatWasNotCopiedIsLostWithTheLeader() {
        Writer a;
        a.replicated = false;
        PartitionLog b;
        for (int i = 0; i < 105; ++i) {
            a.append({});
        }
        b.copyFrom(a.log, 100, a.spec);
        QCOMPARE(b.endOffset(), 100U);
        b.lead(1);
        Writer leader;
        leader.log = b;
        QCOMPARE(leader.append({}).first, 100U);
        QCOMPARE(a.log.divergence(leader.log), 100U);
        QCOMPARE(numbers(a.log.truncate(100)), (Numbers{100, 101, 102, 103, 104}));
        a.log.copyFrom(leader.log, 200, a.spec);
        QCOMPARE(a.log.endOffset(), 101U);
        QCOMPARE(a.log.epochs().entries(), leader.log.epochs().entries());
    }

    /// KIP-101, first scenario: a follower that restarts does not cut itself back to its high
    /// watermark, which may lag behind what it has.
    void aFollowerKeepsWhatTheLeaderHas() {
        Writer leader;
        leader.append({}, 2);
        PartitionLog follower;
        follower.copyFrom(leader.log, 2, leader.spec);
        QCOMPARE(follower.highWatermark(), 0U);
        QCOMPARE(follower.divergence(leader.log), 2U);
    }

    /// KIP-279: after two fast changes of leader the logs part in an epoch that one of them never
    /// saw; it takes two questions to find where.
    void logsThatPartedTwiceAgreeOnTheirCommonPart() {
        Writer a; // epoch 0: 0 and 1; epoch 2: 2 and 3
        a.append({});
        a.append({});
        Writer b; // epoch 0: 0 and 1; epoch 1: 2 to 4
        b.log = a.log;
        b.written = 2;
        a.log.lead(2);
        a.append({});
        a.append({});
        b.log.lead(1);
        b.append({});
        b.append({});
        b.append({});
        QCOMPARE(b.log.divergence(a.log), 2U);
        QCOMPARE(a.log.divergence(b.log), a.log.highWatermark()); // b knows no epoch 2
        b.log.truncate(2);
        b.log.copyFrom(a.log, 4, b.spec);
        QCOMPARE(b.log.epochs().entries(), a.log.epochs().entries());
    }

    void epochsWithoutRecordsLeaveNoTrace() {
        LeaderEpochs epochs;
        epochs.begin(1, 0);
        epochs.begin(2, 10);
        epochs.begin(4, 10);
        QCOMPARE(epochs.entries(), (std::vector<LeaderEpochs::Entry>{{1, 0}, {4, 10}}));
        QCOMPARE(epochs.endOf(3, 20), (std::optional<LeaderEpochs::Entry>{{1, 10}}));
        QCOMPARE(epochs.endOf(4, 20), (std::optional<LeaderEpochs::Entry>{{4, 20}}));
        QCOMPARE(epochs.endOf(0, 20), (std::optional<LeaderEpochs::Entry>{{0, 0}}));
        QVERIFY(!epochs.endOf(5, 20));
        epochs.startAt(5);
        QCOMPARE(epochs.entries(), (std::vector<LeaderEpochs::Entry>{{1, 5}, {4, 10}}));
        epochs.truncate(10);
        QCOMPARE(epochs.entries(), (std::vector<LeaderEpochs::Entry>{{1, 5}}));
    }

    /// One that led without appending anything, and follows again, forgets that it led.
    void aLeaderThatAppendedNothingLeavesNoTrace() {
        Writer a;
        a.append({});
        PartitionLog b;
        b.copyFrom(a.log, 1, a.spec);
        b.lead(1);
        a.append({});
        a.log.lead(2);
        b.truncate(b.divergence(a.log));
        b.copyFrom(a.log, 2, a.spec);
        QCOMPARE(b.endOffset(), 2U);
        QCOMPARE(b.epochs().entries(), (std::vector<LeaderEpochs::Entry>{{0, 0}}));
    }

    void truncationTakesBackWhatWasLearnt() {
        Writer w;
        w.append(idempotent(0));       // 0
        w.append(transactional(1, 0)); // 1
        w.append(idempotent(1));       // 2
        w.mark(1, false);              // 3
        QCOMPARE(readable(w.log, Isolation::ReadCommitted), QString("0 2"));
        QCOMPARE(numbers(w.log.truncate(2)), (Numbers{2}));
        QCOMPARE(w.log.highWatermark(), 2U);
        QCOMPARE(w.log.lastStableOffset(), 1U); // the transaction is open again
        QCOMPARE(w.append(idempotent(2)).outcome, AppendOutcome::OutOfOrderSequence);
        QCOMPARE(w.append(idempotent(1)).outcome, AppendOutcome::Appended);
    }

    void aBatchIsTruncatedAsAWhole() {
        Writer w;
        w.append({}, 3);
        w.append({}, 3);
        QCOMPARE(numbers(w.log.truncate(4)), (Numbers{3, 4, 5}));
        QCOMPARE(w.log.endOffset(), 3U);
        QCOMPARE(w.log.bytes(), 61U + 3 * 39);
    }

    void aFollowerFarBehindStartsAgain() {
        Writer w;
        w.append({}, 2);
        QCOMPARE(numbers(w.log.restart(50)), (Numbers{0, 1}));
        QCOMPARE(w.log.startOffset(), 50U);
        QCOMPARE(w.append({}).first, 50U);
        QCOMPARE(readable(w.log), QString("50"));
    }

    // Retention: https://kafka.apache.org/documentation/#topicconfigs_retention.ms

    /// One message a minute, retention.ms of an hour: with segment.ms of a week nothing goes in six
    /// days; with ten minutes, an hour and at most a segment remain.
    void retentionTakesWholeSegments_data() {
        QTest::addColumn<qint64>("segmentMinutes");
        QTest::addColumn<std::size_t>("least");
        QTest::addColumn<std::size_t>("most");
        QTest::newRow("a week") << qint64{7 * 24 * 60} << std::size_t{8640} << std::size_t{8640};
        QTest::newRow("ten minutes") << qint64{10} << std::size_t{60} << std::size_t{75};
    }
    void retentionTakesWholeSegments() {
        QFETCH(qint64, segmentMinutes);
        QFETCH(std::size_t, least);
        QFETCH(std::size_t, most);
        Writer w;
        w.spec.retention = 1h;
        w.spec.segmentTime = std::chrono::minutes(segmentMinutes);
        for (int minute = 0; minute < 6 * 24 * 60; ++minute) {
            w.put(0, at(std::chrono::minutes(minute)));
            if (minute % 5 == 0) {
                w.log.retire(w.spec, at(std::chrono::minutes(minute)));
            }
        }
        QVERIFY(w.log.size() >= least && w.log.size() <= most);
        QCOMPARE(w.log.endOffset() - w.log.startOffset(), std::uint64_t(w.log.size()));
    }

    void whenAllIsTooOldAnEmptySegmentIsLeft() {
        Writer w;
        w.spec.retention = 1h;
        w.append({}, 2);
        QVERIFY(w.log.retire(w.spec, at(1h)).empty()); // not longer ago than an hour
        QCOMPARE(numbers(w.log.retire(w.spec, at(1h + 1ms))), (Numbers{0, 1}));
        QCOMPARE(w.log.startOffset(), 2U);
        QCOMPARE(w.log.segments(), std::size_t{1});
        QVERIFY(w.log.retire(w.spec, at(9h)).empty());
        QVERIFY(w.log.read(1, Isolation::ReadUncommitted, 1).outOfRange);
        QCOMPARE(w.append({}).first, 2U);
    }

    void oneRecordOfTheFutureKeepsAllBehindIt() {
        Writer w;
        w.spec.retention = 1h;
        w.spec.segmentBytes = 100; // one record each
        w.put(0, at(0h));
        w.put(0, at(100h));
        w.put(0, at(0h));
        QCOMPARE(numbers(w.log.retire(w.spec, at(10h))), (Numbers{0}));
        QCOMPARE(w.log.size(), std::size_t{2});
    }

    /// retention.bytes: a segment goes while at least so much is left without it.
    void bytesAreKeptNotCapped() {
        Writer w;
        w.spec.retention.reset();
        w.spec.retentionBytes = 250;
        w.spec.segmentBytes = 200; // two records each
        for (int i = 0; i < 8; ++i) {
            w.append({});
        }
        QCOMPARE(w.log.segments(), std::size_t{4});
        QCOMPARE(numbers(w.log.retire(w.spec, start)), (Numbers{0, 1, 2, 3}));
        QCOMPARE(w.log.bytes(), 400U);
    }

    void nothingGoesAboveTheHighWatermark() {
        Writer w;
        w.spec.retention = 1h;
        w.spec.segmentBytes = 100;
        w.replicated = false;
        w.append({});
        w.append({});
        w.log.raiseHighWatermark(1);
        QCOMPARE(numbers(w.log.retire(w.spec, at(9h))), (Numbers{0}));
    }

    void deletedRecordsAreOutOfRangeAtOnceAndGoWithTheirSegment() {
        Writer w;
        w.spec.deletes = false;
        w.spec.segmentBytes = 200;
        for (int i = 0; i < 4; ++i) {
            w.append({});
        }
        w.log.raiseStart(3);
        QVERIFY(w.log.read(2, Isolation::ReadUncommitted, 1).outOfRange);
        QCOMPARE(readable(w.log), QString("3"));
        QCOMPARE(numbers(w.log.retire(w.spec, start)), (Numbers{0, 1}));
        QCOMPARE(w.log.startOffset(), 3U);
    }

    // Compaction: https://kafka.apache.org/documentation/#compaction

    /// Ten keys, each written a hundred times into closed segments, and 50 records in the active
    /// one: 60 remain, though some of the 10 have newer values among the 50.
    void theActiveSegmentNeitherGoesNorCounts() {
        Writer w = compacted(100 * 1000);
        for (std::uint32_t i = 0; i < 1000; ++i) {
            w.put(i % 10);
        }
        w.spec.segmentBytes = 100;
        w.put(0);
        w.spec.segmentBytes = 100 * 1000;
        for (std::uint32_t i = 1; i < 50; ++i) {
            w.put(i % 10);
        }
        QCOMPARE(w.log.segments(), std::size_t{2});
        const auto before = lastOffsets(w);
        QCOMPARE(w.log.compact(w.spec, start).size(), std::size_t{990});
        QCOMPARE(w.log.size(), std::size_t{60});
        QCOMPARE(w.log.bytes(), 6000U);
        QCOMPARE(lastOffsets(w), before);
        QVERIFY(w.log.compact(w.spec, start).empty());
    }

    void offsetsStayWhenNeighboursGo() {
        Writer w = compacted(100);
        for (const std::uint32_t key : {1U, 2U, 1U, 3U, 2U, 9U}) {
            w.put(key);
        }
        QCOMPARE(numbers(w.log.compact(w.spec, start)), (Numbers{0, 1}));
        QCOMPARE(readable(w.log), QString("2 3 4 5"));
        const auto fromTheGap = w.log.read(0, Isolation::ReadUncommitted, 1);
        QVERIFY(!fromTheGap.outOfRange);
        QCOMPARE(fromTheGap.records.front().offset, 2U);
    }

    /// A tombstone stays for delete.retention.ms after the pass that first met it.
    void aTombstoneStaysForAWhile() {
        Writer w = compacted(100);
        w.put(1);
        w.put(1, start, true);
        w.put(9);
        QCOMPARE(numbers(w.log.compact(w.spec, at(1h))), (Numbers{0}));
        w.put(8);
        QVERIFY(w.log.compact(w.spec, at(24h)).empty());
        w.put(7);
        QCOMPARE(numbers(w.log.compact(w.spec, at(25h))), (Numbers{1}));
        QCOMPARE(readable(w.log), QString("2 3 4"));
    }

    void youngRecordsAndOpenTransactionsAreLeftAlone() {
        Writer w = compacted(100);
        w.spec.minCompactionLag = 1h;
        w.put(1, at(0h));
        w.put(1, at(1h));
        w.put(1, at(2h));
        w.put(9, at(2h));
        QVERIFY(w.log.compact(w.spec, at(90min)).empty()); // what is newer is too young to count
        QCOMPARE(numbers(w.log.compact(w.spec, at(2h))), (Numbers{0}));
        QCOMPARE(numbers(w.log.compact(w.spec, at(3h))), (Numbers{1}));
        Writer t = compacted(100);
        t.append(transactional(1, 0), 1, KeyId{1});
        t.put(1);
        t.put(9);
        QVERIFY(t.log.compact(t.spec, start).empty());
        t.mark(1, false);
        t.put(9);
        QCOMPARE(numbers(t.log.compact(t.spec, start)), (Numbers{0})); // aborted
        QCOMPARE(readable(t.log), QString("1 2 4"));
    }

    void compactionIsDueWhenHalfIsNew() {
        Writer w = compacted(100);
        for (std::uint32_t key = 0; key < 3; ++key) {
            w.put(key);
        }
        QVERIFY(w.log.compactionIsDue(w.spec, start));
        w.log.compact(w.spec, start); // two segments are clean, the third is active
        QVERIFY(!w.log.compactionIsDue(w.spec, start));
        w.put(3);
        w.put(4); // two are dirty: exactly half
        QVERIFY(!w.log.compactionIsDue(w.spec, start));
        w.spec.maxCompactionLag = 1h;
        QVERIFY(w.log.compactionIsDue(w.spec, at(2h)));
        w.spec.maxCompactionLag.reset();
        w.put(5);
        QVERIFY(w.log.compactionIsDue(w.spec, start));
    }

    void aCompactedLogRefusesRecordsWithoutAKey() {
        Writer w = compacted(100);
        QCOMPARE(w.append({}, 1, noKey).outcome, AppendOutcome::InvalidRecord);
        QCOMPARE(w.log.endOffset(), 0U);
    }

    void aCopyGoesItsOwnWay() {
        Writer w;
        w.append(idempotent(0));
        Writer other = w;
        other.append(idempotent(1));
        other.log.truncate(0);
        QCOMPARE(readable(w.log), QString("0"));
        QCOMPARE(w.append(idempotent(1)).outcome, AppendOutcome::Appended);
    }

private:
    static Writer compacted(std::uint64_t segmentBytes) {
        Writer w;
        w.spec.deletes = false;
        w.spec.compacts = true;
        w.spec.segmentBytes = segmentBytes;
        return w;
    }

    /// What a reader who keeps the last value of each of ten keys ends up with: slots by key, as
    /// theActiveSegmentNeitherGoesNorCounts() writes them.
    static std::map<std::uint32_t, std::uint64_t> lastOffsets(const Writer& w) {
        std::map<std::uint32_t, std::uint64_t> last;
        for (const auto& record : w.log.read(0, Isolation::ReadUncommitted, 10'000).records) {
            const auto number = static_cast<std::uint32_t>(record.slot);
            last[number % 10] = record.offset;
        }
        return last;
    }
};

QTEST_APPLESS_MAIN(TestPartitionLog)
#include "tst_partition_log.moc"
