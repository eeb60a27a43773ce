#include "sim/observe/series.h"
#include "tests/support/story.h"

#include <QTest>

#include <numeric>

using namespace sim;

namespace {

Series seriesOf(Story& story, Duration duration, Duration now) {
    story.scenario.duration = duration;
    Series series(story.scenario, story.catalogue);
    story.tell(series);
    series.passTo(start + now);
    return series;
}

} // namespace

class SeriesTest : public QObject {
    Q_OBJECT

private slots:
    void givesTheMostThatAQueueHeldInEachInterval() {
        Story story;
        const auto first = story.comesIn(5ms); // enqueued at 6 ms
        const auto second = story.comesIn(7ms);
        story.isHandled(12ms, first);
        story.delivered(33ms, second);
        const Series series = seriesOf(story, 10s, 40ms); // intervals of 10 ms
        QCOMPARE(series.interval(), 10ms);
        QCOMPARE(series.size(), 4U);
        QCOMPARE(series.values(Series::Curve::Ready, Story::orders),
                 (std::vector<double>{2, 2, 1, 1}));
        QCOMPARE(series.values(Series::Curve::Unacked, Story::orders),
                 (std::vector<double>{0, 1, 0, 1}));
    }
    void givesRatesPerSecond() {
        Story story;
        story.isHandled(2ms, story.comesIn(0ms));
        story.comesIn(1ms);
        const Series series = seriesOf(story, 10s, 20ms);
        QCOMPARE(series.values(Series::Curve::Published, Story::shop),
                 (std::vector<double>{200, 0}));
        QCOMPARE(series.values(Series::Curve::Applied, Story::billing),
                 (std::vector<double>{100, 0}));
    }
    void givesTheLargestStalenessOfEachInterval() {
        Story story;
        story.isHandled(1ms, story.comesIn(0ms));
        story.isHandled(30ms, story.comesIn(10ms)); // applied at 32 ms
        const Series series = seriesOf(story, 10s, 50ms);
        QCOMPARE(series.values(Series::Curve::Staleness, Story::billing),
                 (std::vector<double>{0, 0.01, 0.02, 0.022, 0}));
    }
    void givesLatenciesWindowByWindow() {
        Story story;
        story.isHandled(1ms, story.comesIn(0ms));
        story.isHandled(100ms, story.comesIn(90ms));
        const auto windows = seriesOf(story, 10s, 160ms).latencies(Story::billing);
        QCOMPARE(windows.size(), 2U);
        QCOMPARE(windows[0].latency.max, 3ms);
        QCOMPARE(windows[1].from, start + 80ms);
        QCOMPARE(windows[1].latency.max, 12ms);
    }
    void makesTwoIntervalsOneWhenThereAreTooMany() {
        Story story;
        for (int i = 0; i < 5000; ++i) {
            const Duration at = i * 10ms;
            story.isHandled(at + 2ms, story.comesIn(at, 7));
        }
        const Series series = seriesOf(story, 10s, 50s);
        QVERIFY(series.size() <= Series::pointsMax);
        QCOMPARE(series.interval(), 40ms);
        const auto applied = series.values(Series::Curve::Applied, Story::billing);
        QCOMPARE(applied.size(), 1250U);
        QCOMPARE(std::accumulate(applied.begin(), applied.end(), 0.0) * 0.04, 5000.0);
        QCOMPARE(series.values(Series::Curve::Ready, Story::orders).front(), 1.0);
        std::uint64_t effects = 0;
        for (const Series::Window& window : series.latencies(Story::billing)) {
            effects += window.latency.count;
        }
        QCOMPARE(effects, 1250U / 8 * 8 * 4);
    }
};

QTEST_APPLESS_MAIN(SeriesTest)
#include "tst_series.moc"
