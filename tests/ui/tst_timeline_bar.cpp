#include "ui/playback/timeline_bar.h"

#include <QSignalSpy>
#include <QTest>

using namespace sim;

namespace {

TraceRecord fact(TraceKind kind, Instant at, std::uint32_t copy = 0) {
    TraceRecord record;
    record.kind = kind;
    record.at = at;
    record.copy = copy;
    return record;
}

} // namespace

class TestTimelineBar : public QObject {
    Q_OBJECT

private slots:
    void placesAndInstantsAgree() {
        ui::TimelineBar bar;
        bar.resize(800, 46);
        bar.begin(60s, {});
        for (const Duration at : {0s, 12s, 60s}) {
            const Instant back = bar.instantAt(bar.placeOf(start + at));
            QVERIFY(std::chrono::abs(back - (start + at)) < 1ms);
        }
        QVERIFY(bar.instantAt(-50) == start);
        QVERIFY(bar.instantAt(5000) == start + 60s);
    }

    void aClickAndADragSeek() {
        ui::TimelineBar bar;
        bar.resize(800, 46);
        bar.begin(60s, {});
        bar.show();
        QSignalSpy picked(&bar, &ui::TimelineBar::instantPicked);
        const QPoint at(static_cast<int>(bar.placeOf(start + 30s)), 15);
        QTest::mousePress(&bar, Qt::LeftButton, {}, at);
        QTest::mouseMove(&bar, at + QPoint(50, 0));
        QTest::mouseRelease(&bar, Qt::LeftButton, {}, at + QPoint(50, 0));
        QVERIFY(picked.count() >= 1);
        const auto first = picked.at(0).at(0).value<Instant>();
        QVERIFY(std::chrono::abs(first - (start + 30s)) < 100ms);
    }

    void bandsFollowWhatHappened() {
        ui::RunMarks marks;
        FaultSpec planned{.name = {}, .when = {.at = 10s, .duration = 5s, .every = {}}, .what = {}};
        marks.begin(start + 60s, {planned});
        QCOMPARE(marks.bands(), (std::vector<ui::FaultBand>{{start + 10s, start + 15s, 0}}));
        TraceLog log;
        log.append(std::vector{fact(TraceKind::FaultBegan, start + 10s)});
        marks.follow(log);
        QCOMPARE(marks.bands(), (std::vector<ui::FaultBand>{{start + 10s, start + 15s, 0}}));
        log.append(std::vector{fact(TraceKind::FaultEnded, start + 12s)});
        marks.follow(log);
        QCOMPARE(marks.bands(), (std::vector<ui::FaultBand>{{start + 10s, start + 12s, 0}}));
    }

    void everyFactCountsOnce() {
        ui::RunMarks marks;
        marks.begin(start + 60s, {});
        TraceLog log;
        log.append(std::vector{fact(TraceKind::Produced, start), fact(TraceKind::Produced, start),
                               fact(TraceKind::Produced, start + 60s)});
        marks.follow(log);
        marks.follow(log);
        QCOMPARE(marks.density().front(), 2U);
        QCOMPARE(marks.density().back(), 1U);
    }
};

QTEST_MAIN(TestTimelineBar)
#include "tst_timeline_bar.moc"
