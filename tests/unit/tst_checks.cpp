#include "sim/observe/checks.h"
#include "tests/support/story.h"

#include <QTest>

using namespace sim;

namespace {

using State = Verdict::State;

Verdict judged(Story& story, CheckKind what, Duration end, bool atRest, bool shows = false) {
    story.scenario.duration = 60s;
    story.scenario.checks = {{"", shows, std::move(what)}};
    Checks checks(story.scenario, story.catalogue);
    story.tell(checks);
    return checks.verdicts(start + end, atRest).at(0);
}

} // namespace

class ChecksTest : public QObject {
    Q_OBJECT

private slots:
    // What every check has in common.

    void namesACheckByItsKindAndPlace() {
        QCOMPARE(Checks::nameOf({"", false, KeyOrderCheck{"billing"}}), "key order at billing");
        QCOMPARE(Checks::nameOf({"", true, NoLossCheck{}}), "shows a violation: no loss");
        QCOMPARE(Checks::idOf({"", false, KeyOrderCheck{}}), "I4");
        QCOMPARE(Checks::idOf({"", false, NoUnroutableCheck{}}), "");
    }

    void givesOneVerdictForEachCheckInItsOrder() {
        Story story;
        story.scenario.checks = {{"mine", false, NoLossCheck{}}, {"", false, KeyOrderCheck{}}};
        const auto verdicts = Checks(story.scenario, story.catalogue).verdicts(start + 1s, false);
        QCOMPARE(verdicts.size(), 2U);
        QCOMPARE(verdicts[0].check, "mine");
        QCOMPARE(verdicts[1].id, "I4");
    }

    void holdsWhenTheViolationThatIsToBeShownOccurs() {
        Story story;
        const auto old = story.comesIn(0ms);
        const auto fresh = story.comesIn(10ms);
        story.applied(20ms, fresh);
        story.applied(30ms, old);
        const Verdict verdict = judged(story, KeyOrderCheck{}, 40ms, false, true);
        QCOMPARE(verdict.state, State::Holds);
        QVERIFY(verdict.shows);
        QCOMPARE(verdict.at, start + 30ms);
        QCOMPARE(verdict.summary,
                 "shown: 1 of 2 effects came after that of a newer version of the key");
    }

    void isViolatedWhenTheViolationThatIsToBeShownIsMissingAtTheEnd() {
        Story story;
        story.applied(20ms, story.comesIn(0ms));
        QCOMPARE(judged(story, KeyOrderCheck{}, 40ms, false, true).state, State::NotDecided);
        const Verdict verdict = judged(story, KeyOrderCheck{}, 60s, false, true);
        QCOMPARE(verdict.state, State::Violated);
        QCOMPARE(verdict.summary, "the scenario does not show it: 1 effect, none after that of a "
                                  "newer version");
        QCOMPARE(judged(story, KeyOrderCheck{}, 40ms, true, true).state, State::Violated);
    }

    // No duplicate effect.

    void noDuplicateHoldsWhenEveryEventTakesEffectOnceAtEachConsumer() {
        Story story;
        const auto message = story.comesIn(0ms);
        story.applied(5ms, message);
        story.applied(6ms, message, 0, Story::audit);
        QCOMPARE(judged(story, NoDuplicateEffectCheck{}, 1s, false).state, State::Holds);
    }
    void noDuplicateIsViolatedByASecondEffectThroughAnotherInstance() {
        Story story;
        const auto message = story.comesIn(0ms);
        story.applied(5ms, message, 0);
        story.applied(9ms, message, 1, Story::billing, 77);
        const Verdict verdict = judged(story, NoDuplicateEffectCheck{}, 1s, false);
        QCOMPARE(verdict.state, State::Violated);
        QCOMPARE(verdict.violations, 1U);
        QCOMPARE(verdict.at, start + 9ms);
        QCOMPARE(verdict.records, std::vector{story.records.back()});
        QCOMPARE(verdict.messages, std::vector{MessageId{message}});
        QCOMPARE(verdict.summary, "1 of 2 effects repeated an effect of the same event");
    }
    void noDuplicateLooksOnlyAtItsConsumer() {
        Story story;
        const auto message = story.comesIn(0ms);
        story.applied(5ms, message);
        story.applied(9ms, message);
        story.applied(9ms, message, 0, Story::audit);
        QCOMPARE(judged(story, NoDuplicateEffectCheck{"audit"}, 1s, false).state, State::Holds);
    }
    void noDuplicateIsNotDecidedBeforeTheFirstEffect() {
        Story story;
        QCOMPARE(judged(story, NoDuplicateEffectCheck{}, 1s, true).state, State::NotDecided);
    }

