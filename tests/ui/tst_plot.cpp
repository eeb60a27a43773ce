#include "ui/plots/plot.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QWheelEvent>

#include <cmath>
#include <memory>

namespace {

QString plain(double value) { return QString::number(value); }

ui::PlotLine depth() { return {"ready", Qt::blue, true, {0, 1, 2, 3}, {0, 5, 2, 8}}; }

std::unique_ptr<ui::Plot> shownPlot() {
    auto plot = std::make_unique<ui::Plot>("Depth", plain, 1, "Nothing yet.");
    plot->resize(600, 200);
    ui::PlotContent content;
    content.lines = {depth()};
    content.end = 10;
    plot->setContent(content);
    plot->setTimeRange({0, 10});
    plot->show();
    [[maybe_unused]] const bool exposed = QTest::qWaitForWindowExposed(plot.get());
    QTest::qWait(30); // the chart is laid out with its first painting
    return plot;
}

QWidget* chartOf(ui::Plot& plot, const QPoint& at) { return plot.childAt(at); }

} // namespace

class PlotTest : public QObject {
    Q_OBJECT

private slots:
    void stepsHoldUntilTheNextPoint() {
        QCOMPARE(ui::valueAt(depth(), 1.9), std::optional(5.0));
        QCOMPARE(ui::valueAt(depth(), -0.1), std::optional<double>());
        QCOMPARE(ui::valueAt(depth(), 3.1), std::optional<double>());
        ui::PlotLine line = depth();
        line.steps = false;
        QCOMPARE(ui::valueAt(line, 0.5), std::optional(2.5));
        line.values[1] = std::nan("");
        QCOMPARE(ui::valueAt(line, 0.5), std::optional<double>());
    }

    void theHighestValueIsOfWhatCanBeSeen() {
        ui::PlotContent content;
        content.lines = {depth()};
        QCOMPARE(ui::highestValue(content, 0, 2.5), 8.0); // the point just outside counts
        QCOMPARE(ui::highestValue(content, 0, 1.5), 5.0);
        QCOMPARE(ui::highestValue({}, 0, 1), 0.0);
    }

    void zoomKeepsTheInstantUnderTheCursor() {
        const ui::TimeRange range = ui::zoomed({0, 10}, 5, 1);
        QCOMPARE(range, (ui::TimeRange{1, 9}));
        QCOMPARE(ui::within({-3, 2}, 10), (ui::TimeRange{0, 5}));
        QCOMPARE(ui::within({8, 30}, 10), (ui::TimeRange{0, 10}));
        QVERIFY(ui::within({5, 5}, 10).to > 5);
    }

    void csvHasARowForEachTime() {
        ui::PlotContent content;
        content.lines = {depth(), {"un\"acked", Qt::red, true, {1.5}, {3}}};
        QCOMPARE(ui::csvOf(content),
                 "seconds,\"ready\",\"un\"\"acked\"\n0,0,\n1,5,\n1.5,5,3\n2,2,\n3,8,\n");
    }

    void wheelZoomsAroundTheCursor() {
        const auto plot = shownPlot();
        QSignalSpy chosen(plot.get(), &ui::Plot::timeRangeChosen);
        const QPoint middle = plot->drawingRect().center();
        QWidget* chart = chartOf(*plot, middle);
        const QPointF local = chart->mapFrom(plot.get(), middle);
        QWheelEvent wheel(local, chart->mapToGlobal(local), {}, {0, 240}, Qt::NoButton,
                          Qt::NoModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(chart, &wheel);
        QCOMPARE(chosen.size(), 1);
        QVERIFY(std::abs(plot->timeRange().to - plot->timeRange().from - 6.4) < 0.01);
    }

    void dragZoomsAndDoubleClickAsksForTheWhole() {
        const auto plot = shownPlot();
        const QRect rect = plot->drawingRect();
        QWidget* chart = chartOf(*plot, rect.center());
        const auto at = [&](double share) {
            return chart->mapFrom(
                plot.get(), QPoint(rect.left() + int(share * rect.width()), rect.center().y()));
        };
        QSignalSpy whole(plot.get(), &ui::Plot::wholeRangeAsked);
        QTest::mousePress(chart, Qt::LeftButton, {}, at(0.2));
        QTest::mouseMove(chart, at(0.3));
        QTest::mouseMove(chart, at(0.6));
        QTest::mouseRelease(chart, Qt::LeftButton, {}, at(0.6));
        QVERIFY(std::abs(plot->timeRange().from - 2) < 0.1);
        QVERIFY(std::abs(plot->timeRange().to - 6) < 0.1);
        QTest::mouseDClick(chart, Qt::LeftButton, {}, at(0.5));
        QCOMPARE(whole.size(), 1);
    }

    void clickPicksAnInstant() {
        const auto plot = shownPlot();
        const QRect rect = plot->drawingRect();
        QWidget* chart = chartOf(*plot, rect.center());
        QSignalSpy picked(plot.get(), &ui::Plot::instantPicked);
        QTest::mouseClick(chart, Qt::LeftButton, {}, chart->mapFrom(plot.get(), rect.center()));
        QCOMPARE(picked.size(), 1);
        QVERIFY(std::abs(picked.at(0).at(0).toDouble() - 5) < 0.1);
    }

    void readoutShowsTheValuesAtThePlayheadOrUnderTheCursor() {
        const auto plot = shownPlot();
        plot->setPlayhead(1.5);
        QVERIFY(plot->readout().contains("&nbsp;5"));
        plot->setCursor(2.5);
        QVERIFY(plot->readout().contains("&nbsp;2"));
        QVERIFY(plot->readout().contains("2.500"));
    }

    void thePlayheadShowsTheLastFinishedIntervalWhileTheNextOneGoesOn() {
        const auto plot = shownPlot();
        plot->setPlayhead(3.4);
        QVERIFY2(plot->readout().contains("&nbsp;8"), qPrintable(plot->readout()));
        plot->setCursor(3.4); // what is pointed at is not known yet
        QVERIFY(!plot->readout().contains("ready"));
    }

    void exportsPictureAndValues() {
        const QTemporaryDir folder;
        const auto plot = shownPlot();
        QVERIFY(plot->savePng(folder.filePath("p.png")));
        QVERIFY(plot->saveSvg(folder.filePath("p.svg")));
        QVERIFY(plot->saveCsv(folder.filePath("p.csv")));
        QVERIFY(!plot->savePng(folder.filePath("no/such/folder/p.png")));
        QCOMPARE(QImage(folder.filePath("p.png")).width(), 1200);
        QFile svg(folder.filePath("p.svg"));
        QVERIFY(svg.open(QIODevice::ReadOnly));
        QVERIFY(svg.readAll().contains("Depth"));
    }
};

QTEST_MAIN(PlotTest)
#include "tst_plot.moc"
