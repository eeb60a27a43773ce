#include "sim/observe/metrics.h"
#include "tests/support/story.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <set>

using namespace sim;

namespace {

MetricsSummary measured(const Story& story, Duration now) {
    Metrics metrics(story.scenario, story.catalogue);
    story.tell(metrics);
    return metrics.summaryAt(start + now);
}

template <typename Summary> Summary of(const MetricsSummary& summary, ComponentId id) {
    return std::get<Summary>(summary.components.at(index(id)).what);
}

/// A random but possible history of the queue orders and its consumer, from a seed.
Story randomStory(std::uint64_t seed) {
    Story story;
    std::uint64_t state = seed * 77 + 1;
    const auto draw = [&state](std::uint64_t below) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        return (state >> 33) % below;
    };
    std::vector<std::uint64_t> ready;
    std::vector<std::uint64_t> out;
    const auto pick = [&draw](std::vector<std::uint64_t>& from) {
        const auto place = from.begin() + static_cast<std::ptrdiff_t>(draw(from.size()));
        const std::uint64_t message = *place;
        from.erase(place);
        return message;
    };
    Duration now{};
    for (int step = 0; step < 2000; ++step) {
        now += Duration{static_cast<std::int64_t>(draw(3) == 0 ? 0 : draw(5'000'000))};
        const std::uint64_t what = draw(6);
        if (what <= 1) {
            const auto key = static_cast<std::uint32_t>(1 + draw(5));
            const auto message = story.produced(now, key);
            story.published(now, message);
            story.enqueued(now, message);
            ready.push_back(message);
        } else if (what == 2 && !ready.empty()) {
            const auto message = pick(ready);
            story.delivered(now, message, static_cast<std::uint16_t>(draw(2)));
            story.started(now, message);
            out.push_back(message);
        } else if (what == 3 && !out.empty()) {
            const auto message = pick(out);
            story.applied(now, message);
            story.acked(now, message);
        } else if (what == 4 && !out.empty()) {
            const auto message = pick(out);
            draw(2) == 0 ? story.applied(now, message)
                         : story.atConsumer(now, TraceKind::Discarded, message);
            story.requeued(now, message, Reason::Crash);
            ready.push_back(message);
        } else if (what == 5 && draw(8) == 0 && !ready.empty()) {
            story.left(now, TraceKind::Dropped, pick(ready), Reason::Expired);
        }
    }
    return story;
}

/// The same numbers, worked out the slow and obvious way.
struct Reference {
    double readyTime = 0;
    double unackedTime = 0;
    std::uint64_t depthMax = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t orderViolations = 0;
    double busyTime = 0;
    Duration stalenessMax{};

    Reference(const Story& story, Instant from, Instant end) {
        std::map<std::uint64_t, int> places; // by message: 1 ready, 2 unacked
        std::set<std::uint64_t> busy;
        std::set<std::uint64_t> applied;
        std::map<KeyId, std::uint32_t> newest;
        std::map<std::uint64_t, TraceRecord> behind; // by message
        bool known = false;
        Instant last = start;
        const auto pass = [&](Instant to) {
            const Instant begin = std::max(last, from);
            const double seconds = to > begin ? static_cast<double>((to - begin).count()) / 1e9 : 0;
            const auto count = [&places](int place) {
                return static_cast<double>(std::ranges::count_if(
                    places, [place](const auto& entry) { return entry.second == place; }));
            };
            readyTime += count(1) * seconds;
            unackedTime += count(2) * seconds;
            busyTime += static_cast<double>(busy.size()) * seconds;
            if (!behind.empty() && to >= from) {
                stalenessMax = std::max(stalenessMax, to - behind.begin()->second.at);
            }
            last = to;
            if (to >= from) {
                depthMax = std::max<std::uint64_t>(depthMax, places.size());
            }
        };
        for (const TraceRecord& record : story.records) {
            const std::uint64_t message = index(record.message);
            pass(record.at);
            if (record.kind == TraceKind::Produced && known) {
                behind[message] = record;
            } else if (record.kind == TraceKind::Enqueued) {
                known = true;
                places[message] = 1;
            } else if (record.kind == TraceKind::Delivered) {
                places[message] = 2;
            } else if (record.kind == TraceKind::Requeued) {
                places[message] = 1;
            } else if (record.kind == TraceKind::Acked || record.kind == TraceKind::Dropped) {
                places.erase(message);
            } else if (record.kind == TraceKind::Started) {
                busy.insert(message);
            } else if (record.kind == TraceKind::Discarded) {
                busy.erase(message);
            } else if (record.kind == TraceKind::Applied) {
                busy.erase(message);
                const bool counts = record.at >= from;
                duplicates += !applied.insert(message).second && counts ? 1 : 0;
                orderViolations += record.version < newest[record.key] && counts ? 1 : 0;
                newest[record.key] = std::max(newest[record.key], record.version);
                std::erase_if(behind, [&newest](const auto& entry) {
                    return entry.second.version <= newest[entry.second.key];
                });
            }
            if (record.at >= from) {
                depthMax = std::max<std::uint64_t>(depthMax, places.size());
            }
        }
        pass(end);
    }
};

