#include "sim/observe/ledger.h"
#include "tests/support/story.h"

#include <QTest>

using namespace sim;

namespace {

Ledger ledgerOf(const Story& story) {
    Ledger ledger(story.scenario, story.catalogue);
    story.tell(ledger);
    return ledger;
}

constexpr KeyId order42{41};

} // namespace

class LedgerTest : public QObject {
    Q_OBJECT

private slots:
    void comparesTheFoldOfAllEventsWithWhatWasApplied() {
        Story story;
        const auto first = story.comesIn(0ms);
        const auto second = story.comesIn(1ms);
        story.isHandled(5ms, second);
        story.isHandled(10ms, first);
        const LedgerRow row = ledgerOf(story).row(Story::billing, order42);
        QCOMPARE(row.expectedVersion, 2U);
        QCOMPARE(row.actualVersion, 1U);
        QCOMPARE(row.outOfOrder, 1U);
        QVERIFY(!row.agrees());
        QCOMPARE(row.newestProduced, MessageId{second});
        QCOMPARE(row.lastApplied, MessageId{first});
    }
    void addsAmountsAsOftenAsTheyWereApplied() {
        Story story;
        const auto first = story.comesIn(0ms, 42, Story::paid);
        story.comesIn(1ms, 42, Story::paid);
        story.applied(5ms, first);
        story.applied(6ms, first);
        const LedgerRow row = ledgerOf(story).row(Story::billing, order42);
        QCOMPARE(row.expectedSum, 10);
        QCOMPARE(row.actualSum, 10); // right by luck, and still told apart below
        QCOMPARE(row.produced, 2U);
        QCOMPARE(row.applied, 1U);
        QCOMPARE(row.doubled, 1U);
    }
    void expectsNothingOfTypesThatGoElsewhere() {
        Story story;
        story.comesIn(0ms);
        story.produced(1ms, 7, Story::paid);
        const Ledger ledger = ledgerOf(story);
        QCOMPARE(ledger.rows(Story::billing).size(), 1U);
        QCOMPARE(ledger.row(Story::billing, KeyId{6}), (LedgerRow{.key = KeyId{6}}));
        QVERIFY(ledger.rows(Story::audit).empty());
    }
    void expectsEventsProducedBeforeTheirTypeWasFirstRouted() {
        Story story;
        const auto lost = story.produced(0ms);
        story.published(0ms, lost);
        story.comesIn(1ms, 7);
        QCOMPARE(ledgerOf(story).row(Story::billing, order42).expectedVersion, 1U);
    }
    void countsStaleSkips() {
        Story story;
        const auto message = story.comesIn(0ms);
        story.atConsumer(3ms, TraceKind::Skipped, message).reason = Reason::Stale;
        QCOMPARE(ledgerOf(story).row(Story::billing, order42).stale, 1U);
    }
    void countsTheKeysThatDiffer() {
        Story story;
        story.isHandled(5ms, story.comesIn(0ms, 1));
        story.comesIn(10ms, 2);
        const Ledger::Divergence divergence = ledgerOf(story).divergence(Story::billing);
        QCOMPARE(divergence.keys, 2U);
        QCOMPARE(divergence.diverged, 1U);
        QCOMPARE(divergence.first.key, KeyId{1});
    }
};

QTEST_APPLESS_MAIN(LedgerTest)
#include "tst_ledger.moc"
