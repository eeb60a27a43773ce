#include "sim/observe/checks.h"
#include "sim/observe/explain.h"
#include "sim/observe/witness_search.h"
#include "tests/support/story.h"

#include <QTest>

#include <algorithm>

using namespace sim;

namespace {

/// What a check of the story finds, explained from the records that belong to it.
struct Explained {
    Verdict verdict;
    Witness witness;

    Explained(Story& story, CheckKind what, bool atRest = false) {
        story.scenario.checks = {{"", false, std::move(what)}};
        Checks checks(story.scenario, story.catalogue);
        story.tell(checks);
        verdict = checks.verdicts(story.records.back().at + 1s, atRest).at(0);
        WitnessSearch search({verdict});
        for (const TraceRecord& record : story.records) {
            search.take(record);
        }
        witness = search.witnesses(story.catalogue).front();
    }

    QString text() const { return QString::fromStdString(witness.text); }
    /// "Crashed Requeued ..." by number of kind.
    bool shows(TraceKind kind) const {
        return std::ranges::find(witness.records, kind, &TraceRecord::kind) !=
               witness.records.end();
    }
};

} // namespace

class ExplainTest : public QObject {
    Q_OBJECT

private slots:
    void onlyRecordsOfItsEventsAndOfComponentsUpToTheViolationBelong() {
        Story story;
        const auto message = story.comesIn(0ms);
        story.comesIn(1ms, 7);
        story.component(2ms, TraceKind::Crashed, Story::billing);
        story.component(20ms, TraceKind::Restarted, Story::billing);
        Verdict verdict;
        verdict.at = start + 10ms;
        verdict.messages = {MessageId{message}};
        const auto count = std::ranges::count_if(
            story.records, [&](const TraceRecord& record) { return belongs(record, verdict); });
        QCOMPARE(count, 4); // three of the message, one crash
    }

    void aLogGivesTheSameWitnesses() {
        Story story;
        const auto first = story.comesIn(0ms);
        const auto second = story.comesIn(1ms);
        story.applied(5ms, second);
        story.applied(6ms, first);
        story.comesIn(9ms);
        const Explained explained(story, KeyOrderCheck{});
        Verdict holds;
        holds.state = Verdict::State::Holds;
        TraceLog log(100);
        log.append(story.records);
        const auto witnesses = witnessesIn(log, {holds, explained.verdict}, story.catalogue);
        QCOMPARE(witnesses.size(), 2U);
        QVERIFY(witnesses[0].records.empty() && witnesses[0].text.empty());
        QCOMPARE(witnesses[1].text, explained.witness.text);
        QVERIFY(!witnesses[1].records.empty());
        QVERIFY(witnesses[1].records == explained.witness.records);
        // A log that no longer reaches back has the facts of the violation alone.
        const auto late = witnessesIn(TraceLog(100), {explained.verdict}, story.catalogue);
        QVERIFY(late.front().records == explained.verdict.records);
        QVERIFY(WitnessSearch({explained.verdict, holds}).end() == explained.verdict.at);
        QVERIFY(WitnessSearch({holds}).end() == start);
    }

    // Order.

