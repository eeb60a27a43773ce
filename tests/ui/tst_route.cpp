#include "tests/ui/hand.h"
#include "ui/inspect/route_choice.h"
#include "ui/inspect/route_panel.h"
#include "ui/window/file_actions.h"
#include "ui/window/panels.h"

#include <QComboBox>
#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTest>
#include <QTextBrowser>

#include <set>

using namespace sim;

namespace {

/// The lesson of exchange types: shop publishes to four exchanges, each bound to two queues.
struct Desk {
    ui::MainWindow window{{}};

    Desk() {
        window.resize(1280, 800);
        [[maybe_unused]] const bool shown = hand::show(window);
        [[maybe_unused]] const bool opened =
            window.files().open(PROJECT_ROOT "/scenarios/rabbitmq/02-exchange-types.json");
    }

    ui::RoutePanel& panel() { return window.panels().route(); }
    QComboBox* exchange() { return field<QComboBox>("Exchange"); }
    QComboBox* key() { return field<QComboBox>("Routing key"); }
    template <typename Field> Field* field(const QString& name) {
        for (auto* each : panel().findChildren<Field*>()) {
            if (each->accessibleName() == name) {
                return each;
            }
        }
        return nullptr;
    }

    void typeKey(const QString& text) {
        QTest::mouseClick(key()->lineEdit(), Qt::LeftButton);
        QTest::keyClick(key()->lineEdit(), Qt::Key_A, Qt::ControlModifier);
        QTest::keyClicks(key()->lineEdit(), text);
    }
    QString answer() { return field<QTextBrowser>("Where it goes")->toPlainText(); }

    /// Ids of the lit cards, and "from>to" of the lit links.
    std::set<std::string> lit() {
        const ui::CanvasContent& content = window.canvas().content();
        const auto& cards = content.scenario.components;
        std::set<std::string> all;
        for (std::size_t card = 0; content.spotlight && card < cards.size(); ++card) {
            if (ui::strengthOf(content.spotlight, static_cast<ComponentId>(card)) == 1) {
                all.insert(cards[card].id);
            }
        }
        for (const ui::Route& route : content.layout.routes) {
            if (content.spotlight && ui::strengthOf(content.spotlight, route) == 1) {
                all.insert(cards[index(route.from)].id + ">" + cards[index(route.to)].id);
            }
        }
        return all;
    }

    bool askOf(const std::string& id, const QString& entry = "Where does this go?") {
        QMenu* menu = hand::menuOfCard(window, id);
        return menu != nullptr && hand::click(*menu, entry) &&
               QTest::qWaitFor([this] { return panel().isVisible(); });
    }
};

using Lit = std::set<std::string>;

} // namespace

/// "Where does this go?", asked in the window.
class TestRoute : public QObject {
    Q_OBJECT

private slots:
    void anExchangeIsAskedAndItsPathsAreLit() {
        Desk desk;
        QVERIFY(desk.lit().empty());
        QVERIFY(desk.askOf("topic"));
        QCOMPARE(desk.exchange()->currentText(), "topic");
        QCOMPARE(desk.key()->currentText(), "acme.orders.1.event.order.placed"); // the shop's first
        QCOMPARE(desk.lit(), (Lit{"topic", "topic_orders", "topic>topic_orders"}));
        QVERIFY(desk.answer().contains("Comes to 1 queue"));

        desk.typeKey("acme.orders.1.event.invoice.sent");
        QCOMPARE(desk.lit(), (Lit{"topic", "topic_invoices", "topic_orders", "topic>topic_invoices",
                                  "topic>topic_orders"}));
        desk.typeKey("acme.stock");
        QCOMPARE(desk.lit(), Lit{"topic"});
        QVERIFY(desk.answer().contains("No queue gets it"));
        QVERIFY(desk.answer().contains("asks for 6 words, the key has 2"));
    }

    void theLightGoesOutWithThePanel() {
        Desk desk;
        QVERIFY(desk.askOf("fanout"));
        QVERIFY(desk.lit().contains("fanout>fanout_one"));
        desk.window.findChild<QDockWidget*>("inspector")->raise();
        QTRY_VERIFY(desk.lit().empty());
        desk.window.findChild<QDockWidget*>("route")->raise();
        QTRY_VERIFY(desk.lit().contains("fanout>fanout_one"));
        QVERIFY(hand::show(desk.window)); // in front again after the menu
        QTest::keyClick(&desk.window, Qt::Key_Escape);
        QVERIFY(desk.lit().empty());
        desk.typeKey("x"); // and it is lit again with the next question
        QVERIFY(desk.lit().contains("fanout>fanout_one"));
    }

