#include "sim/observe/copy_table.h"
#include "tests/support/story.h"

#include <QTest>

#include <map>

using namespace sim;

namespace {

/// The changes that a digest finds, by position of the record.
std::map<std::size_t, QueueChange> changesOf(const Story& story) {
    std::map<std::size_t, QueueChange> changes;
    std::size_t before = 0;
    Digest digest(story.scenario, story.catalogue);
    digest.feed(story.records, [&](const Batch& batch) {
        for (const Batch::Position at : batch.atQueues()) {
            changes[before + at] = batch.change(at);
        }
        before += batch.size();
    });
    return changes;
}

} // namespace

class CopyTableTest : public QObject {
    Q_OBJECT

private slots:
    void growsWithTheNumbersAndKeepsWhatItHolds() {
        CopyTable<int> table;
        table[3] = 7;
        table[100'000] = 9;
        QCOMPARE(table[3], 7);
        QCOMPARE(table[100'000], 9);
        QCOMPARE(table[50'000], 0);
        CopyTable<int> copy = table;
        copy[3] = 8;
        QCOMPARE(table[3], 7);
    }

    // What a digest says of the copies in queues.

    void aChangeSaysWhatTheQueueHoldsAfterIt() {
        Story story;
        const auto one = story.produced(0ms);
        const auto two = story.produced(0ms);
        story.enqueued(1ms, one);
        story.enqueued(2ms, two);
        story.delivered(3ms, one);
        story.requeued(4ms, one, Reason::Nack);
        story.left(5ms, TraceKind::Dropped, two, Reason::MaxLength);
        const auto changes = changesOf(story);
        const auto is = [&](std::size_t at, std::uint32_t ready, std::uint32_t unacked,
                            QueueState from) {
            const QueueChange& change = changes.at(at);
            return change.moved && change.ready == ready && change.unacked == unacked &&
                   change.from == from;
        };
        QVERIFY(is(2, 1, 0, QueueState::Gone));
        QVERIFY(is(3, 2, 0, QueueState::Gone));
        QVERIFY(is(4, 1, 1, QueueState::Ready));
        QVERIFY(is(5, 2, 0, QueueState::Unacked));
        QVERIFY(is(6, 1, 0, QueueState::Ready));
        QCOMPARE(changes.at(6).enqueued, start + 2ms);
    }
    void whatCannotBeChangesNothing() {
        Story story;
        const auto message = story.comesIn(0ms);
        story.enqueued(2ms, message); // is there already
        story.acked(3ms, message, Story::audits);
        story.acked(4ms, message);
        story.acked(5ms, message);
        const auto changes = changesOf(story);
        QVERIFY(changes.at(2).moved && !changes.at(3).moved && !changes.at(4).moved);
        QVERIFY(changes.at(5).moved && !changes.at(6).moved);
        QCOMPARE(changes.at(3).ready, 1U);
        QCOMPARE(changes.at(5).enqueued, start + 1ms);
        QCOMPARE(changes.at(6).ready + changes.at(6).unacked, 0U);
    }
    void aRiseIsMoreThanEverSinceTheWarmUp() {
        Story story;
        story.scenario.warmup = 10ms;
        const auto one = story.comesIn(0ms);
        const auto two = story.comesIn(2ms);
        story.acked(5ms, one);
        story.acked(6ms, two);
        story.comesIn(20ms);
        story.comesIn(21ms);
        std::vector<std::size_t> rises;
        Digest digest(story.scenario, story.catalogue);
        digest.feed(story.records,
                    [&](const Batch& batch) { rises.push_back(batch.rises().size()); });
        QCOMPARE(rises, (std::vector<std::size_t>{1, 1, 2}));
    }
    void kindsAreSortedInTheOrderOfTheRun() {
        Story story;
        for (int i = 0; i < 500; ++i) {
            story.isHandled(10ms * i + 3ms, story.comesIn(10ms * i));
        }
        std::vector<MessageId> applied;
        std::vector<TraceKind> merged;
        Digest digest(story.scenario, story.catalogue);
        digest.feed(story.records, [&](const Batch& batch) {
            QVERIFY(batch.size() <= Batch::sizeMax);
            for (const TraceRecord& record : batch.of(TraceKind::Applied)) {
                applied.push_back(record.message);
            }
            const auto note = [&](const TraceRecord& record) { merged.push_back(record.kind); };
            batch.merge(TraceKind::Enqueued, note, TraceKind::Acked, note);
        });
        QCOMPARE(applied.size(), 500U);
        QVERIFY(std::ranges::is_sorted(applied));
        for (std::size_t i = 0; i < merged.size(); ++i) {
            QVERIFY(merged[i] == (i % 2 == 0 ? TraceKind::Enqueued : TraceKind::Acked));
        }
    }
};

QTEST_APPLESS_MAIN(CopyTableTest)
#include "tst_copy_table.moc"
