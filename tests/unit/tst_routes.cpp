#include "sim/observe/checks.h"
#include "sim/observe/ledger.h"
#include "sim/observe/metrics.h"
#include "sim/observe/routes.h"
#include "tests/support/story.h"

#include <QTest>

using namespace sim;

namespace {

using State = Verdict::State;
using Ranks = Routes::ConsumerRanks;

/// The shop's events of one type go to orders or to audits, by their routing key.
Story splitStory() {
    Story story;
    ProducerSpec shop;
    shop.types = {EventTypeSpec{.name = "placed", .routingKey = "placed.eu"},
                  EventTypeSpec{.name = "placed", .routingKey = "placed.us"},
                  EventTypeSpec{.name = "paid"}};
    story.scenario.components[index(Story::shop)].spec = shop;
    return story;
}

/// Versions of order-42 by turns to billing and to audit, each applied where it went.
Story turns() {
    Story story = splitStory();
    for (int i = 0; i < 6; ++i) {
        const Duration at = 10ms * i;
        const bool us = i % 2 == 1;
        const auto message = story.produced(at);
        story.published(at, message);
        story.enqueued(at + 1ms, message, us ? Story::audits : Story::orders);
        story.delivered(at + 2ms, message, 0, us ? Story::audits : Story::orders);
        story.started(at + 3ms, message, 0, us ? Story::audit : Story::billing);
        story.applied(at + 4ms, message, 0, us ? Story::audit : Story::billing);
        story.acked(at + 5ms, message, us ? Story::audits : Story::orders);
    }
    return story;
}

Verdict judged(Story& story, CheckKind what) {
    story.scenario.duration = 60s;
    story.scenario.checks = {{"", false, std::move(what)}};
    Checks checks(story.scenario, story.catalogue);
    story.tell(checks);
    return checks.verdicts(start + 60s, true).at(0);
}

} // namespace

class RoutesTest : public QObject {
    Q_OBJECT

private slots:
    void knowsComponentsByNameAndKind() {
        const Story story;
        const Routes routes(story.scenario, story.catalogue);
        QCOMPARE(routes.find("orders"), Story::orders);
        QCOMPARE(routes.find("nothing"), noComponent);
        QCOMPARE(routes.find(""), noComponent);
        QVERIFY(routes.kind(Story::orders) == ComponentKind::Queue);
        QVERIFY(routes.kind(Story::billing) == ComponentKind::Consumer);
        QCOMPARE(routes.rank(Story::billing), 0);
        QCOMPARE(routes.rank(Story::audit), 1);
        QCOMPARE(routes.rank(Story::orders), Routes::noRank);
        QCOMPARE(routes.selectConsumers("").size(), 2U);
        QCOMPARE(routes.selectConsumers("orders").size(), 0U);
        QCOMPARE(routes.selectQueues("").size(), 3U);
    }
    void reachGoesAlongBindingsAndDeadLettering() {
        const Story story;
        const Routes routes(story.scenario, story.catalogue);
        QCOMPARE(routes.consumersOf(Story::orders), Ranks{0});
        QCOMPARE(routes.consumersOf(Story::dead), Ranks{});
        QCOMPARE(routes.reach(Story::events), (Ranks{0, 1}));
        QCOMPARE(routes.reach(Story::orders), Ranks{0});
        QCOMPARE(routes.reach(Story::dlx), Ranks{});
    }
    void aTypeGoesWhereOneOfItsEventsWent() {
        Story story;
        const Routes routes(story.scenario, story.catalogue);
        TypeRoutes types(routes, story.catalogue.types.size());
        story.comesIn(0ms);
        types.learn(story.records.back(), routes);
        QCOMPARE(types.ranks(Story::placed), Ranks{0});
        QVERIFY(types.known(Story::placed, 0) && !types.known(Story::placed, 1));
        story.enqueued(2ms, story.produced(1ms, 7), Story::audits, DeadLetter);
        types.learn(story.records.back(), routes);
        QCOMPARE(types.ranks(Story::placed), Ranks{0});
        story.enqueued(2ms, story.produced(1ms, 7), Story::audits);
        types.learn(story.records.back(), routes);
        QCOMPARE(types.ranks(Story::placed), (Ranks{0, 1}));
    }
    void aBatchEndsWithTheFirstNews() {
        Story story;
        story.comesIn(0ms);
        story.comesIn(10ms);
        story.enqueued(20ms, story.produced(19ms), Story::audits);
        story.comesIn(30ms);
        std::vector<std::size_t> sizes;
        Digest digest(story.scenario, story.catalogue);
        digest.feed(story.records, [&](const Batch& batch) { sizes.push_back(batch.size()); });
        QCOMPARE(sizes, (std::vector<std::size_t>{3, 5, 3}));
    }

    // Types whose events go different ways.