    // Key order.

    void keyOrderHoldsForRisingVersionsOfEachKey() {
        Story story;
        const auto a1 = story.comesIn(0ms, 1);
        const auto b1 = story.comesIn(0ms, 2);
        const auto a2 = story.comesIn(1ms, 1);
        for (const auto message : {b1, a1, a2, a2}) {
            story.applied(5ms, message);
        }
        QCOMPARE(judged(story, KeyOrderCheck{}, 1s, false).state, State::Holds);
    }
    void keyOrderIsViolatedByAnOlderVersionAfterANewerOne() {
        Story story;
        const auto first = story.comesIn(0ms);
        const auto second = story.comesIn(1ms);
        const auto third = story.comesIn(2ms);
        story.applied(10ms, first);
        story.applied(11ms, third);
        story.applied(12ms, second);
        const Verdict verdict = judged(story, KeyOrderCheck{"billing"}, 1s, false);
        QCOMPARE(verdict.state, State::Violated);
        QCOMPARE(verdict.records, std::vector{story.records.back()});
        QCOMPARE(verdict.messages, (std::vector{MessageId{second}, MessageId{third}}));
        QCOMPARE(verdict.summary, "1 of 3 effects came after that of a newer version of the key");
    }
    void keyOrderIsNotDecidedBeforeTheFirstEffect() {
        Story story;
        story.comesIn(0ms);
        QCOMPARE(judged(story, KeyOrderCheck{}, 1s, true).state, State::NotDecided);
    }

    // No gap.

    void noGapHoldsWhenNoVersionIsLeftOut() {
        Story story;
        const auto first = story.comesIn(0ms);
        const auto second = story.comesIn(1ms);
        story.applied(10ms, first);
        story.applied(11ms, second);
        QCOMPARE(judged(story, NoGapCheck{}, 1s, false).state, State::Holds);
    }
    void noGapIsViolatedByAVersionThatComesBeforeTheOneBefore() {
        Story story;
        const auto first = story.comesIn(0ms);
        const auto second = story.comesIn(1ms);
        story.applied(11ms, second);
        const TraceRecord early = story.records.back();
        story.applied(12ms, first);
        const Verdict verdict = judged(story, NoGapCheck{}, 1s, false);
        QCOMPARE(verdict.state, State::Violated);
        QCOMPARE(verdict.violations, 1U);
        QCOMPARE(verdict.records, std::vector{early});
        QCOMPARE(verdict.messages, (std::vector{MessageId{second}, MessageId{first}}));
    }
    void noGapLooksPastVersionsOfTypesThatGoElsewhere() {
        Story story;
        const auto first = story.comesIn(0ms);
        const auto elsewhere = story.produced(1ms, 42, Story::paid);
        story.enqueued(2ms, elsewhere, Story::audits);
        const auto third = story.comesIn(3ms);
        story.applied(10ms, first);
        story.applied(11ms, third);
        QCOMPARE(judged(story, NoGapCheck{"billing"}, 1s, false).state, State::Holds);
    }
    void noGapTakesAnEffectAtACompetitorForOne() {
        Story story;
        story.add("invoicing", ConsumerSpec{});
        const ComponentId invoicing{9};
        story.scenario.links.emplace_back(ConsumeLink{"orders", "invoicing", {}});
        const auto first = story.comesIn(0ms);
        const auto second = story.comesIn(1ms);
        story.applied(10ms, first, 0, invoicing);
        story.applied(11ms, second);
        const auto third = story.comesIn(20ms);
        QCOMPARE(judged(story, NoGapCheck{}, 1s, false).state, State::Holds);
        QCOMPARE(judged(story, NoGapCheck{"billing"}, 1s, false).state, State::Holds);
        story.applied(30ms, story.comesIn(21ms));
        const Verdict verdict = judged(story, NoGapCheck{"billing"}, 1s, false);
        QCOMPARE(verdict.violations, 1U);
        QCOMPARE(verdict.messages.at(1), MessageId{third});
        QCOMPARE(judged(story, NoGapCheck{"invoicing"}, 1s, false).state, State::Holds);
    }
    void noGapIsNotDecidedBeforeTheFirstEffect() {
        Story story;
        QCOMPARE(judged(story, NoGapCheck{}, 1s, true).state, State::NotDecided);
    }

