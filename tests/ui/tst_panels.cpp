#include "sim/observe/digest.h"
#include "sim/scenario/describe.h"
#include "tests/ui/panel_sample.h"
#include "ui/inspect/checks_panel.h"
#include "ui/inspect/component_panel.h"
#include "ui/inspect/fact_browser.h"
#include "ui/inspect/fault_choice.h"
#include "ui/inspect/fault_panel.h"
#include "ui/inspect/ledger_panel.h"
#include "ui/inspect/message_panel.h"
#include "ui/inspect/metrics_panel.h"
#include "ui/inspect/trace_panel.h"
#include "ui/plots/series_panel.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTabWidget>
#include <QTest>
#include <QTreeView>
#include <QWheelEvent>

using namespace sim;

namespace {

Verdict violated() {
    Verdict verdict;
    verdict.check = "order";
    verdict.id = "I4";
    verdict.state = Verdict::State::Violated;
    verdict.summary = "1 of 3 effects came after a newer version";
    verdict.at = start + 112ms;
    verdict.records = {sample::record(TraceKind::Applied, 112ms, 1, sample::billing)};
    verdict.messages = {MessageId{1}};
    return verdict;
}

template <typename Panel> void open(Panel& panel) {
    panel.setScenario(sample::scenario(), sample::catalogue());
    panel.resize(900, 400);
    panel.show();
    QVERIFY(QTest::qWaitForWindowExposed(&panel));
}

void clickRow(QAbstractItemView& view, int row, int column = 0) {
    const QRect cell = view.visualRect(view.model()->index(row, column));
    QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, cell.center());
}

} // namespace

class Panels : public QObject {
    Q_OBJECT

private slots:
    void aHiddenPanelTakesNoFrame() {
        QWidget panel;
        ui::FrameFeed feed(&panel);
        QSignalSpy due(&feed, &ui::FrameFeed::due);
        feed.take(sample::shared(sample::frame(1s, sample::log(1))));
        QCOMPARE(due.size(), 0);
        panel.show();
        QTRY_COMPARE(due.size(), 1);
    }

    void framesInQuickSuccessionAreTakenTenTimesASecond() {
        QWidget panel;
        panel.show();
        ui::FrameFeed feed(&panel);
        int taken = 0;
        Instant last{};
        connect(&feed, &ui::FrameFeed::due, &panel, [&](const Frame& frame) {
            ++taken;
            last = frame.at;
        });
        for (int i = 1; i <= 50; ++i) {
            feed.take(sample::shared(sample::frame(1s * i, TraceLog{})));
        }
        QCOMPARE(taken, 1);
        QTRY_COMPARE(last, start + 50s);
        QCOMPARE(taken, 2);
    }

    void aComponentHasOnlyThePlotsThatSaySomethingAboutIt() {
        ui::SeriesPanel panel;
        open(panel);
        panel.setFrame(sample::shared(sample::frame(1s, sample::log(3))));
        const auto shown = [&] {
            QString all;
            for (const ui::Plot* plot : panel.plots()) {
                all += plot->isVisible() ? '1' : '0';
            }
            return all;
        };
        QCOMPARE(shown(), "1111");
        panel.choose(sample::orders);
        QCOMPARE(shown(), "0100");
        panel.choose(sample::billingIn);
        QCOMPARE(shown(), "1000");
        panel.choose(sample::billing);
        QCOMPARE(shown(), "1111");
        panel.choose(sample::events);
        QCOMPARE(shown(), "0000");
        const auto labels = panel.findChildren<QLabel*>();
        QVERIFY(std::ranges::any_of(labels, [](const QLabel* label) {
            return label->isVisible() && label->text().startsWith("events keeps no messages");
        }));
        panel.choose(std::nullopt);
        QCOMPARE(shown(), "1111");
    }

    void theDepthOfAConsumerIsThatOfItsQueue() {
        const Frame frame = sample::frame(1s, sample::log(3));
        const auto& colours = ui::palette(ui::Theme::Light);
        const auto contents =
            ui::seriesContents(frame, sample::scenario(), sample::billing, colours);
        const auto ofQueue =
            ui::seriesContents(frame, sample::scenario(), sample::billingIn, colours);
        QCOMPARE(contents[0].lines.size(), std::size_t{2});
        QCOMPARE(contents[0].lines[0].name, "waiting");
        QVERIFY(!contents[0].lines[0].values.empty());
        QCOMPARE(contents[0].lines[0].values, ofQueue[0].lines[0].values);
        QCOMPARE(contents[0].lines[1].values, ofQueue[0].lines[1].values);
    }

