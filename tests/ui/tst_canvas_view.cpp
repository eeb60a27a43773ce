#include "tests/support/sample_frames.h"
#include "ui/canvas/canvas_view.h"
#include "ui/canvas/message_layer.h"
#include "ui/document/document.h"

#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include <cmath>

using namespace sim;

class TestCanvasView : public QObject {
    Q_OBJECT

private:
    struct Stage {
        ui::Document document;
        ui::CanvasView view{document};

        explicit Stage(const Scenario& scenario) {
            document.replace(scenario, {});
            view.resize(1200, 600);
            view.show();
            view.fit();
        }
        QPoint cardOf(std::size_t component) const {
            const QRectF card = view.content().layout.cards[component];
            return view.toWidget(card.topLeft() + QPointF(60, 16)).toPoint();
        }
    };

    static void drag(QWidget& view, QPoint from, QPoint to) {
        QTest::mousePress(&view, Qt::LeftButton, {}, from);
        QTest::mouseMove(&view, (from + to) / 2);
        QTest::mouseMove(&view, to);
        QTest::mouseRelease(&view, Qt::LeftButton, {}, to);
    }

private slots:
    void aDragMovesACardOnTheGridAndUndoTakesItBack() {
        Stage stage(sample::shop());
        const QPoint from = stage.cardOf(1);
        drag(stage.view, from, from + QPoint(50, 90));
        const Position moved = stage.document.scenario().components[1].position;
        QVERIFY(moved.y > 0);
        QCOMPARE(std::fmod(moved.x, 8), 0.0);
        QCOMPARE(std::fmod(moved.y, 8), 0.0);
        QCOMPARE(stage.document.history().count(), 1);
        stage.document.history().undo();
        QVERIFY(stage.document.scenario() == sample::shop());
    }

    void aDragOnEmptyGroundMovesTheCanvas() {
        Stage stage(sample::shop());
        const QPointF before = stage.view.toWidget({0, 0});
        drag(stage.view, {600, 560}, {640, 530});
        QVERIFY(stage.document.scenario() == sample::shop());
        QVERIFY(stage.view.toWidget({0, 0}) != before);
    }

    void aClickOnACardPicksIt() {
        Stage stage(sample::shop());
        QSignalSpy picked(&stage.view, &ui::CanvasView::componentPicked);
        QTest::mouseClick(&stage.view, Qt::LeftButton, {}, stage.cardOf(3));
        QCOMPARE(picked.count(), 1);
        QVERIFY(picked.takeFirst().at(0).value<ComponentId>() == ComponentId{3});
        QVERIFY(stage.view.content().selected == ui::Target(ComponentId{3}));
    }

    void aClickOnAMessageInFlightPicksIt() {
        Stage stage(sample::shop());
        stage.view.setFrame(std::make_shared<Frame>(sample::frame(sample::shop(), start + 5s, 5)));
        QVERIFY(!stage.view.content().picture.dots.empty());
        QSignalSpy picked(&stage.view, &ui::CanvasView::messagePicked);
        const ui::Dot dot = stage.view.content().picture.dots.back();
        const QPointF at = ui::placeOf(dot, stage.view.content().layout);
        QTest::mouseClick(&stage.view, Qt::LeftButton, {}, stage.view.toWidget(at).toPoint());
        QCOMPARE(picked.count(), 1);
        QVERIFY(picked.takeFirst().at(0).value<MessageId>() == dot.message);
    }

    void aClickOnAQueuedMessagePicksIt() {
        Stage stage(sample::shop());
        stage.view.setFrame(std::make_shared<Frame>(sample::frame(sample::shop(), start + 5s, 0)));
        const auto places = ui::placesOf(stage.view.content(), MessageId{0});
        QCOMPARE(places.size(), 1U);
        QSignalSpy picked(&stage.view, &ui::CanvasView::messagePicked);
        QTest::mouseClick(&stage.view, Qt::LeftButton, {},
                          stage.view.toWidget(places.front()).toPoint());
        QCOMPARE(picked.count(), 1);
        QVERIFY(picked.takeFirst().at(0).value<MessageId>() == MessageId{0});
    }

    void aClickOnALinkPicksIt() {
        Stage stage(sample::shop());
        QSignalSpy picked(&stage.view, &ui::CanvasView::linkPicked);
        const QPointF middle = stage.view.content().layout.routes[0].curve.at(0.5);
        QTest::mouseClick(&stage.view, Qt::LeftButton, {}, stage.view.toWidget(middle).toPoint());
        QCOMPARE(picked.count(), 1);
    }

    void theKeyboardSelectsMovesAndLetsGo() {
        Stage stage(sample::shop());
        QTest::keyClick(&stage.view, Qt::Key_N);
        QVERIFY(stage.view.content().selected == ui::Target(ComponentId{0}));
        QTest::keyClick(&stage.view, Qt::Key_Right);
        QTest::keyClick(&stage.view, Qt::Key_Right);
        QCOMPARE(stage.document.scenario().components[0].position.x, 16.0);
        QCOMPARE(stage.document.history().count(), 1);
        QTest::keyClick(&stage.view, Qt::Key_Escape);
        QVERIFY(stage.view.content().selected == ui::Target());
    }