    // No loss.

    void noLossHoldsWhenEveryEventHadItsEffect() {
        Story story;
        story.isHandled(5ms, story.comesIn(0ms));
        const Verdict verdict = judged(story, NoLossCheck{}, 1s, false);
        QCOMPARE(verdict.state, State::Holds);
        QCOMPARE(verdict.summary, "1 produced event, each with its effects or accounted for");
    }
    void noLossIsNotDecidedWhileACopyIsInAQueue() {
        Story story;
        story.comesIn(0ms);
        QCOMPARE(judged(story, NoLossCheck{}, 1s, false).state, State::NotDecided);
        QCOMPARE(judged(story, NoLossCheck{}, 1s, true).state, State::NotDecided);
        QCOMPARE(judged(story, NoLossCheck{}, 1s, true).summary,
                 "1 effect of 1 produced event may still take place");
    }
    void noLossIsNotDecidedBeforeAnythingIsProduced() {
        Story story;
        QCOMPARE(judged(story, NoLossCheck{}, 1s, true).state, State::NotDecided);
    }
    void noLossIsViolatedWhenTheOnlyCopyIsDropped() {
        Story story;
        const auto message = story.comesIn(0ms);
        story.left(7ms, TraceKind::Dropped, message, Reason::Expired);
        const TraceRecord last = story.records.back();
        story.produced(8ms);
        const Verdict verdict = judged(story, NoLossCheck{}, 9ms, false);
        QCOMPARE(verdict.state, State::Violated);
        QCOMPARE(verdict.at, start + 7ms);
        QCOMPARE(verdict.records, std::vector{last});
        QCOMPARE(verdict.messages, std::vector{MessageId{message}});
        QCOMPARE(verdict.summary, "1 effect of 2 produced events will never take place");
    }
    void noLossSparesAConsumerThatTheEventWasNotRoutedTo() {
        Story story;
        story.left(7ms, TraceKind::Dropped, story.comesIn(0ms), Reason::Expired);
        QCOMPARE(judged(story, NoLossCheck{"audit"}, 1s, true).state, State::Holds);
    }
    void noLossIsViolatedForOneConsumerWhileAnotherStillWaits() {
        Story story;
        const auto message = story.comesIn(0ms);
        story.enqueued(1ms, message, Story::audits, 0, 99);
        story.left(7ms, TraceKind::Dropped, message, Reason::MaxLength);
        QCOMPARE(judged(story, NoLossCheck{"billing"}, 1s, false).state, State::Violated);
        QCOMPARE(judged(story, NoLossCheck{"audit"}, 1s, false).state, State::NotDecided);
    }
    void noLossCountsADeadLetterThatRestsInAQueueAsAccountedFor() {
        Story story;
        const auto message = story.comesIn(0ms);
        story.delivered(2ms, message);
        story.left(7ms, TraceKind::DeadLettered, message, Reason::Rejected);
        story.enqueued(7ms, message, Story::dead, DeadLetter);
        QCOMPARE(judged(story, NoLossCheck{}, 1s, false).state, State::Holds);
        story.left(9ms, TraceKind::Dropped, message, Reason::Expired, Story::dead);
        const Verdict verdict = judged(story, NoLossCheck{}, 1s, false);
        QCOMPARE(verdict.state, State::Violated);
        QCOMPARE(verdict.at, start + 9ms);
    }
    void noLossCountsWhatAConsumerGaveAwayAsAccountedForWhereItRests() {
        Story story;
        const auto message = story.comesIn(0ms);
        story.delivered(2ms, message);
        story.note(7ms, TraceKind::Failed, Story::billing, Story::orders, message);
        story.note(7ms, TraceKind::Published, Story::billing, Story::dlx, message, 99).flags =
            Republished;
        story.left(8ms, TraceKind::Acked, message);
        QCOMPARE(judged(story, NoLossCheck{}, 1s, false).state, State::NotDecided);
        Story lost = story;
        lost.note(9ms, TraceKind::Unroutable, Story::dlx, noComponent, message, 99);
        QCOMPARE(judged(lost, NoLossCheck{}, 1s, false).state, State::Violated);
        story.enqueued(9ms, message, Story::dead, Republished, 99);
        QCOMPARE(judged(story, NoLossCheck{}, 1s, false).state, State::Holds);
    }
    void noLossIsViolatedWhenADeadLetterFindsNoQueue() {
        Story story;
        const auto message = story.comesIn(0ms);
        story.left(7ms, TraceKind::DeadLettered, message, Reason::Expired);
        story.note(7ms, TraceKind::Unroutable, Story::dlx, noComponent, message).flags = DeadLetter;
        QCOMPARE(judged(story, NoLossCheck{}, 1s, false).state, State::Violated);
    }
    void noLossWaitsForAnUnconfirmedPublishUntilTheProducerGivesUp() {
        Story story;
        const auto message = story.produced(0ms);
        story.published(0ms, message, WantsConfirm);
        story.note(1ms, TraceKind::Lost, Story::shop, Story::events, message).reason =
            Reason::LinkLoss;
        story.note(9ms, TraceKind::ConfirmTimedOut, Story::shop, Story::events, message);
        QCOMPARE(judged(story, NoLossCheck{}, 1s, false).state, State::NotDecided);
        story.note(9ms, TraceKind::GaveUp, Story::shop, noComponent, message);
        const Verdict verdict = judged(story, NoLossCheck{}, 1s, false);
        QCOMPARE(verdict.state, State::Violated);
        QCOMPARE(verdict.at, start + 9ms);
    }
    void noLossIsViolatedByALossOnTheLinkWithoutConfirms() {
        Story story;
        const auto message = story.produced(0ms);
        story.published(0ms, message);
        story.note(1ms, TraceKind::Lost, Story::shop, Story::events, message);
        QCOMPARE(judged(story, NoLossCheck{}, 1s, false).state, State::Violated);
        QCOMPARE(judged(story, NoLossCheck{"billing"}, 1s, false).state, State::Holds);
        story.isHandled(10ms, story.comesIn(5ms)); // the type goes to billing
        QCOMPARE(judged(story, NoLossCheck{"billing"}, 1s, false).state, State::Violated);
    }
    void noLossIsViolatedByAnUnroutableMessage() {
        Story story;
        const auto message = story.produced(0ms);
        story.published(0ms, message);
        story.note(1ms, TraceKind::Unroutable, Story::events, noComponent, message);
        QCOMPARE(judged(story, NoLossCheck{}, 1s, false).state, State::Violated);
    }
    void noLossIsViolatedWhenAnAutoAckedDeliveryDiesWithItsInstance() {
        Story story;
        const auto message = story.comesIn(0ms);
        story.delivered(2ms, message);
        story.acked(2ms, message);
        QCOMPARE(judged(story, NoLossCheck{}, 3ms, false).state, State::NotDecided);
        story.component(5ms, TraceKind::Crashed, Story::billing);
        story.atConsumer(5ms, TraceKind::Discarded, message);
        const Verdict verdict = judged(story, NoLossCheck{}, 1s, false);
        QCOMPARE(verdict.state, State::Violated);
        QCOMPARE(verdict.records.at(0).kind, TraceKind::Discarded);
    }
    void noLossIsNotViolatedByACrashWhoseDeliveryIsRequeued() {
        Story story;
        const auto message = story.comesIn(0ms);
        story.delivered(2ms, message);
        story.atConsumer(5ms, TraceKind::Discarded, message);
        story.requeued(5ms, message, Reason::Crash);
        QCOMPARE(judged(story, NoLossCheck{}, 1s, false).state, State::NotDecided);
        story.isHandled(6ms, message, 1);
        QCOMPARE(judged(story, NoLossCheck{}, 1s, false).state, State::Holds);
    }
    void noLossTakesAStaleSkipAsAnEffectAndADuplicateSkipAsNone() {
        Story story;
        const auto stale = story.comesIn(0ms);
        story.delivered(2ms, stale);
        story.atConsumer(3ms, TraceKind::Skipped, stale).reason = Reason::Stale;
        story.acked(4ms, stale);
        QCOMPARE(judged(story, NoLossCheck{}, 1s, false).state, State::Holds);
        const auto forgotten = story.comesIn(10ms);
        story.delivered(12ms, forgotten);
        story.atConsumer(13ms, TraceKind::Skipped, forgotten).reason = Reason::DuplicateId;
        story.acked(14ms, forgotten);
        QCOMPARE(judged(story, NoLossCheck{}, 1s, false).state, State::Violated);
    }
    void noLossIsViolatedAtRestForWhatWasNeverPublished() {
        Story story;
        story.produced(0ms);
        QCOMPARE(judged(story, NoLossCheck{}, 1s, false).state, State::NotDecided);
        QCOMPARE(judged(story, NoLossCheck{}, 1s, true).state, State::Violated);
    }
    void noLossFollowsTheWayThroughARetryQueue() {
        Story story;
        QueueSpec waiting;
        waiting.deadLetterExchange = "events";
        story.add("retry", waiting);
        story.scenario.links.emplace_back(BindingLink{"dlx", "retry", "", {}});
        const ComponentId retry{9};
        const auto message = story.comesIn(0ms);
        story.delivered(2ms, message);
        story.left(5ms, TraceKind::DeadLettered, message, Reason::Rejected);
        story.enqueued(5ms, message, retry, DeadLetter);
        QCOMPARE(judged(story, NoLossCheck{}, 1s, false).state, State::NotDecided);
        story.left(9ms, TraceKind::DeadLettered, message, Reason::Expired, retry);
        story.enqueued(9ms, message, Story::orders, DeadLetter);
        QCOMPARE(judged(story, NoLossCheck{}, 1s, false).state, State::NotDecided);
        story.isHandled(10ms, message);
        QCOMPARE(judged(story, NoLossCheck{}, 1s, false).state, State::Holds);
    }
    void noLossRemembersUnsettledEventsHoweverManyCameAfter() {
        Story story;
        const auto stuck = story.comesIn(0ms);
        for (int i = 1; i < 5000; ++i) {
            const Duration at = i * 10ms;
            story.isHandled(at + 2ms, story.comesIn(at, 7));
        }
        QCOMPARE(judged(story, NoLossCheck{}, 60s, false).state, State::NotDecided);
        story.isHandled(59s, stuck);
        QCOMPARE(judged(story, NoLossCheck{}, 60s, false).state, State::Holds);
    }