    void orderAfterACrash() {
        Story story;
        const auto second = story.comesIn(10s + 100ms);
        const auto third = story.comesIn(10s + 101ms);
        story.delivered(10s + 200ms, second, 1);
        story.started(10s + 201ms, second, 1);
        story.component(10s + 204ms, TraceKind::Crashed, Story::billing, 1);
        story.atConsumer(10s + 204ms, TraceKind::Discarded, second, 1);
        story.requeued(10s + 204ms, second, Reason::Crash, 1);
        story.applied(10s + 310ms, third, 0);
        story.delivered(10s + 320ms, second, 0);
        story.applied(10s + 330ms, second, 0);
        const Explained explained(story, KeyOrderCheck{"billing"});
        QCOMPARE(explained.text(),
                 "v2 of order-42 was applied at 10.31 s before v1 at 10.33 s, because v1 was "
                 "requeued at 10.204 s when billing[1] crashed.");
        QVERIFY(explained.shows(TraceKind::Crashed));
        QCOMPARE(explained.witness.records.size(), 4U);
        QVERIFY(std::ranges::is_sorted(explained.witness.records, {}, &TraceRecord::at));
    }
    void orderAfterADisconnect() {
        Story story;
        const auto first = story.comesIn(0ms);
        const auto second = story.comesIn(1ms);
        story.delivered(2ms, first);
        story.component(3ms, TraceKind::Disconnected, Story::billing).peer = Story::broker;
        story.requeued(3ms, first, Reason::Disconnect);
        story.applied(5ms, second);
        story.applied(6ms, first);
        const Explained explained(story, KeyOrderCheck{});
        QCOMPARE(explained.text(),
                 "v2 of order-42 was applied at 0.005 s before v1 at 0.006 s, because v1 was "
                 "requeued at 0.003 s when billing[0] lost its connection.");
        QVERIFY(explained.shows(TraceKind::Disconnected));
    }
    void orderAfterAFailedHandler() {
        Story story;
        const auto first = story.comesIn(0ms);
        const auto second = story.comesIn(1ms);
        story.delivered(2ms, first);
        story.atConsumer(3ms, TraceKind::Failed, first).reason = Reason::Random;
        story.requeued(4ms, first, Reason::Nack);
        story.applied(5ms, second, 1);
        story.applied(6ms, first);
        QCOMPARE(Explained(story, KeyOrderCheck{}).text(),
                 "v2 of order-42 was applied at 0.005 s before v1 at 0.006 s, because v1 was "
                 "requeued at 0.004 s because billing[0] sent it back after a failure (random).");
    }
    void orderAfterADetourByARetryQueue() {
        Story story;
        const auto first = story.comesIn(0ms);
        const auto second = story.comesIn(1ms);
        story.delivered(2ms, first);
        story.atConsumer(3ms, TraceKind::Failed, first).reason = Reason::Poison;
        story.left(4ms, TraceKind::DeadLettered, first, Reason::Rejected);
        story.enqueued(4ms, first, Story::dead, DeadLetter);
        story.applied(5ms, second, 1);
        story.applied(6ms, first);
        QCOMPARE(Explained(story, KeyOrderCheck{}).text(),
                 "v2 of order-42 was applied at 0.005 s before v1 at 0.006 s, because v1 was "
                 "dead-lettered by orders at 0.004 s (rejected after a failure (poison)) and came "
                 "round by dead.");
    }
    void orderOfCompetingInstances() {
        Story story;
        const auto first = story.comesIn(0ms);
        const auto second = story.comesIn(1ms);
        story.delivered(2ms, first, 0);
        story.started(2ms, first, 0);
        story.delivered(3ms, second, 1);
        story.started(3ms, second, 1);
        story.applied(13ms, second, 1);
        story.applied(102ms, first, 0);
        QCOMPARE(Explained(story, KeyOrderCheck{}).text(),
                 "v2 of order-42 was applied at 0.013 s before v1 at 0.102 s, because v1 took 100 "
                 "ms on billing[0] while v2 took 10 ms on billing[1].");
    }
    void orderOfMessagesThatOvertakeOnTheLink() {
        Story story;
        const auto first = story.produced(0ms);
        story.published(0ms, first);
        const auto second = story.comesIn(1ms);
        story.enqueued(50ms, first);
        story.isHandled(51ms, second);
        story.isHandled(61ms, first);
        QCOMPARE(Explained(story, KeyOrderCheck{}).text(),
                 "v2 of order-42 was applied at 0.053 s before v1 at 0.063 s, because v1 took 50 "
                 "ms from shop to orders while v2 took 1 ms.");
    }
    void orderAfterALostConfirm() {
        Story story;
        const auto first = story.comesIn(0ms);
        story.note(2ms, TraceKind::Lost, Story::events, Story::shop, first).reason =
            Reason::LostConfirm;
        const auto second = story.comesIn(3ms);
        story.isHandled(5ms, first);
        story.isHandled(15ms, second);
        story.note(50ms, TraceKind::ConfirmTimedOut, Story::shop, Story::events, first);
        story.published(50ms, first, Republished, 2).copy = 9;
        story.enqueued(51ms, first, Story::orders, Republished, 9);
        story.applied(60ms, first, 1, Story::billing, 9);
        QCOMPARE(Explained(story, KeyOrderCheck{}).text(),
                 "v2 of order-42 was applied at 0.017 s before v1 was applied a second time at "
                 "0.06 s, because v1 was published again by shop at 0.05 s, because its confirm "
                 "was lost at 0.002 s.");
    }