    void faultsAreBandsWhereTheyStruck() {
        ui::SeriesPanel panel;
        open(panel);
        TraceLog log = sample::log(1);
        log.append(std::array{sample::faultRecord(TraceKind::FaultBegan, 10s, 0),
                              sample::faultRecord(TraceKind::FaultEnded, 20s, 0),
                              sample::faultRecord(TraceKind::FaultBegan, 30s, 1)});
        Frame frame = sample::frame(40s, log);
        frame.interventions = {{.name = {}, .when = {}, .what = BrokerRestartFault{}}};
        panel.setFrame(sample::shared(frame));
        const std::vector<ui::PlotBand> wanted{{10, 20, "crash of billing"},
                                              {30, 40, "restart of the broker"}};
        for (const ui::Plot* plot : panel.plots()) {
            QTRY_VERIFY(plot->content().bands == wanted);
        }
        ui::Plot* depth = panel.plots()[0];
        QTRY_VERIFY(!depth->drawingRect().isEmpty());
        const QColor ground = ui::palette(ui::Theme::Light).surface;
        const auto isBandAt = [&](double seconds) { // between grid and lines, near the top
            const QRect place = depth->drawingRect();
            const double share = seconds / depth->timeRange().to;
            const QImage image = depth->grab().toImage();
            int tinted = 0;
            for (int y = place.top() + 2; y < place.bottom() - 2; ++y) {
                const QColor pixel = image.pixelColor(place.left() + int(share * place.width()), y);
                tinted += pixel.blue() + 12 < pixel.red() ? 1 : 0; // the band is yellow
            }
            return tinted > place.height() / 2;
        };
        QVERIFY(ground.blue() == ground.red());
        QTRY_VERIFY(isBandAt(15));
        QVERIFY(isBandAt(35));
        for (const double outside : {5, 25, 45}) {
            QVERIFY(!isBandAt(outside));
        }
    }

    void plotsShareTheirAxisAndTheCursor() {
        ui::SeriesPanel panel;
        open(panel);
        panel.resize(700, 700);
        Frame frame = sample::frame(20s, sample::log(1));
        panel.setFrame(sample::shared(frame));
        ui::Plot* depth = panel.plots()[0];
        QTRY_VERIFY(depth->timeRange().to >= 20);
        QTRY_VERIFY(!depth->drawingRect().isEmpty());
        QTest::qWait(50); // the chart is laid out with its first painting
        const QPoint middle = depth->drawingRect().center();
        QWidget* chart = depth->childAt(middle);
        const QPoint local = chart->mapFrom(depth, middle);
        const double seconds = (depth->timeRange().from + depth->timeRange().to) / 2;
        QTest::mouseMove(chart, local - QPoint(9, 0));
        QTest::mouseMove(chart, local);
        const auto says = [](const ui::Plot* plot) {
            const QString text = plot->readout();
            const auto from = text.indexOf('>') + 1;
            return text.mid(from, text.indexOf("\u2009s") - from).toDouble();
        };
        for (const ui::Plot* plot : panel.plots()) {
            QVERIFY2(std::abs(says(plot) - seconds) < 0.2, qPrintable(plot->readout()));
        }
        QWheelEvent wheel(local, chart->mapToGlobal(QPointF(local)), {}, {0, 240}, Qt::NoButton,
                          Qt::NoModifier, Qt::NoScrollPhase, false);
        const ui::TimeRange whole = depth->timeRange();
        QCoreApplication::sendEvent(chart, &wheel);
        QVERIFY(depth->timeRange() != whole);
        for (const ui::Plot* plot : panel.plots()) {
            QVERIFY(plot->timeRange() == depth->timeRange());
        }
        QTest::mouseDClick(chart, Qt::LeftButton, {}, local);
        for (const ui::Plot* plot : panel.plots()) {
            QVERIFY(plot->timeRange() == whole);
        }
        QEvent leave(QEvent::Leave);
        QCoreApplication::sendEvent(chart, &leave);
        for (const ui::Plot* plot : panel.plots()) { // back at the playhead
            QVERIFY2(std::abs(says(plot) - 20) < 0.01, qPrintable(plot->readout()));
        }
    }