    // Convergence.

    void convergenceHoldsAtRestWhenTheStateIsTheFoldOfAllEvents() {
        Story story;
        story.isHandled(5ms, story.comesIn(0ms));
        story.isHandled(15ms, story.comesIn(10ms, 42, Story::paid));
        const Verdict verdict = judged(story, ConvergenceCheck{"billing"}, 1s, true);
        QCOMPARE(verdict.state, State::Holds);
        QCOMPARE(verdict.summary, "1 key, each as all events make it");
    }
    void convergenceIsNotDecidedBeforeTheRunIsAtRest() {
        Story story;
        story.comesIn(0ms);
        QCOMPARE(judged(story, ConvergenceCheck{"billing"}, 1s, false).state, State::NotDecided);
    }
    void convergenceIsViolatedByAStaleWrite() {
        Story story;
        const auto old = story.comesIn(0ms);
        const auto fresh = story.comesIn(1ms);
        story.isHandled(5ms, fresh);
        story.isHandled(9ms, old);
        const Verdict verdict = judged(story, ConvergenceCheck{"billing"}, 1s, true);
        QCOMPARE(verdict.state, State::Violated);
        QCOMPARE(
            verdict.summary,
            "1 of 1 key differ from all events: order-42 at billing stands at version 1, not 2");
        QCOMPARE(verdict.messages, (std::vector{MessageId{fresh}, MessageId{old}}));
    }
    void convergenceIsViolatedByAnAmountAddedTwice() {
        Story story;
        const auto message = story.comesIn(0ms, 42, Story::paid);
        story.applied(5ms, message);
        story.applied(6ms, message);
        const Verdict verdict = judged(story, ConvergenceCheck{"billing"}, 1s, true);
        QCOMPARE(verdict.state, State::Violated);
        QVERIFY(verdict.summary.ends_with("order-42 at billing sums up to 10, not 5"));
    }