    // Duplicates.

    void duplicateAfterACrashBetweenEffectAndAck() {
        Story story;
        const auto message = story.comesIn(0ms);
        story.delivered(2ms, message);
        story.started(3ms, message);
        story.applied(5ms, message);
        story.component(6ms, TraceKind::Crashed, Story::billing, 0);
        story.requeued(6ms, message, Reason::Crash);
        story.applied(9ms, message, 1);
        const Explained explained(story, NoDuplicateEffectCheck{});
        QCOMPARE(explained.text(),
                 "v1 of order-42 was applied by billing[0] at 0.005 s and again by billing[1] at "
                 "0.009 s, because v1 was requeued at 0.006 s when billing[0] crashed.");
        QCOMPARE(explained.witness.records.size(), 4U);
    }
    void duplicateAfterALostConfirm() {
        Story story;
        const auto message = story.comesIn(0ms);
        story.isHandled(5ms, message);
        story.note(50ms, TraceKind::ConfirmTimedOut, Story::shop, Story::events, message);
        story.published(50ms, message, Republished, 2);
        story.applied(60ms, message);
        QCOMPARE(Explained(story, NoDuplicateEffectCheck{}).text(),
                 "v1 of order-42 was applied by billing[0] at 0.007 s and again by billing[0] at "
                 "0.06 s, because v1 was published again by shop at 0.05 s, because no confirm had "
                 "come by 0.05 s.");
    }
    void duplicateMadeByALink() {
        Story story;
        const auto message = story.comesIn(0ms);
        story.note(0ms, TraceKind::Duplicated, Story::shop, Story::events, message, 9);
        story.enqueued(1ms, message, Story::orders, 0, 9);
        story.applied(5ms, message);
        story.applied(6ms, message, 1, Story::billing, 9);
        QCOMPARE(Explained(story, NoDuplicateEffectCheck{}).text(),
                 "v1 of order-42 was applied by billing[0] at 0.005 s and again by billing[1] at "
                 "0.006 s, because v1 was duplicated on the way from shop to events at 0 s.");
    }
    void duplicateAfterALostAck() {
        Story story;
        const auto message = story.comesIn(0ms);
        story.delivered(2ms, message);
        story.applied(3ms, message);
        story.note(4ms, TraceKind::Lost, Story::billing, Story::orders, message).reason =
            Reason::LostAck;
        story.component(50ms, TraceKind::Disconnected, Story::billing);
        story.requeued(50ms, message, Reason::Disconnect);
        story.applied(60ms, message);
        const Explained explained(story, NoDuplicateEffectCheck{});
        QCOMPARE(explained.text(),
                 "v1 of order-42 was applied by billing[0] at 0.003 s and again by billing[0] at "
                 "0.06 s, because v1 was requeued at 0.05 s when billing[0] lost its connection, "
                 "its ack having been lost at 0.004 s.");
        QVERIFY(explained.shows(TraceKind::Lost));
    }

    // Losses.