    void valuesUnderTheCursorAreThoseOfTheLine() {
        ui::SeriesPanel panel;
        open(panel);
        Frame frame = sample::frame(20s, TraceLog{});
        frame.series.emplace(sample::scenario(), *sample::catalogue());
        std::vector<TraceRecord> queued;
        for (std::uint64_t n = 0; n < 7; ++n) { // seven come at 5 s, and stay
            queued.push_back(
                sample::record(TraceKind::Enqueued, 5s, n, sample::billingIn, sample::events));
        }
        Digest(sample::scenario(), *sample::catalogue()).feed(queued, [&frame](const Batch& batch) {
            frame.series->take(batch);
        });
        frame.series->passTo(start + 20s);
        panel.setFrame(sample::shared(frame));
        ui::Plot* depth = panel.plots()[0];
        QTRY_VERIFY(!depth->content().lines.empty() && !depth->content().lines[0].times.empty());
        depth->setCursor(3);
        QVERIFY2(!depth->readout().contains("7 msg"), qPrintable(depth->readout()));
        depth->setCursor(10);
        QVERIFY2(depth->readout().contains("7 msg"), qPrintable(depth->readout()));
    }

    void clickingAViolationAsksForItsWitness() {
        ui::ChecksPanel panel;
        open(panel);
        Frame frame = sample::frame(1s, sample::log(3));
        frame.verdicts = {violated()};
        panel.setFrame(sample::shared(frame));
        auto* list = panel.findChild<QTreeView*>();
        QTRY_COMPARE(list->model()->rowCount(), 1);
        QSignalSpy picked(&panel, &ui::ChecksPanel::witnessPicked);
        clickRow(*list, 0);
        QCOMPARE(picked.size(), 1);
        QCOMPARE(picked[0][0].value<Verdict>().at, start + 112ms);
        const QString detail = panel.findChild<ui::FactBrowser*>()->toPlainText();
        QVERIFY2(detail.contains("1 of 3 effects"), qPrintable(detail));
    }

    void verdictsAreFilteredByTheirState() {
        ui::ChecksPanel panel;
        open(panel);
        Frame frame = sample::frame(1s, sample::log(3));
        Verdict fine;
        fine.check = "nothing lost";
        fine.state = Verdict::State::Holds;
        frame.verdicts = {violated(), fine};
        panel.setFrame(sample::shared(frame));
        auto* list = panel.findChild<QTreeView*>();
        QTRY_COMPARE(list->model()->rowCount(), 2);
        panel.findChild<QComboBox*>()->setCurrentIndex(1);
        QCOMPARE(list->model()->rowCount(), 1);
    }

    void aProblemStandsUnderTheFieldThatItIsAbout() {
        Scenario scenario = sample::scenario();
        std::get<QueueSpec>(scenario.components[2].spec).broker = "nowhere";
        ui::ComponentPanel panel;
        panel.setScenario(scenario, sample::catalogue());
        panel.choose(sample::billingIn);
        panel.resize(500, 2000);
        panel.show();
        panel.findChild<QTabWidget*>()->setCurrentIndex(1);
        const auto said = [&panel] {
            const auto labels = panel.findChildren<QLabel*>();
            const auto found = std::ranges::find_if(labels, [](const QLabel* label) {
                return label->isVisible() && label->text().contains("nowhere");
            });
            return found == labels.end() ? nullptr : *found;
        };
        QTRY_VERIFY(said() != nullptr);
        const auto* field = panel.findChild<QWidget*>("/broker");
        QVERIFY(field != nullptr && field->isVisible());
        const QPoint below = said()->mapTo(&panel, QPoint()) - field->mapTo(&panel, QPoint());
        QVERIFY(below.y() > 0 && below.y() <= 2 * field->height());
    }