    // Conservation.

    void conservationHoldsWhenEveryRecordFits() {
        Story story;
        story.isHandled(5ms, story.comesIn(0ms));
        story.comesIn(10ms);
        const Verdict verdict = judged(story, ConservationCheck{}, 1s, false);
        QCOMPARE(verdict.state, State::Holds);
        QCOMPARE(verdict.summary, "2 copies entered, 1 left, 1 inside");
    }
    void conservationIsViolatedByACopyThatLeavesTwice() {
        Story story;
        const auto message = story.comesIn(0ms);
        story.isHandled(5ms, message);
        story.acked(9ms, message);
        const Verdict verdict = judged(story, ConservationCheck{"orders"}, 1s, false);
        QCOMPARE(verdict.state, State::Violated);
        QCOMPARE(verdict.at, start + 9ms);
        QCOMPARE(verdict.records, std::vector{story.records.back()});
        QCOMPARE(judged(story, ConservationCheck{"dead"}, 1s, false).state, State::NotDecided);
    }

    // Bounds.

    void depthBoundCountsReadyMessagesOnly() {
        Story story;
        const auto first = story.comesIn(0ms);
        story.delivered(2ms, first);
        story.comesIn(3ms);
        QCOMPARE(judged(story, DepthBoundCheck{"orders", 1}, 1s, false).state, State::Holds);
        const Verdict lag = judged(story, LagBoundCheck{"orders", 1}, 1s, false);
        QCOMPARE(lag.state, State::Violated);
        QCOMPARE(lag.at, start + 4ms);
        QCOMPARE(lag.summary, "at most 2 unsettled messages at a time, 1 allowed");
        QCOMPARE(lag.records, std::vector{story.records.back()});
    }
    void depthBoundCountsEachRiseAboveItOnce() {
        Story story;
        const auto first = story.comesIn(0ms);
        const auto second = story.comesIn(1ms);
        story.comesIn(2ms);
        story.isHandled(10ms, first);
        story.isHandled(20ms, second);
        story.comesIn(30ms);
        const Verdict verdict = judged(story, DepthBoundCheck{"", 1}, 1s, false);
        QCOMPARE(verdict.state, State::Violated);
        QCOMPARE(verdict.violations, 2U);
        QCOMPARE(verdict.at, start + 2ms);
    }
    void depthBoundLooksAtWhatAnInstantLeaves() {
        Story story; // orders has room for two, and drops its head
        const auto first = story.comesIn(0ms);
        const auto second = story.comesIn(1ms);
        for (int i = 0; i < 3; ++i) {
            story.comesIn(10ms + i * 1ms);
            story.left(11ms + i * 1ms, TraceKind::Dropped, i == 0 ? first : second + i - 1,
                       Reason::MaxLength);
        }
        const Verdict verdict = judged(story, DepthBoundCheck{"orders", 2}, 1s, false);
        QCOMPARE(verdict.state, State::Holds);
        QCOMPARE(verdict.summary, "at most 2 ready messages at a time, 2 allowed");
        QCOMPARE(judged(story, LagBoundCheck{"orders", 2}, 1s, false).state, State::Holds);
        QCOMPARE(judged(story, DepthBoundCheck{"orders", 1}, 1s, false).at, start + 2ms);
    }
    void depthBoundNamesTheRecordThatRoseAndStayed() {
        Story story;
        const auto first = story.comesIn(0ms);
        story.comesIn(1ms);
        const TraceRecord fleeting = story.records.back();
        story.left(2ms, TraceKind::Dropped, first, Reason::MaxLength);
        const auto third = story.comesIn(1ms);
        const Verdict verdict = judged(story, DepthBoundCheck{"orders", 1}, 1s, false);
        QCOMPARE(verdict.state, State::Violated);
        QCOMPARE(verdict.violations, 1U);
        QVERIFY(verdict.records.at(0) != fleeting);
        QCOMPARE(verdict.messages, std::vector{MessageId{third}});
    }
    void depthBoundNamesTheFirstOfSeveralQueues() {
        Story story;
        const auto first = story.comesIn(0ms);
        const auto second = story.comesIn(1ms); // orders rises and stays
        for (int i = 0; i < 2; ++i) {
            story.enqueued(10ms + i * 1ms, i == 0 ? first : second, Story::audits, 0, 90U + i);
        }
        story.delivered(20ms, first, 0, Story::audits, 90);
        const Verdict verdict = judged(story, DepthBoundCheck{"", 1}, 1s, false);
        QCOMPARE(verdict.violations, 2U);
        QCOMPARE(verdict.at, start + 2ms);
    }
    void depthBoundIsNotDecidedBeforeAnythingEnters() {
        Story story;
        QCOMPARE(judged(story, DepthBoundCheck{}, 1s, true).state, State::NotDecided);
    }
    void latencyBoundLooksAtThePercentile() {
        Story story;
        for (int i = 0; i < 100; ++i) {
            const auto message = story.produced(i * 1s);
            story.applied(i * 1s + (i == 50 ? 900ms : 10ms), message);
        }
        LatencyBoundCheck check{"billing", 99, 100ms};
        QCOMPARE(judged(story, check, 100s, false).state, State::Holds);
        check.percentile = 99.5;
        const Verdict verdict = judged(story, check, 100s, false);
        QCOMPARE(verdict.state, State::Violated);
        QCOMPARE(verdict.at, start + 50s + 900ms);
        QCOMPARE(verdict.summary, "1 of 100 effects took longer than 100 ms");
    }
    void latencyBoundLeavesTheWarmUpOut() {
        Story story;
        story.scenario.warmup = 10s;
        story.applied(9s, story.produced(0ms));
        QCOMPARE(judged(story, LatencyBoundCheck{}, 20s, false).state, State::NotDecided);
        story.applied(11s, story.produced(10s + 500ms));
        QCOMPARE(judged(story, LatencyBoundCheck{}, 20s, false).state, State::Holds);
    }
    void stalenessBoundIsViolatedWhenAKeyStaysBehind() {
        Story story;
        story.isHandled(5ms, story.comesIn(0ms)); // teaches that the type goes to billing
        const auto late = story.comesIn(1s, 7);
        QCOMPARE(judged(story, StalenessBoundCheck{"billing", 1s}, 2s, false).state, State::Holds);
        const Verdict verdict = judged(story, StalenessBoundCheck{"billing", 1s}, 3s, false);
        QCOMPARE(verdict.state, State::Violated);
        QCOMPARE(verdict.at, start + 2s);
        QCOMPARE(verdict.messages, std::vector{MessageId{late}});
        QCOMPARE(verdict.summary, "at most 2 s behind, 1 s allowed; first order-7");
    }
    void stalenessBoundForgivesALossThatANewerVersionReplaces() {
        Story story;
        story.isHandled(5ms, story.comesIn(0ms));
        story.left(102ms, TraceKind::Dropped, story.comesIn(100ms), Reason::MaxLength);
        story.isHandled(205ms, story.comesIn(200ms));
        QCOMPARE(judged(story, StalenessBoundCheck{"billing", 1s}, 9s, false).state, State::Holds);
    }
    void stalenessBoundIsNotDecidedBeforeAnEventGoesToTheConsumer() {
        Story story;
        QCOMPARE(judged(story, StalenessBoundCheck{}, 1s, true).state, State::NotDecided);
    }