    void lossByOverflow() {
        Story story;
        story.left(7s, TraceKind::Dropped, story.comesIn(0ms), Reason::MaxLength);
        QCOMPARE(Explained(story, NoLossCheck{}).text(),
                 "v1 of order-42 will never have its effect: v1 was dropped by orders at 7 s, the "
                 "queue being full.");
    }
    void lossAtOneOfTwoQueues() {
        Story story;
        const auto message = story.comesIn(0ms);
        story.enqueued(1ms, message, Story::audits, 0, 99);
        story.left(7ms, TraceKind::Dropped, message, Reason::MaxLength);
        story.left(7ms, TraceKind::Dropped, message, Reason::Expired, Story::audits, 99);
        QCOMPARE(Explained(story, NoLossCheck{"billing"}).text(),
                 "v1 of order-42 will never have its effect: v1 was dropped by orders at 0.007 s, "
                 "the queue being full.");
    }
    void lossByExpiry() {
        Story story;
        story.left(7s + 1ms, TraceKind::Dropped, story.comesIn(0ms), Reason::Expired);
        QCOMPARE(Explained(story, NoLossCheck{}).text(),
                 "v1 of order-42 will never have its effect: v1 was dropped by orders at 7.001 s, "
                 "its time to live over after 7 s in the queue.");
    }
    void lossByAutoAck() {
        Story story;
        const auto message = story.comesIn(0ms);
        story.delivered(2ms, message);
        story.acked(2ms, message);
        story.component(5ms, TraceKind::Crashed, Story::billing, 0);
        story.atConsumer(5ms, TraceKind::Discarded, message);
        QCOMPARE(Explained(story, NoLossCheck{}).text(),
                 "v1 of order-42 will never have its effect: v1 died with billing[0] as it crashed "
                 "at 0.005 s, after orders had already forgotten it at 0.002 s.");
    }
    void lossOnTheLink() {
        Story story;
        const auto message = story.produced(0ms);
        story.published(0ms, message);
        story.note(1ms, TraceKind::Lost, Story::shop, Story::events, message).reason =
            Reason::LinkLoss;
        QCOMPARE(Explained(story, NoLossCheck{}).text(),
                 "v1 of order-42 will never have its effect: v1 was lost on the way from shop to "
                 "events at 0.001 s (link loss).");
    }
    void lossByGivingUp() {
        Story story;
        const auto message = story.produced(0ms);
        story.published(0ms, message, WantsConfirm);
        story.note(1ms, TraceKind::Lost, Story::shop, Story::events, message);
        story.note(9ms, TraceKind::ConfirmTimedOut, Story::shop, Story::events, message);
        story.note(9ms, TraceKind::GaveUp, Story::shop, noComponent, message);
        QCOMPARE(Explained(story, NoLossCheck{}).text(),
                 "v1 of order-42 will never have its effect: shop gave up publishing v1 at 0.009 "
                 "s.");
    }
    void lossByAckingAFailure() {
        Story story;
        const auto message = story.comesIn(0ms);
        story.delivered(2ms, message);
        story.atConsumer(3ms, TraceKind::Failed, message).reason = Reason::Poison;
        story.acked(4ms, message);
        QCOMPARE(Explained(story, NoLossCheck{}).text(),
                 "v1 of order-42 will never have its effect: billing[0] failed on v1 at 0.003 s "
                 "(poison) and acked it all the same.");
    }

    // Others.