bool close(double a, double b) { return std::abs(a - b) <= 1e-6 * std::max(1.0, std::abs(b)); }

} // namespace

class MetricsTest : public QObject {
    Q_OBJECT

private slots:
    void countsWhatComponentsDid() {
        Story story;
        const auto first = story.comesIn(0ms);
        story.isHandled(10ms, first);
        const auto second = story.comesIn(100ms);
        story.delivered(110ms, second);
        story.requeued(120ms, second, Reason::Nack);
        story.left(130ms, TraceKind::Dropped, second, Reason::Expired);
        const MetricsSummary summary = measured(story, 2s);
        const auto shop = of<ProducerSummary>(summary, Story::shop);
        QCOMPARE(shop.produced, 2U);
        QCOMPARE(shop.producedRate, 1.0);
        QCOMPARE(of<ExchangeSummary>(summary, Story::events).routed, 2U);
        const auto orders = of<QueueSummary>(summary, Story::orders);
        QCOMPARE(orders.enqueued, 2U);
        QCOMPARE(orders.delivered, 2U);
        QCOMPARE(orders.requeued, 1U);
        QCOMPARE(orders.acked, 1U);
        QCOMPARE(orders.dropped, 1U);
        QCOMPARE(orders.ready + orders.unacked, 0U);
        QCOMPARE(of<ConsumerSummary>(summary, Story::billing).applied, 1U);
        QCOMPARE(summary.components[index(Story::orders)].reasons,
                 (std::vector<ReasonCount>{{TraceKind::Requeued, Reason::Nack, 1},
                                           {TraceKind::Dropped, Reason::Expired, 1}}));
        QVERIFY(summary.warnings().empty());
    }

    void countsDeadLettersOfRefusedMessages() {
        Story story;
        const auto refused = story.produced(0ms);
        story.published(0ms, refused);
        story.note(1ms, TraceKind::Refused, Story::orders, Story::events, refused);
        story.left(9ms, TraceKind::DeadLettered, story.comesIn(5ms), Reason::Expired);
        QCOMPARE(of<QueueSummary>(measured(story, 1s), Story::orders).deadLettered, 1U);
        std::get<QueueSpec>(story.scenario.components[2].spec).overflow =
            Overflow::RejectPublishDlx;
        const MetricsSummary summary = measured(story, 1s);
        QCOMPARE(of<QueueSummary>(summary, Story::orders).deadLettered, 2U);
        QCOMPARE(of<QueueSummary>(summary, Story::orders).refused, 1U);
        QCOMPARE(summary.endToEnd.deadLettered, 2U);
    }
    void measuresTimesOfAQueueAndItsConsumer() {
        Story story;
        const auto message = story.comesIn(0ms); // enqueued at 1 ms
        story.isHandled(101ms, message);         // applied at 103 ms, acked at 104 ms
        const MetricsSummary summary = measured(story, 1s);
        const auto orders = of<QueueSummary>(summary, Story::orders);
        QCOMPARE(orders.wait.max, 100ms);
        QCOMPARE(orders.sojourn.max, 103ms);
        QCOMPARE(orders.readyMean, 0.1);
        QCOMPARE(orders.unackedMean, 0.003);
        QCOMPARE(orders.depthMax, 1U);
        const auto billing = of<ConsumerSummary>(summary, Story::billing);
        QCOMPARE(billing.service.max, 1ms);
        QCOMPARE(billing.latency.max, 103ms);
        QCOMPARE(billing.utilisation, 0.001 / 2); // two instances
        QCOMPARE(summary.endToEnd.latency.count, 1U);
    }