    void headersAreReadLineByLine() {
        Desk desk;
        QVERIFY(desk.askOf("headers"));
        auto* headers = desk.field<QPlainTextEdit>("Headers");
        QTest::mouseClick(headers->viewport(), Qt::LeftButton);
        QTest::keyClicks(headers, "country=ES");
        QTest::keyClick(headers, Qt::Key_Return);
        QTest::keyClicks(headers, "express:=tru");
        QVERIFY(desk.lit().empty()); // no answer while a line cannot be read
        QVERIFY(desk.answer().contains("cannot be read"));
        QTest::keyClicks(headers, "e");
        QCOMPARE(desk.lit(), (Lit{"headers", "headers_all", "headers_any", "headers>headers_all",
                                  "headers>headers_any"}));
        QTest::keyClick(headers, Qt::Key_Backspace); // "express:=tru" again
        QTest::keyClick(headers, Qt::Key_Tab);       // goes on to the answer
        QVERIFY(!headers->hasFocus());
    }

    void aTypeOfAProducerIsAskedWithItsLink() {
        Desk desk;
        QMenu* menu = hand::menuOfCard(desk.window, "shop");
        QVERIFY(menu != nullptr);
        QVERIFY(hand::click(*menu, "Where does this go?"));
        QTRY_VERIFY(QApplication::activePopupWidget() != menu);
        auto* types = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        QVERIFY(types != nullptr);
        QVERIFY(hand::click(*types, "acme.orders.1.event.order.paid to direct"));
        QTRY_VERIFY(desk.panel().isVisible());
        QCOMPARE(desk.key()->currentText(), "acme.orders.1.event.order.paid");
        QCOMPARE(desk.lit(),
                 (Lit{"shop", "shop>direct", "direct", "direct_paid", "direct>direct_paid"}));
    }

    void aPublishLinkIsAskedToo() {
        Desk desk;
        const auto& curve = desk.window.canvas().content().layout.routes.at(2).curve;
        QMenu* menu = hand::menuAt(desk.window, curve.at(0.4));
        QVERIFY(menu != nullptr);
        QVERIFY(hand::click(*menu, "Where does this go?"));
        QTRY_VERIFY(QApplication::activePopupWidget() != menu);
        auto* types = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        QVERIFY(hand::click(*types, "acme.billing.1.event.invoice.issued to topic"));
        QTRY_VERIFY(desk.lit().contains("shop>topic"));
        QVERIFY(desk.lit().contains("topic_invoices"));
        QVERIFY(!desk.lit().contains("topic_orders"));
    }

    void theKeyboardAsksTheDefaultExchange() {
        Desk desk;
        QVERIFY(hand::actionOf(desk.window, "Where Does This Go?…") != nullptr);
        QTest::keyClick(&desk.window, Qt::Key_G, Qt::ControlModifier);
        QTRY_VERIFY(desk.panel().isVisible());
        QVERIFY(desk.key()->lineEdit()->hasFocus());
        desk.exchange()->setFocus();
        QTest::keyClick(desk.exchange(), Qt::Key_End);
        QCOMPARE(desk.exchange()->currentText(), "(default exchange)");
        desk.typeKey("fanout_two");
        QCOMPARE(desk.lit(), Lit{"fanout_two"});
        QVERIFY(desk.answer().contains("knows a queue by its name alone"));
    }

    void itIsAskedWhatIsBeingEdited() {
        Desk desk;
        QVERIFY(desk.askOf("topic"));
        desk.window.document().edit("Bind", [](Scenario& scenario) {
            std::get<BindingLink>(scenario.links[8]).routingKey = "nothing";
        });
        QTRY_COMPARE(desk.lit(), Lit{"topic"});
        desk.window.document().edit("Break", [](Scenario& scenario) {
            std::get<BindingLink>(scenario.links[8]).to = "nobody";
        });
        QTRY_VERIFY(desk.answer().contains("Mend the scenario first"));
        QVERIFY(desk.lit().empty());
        desk.window.document().history().undo();
        QTRY_COMPARE(desk.lit(), Lit{"topic"});
    }

    void otherCardsHaveNothingToAsk() {
        Desk desk;
        QMenu* menu = hand::menuOfCard(desk.window, "topic_orders");
        QVERIFY(menu != nullptr);
        QVERIFY(!hand::click(*menu, "Where does this go?"));
        menu->close();
    }

    void keysComeFromTypesThenFromBindings() {
        Desk desk;
        const Scenario& scenario = desk.window.canvas().content().scenario;
        const auto places = ui::publishPlaces(scenario);
        QCOMPARE(places.size(), std::size_t{5});
        QCOMPARE(ui::keysFor(scenario, places[2]),
                 (QStringList{"acme.orders.1.event.order.placed", "acme.orders.1.event.order.paid",
                              "acme.billing.1.event.invoice.issued"})); // no patterns
        QCOMPARE(ui::keysFor(scenario, places[4]).size(), 8);           // names of queues
    }
};

QTEST_MAIN(TestRoute)
#include "tst_route.moc"