    void clickingAFactPicksItsInstantAndMessage() {
        ui::TracePanel panel;
        open(panel);
        panel.setFrame(sample::shared(sample::frame(1s, sample::log(20))));
        auto* table = panel.findChild<QTableView*>();
        QTRY_COMPARE(table->model()->rowCount(), 100);
        QSignalSpy instants(&panel, &ui::TracePanel::instantPicked);
        QSignalSpy messages(&panel, &ui::TracePanel::messagePicked);
        table->scrollToTop();
        clickRow(*table, 3, 2);
        QCOMPARE(instants[0][0].value<Instant>(), start + 12ms);
        QCOMPARE(messages[0][0].value<MessageId>(), MessageId{0});
    }

    void theLogFollowsThePlayheadUntilSomethingIsPicked() {
        ui::TracePanel panel;
        open(panel);
        panel.setFrame(sample::shared(sample::frame(1s, sample::log(20))));
        auto* table = panel.findChild<QTableView*>();
        QTRY_COMPARE(table->currentIndex().row(), 50);
        clickRow(*table, 52, 2);
        panel.setPlayhead(start);
        QCOMPARE(table->currentIndex().row(), 52);
    }

    void everyKindOfFaultCanBeInjected() {
        ui::FaultPanel panel;
        open(panel);
        BrokerSpec three;
        three.nodes = 3; // a cut needs a cluster to go through
        Scenario cluster = sample::scenario();
        cluster.components.push_back({"broker", three, {}});
        cluster.components.push_back({"news", SnsTopicSpec{}, {}}); // which may be refused
        cluster.components.push_back({"inbox", SqsQueueSpec{}, {}});
        cluster.links.push_back(SubscriptionLink{.from = "news", .to = "inbox"});
        panel.setScenario(cluster, sample::catalogue());
        panel.setFrame(sample::shared(sample::frame(3s, TraceLog{})));
        QSignalSpy requested(&panel, &ui::FaultPanel::faultRequested);
        auto* kinds = panel.findChild<QComboBox*>();
        auto* inject = panel.findChild<QPushButton*>();
        QCOMPARE(kinds->count(), int(std::variant_size_v<FaultKind>));
        for (int kind = 0; kind < kinds->count(); ++kind) {
            kinds->setCurrentIndex(kind);
            QTest::mouseClick(inject, Qt::LeftButton);
            QVERIFY2(requested.size() == kind + 1, qPrintable(kinds->currentText()));
            const auto fault = requested.last()[0].value<FaultSpec>();
            QCOMPARE(fault.what.index(), std::size_t(kind));
            QCOMPARE(fault.when.at, Duration{3s});
            QCOMPARE(fault.when.duration, std::optional<Duration>(ui::faultLasts));
        }
    }

    /// The sample has one broker of one node, and no topic of SNS.
    void whatHasNoTargetCannotBeInjected() {
        ui::FaultPanel panel;
        open(panel);
        panel.setScenario(sample::scenario(), sample::catalogue());
        panel.setFrame(sample::shared(sample::frame(3s, TraceLog{})));
        QSignalSpy requested(&panel, &ui::FaultPanel::faultRequested);
        auto* kinds = panel.findChild<QComboBox*>();
        auto* inject = panel.findChild<QPushButton*>();
        for (int kind = 0; kind < kinds->count(); ++kind) {
            kinds->setCurrentIndex(kind);
            const FaultKind wanted = everyKind<FaultKind>()[std::size_t(kind)];
            const bool hasNone = std::holds_alternative<ClusterPartitionFault>(wanted) ||
                                 std::holds_alternative<DeliveryErrorFault>(wanted);
            QCOMPARE(inject->isEnabled(), !hasNone);
            requested.clear();
            QTest::mouseClick(inject, Qt::LeftButton);
            QCOMPARE(requested.size(), hasNone ? 0 : 1);
            if (!hasNone) {
                QCOMPARE(requested[0][0].value<FaultSpec>().what.index(), std::size_t(kind));
            }
        }
    }

    void aFaultWithoutATargetCannotBeInjected() {
        ui::FaultPanel panel;
        panel.setScenario(Scenario{}, std::make_shared<const Catalogue>());
        panel.show();
        QVERIFY(!panel.findChild<QPushButton*>()->isEnabled());
    }

