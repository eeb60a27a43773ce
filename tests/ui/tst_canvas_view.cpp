#include "tests/support/sample_frames.h"
#include "tests/support/text_of.h"
#include "ui/canvas/canvas_view.h"
#include "ui/canvas/card_parts.h"
#include "ui/canvas/ink.h"
#include "ui/canvas/message_layer.h"
#include "ui/canvas/mini_map.h"
#include "ui/canvas/name_labels.h"
#include "ui/canvas/router.h"
#include "ui/document/document.h"

#include <QApplication>
#include <QFontMetricsF>
#include <QHelpEvent>
#include <QSignalSpy>
#include <QTest>
#include <QToolTip>
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

    void aBrokerSaysThatItHoldsPublishersBack() {
        Scenario shop = sample::shop();
        shop.components.push_back({"rabbit", BrokerSpec{}, {}});
        Stage stage(shop);
        Frame frame = sample::frame(shop, start + 5s, 0);
        const std::size_t broker = shop.components.size() - 1;
        frame.view.components.resize(shop.components.size());
        frame.view.components[broker] = BrokerView{.inFlow = 2};
        stage.view.setFrame(std::make_shared<Frame>(frame));
        QCOMPARE(ui::faultsOn(stage.view.content(), broker), QStringList{"flow"});
        frame.view.components[broker] = BrokerView{};
        stage.view.setFrame(std::make_shared<Frame>(frame));
        QVERIFY(ui::faultsOn(stage.view.content(), broker).isEmpty());
    }

    void aPolicyChangeMarksItsBroker() {
        Scenario shop = sample::shop();
        shop.components.push_back({"rabbit", BrokerSpec{}, {}});
        Stage stage(shop);
        Frame frame = sample::frame(shop, start + 5s, 0);
        frame.view.activeFaults = {0};
        stage.view.setFaults({{.name = {}, .when = {}, .what = PolicyChangeFault{}}});
        stage.view.setFrame(std::make_shared<Frame>(frame));
        QCOMPARE(ui::faultsOn(stage.view.content(), shop.components.size() - 1),
                 QStringList{"policies changed"});
        QVERIFY(ui::faultsOn(stage.view.content(), 0).isEmpty());
    }

    void aRestartOfTheOnlyBrokerMarksItsPartsHoweverItIsNamed() {
        Scenario scenario = sample::shop();
        scenario.components.push_back({"rabbit", BrokerSpec{}, {480, 200}});
        std::get<QueueSpec>(scenario.components[2].spec).broker = "rabbit";
        Stage stage(scenario);
        Frame frame = sample::frame(scenario, start + 5s, 0);
        frame.view.activeFaults = {0};
        for (const char* target : {"", "rabbit"}) {
            stage.view.setFaults(
                {{.name = {}, .when = {}, .what = BrokerRestartFault{.target = target}}});
            stage.view.setFrame(std::make_shared<Frame>(frame));
            for (const std::size_t part : {1U, 2U, 4U}) {
                QCOMPARE(ui::faultsOn(stage.view.content(), part), QStringList{"restart"});
            }
            QVERIFY(ui::faultsOn(stage.view.content(), 0).isEmpty());
            QVERIFY(ui::faultsOn(stage.view.content(), 3).isEmpty());
        }
    }

    void aRestartOfOneOfTwoBrokersMarksItsPartsOnly() {
        Scenario scenario = sample::shop();
        scenario.components.push_back({"near", BrokerSpec{}, {480, 200}});
        scenario.components.push_back({"far", BrokerSpec{}, {680, 200}});
        std::get<ExchangeSpec>(scenario.components[1].spec).broker = "near";
        std::get<QueueSpec>(scenario.components[2].spec).broker = "far";
        Stage stage(scenario);
        Frame frame = sample::frame(scenario, start + 5s, 0);
        frame.view.activeFaults = {0};
        stage.view.setFaults(
            {{.name = {}, .when = {}, .what = BrokerRestartFault{.target = "far"}}});
        stage.view.setFrame(std::make_shared<Frame>(frame));
        for (const std::size_t part : {2U, 5U}) {
            QCOMPARE(ui::faultsOn(stage.view.content(), part), QStringList{"restart"});
        }
        for (const std::size_t other : {0U, 1U, 3U, 4U}) {
            QVERIFY(ui::faultsOn(stage.view.content(), other).isEmpty());
        }
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

    void theOverviewIsThereWhileSomethingIsOutOfSight() {
        Stage stage(sample::grid(12));
        const auto* overview = stage.view.findChild<ui::MiniMap*>();
        QVERIFY(!overview->isVisible());
        for (int n = 0; n < 12; ++n) {
            QTest::keyClick(&stage.view, Qt::Key_Plus);
        }
        QVERIFY(overview->isVisible());
        QTest::keyClick(&stage.view, Qt::Key_F);
        QVERIFY(!overview->isVisible());
    }

    void aClickOnTheOverviewGoesThereAndItsGlassFollows() {
        Stage stage(sample::grid(12));
        auto* overview = stage.view.findChild<ui::MiniMap*>();
        for (int n = 0; n < 12; ++n) {
            QTest::keyClick(&stage.view, Qt::Key_Plus);
        }
        QVERIFY(overview->isVisible());
        const auto seen = [&] { // the part of the canvas in sight, in the middle
            return stage.view.viewport().toCanvas(QRectF(stage.view.rect())).center();
        };
        const auto glass = [&] { // its frame, by its colour
            const QImage image = overview->grab().toImage();
            const QRgb accent = ui::palette(ui::Theme::Light).accent.rgb();
            QRect box;
            for (int y = 0; y < image.height(); ++y) {
                for (int x = 0; x < image.width(); ++x) {
                    box |= image.pixel(x, y) == accent ? QRect(x, y, 1, 1) : QRect();
                }
            }
            return box;
        };
        const QRectF bounds = stage.view.content().layout.bounds;
        const QPoint middle = overview->rect().center();
        QTest::mouseClick(overview, Qt::LeftButton, {}, middle);
        QVERIFY((seen() - bounds.center()).manhattanLength() < 60);
        QVERIFY((glass().center() - middle).manhattanLength() <= 3);
        const QPoint upper = middle - QPoint(0, 30);
        QTest::mouseClick(overview, Qt::LeftButton, {}, upper);
        QVERIFY(seen().y() < bounds.center().y() - 200);
        QVERIFY((glass().center() - upper).manhattanLength() <= 3);
        QTest::mousePress(overview, Qt::LeftButton, {}, upper);
        const QPoint lower = middle + QPoint(0, 30);
        QTest::mouseMove(overview, lower);
        QTest::mouseRelease(overview, Qt::LeftButton, {}, lower);
        QVERIFY(seen().y() > bounds.center().y() + 200);
        const QSize size = glass().size();
        QTest::keyClick(&stage.view, Qt::Key_Minus);
        QVERIFY(glass().width() > size.width());
    }

    void aLargeGraphFitsWhole() {
        const Stage stage(sample::grid(60));
        const QRectF all = stage.view.viewport().toCanvas(QRectF(stage.view.rect()));
        QVERIFY(all.contains(stage.view.content().layout.bounds));
        QVERIFY(stage.view.viewport().zoom() < ui::namesFrom());
    }

    void overALargeGraphNamesAreWrittenAsOnAMap() {
        const Stage stage(sample::grid(60));
        const auto labels =
            ui::nameLabels(stage.view.content(), stage.view.viewport(), QSizeF(stage.view.size()));
        QVERIFY(labels.size() >= 20);
        for (std::size_t a = 0; a < labels.size(); ++a) {
            QVERIFY(QRectF(stage.view.rect()).contains(labels[a].place));
            QCOMPARE(labels[a].text, // short enough to stand whole
                     QString::fromStdString(
                         stage.view.content().scenario.components[labels[a].card].id));
            for (std::size_t b = a + 1; b < labels.size(); ++b) {
                QVERIFY(!labels[a].place.intersects(labels[b].place));
            }
        }
        const auto isExchange = [&](const ui::NameLabel& label) {
            return std::holds_alternative<ExchangeSpec>(
                stage.view.content().scenario.components[label.card].spec);
        };
        QVERIFY(isExchange(labels.front())); // most links meet there
    }

    void whatIsSelectedIsNamedBeforeAllOthers() {
        Stage stage(sample::grid(60));
        stage.view.select(ComponentId{200});
        const auto labels =
            ui::nameLabels(stage.view.content(), stage.view.viewport(), QSizeF(stage.view.size()));
        QCOMPARE(labels.front().card, std::size_t{200});
    }

    void cardsThatHoldTheirNamesHaveNoLabels() {
        const Stage stage(sample::shop());
        QVERIFY(
            ui::nameLabels(stage.view.content(), stage.view.viewport(), QSizeF(stage.view.size()))
                .empty());
    }

    void thePointerBringsTheWholeNameAtEveryZoom() {
        Scenario scenario = sample::grid(60);
        const std::string longName = "payments.order-lifecycle-projection.dead-letters.v2";
        scenario.components.push_back({longName, QueueSpec{}, {608, 12'000}});
        Stage stage(scenario);
        const auto shown = [&] {
            return ui::hoveredName(stage.view.content(), stage.view.viewport(),
                                   QSizeF(stage.view.size()));
        };
        QVERIFY(!shown().has_value());
        const QImage before = stage.view.grab().toImage();
        const QRectF card = stage.view.content().layout.cards[240];
        QTest::mouseMove(&stage.view, stage.view.toWidget(card.center()).toPoint());
        QVERIFY(shown().has_value());
        QCOMPARE(shown()->text, QString::fromStdString(longName));
        QVERIFY(QRectF(stage.view.rect()).contains(shown()->place));
        const QRect place = shown()->place.toRect();
        QVERIFY(stage.view.grab().toImage().copy(place) != before.copy(place));
        stage.view.centreOn(card.center());
        while (stage.view.viewport().zoom() < 0.5) {
            QTest::keyClick(&stage.view, Qt::Key_Plus);
        }
        QCOMPARE(shown()->text, QString::fromStdString(longName)); // the card shows it cut
        QTest::mouseMove(&stage.view, QPoint(2, 2));
        QVERIFY(!shown().has_value());
    }

    void aCardThatShowsItsNameNeedsNoLabelUnderThePointer() {
        Stage stage(sample::shop());
        QTest::mouseMove(&stage.view, stage.cardOf(1));
        QVERIFY(stage.view.content().hovered == ui::Target(ComponentId{1}));
        QVERIFY(!ui::hoveredName(stage.view.content(), stage.view.viewport(),
                                 QSizeF(stage.view.size())));
    }

    void versionsAreWrittenOnMessagesFromAZoomOfOneAndAHalf() {
        Stage stage(sample::shop());
        Frame frame = sample::frame(sample::shop(), start + 5s, 5);
        Frame other = frame;
        for (FlightView& flight : other.view.flights) {
            flight.message.version += 3;
        }
        const auto shows = [&](const Frame& one) {
            stage.view.setFrame(std::make_shared<Frame>(one));
            return stage.view.grab().toImage();
        };
        stage.view.setFrame(std::make_shared<Frame>(frame));
        QVERIFY(!stage.view.content().picture.dots.empty());
        stage.view.centreOn(
            ui::placeOf(stage.view.content().picture.dots.back(), stage.view.content().layout));
        while (stage.view.viewport().zoom() < 1.19) {
            QTest::keyClick(&stage.view, Qt::Key_Plus);
        }
        QVERIFY(stage.view.viewport().zoom() < 1.5);
        QCOMPARE(shows(frame), shows(other));
        QTest::keyClick(&stage.view, Qt::Key_Plus);
        QTest::keyClick(&stage.view, Qt::Key_Plus);
        QVERIFY(stage.view.viewport().zoom() >= 1.5);
        QVERIFY(shows(frame) != shows(other));
    }

    void cardsAndLabelsGrowWithTheApplicationsText() {
        Stage stage(sample::shop());
        const ui::CanvasLayout usual = stage.view.content().layout;
        const QSizeF label = ui::labelSize("order.*");
        const TextOf twice(2);
        QTRY_VERIFY(stage.view.content().layout.cards[0].height() > usual.cards[0].height());
        const auto& cards = stage.view.content().layout.cards;
        const QFontMetricsF metrics(ui::canvasFont(ui::Type::Name, 1));
        QVERIFY(ui::lineHeight() >= metrics.height());
        QVERIFY(ui::labelSize("order.*").width() > 1.7 * label.width());
        QVERIFY(ui::labelSize("order.*").height() >= metrics.height());
        for (std::size_t i = 0; i < cards.size(); ++i) {
            const QString name = QString::fromStdString(sample::shop().components[i].id);
            QVERIFY(cards[i].width() - ui::nameIndent() - ui::cardPadding >=
                    metrics.horizontalAdvance(name));
            for (std::size_t j = i + 1; j < cards.size(); ++j) {
                QVERIFY(!cards[i].adjusted(-16, -16, 16, 16).intersects(cards[j]));
            }
        }
    }

    void whatACardShowsStaysOnItWithLargeText() {
        const TextOf twice(2);
        const Scenario scenario = sample::shop();
        const ui::CanvasLayout layout = ui::layoutOf(scenario);
        const ui::QueueParts queue = ui::queueParts(
            layout.cards[2], std::get<QueueSpec>(scenario.components[2].spec), QueueView{});
        QVERIFY(queue.readyTray.top() >= layout.cards[2].top() + ui::headerHeight());
        QVERIFY(queue.bar.bottom() <= layout.cards[2].bottom() - ui::lineHeight() - 7);
        QVERIFY(layout.cards[2].contains(queue.readyTray));
        ConsumerView lanes;
        lanes.lanes.resize(2);
        for (const ui::LaneParts& lane : ui::laneParts(layout.cards[3], lanes, start)) {
            QVERIFY(lane.place.height() >= ui::lineHeight());
            QVERIFY(lane.place.bottom() <= layout.cards[3].bottom() - ui::footerHeight());
        }
    }

    void aLongNameWidensItsCardAndTheTooltipSaysAllOfIt() {
        Scenario scenario = sample::shop();
        scenario.components[2].id = "shop.order-events.billing.retry-5s";
        std::get<BindingLink>(scenario.links[1]).to = scenario.components[2].id;
        std::get<ConsumeLink>(scenario.links[2]).from = scenario.components[2].id;
        Stage stage(scenario);
        const auto& cards = stage.view.content().layout.cards;
        const double text =
            ui::lineWidth(QString::fromStdString(scenario.components[2].id), ui::Type::Name);
        QVERIFY(cards[2].width() - ui::nameIndent() - ui::cardPadding >= text);
        QHelpEvent hover(QEvent::ToolTip, stage.cardOf(2), stage.view.mapToGlobal(stage.cardOf(2)));
        QCoreApplication::sendEvent(&stage.view, &hover);
        QVERIFY2(QToolTip::text().startsWith(QString::fromStdString(scenario.components[2].id)),
                 qPrintable(QToolTip::text()));
        scenario.components[2].id = std::string(200, 'x');
        QVERIFY(ui::cardSize(scenario.components[2]).width() <= ui::nameMax() + 64);
    }

    void whatStoodApartStaysApart() {
        Scenario scenario;
        for (int n = 0; n < 24; ++n) { // six rows of four queues, close together
            const std::string name = "a.rather.long.name.of.a.queue-" + std::to_string(n);
            scenario.components.push_back(
                {name, QueueSpec{}, {248.0 * (n % 4), 140.0 * std::floor(n / 4)}});
        }
        for (const double size : {1.0, 1.5, 2.0}) {
            const TextOf text(size);
            const ui::CanvasLayout layout = ui::layoutOf(scenario);
            for (std::size_t a = 0; a < layout.cards.size(); ++a) {
                for (std::size_t b = a + 1; b < layout.cards.size(); ++b) {
                    QVERIFY(!layout.cards[a].intersects(layout.cards[b]));
                }
                QCOMPARE(layout.cards[a].center().x(), layout.cards[a % 4].center().x());
                QCOMPARE(layout.cards[a].center().y(), layout.cards[a / 4 * 4].center().y());
            }
        }
    }

    void cardsOfUsualSizeStandWhereTheScenarioSays() {
        const Scenario shop = sample::shop();
        const ui::CanvasLayout layout = ui::layoutOf(shop);
        for (std::size_t i = 0; i < layout.cards.size(); ++i) {
            const Position& position = shop.components[i].position;
            QCOMPARE(layout.cards[i].center(), QPointF(position.x, position.y));
        }
    }

    void aDragFollowsThePointerAmongGrownCards() {
        const TextOf twice(2);
        Stage stage(sample::shop());
        const QPoint from = stage.cardOf(3);
        const QPointF before = stage.view.content().layout.cards[3].center();
        const double zoom = stage.view.viewport().zoom();
        drag(stage.view, from, from + QPoint(0, 96));
        const QPointF way = stage.view.content().layout.cards[3].center() - before;
        QVERIFY(std::abs(way.x()) <= ui::cardGrid);
        QVERIFY(std::abs(way.y() - 96 / zoom) <= ui::cardGrid);
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

    void whatDoesNotHangTogetherIsArrangedInRowsAsWideAsAWindow() {
        Scenario scenario;
        for (int n = 0; n < 20; ++n) {
            const std::string number = std::to_string(n);
            scenario.components.push_back({"in-" + number, ProducerSpec{}, {}});
            scenario.components.push_back({"queue-" + number, QueueSpec{}, {}});
            scenario.links.push_back(PublishLink{"in-" + number, "queue-" + number, {}});
        }
        const ui::CanvasLayout layout = ui::layoutOf(ui::arranged(scenario));
        const double shape = layout.bounds.width() / layout.bounds.height();
        QVERIFY2(shape > 0.9 && shape < 2.5, qPrintable(QString::number(shape)));
        for (std::size_t a = 0; a < layout.cards.size(); ++a) {
            for (std::size_t b = a + 1; b < layout.cards.size(); ++b) {
                QVERIFY(!layout.cards[a].intersects(layout.cards[b]));
            }
            if (a % 2 == 1) { // beside what it hangs on
                QVERIFY(layout.cards[a].left() > layout.cards[a - 1].right());
                QCOMPARE(layout.cards[a].center().y(), layout.cards[a - 1].center().y());
            }
        }
    }
};

QTEST_MAIN(TestCanvasView)
#include "tst_canvas_view.moc"