    void gapSkippedByTheResequencer() {
        Story story;
        const auto first = story.comesIn(0ms);
        const auto second = story.comesIn(1ms);
        story.left(2ms, TraceKind::Dropped, first, Reason::MaxLength);
        story.delivered(3ms, second);
        TraceRecord& skip = story.atConsumer(5s, TraceKind::GapSkipped, second);
        skip.reason = Reason::Timeout;
        story.applied(5s, second);
        QCOMPARE(Explained(story, NoGapCheck{}).text(),
                 "v2 of order-42 was applied at 5 s while v1 had not been, because billing[0] "
                 "stopped waiting for it at 5 s (timeout), and v1 was dropped by orders at 0.002 "
                 "s, the queue being full.");
    }
    void gapOfTheReaderWhoseOffsetSkippedIt() {
        Story story;
        QueueSpec stream;
        stream.type = QueueType::Stream;
        story.add("log", stream);
        const ComponentId log{9};
        story.scenario.links.emplace_back(ConsumeLink{"log", "billing", {}});
        story.scenario.links.emplace_back(ConsumeLink{"log", "audit", {}});
        const auto first = story.produced(0ms);
        story.enqueued(1ms, first, log);
        story.note(1ms, TraceKind::Read, log, Story::audit, first, 90);
        story.applied(3ms, first, 0, Story::audit, 90).peer = log;
        story.atConsumer(4ms, TraceKind::AckSent, first, 0, Story::audit, 90).peer = log;
        const auto second = story.produced(10ms);
        story.enqueued(11ms, second, log);
        story.note(11ms, TraceKind::Read, log, Story::billing, second, 91);
        story.note(11ms, TraceKind::Read, log, Story::audit, second, 92);
        story.applied(12ms, second, 0, Story::audit, 92).peer = log;
        story.applied(13ms, second, 0, Story::billing, 91).peer = log;
        const Explained explained(story, NoGapCheck{"billing"});
        QCOMPARE(explained.text(),
                 "v2 of order-42 was applied at 0.013 s while v1 had not been, because v1 was "
                 "appended to log at 0.001 s and not read by billing, which was given v2 at "
                 "0.011 s.");
        for (const TraceRecord& record : explained.witness.records) {
            QVERIFY(record.component != Story::audit);
            QVERIFY(record.peer != Story::audit);
        }
        QVERIFY(explained.shows(TraceKind::Read));
    }
    void gapOfOneConsumerWhereAnotherHadTheEffectLater() {
        Story story;
        const auto first = story.comesIn(0ms);
        story.enqueued(1ms, first, Story::audits, 0, 99);
        story.left(2ms, TraceKind::Dropped, first, Reason::MaxLength);
        story.delivered(3ms, first, 0, Story::audits, 99);
        story.requeued(4ms, first, Reason::Nack, 0, 99).component = Story::audits;
        story.records.back().peer = Story::audit;
        story.acked(5ms, first, Story::audits, 99);
        story.isHandled(8ms, story.comesIn(6ms));
        QCOMPARE(Explained(story, NoGapCheck{"billing"}).text(),
                 "v2 of order-42 was applied at 0.01 s while v1 had not been, because v1 was "
                 "dropped by orders at 0.002 s, the queue being full.");
    }
    void gapByTheFailureOfACompetitor() {
        Story story;
        story.add("invoicing", ConsumerSpec{});
        const ComponentId invoicing{9};
        story.scenario.links.emplace_back(ConsumeLink{"orders", "invoicing", {}});
        const auto first = story.comesIn(0ms);
        story.note(2ms, TraceKind::Delivered, Story::orders, invoicing, first);
        story.atConsumer(3ms, TraceKind::Failed, first, 0, invoicing).reason = Reason::Poison;
        story.note(4ms, TraceKind::Acked, Story::orders, invoicing, first);
        story.isHandled(8ms, story.comesIn(6ms));
        QCOMPARE(Explained(story, NoGapCheck{}).text(),
                 "v2 of order-42 was applied at 0.01 s while v1 had not been, because invoicing[0] "
                 "failed on v1 at 0.003 s (poison) and acked it all the same.");
    }
    void divergenceAfterAStaleWrite() {
        Story story;
        const auto first = story.comesIn(0ms);
        const auto second = story.comesIn(1ms);
        story.delivered(2ms, first);
        story.atConsumer(3ms, TraceKind::Failed, first).reason = Reason::Random;
        story.requeued(4ms, first, Reason::Nack);
        story.isHandled(5ms, second, 1);
        story.isHandled(10ms, first);
        QCOMPARE(Explained(story, ConvergenceCheck{"billing"}, true).text(),
                 "v2 of order-42 was applied at 0.007 s before v1 at 0.012 s, because v1 was "
                 "requeued at 0.004 s because billing[0] sent it back after a failure (random).");
    }
    void tooDeepAfterACrash() {
        Story story;
        story.component(5ms, TraceKind::Crashed, Story::billing, 0);
        story.comesIn(10ms);
        story.comesIn(11ms);
        QCOMPARE(Explained(story, DepthBoundCheck{"orders", 1}).text(),
                 "orders rose above its bound at 0.012 s with v2 of order-42 (at most 2 ready "
                 "messages at a time, 1 allowed), because billing[0] crashed at 0.005 s.");
    }
    void tooSlowBecauseOfWaiting() {
        Story story;
        const auto message = story.comesIn(0ms);
        story.delivered(900ms, message);
        story.started(901ms, message);
        story.applied(1s + 1ms, message);
        QCOMPARE(Explained(story, LatencyBoundCheck{"billing", 50, 100ms}).text(),
                 "v1 of order-42 was applied 1.001 s after it was produced: 899 ms of it passed "
                 "from enqueued at orders to delivered at orders.");
    }
    void staleBecauseOfADrop() {
        Story story;
        story.isHandled(5ms, story.comesIn(0ms));
        story.left(102ms, TraceKind::Dropped, story.comesIn(100ms), Reason::MaxLength);
        story.comesIn(9s, 7);
        QCOMPARE(Explained(story, StalenessBoundCheck{"billing", 1s}).text(),
                 "v2 of order-42 had not been applied by 1.1 s, because v2 was dropped by orders "
                 "at 0.102 s, the queue being full.");
    }
    void deadLetterAfterTooManyFailures() {
        Story story;
        const auto message = story.comesIn(0ms);
        story.delivered(2ms, message);
        story.atConsumer(3ms, TraceKind::Failed, message).reason = Reason::Poison;
        story.left(4ms, TraceKind::DeadLettered, message, Reason::Rejected);
        story.enqueued(4ms, message, Story::dead, DeadLetter);
        QCOMPARE(Explained(story, NoDeadLettersCheck{"dead"}).text(),
                 "v1 of order-42 became a dead letter at 0.004 s, because v1 was dead-lettered by "
                 "orders at 0.004 s (rejected after a failure (poison)) and came round by dead.");
    }
    void unroutable() {
        Story story;
        const auto message = story.produced(5ms);
        story.note(6ms, TraceKind::Unroutable, Story::events, noComponent, message);
        QCOMPARE(Explained(story, NoUnroutableCheck{}).text(),
                 "v1 of order-42 found no queue at events at 0.006 s: none of its bindings took "
                 "it.");
    }
    void unroutableBecauseOfACycle() {
        Story story;
        const auto message = story.comesIn(0ms);
        story.left(5ms, TraceKind::DeadLettered, message, Reason::Expired);
        story.note(5ms, TraceKind::Unroutable, Story::dlx, noComponent, message).reason =
            Reason::Cycle;
        QCOMPARE(Explained(story, NoUnroutableCheck{}).text(),
                 "v1 of order-42 found no queue at dlx at 0.005 s: dead-lettering it would have "
                 "closed a cycle.");
        QCOMPARE(Explained(story, NoLossCheck{}).text(),
                 "v1 of order-42 will never have its effect: v1 found no queue at dlx at 0.005 s, "
                 "because dead-lettering it would have closed a cycle.");
    }
    void gapOfWhatWasAppendedLater() {
        Story story;
        QueueSpec stream;
        stream.type = QueueType::Stream;
        story.add("log", stream);
        const ComponentId log{9};
        story.scenario.links.emplace_back(ConsumeLink{"log", "billing", {}});
        const auto first = story.produced(0ms);
        const auto second = story.produced(10ms);
        story.enqueued(11ms, second, log);
        story.note(11ms, TraceKind::Read, log, Story::billing, second, 91);
        story.published(11ms, first, Republished, 2);
        story.enqueued(11ms, first, log);
        story.applied(13ms, second, 0, Story::billing, 91).peer = log;
        QCOMPARE(Explained(story, NoGapCheck{"billing"}).text(),
                 "v2 of order-42 was applied at 0.013 s while v1 had not been, because v1 was "
                 "published again by shop at 0.011 s.");
    }
    void impossibleRecord() {
        Story story;
        const auto message = story.comesIn(0ms);
        story.isHandled(5ms, message);
        story.acked(9ms, message);
        QCOMPARE(Explained(story, ConservationCheck{}).text(),
                 "It cannot be that orders acked v1 of order-42 at 0.009 s: it did not hold that "
                 "copy so.");
    }
};

QTEST_APPLESS_MAIN(ExplainTest)
#include "tst_explain.moc"