    void theMenuOfAComponentOffersWhatFits() {
        ui::FaultPanel panel;
        open(panel);
        QSignalSpy requested(&panel, &ui::FaultPanel::faultRequested);
        const std::unique_ptr<QMenu> menu(panel.faultMenu(sample::billing, nullptr));
        QStringList names;
        for (const QAction* action : menu->actions()) {
            names << action->text();
        }
        QVERIFY(names.contains("Crash for 5\u2009s"));
        QVERIFY(names.contains("Slow for 5\u2009s"));
        QVERIFY(!names.contains("Loss for 5\u2009s"));
        menu->actions().front()->trigger();
        QCOMPARE(std::get<CrashFault>(requested[0][0].value<FaultSpec>().what).target, "billing");
        const std::unique_ptr<QMenu> exchange(panel.faultMenu(sample::events, nullptr));
        QCOMPARE(exchange->actions().front()->text(), "Broker restart for 5\u2009s");
        const std::unique_ptr<QMenu> binding(panel.faultMenu(LinkId{1}, nullptr));
        QVERIFY(!binding->isEnabled()); // no network lies between an exchange and its queue
        const std::unique_ptr<QMenu> link(panel.faultMenu(LinkId{2}, nullptr));
        QVERIFY(link->isEnabled());
    }

    void whatStruckTheRunIsListed() {
        ui::FaultPanel panel;
        open(panel);
        TraceLog log;
        log.append(std::array{sample::faultRecord(TraceKind::FaultBegan, 2s, 0),
                              sample::faultRecord(TraceKind::FaultEnded, 3s, 0),
                              sample::faultRecord(TraceKind::FaultBegan, 4s, 1)});
        Frame frame = sample::frame(5s, log);
        frame.interventions = {{.name = "Pull the plug", .when = {}, .what = ShuffleTiesFault{}}};
        panel.setFrame(sample::shared(frame));
        auto* list = panel.findChild<ui::FactBrowser*>();
        QTRY_VERIFY(list->toPlainText().contains("Pull the plug (by hand)"));
        QVERIFY(list->toPlainText().contains("crash of billing"));
        QVERIFY(list->toPlainText().contains("lasts"));
    }

    void aMessageTellsItsJourney() {
        ui::MessagePanel panel;
        open(panel);
        panel.setFrame(sample::shared(sample::frame(2s, sample::log(20))));
        panel.choose(MessageId{4});
        auto* text = panel.findChild<ui::FactBrowser*>();
        QTRY_VERIFY(text->toPlainText().contains("order.placed"));
        QVERIFY(text->toPlainText().contains("+12 ms"));
        QVERIFY(text->toPlainText().contains("applied"));
        QVERIFY(text->toPlainText().contains("shop")); // a header of its type
    }

    void theLedgerShowsOnlyDifferencesOnDemand() {
        ui::LedgerPanel panel;
        open(panel);
        Frame frame = sample::frame(2s, sample::log(6));
        LedgerRow fine;
        fine.key = KeyId{0};
        LedgerRow wrong;
        wrong.key = KeyId{1};
        wrong.expectedVersion = 2;
        wrong.actualVersion = 1;
        frame.ledger = {{}, {}, {}, {fine, wrong}};
        panel.setFrame(sample::shared(frame));
        auto* table = panel.findChild<QTableView*>();
        QTRY_COMPARE(table->model()->rowCount(), 2);
        QTest::mouseClick(panel.findChild<QCheckBox*>(), Qt::LeftButton, {}, QPoint(8, 8));
        QCOMPARE(table->model()->rowCount(), 1);
        QSignalSpy picked(&panel, &ui::LedgerPanel::messagePicked);
        clickRow(*table, 0, 2);
        QCOMPARE(picked[0][0].value<MessageId>(), MessageId{4}); // the last event of order-2
    }

    void metricsAreCopied() {
        ui::MetricsPanel panel;
        open(panel);
        panel.setFrame(sample::shared(sample::frame(2s, TraceLog{})));
        auto* table = panel.findChild<QTableView*>();
        QTRY_VERIFY(table->model()->rowCount() > 20);
        QTest::mouseClick(panel.findChild<QPushButton*>(), Qt::LeftButton);
        QVERIFY(QGuiApplication::clipboard()->text().startsWith("component,metric,value,unit\n"));
        const int all = table->model()->rowCount();
        panel.findChild<QComboBox*>()->setCurrentText("billing");
        QVERIFY(table->model()->rowCount() < all);
        QVERIFY(table->model()->rowCount() > 0);
    }
};

QTEST_MAIN(Panels)
#include "tst_panels.moc"
