#include "tests/support/sample_frames.h"
#include "ui/playback/picture.h"

#include <QTest>

using namespace sim;

namespace {

constexpr ComponentId orders{1};
constexpr ComponentId queue{2};
constexpr ComponentId billing{3};

FlightView flight(std::uint64_t message, LinkId link, Instant left, Instant arrives) {
    FlightView view;
    view.message = sample::message(message);
    view.link = link;
    view.left = left;
    view.arrives = arrives;
    return view;
}

TraceRecord applied(Instant at, std::uint64_t message, std::uint32_t version) {
    TraceRecord record;
    record.at = at;
    record.kind = TraceKind::Applied;
    record.component = billing;
    record.peer = queue;
    record.message = MessageId{message};
    record.key = KeyId{1};
    record.version = version;
    return record;
}

ui::Picture pictureAt(const Frame& frame, Instant at, Duration fade = 300ms) {
    ui::Tally tally;
    tally.follow(frame.log, at);
    return ui::pictureOf(sample::shop(), frame, tally, at, fade);
}

} // namespace

class TestPicture : public QObject {
    Q_OBJECT

private slots:
    void aMessageIsWhereItsTimeSays() {
        Frame frame;
        frame.view.flights = {flight(1, LinkId{0}, start + 1s, start + 1100ms)};
        const ui::Picture picture = pictureAt(frame, start + 1025ms);
        QCOMPARE(picture.dots.size(), 1U);
        QCOMPARE(picture.dots.front().along, 0.25);
    }

    void whatTravelsBackBeginsAtTheEnd() {
        Frame frame;
        frame.view.flights = {flight(1, LinkId{2}, start + 1s, start + 1100ms)};
        frame.view.flights.front().back = true;
        frame.view.flights.front().what = FlightView::What::Ack;
        const ui::Picture picture = pictureAt(frame, start + 1025ms);
        QCOMPARE(picture.dots.front().along, 0.75);
        QVERIFY(picture.dots.front().reply);
        QVERIFY(picture.dots.front().glyph.hollow);
    }

    void whatHasArrivedIsNotSeen() {
        Frame frame;
        frame.view.flights = {flight(1, LinkId{0}, start + 1s, start + 1100ms),
                              flight(2, LinkId{0}, start + 2s, start + 2100ms)};
        QCOMPARE(pictureAt(frame, start + 1100ms).dots.size(), 0U);
    }

    void ringsTellRepetitionsApart() {
        Frame frame;
        frame.view.flights = {flight(1, LinkId{0}, start, start + 1s),
                              flight(2, LinkId{0}, start, start + 1s)};
        frame.view.flights[0].message.flags = Redelivered;
        frame.view.flights[1].message.flags = Republished;
        const ui::Picture picture = pictureAt(frame, start + 500ms);
        QCOMPARE(picture.dots[0].glyph.rings, 1);
        QCOMPARE(picture.dots[1].glyph.rings, 2);
    }

    void anOvertakenMessageIsFlagged() {
        Frame frame;
        frame.log.append(std::vector{applied(start + 1s, 8, 3)});
        frame.view.flights = {flight(1, LinkId{2}, start + 1s, start + 2s)};
        frame.view.flights.front().message.key = KeyId{1};
        frame.view.flights.front().message.version = 2;
        QVERIFY(pictureAt(frame, start + 1500ms).dots.front().glyph.flagged);
        frame.view.flights.front().message.version = 4;
        QVERIFY(!pictureAt(frame, start + 1500ms).dots.front().glyph.flagged);
    }

    void anEffectOutOfOrderPulsesAsWrong() {
        Frame frame;
        frame.log.append(std::vector{applied(start + 1s, 8, 3), applied(start + 1100ms, 7, 2)});
        const ui::Picture picture = pictureAt(frame, start + 1200ms);
        QCOMPARE(picture.pulses.size(), 2U);
        QVERIFY(picture.pulses[0].wrong); // the newest first
        QVERIFY(!picture.pulses[1].wrong);
    }

    void pulsesFade() {
        Frame frame;
        frame.log.append(std::vector{applied(start + 1s, 8, 3)});
        QCOMPARE(pictureAt(frame, start + 1150ms).pulses.front().age, 0.5);
        QCOMPARE(pictureAt(frame, start + 1300ms).pulses.size(), 0U);
        QCOMPARE(pictureAt(frame, start + 900ms).pulses.size(), 0U);
    }

    void aRouteInsideTheBrokerLeavesAStreak() {
        TraceRecord enqueued;
        enqueued.at = start + 1s;
        enqueued.kind = TraceKind::Enqueued;
        enqueued.component = queue;
        enqueued.peer = orders;
        Frame frame;
        frame.log.append(std::vector{enqueued});
        const ui::Picture picture = pictureAt(frame, start + 1s);
        QCOMPARE(picture.streaks.size(), 1U);
        QVERIFY(picture.streaks.front().from == orders);
        QVERIFY(picture.streaks.front().to == queue);
    }

    void tooManyMessagesBecomeADensity() {
        Frame frame;
        for (std::uint64_t n = 0; n < 400; ++n) { // 400 in 100 ms: 4 000 a second
            const Instant left = start + 1s + n * 250us;
            frame.view.flights.push_back(flight(n, LinkId{0}, left - 100ms, left));
        }
        const ui::Picture picture = pictureAt(frame, start + 1s - 1ns);
        QCOMPARE(picture.dots.size(), 0U);
        QCOMPARE(picture.densities.size(), 1U);
        std::uint32_t all = 0;
        for (const std::uint32_t part : picture.densities.front().parts) {
            all += part;
        }
        QCOMPARE(all, 400U);
        QVERIFY(picture.densities.front().perSecond > 3900);
    }

    void heapsCountByPlaceAndCause() {
        TraceRecord expired;
        expired.kind = TraceKind::Dropped;
        expired.reason = Reason::Expired;
        expired.component = queue;
        TraceRecord lost;
        lost.kind = TraceKind::Lost;
        lost.component = queue;
        lost.peer = billing;
        Frame frame;
        frame.log.append(std::vector{expired, expired, lost});
        const ui::Picture picture = pictureAt(frame, start + 1s);
        QCOMPARE(picture.heaps.size(), 2U);
        QCOMPARE(picture.heaps[0].count + picture.heaps[1].count, 3U);
    }

    void goingBackForgetsWhatCameLater() {
        Frame frame;
        frame.log.append(std::vector{applied(start + 1s, 8, 3), applied(start + 2s, 7, 2)});
        ui::Tally tally;
        tally.follow(frame.log, start + 3s);
        QVERIFY(tally.wentWrong(MessageId{7}));
        tally.follow(frame.log, start + 1500ms);
        QVERIFY(!tally.wentWrong(MessageId{7}));
        QVERIFY(tally.overtaken(billing, KeyId{1}, 2));
        tally.follow(frame.log, start + 500ms);
        QVERIFY(!tally.overtaken(billing, KeyId{1}, 2));
    }
};

QTEST_MAIN(TestPicture)
#include "tst_picture.moc"