    void countsHandlersThatAreStillAtWork() {
        Story story;
        const auto message = story.comesIn(0ms);
        story.delivered(500ms, message);
        story.started(500ms, message);
        const auto billing = of<ConsumerSummary>(measured(story, 1s), Story::billing);
        QCOMPARE(billing.busy, 1U);
        QCOMPARE(billing.utilisation, 0.25);
    }

    void leavesTheWarmUpOut() {
        Story story;
        story.scenario.warmup = 10s;
        const auto before = story.comesIn(9s);
        story.comesIn(9s + 500ms);
        story.isHandled(11s, before);
        const MetricsSummary summary = measured(story, 12s);
        QCOMPARE(summary.from, start + 10s);
        const auto orders = of<QueueSummary>(summary, Story::orders);
        QCOMPARE(orders.enqueued, 0U);
        QCOMPARE(orders.acked, 1U);
        QCOMPARE(orders.readyMean, 1.5); // two for one second, one for another
        QVERIFY(orders.littleHolds);
    }

    void measuresAQuietRunThatIsPastItsWarmUp() {
        Story story;
        story.scenario.warmup = 10s;
        story.comesIn(9s);
        const auto orders = of<QueueSummary>(measured(story, 20s), Story::orders);
        QCOMPARE(orders.enqueued, 0U);
        QCOMPARE(orders.readyMean, 1.0);
    }

    void stalenessEndsWhenANewerVersionReplacesALostOne() {
        Story story;
        story.isHandled(5ms, story.comesIn(0ms));
        story.left(1s + 2ms, TraceKind::Dropped, story.comesIn(1s), Reason::MaxLength);
        story.isHandled(3s - 2ms, story.comesIn(2s)); // applied at 3 s
        const auto billing = of<ConsumerSummary>(measured(story, 4s), Story::billing);
        QCOMPARE(billing.staleness, 0ns);
        QCOMPARE(billing.stalenessMax, 2s);
        QCOMPARE(billing.stalenessMean, 500ms); // a triangle of 2 s by 2 s, over 4 s
    }

    void addsUpDepthUtilisationAndStalenessOfTheWholeRun() {
        Story story;
        const auto first = story.comesIn(0ms);
        story.comesIn(1s);
        story.delivered(1s, first);
        story.started(1s, first);
        const MetricsSummary summary = measured(story, 2s);
        const auto orders = of<QueueSummary>(summary, Story::orders);
        const auto billing = of<ConsumerSummary>(summary, Story::billing);
        QCOMPARE(summary.endToEnd.depth, 2U);
        QCOMPARE(summary.endToEnd.depthMean, 1.499); // each 1 ms after it was produced
        QCOMPARE(summary.endToEnd.depthMean, orders.readyMean + orders.unackedMean);
        QCOMPARE(summary.endToEnd.utilisation, 0.5 / 3); // one of three handlers, half of the time
        QCOMPARE(billing.utilisation, 0.25);             // which has two of them
        const auto audit = of<ConsumerSummary>(summary, Story::audit);
        QVERIFY(billing.staleness > 0ns);
        QCOMPARE(summary.endToEnd.staleness, std::max(billing.staleness, audit.staleness));
        QCOMPARE(summary.endToEnd.stalenessMax, std::max(billing.stalenessMax, audit.stalenessMax));
        QCOMPARE(summary.endToEnd.stalenessMean,
                 std::max(billing.stalenessMean, audit.stalenessMean));
    }

    void reportsRecordsThatCannotBe() {
        Story story;
        const auto message = story.comesIn(0ms);
        story.isHandled(5ms, message);
        story.acked(9ms, message);
        const MetricsSummary summary = measured(story, 1s);
        QCOMPARE(of<QueueSummary>(summary, Story::orders).impossible, 1U);
        QCOMPARE(summary.warnings(),
                 std::vector<std::string>{"1 record at orders says what cannot be"});
    }