    void aTypeIsSplitByWhatAnExchangeLooksAt() {
        Story story = splitStory();
        QVERIFY(Routes(story.scenario, story.catalogue).isSplit(Story::placed));
        QVERIFY(!Routes(story.scenario, story.catalogue).isSplit(Story::paid));
        for (const ExchangeType type : {ExchangeType::Fanout, ExchangeType::Headers}) {
            ExchangeSpec exchange;
            exchange.type = type;
            story.scenario.components[index(Story::events)].spec = exchange;
            QVERIFY(!Routes(story.scenario, story.catalogue).anySplit());
        }
        auto& shop = std::get<ProducerSpec>(story.scenario.components[0].spec);
        shop.types[0].headers = {{"region", std::string("eu")}};
        QVERIFY(Routes(story.scenario, story.catalogue).isSplit(Story::placed));
    }
    void aScriptCanSplitAType() {
        Story story;
        ProducerSpec shop;
        shop.types = {EventTypeSpec{.name = "placed"}};
        shop.arrivals = ScriptArrivals{{{.type = "placed"}, {.type = "placed"}}};
        story.scenario.components[0].spec = shop;
        QVERIFY(!Routes(story.scenario, story.catalogue).anySplit());
        std::get<ScriptArrivals>(shop.arrivals).messages[1].routingKey = "other";
        story.scenario.components[0].spec = shop;
        QVERIFY(Routes(story.scenario, story.catalogue).isSplit(Story::placed));
    }
    void whatWentElsewhereIsNotMissed() {
        Story story = turns();
        QCOMPARE(judged(story, ConvergenceCheck{}).summary, "2 keys, each as all events make it");
        QCOMPARE(judged(story, NoGapCheck{}).state, State::Holds);
        QCOMPARE(judged(story, StalenessBoundCheck{"", 1s}).state, State::Holds);
        QCOMPARE(judged(story, NoLossCheck{}).state, State::Holds);
    }
    void theLedgerExpectsWhatWasRoutedToTheConsumer() {
        const Story story = turns();
        Ledger ledger(story.scenario, story.catalogue);
        story.tell(ledger);
        const LedgerRow billing = ledger.row(Story::billing, KeyId{41});
        QCOMPARE(billing.produced, 3U);
        QCOMPARE(billing.expectedVersion, 5U);
        QCOMPARE(ledger.row(Story::audit, KeyId{41}).expectedVersion, 6U);
    }
    void metricsCountNoStalenessForWhatWentElsewhere() {
        const Story story = turns();
        Metrics metrics(story.scenario, story.catalogue);
        story.tell(metrics);
        const auto billing = std::get<ConsumerSummary>(
            metrics.summaryAt(start + 9s).components[index(Story::billing)].what);
        QCOMPARE(billing.staleness, Duration{});
        QCOMPARE(billing.stalenessMax, 3ms); // from its routing to its effect
    }
    void whatACompetitorTookMakesNobodyStale() {
        Story story;
        story.add("invoicing", ConsumerSpec{});
        ConsumeLink second;
        second.from = "orders";
        second.to = "invoicing";
        story.scenario.links.emplace_back(second);
        const ComponentId invoicing = Routes(story.scenario, story.catalogue).find("invoicing");
        story.isHandled(5ms, story.comesIn(0ms));
        story.applied(1100ms, story.comesIn(1s), 0, invoicing).peer = Story::orders;
        QCOMPARE(judged(story, StalenessBoundCheck{"", 1s}).state, State::Holds);
        Metrics metrics(story.scenario, story.catalogue);
        story.tell(metrics);
        const auto billing = std::get<ConsumerSummary>(
            metrics.summaryAt(start + 9s).components[index(Story::billing)].what);
        QCOMPARE(billing.staleness, Duration{});
        story.comesIn(2s); // and one that none of the two took
        QCOMPARE(judged(story, StalenessBoundCheck{"billing", 1s}).state, State::Violated);
        QCOMPARE(judged(story, StalenessBoundCheck{"invoicing", 1s}).state, State::Violated);
    }
    void whatWasRoutedHereAndLostIsMissed() {
        Story story = turns();
        const auto lost = story.produced(1s);
        story.published(1s, lost);
        story.enqueued(1001ms, lost);
        story.left(1002ms, TraceKind::Dropped, lost, Reason::MaxLength);
        const auto next = story.comesIn(2s);
        story.applied(3s, next);
        QCOMPARE(judged(story, NoGapCheck{"billing"}).state, State::Violated);
        QCOMPARE(judged(story, NoGapCheck{"audit"}).state, State::Holds);
        QCOMPARE(judged(story, StalenessBoundCheck{"billing", 1s}).state, State::Violated);
        QCOMPARE(judged(story, StalenessBoundCheck{"audit", 1s}).state, State::Holds);
        story.enqueued(5s, story.produced(4s), Story::orders);
        QCOMPARE(judged(story, ConvergenceCheck{"billing"}).state, State::Violated);
        QCOMPARE(judged(story, ConvergenceCheck{"audit"}).state, State::Holds);
    }
};

QTEST_APPLESS_MAIN(RoutesTest)
#include "tst_routes.moc"
