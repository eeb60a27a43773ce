// What tst_checks.cpp has of no-loss is about one consumer and one queue; this is about what makes
// it hard: dead letters that take their time, shared queues, streams.

#include "sim/observe/checks.h"
#include "tests/support/story.h"

#include <QTest>

using namespace sim;

namespace {

using State = Verdict::State;

Verdict judged(Story& story, const std::string& consumer = "", Duration end = 60s,
               bool atRest = false) {
    story.scenario.duration = 60s;
    story.scenario.checks = {{"", false, NoLossCheck{consumer}}};
    Checks checks(story.scenario, story.catalogue);
    story.tell(checks);
    return checks.verdicts(start + end, atRest).at(0);
}

QueueSpec& queueOf(Story& story, ComponentId id) {
    return std::get<QueueSpec>(story.scenario.components[index(id)].spec);
}

/// Published and refused by orders, each a millisecond after the one before.
std::uint64_t isRefused(Story& story, Duration at, std::uint8_t flags = 0) {
    const auto message = story.produced(at);
    story.published(at, message, flags);
    story.note(at + 1ms, TraceKind::Refused, Story::orders, Story::events, message).reason =
        Reason::MaxLength;
    return message;
}

/// A second consumer component of orders.
ComponentId addCompetitor(Story& story) {
    const ComponentId id{static_cast<std::uint16_t>(story.scenario.components.size())};
    story.add("invoicing", ConsumerSpec{});
    story.scenario.links.emplace_back(ConsumeLink{"orders", "invoicing", {}});
    return id;
}

/// A stream that events go to and that two consumers read.
struct StreamStory : Story {
    ComponentId log{9};
    ComponentId reader{10};
    ComponentId other{11};

    explicit StreamStory(ConsumeLink link = {}, std::uint32_t instances = 1) {
        QueueSpec stream;
        stream.type = QueueType::Stream;
        add("log", stream);
        ConsumerSpec consumer;
        consumer.instances = instances;
        add("reader", consumer);
        add("other", ConsumerSpec{});
        scenario.links.emplace_back(BindingLink{"events", "log", "", {}});
        link.from = "log";
        link.to = "reader";
        scenario.links.emplace_back(link);
        ConsumeLink all;
        all.from = "log";
        all.to = "other";
        all.offset = "first";
        scenario.links.emplace_back(all);
    }

    std::uint64_t appended(Duration at) {
        const auto message = produced(at);
        published(at, message);
        enqueued(at, message, log);
        return message;
    }
    /// As a copy of its own; at once, unless it was appended earlier.
    std::uint32_t given(Duration at, std::uint64_t message, ComponentId to, Duration appendedAt,
                        std::uint16_t lane = 0) {
        TraceRecord& record = note(at, TraceKind::Read, log, to, message, ++m_copies);
        record.since = start + appendedAt;
        record.lane = lane;
        return m_copies;
    }
    /// Given and applied.
    void isRead(Duration at, std::uint64_t message, ComponentId by, Duration appendedAt,
                std::uint16_t lane = 0) {
        const std::uint32_t copy = given(at, message, by, appendedAt, lane);
        applied(at + 1ms, message, lane, by, copy);
    }

private:
    std::uint32_t m_copies = 1000;
};

} // namespace

class NoLossTest : public QObject {
    Q_OBJECT

private slots:
    // Dead letters.