    void reportsWhenLittlesLawDoesNotHold() {
        QueueSummary queue;
        queue.depthTime = 2;
        queue.sojournTime = 1;
        MetricsSummary summary;
        summary.components.push_back({Story::orders, "orders", queue, {}});
        QVERIFY(summary.warnings().empty());
        std::get<QueueSummary>(summary.components[0].what).littleHolds = false;
        QCOMPARE(summary.warnings().size(), 1U);
    }

    void listsEveryNumberInAStableOrder() {
        Story story;
        story.isHandled(5ms, story.comesIn(0ms));
        const std::vector<MetricRow> rows = measured(story, 1s).rows();
        QCOMPARE(rows.front(), (MetricRow{"", "produced", 1, ""}));
        const auto row = std::ranges::find_if(rows, [](const MetricRow& some) {
            return some.component == "billing" && some.name == "latency p99.9";
        });
        QVERIFY(row != rows.end());
        QCOMPARE(row->unit, "s");
        QCOMPARE(row->value, 0.007);
    }

    void agreesWithTheSlowAndObviousWay() {
        for (std::uint64_t seed = 1; seed <= 60; ++seed) {
            Story story = randomStory(seed);
            story.scenario.warmup = seed % 3 == 0 ? 1s : 0s;
            const Instant from = start + story.scenario.warmup;
            const Instant end = story.records.back().at + 7ms;
            const MetricsSummary summary = measured(story, end - start);
            const auto orders = of<QueueSummary>(summary, Story::orders);
            const auto billing = of<ConsumerSummary>(summary, Story::billing);
            const Reference expected(story, from, end);
            const double seconds = static_cast<double>((end - from).count()) / 1e9;
            const QByteArray hint = QString("seed %1").arg(seed).toUtf8();
            QVERIFY2(close(orders.readyMean, expected.readyTime / seconds), hint);
            QVERIFY2(close(orders.unackedMean, expected.unackedTime / seconds), hint);
            QVERIFY2(close(billing.utilisation * 2, expected.busyTime / seconds), hint);
            QVERIFY2(orders.depthMax == expected.depthMax, hint);
            QVERIFY2(billing.duplicates == expected.duplicates, hint);
            QVERIFY2(billing.orderViolations == expected.orderViolations, hint);
            QVERIFY2(billing.stalenessMax == expected.stalenessMax, hint);
        }
    }

    void littlesLawHoldsAllThroughRandomHistories() {
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            Story story = randomStory(seed);
            story.scenario.warmup = seed % 2 == 0 ? 500ms : 0s;
            Metrics metrics(story.scenario, story.catalogue);
            Digest digest(story.scenario, story.catalogue);
            for (std::size_t i = 0; i < story.records.size(); i += 7) {
                const std::span<const TraceRecord> all = story.records;
                digest.feed(all.subspan(i, std::min<std::size_t>(7, all.size() - i)),
                            [&metrics](const Batch& batch) { metrics.take(batch); });
                const TraceRecord& record = story.records[std::min(i + 6, all.size() - 1)];
                const auto now = metrics.summaryAt(record.at + 3ns);
                QVERIFY2(of<QueueSummary>(now, Story::orders).littleHolds,
                         qPrintable(QString("seed %1").arg(seed)));
            }
        }
    }

    void aCopyGoesOnLikeTheOriginal() {
        const Story story = randomStory(5);
        const std::span<const TraceRecord> all = story.records;
        Metrics metrics(story.scenario, story.catalogue);
        Digest digest(story.scenario, story.catalogue);
        digest.feed(all.first(1000), [&](const Batch& batch) { metrics.take(batch); });
        Metrics copy = metrics;
        digest.feed(all.subspan(1000), [&](const Batch& batch) {
            metrics.take(batch);
            copy.take(batch);
        });
        QVERIFY(metrics.summaryAt(all.back().at) == copy.summaryAt(all.back().at));
    }
};

QTEST_APPLESS_MAIN(MetricsTest)
#include "tst_metrics.moc"