    void theWheelZoomsAtThePointer() {
        Stage stage(sample::shop());
        const QPointF pointer(300, 200);
        const QPointF under = stage.view.viewport().toCanvas(pointer);
        QWheelEvent wheel(pointer, stage.view.mapToGlobal(pointer), {}, {0, 120}, Qt::NoButton,
                          Qt::NoModifier, Qt::NoScrollPhase, false);
        const double before = stage.view.viewport().zoom();
        QCoreApplication::sendEvent(&stage.view, &wheel);
        QVERIFY(stage.view.viewport().zoom() > before);
        QVERIFY((stage.view.viewport().toCanvas(pointer) - under).manhattanLength() < 0.01);
    }

    void aRightClickOnACardAsksForItsMenu() {
        Stage stage(sample::shop());
        QSignalSpy wanted(&stage.view, &ui::CanvasView::menuRequested);
        QContextMenuEvent click(QContextMenuEvent::Mouse, stage.cardOf(3),
                                stage.view.mapToGlobal(stage.cardOf(3)));
        QCoreApplication::sendEvent(&stage.view, &click);
        QCOMPARE(wanted.count(), 1);
        QVERIFY(wanted[0][0].value<ui::Target>() == ui::Target(ComponentId{3}));
    }

    void aWitnessIsLitAndEscapeShowsEverythingAgain() {
        Stage stage(sample::shop());
        stage.view.setFrame(std::make_shared<Frame>(sample::frame(sample::shop(), start + 5s, 5)));
        const QImage plain = stage.view.grab().toImage();
        stage.view.light({.title = "order", .messages = {}, .components = {ComponentId{3}}});
        QCOMPARE(ui::strengthOf(stage.view.content().spotlight, ComponentId{3}), 1.0);
        QCOMPARE(ui::strengthOf(stage.view.content().spotlight, ComponentId{0}), ui::faint);
        QVERIFY(stage.view.grab().toImage() != plain);
        QTest::keyClick(&stage.view, Qt::Key_Escape);
        QVERIFY(!stage.view.content().spotlight.has_value());
        QCOMPARE(stage.view.grab().toImage(), plain);
    }

    void aDeadLetterByTheDefaultExchangeGoesToTheQueueOfThatName() {
        Scenario scenario = sample::shop();
        scenario.components.push_back({"graveyard", QueueSpec{.name = "billing.dead"}, {600, 300}});
        auto& queue = std::get<QueueSpec>(scenario.components[2].spec);
        queue.deadLetterExchange = "";
        queue.deadLetterRoutingKey = "billing.dead";
        const ui::CanvasLayout layout = ui::layoutOf(scenario);
        const ui::Route* route = layout.between(ComponentId{2}, ComponentId{4});
        QVERIFY(route != nullptr);
        QVERIFY(route->kind == ui::Route::Kind::DeadLetter);
    }

    void aHeadersBindingShowsNamesAndValues() {
        Scenario scenario = sample::shop();
        std::get<BindingLink>(scenario.links[1]) = {
            "orders",
            "billing-queue",
            "",
            {{"x-match", std::string("all")}, {"region", std::string("eu")}, {"vip", true}}};
        QCOMPARE(ui::layoutOf(scenario).routes[1].label, "x-match=all, region=eu, vip=true");
    }

    void activeFaultsAreNamedOnCardsAndLinks() {
        Stage stage(sample::shop());
        Frame frame = sample::frame(sample::shop(), start + 5s, 0);
        frame.view.activeFaults = {0, 1};
        stage.view.setFaults(
            {{.name = {}, .when = {}, .what = CrashFault{.target = "billing"}},
             {.name = {}, .when = {}, .what = PartitionFault{.from = "shop", .to = "orders"}}});
        stage.view.setFrame(std::make_shared<Frame>(frame));
        QCOMPARE(ui::faultsOn(stage.view.content(), 3), QStringList{"crash"});
        QCOMPARE(ui::faultsOn(stage.view.content(), stage.view.content().layout.routes[0]), "cut");
        QVERIFY(ui::faultsOn(stage.view.content(), 0).isEmpty());
    }

    void noLinkCrossesACardWhereItCanGoRound() {
        Scenario scenario = sample::shop();
        scenario.components[2].position.x = 920;
        scenario.components.push_back({"between", ExchangeSpec{}, {576, 0}});
        const ui::CanvasLayout layout = ui::layoutOf(scenario);
        for (const QPointF point : layout.routes[1].curve.points()) {
            QVERIFY(!layout.cards[4].contains(point));
        }
    }

    void cardsWithoutPositionsAreArrangedApart() {
        Scenario scenario = sample::grid(3);
        for (ComponentEntry& entry : scenario.components) {
            entry.position = {};
        }
        QVERIFY(ui::needsArranging(scenario));
        const ui::CanvasLayout layout = ui::layoutOf(ui::arranged(scenario));
        for (std::size_t a = 0; a < layout.cards.size(); ++a) {
            for (std::size_t b = a + 1; b < layout.cards.size(); ++b) {
                QVERIFY(!layout.cards[a].intersects(layout.cards[b]));
            }
        }
    }
};

QTEST_MAIN(TestCanvasView)
#include "tst_canvas_view.moc"