    // Absence.

    void noDeadLettersLooksAtItsQueueOrAnywhere() {
        Story story;
        const auto message = story.comesIn(0ms);
        QCOMPARE(judged(story, NoDeadLettersCheck{"dead"}, 1s, false).state, State::Holds);
        story.left(5ms, TraceKind::DeadLettered, message, Reason::Expired);
        QCOMPARE(judged(story, NoDeadLettersCheck{"dead"}, 1s, false).state, State::Holds);
        QCOMPARE(judged(story, NoDeadLettersCheck{}, 1s, false).state, State::Violated);
        story.enqueued(5ms, message, Story::dead, DeadLetter);
        const Verdict verdict = judged(story, NoDeadLettersCheck{"dead"}, 1s, false);
        QCOMPARE(verdict.state, State::Violated);
        QCOMPARE(verdict.records, std::vector{story.records.back()});
        QCOMPARE(verdict.summary, "1 dead letter, the first at 0.005 s");
    }
    void noDeadLettersSeesThoseOfRefusedMessages() {
        Story story;
        auto& orders = std::get<QueueSpec>(story.scenario.components[2].spec);
        const auto message = story.comesIn(0ms);
        story.note(5ms, TraceKind::Refused, Story::orders, Story::events, message, 9);
        QCOMPARE(judged(story, NoDeadLettersCheck{}, 1s, false).state, State::Holds);
        orders.overflow = Overflow::RejectPublishDlx;
        QCOMPARE(judged(story, NoDeadLettersCheck{}, 1s, false).state, State::Violated);
        orders.deadLetterExchange.reset();
        QCOMPARE(judged(story, NoDeadLettersCheck{}, 1s, false).state, State::Holds);
    }
    void noDeadLettersIsNotDecidedBeforeAnythingEntersAQueue() {
        Story story;
        QCOMPARE(judged(story, NoDeadLettersCheck{}, 1s, true).state, State::NotDecided);
    }
    void noUnroutableLooksAtItsExchange() {
        Story story;
        QCOMPARE(judged(story, NoUnroutableCheck{}, 1s, true).state, State::NotDecided);
        story.comesIn(0ms);
        QCOMPARE(judged(story, NoUnroutableCheck{"events"}, 1s, false).state, State::Holds);
        const auto message = story.produced(5ms);
        story.note(6ms, TraceKind::Unroutable, Story::events, noComponent, message);
        QCOMPARE(judged(story, NoUnroutableCheck{"events"}, 1s, false).state, State::Violated);
        QCOMPARE(judged(story, NoUnroutableCheck{"dlx"}, 1s, false).state, State::NotDecided);
        QCOMPARE(judged(story, NoUnroutableCheck{}, 1s, false).summary, "1 message found no queue");
    }
};

QTEST_APPLESS_MAIN(ChecksTest)
#include "tst_checks.moc"