    void aRefusedMessageIsAccountedForWhereItsDeadLetterRests() {
        Story story;
        queueOf(story, Story::orders).overflow = Overflow::RejectPublishDlx;
        const auto message = isRefused(story, 0ms);
        story.enqueued(1ms, message, Story::dead, DeadLetter);
        QCOMPARE(judged(story).state, State::Holds);
        story.left(9ms, TraceKind::Dropped, message, Reason::Expired, Story::dead);
        QCOMPARE(judged(story).state, State::Violated);
    }
    void aRefusedMessageIsLostWithoutTheDeadLetter() {
        Story story;
        isRefused(story, 0ms);
        QCOMPARE(judged(story).state, State::Violated);
    }
    void aRefusedMessageIsLostWhenItsDeadLetterFindsNoQueue() {
        Story story;
        queueOf(story, Story::orders).overflow = Overflow::RejectPublishDlx;
        const auto message = isRefused(story, 0ms);
        story.note(1ms, TraceKind::Unroutable, Story::dlx, noComponent, message).flags = DeadLetter;
        QCOMPARE(judged(story).state, State::Violated);
    }
    void theDeadLetterOfARefusedMessageDoesNotEndAnotherPublish() {
        Story story;
        queueOf(story, Story::orders).overflow = Overflow::RejectPublishDlx;
        const auto message = isRefused(story, 0ms, WantsConfirm);
        story.enqueued(1ms, message, Story::dead, DeadLetter);
        story.published(5ms, message, WantsConfirm | Republished, 2).copy = 9;
        story.left(6ms, TraceKind::Dropped, message, Reason::Expired, Story::dead);
        story.note(7ms, TraceKind::GaveUp, Story::shop, noComponent, message);
        QCOMPARE(judged(story).state, State::NotDecided); // copy 9 is on its way
        story.enqueued(9ms, message, Story::orders, Republished, 9);
        QCOMPARE(judged(story).state, State::NotDecided);
    }
    void aDeadLetterMayTakeItsTimeUntilAQuorumQueueHasIt() {
        Story story;
        queueOf(story, Story::dead).type = QueueType::Quorum;
        const auto message = story.comesIn(0ms);
        story.left(7ms, TraceKind::DeadLettered, message, Reason::Expired);
        QCOMPARE(judged(story).state, State::NotDecided);
        story.enqueued(9ms, message, Story::dead, DeadLetter);
        QCOMPARE(judged(story).state, State::Holds);
    }
    void aDeadLetterIsLostOnItsWayIntoAQuorumQueue() {
        Story story;
        const auto message = story.comesIn(0ms);
        story.left(7ms, TraceKind::DeadLettered, message, Reason::Expired);
        story.note(8ms, TraceKind::Lost, Story::dlx, Story::dead, message).reason =
            Reason::NotOnDisk;
        QCOMPARE(judged(story).state, State::Violated);
    }
    void whatAQuorumQueueLosesOfAFanOutWasRoutedToIt() {
        Story story;
        const auto message = story.produced(0ms);
        story.published(0ms, message);
        story.enqueued(1ms, message, Story::audits);
        story.delivered(2ms, message, 0, Story::audits);
        story.applied(3ms, message, 0, Story::audit);
        story.acked(4ms, message, Story::audits);
        story.note(5ms, TraceKind::Lost, Story::events, Story::orders, message, 99).reason =
            Reason::NotOnDisk;
        QCOMPARE(judged(story, "billing").state, State::Violated);
        QCOMPARE(judged(story, "audit").state, State::Holds);
    }
    void whatOneQuorumQueueThatNobodyTakesFromLosesIsLost() {
        Story story;
        const auto message = story.produced(0ms);
        story.published(0ms, message);
        story.note(5ms, TraceKind::Lost, Story::events, Story::dead, message).reason =
            Reason::NotOnDisk;
        QCOMPARE(judged(story).state, State::Violated);
    }
    void aRetainedMessageIsAccountedForByTheCopyInTheTarget() {
        Story story;
        const auto message = story.comesIn(0ms);
        story.delivered(2ms, message);
        story.atConsumer(3ms, TraceKind::NackSentBack, message);
        story.left(4ms, TraceKind::Retained, message, Reason::Rejected);
        story.enqueued(5ms, message, Story::dead, DeadLetter, 99);
        story.left(8ms, TraceKind::DeadLettered, message, Reason::Rejected);
        QCOMPARE(judged(story).state, State::Holds);
        story.left(9ms, TraceKind::Dropped, message, Reason::Expired, Story::dead, 99);
        QCOMPARE(judged(story).state, State::Violated);
    }
    void theCopyOfARetainedMessageIsNoArrivingPublish() {
        Story story;
        const auto message = story.comesIn(0ms);
        story.published(3ms, message, Republished, 2).copy = 9;
        story.left(4ms, TraceKind::Retained, message, Reason::Expired);
        story.enqueued(5ms, message, Story::dead, DeadLetter, 99);
        story.left(6ms, TraceKind::DeadLettered, message, Reason::Expired);
        story.left(7ms, TraceKind::Dropped, message, Reason::Expired, Story::dead, 99);
        QCOMPARE(judged(story).state, State::NotDecided); // copy 9 is on its way
    }
    void aMessageThatAStalledQueueRetainsIsNotLost() {
        Story story;
        const auto message = story.comesIn(0ms);
        story.left(4ms, TraceKind::Retained, message, Reason::Expired);
        QCOMPARE(judged(story).state, State::NotDecided);
    }

