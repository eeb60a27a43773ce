#include "tests/support/fake_source.h"
#include "ui/playback/player.h"
#include "ui/playback/speed.h"

#include <QSignalSpy>
#include <QTest>
#include <QThread>

using namespace sim;

class TestPlayer : public QObject {
    Q_OBJECT

private:
    /// A player with a run whose first frame is there.
    static FakeSource& begin(ui::Player& player) {
        auto source = std::make_unique<FakeSource>(sample::shop());
        FakeSource& seen = *source;
        player.open(std::move(source));
        seen.answer();
        player.tick();
        return seen;
    }

private slots:
    void openingAsksForTheBeginning() {
        ui::Player player;
        const FakeSource& source = begin(player);
        QCOMPARE(source.requests.size(), 1U);
        QVERIFY(source.requests.front() == start);
        QVERIFY(!player.isPlaying());
    }

    void playingGoesOnFromFrameToFrame() {
        ui::Player player;
        FakeSource& source = begin(player);
        player.play();
        QTest::qWait(5);
        player.tick();
        QCOMPARE(source.requests.size(), 2U);
        QVERIFY(source.requests.back() > start);
        const Instant asked = source.requests.back();
        source.answer();
        player.tick();
        QVERIFY(player.playhead() == asked);
    }

    void aSlowEngineIsNotAskedTwice() {
        ui::Player player;
        const FakeSource& source = begin(player);
        player.play();
        for (int n = 0; n < 20; ++n) {
            player.tick();
        }
        QCOMPARE(source.requests.size(), 2U);
        QVERIFY(player.isWaiting());
    }

    void theWallClockTimesTheSpeedIsTheStride() {
        ui::Player player;
        const FakeSource& source = begin(player);
        player.setSpeed(10);
        player.play();
        QThread::msleep(30); // the player's own timer does not run meanwhile
        player.tick();
        const Duration stride = source.requests.back() - start;
        QVERIFY(stride >= 300ms);
        QVERIFY(stride <= 1s); // a window that slept does not leap: 100 ms at most, times ten
    }

    void asFastAsPossibleAsksForTheEnd() {
        ui::Player player;
        const FakeSource& source = begin(player);
        player.setSpeed(ui::speedUnlimited);
        player.play();
        player.tick();
        QVERIFY(source.requests.back() == start + 60s);
    }

    void itPausesAtTheEnd() {
        ui::Player player;
        FakeSource& source = begin(player);
        player.play();
        source.answer(start + 60s);
        player.tick();
        QVERIFY(!player.isPlaying());
    }

    void runUntilStopsThere() {
        ui::Player player;
        FakeSource& source = begin(player);
        player.runUntil(start + 12s);
        player.tick();
        QVERIFY(source.requests.back() == start + 12s);
        source.answer(start + 5s, true);
        player.tick();
        QVERIFY(player.isPlaying());
        source.answer(start + 12s);
        player.tick();
        QVERIFY(!player.isPlaying());
    }

    void pausingOnALongWayStaysWhereItIs() {
        ui::Player player;
        FakeSource& source = begin(player);
        player.setSpeed(ui::speedUnlimited);
        player.play();
        player.tick();
        source.answer(start + 5s, true);
        player.tick();
        player.pause();
        QVERIFY(source.requests.back() == start + 5s);
    }

    void seeksStayInsideTheRun() {
        ui::Player player;
        const FakeSource& source = begin(player);
        player.seek(start + 90s);
        QVERIFY(source.requests.back() == start + 60s);
        player.seek(start - 1s);
        QVERIFY(source.requests.back() == start);
    }

    void aStepPauses() {
        ui::Player player;
        const FakeSource& source = begin(player);
        player.play();
        player.stepEvent();
        QCOMPARE(source.steps, 1);
        QVERIFY(!player.isPlaying());
    }

    void anInterventionIsTold() {
        ui::Player player;
        FakeSource& source = begin(player);
        const QSignalSpy told(&player, &ui::Player::faultsChanged);
        player.inject({.name = {}, .when = {}, .what = CrashFault{.target = "billing"}});
        source.answer(start + 1ns);
        player.tick();
        QCOMPARE(told.count(), 1);
        QCOMPARE(player.faults().size(), 1U);
    }

    void theSliderAndTheSpeedAgree() {
        for (int place = 0; place <= ui::sliderSteps; ++place) {
            QCOMPARE(ui::placeOf(ui::speedAt(place)), place);
        }
        QCOMPARE(ui::speedText(0.01), "1/100 ×");
        QCOMPARE(ui::speedText(ui::speedUnlimited), "max");
        QCOMPARE(ui::nextSpeed(1, 1), 2.0);
        QCOMPARE(ui::nextSpeed(1, -1), 0.5);
        QCOMPARE(ui::nextSpeed(1000, 1), ui::speedUnlimited);
        QCOMPARE(ui::nextSpeed(0.01, -1), 0.01);
    }

    void aScenarioIsShownSlowlyEnoughToBeSeen() {
        QCOMPARE(ui::speedFor(sample::shop()), 0.2); // 100 ms on the way, half a second to see it
    }
};

QTEST_MAIN(TestPlayer)
#include "tst_player.moc"