    void aCopyWithTheNumberOfAForgottenOneIsNotTakenForIt() {
        Story story;
        const auto twice = story.comesIn(0ms);
        story.enqueued(1ms, twice, Story::orders, 0, 9000);
        story.isHandled(2ms, twice);
        story.delivered(8ms, twice, 1, Story::orders, 9000);
        for (int i = 1; i < 1000; ++i) { // until the event is settled and forgotten
            const Duration at = i * 10ms;
            story.isHandled(at + 2ms, story.comesIn(at, 7));
        }
        story.acked(20s, twice, Story::orders, 9000);
        const auto message = story.produced(21s);
        story.published(21s, message).copy = 9000;
        story.enqueued(21s, message, Story::orders, 0, 9000);
        story.delivered(22s, message, 0, Story::orders, 9000);
        story.requeued(23s, message, Reason::Disconnect, 0, 9000);
        story.atConsumer(24s, TraceKind::Discarded, message, 0, Story::billing, 9000);
        QCOMPARE(judged(story).state, State::NotDecided);
    }

    // Consumers that share a queue.

    void oneOfThoseThatShareAQueueIsEnough() {
        Story story;
        const ComponentId invoicing = addCompetitor(story);
        story.isHandled(5ms, story.comesIn(0ms));
        const auto second = story.comesIn(10ms);
        story.note(12ms, TraceKind::Delivered, Story::orders, invoicing, second);
        story.applied(13ms, second, 0, invoicing);
        story.acked(14ms, second);
        for (const char* consumer : {"", "billing", "invoicing"}) {
            QCOMPARE(judged(story, consumer).state, State::Holds);
        }
    }
    void anEffectIsMissingWhereNoneOfThoseThatShareAQueueHasHadIt() {
        Story story;
        const ComponentId invoicing = addCompetitor(story);
        const auto message = story.comesIn(0ms);
        story.note(2ms, TraceKind::Delivered, Story::orders, invoicing, message);
        story.atConsumer(3ms, TraceKind::Failed, message, 0, invoicing).reason = Reason::Poison;
        story.acked(4ms, message);
        for (const char* consumer : {"", "billing", "invoicing"}) {
            const Verdict verdict = judged(story, consumer);
            QCOMPARE(verdict.state, State::Violated);
            QCOMPARE(verdict.violations, 1U);
        }
    }
    void anEffectFromASharedQueueIsNoneForAQueueOfOnesOwn() {
        Story story; // orders: billing and audit; audits: audit alone
        story.scenario.links.emplace_back(ConsumeLink{"orders", "audit", {}});
        const auto message = story.comesIn(0ms);
        story.enqueued(1ms, message, Story::audits, 0, 99);
        story.isHandled(2ms, message);
        story.left(9ms, TraceKind::Dropped, message, Reason::Expired, Story::audits, 99);
        QCOMPARE(judged(story, "billing").state, State::Holds);
        QCOMPARE(judged(story, "audit").state, State::Violated);
    }

    // Streams.

    void whatWasAppendedBeforeAReaderBeganIsNotItsOwn() {
        StreamStory story;
        const auto early = story.appended(0ms);
        story.isRead(0ms, early, story.other, 0ms);
        QCOMPARE(judged(story).state, State::Holds);
        const auto late = story.appended(10ms);
        story.isRead(10ms, late, story.other, 10ms);
        story.isRead(10ms, late, story.reader, 10ms);
        QCOMPARE(judged(story).state, State::Holds);
        QCOMPARE(judged(story, "reader").summary,
                 "2 produced events, each with its effects or accounted for");
    }
    void whatAReaderThatBeganWillComeToIsOpen() {
        StreamStory story;
        story.isRead(0ms, story.appended(0ms), story.reader, 0ms);
        const auto next = story.appended(10ms); // its prefetch is used up
        QCOMPARE(judged(story, "reader").state, State::NotDecided);
        story.isRead(20ms, next, story.reader, 10ms);
        QCOMPARE(judged(story, "reader").state, State::Holds);
    }
    void whatAReaderSkipsByStartingAgainIsNotItsOwn() {
        StreamStory story;
        story.isRead(0ms, story.appended(0ms), story.reader, 0ms);
        story.appended(10ms); // not yet given to it
        story.component(11ms, TraceKind::Crashed, story.reader, 0);
        story.appended(20ms);
        QCOMPARE(judged(story, "reader").state, State::Holds);
        story.component(30ms, TraceKind::Restarted, story.reader, 0);
        story.isRead(40ms, story.appended(40ms), story.reader, 40ms);
        QCOMPARE(judged(story, "reader").state, State::Holds);
        QCOMPARE(judged(story, "other").state, State::NotDecided);
    }
    void whatDiesInTheHandsOfAReaderThatStoresNothingIsLost() {
        StreamStory story;
        const auto message = story.appended(0ms);
        const auto copy = story.given(0ms, message, story.reader, 0ms);
        story.component(5ms, TraceKind::Crashed, story.reader, 0);
        story.atConsumer(5ms, TraceKind::Discarded, message, 0, story.reader, copy);
        QCOMPARE(judged(story, "reader").state, State::Violated);
    }
    void whatDiesInTheHandsOfAReaderThatStoresItsOffsetComesAgain() {
        ConsumeLink stores;
        stores.storesOffset = true;
        StreamStory story(stores);
        const auto early = story.appended(0ms); // before it begins
        story.isRead(10ms, story.appended(10ms), story.reader, 10ms);
        const auto message = story.appended(20ms);
        const auto copy = story.given(20ms, message, story.reader, 20ms);
        story.component(25ms, TraceKind::Crashed, story.reader, 0);
        story.atConsumer(25ms, TraceKind::Discarded, message, 0, story.reader, copy);
        QCOMPARE(judged(story, "reader").state, State::NotDecided);
        story.isRead(30ms, message, story.reader, 20ms);
        QCOMPARE(judged(story, "reader").state, State::Holds);
        story.left(40ms, TraceKind::Dropped, early, Reason::Retention, story.log);
        QCOMPARE(judged(story, "reader").state, State::Holds);
    }
    void aReaderThatStoresNothingBeginsLaterEachTime() {
        ConsumeLink last;
        last.offset = "last";
        StreamStory story(last);
        const auto first = story.appended(0ms);
        const auto copy = story.given(0ms, first, story.reader, 0ms);
        story.component(5ms, TraceKind::Crashed, story.reader, 0);
        story.atConsumer(5ms, TraceKind::Discarded, first, 0, story.reader, copy);
        story.appended(6ms);
        const auto newest = story.appended(7ms);
        QCOMPARE(judged(story, "reader").state, State::NotDecided);
        story.component(8ms, TraceKind::Restarted, story.reader, 0);
        story.isRead(9ms, newest, story.reader, 7ms);
        const Verdict verdict = judged(story, "reader");
        QCOMPARE(verdict.state, State::Violated); // the first died in its hands
        QCOMPARE(verdict.violations, 1U);
        QCOMPARE(verdict.at, start + 9ms);
        QCOMPARE(verdict.messages, std::vector{MessageId{first}});
    }
    void whatIsSentToADeadReaderThatStoresItsOffsetComesAgain() {
        ConsumeLink stores;
        stores.storesOffset = true;
        StreamStory story(stores);
        story.isRead(0ms, story.appended(0ms), story.reader, 0ms);
        story.component(5ms, TraceKind::Crashed, story.reader, 0);
        for (const Duration at : {6ms, 7ms}) { // the broker has not noticed
            const auto message = story.appended(at);
            const auto copy = story.given(at, message, story.reader, at);
            story.note(at + 1ms, TraceKind::Lost, story.log, story.reader, message, copy).reason =
                Reason::ReceiverDown;
        }
        QCOMPARE(judged(story, "reader").state, State::NotDecided);
        story.component(20ms, TraceKind::Restarted, story.reader, 0);
        story.isRead(30ms, 1, story.reader, 6ms);
        story.isRead(32ms, 2, story.reader, 7ms);
        QCOMPARE(judged(story, "reader").state, State::Holds);
    }
    void whatIsNotRetainedUntilAReaderComesToItIsLostToIt() {
        StreamStory story;
        story.isRead(0ms, story.appended(0ms), story.reader, 0ms);
        story.isRead(1ms, 0, story.other, 0ms);
        const auto next = story.appended(10ms);
        story.isRead(11ms, next, story.other, 10ms);
        story.left(20ms, TraceKind::Dropped, 0, Reason::Retention, story.log);
        QCOMPARE(judged(story, "reader").state, State::NotDecided);
        story.left(20ms, TraceKind::Dropped, next, Reason::Retention, story.log);
        QCOMPARE(judged(story, "reader").state, State::Violated);
        QCOMPARE(judged(story, "other").state, State::Holds);
    }
    void whatAReaderHasInHandMayGoFromTheStream() {
        StreamStory story;
        const auto message = story.appended(0ms);
        const auto copy = story.given(0ms, message, story.reader, 0ms);
        story.left(5ms, TraceKind::Dropped, message, Reason::Retention, story.log);
        QCOMPARE(judged(story, "reader").state, State::NotDecided);
        story.applied(9ms, message, 0, story.reader, copy);
        QCOMPARE(judged(story, "reader").state, State::Holds);
    }
    void oneInstanceOfAReaderMayStillGetWhatAnotherSkips() {
        StreamStory story({}, 2);
        const auto first = story.appended(0ms);
        story.isRead(0ms, first, story.reader, 0ms, 0);
        story.isRead(0ms, first, story.reader, 0ms, 1);
        story.component(5ms, TraceKind::Crashed, story.reader, 0);
        const auto second = story.appended(10ms);
        QCOMPARE(judged(story, "reader").state, State::NotDecided); // instance 1 comes to it
        story.isRead(20ms, second, story.reader, 10ms, 1);
        QCOMPARE(judged(story, "reader").state, State::Holds);
    }
    void anotherInstanceTakesOverWhereOneReadsAtATime() {
        ConsumeLink single;
        single.singleActive = true;
        StreamStory story(single, 2);
        story.isRead(0ms, story.appended(0ms), story.reader, 0ms, 0);
        story.component(5ms, TraceKind::Crashed, story.reader, 0);
        story.appended(6ms);
        story.isRead(10ms, story.appended(10ms), story.reader, 10ms, 1);
        story.component(12ms, TraceKind::Restarted, story.reader, 0); // and waits for its turn
        QCOMPARE(judged(story, "reader").state, State::Holds);
        story.appended(20ms);
        QCOMPARE(judged(story, "reader").state, State::NotDecided);
    }
};

QTEST_APPLESS_MAIN(NoLossTest)
#include "tst_no_loss.moc"
